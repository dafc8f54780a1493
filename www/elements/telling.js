// What the status bar tells of the work that is under way, and of what was said before it. It knows no document.
import { f, t } from '../i18n/index.js';

/**
 * `method` is the one whose steps are told; `words` says how far they are, or the bytes.
 * @typedef {{ phase: string, words: string, method: string | null, share: { done: number, total: number } | null }} Work
 *
 * @typedef {() => string} Sentence
 * @typedef {import('../engine/protocol.d.ts').Step} Step
 */

const WAIT = 'wait';
/** Milliseconds for which steps are watched before it is told how long the rest takes; and the least rest that is worth telling. */
const WATCHED = 2000;
const WORTH = 3000;

export class Telling {
  /** Milliseconds since some moment. */
  #now;
  /** The first step of a method that was told, when that was, and the last step. @type {{ first: Step, since: number, last: number } | null} */
  #pace = null;
  /** The phase that was told last, as long as the engine's work goes on. @type {string | null} */
  #phase = null;
  /** The sentence that was told last. @type {Sentence | null} */
  #told = null;
  /** One that work came after: nobody hears it again. @type {Sentence | null} */
  #over = null;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /**
   * `busy`: whether the view is at work, though the engine may have nothing to do just now. The phase before stays told then.
   * @param {import('../weights/downloads.js').Bytes | null} bytes
   * @param {import('../engine/client.js').Work | null} work
   * @param {boolean} busy
   * @returns {Work | null}
   */
  workOf(bytes, work, busy) {
    const found = bytes ? ofBytes(bytes) : work ? this.#ofEngine(work) : busy ? plain(WAIT) : null;
    if (found?.phase === WAIT) found.phase = this.#phase ?? WAIT;
    this.#phase = found && !bytes ? found.phase : null;
    return found;
  }

  /** @returns {Work} */
  #ofEngine(/** @type {import('../engine/client.js').Work} */ { phase, step }) {
    if (!step) return plain(phase);
    const left = this.#left(step);
    const far = stepWords(step);
    return { phase, words: left > WORTH ? t().page.left(far, f().roughly(left)) : far, method: step.method, share: step };
  }

  /** Milliseconds that the rest takes, if it goes on as it did so far; 0 where that is not known. */
  #left(/** @type {Step} */ step) {
    const now = this.#now();
    const pace = this.#pace;
    const goesOn = pace?.first.method === step.method && pace.first.total === step.total && pace.last <= step.done;
    if (!goesOn) {
      this.#pace = { first: step, since: now, last: step.done };
      return 0;
    }
    pace.last = step.done;
    const [took, done] = [now - pace.since, step.done - pace.first.done];
    return took < WATCHED || !done ? 0 : (took / done) * (step.total - step.done);
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
export const stepWords = (/** @type {Step} */ { method, done, total }) => farOf(method === null ? f().bytes : f().number, done, total);
