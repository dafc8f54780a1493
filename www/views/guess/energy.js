// How much of a heatmap lies within a circle: within one that was drawn, within the best one of its size, and within one anywhere.
import { upsampled } from '../../elements/paint.js';

/**
 * @import { Circle } from '../../elements/game/keys.js'
 * @import { RawMap } from '../../engine/protocol.d.ts'
 *
 * @typedef {{ yours: number, best: number, chance: number, place: { x: number, y: number } }} Found shares of the map's energy;
 *   `place` is that of the best circle
 */

/** Points on the longer side at which the map is read, and on which circles have their centres. */
export const POINTS = 128;

/** How many points a picture of a size has across and down. */
export function gridOf(/** @type {{ width: number, height: number }} */ { width, height }) {
  const scale = POINTS / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export class Energy {
  #width = 0;
  #height = 0;
  /** Of each row, the sums of what lies left of each point and of the end. */
  #sums;
  #total = 0;

  /**
   * The energy of a map is the sum of its values over the picture, where they speak for the class; between the map's own values
   * it is interpolated as it is drawn.
   * @param {Pick<RawMap, 'width' | 'height' | 'data'>} map
   * @param {{ width: number, height: number }} picture
   */
  constructor(map, picture) {
    const { width, height } = gridOf(picture);
    const values = upsampled(map, { width, height });
    [this.#width, this.#height] = [width, height];
    this.#sums = new Float64Array((width + 1) * height);
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let x = 0; x < width; x++) {
        sum += Math.max(values[y * width + x], 0);
        this.#sums[y * (width + 1) + x + 1] = sum;
      }
      this.#total += sum;
    }
  }

  /** Whether nothing speaks for the class: then no circle holds anything. */
  get flat() {
    return this.#total === 0;
  }

  /** What circles of the size of one hold: that one, the best one, and the mean of all whose centres lie in the picture. @returns {Found} */
  of(/** @type {Circle} */ { x, y, size }) {
    const half = halves(size);
    const yours = this.#within(half, pointOf(x, this.#width), pointOf(y, this.#height));
    let [best, sum, at] = [-1, 0, [0, 0]];
    for (let row = 0; row < this.#height; row++) {
      for (let column = 0; column < this.#width; column++) {
        const held = this.#within(half, column, row);
        sum += held;
        if (held > best) [best, at] = [held, [column, row]];
      }
    }
    const share = (/** @type {number} */ energy) => energy / this.#total;
    const place = { x: (at[0] + 0.5) / this.#width, y: (at[1] + 0.5) / this.#height };
    return { yours: share(yours), best: share(best), chance: share(sum / (this.#width * this.#height)), place };
  }

  /** What lies within a circle around a point; `half` has how far it reaches to either side, from its top row to its bottom. */
  #within(/** @type {number[]} */ half, /** @type {number} */ column, /** @type {number} */ row) {
    const [stride, reach] = [this.#width + 1, (half.length - 1) / 2];
    let sum = 0;
    for (let i = 0; i < half.length; i++) {
      const y = row + i - reach;
      if (y < 0 || y >= this.#height) continue;
      const [from, to] = [Math.max(column - half[i], 0), Math.min(column + half[i], this.#width - 1)];
      sum += this.#sums[y * stride + to + 1] - this.#sums[y * stride + from];
    }
    return sum;
  }
}

/** The point on which a place falls. */
const pointOf = (/** @type {number} */ place, /** @type {number} */ points) => Math.min(Math.floor(place * points), points - 1);

/** Of a circle around a point, how many points each of its rows reaches to either side: those at most the radius away. */
function halves(/** @type {number} */ size) {
  const radius = (size * POINTS) / 2;
  const reach = Math.floor(radius);
  return Array.from({ length: 2 * reach + 1 }, (_, i) => Math.floor(Math.sqrt(radius ** 2 - (i - reach) ** 2)));
}

/**
 * What a guess is worth: what its circle holds, of 100 for what the best one of its size holds.
 * @param {Pick<Found, 'best'>} found
 * @param {number} held
 */
export const pointsOf = ({ best }, held) => (100 * held) / best;
