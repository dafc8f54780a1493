// What the view Lessons shows, as an address writes it: all lessons, or one of them on paper.
import { codec, oneOf, words } from './codec.js';

/** For the learners, and for the teacher. */
export const SHEETS = /** @type {const} */ (['worksheet', 'teacher']);

/**
 * @typedef {typeof SHEETS[number]} Sheet
 *
 * @typedef {object} Lessons
 * @property {string | null} lesson the one that is on paper, by its name or address; null: all are listed
 * @property {Sheet | null} sheet null: the first
 */

/** @type {Lessons} */
export const LESSONS = Object.freeze({ lesson: null, sheet: null });

export const lessons = codec(LESSONS, {
  lesson: { as: 'lesson', kind: words },
  sheet: { as: 'sheet', kind: oneOf(SHEETS) },
});
