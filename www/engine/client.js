// The façade over the engine's worker: with connection.js the only module that makes one or posts to it.
//
// The page owns the files and the choices; a worker only holds what was computed from them, so it can be ended and
// replaced at any time. Models, pictures and explanations are handles (handles.js): plain objects that say all that it takes
// to bring them to a worker, and that are completed by what the engine tells of them. The client knows by which id the
// present worker holds each, and brings what it does not hold, or holds no longer.
import { signal as signalOf } from '@preact/signals-core';
import { BUILD } from './build.js';
import { Connection } from './connection.js';
import { EngineError, cancelled, gpuFailed } from './errors.js';
import { asLanguage, bring, heatmapsOf, isModel, within } from './handles.js';
import { Queue } from './queue.js';

/**
 * @import { Decomposition, Fresh, Language, Model, Phrase, Picture, Question, Word } from './handles.js'
 * @import { About, Compare, Compared, CoverMeasured, CurveMeasured, Draw, LookInside, MeasureCover, MeasureCurve, Memory, Profiled, RawMap, Score, Scored, Sheet, Step, TextRead, Why, Write, Written } from './protocol.d.ts'
 * @import { TaskOptions } from './queue.js'
 *
 * @typedef {Model | Question | Word | Fresh} Explaining models that explain
 * @typedef {import('./handles.js').Explanation<any> | Decomposition | Phrase} Drawable
 *
 * @typedef {{ phase: string, step: Step | null }} Work
 * @typedef {{ code: string, arguments: Record<string, any>, message: string }} Note
 */

const MIB = 2 ** 20;
const ORIGINAL = { opacity: 0, formula: 'blend', threshold: 0 };
/** Milliseconds after which an engine that is still starting is told as slow. Its download is the browser's own, which alone keeps the compiled code. */
const SLOW = 20_000;
/** How often one task brings a handle that the engine has dropped. */
const AGAIN = 3;
/** Calls that are too short to be told as a phase. */
const SHORT = ['draw', 'ask', 'bind_word', 'read_caption', 'frame', 'release'];

/** How many bytes a worker may hold: on a phone one network of ImageNet, elsewhere several. */
function defaultMemory() {
  const phone = matchMedia('(pointer: coarse)').matches;
  const gibibytes = Math.min(/** @type {any} */ (navigator).deviceMemory ?? 4, 8); // of the machine, where the browser tells
  const [models, files] = phone ? [128, 16] : [64 * gibibytes, 32 * gibibytes];
  return { models: models * MIB, files: files * MIB, pictures: 64 * MIB, explanations: 64 * MIB };
}

/**
 * Every task takes `{ signal, priority, quiet }`: an AbortSignal, at which its promise rejects at once; a number, of
 * which a higher one goes first; and whether `work` keeps silent about it. What a task is of may be released before it
 * has run: it rejects as aborted then, and computes nothing again.
 */
export class Engine {
  /** What the engine is and offers; null before the first worker has started. */
  about = signalOf(/** @type {About | null} */ (null));
  /** What is under way; null when nothing is, or only what is quiet. */
  work = signalOf(/** @type {Work | null} */ (null));
  /** Why a worker was replaced the last time. */
  note = signalOf(/** @type {Note | null} */ (null));
  memory;
  #device;
  /** @type {Why | null} */
  #cpuBecause = null;
  #gpuFailures = 0;
  /** Whether a task whose worker dies is begun once more: as long as nothing was drawn yet that would stay, and once. */
  #spare = true;
  /** @type {Connection | null} */
  #connection = null;
  #queue = new Queue(() => this.#tell());
  /** @type {string | null} */
  #phase = null;
  /** Whether an engine has not started for so long that it is told. */
  #slow = false;
  /** @type {Step | null} */
  #step = null;
  /** @type {Explaining | Language | null} of those that were used last: a worker that takes another's place gets them at once */
  #lastModel = null;
  /** @type {Picture | null} */
  #lastPicture = null;
  /** Whether a task is under way: it may bring what was released meanwhile. */
  #busy = false;
  /** @type {Set<object>} what was released since the task under way began */
  #released = new Set();

