// What can be done to a board, of stickers or of shapes, with undoing and what a screen reader hears of it.
import { signal } from '@preact/signals-core';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Content, Scene } from '../../scenes/scene.js'
 * @import { Announcer } from './announcer.js'
 * @import { Edits } from './edits.js'
 *
 * @typedef {object} Painter
 * @property {(content: Content) => void} paint
 * @property {() => ImageData} pixels what was painted last
 */

/** A controller of a board: it sets `edits` and `announcer`, which know its scene. */
export class Laying {
  scene;
  /** @type {Edits} */
  edits = /** @type {any} */ (null);
  /** @type {Announcer<any>} */
  announcer = /** @type {any} */ (null);
  /** The id of the sticker that the tools are for. @type {Signal<number | null>} */
  chosen = signal(null);

  constructor(/** @type {Scene} */ scene) {
    this.scene = scene;
  }

  /** Lays a sticker in the middle. */
  add(/** @type {string} */ name) {
    const sticker = this.edits.step(() => this.scene.add({ class: name }));
    this.announcer.added(sticker);
    return sticker;
  }

  /** Ends the drag of a sticker that came from outside; gives it if it stays. */
  drop(/** @type {number | null} */ id, /** @type {boolean} */ kept) {
    const sticker = id === null ? undefined : this.scene.get(id);
    if (sticker && !kept) this.scene.remove(sticker.id);
    this.edits.end();
    if (!sticker || !kept) return null;
    this.announcer.added(sticker);
    return sticker;
  }

  empty() {
    this.edits.step(() => this.scene.clear());
    this.announcer.emptied();
  }

  setBackground(/** @type {string} */ name) {
    this.edits.step(() => this.scene.setBackground(name));
  }
}

/** Runs `act` when the screen shows its next frame; gives what cancels that. */
export function atNextFrame(/** @type {() => void} */ act) {
  const frame = requestAnimationFrame(act);
  return () => cancelAnimationFrame(frame);
}
