// A media query as a signal, which an element follows as long as it is connected.
import { signal } from '@preact/signals-core';

export class Media {
  /** Whether the query holds. */
  matches = signal(false);
  #list;
  #changed = () => (this.matches.value = this.#list.matches);

  constructor(/** @type {import('lit').ReactiveControllerHost} */ host, /** @type {string} */ query) {
    this.#list = globalThis.matchMedia(query);
    this.#changed();
    host.addController(this);
  }

  hostConnected() {
    this.#list.addEventListener('change', this.#changed);
    this.#changed();
  }

  hostDisconnected() {
    this.#list.removeEventListener('change', this.#changed);
  }
}
