import { scriptAddress, workerAddress } from '../site.js';
import { EngineError, cancelled } from './errors.js';
import { isAnswer, readAnswer } from './messages.js';

/** Milliseconds for which a cancelled call may go on that has told steps: between two of them it can end. */
const STEP = 300;
/** The same as a share of its longest step so far. A single input cannot be split, and a reload takes longer than it. */
const STEPS = 1.5;
/** Milliseconds for a call that has told no step, a single pass. */
const PASS = 10_000;

/**
 * @typedef {object} Call
 * @property {string} name
 * @property {(value: any) => void} resolve
 * @property {(error: any) => void} reject
 * @property {(step: any) => void} onProgress
 */

/** One worker's life. */
export class Connection {
  /** Whether it has ever held all that a task asked for. */
  established = false;
  /** Whether its engine computes, or is about to, on the GPU. */
  onGpu = false;
  /** @type {WeakMap<object, number>} by handle, of those that were brought to the worker */
  #ids = new WeakMap();
  /** @type {any} */
  #ended = null;
  /** @type {Map<number, Call>} */
  #calls = new Map();
  #number = 0;
  #onEnd;

  /** @param {(connection: Connection, error: any) => void} onEnd */
  constructor(onEnd) {
    this.#onEnd = onEnd;
    const name = `cam-lucida-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
    const { worker, origin } = startWorker(workerAddress(), name);
    this.worker = worker;
    const failed = () => this.end(new EngineError({ kind: 'device', code: 'worker-failed', fatal: true }));
    // One from another origin that does not begin was most likely refused by the policy of the document.
    const refused = (/** @type {string} */ message) =>
      this.end(new EngineError({ kind: 'device', code: 'worker-refused', arguments: { origin }, message }));
    worker.onerror = origin ? ({ message }) => refused(message) : failed;
    worker.onmessage = ({ data }) => {
      const answer = readAnswer(data);
      // Whoever waits for what is no answer would wait for ever.
      if (!answer) return this.#calls.has(data?.id) && failed();
      if ('missing' in answer) return refused(answer.missing);
      worker.onerror = failed;
      // See worker.js: the worker's lock falls to the page when the worker has ended without a word.
      if ('alive' in answer) navigator.locks?.request(name, failed);
      else if ('error' in answer && answer.error.fatal) this.end(new EngineError(answer.error));
      else this.#settle(answer, failed);
    };
  }

  /**
   * @param {import('./messages.js').Failed | import('./messages.js').Progressed | import('./messages.js').Answered} answer
   * @param {() => void} failed
   */
  #settle(answer, failed) {
    const call = this.#calls.get(/** @type {number} */ (answer.id));
    if (!call) return;
    if ('progress' in answer) return call.onProgress(answer.progress);
    if ('value' in answer && !isAnswer(call.name, answer.value)) return failed();
    this.#calls.delete(/** @type {number} */ (answer.id));
    if ('value' in answer) call.resolve(answer.value);
    else call.reject(answer.error.kind === 'cancelled' ? cancelled() : new EngineError(answer.error));
  }

  /**
   * What the worker answers. When `signal` aborts, the worker is asked to end the call; if it does not in time, it is
   * ended itself.
   * @param {string} name
   * @param {any[]} args
   * @param {{ transfer?: Transferable[], onProgress?: (step: any) => void, signal?: AbortSignal }} options
   * @returns {Promise<any>}
   */
  call(name, args = [], { transfer = [], onProgress = () => {}, signal } = {}) {
    if (this.#ended) return Promise.reject(this.#ended);
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#number;
    let [stepped, since, longest] = [false, performance.now(), 0];
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let overdue;
    const wait = () => {
      clearTimeout(overdue);
      const patience = stepped ? Math.min(Math.max(STEP, STEPS * longest), PASS) : PASS;
      overdue = setTimeout(() => this.end(signal?.reason), patience);
    };
    const abort = () => {
      this.worker.postMessage({ cancel: id });
      wait();
    };
    const answer = new Promise((resolve, reject) => {
      const tell = (/** @type {any} */ step) => {
        const [first, now] = [!stepped, performance.now()];
        longest = Math.max(longest, now - since);
        // What was read to its end is put on the device, in a single pass.
        [stepped, since] = [step.method !== null || step.done < step.total, now];
        if (!signal?.aborted) onProgress(step);
        else if (first) wait();
      };
      this.#post({ id, name, args }, transfer);
      this.#calls.set(id, { name, resolve, reject, onProgress: tell });
      signal?.addEventListener('abort', abort);
    });
    return answer.finally(() => {
      clearTimeout(overdue);
      signal?.removeEventListener('abort', abort);
    });
  }

  /** @param {{ id: number, name: string, args: any[] }} call @param {Transferable[]} transfer */
  #post(call, transfer) {
    try {
      this.worker.postMessage(call, transfer);
    } catch (/** @type {any} */ error) {
      // A function among the settings, or bytes that were given away before.
      throw new EngineError({ kind: 'request', code: 'call-not-sent', arguments: { name: call.name, cause: error.message } });
    }
  }

  /** The id by which the worker holds a handle, unless the engine has dropped it; undefined when it does not. */
  idOf(/** @type {object} */ handle) {
    return this.#ids.get(handle);
  }

  /** What the engine has told of a handle that was brought to it. */
  keep(/** @type {object} */ handle, /** @type {any} */ { id, ...facts }) {
    this.#ids.set(handle, id);
    Object.assign(handle, facts);
  }

  /** The worker does not hold this, or is told to drop it. */
  forget(/** @type {object} */ handle) {
    this.#ids.delete(handle);
  }

  end(/** @type {any} */ error) {
    if (this.#ended) return;
    this.#ended = error;
    this.worker.terminate();
    for (const { reject } of this.#calls.values()) reject(error);
    this.#calls.clear(); // what it has yet sent is of no call any more
    this.#onEnd(this, error);
  }
}

/**
 * A module worker; `origin` is that of its script where it is another than the document's. Browsers start a worker only from
 * the document's own origin, so a script from elsewhere is imported by one that is made here.
 * @param {URL} script
 * @param {string} name
 */
function startWorker(script, name) {
  if (script.origin === globalThis.origin) return { worker: new Worker(scriptAddress(script), { type: 'module', name }), origin: null };
  // Bundlers of others change what they take for an import; in a text they see none.
  const text = `(${importing})(${JSON.stringify(script.href)}, (address) => import(address))`;
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(scriptAddress(url), { name }); // no module: a frame in a sandbox may start none
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers read it only later
  return { worker, origin: script.origin };
}

/**
 * Runs in the worker, from its text alone. An `import` statement would count as a worker's script, which fewer policies
 * allow; but what is sent before the script has come waits for nobody, so it is kept.
 * @param {string} script
 * @param {(address: string) => Promise<any>} bring
 */
function importing(script, bring) {
  /** @type {any[]} */
  const early = [];
  const keep = (/** @type {MessageEvent} */ { data }) => early.push(data);
  addEventListener('message', keep);
  bring(script).then(
    () => {
      removeEventListener('message', keep);
      for (const data of early) dispatchEvent(new MessageEvent('message', { data }));
    },
    (error) => postMessage({ missing: String(error) }),
  );
}
