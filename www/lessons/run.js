// A lesson under way: which step it is at, what of it is done, and when it goes on. It follows what the view on the screen tells of
// itself, and never locks. It knows no document; the panel reads its signals and calls what was pressed.
import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { readHash } from '../state/address.js';
import { conditionsOf, judge } from './facts.js';

/**
 * @import { ReadonlySignal, Signal } from '@preact/signals-core'
 * @import { Facts } from '../elements/view.js'
 * @import { View } from '../state/address.js'
 * @import { Learning } from '../state/lesson.js'
 * @import { Condition, Judged } from './facts.js'
 * @import { Lesson, Step } from './read.js'
 *
 * @typedef {object} Parts
 * @property {Signal<Learning | null>} learning which lesson and step the address says
 * @property {ReadonlySignal<View>} view the one on the screen
 * @property {ReadonlySignal<Facts | null>} facts what it tells
 * @property {(view: View, state: any, options: { replace: boolean }) => void} go shows a view in a state; `replace`: in place of what is there
 * @property {(source: string, signal: AbortSignal) => Promise<Lesson>} load
 * @property {() => boolean} [mayGoOn] whether it may go on by itself
 */

/** Milliseconds without a change after which a step whose task is done goes on by itself. */
export const PAUSE = 5000;

export class Run {
  /** @type {Signal<Lesson | null>} */
  lesson = signal(null);
  /** Why there is none. @type {Signal<any>} */
  failure = signal(null);
  /** Steps whose tasks were done. @type {Signal<ReadonlySet<number>>} */
  #met = signal(new Set());
  /** The answers that were chosen, by step. @type {Signal<ReadonlyMap<number, number>>} */
  chosen = signal(new Map());
  /** Whether the step goes on by itself in a moment. */
  leaving = signal(false);
  /** Which step it is; the last one at most. */
  at = computed(() => Math.min(this.parts.learning.value?.step ?? 0, (this.lesson.value?.steps.length ?? 1) - 1));
  /** @type {ReadonlySignal<Step | null>} */
  step = computed(() => this.lesson.value?.steps[this.at.value] ?? null);
  /** The view that the step is about; null: none. */
  place = computed(() => viewOf(this.#stateOf(this.at.value)));
  /** Whether another view than that of the step is on the screen. */
  astray = computed(() => this.place.value !== null && this.place.value !== this.parts.view.value);
  /** The conditions of the step, and what becomes of each. @type {ReadonlySignal<{ condition: Condition, judged: Judged }[]>} */
  conditions = computed(() => {
    const facts = this.astray.value ? null : this.parts.facts.value;
    return conditionsOf(this.step.value ?? {}).map((condition) => ({ condition, judged: judge(condition, facts) }));
  });
  /** Whether the task of the step was done: that stays so. */
  met = computed(() => this.#met.value.has(this.at.value));
  /** The numbers of the steps that are done: their tasks, and their questions. @type {ReadonlySignal<ReadonlySet<number>>} */
  done = computed(() => new Set((this.lesson.value?.steps ?? []).flatMap((step, i) => (this.#isDone(step, i) ? i : []))));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #going;
  /** Whether the task was done while this step was on the screen, and nobody said that it is to stay. */
  #goesOn = false;
  #loading = new AbortController();
  /** From where the lesson is. @type {string | null} */
  #loaded = null;
  #source = computed(() => this.parts.learning.value?.source ?? null);
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  connect() {
    this.#effects = [
      effect(() => {
        const source = this.#source.value;
        untracked(() => this.#open(source));
      }),
      effect(() => {
        // The same lesson is begun once more.
        const learning = this.parts.learning.value;
        if (learning && !learning.opened && learning.source === this.#loaded)
          untracked(() => this.#enter(this.at.peek(), { replace: true }));
      }),
      effect(() => {
        void this.conditions.value;
        // What a view is asked now it says to be stale only when all its own effects have run.
        queueMicrotask(() => this.#notice());
      }),
      effect(() => {
        void [this.at.value, this.lesson.value];
        untracked(() => this.#begin());
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.#loading.abort();
    clearTimeout(this.#going);
  }

  /** Loads the lesson once more. */
  again() {
    this.#open(this.#source.peek());
  }

  async #open(/** @type {string | null} */ source) {
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    this.#loaded = null;
    batch(() => {
      this.lesson.value = null;
      this.failure.value = null;
      this.#met.value = new Set();
      this.chosen.value = new Map();
    });
    if (source === null) return;
    try {
      const lesson = await this.parts.load(source, signal);
      signal.throwIfAborted();
      this.lesson.value = lesson;
      this.#loaded = source;
      const learning = /** @type {Learning} */ (this.parts.learning.peek());
      if (!learning.opened) this.#enter(this.at.peek(), { replace: true });
    } catch (error) {
      if (!signal.aborted) this.failure.value = error;
    }
  }

  // Steps

  /** The step with the state that another one begins with: itself, or one before it; −1: there is none. */
  #startOf(/** @type {number} */ which) {
    return this.lesson.value?.steps.slice(0, which + 1).findLastIndex(({ state }) => state !== undefined) ?? -1;
  }

  #stateOf(/** @type {number} */ which) {
    return this.lesson.value?.steps[this.#startOf(which)]?.state ?? null;
  }

  /** Goes to a step. What the view shows stays, where the step begins with nothing else. */
  go(/** @type {number} */ which) {
    const steps = this.lesson.peek()?.steps ?? [];
    const next = Math.min(Math.max(which, 0), steps.length - 1);
    if (next === this.at.peek()) return;
    if (this.#startOf(next) === this.#startOf(this.at.peek())) this.#show(next);
    else this.#enter(next);
  }

  next() {
    this.go(this.at.peek() + 1);
  }

  back() {
    this.go(this.at.peek() - 1);
  }

  /** Shows again what the step begins with. */
  restart() {
    this.#enter(this.at.peek());
  }

  #enter(/** @type {number} */ which, { replace = false } = {}) {
    const read = readHash(this.#stateOf(which) ?? '');
    if (read) this.parts.go(read.view, read.state, { replace });
    this.#show(which);
  }

  #show(/** @type {number} */ step) {
    const learning = /** @type {Learning} */ (this.parts.learning.peek());
    this.parts.learning.value = { ...learning, step, opened: true };
  }

  #begin() {
    this.#goesOn = false;
    this.#stop();
  }

  // What is noticed

  #notice() {
    const conditions = this.conditions.peek();
    const at = this.at.peek();
    if (conditions.length && !this.met.peek() && conditions.every(({ judged }) => judged.met)) {
      this.#met.value = new Set([...this.#met.peek(), at]);
      this.#goesOn = true;
    }
    this.#wait();
  }

  /** Whoever goes on working is not interrupted: the moment begins anew with each change. */
  #wait() {
    clearTimeout(this.#going);
    const step = this.step.peek();
    const last = this.at.peek() === (this.lesson.peek()?.steps.length ?? 0) - 1;
    const reads = !step || step.after !== undefined || step.question !== undefined;
    this.leaving.value = this.#goesOn && !last && !reads && !this.astray.peek() && (this.parts.mayGoOn?.() ?? true);
    if (this.leaving.peek()) this.#going = setTimeout(() => this.next(), PAUSE);
  }

  #stop() {
    clearTimeout(this.#going);
    this.leaving.value = false;
  }

  /** The step does not go on by itself. */
  stay() {
    this.#goesOn = false;
    this.#stop();
  }

  answer(/** @type {number} */ which) {
    this.chosen.value = new Map([...this.chosen.peek(), [this.at.peek(), which]]);
  }

  #isDone(/** @type {Step} */ step, /** @type {number} */ i) {
    const { answers } = step.question ?? {};
    if (step.check !== undefined && !this.#met.value.has(i)) return false;
    if (!answers) return step.check !== undefined || i < this.at.value;
    const chosen = answers[this.chosen.value.get(i) ?? -1];
    return chosen !== undefined && (chosen.right === true || predicts(answers));
  }
}

/** Whether a question asks for a prediction: none of its answers is right yet. */
export const predicts = (/** @type {import('./read.js').Answer[]} */ answers) => !answers.some(({ right }) => right);

const viewOf = (/** @type {string | null} */ state) => (state === null ? null : (readHash(state)?.view ?? null));
