// The header: what the page is called, its views, and how it looks to this visitor.
import { language, LANGUAGES, t } from '../i18n/index.js';
import { hashOf } from '../state/address.js';
import { part, theme, THEMES } from '../state/preferences.js';
import { VIEWS } from '../views/index.js';
import { Element, html, live, nothing } from './element.js';
import icon from '../icon.svg';
import sheet from './header.css';

/**
 * What makes room for the menu, one after another: short names; less space around them; language, theme and Share behind a
 * button; small type and no name of the page. Beyond that it scrolls.
 */
const STEPS = ['short', 'close', 'folded', 'small'];

/** Fires `share` when the dialog is asked for. */
export class Header extends Element {
  static sheet = sheet;
  static properties = { page: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../main.js').Page} */
    this.page = /** @type {any} */ (null);
  }

  #resizes = new ResizeObserver(() => this.#fit());

  connectedCallback() {
    super.connectedCallback();
    this.#resizes.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  /** Those that the site brings all networks for, and the one that is open. */
  get #views() {
    const { tasks, view } = this.page;
    return VIEWS.filter(({ name, task }) => !task || name === view.value || (tasks.value?.includes(task) ?? true));
  }

  render() {
    const words = t().page;
    const views = this.#views;
    return html`<header>
      <h1><img src=${icon} alt="" width="26" height="26"><span>${words.name}</span></h1>
      ${part('nav', () => html`<nav class="scrolls" @focusin=${this.#show} aria-label=${words.menu}><ul>${views.map(({ name }) => this.#link(name))}</ul></nav>`)}
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

  updated() {
    this.#fit();
  }

  /** Takes no more steps than the menu needs: how much that is depends on language, theme and views. */
  #fit() {
    const [header, nav, tools] = ['header', 'nav', '#tools'].map((name) => this.find(name));
    // What is open lies over the page, and would seem to need no room.
    const open = tools.matches(':popover-open') ? STEPS.indexOf('folded') + 1 : 0;
    header.className = STEPS.slice(0, open).join(' ');
    const parts = nav ? [header, nav] : [header];
    for (const step of STEPS.slice(open)) {
      if (parts.every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)) break;
      header.classList.add(step);
    }
    // Where it scrolls, the view that is open is in sight.
    const link = this.find('a[aria-current=page]');
    if (nav && link) nav.scrollLeft = Math.max(0, link.offsetLeft + link.offsetWidth - nav.offsetLeft - nav.clientWidth);
  }

  /** Browsers leave what has the focus where it is if an edge of it can be seen. */
  #show(/** @type {any} */ { target }) {
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #link(/** @type {import('../state/address.js').View} */ name) {
    const { view, states } = this.page;
    const { views, short } = t().page;
    return html`<li><a href=${hashOf(name, states[name].value)} aria-current=${name === view.value ? 'page' : nothing}>
      <span class="name-long">${views[name]}</span><span class="name-short">${short[name]}</span></a></li>`;
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
    this.#fit();
  }
}

customElements.define('cl-header', Header);
