// A picture of which something is said: as the network sees it, or a heatmap.
import { Element, classMap, html, styleMap } from '../element.js';
import { show } from '../paint.js';
import sheet from './shown.css';

/** @import { Pixels } from '../paint.js' */

export class Shown extends Element {
  static sheet = sheet;
  static properties = {
    image: { attribute: false },
    aspect: { type: Number },
    label: {},
    heading: {},
    detail: {},
    smooth: { type: Boolean },
    stale: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {Pixels | null} */
    this.image = null;
    /** Width by height: a network may see a picture squashed. */
    this.aspect = 1;
    this.label = '';
    this.heading = '';
    /** What is said of it. */
    this.detail = '';
    this.smooth = false;
    /** Whether that is behind. */
    this.stale = false;
  }

  render() {
    return html`<figure class=${classMap({ shown: true, stale: this.stale })}>
      <canvas class=${classMap({ smooth: this.smooth })} width="1" height="1" role="img" aria-label=${this.label} style=${styleMap({ 'aspect-ratio': this.aspect })}></canvas>
      <figcaption><p class="title" ?hidden=${!this.heading}>${this.heading}</p><p class="detail" ?hidden=${!this.detail}>${this.detail}</p></figcaption>
    </figure>`;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (!changed.has('image')) return;
    const nothing = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
    show(/** @type {HTMLCanvasElement} */ (this.find('canvas')), this.image ?? nothing);
  }
}

customElements.define('cl-shown', Shown);
