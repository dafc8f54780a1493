// What a view tells: the sentence of the moment, and a failure. Sentences are functions, so that they follow the language.
import { signal } from '@preact/signals-core';

const REFUSED = 'link-refused';

/** `allowed`: what could stand there, where that is a few words. @typedef {{ name: string, found: string, allowed?: readonly string[] }} Refused */

export class Status {
  /** @type {import('@preact/signals-core').Signal<(() => string) | null>} */
  sentence = signal(null);
  /** Whether the sentence is only for those who listen: the screen shows the same in its own way. */
  aloud = signal(false);
  /** @type {import('@preact/signals-core').Signal<any>} an error */
  failure = signal(null);
  /** @type {import('@preact/signals-core').Signal<{ words: () => string, run: () => void } | null>} what can be done about it */
  remedy = signal(null);

  /** What ends the work of the view that is under way, though the engine may have nothing to do yet; null: none is. @type {import('@preact/signals-core').Signal<(() => void) | null>} */
  busy = signal(null);

  say(/** @type {() => string} */ sentence) {
    this.aloud.value = false;
    this.sentence.value = sentence;
  }

  /** Says what can be seen anyway, for a screen reader. */
  announce(/** @type {() => string} */ sentence) {
    this.aloud.value = true;
    this.sentence.value = sentence;
  }

  fail(/** @type {any} */ error, /** @type {{ words: () => string, run: () => void } | null} */ remedy = null) {
    if (error?.name === 'AbortError') return;
    this.failure.value = error;
    this.remedy.value = remedy;
  }

  /** Tells what of a link is left out, because nobody understands it: `name=found`. */
  refuse(/** @type {Refused[]} */ refused) {
    if (!refused.length) return;
    const told = this.failure.peek()?.code === REFUSED ? this.failure.peek().arguments.refused : [];
    this.fail({ kind: 'link', code: REFUSED, arguments: { refused: [...told, ...refused] } });
  }

  /** What failed goes well again; what a link says stays told. */
  recover() {
    if (this.failure.peek()?.code !== REFUSED) this.clear();
  }

  clear() {
    this.failure.value = null;
    this.remedy.value = null;
  }

  /**
   * Runs what may fail: tells of an error, keeps silent about what was cancelled or overtaken, and gives undefined then.
   * @template T
   * @param {() => Promise<T> | T} work
   * @returns {Promise<T | undefined>}
   */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }
}

/** Failures of what is computed again and again: a drag meets the same one sixty times a second, and it is told once. */
export class Repeated {
  #status;
  #remedy;
  /** What failed last. @type {string | null} */
  #last = null;

  /** `remedy`: what can be done about it. */
  constructor(/** @type {Status} */ status, /** @type {{ words: () => string, run: () => void }} */ remedy) {
    this.#status = status;
    this.#remedy = remedy;
  }

  /** `shown`: whether the view shows it in its own way, and the status is silent. */
  fail(/** @type {any} */ error, { shown = false } = {}) {
    const failed = error.code ?? error.message;
    if (!shown && failed !== this.#last) this.#status.fail(error, this.#remedy);
    this.#last = failed;
  }

  /** It goes well again. */
  recover() {
    if (this.#last) this.#status.recover();
    this.#last = null;
  }

  /** The same failure is to be told again. */
  forget() {
    this.#last = null;
  }
}
