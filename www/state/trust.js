// What the view Can you trust it? asks, as an address writes it.
import { codec, oneOf, share, variant, whole, words } from './codec.js';
import { MODELS, PICTURES } from './explain.js';

/** The experiments, the initial one first. */
export const EXPERIMENTS = /** @type {const} */ (['cover', 'curves', 'weights', 'changes']);
/** What stands for a covered pixel, by the engine's names. */
export const BASELINES = /** @type {const} */ (['mean', 'blur']);
/** Of the share that is covered. */
export const SHARES = { min: 0.01, max: 0.99 };
/** Equal steps from no pixel to all of them. */
export const STEPS = 28;
/** Of the weights: the last of them has all modules fresh. */
export const FRESH = 8;

/**
 * @typedef {typeof EXPERIMENTS[number]} Experiment
 * @typedef {typeof BASELINES[number]} Baseline
 *
 * @typedef {object} Trust
 * @property {import('./question.js').PictureSource | null} picture null: the first sample
 * @property {import('./question.js').ModelSource | null} model null: the default network
 * @property {number | null} class null: the one that the network predicts
 * @property {string | null} method null: the default
 * @property {string | null} layer null: the network's default
 * @property {Experiment} experiment that is looked at
 * @property {number} share of the pixels that are covered
 * @property {Baseline} cover what stands for them
 * @property {number} step of the curves
 * @property {number} fresh step of the weights
 */

/** The nearest share that the slider has. */
export const shareOf = (/** @type {number} */ value) => Math.round(value * 100) / 100;

const covered = {
  write: share.write,
  read(/** @type {string} */ text) {
    const value = shareOf(share.read(text));
    if (value < SHARES.min || value > SHARES.max) throw new RangeError('covers nothing or all');
    return value;
  },
};

const upTo = (/** @type {number} */ max) => ({
  write: whole.write,
  read(/** @type {string} */ text) {
    const value = whole.read(text);
    if (value > max) throw new RangeError('no such step');
    return value;
  },
});

/** @type {Trust} */
export const TRUST = Object.freeze({
  picture: null,
  model: null,
  class: null,
  method: null,
  layer: null,
  experiment: EXPERIMENTS[0],
  share: 0.2,
  cover: BASELINES[0],
  step: 6,
  fresh: 0,
});

export const trust = codec(TRUST, {
  picture: { as: 'picture', kind: variant(PICTURES) },
  model: { as: 'model', kind: variant(MODELS) },
  class: { as: 'class', kind: whole },
  method: { as: 'method', kind: words },
  layer: { as: 'layer', kind: words },
  experiment: { as: 'experiment', kind: oneOf(EXPERIMENTS) },
  share: { as: 'share', kind: covered },
  cover: { as: 'cover', kind: oneOf(BASELINES) },
  step: { as: 'step', kind: upTo(STEPS) },
  fresh: { as: 'fresh', kind: upTo(FRESH) },
});
