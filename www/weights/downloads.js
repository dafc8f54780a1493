// The downloads under way, together: how far they are, and the way out of them.
import { signal } from '@preact/signals-core';

/** @typedef {{ done: number, total: number | null, path?: string }} Bytes `total` is null where nobody tells it, `path` names a single file */

export class Downloads {
  /** How many bytes of all have come; null when none is under way. */
  progress = signal(/** @type {Bytes | null} */ (null));
  /** @type {Map<AbortController, Bytes>} */
  #underWay = new Map();

  /**
   * What `work({ signal, onProgress })` gives by a promise. When `outer`, a signal, or `cancel()` breaks it off, it rejects
   * with an AbortError at once, whatever `work` is waiting for.
   * @template T
   * @param {(transfer: { signal: AbortSignal, onProgress: (bytes: Bytes) => void }) => Promise<T>} work
   * @param {AbortSignal} [outer]
   * @returns {Promise<T>}
   */
  async run(work, outer) {
    outer?.throwIfAborted();
    const controller = new AbortController();
    const broken = new Promise((_, reject) => controller.signal.addEventListener('abort', () => reject(controller.signal.reason)));
    const abort = () => controller.abort(outer?.reason);
    outer?.addEventListener('abort', abort);
    const onProgress = (/** @type {Bytes} */ bytes) => {
      if (controller.signal.aborted) return;
      this.#underWay.set(controller, bytes);
      this.#tell();
    };
    onProgress({ done: 0, total: null });
    try {
      return /** @type {T} */ (await Promise.race([work({ signal: controller.signal, onProgress }), broken]));
    } finally {
      outer?.removeEventListener('abort', abort);
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
    const total = all.every((one) => one.total !== null) ? all.reduce((sum, one) => sum + (one.total ?? 0), 0) : null;
    this.progress.value = all.length ? { done: all.reduce((sum, { done }) => sum + done, 0), total } : null;
  }
}
