// How far a heatmap is, as transformers.js tells it: from what the engine and the downloads tell of all. Pure.

/**
 * @typedef {{ status: 'initiate' | 'download' | 'progress' | 'done' | 'compile' | 'compute' | 'ready', name: string,
 *   loaded?: number, total?: number | null, progress?: number | null, step?: number, steps?: number }} Told `progress` in percent
 */

const COMPILING = ['choose_device', 'start', 'slow_start', 'load_model'];

export const percent = (/** @type {number} */ done, /** @type {number | null} */ total) => (total ? (100 * done) / total : null);

/**
 * How the engine's work is told; null where it is not.
 * @param {import('../engine/client.js').Work | null} work
 * @returns {Omit<Told, 'name'> | null}
 */
export function toldOf(work) {
  if (work?.phase !== 'explain') return work && COMPILING.includes(work.phase) ? { status: 'compile' } : null;
  if (!work.step) return { status: 'compute' };
  const { done: step, total: steps } = work.step;
  return { status: 'compute', step, steps, progress: percent(step, steps) };
}

export class Progress {
  #before = '';

  /**
   * What is to be told now; null where nothing has changed.
   * @param {string} name of the network
   * @param {{ bytes: import('../weights/downloads.js').Bytes | null, work: import('../engine/client.js').Work | null, busy: boolean, failed: boolean }} state
   * @returns {Told | null}
   */
  next(name, { bytes, work, busy, failed }) {
    if (failed && !busy) this.#before = ''; // what failed is never ready
    const told = this.#tell(bytes, work, busy);
    const key = JSON.stringify(told);
    if (!told || key === this.#before) return null;
    this.#before = key;
    return { name, ...told };
  }

  /** @returns {Omit<Told, 'name'> | null} */
  #tell(
    /** @type {import('../weights/downloads.js').Bytes | null} */ bytes,
    /** @type {import('../engine/client.js').Work | null} */ work,
    /** @type {boolean} */ busy,
  ) {
    const begun = this.#before !== '' && !this.#is('ready');
    if (!busy) return begun ? { status: 'ready' } : null;
    if (!begun) return { status: 'initiate' };
    if (bytes && !bytes.done) return { status: 'download' };
    if (bytes) {
      const { done: loaded, total } = bytes;
      return { status: 'progress', loaded, total, progress: percent(loaded, total) };
    }
    if (this.#is('download') || this.#is('progress')) return { status: 'done' };
    return toldOf(work);
  }

  #is(/** @type {string} */ status) {
    return this.#before.startsWith(`{"status":"${status}"`);
  }
}
