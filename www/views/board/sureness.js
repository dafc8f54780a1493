// How sure the network is of each class that matters. Pressed, a class is explained.
import { f, t } from '../../i18n/index.js';
import { Element, classMap, html, repeat, styleMap } from '../../elements/element.js';
import { SUSPECTED } from './choice.js';
import { nameOf } from '../../elements/board/names.js';
import sheet from './sureness.css';

/** @import { Answer } from './following.js' */

export class Sureness extends Element {
  static sheet = sheet;

  static properties = {
    answer: { attribute: false },
    stale: { type: Boolean },
    stopped: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {Answer | null} */
    this.answer = null;
    this.stale = false;
    /** Whether nothing newer comes: no bar is drawn of numbers of another board. */
    this.stopped = false;
  }

  /** The classes that are listed, in a steady order. @type {string[]} */
  #listed = [];

  /** The classes on the board, and those that the network suspects. */
  #rows(/** @type {Answer} */ { present, explanation }) {
    const {
      model: { labels },
      classes,
      top,
      probabilities,
    } = explanation;
    const suspected = top
      .filter((/** @type {any} */ { probability }) => probability > SUSPECTED)
      .map((/** @type {any} */ { name }) => name);
    const names = [...new Set([...present, ...suspected])].filter((name) => labels.includes(name));
    this.#listed = [...this.#listed.filter((name) => names.includes(name)), ...names.filter((name) => !this.#listed.includes(name))];
    return this.#listed.map((name) => ({
      name,
      probability: probabilities[labels.indexOf(name)],
      present: present.includes(name),
      chosen: classes.some((/** @type {any} */ one) => one.name === name),
    }));
  }

  render() {
    const { sureness } = t().board;
    const rows = this.answer ? this.#rows(this.answer) : [];
    return html`
      <div class=${classMap({ classes: true, stale: this.stale, stopped: this.stopped })} role="group" aria-label=${sureness.heading}>
        ${repeat(
          rows,
          ({ name }) => name,
          ({ name, probability, present, chosen }) => html`
          <button type="button" class=${classMap({ scored: true, absent: !present })} data-class=${name} aria-pressed=${chosen}
              style=${styleMap({ '--share': probability })} @click=${() => this.tell('board-class', name)}>
            <span>${nameOf(name)}</span>
            <span class="share">${present ? f().probability(probability) : sureness.absent(f().probability(probability))}</span>
          </button>`,
        )}
        ${!this.answer || rows.length ? '' : html`<p class="hint">${sureness.none}</p>`}
      </div>`;
  }
}

customElements.define('cl-board-sureness', Sureness);
