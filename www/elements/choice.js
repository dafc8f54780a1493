// One of several, as radio buttons that look like what is chosen: words side by side, or pictures in a strip.
import { Element, classMap, html, live } from './element.js';
import sheet from './choice.css';

/** @typedef {{ value: string, title: string, image?: string }} Option */

/** Fires `choose` with the value of the one that was chosen. */
export class Choice extends Element {
  static sheet = sheet;
  static properties = { legend: {}, options: { attribute: false }, value: {} };

  constructor() {
    super();
    this.legend = '';
    /** @type {Option[]} */
    this.options = [];
    this.value = '';
  }

  render() {
    const pictures = this.options.some(({ image }) => image);
    return html`<fieldset class=${classMap({ pictures, segments: !pictures })} @change=${this.#choose}>
      <legend>${this.legend}</legend>
      <div class="options">${this.options.map((one) => this.#option(one))}</div>
    </fieldset>`;
  }

  #option(/** @type {Option} */ { value, title, image }) {
    const radio = html`<input type="radio" name="choice" .value=${value} .checked=${live(value === this.value)}>`;
    const face = image ? html`<img src=${image} alt=${title} title=${title} width="96" height="96">` : html`<span>${title}</span>`;
    return html`<label>${radio}${face}</label>`;
  }

  #choose(/** @type {any} */ { target }) {
    this.value = target.value;
    this.tell('choose', target.value);
  }
}

customElements.define('cl-choice', Choice);
