// The camera, in a dialog: shows what it sees, and takes a picture of it.
import { t } from '../i18n/index.js';
import { CameraStream } from './camera-stream.js';
import { Element, html, nothing } from './element.js';
import sheet from './take-picture.css';

const SHARP = 0.95; // quality of the JPEG

/** `show()` opens it. Fires `picture-taken` with `{ file }`. The camera is on only while the dialog is open. */
export class TakePicture extends Element {
  static sheet = sheet;
  static properties = { open: { state: true }, ready: { state: true } };
  #camera = new CameraStream();

  constructor() {
    super();
    this.open = false;
    this.ready = false;
  }

  render() {
    const words = t().sources.camera;
    const { trouble, cameras } = this.#camera;
    void this.#camera.stream.value; // `updated` shows it
    return html`<dialog aria-labelledby="heading" @close=${this.#closed}>
      ${
        this.open
          ? html`
        <h2 id="heading">${words.title}</h2>
        ${
          trouble.value
            ? html`<p role="alert" class="problem">${words.trouble[trouble.value]}</p>
          <label class="file button primary">
            <input type="file" accept="image/*" capture="environment" @change=${this.#pick}>
            <span>${words.chooseFile}</span>
          </label>`
            : html`
          <video autoplay playsinline muted aria-label=${words.preview} @loadeddata=${() => (this.ready = true)}></video>
          <p class="hint">${this.ready ? words.stays : words.starting}</p>`
        }
        <div class="row">
          ${trouble.value ? nothing : html`<button type="button" class="primary shoot" ?disabled=${!this.ready} @click=${this.#shoot}>${words.take}</button>`}
          ${cameras.value > 1 && !trouble.value ? html`<button type="button" @click=${this.#turn}>${words.turn}</button>` : nothing}
          <button type="button" class="cancel" @click=${() => this.#dialog.close()}>${words.cancel}</button>
        </div>`
          : nothing
      }
    </dialog>`;
  }

  updated() {
    this.#camera.showIn(this.find('video'));
  }

  /** @returns {HTMLDialogElement} */
  get #dialog() {
    return this.find('dialog');
  }

  async show() {
    this.open = true;
    await this.updateComplete;
    this.#dialog.showModal();
    this.#start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#camera.stop();
  }

  #start() {
    this.ready = false;
    return this.#camera.start();
  }

  #turn() {
    this.ready = false;
    return this.#camera.turn();
  }

  async #shoot() {
    const video = /** @type {HTMLVideoElement} */ (this.find('video'));
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d')).drawImage(video, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: SHARP });
    this.#give(new File([blob], t().sources.camera.file, { type: blob.type }));
  }

  #pick(/** @type {any} */ { target }) {
    if (target.files[0]) this.#give(target.files[0]);
  }

  #give(/** @type {File} */ file) {
    this.#dialog.close();
    this.tell('picture-taken', { file });
  }

  #closed() {
    this.open = false;
    this.#camera.stop();
  }
}

customElements.define('cl-take-picture', TakePicture);
