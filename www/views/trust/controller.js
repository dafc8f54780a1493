// Keeps the heatmap that is doubted, what the experiments found of it, and the address in step. It knows no document.
import { batch, computed, signal } from '@preact/signals-core';
import { unfit } from '../../elements/game/asked.js';
import { Inquiry } from '../../sources/inquiry.js';
import { namesOf, networkOf } from '../../state/facts.js';
import { EXPERIMENTS } from '../../state/trust.js';
import { baseOf } from './base.js';
import { EXPERIMENT, isCostly } from './experiments.js';

/**
 * @import { ReadonlySignal, Signal } from '@preact/signals-core'
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { Experiment, Trust } from '../../state/trust.js'
 * @import { Base } from './base.js'
 * @import { Findings } from './experiments.js'
 *
 * What an experiment has found of a heatmap: `key` is all that it was asked by, `done` whether it is complete.
 * @template {Experiment} [E=Experiment]
 * @typedef {{ base: Base, key: string, done: boolean, found: Findings[E] }} Kept
 */

/**
 * @typedef {object} Own
 * @property {(bitmap: ImageBitmap) => ImageData} [pixelsOf]
 * @property {(experiment: Experiment) => string} wordsOf what a screen reader hears of what was found
 *
 * @typedef {import('../../sources/subject.js').Parts<Trust> & Own} Parts
 */

const RESTED = 1000; // milliseconds without a change before what was found is read aloud

/** @extends {Inquiry<Trust, Parts>} */
export class Controller extends Inquiry {
  /** The heatmap that is doubted; the last one that could be computed. @type {Signal<Base | null>} */
  base = signal(null);
  /** @type {Signal<{ [E in Experiment]?: Kept<E> }>} */
  #kept = signal({});
  /** What was asked for though it takes long. @type {Signal<string | null>} */
  #allowed = signal(null);
  /** What was asked when the running work began. */
  #begun = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;

  /** @param {Parts} parts */
  constructor(parts) {
    super(parts, { picture: { class: null }, model: { class: null, layer: null } });
  }

