// What is compared along one axis: where it stands, and its values to choose from.
import '../../elements/choice.js';
import '../../elements/class-search.js';
import { Element, html, live, nothing, repeat } from '../../elements/element.js';
import { t } from '../../i18n/index.js';
import { acceptOf } from '../../sources/formats.js';
import { LISTS } from '../../state/compare.js';
import { axesOf, keyOf, withRole } from './axes.js';
import sheet from './axis-panel.css';
import { optionsOf } from './options.js';
import { titleOf } from './titles.js';

/**
 * @import { Page } from '../../main.js'
 * @import { Axis, Compare } from '../../state/compare.js'
 * @import { Grid } from './controller.js'
 * @import { Option } from './options.js'
 * @import { Known } from './titles.js'
 */

/** Those of which all may be compared at once. */
const EVERY = ['picture', 'method', 'layer'];
const SHOWN = 24; // options beside each other before the rest waits behind a button

/** Tells `compare-ask` with changes of the state, and `files-chosen` with `{ files }`. */
export class AxisPanel extends Element {
  static sheet = sheet;
  static properties = {
    page: { attribute: false },
    axis: {},
    state: { attribute: false },
    grid: { attribute: false },
    known: { attribute: false },
    top: { attribute: false },
    all: { state: true },
  };

  constructor() {
    super();
    /** @type {Page} */
    this.page = /** @type {any} */ (null);
    /** @type {Axis} */
    this.axis = 'picture';
    /** @type {Compare} */
    this.state = /** @type {any} */ (null);
    /** @type {Grid | null} */
    this.grid = null;
    /** @type {Known} */
    this.known = /** @type {any} */ (null);
    /** @type {number[]} the most probable classes of the first picture, where the network was asked */
    this.top = [];
    /** Whether all options are shown. */
    this.all = false;
  }

  willUpdate(/** @type {Map<string, unknown>} */ changed) {
    if (changed.has('axis')) this.all = false;
  }

  render() {
    const words = t().compare;
    const { axis, state } = this;
    const [rows, columns] = axesOf(state);
    const role = axis === rows ? 'rows' : axis === columns ? 'columns' : 'same';
    const roles = [
      { value: 'rows', title: words.rows },
      { value: 'columns', title: words.columns },
      { value: 'same', title: words.same },
    ];
    const title = words.axes[axis];
    return html`
      <cl-choice .legend=${words.role(title)} .options=${roles} .value=${role}
        @choose=${(/** @type {CustomEvent} */ { detail }) => this.tell('compare-ask', withRole(state, axis, detail === 'same' ? null : detail))}></cl-choice>
      ${this.#values(role !== 'same')}
      ${axis === 'picture' ? this.#files() : nothing}
      ${axis === 'class' && this.known.reference ? html`<cl-class-search .model=${this.known.reference} .label=${words.addClass} @class-found=${(/** @type {CustomEvent} */ { detail: { id } }) => this.#toggle(id, true, role !== 'same')}></cl-class-search>` : nothing}
      ${axis === 'class' ? html`${this.#contrast(role !== 'same')}<p class="hint">${words.classHint}</p>` : nothing}
      ${axis === 'layer' && (rows === 'network' || columns === 'network') ? html`<p class="hint">${words.layerHint}</p>` : nothing}`;
  }

  #values(/** @type {boolean} */ several) {
    const words = t().compare;
    const { axis } = this;
    const options = optionsOf(axis, { page: this.page, state: this.state, grid: this.grid, known: this.known });
    const shown = this.all ? options : options.slice(0, SHOWN);
    const chosen = new Set((this.grid?.values[axis] ?? this.state[LISTS[axis]]).map(keyOf));
    const title = words.axes[axis];
    return html`<fieldset class=${options.some(({ image }) => image) ? 'pictures' : 'words'}>
      <legend>${several ? words.values(title) : words.value(title)}</legend>
      <div class="options">${repeat(
        shown,
        ({ value }) => keyOf(value),
        (option) => this.#option(option, several, chosen.has(keyOf(option.value))),
      )}</div>
      <div class="row">
        ${shown.length < options.length ? html`<button type="button" class="quiet" @click=${() => (this.all = true)}>${words.more(options.length - shown.length)}</button>` : nothing}
        ${several && EVERY.includes(axis) && options.length > 1 ? html`<button type="button" class="quiet every" @click=${() => this.#set(options.map(({ value }) => value))}>${words.all}</button>` : nothing}
        ${this.state[LISTS[axis]].length ? html`<button type="button" class="quiet" @click=${() => this.#set([])}>${words.reset}</button>` : nothing}
      </div>
    </fieldset>`;
  }

  #option(/** @type {Option} */ { value, title, image, note }, /** @type {boolean} */ several, /** @type {boolean} */ checked) {
    const change = (/** @type {any} */ event) => {
      this.#toggle(value, event.target.checked, several);
      event.target.checked = several ? event.target.checked : true;
    };
    return html`<label title=${title}>
      <input type=${several ? 'checkbox' : 'radio'} name="value" autocomplete="off" .checked=${live(checked)} @change=${change}>
      ${image ? html`<img src=${image} alt="" width="96" height="96" loading="lazy" decoding="async">` : nothing}
      <span>${title}${note ? html` <span class="hint">${note}</span>` : nothing}</span>
    </label>`;
  }

  /** Two classes against each other, of those that are chosen or probable. */
  #contrast(/** @type {boolean} */ several) {
    const { contrast } = t().compare;
    const ids = [...new Set([...this.top, ...(this.grid?.values.class ?? [])])].filter((one) => typeof one === 'number');
    if (ids.length < 2) return nothing;
    const select = (
      /** @type {string} */ id,
      /** @type {string} */ label,
      /** @type {number} */ standard,
    ) => html`<div class="field"><label for=${id}>${label}</label>
      <select id=${id}>${ids.map((one, i) => html`<option value=${one} ?selected=${i === standard}>${titleOf('class', one, this.known)}</option>`)}</select></div>`;
    const add = () => {
      const [id, rival] = ['one', 'other'].map((name) => Number(this.find(`#${name}`).value));
      if (id !== rival) this.#toggle({ id, rival }, true, several);
    };
    return html`<fieldset class="contrast"><legend>${contrast.title}</legend>
      <div class="row">${select('one', contrast.of, 0)}${select('other', contrast.than, 1)}<button type="button" @click=${add}>${contrast.add}</button></div></fieldset>`;
  }

  #files() {
    const words = t().compare;
    return html`<div class="row files">
      <label class="file button"><input type="file" accept=${acceptOf(this.known.about)} multiple @change=${this.#pick}><span>${words.choosePictures}</span></label>
      <p class="hint">${words.dropHint}</p>
    </div>`;
  }

  #pick(/** @type {any} */ { target }) {
    const files = [...target.files];
    target.value = ''; // so that the same files can be chosen again
    if (files.length) this.tell('files-chosen', { files });
  }

  /** The last value of an axis stays: a grid has at least one row. */
  #toggle(/** @type {any} */ value, /** @type {boolean} */ on, /** @type {boolean} */ several) {
    if (!several) return this.#set([value]);
    const now = /** @type {any[]} */ (this.grid?.values[this.axis] ?? this.state[LISTS[this.axis]]);
    const rest = now.filter((one) => keyOf(one) !== keyOf(value));
    const next = on ? [...rest, value] : rest;
    if (next.length) this.#set(next);
    else this.requestUpdate();
  }

  #set(/** @type {any[]} */ values) {
    this.tell('compare-ask', { [LISTS[this.axis]]: values });
  }
}

customElements.define('cl-axis-panel', AxisPanel);
