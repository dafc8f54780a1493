// What the view Erase shows, as an address writes it: the strokes too, so that a link shows exactly this erasure.
import { codec, fields, list, oneOf, share, variant, whole } from './codec.js';
import { MODELS, PICTURES } from './explain.js';

/** What a brush leaves, the initial one first; `picture` brings back what was there. */
export const FILLS = /** @type {const} */ (['blur', 'grey', 'background', 'picture']);

/**
 * @typedef {typeof FILLS[number]} Fill
 *
 * `points` are shares of the picture's width and height; `size` is the diameter as a share of its longer side.
 * @typedef {{ fill: Fill, size: number, points: readonly (readonly [number, number])[] }} Stroke
 *
 * @typedef {object} Erase
 * @property {import('./question.js').PictureSource | null} picture null: the first sample
 * @property {import('./question.js').ModelSource | null} model null: the default network
 * @property {number | null} class null: the one that the network predicts of the whole picture
 * @property {Fill} fill of the brush
 * @property {number} size of the brush
 * @property {readonly Stroke[]} strokes the oldest first
 */

const THOUSAND = 1000;
/** A place is two digits, each of 36. */
const BASE = 36;
const FINEST = BASE ** 2 - 1;

/** The nearest place that an address can say. */
export const placeOf = (/** @type {number} */ value) => Math.round(Math.min(Math.max(value, 0), 1) * FINEST) / FINEST;
/** The nearest size that an address can say. */
export const sizeOf = (/** @type {number} */ value) => Math.round(value * THOUSAND) / THOUSAND;

const digits = (/** @type {number} */ value) =>
  Math.round(value * FINEST)
    .toString(BASE)
    .padStart(2, '0');
const place = (/** @type {string} */ text) => parseInt(text, BASE) / FINEST;

const fill = oneOf(FILLS);
const PARTS = fields('@');

const stroke = {
  write: (/** @type {Stroke} */ { fill: left, size, points }) =>
    PARTS.write([left, String(Math.round(size * THOUSAND)), points.map((point) => point.map(digits).join('')).join('')]),
  /** @returns {Stroke} */
  read(/** @type {string} */ text) {
    const [left, size, points = '', ...more] = PARTS.read(text);
    const thousandths = whole.read(size ?? '');
    if (more.length || !/^([\da-z]{4})+$/.test(points) || thousandths < 1 || thousandths > THOUSAND) throw new RangeError('no stroke');
    return {
      fill: fill.read(left),
      size: thousandths / THOUSAND,
      points: (points.match(/.{4}/g) ?? []).map((four) => [place(four.slice(0, 2)), place(four.slice(2))]),
    };
  },
};

/** @type {Erase} */
export const ERASE = Object.freeze({ picture: null, model: null, class: null, fill: FILLS[0], size: 0.14, strokes: [] });

export const erase = codec(ERASE, {
  picture: { as: 'picture', kind: variant(PICTURES) },
  model: { as: 'model', kind: variant(MODELS) },
  class: { as: 'class', kind: whole },
  fill: { as: 'brush', kind: fill },
  size: { as: 'size', kind: share },
  strokes: { as: 'strokes', kind: list(stroke) },
});
