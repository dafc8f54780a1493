// A picture with a circle on it: a pointer moves it, and so do keys. What is slotted is the picture.
import { Element, classMap, html, nothing, styleMap } from '../element.js';
import { inside, movedBy, sizedBy } from './keys.js';
import sheet from './pad.css';

/**
 * @import { Circle } from './keys.js'
 *
 * Another circle that is shown, which nobody moves.
 * @typedef {Circle & { name: string }} Mark
 */

/**
 * Tells `circle-moved` with `{ x, y, pressed }`; `circle-begun` with `{ x, y }` when a pointer, or the space bar, presses the
 * circle down, and `circle-ended`; `circle-sized` with the diameter; and `circle-confirmed` at Enter.
 */
export class CirclePad extends Element {
  static sheet = sheet;

  static properties = {
    circle: { attribute: false },
    marks: { attribute: false },
    width: { type: Number },
    height: { type: Number },
    bounds: { attribute: false },
    hovers: { type: Boolean },
    fixed: { type: Boolean },
    name: {},
    label: {},
    keys: {},
    said: { attribute: false },
    aloud: { state: true },
  };

  /** Whether the circle is pressed down, and by what. @type {'pointer' | 'key' | null} */
  #pressed = null;

  constructor() {
    super();
    /** @type {Circle | null} */
    this.circle = null;
    /** @type {Mark[]} */
    this.marks = [];
    /** Of the picture, in pixels. */
    this.width = 1;
    this.height = 1;
    /** Of the circle's diameter. */
    this.bounds = { min: 0.02, max: 1 };
    /** Whether the circle follows a pointer that is not pressed. */
    this.hovers = false;
    /** Whether it can be moved no longer. */
    this.fixed = false;
    /** What is written on the circle. */
    this.name = '';
    this.label = '';
    /** What the keys do. */
    this.keys = '';
    /** Where the circle is, in words. @type {(circle: Circle) => string} */
    this.said = () => '';
    /** Whether its place is told to those who listen: it was moved by a key. */
    this.aloud = false;
  }

  focus() {
    this.find('.area')?.focus();
  }

  render() {
    const { circle, fixed } = this;
    const end = () => this.#end('pointer');
    return html`
      <div class=${classMap({ area: true, fixed })} role="application" tabindex="0" aria-label=${this.label} aria-describedby="keys"
          @pointerdown=${this.#down} @pointermove=${this.#move} @pointerup=${end} @pointercancel=${end} @lostpointercapture=${end}
          @keydown=${this.#key} @keyup=${(/** @type {KeyboardEvent} */ { key }) => key === ' ' && this.#end('key')} @blur=${() => this.#end('key')}>
        <slot></slot>
        ${this.marks.map((mark) => this.#circle(mark, 'circle dashed', mark.name))}
        ${circle ? this.#circle(circle, 'circle', this.name) : nothing}
      </div>
      <p id="keys" class="unseen">${this.keys}</p>
      <p class="unseen" aria-live="polite">${this.aloud && circle ? this.said(circle) : ''}</p>`;
  }

  #circle(/** @type {Circle} */ { x, y, size }, /** @type {string} */ look, /** @type {string} */ name) {
    const across = (size * Math.max(this.width, this.height)) / this.width;
    return html`<span class=${look} style=${styleMap({ left: `${100 * x}%`, top: `${100 * y}%`, width: `${100 * across}%` })}>${name && html`<span class="chip" aria-hidden="true">${name}</span>`}</span>`;
  }

  #at(/** @type {PointerEvent} */ { clientX, clientY }) {
    const { left, top, width, height } = this.find('.area').getBoundingClientRect();
    return { x: inside((clientX - left) / width), y: inside((clientY - top) / height) };
  }

  #down(/** @type {PointerEvent} */ event) {
    if (event.button || this.fixed || this.#pressed) return;
    this.find('.area').setPointerCapture(event.pointerId);
    this.#begin('pointer', this.#at(event));
  }

  #move(/** @type {PointerEvent} */ event) {
    const pressed = this.#pressed === 'pointer';
    if (this.fixed || (!pressed && (!this.hovers || event.pointerType === 'touch'))) return;
    this.#tellPlace(this.#at(event), pressed);
  }

  #begin(/** @type {'pointer' | 'key'} */ by, /** @type {{ x: number, y: number }} */ place) {
    this.#pressed = by;
    this.aloud = by === 'key';
    this.tell('circle-begun', place);
  }

  #end(/** @type {'pointer' | 'key'} */ by) {
    if (this.#pressed !== by) return;
    this.#pressed = null;
    this.tell('circle-ended', null);
  }

  #tellPlace(/** @type {{ x: number, y: number }} */ place, /** @type {boolean} */ pressed, aloud = false) {
    this.aloud = aloud;
    this.tell('circle-moved', { ...place, pressed });
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const { circle, fixed } = this;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [way, size] = [movedBy(event), circle && sizedBy(event.key, circle.size, this.bounds)];
    if (!way && !size && event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (event.key === 'Enter') return event.repeat ? undefined : this.tell('circle-confirmed', null);
    if (!circle || fixed) return;
    if (way) this.#tellPlace({ x: inside(circle.x + way[0]), y: inside(circle.y + way[1]) }, this.#pressed === 'key', true);
    else if (size) this.#size(size);
    else if (!this.#pressed) this.#begin('key', circle);
  }

  #size(/** @type {number} */ size) {
    this.aloud = true;
    this.tell('circle-sized', size);
  }
}

customElements.define('cl-circle-pad', CirclePad);
