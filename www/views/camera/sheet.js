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
    /** The class whose sticker is shown alone. @type {string | null} */
    this.alone = null;
  }

  async firstUpdated() {
    this.stickers = await stickerSheet().catch(() => null);
  }

  render() {
    const { stickers, alone } = this;
    const said = words();
    if (stickers === null) return html`<p class="hint">${said.noSheet}</p>`;
    if (!stickers) return nothing;
    if (alone !== null) {
      return html`<button type="button" class="sticker alone" autofocus aria-label=${`${f().capital(nameOf(alone))}. ${said.all}`} @click=${() => this.#show(null)}>
        <span class="picture" style=${styleMap(stickers.styleOf(alone))}></span></button>`;
    }
    return html`<ul>${stickers.classes.map(
      (name) => html`<li><button type="button" class="sticker" data-class=${name} @click=${() => this.#show(name)}>
        <span class="picture" style=${styleMap(stickers.styleOf(name))}></span><span class="name">${f().capital(nameOf(name))}</span></button></li>`,
    )}</ul>`;
  }

  async #show(/** @type {string | null} */ name) {
    const before = this.alone;
    this.alone = name;
    await this.updateComplete;
    this.find(name === null ? `[data-class="${before}"]` : '.alone').focus();
  }
}

customElements.define('cl-sticker-sheet', StickerSheet);
