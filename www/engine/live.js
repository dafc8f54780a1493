// Keeps what is shown up with what is asked: one computation at a time, always of the newest state. States in between
// are never computed and wait nowhere, so a slow device shows fewer of them and never lags behind a queue. While nobody looks,
// nothing is computed.

/**
 * `compute(signal)` gives, by a promise, the result for the present state, or throws. `onResult(result)` shows it. `onMark({
 * stale, stopped })` is called whenever what is shown may have become, or ceased to be, that of the present state;
 * `stopped` means that nothing is under way because the last attempt failed, of which `onFailure(error)` tells; what was
 * aborted did not fail.
 */
export class Live {
  #compute;
  #onResult;
  #onMark;
  #onFailure;
  #wanted = 0;
  #shown = 0;
  #running = false;
  #stopped = false;
  #resting = true;
  #attempt = new AbortController();

  /**
   * @param {{
   *   compute: (signal: AbortSignal) => Promise<any>,
   *   onResult: (result: any) => void,
   *   onMark: (mark: { stale: boolean, stopped: boolean }) => void,
   *   onFailure: (error: any) => void,
   * }} what
   */
  constructor({ compute, onResult, onMark, onFailure }) {
    this.#compute = compute;
    this.#onResult = onResult;
    this.#onMark = onMark;
    this.#onFailure = onFailure;
  }

  /** To be called at once when the state has changed. While nobody looks, as at first, that is only noted. */
  touch() {
    this.#wanted++;
    this.#stopped = false;
    this.#mark();
    if (!this.#running && !this.#resting) this.#run();
  }

  /** Ends what is under way; the next change begins anew. */
  abort() {
    this.#attempt.abort();
  }

  /** Nobody looks: what is under way ends, and changes wait. */
  rest() {
    this.#resting = true;
    this.abort();
  }

  /** Somebody looks again: what is not shown yet is computed. */
  resume() {
    if (!this.#resting) return;
    this.#resting = false;
    if (this.#shown !== this.#wanted) this.touch();
  }

  get settled() {
    return !this.#running && this.#shown === this.#wanted;
  }

  async #run() {
    this.#running = true;
    while (this.#shown !== this.#wanted && !this.#stopped && !this.#resting) {
      const state = this.#wanted;
      this.#attempt = new AbortController();
      try {
        const result = await this.#compute(this.#attempt.signal);
        this.#onResult(result);
        this.#shown = state;
      } catch (error) {
        // A newer state may fare better, and is tried at once.
        this.#stopped = state === this.#wanted;
        if (this.#stopped && error?.name !== 'AbortError') this.#onFailure(error);
      }
      this.#mark();
    }
    this.#running = false;
  }

  #mark() {
    this.#onMark({ stale: this.#shown !== this.#wanted, stopped: this.#stopped });
  }
}
