// The colours of one of the engine's colour maps, from low to high.
import { coloursOf } from '../state/question.js';
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
    const { about, colormap } = this;
    if (!about || !colormap) return nothing;
    return html`<div class="strip" aria-hidden="true" style=${styleMap({ background: `linear-gradient(90deg, ${coloursOf(about, colormap).join(', ')})` })}></div>`;
  }
}

customElements.define('cl-colour-strip', ColourStrip);
