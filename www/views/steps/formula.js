// A formula whose symbols can be pointed at, focused and pressed.
import { Element, classMap, html } from '../../elements/element.js';
import sheet from './formula.css';

/**
 * @import { Symbol } from '../../state/steps.js'
 * @import { Mark } from './formulas.js'
 */

/** Tells `symbol-pointed` with a symbol or null, and `symbol-chosen` with a symbol. */
export class Formula extends Element {
  static sheet = sheet;
  static properties = { lines: { attribute: false }, names: { attribute: false }, symbol: {}, lit: {}, label: {} };

  constructor() {
    super();
    /** @type {Mark[][]} */
    this.lines = [];
    /** What a mark is called that stands for a symbol. @type {(symbol: Symbol, mark: string) => string} */
    this.names = (_, mark) => mark;
    /** The symbol that was chosen. @type {Symbol} */
    this.symbol = 'weights';
    /** The one that is lit: it is pointed at, or was chosen. @type {Symbol} */
    this.lit = 'weights';
    this.label = '';
  }

  render() {
    return html`<div class="formula" role="group" aria-label=${this.label}>${this.lines.map(
      (line) =>
        html`<div class="line">${line.map((mark) => (typeof mark === 'string' ? html`<span>${set(mark)}</span>` : this.#symbol(...mark)))}</div>`,
    )}</div>`;
  }

  #symbol(/** @type {Symbol} */ symbol, /** @type {string} */ mark) {
    const point = () => this.tell('symbol-pointed', symbol);
    const leave = () => this.tell('symbol-pointed', null);
    return html`<button type="button" class=${classMap({ symbol: true, lit: symbol === this.lit })} data-symbol=${symbol} aria-pressed=${symbol === this.symbol}
      aria-label=${this.names(symbol, mark.replace('_', ''))} @pointerenter=${point} @pointerleave=${leave} @focus=${point} @blur=${leave}
      @click=${() => this.tell('symbol-chosen', symbol)}>${set(mark)}</button>`;
  }
}

/** Text as mathematics is set: variables in italics, `_` below the line, `^` above it. */
export function set(/** @type {string} */ text) {
  return text.split(/([_^][\p{L}\d]+)/u).map((piece) => {
    const [first, rest] = [piece[0], piece.slice(1)];
    if (first === '_') return html`<sub>${variables(rest)}</sub>`;
    if (first === '^') return html`<sup>${rest}</sup>`;
    return variables(piece);
  });
}

/** Single letters are variables, and words are functions; below the line each letter is one. */
const variables = (/** @type {string} */ text) =>
  text.split(/(\p{L}+)/u).map((piece) => (/^\p{L}{1,2}$/u.test(piece) && piece !== 'Σ' ? html`<i>${piece}</i>` : piece));

customElements.define('cl-steps-formula', Formula);
