// What lies over a heatmap: the value under the pointer or the crosshair, and the picture alone while it is asked for.
import { f, t } from '../i18n/index.js';
import { shareAt } from '../save/values.js';
import { Element, classMap, html, nothing, styleMap } from './element.js';
import sheet from './readout.css';

const HELD = 250; // milliseconds after which a press is held
const STEP = 0.02; // of a side, by an arrow key; five times as much with Shift

const inside = (/** @type {number} */ place) => Math.min(Math.max(place, 0), 1);

/** Tells `hold` with whether the picture alone is held up. */
export class Readout extends Element {
  static sheet = sheet;

  static properties = {
    map: { attribute: false },
    original: { attribute: false },
    alone: { type: Boolean },
    name: {},
    place: { state: true },
    values: { state: true },
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #holding;

  constructor() {
    super();
    /** @type {(() => Promise<import('../engine/protocol.d.ts').RawMap>) | null} gives the map, when it is wanted */
    this.map = null;
    /** @type {ImageBitmap | null} the picture without the heatmap, once it was asked for */
    this.original = null;
    /** Whether the picture alone is shown. */
    this.alone = false;
    /** The class that the map speaks for. */
    this.name = '';
    /** @type {{ x: number, y: number, cross: boolean, aloud: boolean } | null} */
    this.place = null;
    /** @type {import('../engine/protocol.d.ts').RawMap | null} */
    this.values = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has('map')) return;
    this.values = null;
    if (this.place) this.#read();
  }

  render() {
    const words = t().explain.readout;
    const { place, values, alone } = this;
    const said = place && values ? words.value(f().percent(shareAt(values, place.x, place.y)), this.name) : '';
    const aloud = said && place?.aloud ? words.at(said, f().percent(place.x), f().percent(place.y)) : '';
    return html`
      <canvas class="original" ?hidden=${!alone || !this.original} role="img" aria-label=${words.original}></canvas>
      <div class="area" role="application" tabindex="0" aria-label=${words.area(this.name)} aria-describedby="keys"
        @pointermove=${this.#move} @pointerleave=${this.#leave} @pointerdown=${this.#down} @pointerup=${this.#up} @pointercancel=${this.#up}
        @contextmenu=${(/** @type {Event} */ event) => event.preventDefault()}
        @keydown=${this.#key} @blur=${this.#blur}>
        ${place ? html`<div class=${classMap({ place: true, cross: place.cross })} style=${styleMap({ left: `${place.x * 100}%`, top: `${place.y * 100}%` })}></div>` : nothing}
      </div>
      <p id="keys" class="unseen">${words.keys}</p>
      <p class="chip" aria-hidden="true" ?hidden=${!said}>${said}</p>
      <p class="spoken unseen" aria-live="polite">${aloud}</p>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('original') || !this.original) return;
    const canvas = /** @type {HTMLCanvasElement} */ (this.find('.original'));
    Object.assign(canvas, { width: this.original.width, height: this.original.height });
    canvas.getContext('2d')?.drawImage(this.original, 0, 0);
  }

  async #read() {
    const { map } = this;
    if (this.values || !map) return;
    const values = await map().catch(() => null); // whoever computes tells why
    if (map === this.map) this.values = values;
  }

  #at(/** @type {PointerEvent} */ { clientX, clientY, pointerType }) {
    const { left, top, width, height } = this.getBoundingClientRect();
    return { x: inside((clientX - left) / width), y: inside((clientY - top) / height), cross: pointerType === 'touch', aloud: false };
  }

  #move(/** @type {PointerEvent} */ event) {
    this.place = this.#at(event);
    this.#read();
  }

  #leave(/** @type {PointerEvent} */ event) {
    this.#up();
    // A finger that is lifted has left, too: what it touched can be read on.
    if (event.pointerType !== 'touch') this.place = null;
  }

  #down(/** @type {PointerEvent} */ event) {
    if (event.button) return;
    this.#move(event);
    this.#holding = setTimeout(() => this.tell('hold', { held: true }), HELD);
  }

  #up() {
    clearTimeout(this.#holding);
    this.tell('hold', { held: false });
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const step = event.shiftKey ? 5 * STEP : STEP;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (event.key === 'Escape') this.place = null;
    if (!way) return;
    event.preventDefault();
    const { x, y } = this.place ?? { x: 0.5, y: 0.5 };
    this.place = { x: inside(x + way[0]), y: inside(y + way[1]), cross: true, aloud: true };
    this.#read();
  }

  #blur() {
    if (this.place?.aloud) this.place = null;
  }
}

customElements.define('cl-readout', Readout);
