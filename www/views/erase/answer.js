// What is asked of the engine: the picture that is erased from, and what the network says of what is left.
import { strength } from '../../elements/board/blend.js';
import { pixelsOf as readPixels } from '../../elements/paint.js';
import { drawOf, FOLLOWING, QUESTION, requestOf } from '../../state/question.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation } from '../../engine/handles.js'
 * @import { About, Class } from '../../engine/protocol.d.ts'
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

const about = (/** @type {Engine} */ engine) => /** @type {About} */ (engine.about.peek());

/** @param {Engine} engine @param {number[]} classes @param {number} view */
const request = (engine, classes, view) => requestOf({ ...QUESTION, classes }, about(engine), { view });

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
  const whole = { model, picture, request: request(engine, [], side) };
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
  const asked = { model: base.model, picture: { pixels }, request: request(engine, [id], Math.max(width, height)) };
  const style = drawOf(FOLLOWING, about(engine));
  const draw = (/** @type {Explanation} */ explanation) => {
    const opacity = strength(style.opacity, /** @type {any} */ (explanation).classes[0].probability);
    return engine.draw(explanation, { ...style, opacity }, 0, { signal, quiet: true });
  };
  return explained(engine, asked, signal, async (explanation) => ({
    base,
    id,
    strokes,
    share,
    probabilities: /** @type {Float32Array} */ (explanation.probabilities),
    explanation,
    bitmap: await draw(explanation),
  }));
}

/**
 * Explains pixels; what `use` makes of the explanation is given. The engine forgets both then.
 * @template [T=Explanation]
 * @param {Engine} engine
 * @param {Explanation} asked
 * @param {AbortSignal} signal
 * @param {(explanation: Explanation) => Promise<T>} use
 */
async function explained(engine, asked, signal, use = async (explanation) => /** @type {T} */ (explanation)) {
  try {
    return await use(await engine.explain(asked, { signal, quiet: true }));
  } finally {
    engine.release(asked);
    engine.release(asked.picture);
  }
}
