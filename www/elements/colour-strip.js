// The colours of one of the engine's colour maps, from low to high.
import { Element, html, nothing, styleMap } from './element.js';
import sheet from './colour-strip.css';

export class ColourStrip extends Element {
  static sheet = sheet;
  static properties = { about: { attribute: false }, colormap: {} };

  constructor() {
    super();
    /** @type {import('../engine/protocol.d.ts').About | null} */
    this.about = null;
    this.colormap = '';
  }

  render() {
    const found = this.about?.colormaps.find(({ name }) => name === this.colormap);
    if (!found) return nothing;
    return html`<div class="strip" aria-hidden="true" style=${styleMap({ background: `linear-gradient(90deg, ${found.colours.join(', ')})` })}></div>`;
  }
}

customElements.define('cl-colour-strip', ColourStrip);
