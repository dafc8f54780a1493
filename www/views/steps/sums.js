// A map as the sum of its channels. All that it is made of comes from the engine; nothing but products and sums is computed here.

/**
 * @import { Chosen } from '../../state/steps.js'
 *
 * What a map is made of: `channels` channels of `width` by `height` pixels, row by row. `weights` has a number for each channel, or
 * as many as there are activations, where each pixel has its own.
 * @typedef {{ channels: number, width: number, height: number, activations: Float32Array, gradients: Float32Array | null,
 *   weights: Float32Array }} Layer
 */

/** Whether each pixel has a weight of its own. */
export const weighsPixels = (/** @type {Layer} */ { channels, weights }) => weights.length > channels;

/** By what a channel is multiplied at a pixel. */
export function weightAt(/** @type {Layer} */ layer, /** @type {number} */ channel, /** @type {number} */ pixel) {
  return layer.weights[weighsPixels(layer) ? channel * layer.width * layer.height + pixel : channel];
}

/** The part of a channel in the sum at a pixel. */
export function partAt(/** @type {Layer} */ layer, /** @type {number} */ channel, /** @type {number} */ pixel) {
  return weightAt(layer, channel, pixel) * layer.activations[channel * layer.width * layer.height + pixel];
}

/** The sum of the parts of those channels that count, before ReLU. */
export function sumOf(/** @type {Layer} */ layer, /** @type {(channel: number) => boolean} */ counts) {
  const sum = new Float64Array(layer.width * layer.height);
  for (let channel = 0; channel < layer.channels; channel++) {
    if (!counts(channel)) continue;
    for (let pixel = 0; pixel < sum.length; pixel++) sum[pixel] += partAt(layer, channel, pixel);
  }
  return sum;
}

/** What is left of a sum after ReLU. */
export const rectified = (/** @type {Float64Array} */ sum) => sum.map((value) => Math.max(value, 0));

/** What each channel adds: the mean of its part over the pixels. */
export function addedBy(/** @type {Layer} */ layer) {
  const area = layer.width * layer.height;
  return Float64Array.from({ length: layer.channels }, (_, channel) => {
    let sum = 0;
    for (let pixel = 0; pixel < area; pixel++) sum += partAt(layer, channel, pixel);
    return sum / area;
  });
}

/** The weight of each channel; of one whose pixels have weights of their own, their mean. */
export function weightsOf(/** @type {Layer} */ layer) {
  const { channels, width, height, weights } = layer;
  if (!weighsPixels(layer)) return weights;
  const area = width * height;
  const mean = (/** @type {number} */ channel) =>
    weights.subarray(channel * area, (channel + 1) * area).reduce((sum, weight) => sum + weight, 0) / area;
  return Float32Array.from({ length: channels }, (_, channel) => mean(channel));
}

/** The channels, those first that add most. */
export const orderOf = (/** @type {Float64Array} */ added) => Array.from(added.keys()).sort((one, other) => added[other] - added[one]);

/**
 * Whether a channel counts.
 * @param {{ channels: Chosen, except: number[] }} chosen
 * @param {Float64Array} added
 * @returns {(channel: number) => boolean}
 */
export function countsBy({ channels, except }, added) {
  const others = new Set(except);
  const counts = {
    all: () => true,
    positive: (/** @type {number} */ channel) => added[channel] >= 0,
    negative: (/** @type {number} */ channel) => added[channel] < 0,
    none: () => false,
  }[channels];
  return (channel) => counts(channel) !== others.has(channel);
}

/**
 * The terms of a pixel's sum: the largest of those channels that count, and all others together.
 * @param {Layer} layer
 * @param {(channel: number) => boolean} counts
 * @param {number} pixel
 * @param {number} most of the terms that are told one by one
 */
export function termsAt(layer, counts, pixel, most) {
  const channels = Array.from({ length: layer.channels }, (_, channel) => channel).filter(counts);
  const terms = channels.map((channel) => ({
    channel,
    weight: weightAt(layer, channel, pixel),
    activation: layer.activations[channel * layer.width * layer.height + pixel],
    part: partAt(layer, channel, pixel),
  }));
  terms.sort((one, other) => Math.abs(other.part) - Math.abs(one.part));
  const rest = terms.slice(most);
  return { terms: terms.slice(0, most), others: rest.length, rest: rest.reduce((sum, { part }) => sum + part, 0) };
}
