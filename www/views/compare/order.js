// Which cell is computed next, and in which order rows and columns stand. Pure.

/** @import { Measure } from '../../state/compare.js' */

/**
 * How far a rectangle is from another, in pixels: 0 where they overlap.
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box
 * @param {Box} box
 * @param {Box} view
 */
export function distanceOf(box, view) {
  const across = Math.max(view.left - box.right, box.left - view.right, 0);
  const down = Math.max(view.top - box.bottom, box.top - view.bottom, 0);
  return Math.hypot(across, down);
}

/**
 * The cell to compute next: the nearest to the screen; of several the one whose network is the last one's, since that is
 * loaded; of several the first.
 * @template {{ distance: () => number, network: string }} T
 * @param {T[]} waiting in reading order
 * @param {string | null} last the network of the cell before
 * @returns {T | null}
 */
export function nextOf(waiting, last) {
  /** @type {{ cell: T, distance: number } | null} */
  let best = null;
  for (const cell of waiting) {
    const distance = cell.distance();
    const nearer = !best || distance < best.distance;
    const loaded = best && distance === best.distance && cell.network === last && best.cell.network !== last;
    if (nearer || loaded) best = { cell, distance };
  }
  return best?.cell ?? null;
}

/** The least first; of the others the most. */
const ASCENDING = ['time'];

/**
 * The order of rows or columns by the mean of what their cells measure; those that measure nothing come last, as they
 * stood.
 * @param {(number | null)[][]} lines the measures of each row's, or column's, cells
 * @param {Measure} measure
 * @returns {number[]} their places in order
 */
export function sorted(lines, measure) {
  const sign = ASCENDING.includes(measure) ? 1 : -1;
  const means = lines.map(mean);
  const rank = (/** @type {number} */ i) => (means[i] === null ? Infinity : sign * /** @type {number} */ (means[i]));
  return lines.map((_, i) => i).sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)));
}

/** Of the numbers that there are; null where there is none. */
export function mean(/** @type {(number | null)[]} */ numbers) {
  const there = numbers.filter((one) => one !== null);
  return there.length ? there.reduce((sum, one) => sum + one, 0) / there.length : null;
}
