// What the view on the screen tells: the sentence of the moment, how far the work is, the way out of it, and what failed. And
// that the page itself is no longer the newest.
import { sentenceOf, t } from '../i18n/index.js';
import { methodTitle } from '../i18n/tables.js';
import { Element, classMap, html, ifDefined, nothing } from './element.js';
import sheet from './status.css';
import { Telling } from './telling.js';

/** @typedef {import('./telling.js').Work} Work */

const FRESH = 6000; // milliseconds for which a new sentence is shown where it lies over the page
const ANNOUNCED = 5000; // milliseconds between two steps that are read aloud

export class StatusBar extends Element {
  static sheet = sheet;
  static properties = { page: { attribute: false }, fresh: { state: true } };

  constructor() {
    super();
    /** @type {import('../main.js').Page} */
    this.page = /** @type {any} */ (null);
    this.fresh = false;
    this.dimming = 0;
    /** @type {any} the sentence that was told last */
    this.told = null;
    this.announced = { words: '', at: 0 };
    this.telling = new Telling();
  }

  render() {
    const { engine, downloads, renewed, statuses, view } = this.page;
    const status = statuses[view.value];
    const work = this.telling.workOf(downloads.progress.value, engine.work.value, status.busy.value !== null);
    const told = this.telling.sentenceOf(status.sentence.value, work !== null);
    const sentence = work ? this.#phase(work) : (told?.() ?? '');
    this.#refresh(told);
    const failure = status.failure.value;
    return html`<section aria-label=${t().page.messages}>
      <div class="renewed" aria-live="polite">${renewed.value ? this.#renewed() : nothing}</div>
      <div class="alert" role="alert">${failure ? this.#failure(status, failure) : nothing}</div>
      <div class=${classMap({ bar: true, faded: !work && !this.fresh, gone: !work && (!sentence || status.aloud.value) })}>
        <p role="status">${sentence}</p>
        <p class="unseen" aria-live="polite">${work ? this.#paced(work) : ''}</p>
        ${
          work
            ? html`<div class="working">
          <progress aria-label=${t().page.working} max=${ifDefined(work.share?.total)} value=${ifDefined(work.share?.done)}
            aria-valuetext=${work.words || nothing}></progress>
          <span class="steps">${work.words}</span>
          <button type="button" class="cancel" @click=${this.#cancel}>${t().page.cancel}</button>
        </div>`
            : nothing
        }
      </div>
    </section>`;
  }

  #renewed() {
    const words = t().page.renewed;
    return html`<p>${words.there}</p>
      <button type="button" class="reload" @click=${() => location.reload()}>${words.reload}</button>
      <button type="button" class="quiet dismiss" aria-label=${t().page.dismiss} @click=${() => (this.page.renewed.value = false)}><span aria-hidden="true">×</span></button>`;
  }

  #failure(/** @type {import('../state/status.js').Status} */ status, /** @type {any} */ error) {
    const { failed, unexpected, dismiss } = t().page;
    const remedy = status.remedy.value;
    const heading = failed[error.code] ?? failed[error.kind] ?? unexpected;
    return html`<p><strong>${heading}</strong> <span>${sentenceOf(error)}</span></p>
      <div class="ways">
        ${remedy ? html`<button type="button" class="remedy" @click=${remedy.run}>${remedy.words()}</button>` : nothing}
        <button type="button" class="quiet dismiss" aria-label=${dismiss} @click=${() => status.clear()}><span aria-hidden="true">×</span></button>
      </div>`;
  }

  #phase(/** @type {Work} */ { phase, method }) {
    const { phases, computing } = t().page;
    const about = this.page.engine.about.value;
    // A measure takes many steps, too, and is no method.
    const known = about?.methods.some(({ name }) => name === method);
    return about && method && known ? computing(methodTitle(about, method)) : (phases[phase] ?? phases.wait);
  }

  /** A step is told aloud only now and then; that a method begins, the bar says itself. */
  #paced(/** @type {Work} */ { words, method }) {
    const now = performance.now();
    if (!words || !method) this.announced = { words: '', at: now };
    else if (this.announced.at + ANNOUNCED < now) this.announced = { words, at: now };
    return this.announced.words;
  }

  #refresh(/** @type {any} */ sentence) {
    if (sentence === this.told) return;
    this.told = sentence;
    clearTimeout(this.dimming);
    this.fresh = Boolean(sentence);
    this.dimming = window.setTimeout(() => (this.fresh = false), FRESH);
  }

  #cancel() {
    const { page } = this;
    page.engine.cancel();
    page.downloads.cancel();
    page.statuses[page.view.value].busy.value?.();
    page.statuses[page.view.value].say(() => t().page.cancelled);
  }
}

customElements.define('cl-status', StatusBar);
