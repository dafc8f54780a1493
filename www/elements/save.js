// The menu of what can be saved and copied.
import { t } from '../i18n/index.js';
import { Element, html } from './element.js';
import { giveFile } from './look.js';
import sheet from './save.css';

const FILES = /** @type {const} */ (['overlay', 'heatmap', 'captioned', 'npy', 'csv', 'json']);
const COPIES = /** @type {const} */ (['copyPicture', 'copyLink']);

/** @typedef {typeof FILES[number] | typeof COPIES[number]} What */

/** Tells `save` with `{ what }`. */
export class Save extends Element {
  static sheet = sheet;
  static properties = { disabled: { type: Boolean } };

  constructor() {
    super();
    this.disabled = false;
  }

  render() {
    const words = t().explain.save;
    const entry = (
      /** @type {What} */ what,
    ) => html`<li><button type="button" class="quiet" data-what=${what} @click=${() => this.#save(what)}>
      <span>${words.entries[what]}</span> <span class="hint">${words.formats[what]}</span></button></li>`;
    return html`
      <button type="button" id="open" popovertarget="menu" ?disabled=${this.disabled}>${words.open}</button>
      <div id="menu" popover @toggle=${this.#place}>
        <ul aria-label=${words.open}>${FILES.map(entry)}</ul>
        <ul aria-label=${words.copy}>${COPIES.map(entry)}</ul>
      </div>`;
  }

  /** Beside its button, and within the window. */
  #place(/** @type {any} */ { newState }) {
    if (newState !== 'open') return;
    const [button, menu] = [this.find('#open').getBoundingClientRect(), this.find('#menu')];
    const { width, height } = menu.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.ownerDocument.documentElement;
    const below = button.bottom + height < clientHeight;
    menu.style.left = `${Math.max(0, Math.min(button.left, clientWidth - width))}px`;
    menu.style.top = `${Math.max(0, below ? button.bottom : button.top - height)}px`;
  }

  #save(/** @type {What} */ what) {
    this.find('#menu').hidePopover();
    this.tell('save', { what });
  }

  /** Gives the visitor a file. */
  give(/** @type {Blob} */ blob, /** @type {string} */ name) {
    giveFile(this, blob, name);
  }
}

customElements.define('cl-save', Save);
