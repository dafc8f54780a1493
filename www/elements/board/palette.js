// The stickers that can be had: pressed, one lies in the middle of the board; dragged, it lies where it is let go.
import { t } from '../../i18n/index.js';
import { Element, html, styleMap } from '../element.js';
import { nameOf } from './names.js';
import sheet from './palette.css';

const DRAG = 6; // pixels that a pointer moves before it means to drag

/** @type {Record<string, number>} */
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/**
 * Takes over a sticker that is dragged onto the board, see Stage.drag; `drop` ends the drag.
 * @typedef {object} Target
 * @property {(name: string) => void} add puts one in the middle
 * @property {() => void} begin
 * @property {(id: number | null, name: string, place: PointerEvent) => number | null} drag
 * @property {(id: number | null, kept: boolean) => void} drop
 */

export class Palette extends Element {
  static sheet = sheet;

  static properties = {
    sheet: { attribute: false },
    offered: { attribute: false },
    heading: { attribute: false },
    target: { attribute: false },
    current: { state: true },
    ghost: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../../scenes/painting.js').Stickers} */
    this.sheet = /** @type {any} */ (null);
    /** Those that are offered; null: all. @type {string[] | null} */
    this.offered = null;
    /** What they are called together; null: stickers. @type {string | null} */
    this.heading = null;
    /** @type {Target} */
    this.target = /** @type {any} */ (null);
    this.current = 0;
    /** @type {{ name: string, x: number, y: number } | null} */
    this.ghost = null;
  }

  /** @type {{ pointer: number, name: string, x: number, y: number, moved: boolean, laid: number | null } | null} */
  #drag = null;
  #dragged = false; // a click that ends a drag adds nothing

  focus() {
    this.#buttons()[this.current].focus();
  }

  /** @returns {HTMLElement[]} */
  #buttons() {
    return [...this.renderRoot.querySelectorAll('button')];
  }

  /** One stop for the Tab key, or the board would be thirty stops away; within, arrows lead from one to the next. */
  #key(/** @type {KeyboardEvent} */ event) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = this.#buttons();
    buttons[(this.current + step + buttons.length) % buttons.length].focus();
  }

  #down(/** @type {PointerEvent} */ event, /** @type {string} */ name) {
    if (event.button !== 0 || this.#drag) return;
    this.#dragged = false;
    /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.#drag = { pointer: event.pointerId, name, x: event.clientX, y: event.clientY, moved: false, laid: null };
  }

  /** Until it is over the board a dragged sticker is a ghost under the pointer; from then on it is the stage's. */
  #move(/** @type {PointerEvent} */ event) {
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    const { clientX: x, clientY: y } = event;
    if (!drag.moved) {
      if (Math.hypot(x - drag.x, y - drag.y) < DRAG) return;
      drag.moved = this.#dragged = true;
      this.target.begin();
    }
    drag.laid = this.target.drag(drag.laid, drag.name, event);
    this.ghost = drag.laid === null ? { name: drag.name, x, y } : null;
  }

  #end(/** @type {PointerEvent} */ event, /** @type {boolean} */ kept) {
    const drag = this.#drag;
    if (drag?.pointer !== event.pointerId) return;
    this.#drag = this.ghost = null;
    if (!kept) this.#dragged = false; // no click follows
    if (drag.moved) this.target.drop(drag.laid, kept);
  }

  #click(/** @type {string} */ name) {
    if (!this.#dragged) this.target.add(name);
    this.#dragged = false;
  }

  render() {
    const { palette } = t().board;
    const { ghost } = this;
    return html`
      <div class="palette scrolls" role="toolbar" aria-label=${this.heading ?? palette.heading} @keydown=${this.#key}
          @pointermove=${this.#move} @pointerup=${(/** @type {PointerEvent} */ event) => this.#end(event, true)}
          @pointercancel=${(/** @type {PointerEvent} */ event) => this.#end(event, false)}>
        ${(this.offered ?? this.sheet.classes).map(
          (name, i) => html`
          <button type="button" title=${nameOf(name)} aria-label=${palette.add(nameOf(name))} tabindex=${i === this.current ? 0 : -1}
              @focus=${() => (this.current = i)} @click=${() => this.#click(name)} @pointerdown=${(/** @type {PointerEvent} */ event) => this.#down(event, name)}>
            <span style=${styleMap(this.sheet.styleOf(name))}></span>
          </button>`,
        )}
      </div>
      ${ghost && html`<span class="ghost" style=${styleMap({ ...this.sheet.styleOf(ghost.name), translate: `${ghost.x}px ${ghost.y}px` })}></span>`}`;
  }
}

customElements.define('cl-board-palette', Palette);
