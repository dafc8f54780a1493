// What pointers do to stickers: one moves, two scale and rotate, a pulled corner and the wheel do so as well.

/**
 * @import { Scene, Sticker } from '../../scenes/scene.js'
 * @import { Edits } from './edits.js'
 * @typedef {[number, number]} Point in shares of the stage
 * @typedef {{ origin: Point, other: Point | undefined, from: Sticker }} Grip what a later position is compared with
 * @typedef {{ id: number, by: 'move' | 'corner', grip: Grip | null }} Held
 */

const WHEEL = 0.0015; // of the size for each pixel that the wheel turns
const WHEEL_TURN = 0.1; // degrees
const NEAR = 0.01; // of the side: fingers closer than that tell no direction

const degrees = (/** @type {number} */ radians) => (radians * 180) / Math.PI;

export class Gestures {
  #scene;
  #edits;
  #chosen;
  /** @type {Map<number, Point>} */
  #pointers = new Map();
  /** @type {Held | null} */
  #held = null;
  /** A wheel turns in steps that are finer than places are kept. @type {{ of: Readonly<Sticker>, size: number, angle: number } | null} */
  #wheeled = null;

  /**
   * @param {Scene} scene
   * @param {Edits} edits
   * @param {import('@preact/signals-core').Signal<number | null>} chosen the id of the sticker whose corners are shown
   */
  constructor(scene, edits, chosen) {
    this.#scene = scene;
    this.#edits = edits;
    this.#chosen = chosen;
  }

  /** `onto` is the id of the sticker under the pointer; gives the id of the one that was taken hold of. */
  down(
    /** @type {PointerEvent} */ event,
    /** @type {HTMLElement} */ stage,
    /** @type {number | null} */ onto,
    /** @type {boolean} */ corner,
  ) {
    if (!this.#held) {
      const id = corner ? this.#chosen.value : onto;
      if (id === null) return null;
      this.#edits.begin();
      this.#held = { id, by: corner ? 'corner' : 'move', grip: null };
      if (!corner) this.#scene.raise(id);
    } else if (this.#held.by === 'corner' || this.#pointers.size > 1) return null;
    stage.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, at(event, stage));
    this.#held.grip = this.#grip();
    return this.#held.id;
  }

  move(/** @type {PointerEvent} */ event, /** @type {HTMLElement} */ stage) {
    if (!this.#pointers.has(event.pointerId)) return;
    this.#pointers.set(event.pointerId, at(event, stage));
    this.#follow();
  }

  up(/** @type {PointerEvent} */ event) {
    if (!this.#held || !this.#pointers.delete(event.pointerId)) return;
    if (this.#pointers.size) this.#held.grip = this.#grip();
    else {
      this.#held = null;
      this.#edits.end();
    }
  }

  /** Whether the wheel was used: only over the chosen sticker, elsewhere it scrolls the page. */
  wheel(/** @type {WheelEvent} */ event, /** @type {number | null} */ onto) {
    const sticker = onto === this.#chosen.value && onto !== null ? this.#scene.get(onto) : undefined;
    if (!sticker) return false;
    const turned = event.deltaY || event.deltaX;
    const { size, angle } = this.#wheeled?.of === sticker ? this.#wheeled : sticker;
    const change = event.shiftKey ? { size, angle: angle + WHEEL_TURN * turned } : { size: size * Math.exp(-WHEEL * turned), angle };
    this.#edits.step(() => this.#scene.alter(sticker.id, change), `wheel ${sticker.id}`);
    const now = this.#scene.get(sticker.id);
    this.#wheeled = now ? { of: now, ...change } : null;
    return true;
  }

  /** @returns {Grip | null} */
  #grip() {
    const { id, by } = /** @type {Held} */ (this.#held);
    const sticker = this.#scene.get(id);
    if (!sticker) return null; // the keyboard has removed it meanwhile
    const points = [...this.#pointers.values()];
    return by === 'corner'
      ? { origin: [sticker.x, sticker.y], other: points[0], from: sticker }
      : { origin: points[0], other: points[1], from: sticker };
  }

  #follow() {
    const [was, now] = [this.#held?.grip, this.#grip()];
    if (!was || !now) return;
    const { origin, other, from } = was;
    /** @type {Partial<Sticker>} */
    const change = { x: from.x + now.origin[0] - origin[0], y: from.y + now.origin[1] - origin[1] };
    if (other && now.other) {
      const [before, after] = [arm(origin, other), arm(now.origin, now.other)];
      change.size = (from.size * Math.hypot(...after)) / Math.max(Math.hypot(...before), NEAR);
      change.angle = from.angle + degrees(Math.atan2(after[1], after[0]) - Math.atan2(before[1], before[0]));
    }
    this.#scene.alter(from.id, change);
  }
}

const arm = (/** @type {Point} */ [x, y], /** @type {Point} */ [u, v]) => [u - x, v - y];

/** @returns {Point} */
export function at(/** @type {{ clientX: number, clientY: number }} */ { clientX, clientY }, /** @type {HTMLElement} */ stage) {
  const { left, top, width, height } = stage.getBoundingClientRect();
  return [(clientX - left) / width, (clientY - top) / height];
}
