// Pictures of which some pixels are exchanged in the order of a heatmap, as the library's measures exchange them.

/** @import { Pixels } from '../../elements/paint.js' */

/** How many of so many pixels a share covers. */
export const coveredPixels = (/** @type {number} */ share, /** @type {number} */ pixels) => Math.round(share * pixels);

/** How many of so many pixels are exchanged at a step of a curve. */
export const exchangedPixels = (/** @type {number} */ step, /** @type {number} */ steps, /** @type {number} */ pixels) =>
  Math.floor((step * pixels) / steps);

/**
 * A picture of whose pixels the first `count` of a ranking are those of another picture of its size.
 * @param {Pixels} from
 * @param {Pixels} to
 * @param {ArrayLike<number>} ranking all pixels, row by row, 0 the first
 * @param {number} count
 * @returns {Pixels}
 */
export function exchanged({ width, height, data }, to, ranking, count) {
  const mixed = new Uint8ClampedArray(data);
  for (let i = 0; i < count; i++) {
    const at = 4 * ranking[i];
    mixed.set(to.data.subarray(at, at + 4), at);
  }
  return { width, height, data: mixed };
}
