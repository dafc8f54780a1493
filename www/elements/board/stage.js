// The board as it is looked at and touched: a canvas, and a button over each sticker, so that a pointer finds it and the
// Tab key gets to it. What is slotted lies between the two, or in the slot `above` over both.
import { t } from '../../i18n/index.js';
import { Element, classMap, html, repeat, styleMap } from '../element.js';
import { at, Gestures } from './gestures.js';
import { nameOf } from './names.js';
import sheet from './stage.css';

/**
 * @import { Scene, Sticker } from '../../scenes/scene.js'
 * @import { Edits } from './edits.js'
 */

/** The side of the board in pixels: large enough for the network and for the eye. */
export const SIDE = 384;

const STEP = 0.02; // of the board's side
const FINE = 0.005;
const SCALE = 1.1;
const TURN = 10; // degrees

/**
 * What can be done to a sticker without a pointer; `step` is how far it is moved.
 * @type {Record<string, (sticker: Sticker, step: number) => Partial<Sticker>>}
 */
const ACTS = {
  left: ({ x }, step) => ({ x: x - step }),
  right: ({ x }, step) => ({ x: x + step }),
  up: ({ y }, step) => ({ y: y - step }),
  down: ({ y }, step) => ({ y: y + step }),
  smaller: ({ size }) => ({ size: size / SCALE }),
  larger: ({ size }) => ({ size: size * SCALE }),
  back: ({ angle }) => ({ angle: angle - TURN }),
  forth: ({ angle }) => ({ angle: angle + TURN }),
};

/** @type {Record<string, string>} */
const KEYS = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  '+': 'larger',
  '=': 'larger',
  '-': 'smaller',
  _: 'smaller',
  '[': 'back',
  ']': 'forth',
  Delete: 'remove',
  Backspace: 'remove',
};

export class Stage extends Element {
  static sheet = sheet;

