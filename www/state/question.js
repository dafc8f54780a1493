// What is asked, and how the answer is drawn: plain data. `null` and empty lists stand for the default, which the engine
// or the network knows, so that a question holds across networks and its link stays short.

/**
 * Where a picture is from: a scene of the board or a person that comes with the page; an address; the board as it lay, in
 * the words of its own address; or a file of the visitor's own, which no link can carry.
 * @typedef {{ kind: 'sample', name: string } | { kind: 'address', url: string } | { kind: 'board', board: string }
 *   | { kind: 'own', name: string }} PictureSource
 *
 * The values of a grey picture of 16 bits that are shown as black and as white.
 * @typedef {[number, number]} Window
 *
 * Where a network is from: one that comes with the page, one of the zoo, a repository or folder, or the visitor's own.
 * @typedef {{ kind: 'embedded', name: string } | { kind: 'zoo', name: string }
 *   | { kind: 'repository', name: string, revision: string | null, host: string | null } | { kind: 'own', name: string }} ModelSource
 *
 * @typedef {object} Question
 * @property {PictureSource | null} picture null: the first sample
 * @property {ModelSource | null} model null: the default network
 * @property {number[]} classes ids, one map each; empty: the class that the network predicts
 * @property {string | null} method
 * @property {string | null} preset
 * @property {Record<string, number>} settings of the method, the seed included
 * @property {boolean} smooth
 * @property {string[]} layers empty: the network's default layer
 * @property {string | null} merge how the maps of several layers become one
 * @property {string | null} target
 * @property {string | null} preprocess
 *
 * @typedef {object} Style
 * @property {string | null} colormap
 * @property {string | null} formula
 * @property {number | null} opacity 0 to 1
 * @property {number | null} threshold 0 to 1
 */

/** @type {Question} */
export const QUESTION = Object.freeze({
  picture: null,
  model: null,
  classes: [],
  method: null,
  preset: null,
  settings: {},
  smooth: false,
  layers: [],
  merge: null,
  target: null,
  preprocess: null,
});

/** @type {Style} */
export const STYLE = Object.freeze({ colormap: null, formula: null, opacity: null, threshold: null });

/**
 * The method of a name; the default where there is none of that name.
 * @param {import('../engine/protocol.d.ts').About} about
 * @param {string | null} name
 */
export const methodOf = ({ methods }, name) => methods.find((method) => method.name === name) ?? methods[0];

/**
 * The overlay of a name; the default where there is none of that name.
 * @param {import('../engine/protocol.d.ts').About} about
 * @param {string | null} name
 */
export const formulaOf = ({ formulas }, name) => formulas.find((formula) => formula.name === name) ?? formulas[0];

/**
 * The colours of a colour map, from low to high; those of the first where there is none of that name.
 * @param {import('../engine/protocol.d.ts').About} about
 * @param {string | null} name
 */
export const coloursOf = ({ colormaps }, name) => (colormaps.find((colormap) => colormap.name === name) ?? colormaps[0]).colours;

/**
 * The request that the engine is sent: defaults filled in from its tables.
 * @param {Question} question
 * @param {import('../engine/protocol.d.ts').About} about
 * @param {{ view?: number | null }} options `view`: the longer side of the drawing in pixels
 * @returns {import('../engine/protocol.d.ts').Explain}
 */
export function requestOf(question, about, { view = null } = {}) {
  const { classes, preset, settings, smooth, layers } = question;
  const chosen = methodOf(about, question.method);
  return {
    method: chosen.name,
    layers: chosen.needs === 'nothing' ? [] : layers,
    merge: question.merge ?? about.merges[0],
    smooth: smooth && chosen.output === 'map',
    preset,
    settings,
    classes,
    target: question.target ?? about.targets[0],
    preprocess: question.preprocess ?? about.preprocess[0],
    view,
  };
}

/** For what has no limit of its own: enough for a good map, and seconds where all would take minutes. */
export const BUDGET = 64;

/**
 * A request with the budget where the method has no limit of its own and nobody set one.
 * @param {import('../engine/protocol.d.ts').Explain} request
 * @param {import('../engine/protocol.d.ts').About} about
 */
export function withBudget(request, about) {
  const unlimited = methodOf(about, request.method).settings.filter((setting) => setting.default === null);
  return { ...request, settings: { ...Object.fromEntries(unlimited.map(({ name }) => [name, BUDGET])), ...request.settings } };
}

/**
 * The overlay in which an output of a kind is drawn when none is chosen: the raw values of a map say little, those of a
 * signed picture all.
 * @param {import('../engine/protocol.d.ts').OutputInfo} output
 * @param {import('../engine/protocol.d.ts').About} about
 */
export const standardFormula = (output, { style, formulas }) =>
  output === 'map' ? style.formula : (formulas.find(({ raw }) => raw)?.name ?? style.formula);

/** @type {Style} how heatmaps are drawn that follow something: a little stronger than those that are looked at long */
export const FOLLOWING = Object.freeze({ ...STYLE, opacity: 0.55 });

/**
 * The style that the engine is sent.
 * @param {Style} style
 * @param {import('../engine/protocol.d.ts').About} about
 * @returns {import('../engine/protocol.d.ts').Draw}
 */
export function drawOf(style, { style: standard }) {
  return {
    colormap: style.colormap ?? standard.colormap,
    formula: style.formula ?? standard.formula,
    opacity: style.opacity ?? standard.opacity,
    threshold: style.threshold ?? standard.threshold,
  };
}
