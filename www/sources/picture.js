// From where a question says that its picture is to the picture as the engine takes it.
import { EngineError } from '../engine/errors.js';
import { readBoard } from '../state/board.js';
import { download } from '../weights/download.js';
import { readAddress } from '../weights/source.js';
import { Held } from './held.js';
import { limitsOf } from './limits.js';
import { ownFiles } from './own.js';
import { boardFile, samplesOf } from './samples.js';

/**
 * @import { Site } from '../main.js'
 * @import { PictureSource, Window } from '../state/question.js'
 *
 * `about` is what is known of a drawn person; null of all others.
 * @typedef {import('../engine/handles.js').Picture & { file: File, window?: Window | null, source: PictureSource, about: any }} SourcedPicture
 */

/** @type {WeakMap<Site, Held<SourcedPicture>>} */
const held = new WeakMap();

/**
 * The picture of a source, the same object as long as it is held; `null` stands for the first sample. Gives null where
 * that is asked for and the site has no samples. `window`: in place of all values of a grey picture of 16 bits.
 * @param {Site} page
 * @param {(PictureSource & { window?: Window | null }) | null} source
 * @param {AbortSignal} signal
 * @returns {Promise<SourcedPicture | null>}
 */
export async function resolvePicture(page, source, signal) {
  const found = source ?? (await defaultPicture());
  signal.throwIfAborted();
  if (!found) return null;
  const { window = null, ...asked } = /** @type {PictureSource & { window?: Window | null }} */ (found);
  if (!held.has(page)) held.set(page, new Held());
  const handles = /** @type {Held<SourcedPicture>} */ (held.get(page));
  const whole = await wholePicture(page, handles, asked, signal);
  if (!window) return whole;
  const { file, about } = whole;
  // It holds the whole one, whose file is not fetched again.
  const make = async () => ({ file, window, source: asked, about, whole });
  return handles.get({ ...asked, window, size: file.size, time: file.lastModified }, make);
}

/** @param {Site} page @param {Held<SourcedPicture>} handles @param {PictureSource} asked @param {AbortSignal} signal */
async function wholePicture(page, handles, asked, signal) {
  if (asked.kind !== 'own') return handles.get(asked, () => GET[asked.kind](page, /** @type {any} */ (asked), signal));
  const own = ownFiles(page);
  const file = await own.picture(asked.name);
  signal.throwIfAborted();
  // Another file may have the same name after those of before were forgotten.
  return handles.get({ ...asked, size: file.size, time: file.lastModified }, async () => {
    const picture = { file, source: asked, about: null };
    try {
      await page.engine.open(picture, { signal });
    } catch (/** @type {any} */ error) {
      if (error.kind === 'image') own.refuse(file, error);
      throw error;
    }
    return picture;
  });
}

/** @returns {Promise<PictureSource | null>} */
async function defaultPicture() {
  const [first] = await samplesOf('scenes').catch(sampleFault);
  return first ? { kind: 'sample', name: first.name } : null;
}

/** @type {Record<'sample' | 'address' | 'board', (page: Site, source: any, signal: AbortSignal) => Promise<SourcedPicture>>} */
const GET = {
  async sample(page, source) {
    const find = async (/** @type {'scenes' | 'people'} */ data) =>
      (await samplesOf(data).catch(sampleFault)).find(({ name }) => name === source.name);
    const sample = (await find('scenes')) ?? (await find('people'));
    if (!sample) throw new EngineError({ kind: 'image', code: 'sample-unknown', arguments: { name: source.name } });
    return { file: await sample.file(), source, about: sample.about };
  },
  async board(page, source) {
    const file = await boardFile(readBoard(source.board)).catch(sampleFault);
    if (!file) throw new EngineError({ kind: 'image', code: 'samples-unreachable' });
    return { file, source, about: null };
  },
  async address(page, source, signal) {
    const url = readAddress(source.url);
    const { picture_bytes: limit } = await limitsOf(page.engine, signal);
    const path = url.host + url.pathname;
    const { blob } = await page.downloads.run(
      (transfer) => download({ url: url.href, path }, { ...transfer, kind: 'image', limit }),
      signal,
    );
    const name = readable(url.pathname.split('/').at(-1) ?? '') || url.host;
    return { file: new File([blob], name, { type: blob.type }), source, about: null };
  },
};

/** Without its percent escapes, where they are any: `100%.png` is a name as it stands. */
function readable(/** @type {string} */ name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** @returns {never} */
function sampleFault() {
  throw new EngineError({ kind: 'image', code: navigator.onLine ? 'samples-unreachable' : 'samples-offline' });
}
