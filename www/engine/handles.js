// The handles of the engine's client, and how each is brought to a worker. A handle says all that it takes for that, and is
// completed by what the engine tells of it.
import { decoded, isAnimation, noteOf } from './browser-picture.js';
import { EngineError } from './errors.js';
import { hasOtherColours } from './icc-profile.js';
import { textOf } from './text-file.js';

/**
 * @import { About, DeviceKind, Explain, Explained, FreshModules, LanguageLoaded, Loaded, ModelFiles, Opened, Parts, PhraseExplained, WordRead } from './protocol.d.ts'
 *
 * @typedef {ModelFiles & { weights: Blob, labelsFile?: File }} Files
 * @typedef {Partial<Omit<Loaded, 'id'>> & { files: Files }} Model
 * @typedef {Partial<Omit<LanguageLoaded, 'id'>> & { files: Files }} Language a model of language; it explains only with words
 * @typedef {Partial<Omit<Loaded, 'id'>> & { language: Language, question: string, asked?: WordRead[] }} Question
 *   a model whose classes are the answers; `asked`: the question in the model's words
 * @typedef {Partial<Omit<Loaded, 'id'>> & { language: Language, tokens: number[], place: number }} Word a model whose classes are
 *   the words that may come at `place` of a caption, 0 the first
 * @typedef {Partial<Omit<Loaded, 'id'>> & { trained: Model, fresh: FreshModules, modules?: string[] }} Fresh a model of which some
 *   modules are freshly initialised; `modules`: the names of all that have weights, from the picture to the head
 * @typedef {Partial<Omit<Opened, 'id'>> & ({ file: File, window?: Window | null } | { pixels: ImageData })} Picture
 * @typedef {import('../state/question.js').Window} Window
 *
 * @typedef {Partial<Omit<PhraseExplained, 'id'>> & { language: Language, picture: Picture, request: Explain,
 *   phrase: { tokens: number[], first: number, last: number }, device?: DeviceKind }} Phrase
 *   words of a caption to explain: a heatmap for each, and at last one of them together
 */

/**
 * @template {Model | Question | Word | Fresh} [M=Model]
 * @typedef {Partial<Omit<Explained, 'id'>> & { model: M, picture: Picture, request: Explain, device?: DeviceKind }} Explanation
 */

/** @typedef {Explanation<any> & { parts: Parts | null }} Decomposition an explanation with all that its one map is made of */

/**
 * What bringing takes of the client.
 * @typedef {object} Bringing
 * @property {(handle: object) => Promise<number>} idOf the id of another handle, which is brought first where it must be
 * @property {(name: string, args: any[], transfer?: Transferable[]) => Promise<any>} call
 * @property {() => About} about
 */

/** @type {WeakSet<object>} models of language: their handles look like those of other models */
const languages = new WeakSet();

/** The same handle, to be brought as a model of language. */
export function asLanguage(/** @type {Language} */ handle) {
  languages.add(handle);
  return handle;
}

/** @type {WeakMap<Blob, number>} */
const fileIds = new WeakMap();
let lastFileId = 0;

/** By which a worker knows a file again: each message brings it another object. */
function fileIdOf(/** @type {Blob} */ file) {
  const id = fileIds.get(file) ?? ++lastFileId;
  fileIds.set(file, id);
  return id;
}

/** Whether a handle is a model, with words or without. */
export const isModel = (/** @type {any} */ handle) => Boolean(handle.files || handle.trained || (handle.language && !handle.request));

/** How many heatmaps a completed explanation has. */
export function heatmapsOf(/** @type {any} */ { words, classes = [] }) {
  return words ? words.length + 1 : classes.length;
}

/**
 * A handle and all that it takes: what a call that names it may find missing.
 * @param {any} handle
 * @returns {any[]}
 */
export function within(handle) {
  const parts = [handle.model, handle.picture, handle.language, handle.trained];
  return [handle, ...parts.filter(Boolean).flatMap(within)];
}

/**
 * Brings a handle to a worker. What it gives has the id there, and completes the handle.
 * @param {any} handle
 * @param {Bringing} bringing
 * @returns {Promise<{ id: number } & Record<string, any>>}
 */
export function bring(handle, bringing) {
  if (handle.phrase) return explainPhrase(handle, bringing);
  if ('parts' in handle) return decompose(handle, bringing);
  if (handle.request) return explain(handle, bringing);
  if (handle.language) return bind(handle, bringing);
  if (handle.trained) return freshen(handle, bringing);
  return handle.files ? load(handle, bringing) : open(handle, bringing);
}

