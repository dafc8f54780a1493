// The model zoo: networks that are fetched on request, what is known of them, and which are kept in this browser.
import { f, t } from '../i18n/index.js';
import { modelTitle } from '../i18n/tables.js';
import { zooSource } from '../weights/source.js';
import { Element, html, nothing, repeat } from './element.js';
import sheet from './zoo.css';

/**
 * @import { Page } from '../main.js'
 * @import { SourcedModel } from '../sources/model.js'
 * @import { ModelSource } from '../state/question.js'
 * @import { ZooEntry } from '../weights/source.js'
 * @import { Stored } from '../weights/store.js'
 *
 * @typedef {{ key: string, title: string, size: string, facts: string[], source: ModelSource, stored: Stored | null }} Row
 */

const MIB = 2 ** 20;

/** Networks of the zoo, then others that are kept. Fires `model-chosen` with `{ source }`. `used` is the model in use. */
export class Zoo extends Element {
  static sheet = sheet;
  static properties = { page: { attribute: false }, entries: { attribute: false }, used: { attribute: false } };

  constructor() {
    super();
    /** @type {Page} */
    this.page = /** @type {any} */ (null);
    /** @type {ZooEntry[]} */
    this.entries = [];
    /** @type {SourcedModel | null} */
    this.used = null;
  }

  render() {
    const words = t().sources.zoo;
    const records = this.page.store.records.value;
    const bytes = records.reduce((sum, one) => sum + one.bytes, 0);
    return html`
      <p class="hint">${words.hint}</p>
      <ul aria-label=${words.label} tabindex="-1">${repeat(
        this.#rows(records),
        ({ key }) => key,
        (row) => this.#row(row),
      )}</ul>
      ${
        records.length
          ? html`<div class="kept"><p class="hint">${words.keptInAll(records.length, f().bytes(bytes))}</p>
        <button type="button" class="clear" @click=${this.#clear}>${words.clear}</button></div>`
          : nothing
      }`;
  }

  /** @returns {Row[]} */
  #rows(/** @type {Stored[]} */ records) {
    const { classes, about } = t().sources.zoo;
    const zoo = this.entries.map((entry) => {
      const { key } = zooSource(entry, { hub: this.page.hub });
      const size = entry.bytes_exact ? f().bytes(entry.bytes) : about(f().number(Math.ceil(entry.bytes / MIB)));
      return {
        key,
        title: modelTitle(entry),
        size,
        facts: [...(entry.classes ? [classes(entry.classes)] : []), size, ...(entry.license ? [entry.license] : [])],
        source: /** @type {ModelSource} */ ({ kind: 'zoo', name: entry.name }),
        stored: records.find((record) => record.key === key) ?? null,
      };
    });
    const others = records
      .filter(({ key }) => !zoo.some((row) => row.key === key))
      .map((stored) => ({
        key: stored.key,
        title: stored.title,
        size: f().bytes(stored.bytes),
        facts: [f().bytes(stored.bytes)],
        source: stored.source.asked ?? sourceOfKey(stored.key),
        stored,
      }));
    return [...zoo, ...others];
  }

  #row(/** @type {Row} */ row) {
    const words = t().sources.zoo;
    const used = this.used?.key === row.key;
    const state = [...(used ? [words.used] : []), ...(row.stored ? [words.kept] : [])];
    return html`<li data-key=${row.key} aria-current=${used}>
      <p><span class="title">${row.title}</span> <span class="facts hint">${row.facts.join(words.between)}</span></p>
      <span class="state">${f().list(state)}</span>
      ${row.stored ? html`<button type="button" class="quiet remove" aria-label=${words.removeOf(row.title)} @click=${() => this.#remove(row)}>${words.remove}</button>` : nothing}
      <button type="button" class="load" aria-label=${words.loadOf(row.title, row.size)} @click=${() => this.tell('model-chosen', { source: row.source })}>${words.load}</button>
    </li>`;
  }

  async #remove(/** @type {Row} */ { key, title, stored }) {
    await this.page.store.remove(/** @type {Stored} */ (stored));
    this.page.statuses.explain.say(() => t().sources.zoo.removed(title));
    await this.updateComplete;
    // The button is gone, and where only the store knew of the network, its row.
    (this.find(`[data-key="${CSS.escape(key)}"] .load`) ?? this.find('ul')).focus();
  }

  async #clear() {
    await this.page.store.clear();
    this.page.statuses.explain.say(() => t().sources.zoo.cleared);
    await this.updateComplete;
    this.find('ul').focus();
  }
}

/** How a question names a network that is kept. @returns {ModelSource} */
function sourceOfKey(/** @type {string} */ key) {
  return { kind: 'repository', name: key.replace(/\/model\.safetensors$/, '/'), revision: null, host: null };
}

customElements.define('cl-zoo', Zoo);
