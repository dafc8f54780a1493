// How pictures are prepared for the visitor's own network, as it is typed where no file says it.
import { EngineError } from '../engine/errors.js';

/**
 * @typedef {{ size: string, mean: string, std: string }} Entered
 * @typedef {[number, number, number]} Channels
 */

const refusal = (/** @type {string} */ code, /** @type {Record<string, any>} */ named) =>
  new EngineError({ kind: 'preprocessing', code, arguments: named });

/**
 * What is meant, each null where nothing is typed; what cannot be meant is refused by name.
 * @param {Entered} entered
 * @param {{ min: number, max: number }} sides of an input, in pixels
 */
export function readEntered({ size, mean, std }, { min, max }) {
  return {
    size: read(size, sideWithin(min, max), () => refusal('entered-size', { field: 'size', min, max })),
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

const sideWithin = (/** @type {number} */ min, /** @type {number} */ max) => (/** @type {string} */ typed) => {
  const value = Number(typed);
  return Number.isInteger(value) && value >= min && value <= max ? value : undefined;
};

/** Three numbers, one for each colour, all of which are `fit`. */
const channels = (/** @type {(value: number) => boolean} */ fit) => (/** @type {string} */ typed) => {
  const numbers = typed
    .split(/[\s,;，；、]+/)
    .filter(Boolean)
    .map(Number);
  const three = numbers.length === 3 && numbers.every((number) => Number.isFinite(number) && fit(number));
  return three ? /** @type {Channels} */ (/** @type {unknown} */ (numbers)) : undefined;
};
