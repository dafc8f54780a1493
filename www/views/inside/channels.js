// The channels of a layer: their order, where each is strongest, and what of it is drawn how.
import { rangeOf } from '../../elements/paint.js';

/**
 * @import { Seen, Sheet } from '../../engine/protocol.d.ts'
 * @import { Pixels, Scale } from '../../elements/paint.js'
 *
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box in pixels of the network's input
 */

/**
 * The channels in an order: `strength` has the highest peak first.
 * @param {Sheet} sheet
 * @param {import('../../state/inside.js').Inside['order']} order
 */
export function orderOf({ channels, max }, order) {
  const all = Array.from({ length: channels }, (_, channel) => channel);
  return order === 'number' ? all : all.sort((a, b) => max[b] - max[a] || a - b);
}

/** The channel with the highest peak. */
export const strongestOf = (/** @type {Sheet} */ sheet) => orderOf(sheet, 'strength')[0];

/**
 * The values that the ends of the colours stand for; `shared`: of all channels.
 * @param {Sheet} sheet
 * @param {number} channel
 * @param {boolean} shared
 * @returns {Scale}
 */
export function scaleOf({ min, max }, channel, shared) {
  return shared ? { min: rangeOf(min).min, max: rangeOf(max).max } : { min: min[channel], max: max[channel] };
}

/** A picture with `times` pixels for each, on either side: the network's pixels stay squares under a smooth map. */
export function enlarged(/** @type {Pixels} */ { width, height, data }, /** @type {number} */ times) {
  const pixels = new Uint8ClampedArray(data.length * times * times);
  const large = { width: width * times, height: height * times, data: pixels };
  const [from, to] = [new Uint32Array(data.buffer, data.byteOffset, width * height), new Uint32Array(pixels.buffer)];
  for (let y = 0; y < large.height; y++)
    for (let x = 0; x < large.width; x++) to[y * large.width + x] = from[Math.floor(y / times) * width + Math.floor(x / times)];
  return large;
}

/**
 * What the place sees where a channel is strongest, as far as it is in the picture; null: the network does not tell.
 * @param {Sheet} sheet
 * @param {number} channel
 * @returns {Box | null}
 */
export function seenBy({ field, input: [height, width], peaks }, channel) {
  if (!field) return null;
  const [row, column] = peaks[channel];
  const [rows, columns] = field;
  const along = (/** @type {Seen} */ { first, last, step }, /** @type {number} */ place, /** @type {number} */ side) => [
    Math.max(first + step * place, 0),
    Math.min(last + step * place + 1, side),
  ];
  const [[top, bottom], [left, right]] = [along(rows, row, height), along(columns, column, width)];
  return { left, top, right, bottom };
}

/**
 * The patch of `side` pixels around the middle of what a place sees, moved into the picture: as those of the trainer are cut.
 * @param {Pick<Sheet, 'field' | 'input'>} sheet
 * @param {number[]} place row and column
 * @param {number} side
 * @returns {Box | null}
 */
export function patchAt({ field, input: [height, width] }, [row, column], side) {
  if (!field) return null;
  const [rows, columns] = field;
  const start = (/** @type {Seen} */ { first, last, step }, /** @type {number} */ place, /** @type {number} */ whole) =>
    Math.min(Math.max(Math.round((first + last) / 2 + step * place + 0.5 - side / 2), 0), whole - side);
  const [top, left] = [start(rows, row, height), start(columns, column, width)];
  return { left, top, right: left + side, bottom: top + side };
}

/**
 * A part of a picture.
 * @param {Pixels} picture
 * @param {Box} box
 * @returns {Pixels}
 */
export function cut({ width, data }, { left, top, right, bottom }) {
  const [columns, rows] = [right - left, bottom - top];
  const pixels = new Uint8ClampedArray(4 * columns * rows);
  for (let y = 0; y < rows; y++) {
    const from = 4 * ((top + y) * width + left);
    pixels.set(data.subarray(from, from + 4 * columns), 4 * y * columns);
  }
  return { width: columns, height: rows, data: pixels };
}
