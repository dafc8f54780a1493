// The visitor's own network: its files, and what the files do not say.
import { t } from '../i18n/index.js';
import { networkTitle } from '../i18n/tables.js';
import { copy } from '../save/clipboard.js';
import { takeFiles } from '../sources/give.js';
import { ownFiles } from '../sources/own.js';
import { ACCEPTED } from '../weights/sorting.js';
import { Element, html, live, nothing } from './element.js';
import sheet from './own-network.css';

/**
 * @import { Model } from '../engine/handles.js'
 * @import { Page } from '../main.js'
 */

const SNIPPET = `import torchvision
from safetensors.torch import save_file

model = torchvision.models.squeezenet1_1(weights="DEFAULT")
save_file(model.state_dict(), "squeezenet1_1.safetensors")`;

/** How many renamed tensors are listed: enough for any network of the list. */
const MOST_NAMES = 2000;
const FIELDS = /** @type {const} */ (['size', 'mean', 'std']);
const EXAMPLES = { size: '224', mean: '0.485, 0.456, 0.406', std: '0.229, 0.224, 0.225' };

/** The fields that say otherwise than what a note of the engine says was assumed, by its code. @type {Record<string, 'network' | 'problem' | 'variant' | 'mean' | 'order' | undefined>} */
const CORRECTS = {
  'matched-by-order': 'network',
  'one-output': 'problem',
  'outputs-independent': 'problem',
  'grey-input': 'mean',
  'outputs-sigmoid': 'problem',
  'colours-assumed': 'mean',
  'normalisation-assumed': 'mean',
  'normalisation-replaced': 'mean',
  'order-assumed': 'order',
  'stem-for-small-pictures': 'variant',
  'torchvision-assumed': 'variant',
};

/**
 * The fields in which a person can say otherwise than these notes of a network that has these variants, with their labels.
 * @param {{ code: string }[]} notes
 * @param {string[]} variants
 */
export function correcting(notes, variants) {
  const { network, problem, variant, fields } = t().sources.own;
  const labels = { network, problem, variant, mean: fields.mean, order: fields.order };
  const found = new Set(notes.flatMap(({ code }) => CORRECTS[code] ?? []));
  if (variants.length < 2) found.delete('variant');
  return [...found].map((field) => ({ field, label: labels[field] }));
}

/** Fires `model-chosen` with `{ source }`, and `files-given` with pictures that came with weights. */
export class OwnNetworkForm extends Element {
  static sheet = sheet;
  static properties = { page: { attribute: false }, model: { attribute: false } };

  constructor() {
    super();
    /** @type {Page} */
    this.page = /** @type {any} */ (null);
    /** @type {Model | null} the one in use, where it is the visitor's own */
    this.model = null;
  }

