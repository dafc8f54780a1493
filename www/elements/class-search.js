// A search over all classes of a network, by name in the page's language or the network's, or by number.
import { className } from '../i18n/tables.js';
import { t } from '../i18n/index.js';
import { Element, html, nothing } from './element.js';
import sheet from './class-search.css';
import { find } from './class-find.js';

/** @typedef {import('./class-find.js').Entry} Entry */

const SHOWN = 50; // more options than this help nobody to find one

/** Tells `class-found` with `{ id }`. */
export class ClassSearch extends Element {
  static sheet = sheet;

  static properties = {
    model: { attribute: false },
    label: {},
    opened: { state: true },
    words: { state: true },
    at: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../engine/handles.js').Model | null} */
    this.model = null;
    this.label = '';
    this.opened = false;
    this.words = '';
    this.at = -1;
  }

  /** @returns {Entry[]} */
  get #entries() {
    const { classes = 0, labels = null } = this.model ?? {};
    return Array.from({ length: classes }, (_, id) => {
      const name = labels?.[id] ?? null;
      const said = className({ id, name });
      return { id, said, key: `${id} ${said} ${name ?? ''}`.toLowerCase() };
    });
  }

  render() {
    const words = t().explain.classes;
    const found = this.opened ? find(this.#entries, this.words) : [];
    const options = found.slice(0, SHOWN);
    return html`
      <div class="field">
        <label for="search">${this.label || words.search}</label>
        <input id="search" type="text" role="combobox" aria-expanded=${options.length > 0} aria-controls="list" aria-autocomplete="list"
          aria-activedescendant=${options[this.at] ? `option-${options[this.at].id}` : nothing}
          autocomplete="off" spellcheck="false" ?disabled=${!this.model} .value=${this.words}
          @input=${this.#typed} @click=${this.#open} @blur=${this.#close} @keydown=${(/** @type {KeyboardEvent} */ event) => this.#key(event, options)}>
        <ul id="list" role="listbox" aria-label=${words.matching} ?hidden=${!options.length} @pointerdown=${this.#keepFocus}>
          ${options.map(
            ({ id, said }, i) => html`
            <li role="option" id="option-${id}" aria-selected=${i === this.at} @click=${() => this.#choose(id)}>
              <span>${said}</span> <span class="id">${id}</span>
            </li>`,
          )}
        </ul>
        <p class="hint" aria-live="polite">${this.opened ? words.matches(options.length, found.length) : ''}</p>
      </div>`;
  }

  updated() {
    this.find('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  #typed(/** @type {any} */ { target }) {
    Object.assign(this, { words: target.value, opened: true, at: -1 });
  }

  #open() {
    this.opened = true;
  }

  #close() {
    Object.assign(this, { opened: false, at: -1 });
  }

  #keepFocus(/** @type {Event} */ event) {
    event.preventDefault();
  }

  #key(/** @type {KeyboardEvent} */ event, /** @type {Entry[]} */ options) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!this.opened) this.opened = true;
      else if (options.length) this.at = (Math.max(this.at, step > 0 ? -1 : 0) + step + options.length) % options.length;
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (options.length) this.#choose(options[Math.max(this.at, 0)].id);
    } else if (event.key === 'Escape' && this.opened) {
      event.preventDefault();
      this.#close();
    }
  }

  #choose(/** @type {number} */ id) {
    this.words = '';
    this.#close();
    this.tell('class-found', { id });
  }
}

customElements.define('cl-class-search', ClassSearch);
