// What is asked of the engine for one state of the board and its question, and what is kept of the answer: the numbers and
// the values of the maps, so that a new look computes nothing.
import { pixelsOf, rangeOf } from '../../elements/paint.js';
import { QUESTION, requestOf, withBudget } from '../../state/question.js';
import { knownOf, probable } from './choice.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation, Language, Picture, Question } from '../../engine/handles.js'
 * @import { About, Class, ExplainedClass, RawMap, WordRead } from '../../engine/protocol.d.ts'
 * @import { Scale } from '../../elements/paint.js'
 * @import { Ask, Sum } from '../../state/ask.js'
 *
 * @typedef {object} Maps of one layer, on one scale
 * @property {string} layer
 * @property {RawMap[]} maps one for each sum
 * @property {ExplainedClass[]} of
 * @property {Scale} scale
 *
 * @typedef {object} Answer
 * @property {string} question
 * @property {WordRead[]} read the question in the network's words
 * @property {number} words how many the network knows
 * @property {string[]} answers all that there are
 * @property {Class[]} top the most probable ones, best first
 * @property {Sum[]} sums those that are explained
 * @property {string[]} layers those that the network has
 * @property {string} usual its default layer
 * @property {Maps[]} shown of the layer, and of the one beside it
 * @property {Maps[] | null} before what the encoder's last layer and the network's default layer respond to, whatever the answer
 * @property {ImageData} picture as the maps cover it
 * @property {string} method
 * @property {string | undefined} device
 * @property {number} milliseconds
 */

/** The longer side of what is drawn, in pixels. */
export const SIDE = 384;
/** The last layer that no question has touched. */
export const ENCODED = 'layer4';
/** The layer that tells where the question looks first. */
export const GLANCE = 'glance';
/** The layer that tells which part of the picture the question goes on with. */
export const REGION = 'region';
/** The layer that tells where the answer is read. */
export const GATE = 'gate';
/** The method that shows what a layer responds to; it asks for no answer. */
const RESPONSE = 'eigen-cam';

/** Methods whose maps can be compared: of one channel, at a layer. */
export const offeredMethods = (/** @type {About} */ about) =>
  about.methods.filter(({ needs, output }) => needs !== 'nothing' && output === 'map');

/**
 * @typedef {object} Asked
 * @property {Language} language
 * @property {Question} question
 * @property {Picture} picture
 * @property {Ask} state
 * @property {Sum[]} guess the answers that are probably explained, where none are chosen
 *
 * @param {Engine} engine
 * @param {Asked} asked
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function answerOf(engine, { language, question, picture, state, guess }, signal) {
  await engine.load(question, { signal, quiet: true });
  const about = /** @type {About} */ (engine.about.peek());
  const answers = /** @type {string[]} */ (question.labels);
  const layers = (question.layers ?? []).map(({ name }) => name);
  const usual = /** @type {string} */ (question.default_layer);
  const method = offeredMethods(about).find(({ name }) => name === state.method)?.name ?? null;
  const layer = layerOf(state.layer, layers) ?? usual;
  const beside = layerOf(state.beside, layers);

  const asks = (/** @type {string} */ at, /** @type {Sum[]} */ sums, /** @type {string | null} */ by) => {
    const classes = sums.map((sum) => sum.map((name) => answers.indexOf(name)));
    const request = requestOf({ ...QUESTION, method: by, layers: [at] }, about, { view: SIDE });
    return mapsOf(engine, { model: question, picture, request: withBudget({ ...request, classes }, about) }, at, signal);
  };

  const { known } = knownOf(state.answers, answers);
  let sums = known.length ? known : knownOf(guess, answers).known;
  let first = await asks(layer, sums, method);
  const top = /** @type {Class[]} */ (first.explanation.top);
  if (!known.length) {
    const wanted = probable(top);
    if (JSON.stringify(wanted) !== JSON.stringify(sums)) first = await asks(layer, (sums = wanted), method);
  }
  const shown = [first.maps];
  if (beside && beside !== layer) shown.push((await asks(beside, sums, method)).maps);
  const before = state.before ? [(await asks(ENCODED, [], RESPONSE)).maps, (await asks(usual, [], RESPONSE)).maps] : null;

  const { explanation } = first;
  return {
    question: question.question,
    read: question.asked ?? [],
    words: (language.words ?? []).filter((word) => !word.startsWith('<')).length,
    answers,
    top,
    sums,
    layers,
    usual,
    shown,
    before,
    picture: 'pixels' in picture ? picture.pixels : first.original,
    method: /** @type {string} */ (explanation.method),
    device: explanation.device,
    milliseconds: (explanation.times ?? []).reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  };
}

const layerOf = (/** @type {string | null} */ asked, /** @type {string[]} */ layers) => layers.find((name) => name === asked) ?? null;

/**
 * @param {Engine} engine
 * @param {Explanation<Question>} explanation
 * @param {string} layer
 * @param {AbortSignal} signal
 * @returns {Promise<{ explanation: Explanation<Question>, maps: Maps, original: ImageData }>}
 */
async function mapsOf(engine, explanation, layer, signal) {
  const rest = { signal, quiet: true, priority: 1 };
  try {
    await engine.explain(explanation, {
      signal,
      quiet: !engine.about.peek()?.methods.find(({ name }) => name === explanation.request.method)?.settings.length,
    });
    const of = explanation.classes ?? [];
    /** @type {RawMap[]} */
    const maps = [];
    for (const which of of.keys()) maps.push(await engine.rawMap(explanation, which, rest));
    const original = 'pixels' in explanation.picture ? explanation.picture.pixels : pixelsOf(await engine.original(explanation, rest));
    const ranges = maps.map(({ data }) => rangeOf(data));
    const scale = { min: Math.min(...ranges.map(({ min }) => min)), max: Math.max(...ranges.map(({ max }) => max)) };
    return { explanation, maps: { layer, maps, of, scale }, original };
  } finally {
    engine.release(explanation);
  }
}
