// The strokes on a picture. Like the contents of a board they are never altered but replaced, so that `Edits` can bring back any.
import { signal } from '@preact/signals-core';
import { placeOf, sizeOf } from '../../state/erase.js';

/** @import { Fill, Stroke } from '../../state/erase.js' */

/** Points closer than this share of the brush are one. */
const NEAR = 0.1;

export class Strokes {
  /** @type {import('@preact/signals-core').Signal<readonly Stroke[]>} */
  #content = signal([]);

  /** Follows as a signal does. */
  get content() {
    return this.#content.value;
  }

  /** Brings back strokes that were there before, or that a link says. */
  restore(/** @type {readonly Stroke[]} */ strokes) {
    this.#content.value = strokes;
  }

  begin(/** @type {{ fill: Fill, size: number }} */ { fill, size }, /** @type {number} */ x, /** @type {number} */ y) {
    this.#content.value = [...this.#content.peek(), { fill, size: sizeOf(size), points: [[placeOf(x), placeOf(y)]] }];
  }

  /** The last stroke goes on. */
  extend(/** @type {number} */ x, /** @type {number} */ y) {
    const strokes = this.#content.peek();
    const last = /** @type {Stroke} */ (strokes.at(-1));
    const [before, point] = [
      /** @type {readonly [number, number]} */ (last.points.at(-1)),
      /** @type {const} */ ([placeOf(x), placeOf(y)]),
    ];
    if (Math.hypot(point[0] - before[0], point[1] - before[1]) < NEAR * last.size) return;
    this.#content.value = [...strokes.slice(0, -1), { ...last, points: [...last.points, point] }];
  }

  clear() {
    if (this.#content.peek().length) this.#content.value = [];
  }
}
