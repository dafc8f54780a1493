// How views about a single heatmap ask for it.
import { QUESTION, requestOf, withBudget } from '../../state/question.js';

/**
 * @import { About, MethodInfo } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 *
 * @typedef {{ class: number | null, method: string | null, layer: string | null }} Asked null: the default
 */

/**
 * How a heatmap is asked for.
 * @param {Pick<Asked, 'method' | 'layer'>} asked
 * @param {number[]} classes
 * @param {About} about
 * @param {number} view
 */
export function requestFor({ method, layer }, classes, about, view) {
  return withBudget(requestOf({ ...QUESTION, method, layers: layer === null ? [] : [layer], classes }, about, { view }), about);
}

/**
 * What of the question the engine or the network does not have, as a link may say it: the change that leaves it out, and a list of
 * that by the words of the address.
 * @param {Asked} asked
 * @param {SourcedModel} model
 * @param {MethodInfo[]} methods
 */
export function unfit(asked, model, methods) {
  const known = {
    class: asked.class === null || asked.class < (model.classes ?? 0),
    method: asked.method === null || methods.some(({ name }) => name === asked.method),
    layer: asked.layer === null || (model.layers ?? []).some(({ name }) => name === asked.layer),
  };
  const names = /** @type {(keyof Asked)[]} */ (Object.keys(known)).filter((name) => !known[name]);
  return {
    change: /** @type {Partial<Asked>} */ (Object.fromEntries(names.map((name) => [name, null]))),
    refused: names.map((name) => ({ name, found: String(asked[name]) })),
  };
}
