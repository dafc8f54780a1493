// The pictures of the steps: numbers of a map's size, in colours.
import { blank, coloured, painted, paintedSigned } from '../../elements/paint.js';

/**
 * @import { Scale } from '../../elements/paint.js'
 *
 * @typedef {{ table: Float32Array, sides: [number[], number[]] }} Look `table`: of the colour map; `sides`: below and above zero
 * @typedef {{ width: number, height: number, data: Float32Array }} RawMap of one channel
 */

const OPACITY = 0.5;

/** A map in the colours of a colour map, pixel by pixel; `scale` null: all colours for this one. */
export const inColours = (/** @type {RawMap} */ map, /** @type {Look} */ { table }, /** @type {Scale | null} */ scale = null) =>
  coloured(map, { scale, table });

/** A signed map in two colours, pixel by pixel; `signedScale` null: the strongest colour for its largest value. */
export function inTwoColours(/** @type {RawMap} */ map, /** @type {Look} */ { sides }, /** @type {Scale | null} */ signedScale = null) {
  const ground = blank(map);
  return { ...ground, data: paintedSigned(ground, map, { signedScale, sides, opacity: OPACITY }) };
}

/**
 * A map over the picture, enlarged, as the engine draws it.
 * @param {RawMap} map
 * @param {ImageData} ground
 * @param {Look} look
 * @param {Scale} scale
 */
export function enlarged(map, ground, { table }, scale) {
  const pixels = painted(ground, map, { scale, table, opacity: OPACITY });
  const canvas = new OffscreenCanvas(ground.width, ground.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  context.putImageData(new ImageData(/** @type {Uint8ClampedArray<ArrayBuffer>} */ (pixels), ground.width, ground.height), 0, 0);
  return canvas.transferToImageBitmap();
}
