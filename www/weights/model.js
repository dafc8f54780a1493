// Brings together the files of a source, from this browser's store or from where they are published.
import { EngineError } from '../engine.js';
import { text } from '../text.js';
import { download, Missing } from './download.js';

/**
 * The model of a source (see source.js) as the engine takes it, with `kept`: whether it is in the browser's store for the
 * next visit. A store is not needed.
 */
export async function fetchModel(source, { store = null, signal, onProgress }) {
  const record = (await store?.records())?.find(({ key }) => key === source.key);
  const files = [];

  const obtain = async (file, tell = () => {}) => {
    const stored = await store?.read(file);
    // A file that was kept and is not there any more was damaged.
    const found = stored ? { blob: stored } : await download(file, { signal, onProgress: tell, fresh: Boolean(record) });
    files.push({ url: file.url, stored: Boolean(stored), ...found });
    return found.blob;
  };
  // What was looked for in vain when the network was fetched is not looked for again.
  const absent = (file) => !file || (record && filesOf(record.source).includes(file.url) && !record.urls.includes(file.url));
  const optional = async (file) => {
    if (absent(file)) return null;
    const blob = await obtain(file).catch((error) => {
      if (source.complete || !(error instanceof Missing)) throw error;
    });
    return blob?.text() ?? null;
  };
  const weights = async () => {
    const candidates = source.weights.filter((file) => !absent(file));
    for (const file of candidates) {
      try {
        return new File([await obtain(file, onProgress)], file.path);
      } catch (error) {
        if (!(error instanceof Missing) || candidates.length === 1) throw error;
      }
    }
    throw new EngineError({ kind: 'weights', message: text.noWeights(source) });
  };

  const [config, preprocessor, labels, file] =
    await Promise.all([source.config, source.preprocessor, source.labels].map(optional).concat(weights()));
  signal.throwIfAborted();
  const known = record && files.every(({ url, stored }) => stored && record.urls.includes(url));
  const kept = store && (known || await store.keep(recordOf(source, files), files.filter(({ stored }) => !stored)));
  return { files: { weights: file, network: source.network, config, preprocessor, labels }, kept };
}

const filesOf = ({ weights, config, preprocessor, labels }) =>
  [...weights, config, preprocessor, labels].filter(Boolean).map(({ url }) => url);

const recordOf = (source, files) => ({
  key: source.key,
  title: source.title,
  bytes: files.reduce((sum, { blob }) => sum + blob.size, 0),
  urls: files.map(({ url }) => url),
  source,
});
