// How the result is drawn: nothing here computes it anew.
import { colormapTitle, titleOf } from '../i18n/tables.js';
import { f, t } from '../i18n/index.js';
import { formulaOf } from '../state/question.js';
import './colour-strip.js';
import { Element, html, live, nothing } from './element.js';
import sheet from './appearance.css';

/**
 * @import { About, Draw } from '../engine/protocol.d.ts'
 * @import { Style } from '../state/question.js'
 */

/** Tells `ask` with changes of the style. */
export class Appearance extends Element {
  static sheet = sheet;
  static properties = { about: { attribute: false }, drawing: { attribute: false } };

  constructor() {
    super();
    /** @type {About | null} */
    this.about = null;
    /** @type {Draw | null} the style with its defaults filled in */
    this.drawing = null;
  }

  render() {
    const { about, drawing } = this;
    if (!about || !drawing) return nothing;
    const words = t().explain.appearance;
    const { raw, opacity } = formulaOf(about, drawing.formula);
    return html`
      <div class="field">
        <label for="formula">${words.formula}</label>
        <select id="formula" aria-describedby="raw" @change=${(/** @type {any} */ { target }) => this.#ask({ formula: target.value })}>
          ${about.formulas.map(({ name }) => html`<option value=${name} .selected=${live(name === drawing.formula)}>${titleOf(name)}</option>`)}
        </select>
        <p id="raw" class="hint" ?hidden=${!raw}>${words.raw}</p>
      </div>
      <div class="field">
        <label for="colormap">${words.colormap}</label>
        <select id="colormap" ?disabled=${raw} @change=${(/** @type {any} */ { target }) => this.#ask({ colormap: target.value })}>
          ${about.colormaps.map(({ name }) => html`<option value=${name} .selected=${live(name === drawing.colormap)}>${colormapTitle(name)}</option>`)}
        </select>
        <cl-colour-strip ?hidden=${raw} .about=${about} .colormap=${drawing.colormap}></cl-colour-strip>
      </div>
      ${this.#slider('opacity', words.opacity, drawing.opacity, !opacity)}
      ${this.#slider('threshold', words.threshold, drawing.threshold, raw)}`;
  }

  /** @param {'opacity' | 'threshold'} name @param {string} label @param {number} value @param {boolean} disabled */
  #slider(name, label, value, disabled) {
    const said = f().percent(value);
    return html`<div class="field">
      <label for=${name}>${label} <span class="value">${said}</span></label>
      <input id=${name} type="range" min="0" max="1" step="0.01" aria-valuetext=${said} .value=${live(String(value))} ?disabled=${disabled}
        @input=${(/** @type {any} */ { target }) => this.#ask({ [name]: target.valueAsNumber })}>
    </div>`;
  }

  #ask(/** @type {Partial<Style>} */ change) {
    this.tell('ask', { change });
  }
}

customElements.define('cl-appearance', Appearance);
