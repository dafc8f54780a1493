// What the view Caption shows, as an address writes it.
import { codec, oneOf, whole, words } from './codec.js';
import { shown, SHOWN } from './shapes.js';

/**
 * Words of a caption that lie together, by their places, 0 the first.
 * @typedef {{ first: number, last: number }} Range
 *
 * @typedef {object} Asked
 * @property {number} beam how many captions are searched for at once
 * @property {number} which of the captions that were found is explained, 0 the most probable
 * @property {string | null} own a caption of one's own, which is explained in their place
 * @property {Range | null} words that the heatmap is of; null: the whole caption
 * @property {string | null} method
 * @property {string | null} target
 *
 * @typedef {import('./shapes.js').Shown & Asked} Caption
 */

/** How many captions may be searched for at once. */
export const BEAMS = /** @type {const} */ ([1, 3, 5, 10]);
const BEAM = BEAMS[2];

/** @type {Caption} */
export const CAPTION = Object.freeze({
  ...SHOWN,
  beam: BEAM,
  which: 0,
  own: null,
  words: null,
  method: null,
  target: null,
});

const beams = oneOf(BEAMS.map(String));
const beam = { ...beams, read: (/** @type {string} */ text) => Number(beams.read(text)) };

const RANGE = /^(\d{1,3})(?:-(\d{1,3}))?$/;

/** Places as people count them, from 1: `2` or `2-4`. */
export const range = {
  write: (/** @type {Range} */ { first, last }) => (first === last ? String(first + 1) : `${first + 1}-${last + 1}`),
  read(/** @type {string} */ text) {
    const [, one, other = one] = RANGE.exec(text) ?? [];
    const [first, last] = [Number(one) - 1, Number(other) - 1];
    if (!(first >= 0 && last >= first)) throw new RangeError('no words');
    return { first, last };
  },
};

export const caption = codec(CAPTION, {
  ...shown,
  beam: { as: 'beam', kind: beam },
  which: { as: 'alternative', kind: whole },
  own: { as: 'caption', kind: words },
  words: { as: 'words', kind: range },
  method: { as: 'method', kind: words },
  target: { as: 'target', kind: words },
});
