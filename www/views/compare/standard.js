// The values that an axis has where nobody chose any.
import { samplesOf } from '../../sources/samples.js';
import { QUESTION, requestOf } from '../../state/question.js';
import { axesOf } from './axes.js';
import { blocksOf } from '../explain/blocks.js';

/**
 * @import { Page } from '../../main.js'
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Compare } from '../../state/compare.js'
 * @import { ModelSource, PictureSource } from '../../state/question.js'
 * @import { EmbeddedModels } from '../../weights/embedded.js'
 */

const METHODS = 8; // as many as fit beside each other on a desk
const CLASSES = 4;
const LAYERS = 6;

/** The sample pictures, those first that are of several objects. @returns {Promise<PictureSource[]>} */
export async function standardPictures() {
  const scenes = await samplesOf('scenes');
  return scenes.map(({ name }) => ({ kind: 'sample', name }));
}

/** The embedded networks that know such pictures. @returns {ModelSource[]} */
export function standardModels(/** @type {EmbeddedModels | null} */ embedded, /** @type {PictureSource | undefined} */ picture) {
  if (!embedded?.default) return [];
  const people = picture?.kind === 'sample' && /^person-/.test(picture.name);
  const { data } = people ? (embedded.models.find((one) => one.data !== embedded.default.data) ?? embedded.default) : embedded.default;
  const all = embedded.of(data);
  const first = all.includes(embedded.default) ? embedded.default : all[0];
  return [first, ...all.filter((one) => one !== first)].map(({ name }) => ({ kind: 'embedded', name }));
}

/** The first methods of the menu that give a map of a layer. */
export function standardMethods(/** @type {About} */ { methods }) {
  const suited = methods.filter(({ needs, output }) => needs !== 'nothing' && output === 'map');
  return suited.slice(0, METHODS).map(({ name }) => name);
}

/** The layers that stand for all of a network's. */
export function standardLayers(/** @type {SourcedModel | null} */ model) {
  if (!model?.layers) return [null];
  return blocksOf(model.layers, model.default_layer, LAYERS).map(({ name }) => name);
}

/**
 * The classes that the first network finds most probable in the first picture.
 * @param {import('../../engine/client.js').Engine} engine
 * @param {{ model: SourcedModel, picture: SourcedPicture }} first
 * @param {AbortSignal} signal
 */
export async function standardClasses(engine, { model, picture }, signal) {
  const about = /** @type {About} */ (engine.about.peek());
  /** @type {import('../../engine/handles.js').Explanation} */
  const explanation = { model, picture, request: requestOf(QUESTION, about) };
  try {
    await engine.explain(explanation, { signal, quiet: true });
    return (explanation.top ?? []).slice(0, CLASSES).map(({ id }) => id);
  } finally {
    engine.release(explanation);
  }
}

/** Whether the first network must say which classes are meant: all pictures differ, so of several each has its own. */
export function asksClasses(/** @type {Compare} */ state) {
  return !state.classes.length && (axesOf(state).includes('class') || !axesOf(state).includes('picture'));
}

/** Whether the first network must say which layers there are. */
export function asksLayers(/** @type {Compare} */ state) {
  return !state.layers.length && axesOf(state).includes('layer');
}
