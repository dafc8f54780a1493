// How a question goes over to another network, and whom a class is contrasted with. Pure.
import { EngineError } from '../../engine/errors.js';
import { className } from '../../i18n/tables.js';
import { methodOf } from '../../state/question.js';
import { CONTRAST, contrastedWith, contrasts } from '../../state/target.js';

export { contrasts } from '../../state/target.js';

/**
 * @import { Explain } from '../../state/explain.js'
 * @import { Question } from '../../state/question.js'
 * @import { Model } from '../../engine/handles.js'
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

/**
 * What of a question the engine's tables do not have, as a link may say it: the change that leaves it out, and a list of
 * what that was, by the words of the address.
 * @param {Explain} asked
 * @param {import('../../engine/protocol.d.ts').About} about
 */
export function unknown(asked, about) {
  /** @type {Partial<Explain>} */
  const change = {};
  /** @type {{ name: string, found: string }[]} */
  const refused = [];
  const among = (
    /** @type {'method' | 'preset' | 'merge' | 'target' | 'preprocess' | 'colormap' | 'formula'} */ key,
    /** @type {string} */ name,
    /** @type {string[]} */ known,
  ) => {
    const found = asked[key];
    if (found === null || known.includes(found)) return;
    refused.push({ name, found });
    change[key] = null;
  };
  const names = (/** @type {{ name: string }[]} */ table) => table.map(({ name }) => name);
  const method = methodOf(about, asked.method);
  among('method', 'method', names(about.methods));
  among('preset', 'preset', method.presets);
  among('merge', 'merge', about.merges);
  among('target', 'target', contrasts(asked.target) ? [String(asked.target)] : about.targets);
  among('preprocess', 'fit', about.preprocess);
  among('colormap', 'colormap', names(about.colormaps));
  among('formula', 'overlay', names(about.formulas));
  const others = Object.entries(asked.settings).filter(([name]) => !names(method.settings).includes(name));
  if (others.length) {
    refused.push(...others.map(([name, value]) => ({ name: 'set', found: `${name}:${value}` })));
    change.settings = Object.fromEntries(Object.entries(asked.settings).filter(([name]) => names(method.settings).includes(name)));
  }
  return { change, refused };
}

/** What `change` leaves out of a question that came with its network, by the words of the address. */
export function leftOut(/** @type {Question} */ { layers, classes, target }, /** @type {Partial<Question>} */ change) {
  const lost = (/** @type {any[]} */ asked, /** @type {any[] | undefined} */ kept) =>
    kept ? asked.filter((one) => !kept.includes(one)) : [];
  return [
    ...lost(layers, change.layers).map((found) => ({ name: 'layer', found })),
    ...lost(classes, change.classes).map((found) => ({ name: 'class', found: String(found) })),
    ...(change.target ? [{ name: 'target', found: String(target) }] : []),
  ];
}

/**
 * What of a question must change so that a network can answer it, what of that the question had asked for, and classes by
 * their ids: `adapted`, `unknown` and `identified` in one.
 * @param {Explain} asked
 * @param {Model} model
 * @param {Model | null} before
 * @param {import('../../engine/protocol.d.ts').About} about
 */
export function fitted(asked, model, before, about) {
  const { change: known, refused } = unknown(asked, about);
  const named = identified(asked, model);
  const question = { ...asked, ...known, ...named };
  const change = { ...known, ...named, ...adapted(question, model, before) };
  // A question that came with its network is a link's; where the network changed, its layers and classes go without a word.
  return { change, left: [...refused, ...(before ? [] : leftOut(question, change))] };
}

/**
 * The ids of classes that are asked by their names, as the network's file or the present language says them; no change where
 * none is. Of “tabby, tabby cat” each part is a name, too.
 * @param {{ classes: (number | string)[] }} question
 * @param {Model} model
 * @returns {Partial<Question>}
 */
export function identified({ classes }, { labels }) {
  if (classes.every((one) => typeof one === 'number')) return {};
  const plain = (/** @type {string} */ name) => name.trim().toLowerCase();
  const names = (labels ?? []).map((name, id) => [name, ...name.split(','), className({ id, name })].map(plain));
  const ids = classes.map((one) => {
    const id = typeof one === 'number' ? one : names.findIndex((all) => all.includes(plain(one)));
    if (id < 0) throw missing({ name: 'class', found: String(one) });
    return id;
  });
  return { classes: [...new Set(ids)] };
}

/** The error of something that is asked and not there, by the words of the address. */
export function missing(/** @type {{ name: string, found: string }} */ { name, found }) {
  const refusal = (/** @type {string} */ code, /** @type {Record<string, any>} */ named) =>
    new EngineError({ kind: 'request', code, arguments: named, message: `${name}=${found}` });
  if (name === 'class')
    return /^\d+$/.test(found)
      ? refusal('class-missing', { name: null, id: Number(found) })
      : refusal('class-missing', { name: found, id: null });
  if (name === 'layer') return refusal('layer-missing', { layer: found });
  if (name === 'method') return refusal('method-missing', { method: found });
  return refusal('option-missing', { name, found });
}
