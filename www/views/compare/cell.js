// One cell of the grid: what it asks, and what came of it. It shows nothing but the answer to what it asks.
import { signal } from '@preact/signals-core';

/**
 * @import { Asked } from './axes.js'
 * @import { Answer } from './answer.js'
 *
 * @typedef {{ name: 'waiting' | 'running' | 'cancelled' } | { name: 'done', answer: Answer } | { name: 'failed', error: any }} State
 */

export class Cell {
  /** @type {import('@preact/signals-core').Signal<State>} */
  state = signal({ name: 'waiting' });
  /** How far it is from the screen; whoever shows it knows. */
  distance = () => Infinity;
  /** @type {AbortController | null} */
  #work = null;

  /**
   * @param {string} key
   * @param {Asked} asked
   */
  constructor(key, asked) {
    this.key = key;
    this.asked = asked;
    this.network = JSON.stringify(asked.network);
  }

  /** @returns {Answer | null} */
  get answer() {
    const state = this.state.value;
    return state.name === 'done' ? state.answer : null;
  }

  /** Whether it waits or is being computed. */
  get open() {
    const { name } = this.state.value;
    return name === 'waiting' || name === 'running';
  }

  /**
   * Computes it. Rejects only when somebody else than this cell broke the work off, who means all of it.
   * @param {(signal: AbortSignal) => Promise<Answer>} compute
   */
  async run(compute) {
    const work = (this.#work = new AbortController());
    this.state.value = { name: 'running' };
    try {
      const answer = await compute(work.signal);
      if (this.#work === work) this.state.value = { name: 'done', answer };
    } catch (/** @type {any} */ error) {
      if (this.#work !== work) return; // cancelled or paused, and perhaps begun again
      if (error?.name === 'AbortError') throw error;
      this.state.value = { name: 'failed', error };
    } finally {
      if (this.#work === work) this.#work = null;
    }
  }

  /** It is not wanted, until it is asked for again. */
  cancel() {
    if (this.open) this.#leave({ name: 'cancelled' });
  }

  /** It is wanted later, from the beginning. */
  pause() {
    if (this.state.peek().name === 'running') this.#leave({ name: 'waiting' });
  }

  /** It is wanted again. */
  again() {
    const { name } = this.state.peek();
    if (name === 'cancelled' || name === 'failed') this.state.value = { name: 'waiting' };
  }

  #leave(/** @type {State} */ state) {
    const work = this.#work;
    this.#work = null;
    this.state.value = state;
    work?.abort();
  }
}
