// What was done to the board, or to a picture with a brush, so that it can be undone and done again. One drag is one step, and so are presses of the
// same key that follow each other closely.
import { computed, signal } from '@preact/signals-core';

const TOGETHER = 1000; // milliseconds between two acts of one step
const KEPT = 200; // steps

/**
 * What is asked of the board goes with it: a step that changed it takes it back, too. A choice is plain data.
 * @template Choice
 * @typedef {{ get: () => Choice, set: (choice: Choice) => void }} Choosing
 */

/**
 * What is changed. Its content is never altered but replaced, so that one that is kept can be brought back.
 * @typedef {{ readonly content: unknown, restore: (content: any) => void }} Changed
 *
 * @typedef {{ content: unknown, choice: any }} Moment
 * @typedef {{ from: Moment, to: Moment, key: string | null, at: number }} Step
 */

/** Of a board that explains nothing by itself. */
const NOTHING = { get: () => null, set: () => {} };

const same = (/** @type {unknown} */ one, /** @type {unknown} */ other) => JSON.stringify(one) === JSON.stringify(other);

export class Edits {
  #scene;
  #choice;
  #now;
  /** @type {import('@preact/signals-core').Signal<readonly Step[]>} */
  #done = signal([]);
  /** @type {import('@preact/signals-core').Signal<readonly Step[]>} */
  #undone = signal([]);
  /** @type {Moment | null} */
  #begun = null;

  canUndo = computed(() => this.#done.value.length > 0);
  canRedo = computed(() => this.#undone.value.length > 0);

  /**
   * @param {Changed} scene
   * @param {Choosing<any>} choice
   * @param {() => number} now
   */
  constructor(scene, choice = NOTHING, now = () => performance.now()) {
    this.#scene = scene;
    this.#choice = choice;
    this.#now = now;
  }

  /** What happens from here to `end()` is one step. */
  begin() {
    this.#begun ??= this.#moment();
  }

  end(/** @type {string | null} */ key = null) {
    const from = this.#begun;
    this.#begun = null;
    const [last] = this.#done.value.slice(-1);
    if (!from || from.content === this.#scene.content) return;
    const [to, at] = [this.#moment(), this.#now()];
    const joins = key !== null && last?.key === key && at - last.at < TOGETHER && last.to.content === from.content;
    const step = { from: joins ? last.from : from, to, key, at };
    this.#done.value = [...this.#done.value.slice(joins ? 0 : 1 - KEPT, joins ? -1 : undefined), step];
    this.#undone.value = [];
  }

  /**
   * Does something as one step, and gives what it gives; steps of the same `key` in close sequence become one.
   * @template T
   * @param {() => T} act
   * @param {string | null} key
   */
  step(act, key = null) {
    if (this.#begun) return act(); // within a drag
    this.begin();
    const result = act();
    this.end(key);
    return result;
  }

  /** Another class was chosen because of the last step. */
  amend() {
    const last = this.#done.value.at(-1);
    if (last && last.to.content === this.#scene.content) last.to.choice = this.#choice.get();
  }

  /** Whether there was anything to undo. */
  undo() {
    return this.#go(this.#done, this.#undone, 'to', 'from');
  }

  redo() {
    return this.#go(this.#undone, this.#done, 'from', 'to');
  }

  /**
   * @param {import('@preact/signals-core').Signal<readonly Step[]>} source
   * @param {import('@preact/signals-core').Signal<readonly Step[]>} target
   * @param {'from' | 'to'} here
   * @param {'from' | 'to'} there
   */
  #go(source, target, here, there) {
    const step = source.value.at(-1);
    if (!step || this.#begun) return false;
    source.value = source.value.slice(0, -1);
    target.value = [...target.value, { ...step, key: null }];
    this.#scene.restore(step[there].content);
    // What was chosen since by hand stays.
    if (same(this.#choice.get(), step[here].choice)) this.#choice.set(step[there].choice);
    return true;
  }

  #moment() {
    return { content: this.#scene.content, choice: this.#choice.get() };
  }
}
