// What the views about shapes look at, as an address writes it: the board, or a picture of another source.
import { LAID } from './board.js';
import { variant } from './codec.js';
import { PICTURES } from './explain.js';

/**
 * @typedef {object} Shown
 * @property {string | null} start the scene of shapes that the board began with; null: the first
 * @property {string | null} background null: that of the scene
 * @property {import('./board.js').Sticker[] | null} stickers null: those of the scene, untouched
 * @property {import('./question.js').PictureSource | null} picture null: the board
 */

/** @type {Shown} */
export const SHOWN = Object.freeze({ start: null, background: null, stickers: null, picture: null });

/** Fields of a codec. */
export const shown = { ...LAID, picture: { as: 'picture', kind: variant(PICTURES) } };
