// Which network is asked, as a list: those that come with the page, and published ones that a visitor need not wait long for.
import { f, t } from '../../i18n/index.js';
import { modelTitle } from '../../i18n/tables.js';
import { Element, html, live, nothing } from '../element.js';

/**
 * @import { EmbeddedModels } from '../../weights/embedded.js'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { ModelSource } from '../../state/question.js'
 *
 * @typedef {{ source: ModelSource, title: string }} Option
 */

const MOST = 64 * 2 ** 20; // bytes of a published network

/** Fires `model-chosen` with `{ source }`. Another network that a link asks for is in the list, too. */
export class Networks extends Element {
  static properties = {
    page: { attribute: false },
    source: { attribute: false },
    model: { attribute: false },
    label: {},
    embedded: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** @type {ModelSource | null} the one that is asked for; null: the default */
    this.source = null;
    /** @type {SourcedModel | null} the one in use */
    this.model = null;
    this.label = '';
    /** @type {EmbeddedModels | null} */
    this.embedded = null;
  }

  async firstUpdated() {
    this.embedded = await this.page.embedded.catch(() => null);
  }

  render() {
    const { knows } = t().sources.embedded;
    const { models = [], zoo = [], default: standard } = this.embedded ?? {};
    const used = this.source ?? this.model?.source ?? (standard ? { kind: 'embedded', name: standard.name } : null);
    const kinds = [...new Set(models.map(({ data }) => data))];
    const groups = kinds.map((data) => {
      const entries = models.filter((entry) => entry.data === data);
      return { title: knows[data]?.(entries[0].classes) ?? data, options: entries.map((entry) => optionOf('embedded', entry)) };
    });
    const published = zoo.filter(({ bytes }) => bytes <= MOST).map((entry) => optionOf('zoo', entry));
    if (published.length) groups.push({ title: t().sources.zoo.label, options: published });
    const known = groups.some(({ options }) => options.some(({ source }) => same(source, used)));
    return html`<div class="field"><label for="network">${this.label}</label>
      <select id="network" autocomplete="off" @change=${this.#choose}>
        ${used && !known ? this.#option({ source: used, title: used.name }, used) : nothing}
        ${groups.map(({ title, options }) => html`<optgroup label=${title}>${options.map((one) => this.#option(one, used))}</optgroup>`)}
      </select></div>`;
  }

  #option(/** @type {Option} */ { source, title }, /** @type {any} */ used) {
    return html`<option value=${JSON.stringify(source)} .selected=${live(same(source, used))}>${title}</option>`;
  }

  #choose(/** @type {any} */ { target: { value } }) {
    this.tell('model-chosen', { source: JSON.parse(value) });
  }
}

/** @returns {Option} */
const optionOf = (/** @type {'embedded' | 'zoo'} */ kind, /** @type {{ name: string, title: string, bytes: number }} */ entry) => ({
  source: { kind, name: entry.name },
  title: `${modelTitle(entry)} (${f().bytes(entry.bytes)})`,
});

const same = (/** @type {any} */ one, /** @type {any} */ other) => one?.kind === other?.kind && one?.name === other?.name;

customElements.define('cl-networks', Networks);
