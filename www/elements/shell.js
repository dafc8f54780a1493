// The frame of the page: header, the view that is looked at, what it tells, footer.
import { sentenceOf, t } from '../i18n/index.js';
import { dropping } from '../sources/drop.js';
import { part } from '../state/preferences.js';
import { Element, html, nothing } from './element.js';
import './header.js';
import sheet from './shell.css';
import './status.js';

export class Shell extends Element {
  static sheet = sheet;
  static properties = { page: { attribute: false }, sharing: { state: true } };

  constructor() {
    super();
    /** @type {import('../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** Whether the dialog has been asked for. */
    this.sharing = false;
  }

  render() {
    const { page } = this;
    return html`
      ${part('header', () => html`<cl-header .page=${page} @share=${this.#share}></cl-header>`)}
      <slot name="lesson" @slotchange=${this.#laid} @lesson-sized=${this.#sized}></slot>
      <main tabindex="-1" aria-label=${t().page.views[page.view.value]}><slot></slot></main>
      <cl-status .page=${page}></cl-status>
      ${part(
        'footer',
        () => html`<footer>
        <p class="device" data-kind=${page.engine.about.value?.device.kind ?? nothing}>${this.#device()} ${this.#threads()}</p>
        <p>${t().page.promise}</p>
      </footer>`,
      )}
      ${dropping.value ? html`<p class="drop">${t().page.drop}</p>` : nothing}
      ${this.sharing ? html`<cl-share .page=${page}></cl-share>` : nothing}`;
  }

  /** Gives the focus to the view: what had it is out of sight. */
  enter() {
    this.find('main')?.focus({ preventScroll: true });
  }

  /** Beside a lesson the view has less room. */
  #laid(/** @type {any} */ { target }) {
    this.toggleAttribute('teaching', target.assignedElements().length > 0);
    if (!this.hasAttribute('teaching')) this.style.removeProperty('--lesson');
  }

  #sized(/** @type {CustomEvent<number>} */ { detail }) {
    this.style.setProperty('--lesson', `${detail}px`);
  }

  #device() {
    const about = this.page.engine.about.value;
    if (!about) return '';
    const { device, why } = t().page;
    const { kind, name, why: cause } = about.device;
    if (kind === 'gpu' || !cause) return device[kind](name);
    const { cause: code, message, ...named } = cause.arguments;
    const fault = code || message ? sentenceOf({ code, arguments: named, message: message ?? '' }) : '';
    return device.because(why[cause.code]?.(fault) ?? fault);
  }

  /** How many threads large networks use, where the CPU computes. */
  #threads() {
    const { kind, threads = 1 } = this.page.engine.about.value?.device ?? {};
    return kind === 'cpu' && threads > 1 ? t().page.device.threads(threads) : nothing;
  }

  async #share() {
    const { statuses, view } = this.page;
    const loaded = await statuses[view.peek()].attempt(async () => {
      await import('./share.js');
      return true;
    });
    if (!loaded) return;
    this.sharing = true;
    await this.updateComplete;
    this.find('cl-share').show();
  }
}

customElements.define('cl-shell', Shell);
