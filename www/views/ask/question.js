// The question: where it is typed, how the network reads it, and examples that suit the board.
import { t } from '../../i18n/index.js';
import { Element, html, nothing } from '../../elements/element.js';
import sheet from './question.css';

const TYPED = 600; // milliseconds after the last key until a question is asked

/** @import { WordRead } from '../../engine/protocol.d.ts' */

/** Tells `ask-question` with a question. */
export class QuestionBox extends Element {
  static sheet = sheet;
  static properties = {
    question: { attribute: false },
    read: { attribute: false },
    unread: { type: Boolean },
    examples: { attribute: false },
    known: { attribute: false },
  };

  constructor() {
    super();
    /** What is asked. */
    this.question = '';
    /** That question in the network's words, once it was read. @type {WordRead[]} */
    this.read = [];
    /** Whether the network knows none of its words. */
    this.unread = false;
    /** @type {string[]} */
    this.examples = [];
    /** How many words the network knows; 0: not known yet. */
    this.known = 0;
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  /** What is being typed stays as it is: a space at its end is no part of the question yet. */
  updated(/** @type {Map<string, unknown>} */ changed) {
    const input = this.find('input');
    if (changed.has('question') && input.value.trim() !== this.question) input.value = this.question;
  }

  #type() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#ask(), TYPED);
  }

  #ask() {
    clearTimeout(this.#typing);
    const question = this.find('input').value.trim();
    if (question) this.tell('ask-question', question);
  }

  #choose(/** @type {string} */ example) {
    this.find('input').value = example;
    this.#ask();
  }

  #submit(/** @type {Event} */ event) {
    event.preventDefault();
    this.#ask();
  }

  render() {
    const { question, words, ...said } = t().ask;
    return html`
      <form @submit=${this.#submit} autocomplete="off" novalidate>
        <div class="field">
          <label for="question">${question}</label>
          <input id="question" type="text" lang="en" enterkeyhint="go" autocapitalize="none" spellcheck="false"
            aria-describedby="read hint" aria-invalid=${this.unread} @input=${this.#type}>
        </div>
        <button class="primary">${said.ask}</button>
      </form>
      <p id="read" class="read" aria-live="polite">${this.#read()}</p>
      <div class="examples" role="group" aria-label=${said.examples}>
        <span class="hint">${said.examples}</span>
        ${this.examples.map(
          (one) => html`
          <button type="button" lang="en" aria-pressed=${one === this.question} @click=${() => this.#choose(one)}>${one}</button>`,
        )}
      </div>
      <p id="hint" class="hint">${said.english(this.known)}</p>`;
  }

  /** Only what is remarkable: words that the network does not know, and those that it takes for others. */
  #read() {
    const { words } = t().ask;
    if (this.unread) return html`<span class="problem">${words.none}</span>`;
    const unknown = this.read.filter(({ known }) => !known);
    const others = this.read.filter(({ read_as: as }) => as);
    if (!unknown.length && !others.length) return nothing;
    return html`
      <span lang="en">${this.read.map(({ word, known, read_as: as }) => {
        if (as) return html`<span class="other"><s>${word}</s> ${as}</span> `;
        return known ? html`${word} ` : html`<u>${word}</u> `;
      })}</span>
      <span class="hint">${[
        ...(unknown.length ? [words.unknown(unknown.map(({ word }) => word))] : []),
        ...others.map(({ word, read_as: as }) => words.readAs(word, /** @type {string} */ (as))),
      ].join(words.gap)}</span>`;
  }
}

customElements.define('cl-ask-question', QuestionBox);
