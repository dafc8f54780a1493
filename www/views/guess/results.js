// What the circles hold: of one picture as bars, of a round as a table.
import { Element, html, nothing, styleMap } from '../../elements/element.js';
import { f } from '../../i18n/index.js';
import sheet from './results.css';
import { words } from './words.js';

/** @import { Mean, Result } from './controller.js' */

const CIRCLES = /** @type {const} */ (['yours', 'best', 'chance']);

/** Points in whole numbers. */
export const worth = (/** @type {number} */ points) => f().number(Math.round(points));

/** What the circles hold of one heatmap. */
export class Bars extends Element {
  static sheet = sheet;
  static properties = { result: { attribute: false } };

  constructor() {
    super();
    /** @type {Result | null} */
    this.result = null;
  }

  render() {
    const { result } = this;
    if (!result) return nothing;
    const said = words();
    return html`<dl class="bars" aria-label=${said.found}>
      ${CIRCLES.map(
        (name) => html`<div class=${name} style=${styleMap({ '--share': result[name] })}>
        <dt>${said[name]}</dt><dd>${f().probability(result[name])}</dd></div>`,
      )}</dl>`;
  }
}

/** A round; fires `turn-shown` with the number of a picture. */
export class Table extends Element {
  static sheet = sheet;
  static properties = { results: { attribute: false }, names: { attribute: false }, mean: { attribute: false }, at: { type: Number } };

  constructor() {
    super();
    /** @type {(Result | null)[]} */
    this.results = [];
    /** Of each picture, the class that its heatmap speaks for; null: not known yet. @type {(string | null)[]} */
    this.names = [];
    /** @type {Mean | null} */
    this.mean = null;
    /** The picture on the screen. */
    this.at = -1;
  }

  render() {
    const { columns, mean, show, results: caption } = words();
    return html`<table>
      <caption class="unseen">${caption}</caption>
      <thead><tr>${Object.entries(columns).map(([name, title]) => html`<th scope="col" class=${name}>${title}</th>`)}</tr></thead>
      <tbody>${this.results.map(
        (result, i) => html`<tr>
        <th scope="row"><button type="button" aria-label=${show(i + 1)} aria-pressed=${i === this.at} @click=${() => this.tell('turn-shown', i)}>${f().number(i + 1)}</button></th>
        <td class="of">${this.names[i] ?? ''}</td>${this.#numbers(result, this.names[i] === null)}</tr>`,
      )}</tbody>
      ${this.mean ? html`<tfoot><tr><th scope="row" colspan="2">${mean}</th>${this.#numbers(this.mean, false)}</tr></tfoot>` : nothing}
    </table>`;
  }

  #numbers(/** @type {Pick<Mean, 'yours' | 'best' | 'chance' | 'points'> | null} */ result, /** @type {boolean} */ open) {
    const { unknown, none } = words();
    const said = (/** @type {(found: Pick<Mean, 'yours' | 'best' | 'chance' | 'points'>) => string} */ say) =>
      result ? say(result) : open ? unknown : none;
    return html`${CIRCLES.map((name) => html`<td class=${name}>${said((found) => f().percent(found[name]))}</td>`)}<td class="points">${said(({ points }) => worth(points))}</td>`;
  }
}

customElements.define('cl-guess-bars', Bars);
customElements.define('cl-guess-table', Table);