  /**
   * `device`: 'gpu' or 'cpu' where the page's address asks for one, else null.
   * @param {{ device?: string | null, memory?: Partial<Memory> }} options
   */
  constructor({ device = null, memory = {} } = {}) {
    this.#device = device;
    /** @type {Memory} */
    this.memory = { ...defaultMemory(), ...memory };
  }

  get worker() {
    return this.#connection?.worker;
  }

  /** @param {TaskOptions} [options] */
  start(options) {
    return this.#task(options, (signal) => this.#with([], signal, async () => {}));
  }

  /**
   * Brings a model to the worker, and gives it completed. Of its `files`, `weights` is a File or Blob. Beside it may be
   * what is known: `network`, a name; `config`, `preprocessor` and `labels`, texts; `labelsFile`; `size`, `mean` and
   * `std`, numbers; `range`, `order` and `variant`, names.
   * @template {Explaining} T
   * @param {T} model
   * @param {TaskOptions} [options]
   */
  load(model, options) {
    return this.#bringing(model, options);
  }

  /**
   * The same for a model of language, of which questions and words are asked.
   * @template {Language} T
   * @param {T} language
   * @param {TaskOptions} [options]
   */
  loadLanguage(language, options) {
    asLanguage(language);
    return this.#bringing(language, options);
  }

  /**
   * Brings a picture to the worker, and gives it completed.
   * @param {Picture} picture
   * @param {TaskOptions} [options]
   */
  open(picture, options) {
    return this.#bringing(picture, options);
  }

  /**
   * Computes an explanation, or that of a phrase, and gives it completed. When `signal` aborts, nobody has it, and it is released.
   * @template {Drawable} T
   * @param {T} explanation
   * @param {TaskOptions} [options]
   */
  explain(explanation, options) {
    const explained = this.#bringing(explanation, options);
    explained.catch(() => options?.signal?.aborted && this.release(explanation));
    return explained;
  }

  /**
   * The same of one class by one method at one layer, with all that the map is made of.
   * @param {Decomposition} decomposition
   * @param {TaskOptions} [options]
   */
  decompose(decomposition, options) {
    return this.#bringing(decomposition, options);
  }

