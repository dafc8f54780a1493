// The networks that come with the page, and those that it knows where to find: models/index.json lists both.
import { EngineError } from '../engine/errors.js';
import { MODELS, reachable } from '../site.js';
import { fetchModel } from './model.js';
import { folderSource } from './source.js';

const refusal = (/** @type {string} */ code, /** @type {Record<string, string>} */ named = {}) =>
  new EngineError({ kind: 'weights', code, arguments: named, message: code });

/**
 * @import { Source, ZooEntry } from './source.js'
 *
 * An entry of models/index.json.
 * @typedef {{ name: string, title: string, network: string, data: string, task: string, classes: number, bytes: number,
 *   license: string, files: Record<string, { bytes: number, sha256: string, text?: string }>,
 *   channels?: Record<string, { bytes: number, sha256: string }> }} Entry `channels`: the files of what its channels answer to;
 *   `text`: what is in a short file, which needs no request of its own then (scripts/page.mjs)
 */

/**
 * What comes with the page, or null where nothing does; `downloads` runs what is fetched of it.
 * @param {import('./downloads.js').Downloads} downloads
 */
export async function openEmbedded(downloads) {
  const response = await fetch(await reachable(new URL('index.json', MODELS))).catch(() => {
    throw refusal(navigator.onLine ? 'index-unreachable' : 'index-offline');
  });
  if (response.status === 404) return null;
  if (!response.ok) throw refusal('index-status', { status: String(response.status) });
  try {
    return new EmbeddedModels(JSON.parse(await response.text()), downloads);
  } catch {
    throw refusal('index-broken');
  }
}

export class EmbeddedModels {
  #downloads;
  /** @type {Map<Entry, Promise<any>>} */
  #loading = new Map();

  /**
   * @param {{ default: string, models: Entry[], language?: Entry[] | null, zoo?: ZooEntry[] | null }} index
   * @param {import('./downloads.js').Downloads} downloads
   */
  constructor({ default: name, models, language, zoo }, downloads) {
    this.#downloads = downloads;
    this.models = models.map((model) => ({ ...model }));
    this.default = this.named(name) ?? this.models[0];
    /** Those that answer questions and write captions. */
    this.language = (language ?? []).map((model) => ({ ...model }));
    /** Those that do not come with the page, and may be loaded by it; the smallest first. */
    this.zoo = (zoo ?? []).filter(({ page }) => page).sort((a, b) => a.bytes - b.bytes);
  }

  named(/** @type {string} */ name) {
    return this.models.find((model) => model.name === name);
  }

  /** The network of language for a task. */
  doing(/** @type {string} */ task) {
    return this.language.find((model) => model.task === task);
  }

  /** Those that were trained on the same kind of pictures: `scenes` or `people`. */
  of(/** @type {string} */ data) {
    return this.models.filter((model) => model.data === data);
  }

  /**
   * One of `models` or `language` as the engine takes it, `{ entry, source, files, … }`: the same object each time, so that views share it.
   * @param {Entry} entry
   */
  load(entry) {
    const known = this.#loading.get(entry);
    if (known) return known;
    const loading = this.#downloads.run(async (transfer) => ({
      entry,
      source: { kind: 'embedded', name: entry.name },
      ...(await fetchModel(sourceOf(entry), transfer)),
    }));
    loading.catch(() => this.#loading.delete(entry));
    this.#loading.set(entry, loading);
    return loading;
  }
}

/** @returns {Source} */
function sourceOf(/** @type {Entry} */ { name, title, files }) {
  const {
    weights: [weights],
    config,
    preprocessor,
    ...source
  } = folderSource(new URL(`${name}/`, MODELS), title, (/** @type {string} */ file) => `models/${name}/${file}`);
  const published = (/** @type {{ path: string, url: string }} */ file) => {
    const { text, ...expected } = files[file.path.split('/').at(-1) ?? ''] ?? {};
    return { ...file, text, expected: { ...expected, exact: true } };
  };
  return {
    ...source,
    network: null,
    weights: [published(weights)],
    config: published(config),
    preprocessor: published(preprocessor),
    labels: null,
    complete: true,
  };
}
