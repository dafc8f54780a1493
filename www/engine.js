// The façade over the engine's worker: the only module that makes one or posts to it.
//
// The page owns the files and the choices; a worker only holds what was computed from them, so it can be ended and
// replaced at any time. Models, pictures and explanations are handles: plain objects that say all that it takes to bring
// them to a worker, and that are completed by what the engine tells of them. The client knows by which id the present
// worker holds each, and brings what it does not hold, or holds no longer.
import { text } from './text.js';

/**
 * `kind` is 'image', 'weights', 'device' or 'request', `code` names exactly this fault, and `arguments` are what the
 * message names; after a `fatal` one the worker was replaced.
 */
export class EngineError extends Error {
  constructor({ kind, code = null, arguments: named = {}, message, fatal = false }) {
    super(message);
    Object.assign(this, { kind, code, arguments: named, fatal });
  }
}

/**
 * @import { About, Draw, Explain, Explained, Loaded, Memory, ModelFiles, Opened, RawMap } from './engine/protocol.d.ts'
 *
 * @typedef {Partial<Omit<Loaded, 'id'>> & { files: ModelFiles & { weights: File, labelsFile?: File } }} Model
 * @typedef {Partial<Omit<Opened, 'id'>> & ({ file: File } | { pixels: ImageData })} Picture
 * @typedef {Partial<Omit<Explained, 'id'>> & { model: Model, picture: Picture, request: Explain }} Explanation
 */

const cancelled = () => new DOMException('cancelled', 'AbortError');
const superseded = () => new DOMException('a newer request took its place', 'AbortError');

const MIB = 2 ** 20;
const ORIGINAL = { opacity: 0, formula: 'blend', threshold: 0 };

/** How many bytes a worker may hold: on a phone one network of ImageNet, elsewhere several. */
function defaultMemory() {
  const phone = matchMedia('(pointer: coarse)').matches;
  const gibibytes = Math.min(navigator.deviceMemory ?? 4, 8); // of the machine, where the browser tells
  return { models: (phone ? 128 : 64 * gibibytes) * MIB, pictures: 64 * MIB, explanations: 64 * MIB };
}

/** One worker's life. */
class Connection {
  established = false; // whether it has ever held all that a task asked for
  #ids = new WeakMap(); // by handle, of those that were brought to the worker
  #dropped = new Set(); // ids that the engine turned out to hold no longer
  #ended = null;
  #calls = new Map();
  #number = 0;
  #onEnd;

