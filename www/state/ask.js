// What is asked about a board of shapes, or another picture, as an address writes it.
import { codec, fields, flag, list, share, words } from './codec.js';
import { SHOWN, shown } from './shapes.js';

/**
 * An answer, or several whose scores add up.
 * @typedef {string[]} Sum
 *
 * @typedef {object} Asked
 * @property {string | null} question null: that of the scene
 * @property {Sum[]} answers a heatmap each; empty: the probable answers
 * @property {string | null} method
 * @property {string | null} layer null: the network's default
 * @property {string | null} beside another layer, whose heatmaps stand beside; null: none
 * @property {boolean} before whether what the network sees before and after the question is shown
 * @property {string | null} colormap
 * @property {number | null} opacity
 *
 * @typedef {import('./shapes.js').Shown & Asked} Ask
 */

/** @type {Ask} */
export const ASK = Object.freeze({
  ...SHOWN,
  question: null,
  answers: [],
  method: null,
  layer: null,
  beside: null,
  before: false,
  colormap: null,
  opacity: null,
});

const PARTS = fields('@');

const sum = {
  write: (/** @type {Sum} */ answers) => PARTS.write(answers),
  read(/** @type {string} */ text) {
    const answers = PARTS.read(text);
    if (!answers.length || answers.includes('')) throw new RangeError('no answer');
    return answers;
  },
};

export const ask = codec(ASK, {
  ...shown,
  question: { as: 'question', kind: words },
  answers: { as: 'answer', kind: list(sum) },
  method: { as: 'method', kind: words },
  layer: { as: 'layer', kind: words },
  beside: { as: 'beside', kind: words },
  before: { as: 'before', kind: flag },
  colormap: { as: 'colormap', kind: words },
  opacity: { as: 'opacity', kind: share },
});