  #asked = computed(() => {
    const { class: id, method, layer } = this.state.value;
    return JSON.stringify([this.subject.key.value, id, method, layer]);
  });

  /** Whether the heatmap is another one than is asked for. */
  behind = computed(() => this.base.value?.key !== this.#asked.value);

  /** All that an experiment is asked by. */
  #keyOf(/** @type {Experiment} */ experiment) {
    const { share, cover } = this.state.value;
    return JSON.stringify([this.#asked.value, experiment, ...(experiment === 'cover' ? [share, cover] : [])]);
  }

  /**
   * What an experiment has found of the heatmap that is asked for; of the covers, perhaps by another share.
   * @template {Experiment} E
   * @param {E} experiment
   * @returns {Findings[E] | null}
   */
  foundBy(experiment) {
    const kept = this.#kept.value[experiment];
    return kept && !this.behind.value && kept.base === this.base.value ? /** @type {any} */ (kept.found) : null;
  }

  /** Whether what was found is all, and of what is asked for. */
  isDone(/** @type {Experiment} */ experiment) {
    return this.foundBy(experiment) !== null && this.#isComplete(experiment);
  }

  #isComplete(/** @type {Experiment} */ experiment) {
    const kept = this.#kept.value[experiment];
    return kept !== undefined && kept.done && kept.key === this.#keyOf(experiment);
  }

  /** Whether the experiment that is looked at waits to be asked for. */
  waits = computed(() => {
    const [{ experiment }, base] = [this.state.value, this.base.value];
    if (!base || this.behind.value || base.of.flat || this.isDone(experiment)) return false;
    return !this.running.value && (this.stopped.value || !this.#isAllowed(experiment, base));
  });

  #isAllowed(/** @type {Experiment} */ experiment, /** @type {Base} */ base) {
    const about = /** @type {About} */ (this.engine.about.value);
    return !isCostly(experiment, base, about) || this.#allowed.value === this.#keyOf(experiment);
  }

  /** @type {ReadonlySignal<import('../../elements/view.js').Facts | null>} */
  facts = computed(() => {
    const base = this.base.value;
    if (!base) return null;
    const made = EXPERIMENTS.filter((experiment) => this.isDone(experiment));
    return {
      settled: !this.behind.value && !this.running.value,
      told: {
        experiment: () => made,
        class: () => namesOf([base.of]),
        method: () => [base.explanation.request.method],
        network: () => networkOf(base.model),
      },
    };
  });

  /** Whether what is on the screen is what is asked for, as far as it does not wait to be. */
  get settled() {
    return this.base.peek() !== null && this.live.settled;
  }

  read() {
    void [this.#keyOf(this.state.value.experiment), this.#allowed.value];
  }

  // What is asked

  ask(/** @type {Partial<Omit<Trust, 'picture' | 'model'>>} */ change) {
    this.status.recover();
    this.state.value = { ...this.state.peek(), ...change };
  }

  /** Computes the experiment that is looked at, though it takes long; or goes on with it. */
  compute() {
    const { experiment } = this.state.peek();
    this.status.clear();
    const key = this.#keyOf(experiment);
    if (this.#allowed.peek() === key) this.touch();
    else this.#allowed.value = key;
  }

  // What is computed

  touch() {
    clearTimeout(this.#resting);
    const { experiment } = this.state.peek();
    // Covers follow the slider one after another; all else that is no longer asked for is broken off.
    if (this.#begun !== JSON.stringify([this.#asked.peek(), experiment])) this.live.abort();
    this.live.touch();
  }

  rest() {
    clearTimeout(this.#resting);
    this.live.rest();
  }

  async work(/** @type {AbortSignal} */ aborted) {
    const { experiment } = this.state.peek();
    this.#begun = JSON.stringify([this.#asked.peek(), experiment]);
    const base = await this.#open(aborted);
    aborted.throwIfAborted();
    if (base.of.flat || this.isDone(experiment) || !this.#isAllowed(experiment, base)) return;
    await this.#measure(experiment, base, aborted);
    this.#rested(experiment);
  }

  /**
   * @template {Experiment} E
   * @param {E} experiment
   * @param {Base} base
   * @param {AbortSignal} aborted
   */
  async #measure(experiment, base, aborted) {
    const key = this.#keyOf(experiment);
    const keep = (/** @type {Findings[E]} */ found, /** @type {boolean} */ done) => {
      aborted.throwIfAborted();
      this.#kept.value = { ...this.#kept.peek(), [experiment]: { base, key, done, found } };
    };
    const { engine, pixelsOf } = this.parts;
    const before = this.foundBy(experiment);
    await EXPERIMENT[experiment]({ engine, base, state: () => this.state.peek(), signal: aborted, pixelsOf }, keep, before);
  }

  /** The heatmap that is asked for. @returns {Promise<Base>} */
  async #open(/** @type {AbortSignal} */ aborted) {
    const [key, asked] = [this.#asked.peek(), this.state.peek()];
    const known = this.base.peek();
    if (known?.key === key) return known;
    const { model, picture } = await this.subject.open(aborted);
    this.leaveOut(unfit(asked, model, /** @type {About} */ (this.engine.about.peek()).methods));
    return this.#show(await baseOf(this.parts, { key, model, picture, asked }, aborted));
  }

  #show(/** @type {Base} */ base) {
    const before = this.base.peek();
    batch(() => {
      this.base.value = base;
      this.#kept.value = {};
    });
    if (before) this.engine.release(before.explanation);
    return base;
  }

  #rested(/** @type {Experiment} */ experiment) {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => {
      if (this.settled && this.isDone(experiment)) this.status.announce(() => this.parts.wordsOf(experiment));
    }, RESTED);
  }

  /** What each experiment has found that is complete. @returns {Partial<Findings>} */
  get findings() {
    const done = EXPERIMENTS.filter((experiment) => this.isDone(experiment));
    return Object.fromEntries(done.map((experiment) => [experiment, this.foundBy(experiment)]));
  }
}
