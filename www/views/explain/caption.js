// What is said of a result: of what it is, and how it was made.
import { className, methodTitle, modelTitle, networkTitle, presetTitle, titleOf } from '../../i18n/tables.js';
import { f, t } from '../../i18n/index.js';
import { contrastedWith } from '../../state/target.js';

/**
 * @import { Explanation } from '../../engine/handles.js'
 * @import { About, ExplainedClass } from '../../engine/protocol.d.ts'
 */

/** A class, with its number where it has a name. */
export function numberedName(/** @type {{ id: number, name: string | null }} */ one) {
  const { classes } = t().explain;
  return one.name === null ? classes.numbered(one.id) : classes.named(className(one), one.id);
}

export function headingOf(/** @type {ExplainedClass} */ one, /** @type {Explanation} */ { model }) {
  return t().explain.caption.heading(numberedName(one), scoreOf(one, model.problem));
}

/** How sure the network is, or its value. */
export function scoreOf(/** @type {ExplainedClass} */ { probability }, /** @type {string | undefined} */ problem) {
  const { score } = t().explain.caption;
  return score[/** @type {keyof typeof score} */ (problem ?? 'single-label')](f().score(probability, problem));
}

/** Method, layers and network, and what is out of the ordinary. */
export function howOf(/** @type {Explanation} */ { request, layers = [], target = '', model }, /** @type {About} */ about) {
  const words = t().explain.caption;
  const { entry } = /** @type {import('../../sources/model.js').SourcedModel} */ (model);
  const rival = contrastedWith(target);
  const name = rival === null ? null : (model.labels?.[rival] ?? null);
  return words.how({
    method: methodTitle(about, request.method),
    preset: request.preset ? presetTitle(request.method, request.preset) : null,
    layers: f().list(layers),
    merge: layers.length > 1 ? titleOf(request.merge) : null,
    network: entry ? modelTitle(entry) : networkTitle(model),
    smooth: request.smooth,
    target: target === about.targets[0] ? null : rival === null ? titleOf(target) : words.rival(className({ id: rival, name })),
  });
}

/** What the drawing of a class is, for those who cannot see it. */
export function labelOf(/** @type {Explanation} */ { output = 'map', classes = [] }, which = 0) {
  const one = classes[which];
  return one ? t().explain.outputs[output](numberedName(one)) : '';
}

/** What must be known to read the drawing of a class right. */
export function noteOf(/** @type {ExplainedClass} */ { flat }, /** @type {Explanation} */ { layers = [], model }) {
  const words = t().explain.caption;
  if (!flat) return '';
  const single = (/** @type {string} */ layer) =>
    model.layers
      ?.find(({ name }) => name === layer)
      ?.shape.slice(1)
      .join() === '1,1';
  return layers.length && layers.every(single) ? words.noPlace : words.flat[Math.min(layers.length, 2)];
}

export const totalOf = (/** @type {Explanation} */ { times = [] }) => times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
