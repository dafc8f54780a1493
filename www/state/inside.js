// What the view Look inside asks, as an address writes it.
import { codec, oneOf, variant, whole, words } from './codec.js';
import { MODELS, PICTURES } from './explain.js';

/** In which order channels stand, the initial one first. */
export const ORDERS = /** @type {const} */ (['number', 'strength']);
/** Whether all channels share one colour scale, or each has its own. */
export const SCALES = /** @type {const} */ (['shared', 'own']);

/**
 * @typedef {object} Inside
 * @property {import('./question.js').PictureSource | null} picture null: the first sample
 * @property {import('./question.js').ModelSource | null} model null: the default network
 * @property {string | null} layer null: the network's default
 * @property {number | null} channel that is looked at, 0 the first; null: the strongest
 * @property {typeof ORDERS[number]} order
 * @property {typeof SCALES[number]} scale
 */

/** @type {Inside} */
export const INSIDE = Object.freeze({
  picture: null,
  model: null,
  layer: null,
  channel: null,
  order: ORDERS[0],
  scale: SCALES[0],
});

export const inside = codec(INSIDE, {
  picture: { as: 'picture', kind: variant(PICTURES) },
  model: { as: 'model', kind: variant(MODELS) },
  layer: { as: 'layer', kind: words },
  channel: { as: 'channel', kind: whole },
  order: { as: 'order', kind: oneOf(ORDERS) },
  scale: { as: 'scale', kind: oneOf(SCALES) },
});
