// What a finished cell can be sorted by.
import { rangeOf, upsampled } from '../../elements/paint.js';

/**
 * @import { RawMap } from '../../engine/protocol.d.ts'
 * @import { Explanation } from '../../engine/handles.js'
 */

const SIDE = 64; // of the grid on which the hottest part is counted
const HOTTEST = 0.1; // of the picture

export const timeOf = (/** @type {Explanation} */ { times = [] }) => times.reduce((sum, { milliseconds }) => sum + milliseconds, 0);

/** What share of the map lies in the hottest tenth of the picture, from 0.1 of an even map to 1; null of a flat one. */
export function focusOf(/** @type {RawMap} */ { channels, width, height, data }) {
  if (channels > 1) return null;
  const values = upsampled({ width, height, data }, { width: SIDE, height: SIDE });
  const { min } = rangeOf(values);
  const heat = Array.from(values, (value) => value - min).sort((a, b) => b - a);
  const sum = (/** @type {number[]} */ part) => part.reduce((total, value) => total + value, 0);
  const total = sum(heat);
  return total > 0 ? sum(heat.slice(0, Math.round(HOTTEST * heat.length))) / total : null;
}
