// A map over its picture, as the engine's `blend` draws it. The page draws several maps itself: all may have one scale, which
// the engine does not draw, and an explanation need not stay with the engine to be drawn again.

/**
 * @import { RawMap } from '../engine/protocol.d.ts'
 *
 * `data`: `[r, g, b, alpha]`, row by row
 * @typedef {{ width: number, height: number, data: Uint8ClampedArray }} Pixels
 *
 * @typedef {{ min: number, max: number }} Scale
 * @typedef {{ width: number, height: number }} Size
 */

const STEPS = 256;

/** The smallest and the largest of numbers. @returns {Scale} */
export function rangeOf(/** @type {Iterable<number>} */ numbers) {
  let [min, max] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (number < min) min = number;
    if (number > max) max = number;
  }
  return { min, max };
}

/**
 * A map of one channel, bilinear with half-pixel centres and its edges repeated.
 * @param {Pick<RawMap, 'width' | 'height' | 'data'>} map
 * @param {Size} size
 */
export function upsampled({ width, height, data }, size) {
  const [columns, rows] = [samples(width, size.width), samples(height, size.height)];
  const values = new Float32Array(size.width * size.height);
  let i = 0;
  for (const [above, below, down] of rows) {
    const [first, second] = [above * width, below * width];
    for (const [left, right, across] of columns) {
      const high = data[first + left] * (1 - across) + data[first + right] * across;
      const low = data[second + left] * (1 - across) + data[second + right] * across;
      values[i++] = high * (1 - down) + low * down;
    }
  }
  return values;
}

/** For each of `to` places: the two neighbours among `from`, and how far it is towards the second. */
function samples(/** @type {number} */ from, /** @type {number} */ to) {
  return Array.from({ length: to }, (_, i) => {
    const at = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    const first = Math.floor(at);
    return [first, Math.min(first + 1, from - 1), at - first];
  });
}

/** `[r, g, b]` of a colour as `#rrggbb`. */
export const colourOf = (/** @type {string} */ written) => [1, 3, 5].map((at) => parseInt(written.slice(at, at + 2), 16));

/** Below and above zero. */
const SIDES = ['--signed-low', '--signed-high'];

/** The colours of a signed map below and above zero, as the style sheet writes them. */
export const sidesOf = (/** @type {Element} */ element) => SIDES.map((name) => getComputedStyle(element).getPropertyValue(name).trim());

/**
 * The colours between a colour map's stops, `[r, g, b]` of each step one after another.
 * @param {string[]} stops as CSS writes them: `#rrggbb`
 */
export function tableOf(stops) {
  const colours = stops.map(colourOf);
  const table = new Float32Array(3 * STEPS);
  for (let step = 0; step < STEPS; step++) {
    const at = (step / (STEPS - 1)) * (colours.length - 1);
    const first = Math.min(Math.floor(at), colours.length - 2);
    for (let c = 0; c < 3; c++) table[3 * step + c] = colours[first][c] + (colours[first + 1][c] - colours[first][c]) * (at - first);
  }
  return table;
}

/**
 * The pixels of a map over a picture; `scale` null: all colours for this map alone.
 * @param {Pixels} picture
 * @param {Pick<RawMap, 'width' | 'height' | 'data'>} map
 * @param {{ scale: Scale | null, table: Float32Array, opacity: number }} look
 */
export function painted(picture, map, { scale, table, opacity }) {
  const values = upsampled(map, picture);
  const { min, max } = scale ?? rangeOf(values);
  const steps = max > min ? (STEPS - 1) / (max - min) : 0;
  const pixels = new Uint8ClampedArray(picture.data.length);
  for (let i = 0; i < values.length; i++) {
    const step = 3 * Math.round(Math.min(Math.max((values[i] - min) * steps, 0), STEPS - 1));
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = (1 - opacity) * picture.data[4 * i + c] + opacity * table[step + c];
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

/**
 * The pixels of a signed map over a picture: the further from zero, the more of the colour of its side.
 * @param {Pixels} picture
 * @param {Pick<RawMap, 'width' | 'height' | 'data'>} map
 * @param {{ signedScale: Scale | null, sides: [number[], number[]], opacity: number }} look `sides`: the colours below and above zero
 */
export function paintedSigned(picture, map, { signedScale, sides: [below, above], opacity }) {
  const values = upsampled(map, picture);
  const { min, max } = signedScale ?? rangeOf(values);
  const most = Math.max(-min, max);
  const strength = most > 0 ? Math.min(2 * opacity, 1) / most : 0;
  const pixels = new Uint8ClampedArray(picture.data.length);
  for (let i = 0; i < values.length; i++) {
    const colour = values[i] < 0 ? below : above;
    const weight = Math.min(Math.abs(values[i]) * strength, 1);
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = (1 - weight) * picture.data[4 * i + c] + weight * colour[c];
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

/**
 * A map by itself, a pixel for each value; `scale` null: all colours for this map alone.
 * @param {Pick<RawMap, 'width' | 'height' | 'data'>} map
 * @param {{ scale: Scale | null, table: Float32Array }} look
 * @returns {Pixels}
 */
export function coloured(map, { scale, table }) {
  const ground = blank(map);
  return { ...ground, data: painted(ground, map, { scale, table, opacity: 1 }) };
}

/** What small maps are drawn on: white. @returns {Pixels} */
export const blank = (/** @type {Size} */ { width, height }) => ({
  width,
  height,
  data: new Uint8ClampedArray(4 * width * height).fill(255),
});

/** A channel of numbers of `width` by `height` places, as a map. */
export const channelOf = (/** @type {Size} */ { width, height }, /** @type {Float32Array} */ numbers, /** @type {number} */ channel) => ({
  width,
  height,
  data: numbers.subarray(channel * width * height, (channel + 1) * width * height),
});

/** Shows pixels on a canvas, which takes their size. */
export function show(/** @type {HTMLCanvasElement} */ canvas, /** @type {Pixels} */ { width, height, data }) {
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')?.putImageData(new ImageData(/** @type {Uint8ClampedArray<ArrayBuffer>} */ (data), width, height), 0, 0);
}

/** The pixels of a bitmap, which is closed. */
export function pixelsOf(/** @type {ImageBitmap} */ bitmap) {
  const { width, height } = bitmap;
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  );
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, width, height);
}
