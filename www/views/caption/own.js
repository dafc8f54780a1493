// A caption of one's own, to see how probable the network finds it.
import { Element, html, live, nothing } from '../../elements/element.js';
import { t } from '../../i18n/index.js';
import sheet from './own.css';

/** @import { WordRead } from '../../engine/protocol.d.ts' */

const EXAMPLE = 'a red car left of two blue balls'; // captions are English in every language
const LONGEST = 200; // characters: sentences of thirty words
const FIRST = 4; // the words before stand for none: padding, unknown, start and end

/** Tells `own-caption` with a caption, or null for none. */
export class Own extends Element {
  static sheet = sheet;

  static properties = {
    asked: { attribute: false },
    unread: { type: Boolean },
    words: { attribute: false },
    known: { attribute: false },
    typed: { state: true },
  };

  constructor() {
    super();
    /** The caption that is asked about; null: none. @type {string | null} */
    this.asked = null;
    /** Whether the network knows none of its words. */
    this.unread = false;
    /** How it was read; none as long as it was not. @type {WordRead[]} */
    this.words = [];
    /** The words that the network knows. @type {string[]} */
    this.known = [];
    this.typed = '';
  }

  /** What is typed stays until another caption is asked about. @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('asked')) this.typed = this.asked ?? '';
  }

  render() {
    const { label, score, back, vocabulary, unknown, none } = t().caption.own;
    const missed = this.words.filter(({ known }) => !known).map(({ word }) => word);
    return html`
      <form class="row" autocomplete="off" @submit=${this.#submit}>
        <div class="field">
          <label for="caption">${label}</label>
          <input id="caption" type="text" lang="en" spellcheck="false" autocapitalize="none" enterkeyhint="go" maxlength=${LONGEST}
            aria-describedby="read" aria-invalid=${this.unread} placeholder=${EXAMPLE} .value=${live(this.typed)} @input=${(/** @type {any} */ { target }) => (this.typed = target.value)}>
        </div>
        <button class="primary">${score}</button>
        ${this.asked === null ? nothing : html`<button type="button" class="back" @click=${() => this.tell('own-caption', null)}>${back}</button>`}
      </form>
      <p id="read" class="problem" aria-live="polite">${this.unread ? none : missed.length ? unknown([...new Set(missed)]) : nothing}</p>
      ${this.known.length ? html`<details><summary>${vocabulary}</summary><p lang="en" class="hint">${this.known.slice(FIRST).join(' · ')}</p></details>` : nothing}`;
  }

  #submit(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    this.tell('own-caption', this.typed.trim() || null);
  }
}

customElements.define('cl-caption-own', Own);
