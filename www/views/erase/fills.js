// What a brush leaves of a picture: each of these is a picture as large as it, of which the brush shows a part.

/**
 * @import { Pixels } from '../../elements/paint.js'
 * @import { Fill } from '../../state/erase.js'
 */

const GREY = 128;
/** Of the longer side: so far a blur reaches on each side, and so little of it is an edge. */
const REACH = 1 / 16;
const EDGE = 1 / 50;

const shareOf = (/** @type {Pixels} */ { width, height }, /** @type {number} */ share) =>
  Math.max(1, Math.round(share * Math.max(width, height)));

/** @type {Record<Fill, (picture: Pixels) => Uint8ClampedArray>} */
export const FILL = {
  blur: (picture) => blurred(picture, shareOf(picture, REACH)),
  grey: ({ data }) => data.map((_, i) => (i % 4 === 3 ? 255 : GREY)),
  background: (picture) => background(picture, shareOf(picture, EDGE)),
  picture: ({ data }) => data,
};

/**
 * Three means over a square, one after another, which come close to a Gaussian: the square has `2 reach + 1` pixels a side, of
 * which those in the picture count.
 */
export function blurred(/** @type {Pixels} */ { width, height, data }, /** @type {number} */ reach) {
  let values = Float32Array.from(data);
  for (let pass = 0; pass < 3; pass++) {
    values = means(values, { lines: height, length: width, step: 4, stride: 4 * width, reach });
    values = means(values, { lines: width, length: height, step: 4 * width, stride: 4, reach });
  }
  return Uint8ClampedArray.from(values);
}

/**
 * The mean of each value's neighbourhood in its line, of every channel by itself.
 * @param {Float32Array<ArrayBuffer>} values
 * @param {{ lines: number, length: number, step: number, stride: number, reach: number }} line `stride`: from line to line
 */
function means(values, { lines, length, step, stride, reach }) {
  const result = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    for (let channel = 0; channel < 4; channel++) {
      const from = line * stride + channel;
      let [sum, count] = [0, 0];
      for (let i = -reach; i < length; i++) {
        const [coming, going] = [i + reach, i - reach - 1];
        if (coming < length) ((sum += values[from + coming * step]), count++);
        if (going >= 0) ((sum -= values[from + going * step]), count--);
        if (i >= 0) result[from + i * step] = sum / count;
      }
    }
  }
  return result;
}

/**
 * What lies behind, as far as the edges tell: in each row, the colour goes from that of the left edge to that of the right one.
 * An edge is `reach` pixels wide, and its colour is the mean of it within `reach` rows up and down.
 */
export function background(/** @type {Pixels} */ { width, height, data }, /** @type {number} */ reach) {
  const filled = new Uint8ClampedArray(data.length).fill(255);
  const wide = Math.min(reach, width);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(y - reach, 0), Math.min(y + reach, height - 1)];
    for (let channel = 0; channel < 3; channel++) {
      const edge = (/** @type {number} */ left) => {
        let sum = 0;
        for (let row = top; row <= bottom; row++)
          for (let column = left; column < left + wide; column++) sum += data[4 * (row * width + column) + channel];
        return sum / (wide * (bottom - top + 1));
      };
      const [left, right] = [edge(0), edge(width - wide)];
      for (let x = 0; x < width; x++) filled[4 * (y * width + x) + channel] = left + ((right - left) * (x + 0.5)) / width;
    }
  }
  return filled;
}
