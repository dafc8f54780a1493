// What the sticker board shows, as an address writes it.
import { codec, fields, list, number, words } from './codec.js';

/**
 * Places and sizes are shares of the board's side, angles degrees.
 * @typedef {{ class: string, x: number, y: number, size: number, angle: number }} Sticker
 *
 * @typedef {object} Board
 * @property {string | null} start the scene it began with; null: the first
 * @property {string | null} background null: that of the scene
 * @property {Sticker[] | null} stickers back to front; null: those of the scene, untouched
 * @property {string | null} class whose heatmap is shown; null: one that lies there
 * @property {string | null} second the class beside it
 * @property {string | null} model the embedded network; null: the default
 */

const FINE = 1000; // an address gives places to a thousandth of the side

const round = (/** @type {number} */ value) => String(Math.round(value * FINE) / FINE);

const PARTS = fields('@');

const sticker = {
  write: (/** @type {Sticker} */ { class: name, x, y, size, angle }) => PARTS.write([name, ...[x, y, size, angle].map(round)]),
  read(/** @type {string} */ text) {
    const [name, ...given] = PARTS.read(text);
    const [x, y, size, angle] = given.map((one) => number.read(one));
    if (!name || given.length !== 4 || [x, y].some((place) => place < 0 || place > 1) || size <= 0 || size > 1 || !Number.isFinite(angle))
      throw new RangeError('no sticker');
    return { class: name, x, y, size, angle };
  },
};

const NONE = '-'; // an empty board

const stickers = {
  write: (/** @type {Sticker[]} */ all) => (all.length ? list(sticker).write(all) : NONE),
  read: (/** @type {string} */ text, /** @type {((part: string) => void) | undefined} */ leaveOut) =>
    text === NONE ? [] : list(sticker).read(text, leaveOut),
};

/** Of every board, what lies there: how an address has it. */
export const LAID = {
  start: { as: 'scene', kind: words },
  background: { as: 'background', kind: words },
  stickers: { as: 'stickers', kind: stickers },
};

/** @type {Board} */
export const BOARD = Object.freeze({ start: null, background: null, stickers: null, class: null, second: null, model: null });

/** What lies on a board as a picture's source has it: all of it, so that it needs no scene. */
export const writtenBoard = (/** @type {Pick<Board, 'background' | 'stickers'>} */ { background, stickers }) =>
  new URLSearchParams(board.write({ ...BOARD, background, stickers })).toString().replaceAll('%2C', ',').replaceAll('%40', '@');

/** The inverse; of what is not understood, nothing lies there. */
export function readBoard(/** @type {string} */ written) {
  const { background, stickers } = board.read(new URLSearchParams(written)).state;
  return { background, stickers: stickers ?? [] };
}

export const board = codec(BOARD, {
  ...LAID,
  class: { as: 'class', kind: words },
  second: { as: 'second', kind: words },
  model: { as: 'model', kind: words },
});
