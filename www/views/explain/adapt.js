// How a question goes over to another network, and whom a class is contrasted with. Pure.
import { CONTRAST, contrastedWith } from '../../state/target.js';

export { contrasts } from '../../state/target.js';

/**
 * @import { Question } from '../../state/question.js'
 * @import { Model } from '../../engine/client.js'
 * @import { Class } from '../../engine/protocol.d.ts'
 */

const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);
const named = (/** @type {Model} */ { layers = [] }) => layers.map(({ name }) => name);

/**
 * What of a question must change so that a network can answer it; `before` is the network that it was asked, null where
 * it comes with its network, as from a link. Another architecture begins with its own default layer, even where it has
 * one of that name; and the ids of other classes mean nothing.
 * @param {Question} question
 * @param {Model} model
 * @param {Model | null} before
 * @returns {Partial<Question>}
 */
export function adapted(question, model, before) {
  const { layers, classes, target, merge } = question;
  /** @type {Partial<Question>} */
  const change = {};
  const architecture = before && (before.network !== model.network || !same(named(before), named(model)));
  const kept = architecture ? [] : layers.filter((name) => named(model).includes(name));
  if (!same(kept, layers)) Object.assign(change, { layers: kept, merge: kept.length > 1 ? merge : null });

  // Names that come later, or not at all, make no other classes.
  const renamed = before?.labels && model.labels && !same(before.labels, model.labels);
  const others = before && (before.classes !== model.classes || renamed);
  const exists = (/** @type {number} */ id) => !others && id < (model.classes ?? 0);
  if (!classes.every(exists)) change.classes = classes.filter(exists);
  const rival = contrastedWith(target);
  if (rival !== null && !exists(rival)) change.target = CONTRAST;
  return change;
}

/**
 * The class with which `explained` ones are contrasted: the one that the target names, else the most probable of the
 * others; null where there is none.
 * @param {string | null} target
 * @param {number[]} explained
 * @param {Pick<Class, 'id'>[]} top
 */
export function rivalOf(target, explained, top) {
  const chosen = contrastedWith(target);
  if (chosen !== null && !explained.includes(chosen)) return chosen;
  return top.find(({ id }) => !explained.includes(id))?.id ?? null;
}
