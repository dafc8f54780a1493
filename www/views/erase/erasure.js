// A picture with strokes of a brush on it, and how much of it they cover.
import { FILLS } from '../../state/erase.js';
import { FILL } from './fills.js';

/**
 * @import { Fill, Stroke } from '../../state/erase.js'
 * @import { Pixels } from '../../elements/paint.js'
 *
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box in pixels; `right` and `bottom` are the first without
 */

const UNTOUCHED = FILLS.indexOf('picture');

export class Erasure {
  #whole;
  /** What each pixel shows, as a place in FILLS. */
  #shown;
  /** @type {Map<Fill, Uint8ClampedArray>} */
  #fills = new Map();
  #erased = 0;
  /** @type {readonly Stroke[]} those that are painted */
  #painted = [];

  constructor(/** @type {Pixels} */ whole) {
    this.#whole = whole;
    this.#shown = new Uint8Array(whole.width * whole.height).fill(UNTOUCHED);
    /** What is left of the picture. */
    this.data = new Uint8ClampedArray(whole.data);
  }

  get width() {
    return this.#whole.width;
  }

  get height() {
    return this.#whole.height;
  }

  /** The share of the pixels that a brush has erased, whatever colour it left. */
  get share() {
    return this.#erased / this.#shown.length;
  }

  /** Paints exactly these strokes; gives the part of the picture that may look other than before, or null. @returns {Box | null} */
  paint(/** @type {readonly Stroke[]} */ strokes) {
    const before = this.#painted;
    this.#painted = strokes;
    // While a brush moves, its stroke grows by a point.
    const last = before.length - 1;
    const grows = last >= 0 && before.every((stroke, i) => (i < last ? stroke === strokes[i] : begins(strokes[i], stroke)));
    const follows = before.length === 0 || grows;
    if (!follows) this.#restore();
    const boxes = strokes.flatMap((stroke, i) => {
      const done = follows && i <= last ? before[i].points.length : 0;
      return this.#stroke(stroke, done);
    });
    if (!follows) return { left: 0, top: 0, right: this.width, bottom: this.height };
    return boxes.reduce((/** @type {Box | null} */ all, box) => joined(all, box), null);
  }

  #restore() {
    this.data.set(this.#whole.data);
    this.#shown.fill(UNTOUCHED);
    this.#erased = 0;
  }

  /** Paints a stroke from its point number `done` on. */
  #stroke(/** @type {Stroke} */ { fill, size, points }, /** @type {number} */ done) {
    const radius = (size * Math.max(this.width, this.height)) / 2;
    const pixels = points.map(([x, y]) => /** @type {const} */ ([x * this.width, y * this.height]));
    return pixels.slice(done).map((point, i) => this.#sweep(fill, radius, pixels[Math.max(done + i - 1, 0)], point));
  }

  /** Paints all pixels whose centres are within `radius` of the line from one place to another. @returns {Box} */
  #sweep(
    /** @type {Fill} */ fill,
    /** @type {number} */ radius,
    /** @type {readonly [number, number]} */ [x0, y0],
    /** @type {readonly [number, number]} */ [x1, y1],
  ) {
    const left = Math.max(Math.floor(Math.min(x0, x1) - radius), 0);
    const right = Math.min(Math.ceil(Math.max(x0, x1) + radius), this.width);
    const top = Math.max(Math.floor(Math.min(y0, y1) - radius), 0);
    const bottom = Math.min(Math.ceil(Math.max(y0, y1) + radius), this.height);
    const [across, down] = [x1 - x0, y1 - y0];
    const square = across ** 2 + down ** 2;
    const colours = this.#colours(fill);
    const shown = FILLS.indexOf(fill);
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const [dx, dy] = [x + 0.5 - x0, y + 0.5 - y0];
        const along = square ? Math.min(Math.max((dx * across + dy * down) / square, 0), 1) : 0;
        if ((dx - along * across) ** 2 + (dy - along * down) ** 2 <= radius ** 2) this.#set(y * this.width + x, shown, colours);
      }
    }
    return { left, top, right, bottom };
  }

  #set(/** @type {number} */ pixel, /** @type {number} */ shown, /** @type {Uint8ClampedArray} */ colours) {
    this.#erased += Number(shown !== UNTOUCHED) - Number(this.#shown[pixel] !== UNTOUCHED);
    this.#shown[pixel] = shown;
    for (let i = 4 * pixel; i < 4 * pixel + 4; i++) this.data[i] = colours[i];
  }

  #colours(/** @type {Fill} */ fill) {
    const known = this.#fills.get(fill) ?? FILL[fill](this.#whole);
    this.#fills.set(fill, known);
    return known;
  }
}

/** Whether one stroke is another one that may have gone on. */
function begins(/** @type {Stroke | undefined} */ longer, /** @type {Stroke} */ stroke) {
  if (longer === stroke) return true;
  if (!longer || longer.fill !== stroke.fill || longer.size !== stroke.size || longer.points.length < stroke.points.length) return false;
  return stroke.points.every((point, i) => point === longer.points[i]);
}

/** @returns {Box} */
const joined = (/** @type {Box | null} */ one, /** @type {Box} */ other) => ({
  left: Math.min(one?.left ?? Infinity, other.left),
  top: Math.min(one?.top ?? Infinity, other.top),
  right: Math.max(one?.right ?? -Infinity, other.right),
  bottom: Math.max(one?.bottom ?? -Infinity, other.bottom),
});
