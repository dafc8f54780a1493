// What is typed and chosen of the visitor's own network where no file says it: how pictures are prepared, what its outputs are,
// which of a file's networks it is, and how this computes where its tensors do not tell.
import { EngineError } from '../engine/errors.js';

/**
 * @typedef {{ size: string, mean: string, std: string, range: string, order: string, problem: string, state: string, variant: string }} Entered
 * @typedef {[number, number, number]} Channels
 */

/** @type {Entered} the files tell all */
export const NOTHING_ENTERED = Object.freeze({ size: '', mean: '', std: '', range: '', order: '', problem: '', state: '', variant: '' });

const refusal = (/** @type {string} */ code, /** @type {Record<string, any>} */ named) =>
  new EngineError({ kind: 'preprocessing', code, arguments: named });

/**
 * What is meant, each null where nothing is typed; what cannot be meant is refused by name.
 * @param {Entered} entered
 * @param {{ min: number, max: number }} sides of an input, in pixels
 */
export function readEntered({ size, mean, std, range, order, problem, state, variant }, { min, max }) {
  return {
    size: read(size, sidesWithin(min, max), () => refusal('entered-size', { field: 'size', min, max })),
    mean: read(
      mean,
      channels(() => true),
      (found) => refusal('entered-mean', { field: 'mean', found }),
    ),
    std: read(
      std,
      channels((value) => value > 0),
      (found) => refusal('entered-std', { field: 'std', found }),
    ),
    range: range || null,
    order: order || null,
    problem: problem || null,
    state: state || null,
    variant: variant || null,
  };
}

/**
 * @template T
 * @param {string} typed
 * @param {(typed: string) => T | undefined} parse
 * @param {(found: string) => Error} refuse
 */
function read(typed, parse, refuse) {
  if (typed.trim() === '') return null;
  const value = parse(typed);
  if (value === undefined) throw refuse(typed);
  return value;
}

const numbersIn = (/** @type {string} */ typed) =>
  typed
    .split(/[\s,;，；、]+/)
    .filter(Boolean)
    .map(Number);

/** Rows and columns: one number for both, or two. */
const sidesWithin = (/** @type {number} */ min, /** @type {number} */ max) => (/** @type {string} */ typed) => {
  const numbers = numbersIn(typed);
  const [rows, columns = rows] = numbers;
  const fit = numbers.length <= 2 && [rows, columns].every((side) => Number.isInteger(side) && side >= min && side <= max);
  return fit ? /** @type {[number, number]} */ ([rows, columns]) : undefined;
};

/** Three numbers, one for each colour, all of which are `fit`. */
const channels = (/** @type {(value: number) => boolean} */ fit) => (/** @type {string} */ typed) => {
  const numbers = numbersIn(typed);
  const three = numbers.length === 3 && numbers.every((number) => Number.isFinite(number) && fit(number));
  return three ? /** @type {Channels} */ (/** @type {unknown} */ (numbers)) : undefined;
};
