// The camera, in a dialog: shows what it sees, and takes a picture of it.
import { t } from '../i18n/index.js';
import './camera-choice.js';
import { CameraStream } from './camera-stream.js';
import { Element, html, nothing } from './element.js';
import sheet from './take-picture.css';

/** @import { Signal } from '@preact/signals-core' */

const SHARP = 0.95; // quality of the JPEG

/** `show()` opens it. Fires `picture-taken` with `{ file }`. The camera is on only while the dialog is open and the page is seen. */
export class TakePicture extends Element {
  static sheet = sheet;
  static properties = { seen: { attribute: false }, open: { state: true }, ready: { state: true } };
  #camera = new CameraStream();

  constructor() {
    super();
    /** Whether the page is seen. @type {Signal<boolean>} */
    this.seen = /** @type {any} */ (null);
    this.open = false;
    this.ready = false;
  }

  render() {
    const words = t().sources.camera;
    const { trouble } = this.#camera;
    void [this.#camera.stream.value, this.seen.value]; // `updated` follows both
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
          <video autoplay playsinline muted aria-label=${words.preview} 
            @loadeddata=${() => (this.ready = true)} @emptied=${() => (this.ready = false)}></video>
          <p class="hint">${this.ready ? words.stays : words.starting}</p>`
        }
        <cl-camera-choice .camera=${this.#camera}></cl-camera-choice>
        <div class="row">
          ${
            trouble.value
              ? html`<button type="button" class="start" @click=${() => this.#camera.start()}>${words.start}</button>`
              : html`<button type="button" class="primary shoot" ?disabled=${!this.ready} @click=${this.#shoot}>${words.take}</button>`
          }
          <button type="button" class="cancel" @click=${() => this.#dialog.close()}>${words.cancel}</button>
        </div>`
          : nothing
      }
    </dialog>`;
  }

  updated() {
    this.#camera.see(this.seen.peek());
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
    this.ready = false;
    this.#camera.start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#camera.stop();
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
