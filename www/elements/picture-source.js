// Where the picture is from: a file, the camera, an address, or a sample.
import { f, t } from '../i18n/index.js';
import { acceptOf, formatNames } from '../sources/formats.js';
import { takeFiles } from '../sources/give.js';
import { ownFiles } from '../sources/own.js';
import { resolvePicture } from '../sources/picture.js';
import { samples, suitedFirst } from '../sources/samples.js';
import { hashOf } from '../state/address.js';
import { COMPARE } from '../state/compare.js';
import { readAddress } from '../weights/source.js';
import './take-picture.js';
import { Element, html, nothing, repeat } from './element.js';
import sheet from './picture-source.css';

/**
 * @import { Page } from '../main.js'
 * @import { SourcedPicture } from '../sources/picture.js'
 * @import { Sample } from '../sources/samples.js'
 * @import { PictureSource as Source } from '../state/question.js'
 */

/**
 * Fires `picture-chosen` with `{ source }`, and `files-given` with what came with a picture. `picture` is the one in use, or
 * null; `source` is the one asked for. What fails is told in the view that is open.
 */
export class PictureSource extends Element {
  static sheet = sheet;
  static properties = {
    page: { attribute: false },
    picture: { attribute: false },
    source: { attribute: false },
    lone: { type: Boolean },
    network: { attribute: false },
    asksAddress: { state: true },
    all: { state: true },
    embedded: { state: true },
  };

  constructor() {
    super();
    /** @type {Page} */
    this.page = /** @type {any} */ (null);
    /** @type {SourcedPicture | null} */
    this.picture = null;
    /** @type {Source | null} */
    this.source = null;
    /** Whether it offers no samples. */
    this.lone = false;
    /** The network that is asked; undefined: that of Explain. @type {import('../state/question.js').ModelSource | null | undefined} */
    this.network = undefined;
    this.asksAddress = false;
    /** @type {Sample[] | null} */
    this.all = [];
    /** @type {import('../weights/embedded.js').EmbeddedModels | null} */
    this.embedded = null;
  }

  async firstUpdated() {
    if (!this.lone) this.#loadSamples();
    this.embedded = await this.page.embedded.catch(() => null);
  }

