// The header: what the page is called, its views, and how it looks to this visitor.
import { language, LANGUAGES, t } from '../i18n/index.js';
import { hashOf } from '../state/address.js';
import { part, theme, THEMES } from '../state/preferences.js';
import { VIEWS } from '../views/index.js';
import { Element, classMap, html, live, nothing } from './element.js';
import icon from '../icon.svg';
import sheet from './header.css';

const MANY = 6; // views, beyond which most screens have no room for their long names

/** Fires `share` when the dialog is asked for. */
export class Header extends Element {
  static sheet = sheet;
  static properties = { page: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../main.js').Page} */
    this.page = /** @type {any} */ (null);
  }

  /** Those that the site brings all networks for, and the one that is open. */
  get #views() {
    const { tasks, view } = this.page;
    return VIEWS.filter(({ name, task }) => !task || name === view.value || (tasks.value?.includes(task) ?? true));
  }

  render() {
    const words = t().page;
    const views = this.#views;
    const nav = classMap({ many: views.length > MANY });
    return html`<header>
      <h1><img src=${icon} alt="" width="26" height="26"><span>${words.name}</span></h1>
      ${part('nav', () => html`<nav class=${nav} aria-label=${words.menu}><ul>${views.map(({ name }) => this.#link(name))}</ul></nav>`)}
      <button type="button" class="quiet more" popovertarget="tools" aria-label=${words.more}><span aria-hidden="true">⋯</span></button>
      <div id="tools" popover @toggle=${this.#toggled}>
        <label><span>${words.language}</span>
          <select name="language" autocomplete="off" @change=${this.#speak}>
            ${Object.entries(LANGUAGES).map(([tag, title]) => html`<option value=${tag} lang=${tag} .selected=${live(tag === language.value)}>${title}</option>`)}
          </select></label>
        <label><span>${words.theme}</span>
          <select name="theme" autocomplete="off" @change=${this.#wear}>
            ${THEMES.map((one) => html`<option value=${one} .selected=${live(one === theme.value)}>${words.themes[one]}</option>`)}
          </select></label>
        ${this.#book()}
        ${part('share', () => html`<button type="button" class="share" @click=${this.#share}>${words.share.open}</button>`)}
      </div>
    </header>`;
  }

  /** On a phone the menu scrolls along: the view that is open is in sight. */
  updated() {
    const [nav, link] = [this.find('nav'), this.find('a[aria-current=page]')];
    if (nav && link) nav.scrollLeft = Math.max(0, link.offsetLeft + link.offsetWidth - nav.offsetLeft - nav.clientWidth);
  }

  #link(/** @type {import('../state/address.js').View} */ name) {
    const { view, states } = this.page;
    const { views, short } = t().page;
    return html`<li><a href=${hashOf(name, states[name].value)} aria-current=${name === view.value ? 'page' : nothing}>
      <span class="long">${views[name]}</span><span class="short">${short[name]}</span></a></li>`;
  }

  #book() {
    const address = this.page.books[language.value];
    return address ? html`<a class="book" href=${address}>${t().page.book}</a>` : nothing;
  }

  #speak(/** @type {any} */ { target }) {
    this.page.prefer({ language: target.value });
  }

  #wear(/** @type {any} */ { target }) {
    this.page.prefer({ theme: target.value });
  }

  #share() {
    const tools = this.find('#tools');
    if (tools.matches(':popover-open')) {
      tools.hidePopover();
      this.find('.more').focus(); // where the dialog will return the focus
    }
    this.tell('share', null);
  }

  /** Browsers lose the focus where a popover in a shadow root closes over it. */
  #toggled(/** @type {any} */ { newState }) {
    const { activeElement, body } = this.ownerDocument;
    if (newState === 'closed' && activeElement === body) this.find('.more').focus();
  }
}

customElements.define('cl-header', Header);
