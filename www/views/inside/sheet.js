// The sheet of a layer: a tile for each channel, one of which is chosen.
import { Element, html, repeat } from '../../elements/element.js';
import { channelOf, coloured, show } from '../../elements/paint.js';
import { scaleOf } from './channels.js';
import css from './sheet.css';
import { words } from './words.js';

/** @import { Sheet } from '../../engine/protocol.d.ts' */

/** Fires `channel-chosen` with the number of the channel. By keyboard: arrows, Home and End. */
export class InsideSheet extends Element {
  static sheet = css;
  static properties = {
    layer: { attribute: false },
    order: { attribute: false },
    chosen: { type: Number },
    shared: { type: Boolean },
    table: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Sheet | null} */
    this.layer = null;
    /** @type {number[]} */
    this.order = [];
    this.chosen = 0;
    /** Whether all channels have one colour scale. */
    this.shared = true;
    /** Of colours, `[r, g, b]` of each step. */
    this.table = new Float32Array(3);
  }

  render() {
    const { layer, order } = this;
    if (!layer) return html``;
    const { sheet, option } = words();
    return html`<div class="tiles" role="listbox" aria-label=${sheet(layer.channels, layer.rows, layer.columns)} @click=${this.#click} @keydown=${this.#key}>
      ${repeat(
        order,
        (channel) => channel,
        (channel) =>
          html`<div role="option" class="tile" data-channel=${channel} tabindex=${channel === this.chosen ? 0 : -1} aria-selected=${channel === this.chosen} aria-label=${option(channel, layer.max[channel])}>
          <canvas width="1" height="1"></canvas><span aria-hidden="true">${channel}</span></div>`,
      )}
    </div>`;
  }

  updated(/** @type {Map<string, unknown>} */ changed) {
    if (['layer', 'shared', 'table'].some((name) => changed.has(name))) this.#paint();
    if (changed.has('chosen') || changed.has('order')) this.#tile(this.chosen)?.scrollIntoView({ block: 'nearest' });
  }

  #paint() {
    const { layer, table, shared } = this;
    if (!layer) return;
    for (const tile of this.renderRoot.querySelectorAll('.tile')) {
      const channel = Number(/** @type {HTMLElement} */ (tile).dataset.channel);
      const pixels = coloured(channelOf(layer, layer.data, channel), { scale: scaleOf(layer, channel, shared), table });
      show(/** @type {HTMLCanvasElement} */ (tile.querySelector('canvas')), pixels);
    }
  }

  /** @returns {HTMLElement | null} */
  #tile(/** @type {number} */ channel) {
    return this.find(`.tile[data-channel="${channel}"]`);
  }

  #click(/** @type {any} */ { target }) {
    const tile = target.closest('.tile');
    if (tile) this.#choose(Number(tile.dataset.channel));
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const { order } = this;
    const at = order.indexOf(this.chosen);
    const across = this.#columns();
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - across, ArrowDown: at + across, Home: 0, End: order.length - 1 }[
      event.key
    ];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (to >= 0 && to < order.length) this.#choose(order[to]);
  }

  /** How many tiles stand in a row. */
  #columns() {
    const tiles = /** @type {HTMLElement[]} */ ([...this.renderRoot.querySelectorAll('.tile')]);
    const next = tiles.findIndex(({ offsetTop }) => offsetTop > tiles[0].offsetTop);
    return next < 0 ? tiles.length : next;
  }

  async #choose(/** @type {number} */ channel) {
    this.chosen = channel;
    this.tell('channel-chosen', channel);
    await this.updateComplete;
    this.#tile(channel)?.focus({ preventScroll: true });
  }
}

customElements.define('cl-inside-sheet', InsideSheet);
