// What the status bar tells of the work that is under way, and of what was said before it. It knows no document.
import { f, t } from '../i18n/index.js';

/**
 * `method` is the one whose steps are told; `words` says how far they are, or the bytes.
 * @typedef {{ phase: string, words: string, method: string | null, share: { done: number, total: number } | null }} Work
 *
 * @typedef {() => string} Sentence
 */

const WAIT = 'wait';

export class Telling {
  /** The phase that was told last, as long as the engine's work goes on. @type {string | null} */
  #phase = null;
  /** The sentence that was told last. @type {Sentence | null} */
  #told = null;
  /** One that work came after: nobody hears it again. @type {Sentence | null} */
  #over = null;

  /**
   * `busy`: whether the view is at work, though the engine may have nothing to do just now. The phase before stays told then.
   * @param {import('../weights/downloads.js').Bytes | null} bytes
   * @param {import('../engine/client.js').Work | null} work
   * @param {boolean} busy
   * @returns {Work | null}
   */
  workOf(bytes, work, busy) {
    const found = bytes ? ofBytes(bytes) : work ? ofEngine(work) : busy ? plain(WAIT) : null;
    if (found?.phase === WAIT) found.phase = this.#phase ?? WAIT;
    this.#phase = found && !bytes ? found.phase : null;
    return found;
  }

  /** The sentence that is to be told now, beside no work. @returns {Sentence | null} */
  sentenceOf(/** @type {Sentence | null} */ sentence, /** @type {boolean} */ working) {
    if (working) this.#over = this.#told;
    else this.#told = sentence;
    return sentence === this.#over ? null : sentence;
  }
}

/** @returns {Work} */
const plain = (/** @type {string} */ phase) => ({ phase, words: '', method: null, share: null });

/** @returns {Work} */
function ofBytes(/** @type {import('../weights/downloads.js').Bytes} */ { done, total }) {
  const words = !done ? '' : total ? bytesOf(done, total) : t().page.bytes(f().bytes(done));
  return { phase: 'download', words, method: null, share: total ? { done, total } : null };
}

const bytesOf = (/** @type {number} */ done, /** @type {number} */ total) => t().page.bytesOf(f().bytes(done), f().bytes(total));

/** @returns {Work} */
function ofEngine(/** @type {import('../engine/client.js').Work} */ { phase, step }) {
  if (!step) return plain(phase);
  if (step.method === 'read') return { phase, words: bytesOf(step.done, step.total), method: null, share: step };
  return { phase, words: t().page.steps(f().number(step.done), f().number(step.total)), method: step.method, share: step };
}
