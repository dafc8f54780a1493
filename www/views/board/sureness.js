// How sure the network is of each class that matters. Pressed, a class is explained.
import { f, t } from '../../i18n/index.js';
import { Element, classMap, html, repeat, styleMap } from '../../elements/element.js';
import { nameOf } from './names.js';
import sheet from './sureness.css';

/** @typedef {{ name: string, probability: number, present: boolean, chosen: boolean }} Row */

export class Sureness extends Element {
  static sheet = sheet;

  static properties = {
    rows: { attribute: false },
    stale: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {Row[]} */
    this.rows = [];
    this.stale = false;
  }

  render() {
    const { sureness } = t().board;
    return html`
      <div class=${classMap({ classes: true, stale: this.stale })} role="group" aria-label=${sureness.heading}>
        ${repeat(
          this.rows,
          ({ name }) => name,
          ({ name, probability, present, chosen }) => html`
          <button type="button" class=${classMap({ absent: !present })} data-class=${name} aria-pressed=${chosen}
              style=${styleMap({ '--probability': probability })} @click=${() => this.tell('board-class', name)}>
            <span>${nameOf(name)}</span>
            <span class="share">${present ? f().probability(probability) : sureness.absent(f().probability(probability))}</span>
          </button>`,
        )}
        ${this.rows.length ? '' : html`<p class="hint">${sureness.none}</p>`}
      </div>`;
  }
}

customElements.define('cl-board-sureness', Sureness);
