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
  const words = !done ? '' : total ? farOf(f().bytes, done, total) : t().page.bytes(f().bytes(done));
  return { phase: 'download', words, method: null, share: total ? { done, total } : null };
}

/** @param {(count: number) => string} said @param {number} done @param {number} total */
const farOf = (said, done, total) => t().page.of(said(done), said(total));

/** How far work is, in words: steps of a method, or bytes of a weight file. */
export const stepWords = (/** @type {import('../engine/protocol.d.ts').Step} */ { method, done, total }) =>
  farOf(method === null ? f().bytes : f().number, done, total);

/** @returns {Work} */
function ofEngine(/** @type {import('../engine/client.js').Work} */ { phase, step }) {
  if (!step) return plain(phase);
  return { phase, words: stepWords(step), method: step.method, share: step };
}
