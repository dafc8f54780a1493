// What a cell asks of the engine, and what is kept of the answer: the numbers and the values of the map. The explanation
// itself is released, so that a grid of any size needs little memory.
import { EngineError } from '../../engine/errors.js';
import { className, methodTitle } from '../../i18n/tables.js';
import { QUESTION, requestOf, withBudget } from '../../state/question.js';
import { contrastedWith, contrastWith } from '../../state/target.js';
import { focusOf, timeOf } from './measures.js';
import { pixelsOf, rangeOf } from '../../elements/paint.js';

/**
 * @import { Asked } from './axes.js'
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation, Model } from '../../engine/handles.js'
 * @import { About, Explain, ExplainedClass, RawMap } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Question } from '../../state/question.js'
 *
 * @typedef {object} Answer
 * @property {Explanation} explanation completed; the engine no longer holds it
 * @property {ExplainedClass} of
 * @property {RawMap} map
 * @property {import('../../elements/paint.js').Scale} range of the map's values
 * @property {boolean} signed whether it is the contrast of two classes
 * @property {ExplainedClass | null} rival the other one of the two
 * @property {ImageData} picture as the map covers it, at the size of a cell; cells of one picture share it
 * @property {ImageBitmap | null} drawing of a signed picture, which has no colour map
 * @property {{ score: number, time: number, focus: number | null }} measures
 */

/** Pixels of the longer side of what a cell shows. */
export const SIDE = 256;

const refusal = (/** @type {string} */ code, /** @type {Record<string, any>} */ named) =>
  new EngineError({ kind: 'request', code, arguments: named });

/** What a sentence names in the language of the moment. */
const lazily = (/** @type {Record<string, () => any>} */ named) =>
  Object.defineProperties({}, Object.fromEntries(Object.entries(named).map(([name, get]) => [name, { get, enumerable: true }])));

/**
 * The question of a cell, as the view Explain asks it. Throws what a person is told where the network has no such class or
 * layer.
 * @param {Asked} asked
 * @param {{ model: Model, reference: Model | null, about: About }} context `reference`: the network whose ids the classes are
 * @returns {Question}
 */
export function questionOf(asked, { model, reference, about }) {
  const { picture, network, method, layer } = asked;
  const found = about.methods.find(({ name }) => name === method);
  if (!found) throw refusal('method-missing', { method });
  const [id, rival] = asked.class === null ? [] : idsOf(asked.class).map((one) => classOf(one, model, reference));
  if (rival !== undefined && (found.output !== 'map' || found.needs !== 'gradients'))
    throw refusal('contrast-unsigned', lazily({ method: () => methodTitle(about, method) }));
  if (layer !== null && found.needs === 'nothing') throw refusal('layer-unused', lazily({ method: () => methodTitle(about, method) }));
  if (layer !== null && !model.layers?.some(({ name }) => name === layer)) throw refusal('layer-missing', { layer });
  return {
    ...QUESTION,
    picture,
    model: network,
    method,
    classes: id === undefined ? [] : [id],
    layers: layer === null ? [] : [layer],
    target: rival === undefined ? null : contrastWith(rival),
  };
}

/** A class, or the two that are against each other. */
const idsOf = (/** @type {number | import('../../state/compare.js').Rivals} */ value) =>
  typeof value === 'number' ? [value] : [value.id, value.rival];

/** The id of a class in a network, by its name in the first one where both have names. */
function classOf(/** @type {number} */ id, /** @type {Model} */ model, /** @type {Model | null} */ reference) {
  const name = reference?.labels?.[id];
  // Some names stand for two classes: where the id fits, it counts.
  const there = name && model.labels && model.labels[id] !== name ? model.labels.indexOf(name) : id;
  if (there < 0 || there >= (model.classes ?? 0))
    throw refusal('class-missing', lazily({ name: () => (name ? className({ id, name }) : null), id: () => id }));
  return there;
}

/** The request of a question: exactly that of Explain, but for the size of the drawing. @returns {Explain} */
export function cellRequest(/** @type {Question} */ question, /** @type {About} */ about) {
  return withBudget(requestOf(question, about, { view: SIDE }), about);
}

/**
 * What asks for the other side of a contrast: where the network sees more of the other class. Null where there is none.
 * @returns {Explain | null}
 */
export function otherSide(/** @type {Explain} */ request) {
  const rival = contrastedWith(request.target);
  return rival === null ? null : { ...request, classes: [rival], target: contrastWith(Number(request.classes[0])) };
}

/**
 * Computes a cell. A contrast of two classes is one map less the other: a method leaves out of each what speaks for the
 * other class, so no place has both.
 * @param {Engine} engine
 * @param {{ model: SourcedModel, picture: SourcedPicture, request: Explain }} what
 * @param {{ signal: AbortSignal, seen: ImageData | null }} options `seen`: the picture as another cell has it
 * @returns {Promise<Answer>}
 */
export async function answerOf(engine, { model, picture, request }, { signal, seen }) {
  const about = /** @type {About} */ (engine.about.peek());
  /** @type {Explanation} */
  const explanation = { model, picture, request };
  const rest = { signal, quiet: true, priority: 1 };
  try {
    const quiet = !about.methods.find(({ name }) => name === request.method)?.settings.length;
    await engine.explain(explanation, { signal, quiet });
    const other = otherSide(request);
    const against = other && (await sideOf(engine, { model, picture, request: other }, { signal, quiet }));
    const one = await engine.rawMap(explanation, 0, rest);
    const map = against ? difference(one, against.map) : one;
    const shown = seen ?? pixelsOf(await engine.original(explanation, rest));
    const raw = about.formulas.find((formula) => formula.raw)?.name ?? about.style.formula;
    const drawing = explanation.output === 'picture' ? await engine.draw(explanation, { ...about.style, formula: raw }, 0, rest) : null;
    const [of] = /** @type {ExplainedClass[]} */ (explanation.classes);
    const measures = { score: of.probability, time: timeOf(explanation), focus: against ? null : focusOf(map) };
    return {
      explanation,
      of,
      signed: against !== null,
      rival: against?.of ?? null,
      map,
      range: rangeOf(map.data),
      picture: shown,
      drawing,
      measures,
    };
  } finally {
    engine.release(explanation);
  }
}

/**
 * @param {Engine} engine
 * @param {Explanation} explanation
 * @param {{ signal: AbortSignal, quiet: boolean }} options
 */
async function sideOf(engine, explanation, { signal, quiet }) {
  try {
    await engine.explain(explanation, { signal, quiet });
    const [of] = /** @type {ExplainedClass[]} */ (explanation.classes);
    return { of, map: await engine.rawMap(explanation, 0, { signal, quiet: true, priority: 1 }) };
  } finally {
    engine.release(explanation);
  }
}

/** @returns {RawMap} */
const difference = (/** @type {RawMap} */ one, /** @type {RawMap} */ other) => ({
  ...one,
  data: one.data.map((value, i) => value - other.data[i]),
});
