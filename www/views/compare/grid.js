// The grid itself: a table whose headers stay in sight, or, of pictures with one heatmap each, a contact sheet.
import { Element, classMap, html, nothing, repeat, styleMap } from '../../elements/element.js';
import { f, t } from '../../i18n/index.js';
import { axesOf, keyOf } from './axes.js';
import './grid-cell.js';
import sheet from './grid.css';
import { hrefOf } from './link.js';
import { imageOf } from './options.js';
import { mean } from './order.js';
import { nameOf, titleOf } from './titles.js';

/**
 * @import { Axis, Compare, Measure } from '../../state/compare.js'
 * @import { Cell } from './cell.js'
 * @import { Look } from './grid-cell.js'
 * @import { Grid as Contents } from './controller.js'
 * @import { Known } from './titles.js'
 */

/** How a measure is written. @type {Record<Measure, (value: number, problem: string | undefined) => string>} */
const WRITTEN = {
  score: (value, problem) => f().score(value, problem),
  time: (value) => f().duration(value),
  focus: (value) => f().percent(value),
};

/** Whether the cells of a grid lie as a contact sheet: pictures along one axis, one value along the other. */
export function isSheet(/** @type {Contents} */ { rows, columns, values }) {
  const [along, across] = rows === 'picture' ? [rows, columns] : [columns, rows];
  return along === 'picture' && values[along].length > 1 && values[across].length === 1;
}

/** Tells `row-cancel` with `{ cells }`; its cells tell for themselves. */
export class Grid extends Element {
  static sheet = sheet;
  static properties = {
    page: { attribute: false },
    grid: { attribute: false },
    order: { attribute: false },
    known: { attribute: false },
    look: { attribute: false },
    state: { attribute: false },
    chosen: { attribute: false },
    step: { attribute: false },
  };

  constructor() {
    super();
    /** @type {import('../../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** @type {Contents | null} */
    this.grid = null;
    /** @type {{ rows: number[], columns: number[] }} */
    this.order = { rows: [], columns: [] };
    /** @type {Known} */
    this.known = /** @type {any} */ (null);
    /** @type {Look | null} */
    this.look = null;
    /** @type {Compare} */
    this.state = /** @type {any} */ (null);
    /** @type {Cell[]} */
    this.chosen = [];
    /** @type {import('../../engine/protocol.d.ts').Step | null} */
    this.step = null;
  }

  render() {
    const { grid } = this;
    if (!grid) return nothing;
    return isSheet(grid) ? this.#sheet(grid) : this.#table(grid);
  }

  #table(/** @type {Contents} */ { rows, columns, values, cells }) {
    const words = t().compare;
    const [down, across] = [words.axes[rows], words.axes[columns]];
    const { order } = this;
    return html`<div class="scroller" role="region" tabindex="0" aria-label=${words.grid(down, across)}>
      <table style=${styleMap({ '--columns': values[columns].length })}>
        <caption class="unseen">${words.grid(down, across)}</caption>
        <thead><tr>
          <td class="corner"><span aria-hidden="true">${words.corner(down, across)}</span></td>
          ${repeat(
            order.columns,
            (i) => keyOf(values[columns][i]),
            (i) =>
              html`<th scope="col">${this.#head(
                columns,
                values[columns][i],
                cells.map((row) => row[i]),
              )}</th>`,
          )}
        </tr></thead>
        <tbody>${repeat(
          order.rows,
          (i) => keyOf(values[rows][i]),
          (i) => html`<tr>
            <th scope="row">${this.#head(rows, values[rows][i], cells[i])}${this.#cancel(rows, values[rows][i], cells[i])}</th>
            ${repeat(
              order.columns,
              (j) => cells[i][j].key,
              (j) => html`<td>${this.#cell(cells[i][j])}</td>`,
            )}
          </tr>`,
        )}</tbody>
      </table></div>`;
  }

  #sheet(/** @type {Contents} */ { rows, values, cells }) {
    const words = t().compare;
    const down = rows === 'picture';
    const order = down ? this.order.rows : this.order.columns;
    const cellOf = (/** @type {number} */ i) => (down ? cells[i][0] : cells[0][i]);
    return html`<ul class="sheet" aria-label=${words.sheet}>${repeat(
      order,
      (i) => cellOf(i).key,
      (i) => html`<li>${this.#cell(cellOf(i))}<p class="title">${titleOf('picture', values.picture[i], this.known)}</p></li>`,
    )}</ul>`;
  }

  #cell(/** @type {Cell} */ cell) {
    const { state, look, known, step, chosen } = this;
    const running = cell.state.value.name === 'running';
    return html`<cl-grid-cell .cell=${cell} .name=${nameOf(cell.asked, axesOf(state), known)} .href=${hrefOf(cell, state)} .look=${look}
      .step=${running ? step : null} .chosen=${chosen.includes(cell)} .predicted=${cell.asked.class === null}></cl-grid-cell>`;
  }

  #head(/** @type {Axis} */ axis, /** @type {any} */ value, /** @type {Cell[]} */ cells) {
    const { sort } = this.state;
    const image = axis === 'picture' ? imageOf(value, this.page, this.known) : null;
    const average = sort && mean(cells.map(({ answer }) => answer?.measures[sort] ?? null));
    const problem = cells.find(({ answer }) => answer)?.answer?.explanation.model.problem;
    return html`<span class=${classMap({ head: true, pictured: Boolean(image) })}>
      ${image ? html`<img src=${image} alt="" width="96" height="96" loading="lazy" decoding="async">` : nothing}
      <span class="name">${titleOf(axis, value, this.known)}</span>
      ${sort && average !== null ? html`<span class="mean">${t().compare.average(WRITTEN[sort](average, problem))}</span>` : nothing}</span>`;
  }

  #cancel(/** @type {Axis} */ axis, /** @type {any} */ value, /** @type {Cell[]} */ cells) {
    if (!cells.some(({ open }) => open)) return nothing;
    return html`<button type="button" class="quiet cancel-row" aria-label=${t().compare.cancelRow(titleOf(axis, value, this.known))}
      @click=${() => this.tell('row-cancel', { cells })}><span aria-hidden="true">×</span></button>`;
  }
}

customElements.define('cl-grid', Grid);
