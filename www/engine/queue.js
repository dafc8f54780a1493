/**
 * @typedef {{ signal?: AbortSignal, priority?: number, quiet?: boolean, of?: object }} TaskOptions `of`: what the task is
 *   dropped with
 *
 * @typedef {object} Task
 * @property {(signal: AbortSignal) => Promise<any>} work
 * @property {number} priority
 * @property {boolean} quiet
 * @property {object | undefined} of
 * @property {AbortController} controller
 * @property {(value: any) => void} resolve
 * @property {(reason: any) => void} reject
 */

/**
 * Runs tasks one after another: of those that wait, the one of the highest priority, of several the first that came.
 * An aborted task rejects at once; one that runs keeps its turn until its work has ended.
 */
export class Queue {
  /** @type {Task[]} */
  #waiting = [];
  /** @type {Task | null} */
  #running = null;
  #onChange;

  /** @param {() => void} onChange called when a task comes, begins, ends or is aborted */
  constructor(onChange = () => {}) {
    this.#onChange = onChange;
  }

  /**
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} work
   * @param {TaskOptions} options
   * @returns {Promise<T>}
   */
  add(work, { signal, priority = 0, quiet = false, of } = {}) {
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const task = { work, priority, quiet, of, controller: new AbortController(), resolve, reject };
      const abort = () => this.#abort(task, signal?.reason);
      const settled = (/** @type {(value: any) => void} */ settle) => (/** @type {any} */ value) => {
        signal?.removeEventListener('abort', abort);
        settle(value);
      };
      task.resolve = settled(resolve);
      task.reject = settled(reject);
      signal?.addEventListener('abort', abort);
      const behind = this.#waiting.findIndex((other) => other.priority < priority);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, task);
      this.#onChange();
      // Tasks that come in one go are sorted before the first begins.
      queueMicrotask(() => this.#next());
    });
  }

  /** Aborts all that runs or waits. */
  clear(/** @type {any} */ reason) {
    for (const task of this.#all) this.#abort(task, reason);
  }

  /** Aborts what runs or waits and is of one thing. */
  drop(/** @type {object} */ thing, /** @type {any} */ reason) {
    for (const task of this.#all) if (task.of === thing) this.#abort(task, reason);
  }

  /** Whether a task that is to be told runs: 'running'; or only waits: 'waiting'; or neither: null. */
  get state() {
    const running = this.#running;
    if (running && !running.quiet && !running.controller.signal.aborted) return 'running';
    return this.#waiting.some(({ quiet }) => !quiet) ? 'waiting' : null;
  }

  get #all() {
    return [...(this.#running ? [this.#running] : []), ...this.#waiting];
  }

  #abort(/** @type {Task} */ task, /** @type {any} */ reason) {
    this.#waiting = this.#waiting.filter((other) => other !== task);
    task.controller.abort(reason);
    task.reject(reason);
    this.#onChange();
  }

  async #next() {
    const task = this.#running ? undefined : this.#waiting.shift();
    if (!task) return;
    this.#running = task;
    this.#onChange();
    try {
      task.resolve(await task.work(task.controller.signal));
    } catch (error) {
      task.reject(error);
    }
    this.#running = null;
    this.#onChange();
    this.#next();
  }
}