  constructor(onEnd) {
    this.#onEnd = onEnd;
    const name = `cam-lucida-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
    this.worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name });
    this.worker.onerror = () => this.end(new EngineError({ kind: 'device', message: text.workerFailed, fatal: true }));
    this.worker.onmessage = ({ data: { id, value, error, progress, alive } }) => {
      // See worker.js: the worker's lock falls to the page when the worker has ended without a word.
      if (alive) navigator.locks.request(name, () => this.worker.onerror());
      else if (error?.fatal) this.end(new EngineError(error));
      else if (progress) this.#calls.get(id)?.onProgress(progress);
      else {
        const { resolve, reject } = this.#calls.get(id) ?? {};
        this.#calls.delete(id);
        if (error) reject?.(error.kind === 'cancelled' ? cancelled() : new EngineError(error));
        else resolve?.(value);
      }
    };
  }

  call(name, args = [], transfer = [], onProgress = () => {}) {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const id = ++this.#number;
      this.#calls.set(id, { resolve, reject, onProgress });
      this.worker.postMessage({ id, name, args }, transfer);
    });
  }

  /** The id by which the worker holds a handle; undefined when it does not. */
  idOf(handle) {
    const id = this.#ids.get(handle);
    return this.#dropped.has(id) ? undefined : id;
  }

  /** What the engine has told of a handle that was brought to it. */
  keep(handle, { id, ...facts }) {
    this.#ids.set(handle, id);
    Object.assign(handle, facts);
  }

  forget(handle) {
    this.#ids.delete(handle);
  }

  /** The engine holds this no longer. */
  noteDropped(id) {
    this.#dropped.add(id);
  }

  end(error) {
    if (this.#ended) return;
    this.#ended = error;
    this.worker.terminate();
    for (const { reject } of this.#calls.values()) reject(error);
    this.#onEnd(this, error);
  }
}

/**
 * Fires `busy` (detail: the phase under way, or null), `progress` (detail: `{ method, done, total }`, or null where
 * the work that begins has no known end), `about` when a worker has started, and `note` (detail: a sentence) when a
 * worker was replaced. Tasks that were cancelled or overtaken reject with an AbortError.
 */
export class Engine extends EventTarget {
  /** @type {About | null} */
  about = null;
  #device;
  #memory;
  #cpuBecause = null;
  #gpuFailures = 0;
  #connection = null;
  #queue = Promise.resolve();
  #epoch = 0;
  #newest = {};
  #pending = 0;
  #phase = null;
  #lastModel = null; // the ones that were used last: a worker that takes another's place gets them at once
  #lastPicture = null;

  /**
   * `device`: 'gpu' or 'cpu' where the page's address asks for one, else null.
   * @param {{ device?: string | null, memory?: Partial<Memory> }} options
   */
  constructor({ device = null, memory = {} } = {}) {
    super();
    this.#device = device;
    this.#memory = { ...defaultMemory(), ...memory };
  }

  get worker() {
    return this.#connection?.worker;
  }

  start() {
    return this.#task(null, () => this.#with([]));
  }

  /**
   * Brings a model to the worker, and gives it completed; a newer one in the same `lane` overtakes it. Of its `files`,
   * `weights` is a File or Blob. Beside it may be what is known: `network`, a name; `config`, `preprocessor` and `labels`,
   * texts; `labelsFile`; `size`, `mean` and `std`, numbers.
   * @param {Model} model
   */
  load(model, lane = null) {
    return this.#task(lane, async (check) => {
      await this.#with([model]);
      check();
      return model;
    });
  }

  /**
   * Brings a picture to the worker, and gives it completed; a newer one in the same `lane` overtakes it.
   * @param {Picture} picture
   */
  open(picture, lane = null) {
    return this.#task(lane, async (check) => {
      await this.#with([picture]);
      check();
      return picture;
    });
  }

  /**
   * Computes an explanation, and gives it completed; a newer one in the same `lane` overtakes it.
   * @param {Explanation} explanation
   */
  explain(explanation, lane = null) {
    return this.#task(lane, async (check) => {
      await this.#with([explanation]);
      check();
      return explanation;
    });
  }

  /**
   * Explains and draws in one go, and releases the explanation then: `{ explanation, bitmaps }`, a bitmap for each class.
   * It is not told as busy, for it is meant to be asked for again and again; a newer glance in the same `lane` overtakes
   * it while it waits.
   * @param {Explanation} explanation
   * @param {Draw} style
   */
  glance(explanation, style, lane) {
    return this.#task(lane, async () => {
      await this.#with([explanation]);
      const bitmaps = [];
      for (const which of explanation.classes.keys()) bitmaps.push(await this.#paint(explanation, style, which));
      this.release(explanation);
      return { explanation, bitmaps };
    }, true);
  }

  /**
   * Draws one class of an explanation; a newer drawing overtakes it.
   * @param {Explanation} explanation
   * @param {Draw} style
   */
  draw(explanation, style, which = 0) {
    return this.#draw('draw', explanation, style, which);
  }

  /** The picture alone, cut and scaled as an explanation shows it. */
  original(explanation) {
    return this.#draw('original', explanation, { ...this.about.style, ...ORIGINAL });
  }

  /**
   * The map of one class of an explanation, as numbers.
   * @returns {Promise<RawMap>}
   */
  rawMap(explanation, which = 0) {
    return this.#task(null, () => this.#with([explanation], (connection, id) => this.#call(connection, 'raw_map', [id, which])));
  }

  /** The worker need not hold this any longer; it is brought again when it is asked for. */
  release(handle) {
    const id = this.#connection?.idOf(handle);
    if (id === undefined) return;
    this.#connection.forget(handle);
    this.#connection.call('release', [id]).catch(() => {}); // a worker that ended holds nothing
  }

  /** Ends the worker at once, and with it all that is under way or waits; a fresh one takes its place. */
  cancel() {
    this.#epoch++;
    this.#connection?.end(cancelled());
    this.#revive();
  }

  #draw(lane, explanation, style, which = 0) {
    return this.#task(lane, async (check) => {
      const bitmap = await this.#paint(explanation, style, which);
      check();
      return bitmap;
    });
  }

  async #paint(explanation, style, which) {
    const bitmap = await this.#with([explanation], (connection, id) => this.#call(connection, 'draw', [id, which, style]));
    this.#gpuFailures = 0;
    return bitmap;
  }

  /** Runs tasks one after another; of those that wait in one lane, only the newest. A quiet one is not told as busy. */
  #task(lane, work, quiet = false) {
    const epoch = this.#epoch;
    const turn = Symbol(lane);
    if (lane !== null) this.#newest[lane] = turn;
    const check = () => {
      if (epoch !== this.#epoch) throw cancelled();
      if (lane !== null && turn !== this.#newest[lane]) throw superseded();
    };
    const count = quiet ? 0 : 1;
    this.#pending += count;
    if (count) this.#tellBusy();
    const task = this.#queue.then(() => {
      check();
      return work(check);
    }).finally(() => {
      this.#pending -= count;
      if (!this.#pending) this.#phase = null;
      if (count) this.#tellBusy();
    });
    this.#queue = task.catch(() => {}); // the caller has the error; the next task runs either way
    return task;
  }

  #tellBusy() {
    this.dispatchEvent(new CustomEvent('busy', { detail: this.#pending ? (this.#phase ?? 'wait') : null }));
  }

  #call(connection, name, args, transfer) {
    const tell = (step) => this.dispatchEvent(new CustomEvent('progress', { detail: step }));
    this.#phase = name;
    this.#tellBusy();
    tell(null);
    return connection.call(name, args, transfer, tell);
  }

  async #connect() {
    if (this.#connection) return this.#connection;
    const connection = (this.#connection = new Connection((...ended) => this.#ended(...ended)));
    let choice = { gpu: false, why: this.#cpuBecause };
    try {
      if (!this.#cpuBecause) choice = await this.#call(connection, 'choose_device', [this.#device]);
      this.about = await this.#call(connection, 'start', [{ ...choice, memory: this.#memory }]);
    } catch (error) {
      connection.end(error);
      if (!choice.gpu || !error.fatal) throw error;
      this.#cpuBecause = text.why.gpuFailed(error.message);
      return this.#connect();
    }
    this.dispatchEvent(new Event('about'));
    return connection;
  }

  /**
   * What `use(connection, ...ids)` gives, by the ids of handles that the worker holds: what it does not hold is brought
   * there first, and what it turns out to have dropped, again.
   */
  async #with(handles, use = () => {}) {
    for (;;) {
      const connection = await this.#connect();
      try {
        const ids = [];
        for (const handle of handles) ids.push(await this.#idOf(connection, handle));
        connection.established = true;
        return await use(connection, ...ids);
      } catch (error) {
        if (error.code !== 'released') throw error;
        connection.noteDropped(Number(error.arguments.id));
      }
    }
  }

  async #idOf(connection, handle) {
    if (connection.idOf(handle) === undefined) connection.keep(handle, await this.#bring(connection, handle));
    if (handle.files) this.#lastModel = handle;
    else if (!handle.request) this.#lastPicture = handle;
    return connection.idOf(handle);
  }

  #bring(connection, handle) {
    if (handle.request) return this.#explain(connection, handle);
    return handle.files ? this.#load(connection, handle) : this.#open(connection, handle);
  }

  async #explain(connection, { model, picture, request }) {
    const ids = [await this.#idOf(connection, model), await this.#idOf(connection, picture)];
    return this.#call(connection, 'explain', [...ids, request]);
  }

  async #load(connection, { files: { weights, labelsFile, ...said } }) {
    if (labelsFile) said.labels = new TextDecoder().decode(await read(labelsFile, 'weights'));
    return this.#call(connection, 'load_model', [said, weights]);
  }

  async #open(connection, { file, pixels }) {
    if (pixels) return this.#call(connection, 'open_pixels', [pixels.width, pixels.height, pixels.data]);
    // A film that was dropped by mistake is not read into memory first.
    const { picture_bytes: limit } = this.about.limits;
    if (file.size > limit) throw new EngineError({ kind: 'image', message: text.pictureTooLarge(file, limit) });
    const bytes = await read(file, 'image');
    return this.#call(connection, 'open_picture', [bytes], [bytes.buffer]);
  }

  #ended(connection, error) {
    this.#connection = null;
    // A worker that never got ready is not replaced unasked: that could go on for ever. The task at hand has the error.
    if (!error.fatal || !connection.established) return;
    if (this.about?.device.kind === 'gpu' && ++this.#gpuFailures > 1) this.#cpuBecause = text.why.gpuFailed(error.message);
    this.dispatchEvent(new CustomEvent('note', { detail: text.restarted(error.message) }));
    this.#revive();
  }

  #revive() {
    const revival = this.#task('revive', () => this.#with([this.#lastModel, this.#lastPicture].filter(Boolean)), true);
    revival.catch(() => {}); // the next task meets the same obstacle, and tells its caller
  }
}

async function read(file, kind) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new EngineError({ kind, message: text.unreadable(file) });
  }
}
