// What a script asks, as the engine takes it. It counts to the letter: what a network or the engine does not have is an error.
import { EngineError } from '../engine/errors.js';
import { changeFrom, modelOf, pictureOf } from '../embed/asking.js';
import { givenPicture, isInline } from '../embed/given.js';
import { speaking } from '../i18n/index.js';
import { resolvePicture } from '../sources/picture.js';
import { namedModel } from '../sources/site.js';
import { explain } from '../state/explain.js';
import { drawOf, requestOf, standardFormula, withBudget } from '../state/question.js';
import { contrasts, fitted, missing, unknown } from '../views/explain/adapt.js';
import { contrastFor } from '../views/explain/contrast.js';

/**
 * @import { About, Draw, OutputInfo } from '../engine/protocol.d.ts'
 * @import { Model, Picture } from '../engine/handles.js'
 * @import { Explain } from '../state/explain.js'
 */

/** What addresses are relative to. */
export const base = () => globalThis.document?.baseURI ?? location.href;
const listed = (/** @type {any} */ one) => (one === undefined || one === null ? [] : Array.isArray(one) ? one : [one]);

/**
 * A question of options.
 * @param {Record<string, any>} options
 * @returns {Explain}
 */
export function questionFrom({ class: classes, layer, method = null, colormap = null, opacity = null, threshold = null, ...options }) {
  const asked = { method, colormap, opacity, threshold, classes: listed(classes), layers: listed(layer) };
  return { ...explain.initial, ...asked, ...changeFrom(options) };
}

/** How an output is drawn. @param {Record<string, any>} style @param {OutputInfo} output @param {About} about @returns {Draw} */
export function styleFrom(style, output, about) {
  const { colormap, formula, opacity, threshold } = questionFrom(style);
  const asked = { colormap, formula: formula ?? standardFormula(output, about), opacity, threshold };
  const { refused } = unknown({ ...explain.initial, ...asked }, about);
  if (refused.length) throw missing(refused[0]);
  for (const name of /** @type {const} */ (['opacity', 'threshold'])) {
    const share = asked[name];
    if (share !== null && !(share >= 0 && share <= 1)) throw missing({ name, found: String(share) });
  }
  return drawOf(asked, about);
}

/**
 * The request of a question that a network is asked of a picture.
 * @param {import('../engine/client.js').Engine} engine started
 * @param {{ model: Model, picture: Picture, question: Explain, spoken: import('../i18n/index.js').Spoken }} asked
 * @param {AbortSignal} signal
 */
export async function requestFrom(engine, { model, picture, question, spoken }, signal) {
  const about = /** @type {About} */ (engine.about.peek());
  const { change, left } = speaking(spoken, () => fitted(question, model, null, about));
  if (left.length) throw missing(left[0]);
  const request = withBudget(requestOf({ ...question, ...change }, about), about);
  if (contrasts(request.target)) request.target = await contrastFor(engine, { model, picture, request }, null, signal);
  return request;
}

/**
 * A network by what names it, or by its files.
 * @param {ReturnType<typeof import('../sources/site.js').siteOf>} site
 * @param {string | URL | { weights: Blob } | null | undefined} named
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export async function modelFrom(site, named, signal) {
  if (named && typeof named === 'object' && 'weights' in named) {
    const { weights, ...given } = named;
    const { size } = /** @type {{ size?: number | [number, number] }} */ (given);
    const said = typeof size === 'number' ? { ...given, size: [size, size] } : given;
    return { source: { kind: 'own', name: 'name' in weights ? weights.name : 'weights' }, files: { ...said, weights } };
  }
  const found = await namedModel(site, modelOf(named ? String(named) : null, base()), signal);
  if (!found) throw new EngineError({ kind: 'weights', code: 'index-unreachable' });
  return found;
}

/**
 * A picture by its address, or itself.
 * @param {any} site
 * @param {any} image
 * @param {AbortSignal} signal
 * @returns {Promise<any>}
 */
export async function pictureFrom(site, image, signal) {
  const address = typeof image === 'string' || image instanceof URL ? String(image) : null;
  if (address === null || isInline(address)) return { source: { kind: 'given' }, ...(await givenPicture(address ?? image)) };
  return resolvePicture(site, pictureOf(address, base()), signal);
}
