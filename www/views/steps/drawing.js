// The pictures of the steps: numbers of a map's size, in colours.
import { painted, paintedSigned } from '../../elements/paint.js';

/**
 * @import { Scale } from '../../elements/paint.js'
 * @import { Layer } from './sums.js'
 *
 * @typedef {{ table: Float32Array, sides: [number[], number[]] }} Look `table`: of the colour map; `sides`: below and above zero
 * @typedef {{ width: number, height: number, data: Uint8ClampedArray }} Pixels
 */

const OPACITY = 0.5;

/** What small maps are drawn on: white. */
const blank = (/** @type {number} */ width, /** @type {number} */ height) => ({
  width,
  height,
  data: new Uint8ClampedArray(4 * width * height).fill(255),
});

/** A channel of numbers like those of activations. */
export const channelOf = (/** @type {Layer} */ { width, height }, /** @type {Float32Array} */ numbers, /** @type {number} */ channel) =>
  numbers.subarray(channel * width * height, (channel + 1) * width * height);

/**
 * Values in the colours of a colour map, pixel by pixel; `scale` null: all colours for these.
 * @param {Float32Array} data
 * @param {Layer} layer
 * @param {Look} look
 * @param {Scale | null} [scale]
 * @returns {Pixels}
 */
export function inColours(data, { width, height }, { table }, scale = null) {
  const ground = blank(width, height);
  return { ...ground, data: painted(ground, { width, height, data }, { scale, table, opacity: 1 }) };
}

/**
 * Signed values in two colours, pixel by pixel; `signedScale` null: the strongest colour for the largest of these.
 * @param {Float32Array} data
 * @param {Layer} layer
 * @param {Look} look
 * @param {Scale | null} [signedScale]
 * @returns {Pixels}
 */
export function inTwoColours(data, { width, height }, { sides }, signedScale = null) {
  const ground = blank(width, height);
  return { ...ground, data: paintedSigned(ground, { width, height, data }, { signedScale, sides, opacity: OPACITY }) };
}

/**
 * A map over the picture, enlarged, as the engine draws it.
 * @param {Float32Array} data
 * @param {Layer} layer
 * @param {ImageData} ground
 * @param {Look} look
 * @param {Scale} scale
 */
export function enlarged(data, { width, height }, ground, { table }, scale) {
  const pixels = painted(ground, { width, height, data }, { scale, table, opacity: OPACITY });
  const canvas = new OffscreenCanvas(ground.width, ground.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.putImageData(new ImageData(/** @type {Uint8ClampedArray<ArrayBuffer>} */ (pixels), ground.width, ground.height), 0, 0);
  return canvas.transferToImageBitmap();
}
