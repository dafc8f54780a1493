// The menu of what can be saved and copied.
import { t } from '../i18n/index.js';
import { Element, html } from './element.js';
import sheet from './save.css';

const FILES = /** @type {const} */ (['overlay', 'heatmap', 'captioned', 'npy', 'csv', 'json']);
/** Those that are as large as the drawing. @type {ReadonlySet<string>} */
const PICTURES = new Set(['overlay', 'heatmap', 'copyPicture']);
const COPIES = /** @type {const} */ (['copyPicture', 'copyLink']);

/** Where an arrow key leads among so many entries, from one of them; −1 is the button that opens the menu. @type {Record<string, (at: number, count: number) => number>} */
const STEPS = {
  ArrowDown: (at, count) => (at + 1) % count,
  ArrowUp: (at, count) => (Math.max(at, 0) - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** @typedef {typeof FILES[number] | typeof COPIES[number]} What */

/** Tells `save` with `{ what }`. */
export class Save extends Element {
  static sheet = sheet;
  static properties = { disabled: { type: Boolean }, size: { attribute: false }, offered: { attribute: false } };

  constructor() {
    super();
    this.disabled = false;
    /** @type {import('../engine/protocol.d.ts').Size | null} of what is drawn, in pixels */
    this.size = null;
    /** What can be had; null: everything. @type {readonly What[] | null} */
    this.offered = null;
  }

  #follow = () => this.#place();
  /** Whether the focus was in the menu as it closed. */
  #entered = false;

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#leave();
  }

  render() {
    const words = t().explain.save;
    const { size } = this;
    const offers = (/** @type {What} */ what) => this.offered?.includes(what) ?? true;
    const entry = (
      /** @type {What} */ what,
    ) => html`<li><button type="button" class="quiet" data-what=${what} @click=${() => this.#save(what)}>
      <span>${words.entries[what]}</span> <span class="hint">${PICTURES.has(what) && size ? words.sized(words.formats[what], size.width, size.height) : words.formats[what]}</span></button></li>`;
    return html`
      <button type="button" id="open" popovertarget="menu" ?disabled=${this.disabled} @keydown=${this.#key}>${words.open}</button>
      <div id="menu" popover @beforetoggle=${this.#toggling} @toggle=${this.#toggled} @keydown=${this.#key}>
        <ul aria-label=${words.open}>${FILES.filter(offers).map(entry)}</ul>
        <ul aria-label=${words.copy}>${COPIES.filter(offers).map(entry)}</ul>
      </div>`;
  }

  #toggling() {
    this.#entered = this.find('#menu').contains(/** @type {ShadowRoot} */ (this.renderRoot).activeElement);
  }

  /** The menu stays at its button while anything scrolls. */
  #toggled(/** @type {any} */ { newState }) {
    if (newState !== 'open') {
      this.#leave();
      // Browsers lose the focus where a popover in a shadow root closes over it.
      if (this.#entered) this.find('#open').focus({ preventScroll: true });
      return;
    }
    this.#place();
    this.ownerDocument.addEventListener('scroll', this.#follow, { capture: true, passive: true });
    globalThis.addEventListener('resize', this.#follow);
  }

  #leave() {
    this.ownerDocument.removeEventListener('scroll', this.#follow, { capture: true });
    globalThis.removeEventListener('resize', this.#follow);
  }

  /** Arrow keys open the menu, and lead from entry to entry. */
  #key(/** @type {KeyboardEvent} */ event) {
    const step = STEPS[event.key];
    const [menu, open] = [this.find('#menu'), event.currentTarget === this.find('#open')];
    if (!step || (open && !event.key.startsWith('Arrow'))) return;
    event.preventDefault();
    if (open) menu.showPopover();
    const entries = [...menu.querySelectorAll('button')];
    entries[step(open ? -1 : entries.indexOf(event.target), entries.length)].focus();
  }

  /** Beside its button, and within the window; a button that is out of sight takes its menu along. */
  #place() {
    const [button, menu] = [this.find('#open').getBoundingClientRect(), this.find('#menu')];
    const { width, height } = menu.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.ownerDocument.documentElement;
    if (button.bottom < 0 || button.top > clientHeight) return menu.hidePopover();
    const below = button.bottom + height < clientHeight;
    menu.style.left = `${Math.max(0, Math.min(button.left, clientWidth - width))}px`;
    menu.style.top = `${Math.max(0, below ? button.bottom : button.top - height)}px`;
  }

  #save(/** @type {What} */ what) {
    this.find('#menu').hidePopover();
    this.tell('save', { what });
  }
}

customElements.define('cl-save', Save);