  get #own() {
    return ownFiles(this.page).network;
  }

  render() {
    const words = t().sources.own;
    const own = this.#own;
    const about = this.page.engine.about.value;
    // What a choice of the file's networks is about is the file that was refused.
    const files = this.#isOpen ? own.latest : own.files.value;
    const given = Object.values(files).flatMap((file) => (file ? [file.name] : []));
    return html`
      <div class="field">
        <label for="network">${words.network}</label>
        <select id="network" autocomplete="off" ?disabled=${!about} @change=${this.#chooseNetwork}>
          <option value="" .selected=${live(!own.network.value)}>${words.recognise}</option>
          ${about?.networks.map(({ name, title }) => html`<option value=${name} .selected=${live(name === own.network.value)}>${networkTitle({ network: name, title })}</option>`)}
        </select>
      </div>
      <div class="files">
        <label class="file button primary">
          <input type="file" class="weights" accept=${ACCEPTED.weights} multiple ?disabled=${!about} aria-describedby="weights-hint"
            @change=${(/** @type {any} */ event) => this.#pick(event, 'weights')}>
          <span>${words.weights}</span>
        </label>
        <label class="file button">
          <input type="file" class="labels" accept="${ACCEPTED.labels},text/plain,application/json" ?disabled=${!about}
            @change=${(/** @type {any} */ event) => this.#pick(event, 'labels')}>
          <span>${words.labels}</span>
        </label>
      </div>
      ${
        given.length
          ? html`<div class="given"><p>${words.given(given)}</p>
        <button type="button" class="quiet forget" @click=${this.#forget}>${t().sources.forget}</button></div>`
          : nothing
      }
      <p id="weights-hint" class="hint">${words.weightsHint}</p>
      ${this.#states()}
      <div class="field">
        <label for="problem">${words.problem}</label>
        <select id="problem" autocomplete="off" ?disabled=${!about} @change=${this.#chooseProblem}>
          <option value="" .selected=${live(!own.entered.value.problem)}>${words.asFiles}</option>
          ${about?.problems.map((name) => html`<option value=${name} .selected=${live(name === own.entered.value.problem)}>${words.problems[name]}</option>`)}
        </select>
      </div>
      ${this.#variants()}
      <details class="preprocessing">
        <summary>${words.preprocessing}</summary>
        <p class="hint">${words.preprocessingHint}</p>
        ${FIELDS.map(
          (field) => html`<div class="field"><label for=${field}>${words.fields[field]}</label>
          <input id=${field} type="text" inputmode=${field === 'size' ? 'numeric' : 'decimal'} placeholder=${EXAMPLES[field]} autocomplete="off"
            .value=${own.entered.value[field]} aria-invalid=${this.#invalid === field}
            @input=${(/** @type {any} */ { target }) => this.#enter(field, target.value)} @change=${this.#askAgain}></div>`,
        )}
        ${this.#choice('range', words.fields.range, about?.value_ranges ?? [], (name) => words.value_ranges[name])}
        ${this.#choice('order', words.fields.order, about?.channel_orders ?? [], (name) => words.channel_orders[name])}
      </details>
      ${this.#renamed()}
      <details class="help">
        <summary>${words.help.title}</summary>
        <p>${words.help.files}</p>
        <p>${words.help.python}</p>
        <pre tabindex="0" aria-label=${words.help.code}><code>${SNIPPET}</code></pre>
        <button type="button" class="copy" @click=${this.#copy}>${words.help.copy}</button>
        <p>${words.help.names}</p>
      </details>`;
  }

  /** Whether it is open which network of the file that was given last is meant. */
  get #isOpen() {
    return ['several-networks', 'other-state'].includes(this.page.statuses.explain.failure.value?.code ?? '');
  }

  /** Which of the file's networks is used, where it holds several. */
  #states() {
    const words = t().sources.own;
    const used = this.model?.states?.[0];
    const refused = this.page.statuses.explain.failure.value;
    const isOpen = this.#isOpen;
    const states = isOpen ? refused?.arguments.states.split(', ') : (this.model?.states ?? []);
    if (!isOpen && states.length < 2) return nothing;
    const chosen = isOpen ? '' : used;
    return html`<div class="field">
      <label for="state">${words.state}</label>
      <select id="state" autocomplete="off" @change=${this.#chooseState}>
        ${chosen ? nothing : html`<option value="" .selected=${live(true)}>${words.noState}</option>`}
        ${[...states].sort().map((name) => html`<option value=${name} .selected=${live(name === chosen)}>${name}</option>`)}
      </select>
    </div>`;
  }

  /** How the network computes where its tensors do not tell, where it may compute in several ways. */
  #variants() {
    const { variant, variants } = t().sources.own;
    const known = this.model?.variants ?? [];
    // What was chosen and refused can be taken back.
    if (known.length < 2 && !this.#own.entered.value.variant) return nothing;
    return this.#choice('variant', variant, known, (name) => variants[name]);
  }

  /**
   * A list to choose from, of which the first entry leaves the choice to the files.
   * @param {'variant' | 'range' | 'order'} field
   * @param {string} label
   * @param {string[]} names
   * @param {(name: string) => string} title
   */
  #choice(field, label, names, title) {
    const chosen = this.#own.entered.value[field];
    const all = chosen && !names.includes(chosen) ? [...names, chosen] : names;
    return html`<div class="field">
      <label for=${field}>${label}</label>
      <select id=${field} autocomplete="off" @change=${(/** @type {any} */ { target }) => this.#choose(field, target.value)}>
        <option value="" .selected=${live(!chosen)}>${t().sources.own.asFiles}</option>
        ${all.map((name) => html`<option value=${name} .selected=${live(name === chosen)}>${title(name)}</option>`)}
      </select>
    </div>`;
  }

  /** The names that stand for torchvision's. */
  #renamed() {
    const renamed = this.model?.renamed ?? [];
    if (!renamed.length) return nothing;
    const words = t().sources.own.renamed;
    return html`<details class="renamed">
      <summary>${words.title(renamed.length)}</summary>
      <div class="names" tabindex="0" role="group" aria-label=${words.title(renamed.length)}>
        <table>
          <thead><tr><th scope="col">${words.file}</th><th scope="col">${words.name}</th></tr></thead>
          <tbody>${renamed.slice(0, MOST_NAMES).map(([from, to]) => html`<tr><td>${from}</td><td>${to}</td></tr>`)}</tbody>
        </table>
      </div>
    </details>`;
  }

  /** Leads to a field. */
  async show(/** @type {string} */ field) {
    await this.updateComplete;
    const drawer = this.find('details.preprocessing');
    if (drawer.querySelector(`#${field}`)) drawer.open = true;
    this.find(`#${field}`).focus();
  }

  /** The field whose value was refused. */
  get #invalid() {
    const failure = this.page.statuses.explain.failure.value;
    return failure?.kind === 'preprocessing' ? failure.arguments?.field : null;
  }

  #pick(/** @type {any} */ { target }, /** @type {'weights' | 'labels'} */ kind) {
    const files = [...target.files];
    target.value = ''; // so that the same file can be chosen again
    if (!files.length) return;
    const own = ownFiles(this.page);
    // What is chosen as names are names, whatever they are called.
    takeFiles(
      this.page,
      () => (kind === 'labels' ? own.takeLabels(files) : own.take(files, kind)),
      ({ pictures, model }) => {
        if (pictures.length) this.tell('files-given', { pictures, model });
        else this.tell('model-chosen', { source: model });
      },
    );
  }

  #chooseNetwork(/** @type {any} */ { target }) {
    const { network } = this.#own;
    if (target.value === network.value) return;
    network.value = target.value;
    this.#askAgain();
  }

  #chooseProblem(/** @type {any} */ { target }) {
    this.#choose('problem', target.value);
  }

  #chooseState(/** @type {any} */ { target }) {
    this.#choose('state', target.value);
  }

  #choose(/** @type {keyof import('../sources/entered.js').Entered} */ field, /** @type {string} */ value) {
    this.#enter(field, value);
    this.#askAgain();
  }

  #enter(/** @type {keyof import('../sources/entered.js').Entered} */ field, /** @type {string} */ value) {
    const own = this.#own;
    own.entered.value = { ...own.entered.value, [field]: value };
  }

  #askAgain() {
    const source = this.#own.ask();
    if (source) this.tell('model-chosen', { source });
  }

  async #forget() {
    await this.#own.forget();
    this.page.statuses.explain.say(() => t().sources.forgotten);
  }

  async #copy() {
    const copied = await copy(SNIPPET);
    this.page.statuses.explain.say(() => t().sources.own.help[copied ? 'copied' : 'notCopied']);
  }
}

customElements.define('cl-own-network', OwnNetworkForm);
