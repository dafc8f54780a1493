// A picture of a step: numbers of the map's size as colours, with a mark on the pixel that is looked at.
import { Element, classMap, html, nothing, styleMap } from '../../elements/element.js';
import { show } from '../../elements/paint.js';
import sheet from './picture.css';

/** @import { Pixels } from '../../elements/paint.js' */

/** Where `reads` is set, tells `pixel-pointed` with column and row, or null, and `pixel-chosen` with column and row. */
export class Picture extends Element {
  static sheet = sheet;
  static properties = {
    image: { attribute: false },
    aspect: { type: Number },
    label: {},
    heading: {},
    detail: {},
    lit: { type: Boolean },
    pixel: { attribute: false },
    reads: { type: Boolean },
    keys: {},
    said: {},
    aloud: { state: true },
  };

  constructor() {
    super();
    /** @type {Pixels | null} */
    this.image = null;
    /** Width by height: a network may see a picture squashed. */
    this.aspect = 1;
    this.label = '';
    this.heading = '';
    this.detail = '';
    /** Whether it is what is pointed at elsewhere. */
    this.lit = false;
    /** @type {number[] | null} column and row of the pixel that is marked */
    this.pixel = null;
    /** Whether a pixel can be chosen. */
    this.reads = false;
    /** What the keys do. */
    this.keys = '';
    /** What the marked pixel says. */
    this.said = '';
    /** Whether that is told to those who listen: a key moved the mark. */
    this.aloud = false;
  }

  render() {
    const { reads, label } = this;
    const canvas = html`<canvas width="1" height="1" aria-hidden="true" style=${styleMap({ 'aspect-ratio': this.aspect })}></canvas>${this.#place()}`;
    return html`<figure class=${classMap({ lit: this.lit })}>
      ${
        reads
          ? html`<div class="area" role="application" tabindex="0" aria-label=${label} aria-describedby="keys"
              @pointermove=${this.#move} @pointerleave=${() => this.tell('pixel-pointed', null)} @click=${this.#choose} @keydown=${this.#key}>${canvas}</div>
            <p id="keys" class="unseen">${this.keys}</p><p class="unseen" aria-live="polite">${this.aloud ? this.said : ''}</p>`
          : html`<div class="area" role="img" aria-label=${label}>${canvas}</div>`
      }
      <figcaption><p class="title" ?hidden=${!this.heading}>${this.heading}</p><p class="detail" ?hidden=${!this.detail}>${this.detail}</p></figcaption>
    </figure>`;
  }

  #place() {
    const { image, pixel } = this;
    if (!image || !pixel) return nothing;
    const percent = (/** @type {number} */ at, /** @type {number} */ of) => `${(100 * at) / of}%`;
    const [column, row] = pixel;
    return html`<span class="place" style=${styleMap({
      left: percent(column, image.width),
      top: percent(row, image.height),
      width: percent(1, image.width),
      height: percent(1, image.height),
    })}></span>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('image') || !this.image) return;
    show(/** @type {HTMLCanvasElement} */ (this.find('canvas')), this.image);
  }

  #at(/** @type {MouseEvent} */ { clientX, clientY }) {
    const { left, top, width, height } = this.find('canvas').getBoundingClientRect();
    return this.#inside([((clientX - left) / width) * (this.image?.width ?? 1), ((clientY - top) / height) * (this.image?.height ?? 1)]);
  }

  #inside(/** @type {number[]} */ place) {
    const { width, height } = this.image ?? { width: 1, height: 1 };
    return [width, height].map((size, i) => Math.min(Math.max(Math.floor(place[i]), 0), size - 1));
  }

  #move(/** @type {PointerEvent} */ event) {
    this.aloud = false;
    if (event.pointerType !== 'touch') this.tell('pixel-pointed', this.#at(event));
  }

  #choose(/** @type {MouseEvent} */ event) {
    this.aloud = false;
    this.tell('pixel-chosen', this.#at(event));
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const step = event.shiftKey ? 5 : 1;
    const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (!way) return;
    event.preventDefault();
    const [column, row] = this.pixel ?? [0, 0];
    this.aloud = true;
    this.tell('pixel-chosen', this.#inside([column + way[0], row + way[1]]));
  }
}

customElements.define('cl-steps-picture', Picture);
