/** Of the runs of one kind, only the newest goes on. */
export class Newest {
  /** @type {AbortController | null} */
  #current = null;

  /**
   * Aborts the run before, and gives what `work(signal)` gives; rejects with an AbortError when a newer run has begun.
   * @template T
   * @param {(signal: AbortSignal) => T | Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(work) {
    this.abort();
    const current = new AbortController();
    this.#current = current;
    try {
      const result = await work(current.signal);
      current.signal.throwIfAborted();
      return result;
    } finally {
      if (this.#current === current) this.#current = null;
    }
  }

  abort() {
    this.#current?.abort();
    this.#current = null;
  }
}
