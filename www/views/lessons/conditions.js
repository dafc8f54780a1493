// What a step asks for, and what the view tells of it, in words.
import { className, methodTitle } from '../../i18n/tables.js';
import { f, t } from '../../i18n/index.js';
import { FACTS } from '../../lessons/facts.js';
import { words as doubts } from '../trust/words.js';
import { words } from './words.js';

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Condition } from '../../lessons/facts.js'
 */

const CLASSES = ['class', 'says'];
const NUMBERS = {
  share: (/** @type {number} */ value) => f().probability(value),
  count: (/** @type {number} */ value) => f().number(value),
  degrees: (/** @type {number} */ value) => `${f().number(Math.round(value))}°`,
};
const NETWORKS = ['network', 'right', 'wrong'];

const classTitle = (/** @type {string} */ name) => className({ id: -1, name });
const experimentTitle = (/** @type {string} */ name) => /** @type {Record<string, string>} */ (doubts().experiments)[name] ?? name;
/** Those of which learners are to find out what they look at have letters, for their titles would tell. */
function networkTitle(/** @type {string} */ name) {
  const letter = t().bias.network(name);
  return letter === name ? (t().tables?.models?.[name] ?? name) : letter;
}

/** A value of a fact, in words. */
function valueOf(/** @type {string} */ fact, /** @type {number | string | string[]} */ value, /** @type {About | null} */ about) {
  if (typeof value === 'number') return NUMBERS[/** @type {keyof typeof NUMBERS} */ (FACTS[fact].kind)](value);
  const titles = [value].flat().map((name) => {
    if (CLASSES.includes(fact)) return classTitle(name);
    if (NETWORKS.includes(fact)) return networkTitle(name);
    if (fact === 'experiment') return experimentTitle(name);
    return fact === 'method' && about ? methodTitle(about, name) : name;
  });
  return titles.length ? f().list(titles) : words().nothing;
}

/** What is to be reached: “How sure of “cat”: below 20%”. */
export function goalOf(/** @type {Condition} */ condition, /** @type {About | null} */ about) {
  const { facts, goals, goal } = words();
  const { fact, class: name, network } = condition;
  const whose = network === undefined ? null : networkTitle(network);
  const wanted = /** @type {const} */ (['below', 'atLeast', 'has', 'lacks']).flatMap((how) => {
    const value = condition[how];
    return value === undefined ? [] : [goals[how](valueOf(fact, value, about))];
  });
  return goal(facts[fact](name === undefined ? null : classTitle(name), whose), f().list(wanted));
}

/** What the view tells now. */
export const nowOf = (/** @type {Condition} */ { fact }, /** @type {number | string[] | null} */ now, /** @type {About | null} */ about) =>
  now === null ? words().untold : words().now(valueOf(fact, now, about));