  /** The view that is open. */
  get #view() {
    return /** @type {import('../sources/give.js').Taker} */ (this.page.view.peek());
  }

  get #status() {
    return this.page.statuses[this.#view];
  }

  render() {
    const words = t().sources;
    const own = ownFiles(this.page);
    const about = this.page.engine.about.value;
    return html`
      <div class="ways">
        <label class="file button primary">
          <input type="file" accept=${acceptOf(about)} multiple aria-describedby="hint" @change=${this.#pick}>
          <span>${words.choosePicture}</span>
        </label>
        <button type="button" class="take" @click=${() => this.find('cl-take-picture').show()}>${words.camera.open}</button>
        <button type="button" class="ask" aria-expanded=${this.asksAddress} aria-controls="address" @click=${this.#toggleAddress}>${words.address.open}</button>
      </div>
      <form id="address" ?hidden=${!this.asksAddress} autocomplete="off" novalidate @submit=${this.#fetch}>
        <div class="field">
          <label for="url">${words.address.label}</label>
          <input id="url" type="url" inputmode="url" spellcheck="false" placeholder=${words.address.example} aria-describedby="url-hint">
        </div>
        <button>${words.address.fetch}</button>
        <p id="url-hint" class="hint">${words.address.hint}</p>
      </form>
      <p id="hint" class="hint">${[...(about ? [words.formats(formatNames(about))] : []), words.pictureHint].join(words.gap)}</p>
      ${this.picture?.width ? html`<p class="open hint">${words.pictureOpen(this.#title(this.picture), f().number(this.picture.width), f().number(this.picture.height ?? 0))}</p>` : nothing}
      ${own.pictures.value.length ? this.#own(own) : nothing}
      ${this.all?.length ? this.#samples(suitedFirst(this.all, this.#data)) : nothing}
      ${this.all === null ? html`<p class="hint">${words.noSamples} <button type="button" class="quiet" @click=${this.#loadSamples}>${words.again}</button></p>` : nothing}
      <cl-take-picture .seen=${this.page.seen} @picture-taken=${this.#take}></cl-take-picture>`;
  }

  #own(/** @type {import('../sources/own.js').OwnFiles} */ own) {
    const words = t().sources;
    const together = own.together.value;
    return html`<section class="own">
      <div class="head">
        <h3 id="own-heading">${words.ownPictures}</h3>
        <button type="button" class="quiet forget" aria-describedby="own-hint" @click=${this.#forget}>${words.forget}</button>
      </div>
      ${together > 1 ? html`<p class="several">${words.together(together)} <a href=${hashOf('compare', this.#compared(own, together))}>${words.compare}</a></p>` : nothing}
      <div class="thumbnails" role="group" aria-labelledby="own-heading">
        ${repeat(
          own.pictures.value,
          ({ name }) => name,
          (file) => this.#thumbnail({ kind: 'own', name: file.name }, file.name, own.urlOf(file), () => this.#doubt(file)),
        )}
      </div>
      <p id="own-hint" class="hint">${words.ownPicturesKept}</p>
    </section>`;
  }

  /** Those that came together, as the rows of a grid. @returns {import('../state/compare.js').Compare} */
  #compared(/** @type {import('../sources/own.js').OwnFiles} */ own, /** @type {number} */ together) {
    const pictures = own.pictures.value.slice(0, together).map(({ name }) => ({ kind: /** @type {const} */ ('own'), name }));
    return { ...COMPARE, rows: 'picture', columns: 'network', pictures };
  }

  #samples(/** @type {Sample[]} */ all) {
    const words = t().sources;
    const kinds = [...new Set(all.map(({ data }) => data))];
    return html`<section class="samples">
      <h3>${words.samples}</h3>
      ${kinds.map(
        (data) => html`<div class="thumbnails" role="group" aria-label=${words.sampleKinds[data]}>
        ${repeat(
          all.filter((one) => one.data === data),
          ({ name }) => name,
          ({ name, label, thumbnail }) => this.#thumbnail({ kind: 'sample', name }, label(), thumbnail),
        )}
      </div>`,
      )}
    </section>`;
  }

  #thumbnail(
    /** @type {Source & { name: string }} */ source,
    /** @type {string} */ label,
    /** @type {string} */ url,
    /** @type {() => void} */ onError = () => {},
  ) {
    const used = this.source ?? this.picture?.source;
    const current = used?.kind === source.kind && 'name' in used && used.name === source.name;
    return html`<button type="button" aria-pressed=${current} title=${label} @click=${() => this.tell('picture-chosen', { source })}>
      <img src=${url} alt=${label} loading="lazy" decoding="async" @error=${onError}>
    </button>`;
  }

  /** Asks the engine about a file that the browser cannot show: what it cannot open either goes, and is told. */
  #doubt(/** @type {File} */ file) {
    const { page } = this;
    if (!ownFiles(page).pictures.peek().includes(file)) return;
    this.#status.attempt(() => resolvePicture(page, { kind: 'own', name: file.name }, new AbortController().signal));
  }

  #title({ source, file } = /** @type {SourcedPicture} */ (this.picture)) {
    const sample = source?.kind === 'sample' ? this.all?.find(({ name }) => name === source.name) : null;
    return sample ? sample.label() : file.name;
  }

  async #loadSamples() {
    this.all = [];
    this.all = await samples().catch(() => null);
  }

  /** What the network that is asked was trained on, where it comes with the page. */
  get #data() {
    const model = this.network === undefined ? this.page.states.explain.value.model : this.network;
    if (!model) return this.embedded?.default?.data;
    return model.kind === 'embedded' ? this.embedded?.named(model.name)?.data : undefined;
  }

  #pick(/** @type {any} */ { target }) {
    const files = [...target.files];
    target.value = ''; // so that the same file can be chosen again
    if (files.length) this.#give(files);
  }

  #take(/** @type {CustomEvent<{ file: File }>} */ { detail: { file } }) {
    this.#give([file]);
  }

  #give(/** @type {File[]} */ files) {
    const own = ownFiles(this.page);
    takeFiles(
      this.page,
      () => own.take(files),
      ({ pictures, model }) => {
        if (model) this.tell('files-given', { pictures, model });
        else this.tell('picture-chosen', { source: pictures[0] });
      },
      this.#view,
    );
  }

  async #toggleAddress() {
    this.asksAddress = !this.asksAddress;
    await this.updateComplete;
    if (this.asksAddress) this.find('#url').focus();
  }

  #fetch(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    const status = this.#status;
    status.clear();
    status.attempt(() => {
      const written = this.find('#url').value.trim();
      this.tell('picture-chosen', { source: { kind: 'address', url: readAddress(written).href } });
    });
  }

  async #forget() {
    const used = this.picture?.source;
    await ownFiles(this.page).forget(used?.kind === 'own' ? used.name : null);
    this.#status.say(() => t().sources.forgotten);
  }
}

customElements.define('cl-picture-source', PictureSource);
