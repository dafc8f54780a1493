// The camera, in a dialog: shows what it sees, and takes a picture of it.
import { t } from '../i18n/index.js';
import { Element, html, nothing } from './element.js';
import sheet from './camera.css';

/** Why there is no picture from a camera, by the names of the browser's errors. */
const WHY = /** @type {Record<string, 'refused' | 'none' | 'busy' | undefined>} */ ({
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
});
const SHARP = 0.95; // quality of the JPEG

/** `show()` opens it. Fires `picture-taken` with `{ file }`. The camera is on only while the dialog is open. */
export class Camera extends Element {
  static sheet = sheet;
  static properties = { open: { state: true }, ready: { state: true }, trouble: { state: true }, cameras: { state: true } };
  /** @type {MediaStream | null} */
  #stream = null;
  #front = false;
  /** The number of the start that counts: a stream of another one is not wanted any longer. */
  #newest = 0;

  constructor() {
    super();
    this.open = false;
    this.ready = false;
    /** @type {'refused' | 'none' | 'busy' | 'unavailable' | null} */
    this.trouble = null;
    this.cameras = 0;
  }

  render() {
    const words = t().sources.camera;
    return html`<dialog aria-labelledby="heading" @close=${this.#closed}>
      ${
        this.open
          ? html`
        <h2 id="heading">${words.title}</h2>
        ${
          this.trouble
            ? html`<p role="alert" class="problem">${words.trouble[this.trouble]}</p>
          <label class="file button primary">
            <input type="file" accept="image/*" capture="environment" @change=${this.#pick}>
            <span>${words.chooseFile}</span>
          </label>`
            : html`
          <video autoplay playsinline muted aria-label=${words.preview} @loadeddata=${() => (this.ready = true)}></video>
          <p class="hint">${this.ready ? words.stays : words.starting}</p>`
        }
        <div class="row">
          ${this.trouble ? nothing : html`<button type="button" class="primary shoot" ?disabled=${!this.ready} @click=${this.#shoot}>${words.take}</button>`}
          ${this.cameras > 1 && !this.trouble ? html`<button type="button" @click=${this.#turn}>${words.turn}</button>` : nothing}
          <button type="button" class="cancel" @click=${() => this.#dialog.close()}>${words.cancel}</button>
        </div>`
          : nothing
      }
    </dialog>`;
  }

  /** @returns {HTMLDialogElement} */
  get #dialog() {
    return this.find('dialog');
  }

  async show() {
    this.open = true;
    this.trouble = null;
    await this.updateComplete;
    this.#dialog.showModal();
    await this.#start();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  async #start() {
    this.#stop();
    const start = this.#newest;
    const asked = this.#front ? 'user' : 'environment';
    try {
      // Browsers offer no cameras on a page that is not served securely.
      if (!navigator.mediaDevices) throw Object.assign(new Error(), { name: 'unavailable' });
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: asked, width: { ideal: 1280 } }, audio: false });
      if (start !== this.#newest) return stop(stream);
      this.#stream = stream;
      const devices = await navigator.mediaDevices.enumerateDevices();
      this.cameras = devices.filter(({ kind }) => kind === 'videoinput').length;
      await this.updateComplete;
      const video = this.find('video');
      if (video && this.#stream === stream) video.srcObject = stream;
    } catch (/** @type {any} */ error) {
      if (start !== this.#newest) return;
      this.#stop();
      this.trouble = WHY[error.name] ?? 'unavailable';
    }
  }

  #stop() {
    this.#newest++;
    if (this.#stream) stop(this.#stream);
    this.#stream = null;
    this.ready = false;
  }

  #turn() {
    this.#front = !this.#front;
    this.#start();
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
    this.#stop();
  }
}

function stop(/** @type {MediaStream} */ stream) {
  for (const track of stream.getTracks()) track.stop();
}

customElements.define('cl-camera', Camera);
