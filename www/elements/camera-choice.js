// Which of a device's cameras is in use, as a list. Nothing where there is no choice.
import { t } from '../i18n/index.js';
import { Element, html, live, nothing } from './element.js';

/** @import { CameraStream } from './camera-stream.js' */

export class CameraChoice extends Element {
  static properties = { camera: { attribute: false } };

  constructor() {
    super();
    /** @type {CameraStream} */
    this.camera = /** @type {any} */ (null);
  }

  render() {
    const { cameras, used } = this.camera;
    const { which, nameless } = t().sources.camera;
    if (cameras.value.length < 2) return nothing;
    return html`<div class="field"><label for="camera">${which}</label>
      <select id="camera" autocomplete="off" @change=${(/** @type {any} */ { target }) => this.camera.choose(target.value)}>
        ${cameras.value.map(
          ({ deviceId, label }, i) =>
            html`<option value=${deviceId} .selected=${live(deviceId === used.value)}>${label || nameless(i + 1)}</option>`,
        )}
      </select></div>`;
  }
}

customElements.define('cl-camera-choice', CameraChoice);
