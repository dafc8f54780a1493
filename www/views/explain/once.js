// Something that is fetched once for a key, whoever asks, and given up when another key is asked for.
export class Once {
  /** @type {string | null} */
  #key = null;
  /** @type {Promise<any> | null} */
  #promise = null;
  #controller = new AbortController();

  /**
   * @template T
   * @param {string} key
   * @param {(signal: AbortSignal) => Promise<T>} fetch
   * @returns {Promise<T>}
   */
  get(key, fetch) {
    if (key !== this.#key || !this.#promise) {
      this.#controller.abort();
      const controller = (this.#controller = new AbortController());
      this.#key = key;
      const promise = Promise.resolve().then(() => fetch(controller.signal));
      // What failed is tried again when it is asked for again.
      promise.catch(() => {
        if (this.#promise === promise) this.#promise = null;
      });
      this.#promise = promise;
    }
    return this.#promise;
  }
}

/**
 * What a promise gives, unless the signal aborts first; the work behind it goes on.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
export function unlessAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Waits, unless the signal aborts first. */
export const wait = (/** @type {number} */ milliseconds, /** @type {AbortSignal} */ signal) =>
  unlessAborted(new Promise((resolve) => setTimeout(resolve, milliseconds)), signal);
