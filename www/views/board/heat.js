// The heatmap of one class: with the board under it, or the colours alone, to lie over the board itself.
import { Element, html } from '../../elements/element.js';
import '../../elements/heatmap.js';
import { t } from '../../i18n/index.js';
import { hides } from '../../state/preferences.js';
import { blend, strength } from '../../elements/board/blend.js';
import sheet from './heat.css';
import { nameOf } from '../../elements/board/names.js';

/** @import { Answer, Mark } from './following.js' */

export class Heat extends Element {
  static sheet = sheet;

  static properties = {
    answer: { attribute: false },
    which: { attribute: false },
    mark: { attribute: false },
    over: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {Answer | null} */
    this.answer = null;
    /** Which of the answer's classes. */
    this.which = 0;
    /** @type {Mark} */
    this.mark = { stale: false, stopped: false };
    /** Whether it lies over the board. */
    this.over = false;
  }

  /** What is drawn: once drawn, a bitmap is gone. @type {{ answer: Answer, which: number, over: boolean, bitmap: ImageBitmap } | null} */
  #drawn = null;

  #bitmap(/** @type {Answer} */ answer) {
    const { which, over } = this;
    if (this.#drawn?.answer !== answer || this.#drawn.which !== which || this.#drawn.over !== over) {
      const {
        heats,
        opacity,
        explanation: { classes, picture },
      } = answer;
      const bitmap = blend(heats[which], strength(opacity, classes[which].probability), over ? null : picture.pixels);
      this.#drawn?.bitmap.close(); // one that no canvas took over would stay
      this.#drawn = { answer, which, over, bitmap };
    }
    return this.#drawn.bitmap;
  }

  render() {
    const { answer, which, over } = this;
    if (!answer) return html`<cl-heatmap></cl-heatmap>`;
    const { drawing, sureOf, flat } = t().board;
    const { name, probability, flat: isFlat } = answer.explanation.classes[which];
    return html`
      <cl-heatmap class=${over ? 'overlay' : ''} .bitmap=${this.#bitmap(answer)} .label=${drawing(nameOf(name), answer.present.map(nameOf))}
        .heading=${over || hides('caption') ? '' : sureOf(nameOf(name), probability)} .note=${isFlat && !over ? flat : ''}
        .stale=${this.mark.stale} .stopped=${this.mark.stopped}></cl-heatmap>`;
  }
}

customElements.define('cl-board-heat', Heat);