/** @param {Explanation<Model | Question | Word | Fresh>} handle @param {Bringing} bringing */
async function explain({ model, picture, request }, { idOf, call, about }) {
  const explained = await call('explain', [await idOf(model), await idOf(picture), request]);
  return { ...explained, device: about().device.kind };
}

/** @param {Decomposition} handle @param {Bringing} bringing */
async function decompose({ model, picture, request }, { idOf, call, about }) {
  const { explained, parts } = await call('decompose', [await idOf(model), await idOf(picture), request]);
  return { ...explained, parts, device: about().device.kind };
}

/** @param {Phrase} handle @param {Bringing} bringing */
async function explainPhrase({ language, picture, request, phrase }, { idOf, call, about }) {
  const { tokens, first, last } = phrase;
  const ids = [await idOf(asLanguage(language)), await idOf(picture)];
  const explained = await call('explain_phrase', [...ids, { tokens, first, last, how: request }]);
  return { ...explained, device: about().device.kind };
}

/** @param {Question | Word} handle @param {Bringing} bringing */
async function bind(handle, { idOf, call }) {
  const language = await idOf(asLanguage(handle.language));
  if (!('question' in handle)) return call('bind_word', [language, handle.tokens, handle.place]);
  const { question, model } = await call('ask', [language, handle.question]);
  return { ...model, asked: question.words };
}

/** @param {Model | Language} handle @param {Bringing} bringing */
async function load(handle, { call, about }) {
  const { weights, labelsFile, ...said } = handle.files;
  if (labelsFile) said.labels = await textOf(labelsFile, 'labels', about().limits);
  return call(languages.has(handle) ? 'load_language' : 'load_model', [said, weights, fileIdOf(weights)]);
}

/** @param {Fresh} handle @param {Bringing} bringing */
async function freshen({ trained, fresh }, { idOf, call }) {
  const { weights } = trained.files;
  const { model, modules } = await call('load_fresh', [await idOf(trained), fresh, weights, fileIdOf(weights)]);
  return { ...model, modules };
}

/** @param {any} handle @param {Bringing} bringing */
async function open({ file, window = null, pixels }, { call, about }) {
  if (pixels) return call('open_pixels', [pixels.width, pixels.height, pixels.data]);
  // A film that was dropped by mistake is not read into memory first.
  const { picture_bytes: limit } = about().limits;
  if (file.size > limit) {
    const named = { file: file.name, bytes: file.size, limit };
    throw new EngineError({ kind: 'image', code: 'picture-too-large', arguments: named });
  }
  const bytes = await read(file, 'image');
  const others = await hasOtherColours(bytes);
  try {
    const opened = await call('open_picture', [bytes, window], [bytes.buffer]);
    return others && !opened.range ? await converted(file, opened, call) : opened;
  } catch (error) {
    const pixels = BROWSERS_OWN.has(/** @type {EngineError} */ (error).code) ? await decoded(file) : null;
    if (!pixels) throw error;
    const opened = await call('open_pixels', [pixels.width, pixels.height, pixels.data]);
    return isAnimation(await read(file, 'image')) ? { ...opened, notes: [noteOf('picture-first-frame'), ...opened.notes] } : opened;
  }
}

/**
 * A picture that the engine has opened, in the colours that its ICC profile stands for. A note says whether the browser could tell them.
 * @param {File} file
 * @param {Opened} opened
 * @param {Bringing['call']} call
 */
async function converted(file, opened, call) {
  const pixels = await decoded(file, opened);
  if (!pixels) return { ...opened, notes: [...opened.notes, { code: 'profile-ignored', arguments: {}, message: 'profile-ignored' }] };
  const other = await call('open_pixels', [pixels.width, pixels.height, pixels.data]);
  await call('release', [opened.id]);
  return { ...other, notes: [...opened.notes, noteOf('picture-profile')] };
}

/** The errors of formats that the engine does not read, but the browser may. */
const BROWSERS_OWN = new Set(['picture-format', 'picture-avif', 'picture-heic']);

async function read(/** @type {File} */ file, /** @type {string} */ kind) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    throw new EngineError({ kind, code: 'file-unreadable', arguments: { file: file.name, cause: String(error) } });
  }
}
