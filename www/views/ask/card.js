// The heatmaps of one answer, or of several that add up: at a layer, and at another beside it.
import { f, t } from '../../i18n/index.js';
import { Element, html, nothing } from '../../elements/element.js';
import '../../elements/heatmap.js';
import { painted } from '../../elements/paint.js';
import sheet from './card.css';
import { sumOf } from './words.js';

/**
 * @import { Answer, Maps } from './asking.js'
 * @typedef {{ table: Float32Array, opacity: number }} Look
 */

/** Tells `ask-sum` with `{ which, name }`, and `ask-remove` with `which`. */
export class Card extends Element {
  static sheet = sheet;
  static properties = {
    answer: { attribute: false },
    which: { attribute: false },
    look: { attribute: false },
    mark: { attribute: false },
    lone: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {Answer} */
    this.answer = /** @type {any} */ (null);
    /** Which of the answer's sums. */
    this.which = 0;
    /** @type {Look} */
    this.look = /** @type {any} */ (null);
    this.mark = { stale: false, stopped: false };
    /** Whether it is the only one, so that it stays. */
    this.lone = false;
  }

  /** What is drawn: once drawn, a bitmap is gone. @type {{ key: unknown[], bitmap: ImageBitmap }[]} */
  #drawn = [];

  #bitmap(/** @type {Maps} */ maps, /** @type {number} */ at) {
    const key = [this.answer.picture, maps.maps[this.which], maps.scale, this.look];
    const drawn = this.#drawn[at];
    if (drawn && key.every((one, i) => one === drawn.key[i])) return drawn.bitmap;
    drawn?.bitmap.close(); // one that no canvas took over would stay
    const bitmap = bitmapOf(this.answer.picture, maps, this.which, this.look);
    this.#drawn[at] = { key, bitmap };
    return bitmap;
  }

  #sum(/** @type {any} */ { target }) {
    const { value } = target;
    target.value = '';
    if (value) this.tell('ask-sum', { which: this.which, name: value });
  }

  render() {
    const { answer, which, mark } = this;
    const { card } = t().ask;
    const sum = answer.sums[which];
    const name = sumOf(sum);
    const { probability } = answer.shown[0].of[which];
    const several = answer.shown.length > 1;
    return html`
      <header>
        <h4><span lang="en">${name}</span> <span class="share">${f().probability(probability)}</span></h4>
        <span class="acts"><label class="sum" title=${card.sum}><span class="unseen">${card.sumWith(name)}</span>
          <select @change=${this.#sum}><option value="">${card.plus}</option>
            ${answer.answers.filter((one) => !sum.includes(one)).map((one) => html`<option value=${one} lang="en">${one}</option>`)}</select></label>
        <button type="button" class="quiet remove" ?disabled=${this.lone} aria-label=${card.remove(name)} title=${card.remove(name)}
          @click=${() => this.tell('ask-remove', which)}><span aria-hidden="true">×</span></button></span>
      </header>
      <div class="maps" data-count=${answer.shown.length}>
        ${answer.shown.map(
          (maps, at) => html`
          <cl-heatmap .bitmap=${this.#bitmap(maps, at)} .label=${card.drawing(name, answer.question, maps.layer)} .detail=${several ? card.at(maps.layer) : ''}
            .note=${maps.of[which].flat ? card.flat : ''} .stale=${mark.stale} .stopped=${mark.stopped}></cl-heatmap>`,
        )}
      </div>
      ${sum.length > 1 ? html`<p class="hint">${card.added}</p>` : nothing}`;
  }
}

/** A map over its picture. */
export function bitmapOf(
  /** @type {ImageData} */ picture,
  /** @type {Maps} */ { maps, scale },
  /** @type {number} */ which,
  /** @type {Look} */ look,
) {
  const { width, height } = picture;
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const pixels = painted(picture, maps[which], { ...look, scale: scale.max > scale.min ? scale : { min: 0, max: Infinity } });
  context.putImageData(new ImageData(pixels, width, height), 0, 0);
  return canvas.transferToImageBitmap();
}

customElements.define('cl-ask-card', Card);
