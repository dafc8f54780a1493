// Which answers have a heatmap: one each, or several added up.

/** @import { Sum } from '../../state/ask.js' */

/** How many heatmaps there may be. */
export const MOST = 4;
/** From here on an answer has a heatmap without being asked for. */
export const PROBABLE = 0.1;

/**
 * The answers that are explained as long as nobody chooses.
 * @param {{ name: string | null, probability: number }[]} top best first
 * @returns {Sum[]}
 */
export const probable = (top) =>
  top
    .filter(({ name, probability }, i) => name !== null && (i === 0 || probability >= PROBABLE))
    .slice(0, MOST)
    .map(({ name }) => [/** @type {string} */ (name)]);

const isAlone = (/** @type {string} */ name) => (/** @type {Sum} */ sum) => sum.length === 1 && sum[0] === name;

/** Whether an answer has a heatmap of its own. */
export const isShown = (/** @type {Sum[]} */ sums, /** @type {string} */ name) => sums.some(isAlone(name));

/** Adds an answer; where there is no room, it takes the last one's place. @returns {Sum[]} */
export function added(/** @type {Sum[]} */ sums, /** @type {string} */ name) {
  if (isShown(sums, name)) return sums;
  return [...sums.slice(0, MOST - 1), [name]];
}

/** Adds an answer, or takes it away unless it is the only one. @returns {Sum[]} */
export function toggled(/** @type {Sum[]} */ sums, /** @type {string} */ name) {
  const rest = sums.filter((sum) => !isAlone(name)(sum));
  return rest.length < sums.length ? (rest.length ? rest : sums) : added(sums, name);
}

/** Without one of several. @returns {Sum[]} */
export const without = (/** @type {Sum[]} */ sums, /** @type {number} */ which) => (sums.length > 1 ? sums.toSpliced(which, 1) : sums);

/** Adds an answer's score to that of another. @returns {Sum[]} */
export function summed(/** @type {Sum[]} */ sums, /** @type {number} */ which, /** @type {string} */ name) {
  const sum = sums[which];
  return sum.includes(name) ? sums : sums.with(which, [...sum, name]);
}

/**
 * The chosen answers that a network gives, each sum once.
 * @param {Sum[]} sums
 * @param {readonly string[]} answers
 * @returns {{ known: Sum[], refused: string[] }}
 */
export function knownOf(sums, answers) {
  /** @type {Map<string, Sum>} */
  const known = new Map();
  /** @type {string[]} */
  const refused = [];
  for (const sum of sums) {
    const there = [...new Set(sum)].filter((name) => answers.includes(name));
    if (there.length < new Set(sum).size || known.size >= MOST) refused.push(sum.join('@'));
    const key = there.toSorted().join('@');
    if (there.length && known.size < MOST && !known.has(key)) known.set(key, there);
  }
  return { known: [...known.values()], refused };
}
