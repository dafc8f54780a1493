// What keys do to a circle on a picture.

/**
 * Its place in shares of the picture's width and height, its diameter as a share of the longer side.
 * @typedef {{ x: number, y: number, size: number }} Circle
 */

const STEP = 0.02; // of a side, by an arrow key; five times as much with Shift
const SCALE = 1.15;

/** The nearest value within bounds. */
export const inside = (/** @type {number} */ value, min = 0, max = 1) => Math.min(Math.max(value, min), max);

/** The diameter of a circle that a key makes larger or smaller; null for another key. */
export function sizedBy(/** @type {string} */ key, /** @type {number} */ size, /** @type {{ min: number, max: number }} */ { min, max }) {
  const scale = { '+': SCALE, '=': SCALE, '-': 1 / SCALE, _: 1 / SCALE }[key];
  return scale ? inside(size * scale, min, max) : null;
}

/** How far an arrow key moves a circle; null for another key. */
export function movedBy(/** @type {{ key: string, shiftKey: boolean }} */ { key, shiftKey }) {
  const step = shiftKey ? 5 * STEP : STEP;
  return { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[key] ?? null;
}
