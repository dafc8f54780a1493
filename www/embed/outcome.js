// What comes of what is asked last: a promise for whoever waits, made anew when something else is asked.
import { unlessAborted } from '../views/explain/once.js';

/** @typedef {{ promise: Promise<any>, resolve: (value: any) => void, reject: (reason: any) => void }} Waiting */

export class Outcome {
  /** @type {Waiting | null} */
  #waiting = null;
  /** @type {any} */
  #reached = null;

  /** Something else is asked: who waits for what was asked before waits for this. */
  begin() {
    this.#reached = null;
  }

  reach(/** @type {any} */ result) {
    this.#reached = result;
    this.#waiting?.resolve(result);
    this.#waiting = null;
  }

  fail(/** @type {any} */ error) {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }

  /**
   * The result; rejects as soon as `signal` aborts.
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  async wait(signal) {
    signal?.throwIfAborted();
    if (this.#reached) return this.#reached;
    this.#waiting ??= withResolvers();
    const { promise } = this.#waiting;
    return signal ? unlessAborted(promise, signal) : promise;
  }
}

/** @returns {Waiting} browsers of 2023 have no Promise.withResolvers */
function withResolvers() {
  /** @type {any} */
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  made.promise.catch(() => {}); // whoever waits has the error
  return made;
}
