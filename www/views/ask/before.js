// What the network responds to before it has read the question, and after: whatever the answer.
import { t } from '../../i18n/index.js';
import { Element, html } from '../../elements/element.js';
import '../../elements/heatmap.js';
import sheet from './before.css';
import { bitmapOf } from './card.js';

/** @import { Answer } from './asking.js' */

export class Before extends Element {
  static sheet = sheet;
  static properties = { answer: { attribute: false }, look: { attribute: false }, mark: { attribute: false } };

  constructor() {
    super();
    /** @type {Answer} */
    this.answer = /** @type {any} */ (null);
    /** @type {import('./card.js').Look} */
    this.look = /** @type {any} */ (null);
    this.mark = { stale: false, stopped: false };
  }

  /** @type {{ answer: Answer, look: unknown, bitmaps: ImageBitmap[] } | null} */
  #drawn = null;

  get #bitmaps() {
    const { answer, look } = this;
    if (this.#drawn?.answer !== answer || this.#drawn.look !== look) {
      this.#drawn?.bitmaps.forEach((bitmap) => bitmap.close());
      this.#drawn = { answer, look, bitmaps: (answer.before ?? []).map((maps) => bitmapOf(answer.picture, maps, 0, look)) };
    }
    return this.#drawn.bitmaps;
  }

  render() {
    const { before } = t().ask;
    const [first, last] = this.answer.before ?? [];
    if (!first) return '';
    const { stale, stopped } = this.mark;
    const figure = (/** @type {string} */ heading, /** @type {string} */ detail, /** @type {number} */ which) => html`
      <cl-heatmap .bitmap=${this.#bitmaps[which]} .heading=${heading} .detail=${detail} .label=${before.drawing(heading, detail)} .stale=${stale} .stopped=${stopped}></cl-heatmap>`;
    return html`
      <h3>${before.heading}</h3>
      <div class="pair">
        ${figure(before.first, before.firstDetail(first.layer), 0)} ${figure(before.last, before.lastDetail(last.layer, this.answer.question), 1)}
      </div>
      <p class="hint">${before.seen}</p>`;
  }
}

customElements.define('cl-ask-before', Before);
