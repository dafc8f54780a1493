// The networks that come with the page, and those that it knows where to find: models/index.json lists both.
import { EngineError } from './engine.js';
import { text } from './text.js';
import { fetchModel } from './weights/model.js';
import { folderSource, MODELS } from './weights/source.js';

const refusal = (message) => new EngineError({ kind: 'weights', message });

/** What comes with the page, or null where nothing does; `downloads` runs what is fetched of it. */
export async function embeddedModels(downloads) {
  const response = await fetch(new URL('index.json', MODELS)).catch((error) => {
    throw refusal(text.indexMissing(error.message));
  });
  if (response.status === 404) return null;
  if (!response.ok) throw refusal(text.indexMissing(response.status));
  try {
    return new EmbeddedModels(JSON.parse(await response.text()), downloads);
  } catch {
    throw refusal(text.indexBroken);
  }
}

class EmbeddedModels {
  #downloads;
  #loading = new Map();

  constructor({ default: name, models, zoo = [] }, downloads) {
    this.#downloads = downloads;
    this.models = models.map((model) => ({ ...model }));
    this.default = this.named(name) ?? this.models[0];
    /** Those that do not come with the page, and may be loaded by it. */
    this.zoo = zoo.filter(({ page }) => page);
  }

  named(name) {
    return this.models.find((model) => model.name === name);
  }

  /** Those that were trained on the same kind of pictures. */
  of(data) {
    return this.models.filter((model) => model.data === data);
  }

  /** One of `models`, as the engine takes it: the same object each time, so that views share it. */
  load(entry) {
    if (!this.#loading.has(entry)) {
      const loading = this.#downloads.run(async (transfer) => ({ entry, ...(await fetchModel(sourceOf(entry), transfer)) }));
      loading.catch(() => this.#loading.delete(entry));
      this.#loading.set(entry, loading);
    }
    return this.#loading.get(entry);
  }
}

function sourceOf({ name, title, files }) {
  const { weights: [weights], config, preprocessor, ...source } =
    folderSource(new URL(`${name}/`, MODELS), title, (file) => `models/${name}/${file}`);
  const published = (file) => ({ ...file, expected: { ...files[file.path.split('/').at(-1)], exact: true } });
  return { ...source, weights: [published(weights)], config: published(config), preprocessor: published(preprocessor), complete: true };
}
