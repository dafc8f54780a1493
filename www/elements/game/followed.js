// A heatmap that follows a picture whose pixels change: a brush goes over it, or a camera sees it.
import { drawOf, FOLLOWING, QUESTION, requestOf } from '../../state/question.js';
import { strength } from '../board/blend.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation } from '../../engine/handles.js'
 * @import { About, ExplainedClass } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 *
 * @typedef {object} Followed
 * @property {ExplainedClass} of the class that is explained
 * @property {Float32Array} probabilities of all classes
 * @property {Explanation} explanation completed; the engine no longer holds it
 * @property {ImageBitmap} bitmap
 */

const about = (/** @type {Engine} */ engine) => /** @type {About} */ (engine.about.peek());

/**
 * How it is asked for. No class: the one that the network predicts.
 * @param {Engine} engine @param {number[]} classes @param {number} view
 */
export const followingRequest = (engine, classes, view) => requestOf({ ...QUESTION, classes }, about(engine), { view });

/**
 * The less sure the network is, the fainter is the heatmap.
 * @param {Engine} engine
 * @param {{ model: SourcedModel, pixels: ImageData, classes: number[] }} asked
 * @param {AbortSignal} signal
 * @returns {Promise<Followed>}
 */
export function followed(engine, { model, pixels, classes }, signal) {
  const request = followingRequest(engine, classes, Math.max(pixels.width, pixels.height));
  const style = drawOf(FOLLOWING, about(engine));
  return explained(engine, { model, picture: { pixels }, request }, signal, async (explanation) => {
    const [of] = /** @type {ExplainedClass[]} */ (explanation.classes);
    const opacity = strength(style.opacity, of.probability);
    return {
      of,
      probabilities: /** @type {Float32Array} */ (explanation.probabilities),
      explanation,
      bitmap: await engine.draw(explanation, { ...style, opacity }, 0, { signal, quiet: true }),
    };
  });
}

/**
 * Explains pixels; what `use` makes of the explanation is given. The engine forgets both then.
 * @template [T=Explanation]
 * @param {Engine} engine
 * @param {Explanation} asked
 * @param {AbortSignal} signal
 * @param {(explanation: Explanation) => Promise<T>} use
 */
export async function explained(engine, asked, signal, use = async (explanation) => /** @type {T} */ (explanation)) {
  try {
    return await use(await engine.explain(asked, { signal, quiet: true }));
  } finally {
    engine.release(asked);
    engine.release(asked.picture);
  }
}
