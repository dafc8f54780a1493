// What the view Steps asks, as an address writes it.
import { codec, flag, list, oneOf, variant, whole, words } from './codec.js';
import { MODELS, PICTURES } from './explain.js';

/** The symbols of a formula, in the order of the steps. */
export const SYMBOLS = /** @type {const} */ (['activations', 'gradients', 'weights', 'sum', 'relu', 'upsampling']);
/** Which channels count, the initial choice first: by what they add. */
export const CHOSEN = /** @type {const} */ (['all', 'positive', 'negative', 'none']);

/**
 * @typedef {typeof SYMBOLS[number]} Symbol
 * @typedef {typeof CHOSEN[number]} Chosen
 *
 * @typedef {object} Steps
 * @property {import('./question.js').PictureSource | null} picture null: the first sample
 * @property {import('./question.js').ModelSource | null} model null: the default network
 * @property {number | null} class null: the one that the network predicts
 * @property {string | null} method null: the default
 * @property {string | null} layer null: the network's default
 * @property {Symbol} symbol whose step is told
 * @property {Chosen} channels that count
 * @property {number[]} except the channels of which it is the other way round
 * @property {number | null} channel that is shown; null: the one that adds most
 * @property {number[] | null} pixel column and row of the map; null: the brightest
 * @property {boolean} least whether the channels that add least stand first
 * @property {boolean} own whether the map has all colours for itself, or else the colours that the whole map has
 */

/** @type {import('./codec.js').Kind<number[]>} */
const place = {
  write: list(whole).write,
  read(text) {
    const read = list(whole).read(text);
    if (read.length !== 2) throw new RangeError('no column and row');
    return read;
  },
};

/** @type {Steps} */
export const STEPS = Object.freeze({
  picture: null,
  model: null,
  class: null,
  method: null,
  layer: null,
  symbol: 'weights',
  channels: CHOSEN[0],
  except: [],
  channel: null,
  pixel: null,
  least: false,
  own: false,
});

export const steps = codec(STEPS, {
  picture: { as: 'picture', kind: variant(PICTURES) },
  model: { as: 'model', kind: variant(MODELS) },
  class: { as: 'class', kind: whole },
  method: { as: 'method', kind: words },
  layer: { as: 'layer', kind: words },
  symbol: { as: 'symbol', kind: oneOf(SYMBOLS) },
  channels: { as: 'channels', kind: oneOf(CHOSEN) },
  except: { as: 'except', kind: list(whole) },
  channel: { as: 'channel', kind: whole },
  pixel: { as: 'pixel', kind: place },
  least: { as: 'least', kind: flag },
  own: { as: 'own', kind: flag },
});
