// A network from any repository in the Hugging Face layout, or from any folder or file on the web.
import { t } from '../i18n/index.js';
import { HUB, sourceOf } from '../weights/source.js';
import { Element, html } from './element.js';
import sheet from './repository.css';

const EXAMPLE = 'timm/resnet18.a1_in1k';
const MAIN = 'main';

/** Fires `model-chosen` with `{ source }`. */
export class Repository extends Element {
  static sheet = sheet;
  static properties = { page: { attribute: false } };

  constructor() {
    super();
    /** @type {import('../main.js').Page} */
    this.page = /** @type {any} */ (null);
  }

  render() {
    const words = t().sources.repository;
    return html`<form autocomplete="off" @submit=${this.#submit}>
      <div class="field">
        <label for="name">${words.name}</label>
        <input id="name" type="text" placeholder=${EXAMPLE} spellcheck="false" autocapitalize="none" aria-describedby="hint">
      </div>
      <p id="hint" class="hint">${words.hint}</p>
      <details>
        <summary>${words.advanced}</summary>
        <div class="field"><label for="revision">${words.revision}</label>
          <input id="revision" type="text" placeholder=${MAIN} spellcheck="false" autocapitalize="none"></div>
        <div class="field"><label for="host">${words.host}</label>
          <input id="host" type="text" inputmode="url" placeholder=${HUB} value=${this.page.hub ?? ''} spellcheck="false" autocapitalize="none"></div>
      </details>
      <button>${words.fetch}</button>
    </form>`;
  }

  #submit(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    const [name, revision, host] = ['name', 'revision', 'host'].map((id) => this.find(`#${id}`).value.trim());
    const status = this.page.statuses.explain;
    status.clear();
    status.attempt(() => {
      sourceOf(name, { revision, hub: host }); // refuses what names nothing
      const elsewhere = host && host !== this.page.hub ? host : null;
      this.tell('model-chosen', { source: { kind: 'repository', name, revision: revision || null, host: elsewhere } });
    });
  }
}

customElements.define('cl-repository', Repository);
