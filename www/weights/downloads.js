// The downloads under way, together: how far they are, and the way out of them.

export class Downloads {
  #underWay = new Map(); // how far each is, by its AbortController
  #onProgress;

  /** `onProgress` is called with `{ done, total }` in bytes, `total` being null where it is not known, and with null at the end. */
  constructor(onProgress) {
    this.#onProgress = onProgress;
  }

  /**
   * What `work({ signal, onProgress })` gives by a promise. When `outer`, a signal, or `cancel()` breaks it off, it rejects
   * with an AbortError at once, whatever `work` is waiting for.
   */
  async run(work, outer) {
    const controller = new AbortController();
    const { signal } = controller;
    const broken = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    outer?.addEventListener('abort', () => controller.abort(outer.reason));
    const onProgress = (bytes) => {
      if (signal.aborted) return;
      this.#underWay.set(controller, bytes);
      this.#tell();
    };
    onProgress({ done: 0, total: null });
    try {
      return await Promise.race([work({ signal, onProgress }), broken]);
    } finally {
      controller.abort(); // what goes on beside a part that failed
      this.#underWay.delete(controller);
      this.#tell();
    }
  }

  cancel() {
    for (const controller of this.#underWay.keys()) controller.abort();
  }

  #tell() {
    const all = [...this.#underWay.values()];
    const total = all.every(({ total: one }) => one !== null) ? all.reduce((sum, one) => sum + one.total, 0) : null;
    this.#onProgress(all.length ? { done: all.reduce((sum, { done }) => sum + done, 0), total } : null);
  }
}
