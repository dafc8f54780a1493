// What the engine says of one picture of a round: it is asked while the visitor is still guessing.
import { pixelsOf as readPixels } from '../../elements/paint.js';
import { drawOf, FOLLOWING, QUESTION, requestOf } from '../../state/question.js';
import { Energy } from './energy.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { About, ExplainedClass, RawMap } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 *
 * @typedef {object} Seen
 * @property {SourcedPicture} picture
 * @property {ExplainedClass} of the class that the map speaks for
 * @property {string} [problem] what the network's outputs are
 * @property {ImageData} original
 * @property {ImageData} overlay the map over it
 * @property {RawMap} map
 * @property {Energy} energy
 */

/** Pixels of the longer side that is shown, at most. */
const SIDE = 512;
/** A class that the network thinks less probable is not asked about: its map would say little. */
const SEEN = 0.5;

/**
 * @param {{ engine: Engine, pixelsOf?: (bitmap: ImageBitmap) => ImageData }} parts
 * @param {{ model: SourcedModel, picture: SourcedPicture, class: string | null }} asked
 * @param {AbortSignal} signal
 * @returns {Promise<Seen>}
 */
export async function seenOf({ engine, pixelsOf = readPixels }, { model, picture, class: name }, signal) {
  const quiet = { signal, quiet: true };
  const { width = 0, height = 0 } = await engine.open(picture, quiet);
  const about = /** @type {About} */ (engine.about.peek());
  const { problem } = model;
  const id = name === null ? -1 : (model.labels ?? []).indexOf(name);
  const explain = (/** @type {number[]} */ classes) => {
    const request = requestOf({ ...QUESTION, classes }, about, { view: Math.min(Math.max(width, height), SIDE) });
    /** @type {import('../../engine/handles.js').Explanation} */
    const asked = { model, picture, request };
    return engine.explain(asked, quiet);
  };
  let explanation = await explain(id < 0 ? [] : [id]);
  if (id >= 0 && problem !== 'value' && /** @type {ExplainedClass[]} */ (explanation.classes)[0].probability < SEEN) {
    engine.release(explanation);
    explanation = await explain([]);
  }
  try {
    const [of] = /** @type {ExplainedClass[]} */ (explanation.classes);
    const map = await engine.rawMap(explanation, 0, quiet);
    const original = pixelsOf(await engine.original(explanation, quiet));
    const overlay = pixelsOf(await engine.draw(explanation, drawOf(FOLLOWING, about), 0, quiet));
    return { picture, of, problem, map, original, overlay, energy: new Energy(map, original) };
  } finally {
    engine.release(explanation);
  }
}
