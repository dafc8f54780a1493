// What the view Guess first shows, as an address writes it: the guesses too, so that a link shows a round as it was played.
import { codec, fields, list, share, variant, whole } from './codec.js';
import { MODELS, PICTURES } from './explain.js';

/**
 * @import { Circle } from '../elements/game/keys.js'
 *
 * @typedef {object} Guess
 * @property {number} round by this number everybody plays the same pictures
 * @property {import('./question.js').ModelSource | null} model null: the default network
 * @property {import('./question.js').PictureSource[]} pictures of one's own; none: those of the round's number
 * @property {Circle[]} guesses those that were revealed, in the pictures' order
 * @property {number | null} shown which revealed picture is looked at; null: the first without a guess, or the result
 */

const THOUSAND = 1000;

/** The nearest share that an address can say. */
export const fine = (/** @type {number} */ value) => Math.round(Math.min(Math.max(value, 0), 1) * THOUSAND) / THOUSAND;

const PARTS = fields('@');

const circle = {
  write: (/** @type {Circle} */ { x, y, size }) => PARTS.write([x, y, size].map(String)),
  /** @returns {Circle} */
  read(/** @type {string} */ text) {
    const [x, y, size, ...more] = PARTS.read(text).map((one) => fine(share.read(one)));
    if (more.length || !size) throw new RangeError('no circle');
    return { x, y, size };
  },
};

/** @type {Guess} */
export const GUESS = Object.freeze({ round: 1, model: null, pictures: [], guesses: [], shown: null });

export const guess = codec(GUESS, {
  round: { as: 'round', kind: whole },
  model: { as: 'model', kind: variant(MODELS) },
  pictures: { as: 'picture', kind: list(variant(PICTURES)) },
  guesses: { as: 'guess', kind: list(circle) },
  shown: { as: 'shown', kind: whole },
});
