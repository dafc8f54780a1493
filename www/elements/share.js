// The dialog Share: a link to what is on the screen, as text, as a QR code and as the code that embeds it.
import { correction, generate } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';
import { language, LANGUAGES, t } from '../i18n/index.js';
import { copy } from '../save/clipboard.js';
import { EMBED } from '../site.js';
import { PARTS_OF, THEMES, theme } from '../state/preferences.js';
import { Element, classMap, html, live } from './element.js';
import sheet from './share.css';

const QUIET = 4; // modules of white around a QR code, as its standard asks
const FRAME = { width: 960, height: 640 };

export class Share extends Element {
  static sheet = sheet;
  static properties = {
    page: { attribute: false },
    language: { state: true },
    theme: { state: true },
    hide: { state: true },
    told: { state: true },
    large: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../main.js').Page} */
    this.page = /** @type {any} */ (null);
    this.language = language.value;
    this.theme = theme.value;
    /** @type {string[]} */
    this.hide = [];
    /** @type {{ id: string, words: () => string } | null} what came of copying a field */
    this.told = null;
    /** Whether the QR code alone fills the dialog, for all who sit in the room. */
    this.large = false;
  }

  /** Opens the dialog; when it closes, the focus returns to where it was. */
  show() {
    [this.language, this.theme, this.told, this.large] = [language.value, theme.value, null, false];
    this.find('dialog').showModal();
  }

  render() {
    const { share, title, views } = t().page;
    const link = this.#link(this.hide);
    const frame = frameOf(embedded(link), title(views[this.page.view.value]));
    const missing = this.#missing();
    return html`<dialog class=${classMap({ large: this.large })} aria-labelledby="title" @click=${this.#outside}>
      <form method="dialog">
        <div class="top">
          <h2 id="title">${share.title}</h2>
          <button class="quiet close" aria-label=${share.close}><span aria-hidden="true">×</span></button>
        </div>
        <div class="body">
          <div class="link">
            ${this.#copyable('link', share.link, share.copyLink, html`<input id="link" type="text" readonly .value=${link} @focus=${select}>`)}
            ${missing.map((words) => html`<p class="missing">${words}</p>`)}
            <p class="hint">${missing.length ? share.hintOthers : share.hint}</p>
            <div class="row">${this.#choose('language')}${this.#choose('theme')}</div>
            <fieldset class="parts"><legend>${share.hide}</legend>${this.#parts().map((name) => this.#part(name))}</fieldset>
            ${this.#copyable('frame', share.frame, share.copyFrame, html`<textarea id="frame" readonly rows="4" .value=${frame} @focus=${select}></textarea>`)}
            <p class="hint">${share.frameHint}</p>
          </div>
          <div class="code">${this.#code(link)}</div>
        </div>
      </form>
    </dialog>`;
  }

  #copyable(/** @type {string} */ id, /** @type {string} */ label, /** @type {string} */ copy, /** @type {unknown} */ field) {
    return html`<div class="field copyable"><div class="head"><label for=${id}>${label}</label>
      <p role="status">${this.told?.id === id ? this.told.words() : ''}</p></div>${field}
      <button type="button" class="copy" aria-label=${copy} @click=${() => this.#copy(id)}>${t().page.share.copy}</button></div>`;
  }

  #choose(/** @type {'language' | 'theme'} */ what) {
    const { page } = t();
    const options = what === 'language' ? Object.entries(LANGUAGES) : THEMES.map((one) => [one, page.themes[one]]);
    return html`<div class="field"><label for=${what}>${page[what]}</label>
      <select id=${what} autocomplete="off" @change=${(/** @type {any} */ { target }) => Object.assign(this, { [what]: target.value })}>
        ${options.map(([value, title]) => html`<option value=${value} .selected=${live(value === this[what])}>${title}</option>`)}
      </select></div>`;
  }

  #part(/** @type {string} */ name) {
    const { parts } = t().page.share;
    const choose = (/** @type {any} */ { target: { checked } }) => {
      this.hide = checked ? [...this.hide, name] : this.hide.filter((one) => one !== name);
    };
    return html`<label class="check"><input type="checkbox" name="hide" value=${name} .checked=${live(this.hide.includes(name))} @change=${choose}>
      ${parts[/** @type {keyof typeof parts} */ (name)]}</label>`;
  }

  /** @returns {string[]} */
  #parts() {
    return [...PARTS_OF.frame, ...PARTS_OF[this.page.view.value]];
  }

  #link(/** @type {readonly string[]} */ hide) {
    const wanted = hide.filter((name) => this.#parts().includes(name));
    return this.page.address({ query: { lang: this.language, theme: this.theme === 'auto' ? '' : this.theme, hide: wanted.join(',') } });
  }

  /** What the link cannot carry, in words. */
  #missing() {
    const { ownPicture, ownModel } = t().page.share;
    const { picture, pictures = [], model, models = [] } = /** @type {any} */ (this.page.states[this.page.view.value].value);
    const own = (/** @type {any[]} */ sources) => sources.some((source) => source?.kind === 'own');
    return [...(own([picture, ...pictures]) ? [ownPicture] : []), ...(own([model, ...models]) ? [ownModel] : [])];
  }

  async #copy(/** @type {string} */ id) {
    const field = this.find(`#${id}`);
    const copied = await copy(field.value);
    if (!copied) field.select();
    this.told = { id, words: () => t().page.share[copied ? 'copied' : 'notCopied'] };
  }

  /** The QR code; pressed, it is as large as the window lets it be. */
  #code(/** @type {string} */ link) {
    const { code: label, codeTooLong, enlarge, shrink } = t().page.share;
    try {
      const code = generate(link, { minCorrectionLevel: correction.L });
      const side = code.size + 2 * QUIET;
      return html`<svg role="img" aria-label=${label} viewBox="${-QUIET} ${-QUIET} ${side} ${side}" shape-rendering="crispEdges" @click=${this.#size}><path d=${toSvgPath(code)}></path></svg>
        <button type="button" class="quiet size" @click=${this.#size}>${this.large ? shrink : enlarge}</button>`;
    } catch {
      return html`<p class="hint">${codeTooLong}</p>`;
    }
  }

  #size() {
    this.large = !this.large;
  }

  /** A click beside the dialog closes it. */
  #outside(/** @type {any} */ { target, currentTarget }) {
    if (target === currentTarget) currentTarget.close();
  }
}

const select = (/** @type {any} */ { target }) => target.select();

const escaped = (/** @type {string} */ text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The address of the same in a frame, which leaves out header and footer by itself. */
function embedded(/** @type {string} */ link) {
  const { search, hash } = new URL(link);
  return EMBED.href + search + hash;
}

function frameOf(/** @type {string} */ link, /** @type {string} */ title) {
  const { width, height } = FRAME;
  return `<iframe src="${escaped(link)}" title="${escaped(title)}" width="${width}" height="${height}" style="border:0; max-width:100%" allow="camera; fullscreen; clipboard-write" loading="lazy"></iframe>`;
}

customElements.define('cl-share', Share);
