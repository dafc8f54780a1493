// A caption as buttons, one for each word: the focus chooses the word that is explained, Shift and arrows a phrase.
import { Element, classMap, html, styleMap } from '../../elements/element.js';
import { f, t } from '../../i18n/index.js';
import { between, has, probabilitiesOf } from './selection.js';
import sheet from './words.css';

/**
 * @import { WordRead } from '../../engine/protocol.d.ts'
 * @import { Range } from '../../state/caption.js'
 */

/** Where a key leads from a word of so many. @type {Record<string, (at: number, count: number) => number>} */
const STEPS = {
  ArrowLeft: (at) => Math.max(at - 1, 0),
  ArrowRight: (at, count) => Math.min(at + 1, count - 1),
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Tells `words-chosen` with a range, or null for all words. */
export class Words extends Element {
  static sheet = sheet;

  static properties = {
    words: { attribute: false },
    logs: { attribute: false },
    range: { attribute: false },
    joins: { state: true },
  };

  constructor() {
    super();
    /** @type {WordRead[]} */
    this.words = [];
    /** Natural logarithms of their probabilities, and at last of the end. @type {number[]} */
    this.logs = [];
    /** Those that are chosen; null: all. @type {Range | null} */
    this.range = null;
    /** Whether a press joins a word to those that are chosen, for those without a Shift key. */
    this.joins = false;
  }

  /** From where a phrase reaches, and to where. */
  #anchor = 0;
  #head = 0;
  /** Whether the focus comes from a pointer, whose click chooses then. */
  #pressed = false;
  /** Whether the focus that comes joins its word to the phrase. */
  #joining = false;
  /** Whether presses have given the first word of a phrase, and not yet its last. */
  #begun = false;

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('range') && this.range) {
      const { first, last } = this.range;
      const ends = [first, last];
      if (!ends.includes(this.#anchor) || !ends.includes(this.#head)) [this.#anchor, this.#head] = ends;
    }
    // The only stop of the Tab key is a word that is there.
    if (!has(this.words.length, { first: this.#head, last: this.#head })) this.#anchor = this.#head = 0;
  }

  render() {
    const { heading, whole, join } = t().caption.words;
    const { each } = probabilitiesOf(this.logs);
    return html`
      <div class="words" role="group" aria-label=${heading} aria-describedby="how" @keydown=${this.#key}>
        ${this.words.map((word, place) => this.#word(word, place, each[place] ?? 0))} ${this.#end(each[this.words.length] ?? 0)}
      </div>
      <div class="ways">
        <button type="button" class="all" aria-pressed=${this.range === null} @click=${() => this.tell('words-chosen', null)}>${whole}</button>
        <button type="button" class="join" aria-pressed=${this.joins} ?disabled=${this.words.length < 2} @click=${this.#toggle}>${join}</button>
      </div>
      <p id="how" class=${classMap({ hint: true, keys: !this.joins })}>${this.#how()}</p>`;
  }

  #word(/** @type {WordRead} */ one, /** @type {number} */ place, /** @type {number} */ probability) {
    const { word, known, read_as: meant, function_word: functional, relation_word: related } = one;
    const { label, unknown, readAs, nothing, relation } = t().caption.words;
    const chosen = this.range !== null && place >= this.range.first && place <= this.range.last;
    const share = f().probability(probability);
    const said = label(word, share, [
      ...(known ? [] : [unknown]),
      ...(meant ? [readAs(meant)] : []),
      ...(functional ? [nothing] : []),
      ...(related ? [relation] : []),
    ]);
    const empty = functional || related;
    return html`<button type="button" lang="en" class=${classMap({ word: true, empty, unknown: !known })} aria-pressed=${chosen} aria-label=${said} title=${said}
      tabindex=${place === this.#head ? 0 : -1} style=${styleMap({ '--probability': String(probability) })}
      @pointerdown=${() => (this.#pressed = true)} @pointerleave=${() => (this.#pressed = false)} @focus=${(/** @type {FocusEvent} */ event) => this.#focused(event, place)} @click=${this.#click}>
      <span class=${classMap({ text: true, meant: Boolean(meant) })}>${word}</span><span class="share" aria-hidden="true">${share}</span></button>`;
  }

  #end(/** @type {number} */ probability) {
    const { end, endLabel } = t().caption.words;
    const share = f().probability(probability);
    return html`<span class="word end" title=${endLabel(share)} style=${styleMap({ '--probability': String(probability) })}>
      <span class="text">${end}</span><span class="share">${share}</span></span>`;
  }

  #how() {
    const { keys, touch } = t().caption.words;
    if (this.joins) return touch;
    const one = (/** @type {[string[], string]} */ [names, does]) =>
      html`<span>${names.map((name) => html`<kbd>${name}</kbd> `)}${does}</span> `;
    return html`${keys.map(one)}`;
  }

  /** @returns {HTMLElement[]} */
  #buttons() {
    return [...this.renderRoot.querySelectorAll('button.word')].map((button) => /** @type {HTMLElement} */ (button));
  }

  focus() {
    this.#buttons()[this.#head]?.focus();
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && this.range) {
      event.preventDefault();
      this.tell('words-chosen', null);
      return;
    }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = this.#buttons();
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    const to = step(at < 0 ? this.#head : at, buttons.length);
    this.#pressed = false;
    this.#joining = event.shiftKey;
    if (to === at) this.#choose(to, event.shiftKey);
    else buttons[to].focus();
    this.#joining = false;
  }

  #toggle() {
    this.joins = !this.joins;
    this.#begun = false;
  }

  #click(/** @type {MouseEvent} */ { currentTarget, shiftKey }) {
    const button = /** @type {HTMLElement} */ (currentTarget);
    if (button !== this.shadowRoot?.activeElement) button.focus(); // not every browser gives it
    this.#pressed = false;
    this.#choose(this.#buttons().indexOf(button), shiftKey || this.#begun);
    this.#begun = this.joins && !this.#begun;
  }

  /** The focus that comes back to a phrase leaves it as it is. */
  #focused(/** @type {FocusEvent} */ { relatedTarget }, /** @type {number} */ place) {
    if (this.#pressed) return;
    const within = this.#buttons().some((button) => button === relatedTarget);
    const back = !within && this.range !== null && place === this.#head;
    if (this.joins && !this.#joining) this.#head = place;
    else if (!back) this.#choose(place, this.#joining);
    this.requestUpdate();
  }

  #choose(/** @type {number} */ place, /** @type {boolean} */ joins) {
    if (!joins || this.range === null) this.#anchor = place;
    this.#head = place;
    this.tell('words-chosen', between(this.#anchor, place));
  }
}

customElements.define('cl-caption-words', Words);
