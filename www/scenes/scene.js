// What lies on the board: a background and stickers, back to front. Places and sizes are shares of the board's side.
// Contents are never altered but replaced, so whoever keeps one can bring it back.
import { signal } from '@preact/signals-core';

/**
 * @typedef {{ id: number, class: string, x: number, y: number, size: number, angle: number }} Sticker
 * @typedef {{ class: string, x?: number, y?: number, size?: number, angle?: number }} Given
 *
 * @typedef {object} Content
 * @property {string} start the scene it began with
 * @property {boolean} touched whether the stickers are other than that scene's
 * @property {string} background
 * @property {readonly Readonly<Sticker>[]} stickers
 */

const MIN_SIZE = 0.08;
const MAX_SIZE = 1;
const DEFAULT_SIZE = 0.36;
const FINE = 1000; // as fine as an address says it, so that a link shows exactly this board

const within = (/** @type {number} */ value, /** @type {number} */ min, /** @type {number} */ max) => Math.min(Math.max(value, min), max);
const fine = (/** @type {number} */ value) => Math.round(value * FINE) / FINE || 0;

export class Scene {
  /** @type {import('@preact/signals-core').Signal<Content>} */
  #content = signal({ start: '', touched: false, background: 'plain', stickers: [] });
  #number = 0;

  /** Follows as a signal does: an effect that reads it runs again when anything has changed. */
  get content() {
    return this.#content.value;
  }

  get stickers() {
    return this.content.stickers;
  }

  get background() {
    return this.content.background;
  }

  /** The classes that lie there, each once, in the order in which they came. */
  get classes() {
    const laid = [...this.stickers].sort((a, b) => a.id - b.id);
    return [...new Set(laid.map((sticker) => sticker.class))];
  }

  get(/** @type {number} */ id) {
    return this.stickers.find((sticker) => sticker.id === id);
  }

  /** Takes the place of all that lies there. */
  set(/** @type {{ start: string, touched: boolean, background: string, stickers: readonly Given[] }} */ { stickers, ...rest }) {
    this.#content.value = { ...rest, stickers: stickers.map((sticker) => this.#made(sticker)) };
  }

  /** Brings back a content that was there before. */
  restore(/** @type {Content} */ content) {
    this.#content.value = content;
  }

  /** Lays a sticker on top of the others, by default in the middle. */
  add(/** @type {Given} */ sticker) {
    const made = this.#made(sticker);
    this.#lay([...this.stickers, made]);
    return made;
  }

  /** Moves, scales, rotates or exchanges one: `change` has what is to be new. */
  alter(/** @type {number} */ id, /** @type {Partial<Omit<Sticker, 'id'>>} */ change) {
    this.#lay(this.stickers.map((sticker) => (sticker.id === id ? bounded({ ...sticker, ...change }) : sticker)));
  }

  remove(/** @type {number} */ id) {
    this.#lay(this.stickers.filter((sticker) => sticker.id !== id));
  }

  raise(/** @type {number} */ id) {
    const raised = this.get(id);
    if (!raised || this.stickers.at(-1) === raised) return;
    this.#lay([...this.stickers.filter((sticker) => sticker !== raised), raised]);
  }

  clear() {
    if (this.stickers.length) this.#lay([]);
  }

  setBackground(/** @type {string} */ background) {
    this.#content.value = { ...this.content, background };
  }

  #lay(/** @type {Content['stickers']} */ stickers) {
    this.#content.value = { ...this.content, touched: true, stickers };
  }

  #made(/** @type {Given} */ { class: name, x = 0.5, y = 0.5, size = DEFAULT_SIZE, angle = 0 }) {
    return bounded({ id: ++this.#number, class: name, x, y, size, angle });
  }
}

/** @param {Sticker} sticker */
function bounded({ x, y, size, angle, ...rest }) {
  return {
    ...rest,
    x: fine(within(x, 0, 1)),
    y: fine(within(y, 0, 1)),
    size: fine(within(size, MIN_SIZE, MAX_SIZE)),
    angle: fine(((((angle + 180) % 360) + 360) % 360) - 180),
  };
}
