// An engine with a network, for scripts: the client that the page and <cam-lucida> use, asked one question after another.
import { learnOnce } from '../embed/tongue.js';
import { Engine } from '../engine/client.js';
import { preferred } from '../i18n/languages.js';
import { moveTo } from '../site.js';
import { siteOf } from '../sources/site.js';
import { missing } from '../views/explain/adapt.js';
import { base, modelFrom, pictureFrom, questionFrom, requestFrom } from './asking.js';
import { disposed, toldIn } from './errors.js';
import { Heatmap } from './heatmap.js';
import { telling, ToldDownloads } from './progress.js';

/**
 * @import { Model, Explanation } from '../engine/handles.js'
 * @import { About } from '../engine/protocol.d.ts'
 * @import { OnProgress } from './progress.js'
 *
 * @typedef {{ model?: any, device?: 'cpu' | 'gpu' | null, base?: string | URL, lang?: 'en' | 'zh', memory?: { models?: number },
 *   onProgress?: OnProgress, signal?: AbortSignal }} LoadOptions
 */

const DEVICES = ['cpu', 'gpu'];

export class Lucida {
  #engine;
  #downloads = new ToldDownloads();
  #site;
  #spoken;
  #life = new AbortController();
  /** @type {Model & { source?: any }} */
  #model = /** @type {any} */ (null);
  #tell;

  /** @param {LoadOptions} options @param {import('../i18n/index.js').Spoken} spoken */
  constructor({ device, memory, onProgress }, spoken) {
    this.#engine = new Engine({ device, memory });
    this.#site = siteOf(this.#engine, this.#downloads);
    this.#spoken = spoken;
    this.#tell = onProgress;
  }

  /** Starts an engine and loads a network. @param {LoadOptions} options */
  static async load(options = {}) {
    const { base: folder, lang = 'en', signal } = options;
    signal?.throwIfAborted();
    if (folder !== undefined) useFiles(folder);
    const lucida = new Lucida(options, await learnOnce(preferred(lang, [])));
    try {
      await lucida.#begin(options);
      return lucida;
    } catch (error) {
      lucida.dispose();
      throw error;
    }
  }

  /** What computes: `{ kind, name, why }`. */
  get device() {
    return this.#about.device;
  }

  /** The network. */
  get model() {
    const { network, title, problem, size, classes, labels, layers, default_layer } = /** @type {Required<Model>} */ (this.#model);
    return {
      name: this.#model.source?.name ?? network,
      network,
      title,
      problem,
      size,
      classes,
      labels,
      layers,
      defaultLayer: default_layer,
    };
  }

  /** What there is to ask for, with titles, presets and settings. */
  get methods() {
    return this.#about.methods;
  }

  get colormaps() {
    return this.#about.colormaps;
  }

  /** Explains a picture. @param {any} image @param {Record<string, any>} options */
  async explain(image, { signal, onProgress: tell = this.#tell, ...options } = {}) {
    return this.#task({ tell, name: this.#model.source?.name ?? '' }, signal, async (aborted) => {
      const state = questionFrom(options);
      const model = this.#model;
      const picture = /** @type {any} */ (await this.#engine.open(await pictureFrom(this.#site, image, aborted), { signal: aborted }));
      const request = await requestFrom(this.#engine, { model, picture, question: state, spoken: this.#spoken }, aborted);
      const explanation = await this.#engine.explain(/** @type {Explanation} */ ({ model, picture, request }), { signal: aborted });
      const maps = [];
      for (const which of explanation.classes?.keys() ?? [])
        maps.push(await this.#engine.rawMap(explanation, which, { signal: aborted, priority: 1 }));
      const link = {
        ...state,
        classes: request.classes.flat(),
        picture: picture.source.kind === 'given' ? null : picture.source,
        model: model.source,
      };
      const heatmap = new Heatmap(explanation, maps, { state: link, about: this.#about, run: (work) => this.#run(work) });
      return /** @type {import('./public.d.ts').Result} */ (/** @type {unknown} */ (heatmap));
    });
  }

  /** Ends all that is under way, and the worker with all that it holds. */
  dispose() {
    this.#life.abort(new DOMException('disposed', 'AbortError'));
    this.#downloads.cancel();
    this.#engine.rest();
  }

  get #about() {
    return /** @type {About} */ (this.#engine.about.peek());
  }

  /** @param {LoadOptions} options */
  #begin({ model: named, device, signal }) {
    const name = typeof named === 'string' || named instanceof URL ? String(named) : '';
    return this.#task({ tell: this.#tell, name }, signal, async (aborted) => {
      if (device && !DEVICES.includes(device)) throw missing({ name: 'device', found: device });
      const starting = this.#engine.start({ signal: aborted });
      starting.catch(() => {}); // who loads has the error
      const found = await modelFrom(this.#site, named, aborted);
      await starting;
      this.#model = await this.#engine.load(found, { signal: aborted });
    });
  }

  /**
   * What work with the engine gives, without a word about how far it is.
   * @template T
   * @param {(engine: Engine, signal: AbortSignal) => Promise<T>} work
   */
  #run(work) {
    return this.#task({ tell: undefined, name: '' }, undefined, (signal) => work(this.#engine, signal));
  }

  /**
   * What `work` gives, as long as neither `signal` nor the end of the engine breaks it off.
   * @template T
   * @param {{ tell: OnProgress | undefined, name: string }} told
   * @param {AbortSignal | undefined} signal
   * @param {(signal: AbortSignal) => Promise<T>} work
   */
  #task(told, signal, work) {
    return toldIn(this.#spoken, async () => {
      if (this.#life.signal.aborted) throw disposed();
      signal?.throwIfAborted();
      const { aborted, end } = either(this.#life.signal, signal);
      try {
        return await telling({ ...told, engine: this.#engine, downloads: this.#downloads }, () => work(aborted));
      } finally {
        end();
      }
    });
  }
}

/** The files are in a folder: that of the site, or what the package has in `dist`. */
export function useFiles(/** @type {string | URL} */ folder) {
  moveTo(new URL(`${folder}`.replace(/\/*$/, '/'), base()));
}

/** A signal that aborts with the first of two; browsers of 2023 have no AbortSignal.any. */
function either(/** @type {AbortSignal} */ one, /** @type {AbortSignal | undefined} */ other) {
  const both = new AbortController();
  const ends = [one, other].flatMap((signal) => {
    if (!signal) return [];
    const abort = () => both.abort(signal.reason);
    signal.addEventListener('abort', abort);
    return [() => signal.removeEventListener('abort', abort)];
  });
  return { aborted: both.signal, end: () => ends.forEach((end) => end()) };
}
