// What the colours of a drawing mean.
import { t } from '../i18n/index.js';
import { formulaOf } from '../state/question.js';
import './colour-strip.js';
import { Element, html, nothing } from './element.js';
import sheet from './legend.css';

export class Legend extends Element {
  static sheet = sheet;
  static properties = { about: { attribute: false }, drawing: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../engine/protocol.d.ts').About | null} */
    this.about = null;
    /** @type {import('../engine/protocol.d.ts').Draw | null} */
    this.drawing = null;
  }

  render() {
    const { about, drawing } = this;
    if (!about || !drawing) return nothing;
    const { colormap, ends } = legendOf(about, drawing);
    const [low, high] = t().explain.legend[ends];
    return html`<span>${low}</span><cl-colour-strip .about=${about} .colormap=${colormap}></cl-colour-strip><span>${high}</span>`;
  }
}

/**
 * Of a drawing: its colour map, and what its ends mean.
 * @param {import('../engine/protocol.d.ts').About} about
 * @param {import('../engine/protocol.d.ts').Draw} drawing
 * @returns {{ colormap: string, ends: 'map' | 'raw' }}
 */
export function legendOf(about, { formula, colormap }) {
  const { raw, colormap: own } = formulaOf(about, formula);
  return { colormap: own ?? colormap, ends: raw ? 'raw' : 'map' };
}

customElements.define('cl-legend', Legend);