  static properties = {
    scene: { attribute: false },
    edits: { attribute: false },
    chosen: { attribute: false },
    words: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Scene} */
    this.scene = /** @type {any} */ (null);
    /** @type {Edits} */
    this.edits = /** @type {any} */ (null);
    /** The id of the sticker that the tools are for. @type {import('@preact/signals-core').Signal<number | null>} */
    this.chosen = /** @type {any} */ (null);
    /** Other words than those of stickers. @type {Partial<{ stickers: string, keys: string }>} */
    this.words = {};
  }

  /** @type {Gestures | null} */
  #gestures = null;

  get #gesture() {
    return (this.#gestures ??= new Gestures(this.scene, this.edits, this.chosen));
  }

  get canvas() {
    return /** @type {HTMLCanvasElement} */ (this.find('canvas'));
  }

  firstUpdated() {
    // A listener of the wheel that keeps the page from scrolling must say that it is not passive.
    this.find('.stage').addEventListener(
      'wheel',
      (/** @type {WheelEvent} */ event) => {
        if (this.#gesture.wheel(event, idOf(event))) event.preventDefault();
      },
      { passive: false },
    );
  }

  /** Gives a sticker the focus, which chooses it. */
  async choose(/** @type {number} */ id) {
    this.chosen.value = id;
    await this.updateComplete;
    this.#button(id)?.focus({ preventScroll: true });
  }

  /** Does one of ACTS, or 'remove', to the chosen sticker. */
  act(/** @type {string} */ name, { fine = false, refocus = false } = {}) {
    const sticker = this.chosen.value === null ? undefined : this.scene.get(this.chosen.value);
    if (!sticker) return;
    if (name === 'remove') return this.#remove(sticker, refocus);
    this.edits.step(() => this.scene.alter(sticker.id, ACTS[name](sticker, fine ? FINE : STEP)), `${name} ${sticker.id}`);
    this.tell('board-moved', sticker.id);
  }

  /**
   * A sticker that comes from outside: it lies on the board as long as the pointer is over it.
   * @param {number | null} id null: it does not lie there yet
   * @param {string} name
   * @param {{ clientX: number, clientY: number }} place
   * @returns {number | null}
   */
  drag(id, name, place) {
    const [x, y] = at(place, this.find('.stage'));
    const over = x >= 0 && x <= 1 && y >= 0 && y <= 1;
    if (!over && id !== null) this.scene.remove(id);
    if (!over) return null;
    if (id === null) return this.scene.add({ class: name, x, y }).id;
    this.scene.alter(id, { x, y });
    return id;
  }

  /** Whoever had the focus on it has it on its neighbour afterwards. */
  #remove(/** @type {Sticker} */ sticker, /** @type {boolean} */ refocus) {
    const button = this.#button(sticker.id);
    const neighbour = button?.nextElementSibling ?? button?.previousElementSibling;
    const held = refocus || (button && /** @type {ShadowRoot} */ (this.renderRoot).activeElement === button);
    this.edits.step(() => this.scene.remove(sticker.id));
    this.chosen.value = null;
    if (held && neighbour) this.choose(Number(/** @type {HTMLElement} */ (neighbour).dataset.sticker));
    this.tell('board-removed', { sticker, last: Boolean(held && !neighbour) });
  }

  #button(/** @type {number} */ id) {
    return /** @type {HTMLElement | null} */ (this.find(`[data-sticker="${id}"]`));
  }

  #down(/** @type {PointerEvent} */ event) {
    if (event.button !== 0) return;
    const corner = /** @type {HTMLElement} */ (event.target).matches('.handle');
    const id = this.#gesture.down(event, this.find('.stage'), idOf(event), corner);
    if (id === null) {
      if (!corner && idOf(event) === null) this.chosen.value = null;
      return;
    }
    event.preventDefault(); // no text is marked, and the focus is where it is put here
    this.choose(id);
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const name = KEYS[event.key];
    if (!name || event.ctrlKey || event.metaKey || event.altKey || idOf(event) === null) return;
    event.preventDefault();
    this.act(name, { fine: event.shiftKey });
  }

  render() {
    const stage = { ...t().board.stage, ...this.words };
    const chosen = this.chosen.value;
    const { stickers } = this.scene;
    const held = stickers.find(({ id }) => id === chosen);
    const depth = new Map(stickers.map(({ id }, i) => [id, i]));
    const up = (/** @type {PointerEvent} */ event) => this.#gesture.up(event);
    return html`
      <div class="stage" part="stage" @pointerdown=${this.#down} @pointermove=${(/** @type {PointerEvent} */ event) => this.#gesture.move(event, this.find('.stage'))}
          @pointerup=${up} @pointercancel=${up} @keydown=${this.#key}>
        <canvas width=${SIDE} height=${SIDE} role="img" aria-label=${stage.canvas(this.scene.classes.map(nameOf))}></canvas>
        <slot></slot>
        <div class="holds" role="group" aria-label=${stage.stickers} aria-description=${stage.keys}>
          ${repeat(
            [...stickers].sort((a, b) => a.id - b.id),
            ({ id }) => id,
            (sticker) => html`
            <button type="button" class=${classMap({ sticker: true, chosen: sticker.id === chosen })} data-sticker=${sticker.id} data-class=${sticker.class}
              aria-label=${stage.sticker({ ...sticker, class: nameOf(sticker.class) })} style=${styleMap({ ...placed(sticker), zIndex: depth.get(sticker.id) })}
              @focus=${() => (this.chosen.value = sticker.id)}></button>`,
          )}
        </div>
        <div class="frame" aria-hidden="true" ?hidden=${!held} style=${styleMap(held ? placed(held) : {})}>
          <i class="handle"></i><i class="handle"></i><i class="handle"></i><i class="handle"></i>
        </div>
        <slot name="above"></slot>
      </div>`;
  }
}

/** The id of the sticker that an event is about. */
function idOf(/** @type {Event} */ { target }) {
  const { sticker } = /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (target).closest?.('[data-sticker]'))?.dataset ?? {};
  return sticker === undefined ? null : Number(sticker);
}

const placed = (/** @type {Sticker} */ { x, y, size, angle }) => ({
  left: `${100 * (x - size / 2)}%`,
  top: `${100 * (y - size / 2)}%`,
  width: `${100 * size}%`,
  rotate: `${angle}deg`,
});

customElements.define('cl-board-stage', Stage);
