// What is doubted: a heatmap, with the picture as the network sees it and the order in which the heatmap ranks its pixels.
import { requestFor } from '../../elements/game/asked.js';
import { pixelsOf as readPixels } from '../../elements/paint.js';
import { BASELINES } from '../../state/trust.js';
import { drawOf, methodOf, standardFormula, STYLE } from '../../state/question.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation } from '../../engine/handles.js'
 * @import { About, ExplainedClass } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Baseline, Trust } from '../../state/trust.js'
 * @import { Pixels } from '../../elements/paint.js'
 *
 * @typedef {object} Base
 * @property {string} key what it was asked by
 * @property {SourcedModel} model
 * @property {SourcedPicture} picture
 * @property {Explanation} explanation completed; the engine holds it as long as it is doubted
 * @property {string | null} layer null: the network's default
 * @property {ExplainedClass} of the class that it speaks for
 * @property {ImageBitmap} bitmap
 * @property {number} aspect width of what is drawn by its height
 * @property {Pixels} frame the picture as the network sees it
 * @property {Record<Baseline, Pixels>} missing what stands for its pixels where they are missing
 * @property {Uint32Array} ranking of the pixels, the hottest first
 */

/** Pixels of the longer side of what is drawn, at most. */
export const SIDE = 512;
/** The same of a small heatmap. */
export const SMALL = 256;

/** How it is drawn. */
export function drawingOf(/** @type {string} */ method, /** @type {About} */ about) {
  const style = drawOf(STYLE, about);
  return { ...style, formula: standardFormula(methodOf(about, method).output, about) };
}

/**
 * @param {Pick<import('./controller.js').Parts, 'engine' | 'pixelsOf'>} parts
 * @param {{ key: string, model: SourcedModel, picture: SourcedPicture, asked: Trust }} question
 * @param {AbortSignal} signal
 * @returns {Promise<Base>}
 */
export async function baseOf({ engine, pixelsOf = readPixels }, { key, model, picture, asked }, signal) {
  const quiet = { signal, quiet: true };
  const { width = 0, height = 0 } = await engine.open(picture, quiet);
  const about = /** @type {About} */ (engine.about.peek());
  const request = requestFor(asked, asked.class === null ? [] : [asked.class], about, Math.min(Math.max(width, height), SIDE));
  const explanation = await engine.explain(/** @type {Explanation} */ ({ model, picture, request }), { signal });
  try {
    const frame = async (/** @type {Baseline | null} */ baseline) => pixelsOf(await engine.frame(explanation, baseline, quiet));
    const ranking = await engine.rankPixels(explanation, 0, quiet);
    const missing = [];
    for (const baseline of BASELINES) missing.push([baseline, await frame(baseline)]);
    const bitmap = await engine.draw(explanation, drawingOf(request.method, about), 0, quiet);
    const [of] = /** @type {ExplainedClass[]} */ (explanation.classes);
    const { width: across, height: down } = /** @type {import('../../engine/protocol.d.ts').Size} */ (explanation.view);
    return {
      key,
      model,
      picture,
      explanation,
      layer: asked.layer,
      of,
      bitmap,
      aspect: across / down,
      frame: await frame(null),
      missing: Object.fromEntries(missing),
      ranking,
    };
  } catch (error) {
    engine.release(explanation);
    throw error;
  }
}
