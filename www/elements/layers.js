// The layer that is explained: a slider over all of them, what each block gives as small heatmaps, and further layers
// whose maps are merged with its map.
import { titleOf } from '../i18n/tables.js';
import { t } from '../i18n/index.js';
import { methodOf } from '../state/question.js';
import { Element, html, live, nothing, repeat } from './element.js';
import sheet from './layers.css';
import './thumbnail.js';

/**
 * @import { About, LayerInfo } from '../engine/protocol.d.ts'
 * @import { Question } from '../state/question.js'
 */

const SETTLED = 120; // milliseconds without a move before the slider's layer is computed

/** Tells `ask` with changes of the question, `seen` with whether it is on the screen, and `previews` when they are asked for. */
export class Layers extends Element {
  static sheet = sheet;

  static properties = {
    about: { attribute: false },
    question: { attribute: false },
    model: { attribute: false },
    previews: { attribute: false },
    costly: { type: Boolean },
  };

  #observer = new IntersectionObserver((entries) => this.tell('seen', { seen: entries.some(({ isIntersecting }) => isIntersecting) }));

  constructor() {
    super();
    /** @type {About | null} */
    this.about = null;
    /** @type {Question} */
    this.question = /** @type {any} */ (null);
    /** @type {import('../engine/handles.js').Model | null} */
    this.model = null;
    /** @type {{ name: string, bitmap: ImageBitmap | null }[]} one for each block, null while it is not there yet */
    this.previews = [];
    /** Whether the previews take so long that they wait to be asked for. */
    this.costly = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
  }

  /** @returns {string[]} */
  get #chosen() {
    const { question, model } = this;
    const known = question.layers.filter((name) => model?.layers?.some((layer) => layer.name === name));
    return known.length ? known : [/** @type {string} */ (model?.default_layer)];
  }

  render() {
    const { about, question, model } = this;
    if (!about || !question) return nothing;
    const words = t().explain.layers;
    const method = methodOf(about, question.method);
    if (method.needs === 'nothing') return html`<p class="hint">${words.unused}</p>`;
    if (!model?.layers) return html`<p class="hint">${words.none}</p>`;
    const layers = model.layers;
    const chosen = this.#chosen;
    const position = layers.findIndex(({ name }) => name === chosen[0]);
    return html`
      ${
        this.previews.length
          ? html`<ol class="previews" aria-label=${words.previews}>
        ${repeat(
          this.previews,
          ({ name }) => name,
          ({ name, bitmap }) => html`<li>
          <button type="button" data-layer=${name} aria-pressed=${name === chosen[0]} aria-label=${words.preview(name)} title=${name} @click=${() => this.#choose(name)}>
            <cl-thumbnail .bitmap=${bitmap}></cl-thumbnail>
          </button></li>`,
        )}
      </ol>`
          : nothing
      }
      ${this.costly ? html`<button type="button" class="ask-previews" @click=${() => this.tell('previews', null)}>${words.showPreviews}</button>` : nothing}
      <div class="field">
        <label for="depth">${words.depth}</label>
        <input id="depth" type="range" min="0" max=${layers.length - 1} step="1" aria-valuetext=${chosen[0]} .value=${live(String(position))}
          @input=${(/** @type {any} */ { target }) => this.#choose(layers[target.valueAsNumber].name, SETTLED)}>
        <p class="ends" aria-hidden="true"><span>${words.first}</span><span>${words.last}</span></p>
      </div>
      <div class="field">
        <label for="layer">${words.layer}</label>
        ${this.#select('layer', null, chosen[0], (name) => this.#choose(name))}
      </div>
      ${method.output === 'map' ? this.#further(chosen, layers) : nothing}`;
  }

  #further(/** @type {string[]} */ chosen, /** @type {LayerInfo[]} */ layers) {
    const words = t().explain.layers;
    const merges = this.about?.merges ?? [];
    const replaced = (/** @type {number} */ i, /** @type {string} */ name) => this.#ask(chosen.map((one, j) => (i === j ? name : one)));
    return html`
      ${
        chosen.length > 1
          ? html`<ul class="further" aria-label=${words.further}>
        ${chosen.slice(1).map(
          (name, i) => html`<li>
          ${this.#select(`layer-${i + 2}`, words.place(i + 2), name, (other) => replaced(i + 1, other))}
          <button type="button" aria-label=${words.remove(i + 2)} @click=${() => this.#remove(i + 1, chosen)}><span aria-hidden="true">×</span></button>
        </li>`,
        )}
      </ul>
      <div class="field"><label for="merge">${words.merge}</label>
        <select id="merge" @change=${(/** @type {any} */ { target: { value } }) => this.tell('ask', { change: { merge: value === merges[0] ? null : value } })}>
          ${merges.map((name) => html`<option value=${name} .selected=${live(name === (this.question.merge ?? merges[0]))}>${titleOf(name)}</option>`)}
        </select></div>`
          : nothing
      }
      <button type="button" class="add" ?disabled=${chosen.length >= layers.length} @click=${() => this.#add(chosen, layers)}>${words.add}</button>`;
  }

  /** @param {string} id @param {string | null} label @param {string} chosen @param {(name: string) => void} choose */
  #select(id, label, chosen, choose) {
    const words = t().explain.layers;
    return html`<select id=${id} aria-label=${label ?? nothing} @change=${(/** @type {any} */ { target }) => choose(target.value)}>
      ${(this.model?.layers ?? []).map((layer) => html`<option value=${layer.name} .selected=${live(layer.name === chosen)}>${words.option(layer)}</option>`)}
    </select>`;
  }

  /** Merging is for layers that see differently: the last that sees finer than those chosen. */
  #add(/** @type {string[]} */ chosen, /** @type {LayerInfo[]} */ layers) {
    const height = (/** @type {LayerInfo} */ { shape }) => shape[1];
    const finest = Math.max(...layers.filter(({ name }) => chosen.includes(name)).map(height));
    const free = layers.filter(({ name }) => !chosen.includes(name));
    const added = free.filter((layer) => height(layer) > finest).at(-1) ?? /** @type {LayerInfo} */ (free.at(-1));
    this.#ask([...chosen, added.name]);
  }

  async #remove(/** @type {number} */ i, /** @type {string[]} */ chosen) {
    this.#ask(chosen.filter((_, j) => i !== j));
    await this.updateComplete;
    this.find('.add')?.focus();
  }

  #choose(/** @type {string} */ name, settle = 0) {
    const further = this.#chosen.slice(1).filter((other) => other !== name);
    this.#ask([name, ...further], settle);
  }

  #ask(/** @type {string[]} */ layers, settle = 0) {
    const only = layers.length === 1 && layers[0] === this.model?.default_layer;
    const merge = layers.length > 1 ? this.question.merge : null;
    this.tell('ask', { change: { layers: only ? [] : layers, merge }, settle });
  }
}

customElements.define('cl-layers', Layers);
