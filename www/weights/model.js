// Brings together the files of a network, from this browser's store or from where they are published.
import { EngineError } from '../engine/errors.js';
import { download, Missing } from './download.js';

/**
 * @import { RemoteFile, Transfer } from './download.js'
 * @import { Source } from './source.js'
 * @import { StoredFile, Store } from './store.js'
 */

/**
 * The network of a source as the engine takes it, with `kept`: whether it is in the browser's store for the next visit;
 * null where no store was given.
 * @param {Source} source
 * @param {Transfer & { store?: Store | null, textLimit?: number }} transfer `textLimit`: bytes of a card, or of class names
 */
export async function fetchModel(source, { store = null, signal, onProgress, limit, textLimit }) {
  const record = (await store?.refresh())?.find(({ key }) => key === source.key);
  /** @type {(StoredFile & { stored: boolean })[]} */
  const files = [];

  const obtain = async (/** @type {RemoteFile} */ file, most = limit, /** @type {Transfer['onProgress']} */ tell = () => {}) => {
    const stored = await store?.read(file);
    // A file that was kept and is not there any more was damaged.
    const found = stored
      ? { blob: stored, sha256: null }
      : await download(file, { signal, onProgress: tell, limit: most, fresh: Boolean(record) });
    files.push({ url: file.url, stored: Boolean(stored), ...found });
    return found.blob;
  };
  // What was looked for in vain when the network was fetched is not looked for again.
  const absent = (/** @type {RemoteFile | null} */ file) =>
    !file || (record && filesOf(record.source).includes(file.url) && !record.urls.includes(file.url));
  const optional = async (/** @type {RemoteFile | null} */ file) => {
    if (!file || absent(file)) return null;
    if (file.text !== undefined) return file.text;
    const blob = await obtain(file, textLimit).catch((error) => {
      if (source.complete || !(error instanceof Missing)) throw error;
    });
    return blob?.text() ?? null;
  };
  const weights = async () => {
    const candidates = source.weights.filter((file) => !absent(file));
    for (const file of candidates) {
      try {
        return new File([await obtain(file, limit, onProgress)], file.path);
      } catch (error) {
        if (!(error instanceof Missing) || candidates.length === 1) throw error;
      }
    }
    const wanted = source.weights.map(({ url }) => url.split('/').at(-1));
    throw new EngineError({ kind: 'weights', code: 'fetch-no-weights', arguments: { title: source.title, files: wanted } });
  };

  const [config, preprocessor, labels, file] = await Promise.all([
    optional(source.config),
    optional(source.preprocessor),
    optional(source.labels),
    weights(),
  ]);
  signal.throwIfAborted();
  const known = record && files.every(({ url, stored }) => stored && record.urls.includes(url));
  const kept =
    store &&
    (known ||
      (await store.keep(
        recordOf(source, files),
        files.filter(({ stored }) => !stored),
      )));
  return { files: { weights: file, network: source.network, config, preprocessor, labels }, kept };
}

function filesOf(/** @type {Source} */ { weights, config, preprocessor, labels }) {
  return [...weights, config, preprocessor, labels].flatMap((file) => (file ? [file.url] : []));
}

function recordOf(/** @type {Source} */ source, /** @type {StoredFile[]} */ files) {
  return {
    key: source.key,
    title: source.title,
    bytes: files.reduce((sum, { blob }) => sum + blob.size, 0),
    urls: files.map(({ url }) => url),
    source,
  };
}
