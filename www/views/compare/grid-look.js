// How the grid is ordered and drawn: nothing here computes it anew.
import { Element, html, live, nothing } from '../../elements/element.js';
import { f, t } from '../../i18n/index.js';
import { colormapTitle } from '../../i18n/tables.js';
import { MEASURES, SCALES } from '../../state/compare.js';
import { theme } from '../../state/preferences.js';
import { drawOf, STYLE } from '../../state/question.js';
import sheet from './grid-look.css';

/** @import { Compare } from '../../state/compare.js' */

const NONE = 'none'; // stands for null in the menu
const WIDE = '(min-width: 40rem)';

/** Tells `compare-ask` with changes of the state. */
export class GridLook extends Element {
  static sheet = sheet;
  static properties = { about: { attribute: false }, state: { attribute: false }, still: { type: Boolean } };

  /** On a phone and before a class the heatmaps come first. */
  #opened = window.matchMedia(WIDE).matches && theme.peek() !== 'projector';

  constructor() {
    super();
    /** @type {import('../../engine/protocol.d.ts').About | null} */
    this.about = null;
    /** @type {Compare} */
    this.state = /** @type {any} */ (null);
    /** Whether all cells are there. */
    this.still = false;
  }

  render() {
    const { about, state } = this;
    if (!about) return nothing;
    const words = t().compare;
    const { appearance } = t().explain;
    const { colormap, opacity } = drawOf({ ...STYLE, colormap: state.colormap, opacity: state.opacity }, about);
    const sorts = [NONE, ...MEASURES].map((one) => [one, words.sorts[/** @type {'none'} */ (one)]]);
    return html`<details ?open=${this.#opened}><summary>${words.look}</summary><div class="fields">
      ${this.#select('sort', words.sort, sorts, state.sort ?? NONE, (value) => ({ sort: value === NONE ? null : value }))}
      ${this.#select(
        'scale',
        words.scale,
        SCALES.map((one) => [one, words.scales[one]]),
        state.scale,
        (scale) => ({ scale }),
      )}
      ${this.#select(
        'colormap',
        appearance.colormap,
        about.colormaps.map(({ name }) => [name, colormapTitle(name)]),
        colormap,
        (value) => ({ colormap: value }),
      )}
      <div class="field"><label for="opacity">${appearance.opacity} <span class="value">${f().percent(opacity)}</span></label>
        <input id="opacity" type="range" min="0" max="1" step="0.05" aria-valuetext=${f().percent(opacity)} .value=${live(String(opacity))}
          @input=${(/** @type {any} */ { target }) => this.#ask({ opacity: target.valueAsNumber })}></div>
      ${state.scale === 'shared' ? html`<p class="hint">${words.sharedHint}</p>` : nothing}
      ${state.sort === 'focus' ? html`<p class="hint">${words.focusHint}</p>` : nothing}
      ${state.sort && !this.still ? html`<p class="hint">${words.sortWaits}</p>` : nothing}
    </div></details>`;
  }

  /**
   * @param {string} id
   * @param {string} label
   * @param {string[][]} options values and titles
   * @param {string} chosen
   * @param {(value: any) => Partial<Compare>} change
   */
  #select(id, label, options, chosen, change) {
    return html`<div class="field"><label for=${id}>${label}</label>
      <select id=${id} @change=${(/** @type {any} */ { target }) => this.#ask(change(target.value))}>
        ${options.map(([value, title]) => html`<option value=${value} .selected=${live(value === chosen)}>${title}</option>`)}
      </select></div>`;
  }

  #ask(/** @type {Partial<Compare>} */ change) {
    this.tell('compare-ask', change);
  }
}

customElements.define('cl-grid-look', GridLook);
