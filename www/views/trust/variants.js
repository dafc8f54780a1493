// Small changes of a picture, at the size at which the network sees it.
import { randomFrom } from '../../elements/game/random.js';

/**
 * @import { Pixels } from '../../elements/paint.js'
 *
 * `by`: pixels, or the noise's standard deviation as a share of the range of colours.
 * @typedef {{ kind: 'moved' | 'noisy', by: number } | { kind: 'mirrored' }} Variant
 */

/** @type {readonly Variant[]} */
export const VARIANTS = [
  ...[1, 2, 4].map((by) => /** @type {Variant} */ ({ kind: 'moved', by })),
  { kind: 'mirrored' },
  ...[0.01, 0.02, 0.05].map((by) => /** @type {Variant} */ ({ kind: 'noisy', by })),
];

const SEED = 0;

/** @returns {Pixels} */
export function varied(/** @type {Pixels} */ picture, /** @type {Variant} */ variant) {
  if (variant.kind === 'noisy') return noisy(picture, variant.by);
  if (variant.kind === 'moved') return taken(picture, (place) => Math.max(place - variant.by, 0), variant.by);
  return taken(picture, (column) => picture.width - 1 - column, 0);
}

/** What was done to a picture, as the engine is told to undo it. */
export const doneBy = (/** @type {Variant} */ variant) => {
  const by = variant.kind === 'moved' ? variant.by : 0;
  return { mirrored: variant.kind === 'mirrored', right: by, down: by };
};

/**
 * Each pixel is taken from the column that `columnOf` names, and from `down` rows above; the first row goes on beyond the edge.
 * @param {Pixels} picture
 * @param {(column: number) => number} columnOf
 * @param {number} down
 * @returns {Pixels}
 */
function taken({ width, height, data }, columnOf, down) {
  const changed = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    const row = Math.max(y - down, 0) * width;
    for (let x = 0; x < width; x++) {
      const at = 4 * (row + columnOf(x));
      changed.set(data.subarray(at, at + 4), 4 * (y * width + x));
    }
  }
  return { width, height, data: changed };
}

/** Normal noise on each colour of each pixel, cut off at black and white; the same every time. @returns {Pixels} */
function noisy(/** @type {Pixels} */ { width, height, data }, /** @type {number} */ deviation) {
  const random = randomFrom(SEED);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()); // Box and Muller
  const changed = data.map((value, i) => (i % 4 === 3 ? value : Math.round(value + 255 * deviation * normal())));
  return { width, height, data: changed };
}
