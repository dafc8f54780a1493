// What a view asks about a picture and a network: worked at anew whenever something else is asked, while the view is on the screen.
import { effect, signal, untracked } from '@preact/signals-core';
import { cancelled } from '../engine/errors.js';
import { Live } from '../engine/live.js';
import { t } from '../i18n/index.js';
import { Repeated } from '../state/status.js';
import { Subject } from './subject.js';

/** @import { Parts, Sources } from './subject.js' */

/**
 * A controller says what is asked by `read`, and how it is found by `work`.
 * @template {Sources} S the state of the view
 * @template {Parts<S>} [P=Parts<S>]
 */
export class Inquiry {
  /** Whether something is being fetched or computed. */
  running = signal(false);
  /** Whether nothing is, because it failed or was cancelled. */
  stopped = signal(false);
  /** Whether the view is on the screen. */
  active = signal(false);
  /** @type {(() => void)[]} */
  #effects = [];

  /**
   * @param {P} parts
   * @param {{ picture: Partial<S>, model: Partial<S> }} anew what of the state begins anew with another picture, and with another network
   */
  constructor(parts, anew) {
    const { engine, state, status } = parts;
    this.parts = parts;
    this.engine = engine;
    this.state = state;
    this.status = status;
    this.subject = new Subject(parts, anew);
    this.missing = this.subject.missing;
    const failures = new Repeated(status, { words: () => t().page.retry, run: () => this.again() });
    this.live = new Live({
      compute: (aborted) => this.#compute(aborted),
      onResult: () => failures.recover(),
      onMark: ({ stopped }) => (this.stopped.value = stopped),
      onFailure: (error) => failures.fail(error),
    });
  }

  /** Reads all signals that say what is asked. */
  read() {
    throw new Error('each view asks something else');
  }

  /** Finds what is asked. @returns {Promise<void>} */
  async work(/** @type {AbortSignal} */ aborted) {
    aborted.throwIfAborted();
    throw new Error('each view asks something else');
  }

  connect() {
    this.#effects = [
      effect(() => {
        this.read();
        untracked(() => this.touch());
      }),
      effect(() => {
        const active = this.active.value;
        untracked(() => (active ? this.live.resume() : this.rest()));
      }),
      effect(() => {
        this.status.busy.value = this.active.value && this.running.value ? () => this.live.abort() : null;
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.rest();
    this.status.busy.value = null;
  }

  /** Another picture or network. */
  choose(/** @type {Partial<S>} */ change) {
    this.subject.choose(change);
  }

  /** Tries again after a failure. */
  again() {
    this.status.clear();
    this.touch();
  }

  /** Something else is asked. */
  touch() {
    this.live.abort();
    this.live.touch();
  }

  /** Nobody looks. */
  rest() {
    this.live.rest();
  }

  /** Leaves out and tells what there is not. The question without it is on its way, so that this one is given up. */
  leaveOut(/** @type {{ change: Partial<S>, refused: { name: string, found: string }[] }} */ { change, refused }) {
    if (!refused.length) return;
    this.status.refuse(refused);
    this.state.value = { ...this.state.peek(), ...change };
    throw cancelled();
  }

  async #compute(/** @type {AbortSignal} */ aborted) {
    this.running.value = true;
    try {
      await this.work(aborted);
    } finally {
      this.running.value = false;
    }
  }
}
