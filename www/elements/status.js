// What the view on the screen tells: the sentence of the moment, how far the work is, the way out of it, and what failed.
import { f, sentenceOf, t } from '../i18n/index.js';
import { Element, classMap, html, ifDefined, nothing } from './element.js';
import sheet from './status.css';

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
  }

  render() {
    const { engine, downloads, statuses, view } = this.page;
    const status = statuses[view.value];
    const work = workOf(downloads.progress.value, engine.work.value);
    const sentence = work ? this.#paced(work) : (status.sentence.value?.() ?? '');
    this.#refresh(status.sentence.value);
    const failure = status.failure.value;
    return html`<section aria-label=${t().page.messages}>
      <div class="alert" role="alert">${failure ? this.#failure(status, failure) : nothing}</div>
      <div class=${classMap({ bar: true, faded: !work && (!this.fresh || !sentence || status.aloud.value) })}>
        <p role="status">${sentence}</p>
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

  #failure(/** @type {import('../state/status.js').Status} */ status, /** @type {any} */ error) {
    const { failed, unexpected, sentences, dismiss } = t().page;
    const remedy = status.remedy.value;
    const heading = failed[error.code] ?? failed[error.kind] ?? unexpected;
    return html`<p><strong>${heading}</strong> <span>${sentences[error.code]?.(error.arguments) ?? sentenceOf(error)}</span></p>
      <div class="ways">
        ${remedy ? html`<button type="button" class="remedy" @click=${remedy.run}>${remedy.words()}</button>` : nothing}
        <button type="button" class="quiet dismiss" aria-label=${dismiss} @click=${() => status.clear()}><span aria-hidden="true">×</span></button>
      </div>`;
  }

  /** A step is told aloud only now and then; a phase at once. */
  #paced(/** @type {Work} */ { phase, words, title }) {
    const said = title && words ? t().page.step(title, words) : (t().page.phases[phase] ?? t().page.phases.wait);
    const now = performance.now();
    if (!words || !title || this.announced.at + ANNOUNCED < now) this.announced = { words: said, at: now };
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
    page.statuses[page.view.value].say(() => t().page.cancelled);
  }
}

/** @typedef {{ phase: string, words: string, title: string | null, share: { done: number, total: number } | null }} Work */

/** @returns {Work | null} */
function workOf(
  /** @type {import('../weights/downloads.js').Bytes | null} */ bytes,
  /** @type {import('../engine/client.js').Work | null} */ work,
) {
  const { bytes: amount, bytesOf, steps } = t().page;
  if (bytes) {
    const { done, total } = bytes;
    const words = !done ? '' : total ? bytesOf(f().bytes(done), f().bytes(total)) : amount(f().bytes(done));
    return { phase: 'download', words, title: null, share: total ? { done, total } : null };
  }
  if (!work) return null;
  const { phase, step } = work;
  if (!step) return { phase, words: '', title: null, share: null };
  return { phase, words: steps(f().number(step.done), f().number(step.total)), title: step.method, share: step };
}

customElements.define('cl-status', StatusBar);
