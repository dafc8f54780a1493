// Fetches the lessons that are listed, and the one that is on paper. It knows no document; the element reads its signals.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { t } from '../../i18n/index.js';
import { OWN } from '../../lessons/load.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Lesson } from '../../lessons/read.js'
 * @import { Lessons } from '../../state/lessons.js'
 *
 * @typedef {object} Parts
 * @property {Signal<Lessons>} state
 * @property {import('../../state/status.js').Status} status
 * @property {(source: string, signal: AbortSignal) => Promise<Lesson>} load
 */

export class Controller {
  /** Those that are here, by name or address. @type {Signal<ReadonlyMap<string, Lesson>>} */
  lessons = signal(new Map());
  /** Why the lesson that is asked for on paper is not there. @type {Signal<any>} */
  failure = signal(null);
  active = signal(false);
  /** The lesson on paper, as soon as it is there; null where all are listed. */
  paper = computed(() => {
    const { lesson } = this.state.value;
    return lesson === null ? null : (this.lessons.value.get(lesson) ?? null);
  });
  #run = new AbortController();
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.state = parts.state;
    this.status = parts.status;
  }

  /** Whether all is there that is asked for. */
  get settled() {
    return this.#wanted().length === 0;
  }

  connect() {
    this.#effects = [
      effect(() => {
        void this.state.value.lesson;
        const active = this.active.value;
        untracked(() => (active ? this.again() : this.#run.abort()));
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.#run.abort();
  }

  #wanted() {
    const { lesson } = this.state.peek();
    return (lesson === null ? OWN : [lesson]).filter((source) => !this.lessons.peek().has(source));
  }

  /** Fetches what is missing. */
  async again() {
    this.#run.abort();
    const { signal } = (this.#run = new AbortController());
    const paper = this.state.peek().lesson !== null;
    this.failure.value = null;
    this.status.recover();
    await Promise.all(
      this.#wanted().map(async (source) => {
        try {
          const lesson = await this.parts.load(source, signal);
          this.lessons.value = new Map([...this.lessons.peek(), [source, lesson]]);
        } catch (error) {
          if (signal.aborted) return;
          if (paper) this.failure.value = error;
          else this.status.fail(error, { words: () => t().page.retry, run: () => this.again() });
        }
      }),
    );
  }
}
