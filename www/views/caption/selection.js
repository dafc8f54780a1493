// Which words of a caption are looked at. Pure.

/**
 * @import { Range } from '../../state/caption.js'
 * @typedef {{ word: string }} Word
 */

export const same = (/** @type {Range | null} */ one, /** @type {Range | null} */ other) =>
  one === other || (one?.first === other?.first && one?.last === other?.last);

/** Whether a caption of so many words has these. */
export const has = (/** @type {number} */ count, /** @type {Range | null} */ range) => range === null || range.last < count;

/** All words from one place to another, whichever comes first. @returns {Range} */
export const between = (/** @type {number} */ one, /** @type {number} */ other) => ({
  first: Math.min(one, other),
  last: Math.max(one, other),
});

/** The words as a text. */
export const textOf = (/** @type {readonly Word[]} */ words, /** @type {Range | null} */ range = null) =>
  (range ? words.slice(range.first, range.last + 1) : words).map(({ word }) => word).join(' ');

/**
 * The same words in the caption that takes another's place: where they stand now; else the place itself where all but them
 * stayed, as after a recolouring; else none.
 * @param {Range | null} range
 * @param {readonly Word[]} before
 * @param {readonly Word[]} after
 * @returns {Range | null}
 */
export function followed(range, before, after) {
  if (!range) return null;
  const { first, last } = range;
  const wanted = textOf(before, range);
  const at = (/** @type {number} */ place) => ({ first: place, last: place + last - first });
  const places = [first, ...after.keys()].filter((place) => has(after.length, at(place)));
  const found = places.find((place) => textOf(after, at(place)) === wanted);
  if (found !== undefined) return at(found);
  const others = (/** @type {readonly Word[]} */ words) => textOf(words.filter((_, place) => place < first || place > last));
  return before.length === after.length && others(before) === others(after) ? range : null;
}

/** Probabilities by their natural logarithms, and that of all together. */
export function probabilitiesOf(/** @type {readonly number[]} */ logs) {
  const total = logs.reduce((sum, one) => sum + one, 0);
  return { each: logs.map(Math.exp), total, all: Math.exp(total) };
}

/** A range of a caption of so many words, where all of it has one as well. @returns {Range} */
export const asWhole = (/** @type {Range | null} */ range, /** @type {number} */ count) => range ?? { first: 0, last: count - 1 };
