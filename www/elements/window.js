// Of a grey picture of 16 bits: the values that are shown as black and as white.
import { f, t } from '../i18n/index.js';
import { Element, html, live } from './element.js';
import sheet from './window.css';

/** @typedef {import('../state/question.js').Window} Range */

/** Milliseconds in which a further move makes the picture of the one before unnecessary. */
const SETTLE = 200;

/** Tells `ask` with another `window`; null: all values. */
export class ShownValues extends Element {
  static sheet = sheet;
  static properties = { range: { attribute: false }, window: { attribute: false } };

  constructor() {
    super();
    /** @type {Range} the smallest and the largest value of the picture */
    this.range = [0, 1];
    /** @type {Range | null} */
    this.window = null;
  }

  render() {
    const words = t().explain.window;
    return html`<h4 id="heading">${words.heading}</h4>
      <div class="fields" role="group" aria-labelledby="heading">
        ${this.#slider('black', words.black, 0)}
        ${this.#slider('white', words.white, 1)}
      </div>
      <button type="button" class="quiet all" ?disabled=${!this.window} @click=${() => this.tell('ask', { change: { window: null } })}>${words.all}</button>`;
  }

  /** @param {string} name @param {string} label @param {0 | 1} end */
  #slider(name, label, end) {
    const [min, max] = this.range;
    const value = (this.window ?? this.range)[end];
    const said = f().number(value);
    return html`<div class="field">
      <label for=${name}>${label} <span class="value">${said}</span></label>
      <input id=${name} type="range" min=${min} max=${max} step="1" autocomplete="off" aria-valuetext=${said} .value=${live(String(value))}
        @input=${(/** @type {any} */ { target }) => this.#move(end, target.valueAsNumber)}>
    </div>`;
  }

  /** The other end gives way. */
  #move(/** @type {0 | 1} */ end, /** @type {number} */ value) {
    const [min, max] = this.range;
    const [low, high] = this.window ?? this.range;
    const at = end ? Math.max(value, min + 1) : Math.min(value, max - 1);
    const window = end ? [Math.min(low, at - 1), at] : [at, Math.max(high, at + 1)];
    this.tell('ask', { change: { window }, settle: SETTLE });
  }
}

customElements.define('cl-window', ShownValues);