  /**
   * Explains and draws in one go, and releases the explanation then: `{ explanation, bitmaps }`, a bitmap for each heatmap.
   * @template {Drawable} T
   * @param {T} explanation
   * @param {Draw} style
   * @param {TaskOptions} [options]
   */
  glance(explanation, style, options) {
    return this.#task(options, async (signal) => {
      try {
        await this.#with([explanation], signal, async () => {});
        const bitmaps = [];
        for (let which = 0; which < heatmapsOf(explanation); which++) bitmaps.push(await this.#paint(explanation, style, which, signal));
        return { explanation, bitmaps };
      } finally {
        this.release(explanation);
      }
    });
  }

  /**
   * Draws one heatmap of an explanation: of a class; or of a word of a phrase, and after the words of all of them.
   * @param {Drawable} explanation
   * @param {Draw} style
   * @param {number} [which]
   * @param {TaskOptions} [options]
   */
  draw(explanation, style, which = 0, options) {
    return this.#task({ ...options, of: explanation }, (signal) => this.#paint(explanation, style, which, signal));
  }

  /**
   * The picture alone, cut and scaled as an explanation shows it.
   * @param {Drawable} explanation
   * @param {TaskOptions} [options]
   */
  original(explanation, options) {
    return this.#task({ ...options, of: explanation }, async (signal) => {
      await this.#with([explanation], signal, async () => {}); // only then the engine has said how it draws
      return this.#paint(explanation, { .../** @type {About} */ (this.about.value).style, ...ORIGINAL }, 0, signal);
    });
  }

  /**
   * One heatmap of an explanation, as numbers.
   * @param {Drawable} explanation
   * @param {number} [which]
   * @param {TaskOptions} [options]
   * @returns {Promise<RawMap>}
   */
  rawMap(explanation, which = 0, options) {
    return this.#task({ ...options, of: explanation }, (signal) =>
      this.#with([explanation], signal, (connection, id) => this.#call(connection, 'raw_map', [id, which], signal)),
    );
  }

  /**
   * The pixels of the model's input, those first that a heatmap of an explanation ranks highest: row by row, 0 the first.
   * @param {import('./handles.js').Explanation<any>} explanation
   * @param {number} [which]
   * @param {TaskOptions} [options]
   * @returns {Promise<Uint32Array>}
   */
  rankPixels(explanation, which = 0, options) {
    return this.#task({ ...options, of: explanation }, (signal) =>
      this.#with([explanation.model, explanation], signal, (connection, model, id) =>
        this.#call(connection, 'rank_pixels', [model, id, which], signal),
      ),
    );
  }

  /**
   * The picture of an explanation as its model sees it, at the size of the model's input; with a baseline, `mean` or `blur`, what
   * stands for its pixels where they are missing.
   * @param {{ model: Explaining, picture: Picture, request: { preprocess: string } }} explanation
   * @param {string | null} [baseline]
   * @param {TaskOptions} [options]
   * @returns {Promise<ImageBitmap>}
   */
  frame({ model, picture, request }, baseline = null, options) {
    return this.#using([model, picture], 'frame', [request.preprocess, baseline ?? undefined], options);
  }

  /**
   * What a layer of a model puts out for a picture.
   * @param {Explaining} model
   * @param {Picture} picture
   * @param {LookInside} request
   * @param {TaskOptions} [options]
   * @returns {Promise<Sheet>}
   */
  activations(model, picture, request, options) {
    return this.#using([model, picture], 'activations', [request], options);
  }

  /**
   * What becomes of a score when what a heatmap ranks first is covered.
   * @param {import('./handles.js').Explanation<any>} explanation
   * @param {MeasureCover} request
   * @param {TaskOptions} [options]
   * @returns {Promise<CoverMeasured>}
   */
  measureCover(explanation, request, options) {
    return this.#measure('measure_cover', explanation, request, options);
  }

  /**
   * What becomes of a score while pixels are deleted or inserted in the order of a heatmap.
   * @param {import('./handles.js').Explanation<any>} explanation
   * @param {MeasureCurve} request
   * @param {TaskOptions} [options]
   * @returns {Promise<CurveMeasured>}
   */
  measureCurve(explanation, request, options) {
    return this.#measure('measure_curve', explanation, request, options);
  }

  /**
   * How long each layer of a model takes on the CPU, the median of some runs.
   * @param {Explaining} model
   * @param {number} runs
   * @param {TaskOptions} [options]
   * @returns {Promise<Profiled>}
   */
  profile(model, runs, options) {
    return this.#using([model], 'profile', [runs], options);
  }

  /**
   * How alike heatmaps of two explanations are.
   * @param {Drawable} one
   * @param {Drawable} other
   * @param {Compare} request
   * @param {TaskOptions} [options]
   * @returns {Promise<Compared>}
   */
  compare(one, other, request, options) {
    return this.#using([one, other], 'compare', [request], options);
  }

  /**
   * A caption of somebody's own in the words of a model.
   * @param {Language} language
   * @param {string} text
   * @param {TaskOptions} [options]
   * @returns {Promise<TextRead>}
   */
  readCaption(language, text, options) {
    return this.#using([asLanguage(language)], 'read_caption', [text], options);
  }

  /**
   * Captions of a picture, the most probable first.
   * @param {Language} language
   * @param {Picture} picture
   * @param {Write} request
   * @param {TaskOptions} [options]
   * @returns {Promise<Written>}
   */
  writeCaptions(language, picture, request, options) {
    return this.#using([asLanguage(language), picture], 'write_captions', [request], options);
  }

  /**
   * How probable each word of a caption of a picture is, and at last its end.
   * @param {Language} language
   * @param {Picture} picture
   * @param {Score} request
   * @param {TaskOptions} [options]
   * @returns {Promise<Scored>}
   */
  scoreCaption(language, picture, request, options) {
    return this.#using([asLanguage(language), picture], 'score_caption', [request], options);
  }

  /**
   * The worker need not hold this any longer; it is brought again when it is asked for.
   * @param {Explaining | Language | Picture | Drawable} handle
   */
  release(handle) {
    this.#queue.drop(handle, cancelled());
    if (this.#busy) this.#released.add(handle);
    this.#giveBack(handle);
  }

  #giveBack(/** @type {object} */ handle) {
    if (handle === this.#lastModel) this.#lastModel = null;
    if (handle === this.#lastPicture) this.#lastPicture = null;
    const id = this.#connection?.idOf(handle);
    if (id === undefined) return;
    this.#connection?.forget(handle);
    this.#connection?.call('release', [id]).catch(() => {}); // a worker that ended holds nothing
  }

  /** Rejects all that is under way or waits with an AbortError. */
  cancel() {
    this.#queue.clear(cancelled());
  }

  /** Ends all that is under way, and the worker, with all that it holds. The next task starts another. */
  rest() {
    this.cancel();
    const connection = this.#connection;
    if (!connection) return;
    connection.established = false; // so that none takes its place unasked
    connection.end(cancelled());
  }

  /**
   * @template T
   * @param {TaskOptions | undefined} options
   * @param {(signal: AbortSignal) => Promise<T>} work
   */
  #task(options, work) {
    return this.#queue.add(async (signal) => {
      this.#phase = this.#step = null;
      this.#busy = true;
      try {
        return await work(signal);
      } catch (error) {
        if (!error.fatal || !this.#spare || signal.aborted) throw error;
        this.#spare = false;
        return await work(signal);
      } finally {
        this.#busy = false;
        for (const handle of this.#released) this.#giveBack(handle);
        this.#released.clear();
      }
    }, options);
  }

  /**
   * What the engine answers to a call by the ids of `handles` and more arguments.
   * @param {object[]} handles
   * @param {string} name
   * @param {any[]} args
   * @param {TaskOptions} [options]
   */
  #using(handles, name, args, options) {
    return this.#task(options, (signal) =>
      this.#with(handles, signal, (connection, ...ids) => this.#call(connection, name, [...ids, ...args], signal)),
    );
  }

  /**
   * @param {string} name
   * @param {import('./handles.js').Explanation<any>} explanation
   * @param {MeasureCover | MeasureCurve} request
   * @param {TaskOptions} [options]
   */
  #measure(name, explanation, request, options) {
    const { model, picture } = explanation;
    return this.#task({ ...options, of: explanation }, (signal) =>
      this.#with([model, picture, explanation], signal, (connection, ...ids) => this.#call(connection, name, [...ids, request], signal)),
    );
  }

  /**
   * @template {Explaining | Language | Picture | Drawable} T
   * @param {T} handle
   * @param {TaskOptions} [options]
   */
  #bringing(handle, options) {
    return this.#task({ ...options, of: handle }, (signal) => this.#with([handle], signal, async () => handle));
  }

  #tell() {
    const state = this.#queue.state;
    const phase = this.#slow ? 'slow_start' : (state === 'running' && this.#phase) || 'wait';
    const step = state === 'running' ? this.#step : null;
    const told = this.work.value;
    if (state === null) this.work.value = null;
    else if (told?.phase !== phase || told.step !== step) this.work.value = { phase, step };
  }

  /**
   * @param {Drawable} explanation
   * @param {Draw} style
   * @param {number} which
   * @param {AbortSignal} signal
   * @returns {Promise<ImageBitmap>}
   */
  async #paint(explanation, style, which, signal) {
    const bitmap = await this.#with([explanation], signal, (connection, id) => this.#call(connection, 'draw', [id, which, style], signal));
    this.#gpuFailures = 0;
    this.#spare = false;
    return bitmap;
  }

  /**
   * @param {Connection} connection
   * @param {string} name
   * @param {any[]} args
   * @param {AbortSignal} [signal] none for what every later task needs too
   * @param {Transferable[]} [transfer]
   */
  #call(connection, name, args, signal, transfer) {
    const tell = (/** @type {Step | null} */ step) => {
      this.#step = step;
      this.#tell();
    };
    if (!SHORT.includes(name)) this.#phase = name;
    tell(null);
    return connection.call(name, args, { transfer, signal, onProgress: tell });
  }

  /** @returns {Promise<Connection>} */
  async #connect() {
    if (this.#connection) return this.#connection;
    const connection = (this.#connection = new Connection((...ended) => this.#ended(...ended)));
    let choice = { gpu: false, why: this.#cpuBecause };
    const slow = setTimeout(() => {
      this.#slow = true;
      this.#tell();
    }, SLOW);
    try {
      if (!this.#cpuBecause) choice = await this.#call(connection, 'choose_device', [this.#device]);
      const about = await this.#call(connection, 'start', [{ ...choice, memory: this.memory }, BUILD]);
      connection.onGpu = about.device.kind === 'gpu';
      if (choice.gpu && !connection.onGpu) {
        // What is left to do, the engine without a GPU does as well, and takes less room.
        this.#cpuBecause = about.device.why;
        connection.end(cancelled());
        return await this.#connect();
      }
      this.about.value = about;
    } catch (error) {
      connection.end(error);
      // Offline, the engine of the GPU may be missing, and the other one kept.
      if (!choice.gpu || !(error.fatal || error.code === 'engine-missing')) throw error;
      this.#cpuBecause = gpuFailed(error);
      return this.#connect();
    } finally {
      clearTimeout(slow);
      this.#slow = false;
    }
    return connection;
  }

  /**
   * What `use(connection, ...ids)` gives, by the ids of handles that the worker holds: what it does not hold is brought
   * there first, and what it turns out to have dropped, again. Where bringing one drops another each time, the memory does not
   * hold all of them.
   * @template T
   * @param {any[]} handles
   * @param {AbortSignal} signal
   * @param {(connection: Connection, ...ids: number[]) => Promise<T>} use
   */
  async #with(handles, signal, use) {
    const again = new Map(); // by handle; null for what is none of them
    for (;;) {
      const connection = await this.#connect();
      try {
        const ids = [];
        for (const handle of handles) ids.push(await this.#idOf(connection, handle, signal));
        connection.established = true;
        return await use(connection, ...ids);
      } catch (error) {
        if (error.code !== 'released') throw error;
        const dropped = Number(error.arguments.id);
        const missing = handles.flatMap(within).filter((handle) => connection.idOf(handle) === dropped);
        // None of them, where the page has released it meanwhile.
        for (const handle of missing.length ? missing : [null]) {
          if (handle) connection.forget(handle);
          again.set(handle, (again.get(handle) ?? 0) + 1);
          if (again.get(handle) > AGAIN) throw new EngineError({ kind: 'request', code: 'too-much-at-once' });
        }
      }
    }
  }

  /**
   * @param {Connection} connection
   * @param {any} handle
   * @param {AbortSignal} signal
   * @returns {Promise<number>}
   */
  async #idOf(connection, handle, signal) {
    // What an aborted task has brought in spite of that is kept: the next one may need it.
    if (connection.idOf(handle) === undefined) connection.keep(handle, await this.#bring(connection, handle, signal));
    if (isModel(handle)) this.#lastModel = handle;
    else if (!handle.request) this.#lastPicture = handle;
    return /** @type {number} */ (connection.idOf(handle));
  }

  #bring(/** @type {Connection} */ connection, /** @type {any} */ handle, /** @type {AbortSignal} */ signal) {
    return bring(handle, {
      idOf: (other) => this.#idOf(connection, other, signal),
      call: (name, args, transfer) => this.#call(connection, name, args, signal, transfer),
      about: () => /** @type {About} */ (this.about.peek()),
    });
  }

  #ended(/** @type {Connection} */ connection, /** @type {any} */ error) {
    this.#connection = null;
    if (error.fatal && connection.onGpu && ++this.#gpuFailures > 1) this.#cpuBecause = gpuFailed(error);
    // A worker that never got ready is not replaced unasked: that could go on for ever. The task at hand sees to it.
    if (!connection.established) return;
    if (error.fatal) this.note.value = { code: error.code, arguments: error.arguments, message: error.message };
    this.#revive();
  }

  /** A fresh worker gets what was used last, as soon as nothing else is to be done. */
  #revive() {
    const last = () => [this.#lastModel, this.#lastPicture].filter(Boolean);
    const options = { quiet: true, priority: -Infinity };
    const revival = this.#task(options, (signal) => this.#with(last(), signal, async () => {}));
    revival.catch(() => {}); // the next task meets the same obstacle, and tells its caller
  }
}
