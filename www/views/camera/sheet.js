// A sheet of the stickers that the networks know: to print, or to show on a phone, one by one.
import { Element, html, nothing, styleMap } from '../../elements/element.js';
import { nameOf } from '../../elements/board/names.js';
import { f } from '../../i18n/index.js';
import { stickerSheet } from '../../scenes/sheet.js';
import sheet from './sheet.css';
import { words } from './words.js';

/** @import { Sheet } from '../../scenes/sheet.js' */

export class StickerSheet extends Element {
  static sheet = sheet;
  static properties = { stickers: { state: true }, alone: { state: true } };

  constructor() {
    super();
    /** @type {Sheet | null | undefined} undefined: it has not come yet */
    this.stickers = undefined;
    /** The class whose sticker is shown alone, or was. @type {string | null} */
    this.alone = null;
  }

  async firstUpdated() {
    this.stickers = await stickerSheet().catch(() => null);
  }

  render() {
    const { stickers, alone } = this;
    if (stickers === null) return html`<p class="hint">${words().noSheet}</p>`;
    if (!stickers) return nothing;
    return html`
      <ul>${stickers.classes.map((name) => html`<li>${this.#sticker(stickers, name)}</li>`)}</ul>
      <dialog aria-label=${alone === null ? nothing : f().capital(nameOf(alone))}>
        ${alone === null ? nothing : this.#alone(stickers, alone)}
      </dialog>`;
  }

  #sticker(/** @type {Sheet} */ stickers, /** @type {string} */ name) {
    return html`<button type="button" class="sticker" @click=${() => this.#show(name)}>
      <span class="picture" style=${styleMap(stickers.styleOf(name))}></span><span class="name">${f().capital(nameOf(name))}</span></button>`;
  }

  #alone(/** @type {Sheet} */ stickers, /** @type {string} */ name) {
    return html`<button type="button" class="alone" aria-label=${`${f().capital(nameOf(name))}. ${words().all}`} @click=${() => this.find('dialog').close()}>
      <span class="picture" style=${styleMap(stickers.styleOf(name))}></span></button>`;
  }

  /** Shows a sticker alone; the Escape key leaves it, and the focus goes back, as of any dialog. */
  async #show(/** @type {string} */ name) {
    this.alone = name;
    await this.updateComplete;
    this.find('dialog').showModal();
  }
}

customElements.define('cl-sticker-sheet', StickerSheet);
