// What is asked of the engine: the picture that is erased from, and what the network says of what is left.
import { explained, followed, followingRequest } from '../../elements/game/followed.js';
import { pixelsOf as readPixels } from '../../elements/paint.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation } from '../../engine/handles.js'
 * @import { Class } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Stroke } from '../../state/erase.js'
 * @import { Erasure } from './erasure.js'
 *
 * What is erased from: `pixels` is the picture as the network is given it, `before` what it says of them when nothing is erased.
 * @typedef {object} Base
 * @property {string} key the sources
 * @property {SourcedModel} model
 * @property {SourcedPicture} picture
 * @property {ImageData} pixels
 * @property {Float32Array} before probabilities of all classes
 * @property {Class[]} top the most probable classes, best first
 * @property {number} predicted the first of them
 *
 * @typedef {object} Answer
 * @property {Base} base
 * @property {number} id of the class that is explained
 * @property {readonly Stroke[]} strokes
 * @property {number} share of the pixels that they erase
 * @property {Float32Array} probabilities of all classes
 * @property {Explanation} explanation completed; the engine no longer holds it
 * @property {ImageBitmap} bitmap
 */

/** Pixels of the longer side that is erased from, at most: no network sees more, and a brush must be fast. */
export const SIDE = 512;

/**
 * @param {Pick<import('./controller.js').Parts, 'engine' | 'pixelsOf'>} parts
 * @param {{ key: string, model: SourcedModel, picture: SourcedPicture }} asked
 * @param {AbortSignal} signal
 * @returns {Promise<Base>}
 */
export async function baseOf({ engine, pixelsOf = readPixels }, { key, model, picture }, signal) {
  const { width = 0, height = 0 } = await engine.open(picture, { signal });
  const longer = Math.max(width, height);
  const side = Math.min(longer, SIDE);
  /** @type {Explanation} */
  const whole = { model, picture, request: followingRequest(engine, [], side) };
  try {
    await engine.explain(whole, { signal, quiet: true });
    const pixels = pixelsOf(await engine.original(whole, { signal, quiet: true }));
    // A picture that was brought to the size is not quite the one before: what is erased from it is compared with itself.
    const { probabilities, top } = longer === side ? whole : await explained(engine, { ...whole, picture: { pixels } }, signal);
    const known = /** @type {Class[]} */ (top);
    return {
      key,
      model,
      picture,
      pixels,
      before: /** @type {Float32Array} */ (probabilities),
      top: known,
      predicted: known[0].id,
    };
  } finally {
    engine.release(whole);
  }
}

/**
 * @param {Engine} engine
 * @param {{ base: Base, erasure: Erasure, strokes: readonly Stroke[], id: number }} asked
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function answerOf(engine, { base, erasure, strokes, id }, signal) {
  const { width, height, share } = erasure;
  // As it is at this moment: the brush goes on while the engine computes.
  const pixels = /** @type {ImageData} */ ({ width, height, data: new Uint8ClampedArray(erasure.data) });
  const { probabilities, explanation, bitmap } = await followed(engine, { model: base.model, pixels, classes: [id] }, signal);
  return { base, id, strokes, share, probabilities, explanation, bitmap };
}
