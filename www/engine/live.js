// Keeps what is shown up with what is asked: one computation at a time, always of the newest state. States in between
// are never computed and wait nowhere, so a slow device shows fewer of them and never lags behind a queue.

/**
 * `compute()` gives, by a promise, the result for the present state, or throws. `onResult(result)` shows it. `onMark({
 * stale, stopped })` is called whenever what is shown may have become, or ceased to be, that of the present state;
 * `stopped` means that nothing is under way because the last attempt failed, of which `onFailure(error)` tells.
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

  /**
   * @param {{
   *   compute: () => Promise<any>,
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

  /** To be called at once when the state has changed. */
  touch() {
    this.#wanted++;
    this.#stopped = false;
    this.#mark();
    if (!this.#running) this.#run();
  }

  get settled() {
    return !this.#running && this.#shown === this.#wanted;
  }

  async #run() {
    this.#running = true;
    while (this.#shown !== this.#wanted && !this.#stopped) {
      const state = this.#wanted;
      try {
        const result = await this.#compute();
        this.#onResult(result);
        this.#shown = state;
      } catch (error) {
        // A newer state may fare better, and is tried at once.
        this.#stopped = state === this.#wanted;
        if (this.#stopped) this.#onFailure(error);
      }
      this.#mark();
    }
    this.#running = false;
  }

  #mark() {
    this.#onMark({ stale: this.#shown !== this.#wanted, stopped: this.#stopped });
  }
}
