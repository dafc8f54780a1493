// How long each layer of a network takes, beside what it computes: a table that is made when it is asked for.
import { f, t } from '../../i18n/index.js';
import { Element, html, nothing, styleMap } from '../../elements/element.js';
import sheet from './layer-times.css';

/**
 * @import { Explaining } from '../../engine/client.js'
 * @import { LayerProfiled, Profiled } from '../../engine/protocol.d.ts'
 */

/** How often each layer runs; the median counts. */
const RUNS = 3;

export class LayerTimes extends Element {
  static sheet = sheet;
  static properties = { model: { attribute: false }, page: { attribute: false }, status: { attribute: false }, profiled: { state: true } };

  /** @type {AbortController | null} */
  #running = null;

  constructor() {
    super();
    /** @type {Explaining | null} */
    this.model = null;
    /** @type {import('../../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** @type {import('../../state/status.js').Status} */
    this.status = /** @type {any} */ (null);
    /** @type {{ of: Explaining, profile: Profiled } | null} */
    this.profiled = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#running?.abort();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('model')) this.#running?.abort();
  }

  render() {
    const words = t().explain.profile;
    if (this.page.engine.about.value?.device.kind === 'gpu') return html`<p class="hint">${words.gpu}</p>`;
    const { profiled } = this;
    return html`<button type="button" @click=${this.#measure}>${words.measure}</button>
      ${profiled && profiled.of === this.model ? this.#table(profiled.profile) : nothing}`;
  }

  #table(/** @type {Profiled} */ profile) {
    const words = t().explain.profile;
    const { layers, forward, backward, peak } = profile;
    const sum = (/** @type {'flops' | 'bytes'} */ of) => layers.reduce((sum, layer) => sum + layer[of], 0);
    const whole = { name: words.whole, output: null, flops: sum('flops'), bytes: sum('bytes'), forward, backward };
    const slowest = Math.max(...layers.map((layer) => layer.forward + layer.backward));
    return html`<div class="scrolls" tabindex="0" role="group" aria-label=${words.title}>
      <table>
        <thead><tr>${Object.values(words.columns).map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
        <tbody>${layers.map((layer) => row(layer, slowest))}</tbody>
        <tfoot>${row(whole, 0)}</tfoot>
      </table></div>
      <p class="hint">${words.peak(f().figures(peak / 1e9))}</p>`;
  }

  async #measure() {
    const { model, page } = this;
    if (!model) return;
    this.#running?.abort();
    const { signal } = (this.#running = new AbortController());
    this.status.clear();
    const profile = await this.status.attempt(() => page.engine.profile(model, RUNS, { signal }));
    if (profile) this.profiled = { of: model, profile };
  }
}

/**
 * What was found of a layer, or of all: those without products of weights have no rate. `slowest`: milliseconds of the longest bar.
 * @param {Omit<LayerProfiled, 'output'> & { output: number[] | null }} layer
 * @param {number} slowest
 */
function row({ name, output, flops, bytes, forward, backward }, slowest) {
  const rate = (/** @type {number} */ milliseconds) => (flops ? f().figures(flops / milliseconds / 1e6) : '');
  const cells = [flops ? f().figures(flops / 1e6) : '', f().number(bytes / 1e6), f().number(forward), rate(forward), f().number(backward)];
  return html`<tr style=${styleMap({ '--share': slowest && (forward + backward) / slowest })}>
    <th scope="row">${name}</th><td>${output?.join(' × ')}</td>${[...cells, rate(backward)].map((cell) => html`<td>${cell}</td>`)}</tr>`;
}

customElements.define('cl-layer-times', LayerTimes);
