// What is doubted: a heatmap, with the picture as the network sees it and the order in which the heatmap ranks its pixels.
import { pixelsOf as readPixels } from '../../elements/paint.js';
import { BASELINES } from '../../state/trust.js';
import { drawOf, methodOf, QUESTION, requestOf, standardFormula, STYLE, withBudget } from '../../state/question.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation } from '../../engine/handles.js'
 * @import { About, Explain, ExplainedClass } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Baseline, Trust } from '../../state/trust.js'
 * @import { Pixels } from './exchange.js'
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

/**
 * How a heatmap is asked for.
 * @param {Pick<Trust, 'method' | 'layer'>} asked
 * @param {number[]} classes
 * @param {About} about
 * @param {number} view
 */
export function requestFor({ method, layer }, classes, about, view) {
  return withBudget(requestOf({ ...QUESTION, method, layers: layer === null ? [] : [layer], classes }, about, { view }), about);
}

/** How it is drawn. */
export function drawingOf(/** @type {string} */ method, /** @type {About} */ about) {
  const style = drawOf(STYLE, about);
  return { ...style, formula: standardFormula(methodOf(about, method).output, about) };
}

/**
 * What of the question the engine or the network does not have, as a link may say it: the change that leaves it out, and a list of
 * that by the words of the address.
 * @param {Trust} asked
 * @param {SourcedModel} model
 * @param {About} about
 */
export function unfit(asked, model, about) {
  const known = {
    class: asked.class === null || asked.class < (model.classes ?? 0),
    method: asked.method === null || about.methods.some(({ name }) => name === asked.method),
    layer: asked.layer === null || (model.layers ?? []).some(({ name }) => name === asked.layer),
  };
  const names = /** @type {(keyof typeof known)[]} */ (Object.keys(known)).filter((name) => !known[name]);
  return {
    change: /** @type {Partial<Trust>} */ (Object.fromEntries(names.map((name) => [name, null]))),
    refused: names.map((name) => ({ name, found: String(asked[name]) })),
  };
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
