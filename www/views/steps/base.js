// What is taken apart: a heatmap with all numbers that it is made of, and the picture that it lies over.
import { requestFor } from '../../elements/game/asked.js';
import { pixelsOf as readPixels } from '../../elements/paint.js';
import { addedBy, orderOf, weightsOf } from './sums.js';

/**
 * @import { Decomposition } from '../../engine/handles.js'
 * @import { About, BudgetInfo, Class, ExplainedClass, Parts as Numbers, Size } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Steps } from '../../state/steps.js'
 * @import { Layer } from './sums.js'
 *
 * @typedef {object} Base
 * @property {string} key what it was asked by
 * @property {SourcedModel} model
 * @property {SourcedPicture} picture
 * @property {string} method
 * @property {ExplainedClass} of the class that it speaks for
 * @property {Class[]} top the most probable classes
 * @property {BudgetInfo | null} budget
 * @property {string} layer its name
 * @property {Layer} parts
 * @property {Float64Array} added what each channel adds
 * @property {Float32Array} weights of each channel
 * @property {number[]} order the channels, those first that add most
 * @property {ImageData} ground the picture that it lies over
 */

/** Pixels of the longer side of what is drawn, at most. */
const SIDE = 512;

/** The methods that can be taken apart. */
export const methodsOf = (/** @type {About} */ about) => about.methods.filter(({ weighted_sum: weighted }) => weighted);

/**
 * @param {Pick<import('./controller.js').Parts, 'engine' | 'pixelsOf'>} parts
 * @param {{ key: string, model: SourcedModel, picture: SourcedPicture, asked: Steps }} question
 * @param {AbortSignal} signal
 * @returns {Promise<Base>}
 */
export async function baseOf({ engine, pixelsOf = readPixels }, { key, model, picture, asked }, signal) {
  const { width = 0, height = 0 } = await engine.open(picture, { signal, quiet: true });
  const about = /** @type {About} */ (engine.about.peek());
  const request = requestFor(asked, asked.class === null ? [] : [asked.class], about, Math.min(Math.max(width, height), SIDE));
  const found = await engine.decompose(/** @type {Decomposition} */ ({ model, picture, request, parts: null }), { signal });
  try {
    const ground = pixelsOf(await engine.original(found, { signal, quiet: true }));
    const numbers = /** @type {Numbers} */ (found.parts);
    const map = /** @type {Size} */ (found.map);
    const parts = { ...numbers, width: map.width, height: map.height, channels: numbers.activations.length / (map.width * map.height) };
    const added = addedBy(parts);
    return {
      key,
      model,
      picture,
      method: request.method,
      of: /** @type {ExplainedClass[]} */ (found.classes)[0],
      top: found.top ?? [],
      budget: found.budget ?? null,
      layer: found.layers?.[0] ?? '',
      parts,
      added,
      weights: weightsOf(parts),
      order: orderOf(added),
      ground,
    };
  } finally {
    engine.release(found); // the page has all of it
  }
}
