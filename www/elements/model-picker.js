// Which network is asked: one that comes with the page, one that is fetched, or the visitor's own.
import { f, t } from '../i18n/index.js';
import { modelTitle, networkTitle } from '../i18n/tables.js';
import { knowledgeOf } from '../sources/model.js';
import { ownFiles } from '../sources/own.js';
import { Element, html, live, nothing, repeat } from './element.js';
import './own-network.js';
import './repository.js';
import './zoo.js';
import sheet from './model-picker.css';

/**
 * @import { Page } from '../main.js'
 * @import { SourcedModel } from '../sources/model.js'
 * @import { ModelSource } from '../state/question.js'
 * @import { Entry, EmbeddedModels } from '../weights/embedded.js'
 */

/**
 * Fires `model-chosen` with `{ source }`, and `files-given` with pictures that came with weights. `model` is the one in use,
 * or null; `source` is the one asked for.
 */
export class ModelPicker extends Element {
  static sheet = sheet;
  static properties = {
    page: { attribute: false },
    model: { attribute: false },
    source: { attribute: false },
    embedded: { state: true },
  };

  constructor() {
    super();
    /** @type {Page} */
    this.page = /** @type {any} */ (null);
    /** @type {SourcedModel | null} */
    this.model = null;
    /** @type {ModelSource | null} */
    this.source = null;
    /** @type {EmbeddedModels | null | undefined} undefined: not known yet */
    this.embedded = undefined;
  }

  async firstUpdated() {
    this.embedded = await this.page.embedded.catch(() => null);
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has('model') && this.model && this.model.source?.kind !== 'own') ownFiles(this.page).network.leave();
  }

  render() {
    const words = t().sources;
    const { model, embedded, page } = this;
    const zoo = embedded?.zoo ?? [];
    return html`
      ${embedded?.models.length ? this.#list(embedded.models) : nothing}
      ${model?.classes ? html`<p class="open hint">${this.#inUse(model)}</p>` : nothing}
      <details class="zoo" ?hidden=${!zoo.length && !page.store.records.value.length}>
        <summary>${zoo.length ? words.zoo.title(zoo.length) : words.zoo.keptTitle}</summary>
        <cl-zoo .page=${page} .entries=${zoo} .used=${model}></cl-zoo>
      </details>
      <details class="repository">
        <summary>${words.repository.title}</summary>
        <cl-repository .page=${page}></cl-repository>
      </details>
      <details class="own" ?open=${embedded !== undefined && !embedded?.models.length}>
        <summary>${words.own.title}</summary>
        <cl-own-network .page=${page} .model=${model?.source?.kind === 'own' ? model : null}></cl-own-network>
      </details>`;
  }

  /** Leads to a field of one's own network. */
  show(/** @type {string} */ field) {
    this.find('details.own').open = true;
    this.find('cl-own-network').show(field);
  }

  #list(/** @type {Entry[]} */ models) {
    const { knows } = t().sources.embedded;
    const kinds = [...new Set(models.map(({ data }) => data))];
    return kinds.map((data) => {
      const entries = models.filter((entry) => entry.data === data);
      return html`<fieldset class="embedded"><legend>${knows[data]?.(entries[0].classes) ?? data}</legend>
        <div class="list">${repeat(
          entries,
          ({ name }) => name,
          (entry) => this.#row(entry),
        )}</div></fieldset>`;
    });
  }

  #row(/** @type {Entry} */ { name, title, bytes, license }) {
    const asked = this.source ?? this.model?.source;
    const checked = asked?.kind === 'embedded' && asked.name === name;
    return html`<label title=${license}>
      <input type="radio" name="embedded" value=${name} autocomplete="off" .checked=${live(checked)} @change=${this.#choose}>
      <span><span>${modelTitle({ name, title })}</span> <span class="hint">${f().bytes(bytes)}</span></span>
    </label>`;
  }

  #choose(/** @type {any} */ { target: { value: name } }) {
    this.tell('model-chosen', { source: { kind: 'embedded', name } });
  }

  #inUse(/** @type {SourcedModel} */ model) {
    const { entry, source, files, classes = 0, layers = [], kept } = model;
    const words = t().sources;
    const weights = /** @type {File} */ (files.weights).name;
    const known = entry ? modelTitle(entry) : words.from(networkTitle(model), weights);
    const used = words.inUse(known, classes, layers.length);
    const stays = source.kind === 'own' ? { true: words.own.kept, false: words.own.notKept } : { true: '', false: words.notKeptHere };
    return [used, knowledgeOf(model), typeof kept === 'boolean' ? stays[`${kept}`] : null].filter(Boolean).join(words.gap);
  }
}

customElements.define('cl-model-picker', ModelPicker);
