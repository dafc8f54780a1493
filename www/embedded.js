// The networks that come with the page: models/index.json lists them, with the SHA-256 of each of their files.
import { EngineError } from './engine.js';
import { text } from './text.js';

const FOLDER = new URL('../models/', import.meta.url);
const WEIGHTS = 'model.safetensors';
const CONFIG = 'config.json';
const PREPROCESSOR = 'preprocessor_config.json';

const refusal = (message) => new EngineError({ kind: 'weights', message });

/** What comes with the page, or null where nothing does. */
export async function embeddedModels() {
  const response = await get('index.json');
  if (response.status === 404) return null;
  if (!response.ok) throw refusal(text.fetchFailed('models/index.json', response.status));
  try {
    return new EmbeddedModels(JSON.parse(await response.text()));
  } catch {
    throw refusal(text.indexBroken);
  }
}

class EmbeddedModels {
  #loading = new Map();

  constructor({ default: usual, models }) {
    this.models = models.map((model) => ({ ...model }));
    this.usual = this.named(usual) ?? this.models[0];
  }

  named(name) {
    return this.models.find((model) => model.name === name);
  }

  /** Those that were trained on the same kind of pictures. */
  of(data) {
    return this.models.filter((model) => model.data === data);
  }

  /**
   * The weights of one of `models`, as the engine takes them: the same object each time, so that views share them.
   * `onProgress({ done, total })` counts bytes, and `onProgress(null)` tells that the download has ended.
   */
  load(entry, onProgress = () => {}) {
    if (!this.#loading.has(entry)) {
      const loading = download(entry, onProgress).finally(() => onProgress(null));
      loading.catch(() => this.#loading.delete(entry));
      this.#loading.set(entry, loading);
    }
    return this.#loading.get(entry);
  }
}

async function download(entry, onProgress) {
  const names = [CONFIG, PREPROCESSOR, WEIGHTS];
  const total = names.reduce((sum, name) => sum + entry.files[name].bytes, 0);
  let done = 0;
  const onBytes = (bytes) => onProgress({ done: (done += bytes), total });
  const [config, preprocessor, weights] = await Promise.all(
    names.map((name) => fetchChecked(`${entry.name}/${name}`, entry.files[name], onBytes)),
  );
  const decode = (bytes) => new TextDecoder().decode(bytes);
  const file = new File([weights], `${entry.name}/${WEIGHTS}`);
  return { entry, model: { file, config: decode(config), preprocessor: decode(preprocessor) } };
}

/** The bytes of a file, if they are the ones that were published. */
async function fetchChecked(path, { bytes: size, sha256 }, onBytes) {
  const response = await get(path);
  if (!response.ok) throw refusal(text.fetchFailed(`models/${path}`, response.status));
  const bytes = await read(response, path, onBytes);
  if (bytes.length !== size) throw refusal(text.sizeDiffers(`models/${path}`, bytes.length, size));
  // Where the page is not served securely, browsers offer no digest; the size is checked and the engine reads with care.
  if (!crypto.subtle) return bytes;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  if (hex(digest) !== sha256.toLowerCase()) throw refusal(text.digestDiffers(`models/${path}`));
  return bytes;
}

async function get(path) {
  try {
    return await fetch(new URL(path, FOLDER));
  } catch (error) {
    throw refusal(text.fetchFailed(`models/${path}`, error.message));
  }
}

async function read(response, path, onBytes) {
  const parts = [];
  try {
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      onBytes(part.value.length);
    }
  } catch (error) {
    throw refusal(text.fetchFailed(`models/${path}`, error.message));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
