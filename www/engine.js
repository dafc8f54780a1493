// The façade over the engine's worker: the only module that makes one or posts to it.
//
// The page owns the files and the choices; a worker only holds what was computed from them, so it can be ended and
// replaced at any time. Every task states what it builds on (weights, picture, explanation), and what the present
// worker does not hold yet is brought there first.
import { text } from './text.js';

/** `kind` is 'image', 'weights', 'device' or 'request'; after a `fatal` one the worker was replaced. */
export class EngineError extends Error {
  constructor({ kind, message, fatal = false }) {
    super(message);
    Object.assign(this, { kind, fatal });
  }
}

const cancelled = () => new DOMException('cancelled', 'AbortError');
const superseded = () => new DOMException('a newer request took its place', 'AbortError');

const PICTURE_LIMIT = 32 * 2 ** 20; // as in the engine, so that a film dropped by mistake is not read into memory first
const ORIGINAL = { opacity: 0, formula: 'blend', threshold: 0 };

/** One worker's life. */
class Connection {
  held = { weights: null, picture: null, explanation: null };
  established = false; // whether it has ever held all that a task asked for
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
  about = null;
  weights = null;
  picture = null;
  explanation = null;
  #device;
  #cpuBecause = null;
  #gpuFailures = 0;
  #connection = null;
  #queue = Promise.resolve();
  #epoch = 0;
  #newest = {};
  #pending = 0;
  #phase = null;

  /** `device`: 'gpu' or 'cpu' where the page's address asks for one, else null. */
  constructor({ device = null } = {}) {
    super();
    this.#device = device;
  }

  get worker() {
    return this.#connection?.worker;
  }

  start() {
    return this.#task('start', () => this.#hold({}));
  }

  /**
   * Brings weights to the worker and completes them by what it tells of them. They are `{ model }`, and a model is
   * `{ file }`, a File or Blob, with what is known beside it: `network`, a name; `config`, `preprocessor` and `labels`,
   * texts; `labelsFile`; `size`, `mean` and `std`, numbers.
   */
  load(weights) {
    return this.#task('load', async () => {
      await this.#hold({ weights });
      return weights;
    });
  }

  /** Loads weights that `explain` builds on from then on. */
  loadWeights(weights) {
    return this.#task('weights', async (check) => {
      await this.#hold({ weights });
      check();
      return (this.weights = weights);
    });
  }

  openPicture(file) {
    return this.#task('picture', async (check) => {
      const picture = { file };
      await this.#hold({ picture });
      check();
      return (this.picture = picture);
    });
  }

  /** Computes a new explanation of the present picture and weights; a newer call overtakes it. */
  explain(request) {
    return this.#task('explain', async (check) => {
      const { weights, picture } = this;
      const explanation = { request, weights, picture };
      await this.#hold({ weights, picture, explanation });
      check();
      return (this.explanation = explanation);
    });
  }

  /**
   * Explains and draws in one go, of a picture (`{ file }` or `{ pixels }`, an ImageData) and weights that need not be
   * the present ones: `{ explanation, bitmaps }`, a bitmap for each class. It is not told as busy, for it is meant to be
   * asked for again and again; a newer glance in the same `lane` overtakes it while it waits.
   */
  glance({ weights, picture, request }, style, lane) {
    return this.#task(lane, async () => {
      const explanation = { request, weights, picture };
      const connection = await this.#hold({ weights, picture, explanation });
      const bitmaps = [];
      for (const which of explanation.classes.keys()) bitmaps.push(await this.#call(connection, 'draw', [style, which]));
      this.#gpuFailures = 0;
      return { explanation, bitmaps };
    }, true);
  }

  /** Draws the last explanation: `{ bitmap, explanation }`, so that no bitmap is ever taken for another's. */
  draw(style) {
    return this.#draw('draw', style);
  }

  /** The picture alone, cut and scaled as the explanation shows it. */
  original() {
    return this.#draw('original', { ...ORIGINAL, colormap: this.about.colormaps[0] });
  }

  /** The map of one class of an explanation, as numbers. */
  rawMap(explanation = this.explanation, which = 0) {
    return this.#task('raw map', async () => {
      const connection = await this.#hold({ ...explanation, explanation });
      return this.#call(connection, 'raw_map', [which]);
    });
  }

  /** Ends the worker at once, and with it all that is under way or waits; a fresh one takes its place. */
  cancel() {
    this.#epoch++;
    this.#connection?.end(cancelled());
    this.#revive();
  }

  #draw(lane, style) {
    return this.#task(lane, async (check) => {
      const { explanation } = this;
      const connection = await this.#hold({ ...explanation, explanation });
      const bitmap = await this.#call(connection, 'draw', [style, 0]);
      check();
      this.#gpuFailures = 0;
      return { bitmap, explanation };
    });
  }

  /** Runs tasks one after another; of those that wait in one lane, only the newest. A quiet one is not told as busy. */
  #task(lane, work, quiet = false) {
    const epoch = this.#epoch;
    const turn = (this.#newest[lane] = (this.#newest[lane] ?? 0) + 1);
    const check = () => {
      if (epoch !== this.#epoch) throw cancelled();
      if (turn !== this.#newest[lane]) throw superseded();
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
      this.about = await this.#call(connection, 'start', [choice]);
    } catch (error) {
      connection.end(error);
      if (!choice.gpu || !error.fatal) throw error;
      this.#cpuBecause = text.why.gpuFailed(error.message);
      return this.#connect();
    }
    this.dispatchEvent(new Event('about'));
    return connection;
  }

  /** Brings to the worker what of `weights`, `picture` and `explanation` it does not hold yet. */
  async #hold({ weights, picture, explanation }) {
    const connection = await this.#connect();
    const { held } = connection;
    if (weights && held.weights !== weights) {
      const { file, labelsFile, ...said } = weights.model;
      if (labelsFile) said.labels = new TextDecoder().decode(await read(labelsFile, 'weights'));
      Object.assign(weights, await this.#call(connection, 'load_weights', [said, file]));
      Object.assign(held, { weights, explanation: null });
    }
    if (picture && held.picture !== picture) {
      Object.assign(picture, await this.#open(connection, picture));
      Object.assign(held, { picture, explanation: null });
    }
    if (explanation && held.explanation !== explanation) {
      Object.assign(explanation, await this.#call(connection, 'explain', [explanation.request]));
      held.explanation = explanation;
    }
    connection.established = true;
    return connection;
  }

  async #open(connection, { file, pixels }) {
    if (pixels) return this.#call(connection, 'open_pixels', [pixels.width, pixels.height, pixels.data]);
    if (file.size > PICTURE_LIMIT) throw new EngineError({ kind: 'image', message: text.pictureTooLarge(file) });
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
    const revival = this.#task('revive', () => this.#hold({ weights: this.weights, picture: this.picture }), true);
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
