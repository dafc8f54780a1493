// A camera that is on or off: asks the browser for it, and tells why there is none.
import { signal } from '@preact/signals-core';

/** @typedef {'refused' | 'none' | 'gone' | 'busy' | 'ended' | 'unavailable'} Trouble */

/** Why there is no picture from a camera, by the names of the browser's errors. */
const WHY = /** @type {Record<string, Trouble | undefined>} */ ({
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'none',
  OverconstrainedError: 'gone',
  NotReadableError: 'busy',
  AbortError: 'busy',
});

export class CameraStream {
  /** What it sees; null while it is off. @type {import('@preact/signals-core').Signal<MediaStream | null>} */
  stream = signal(null);
  /** Whether it is on, even while it pauses because nobody sees the page, or while another camera is still to come. */
  on = signal(false);
  /** Why it is off, where that was not asked for. @type {import('@preact/signals-core').Signal<Trouble | null>} */
  trouble = signal(null);
  /** Those that the device has, as far as it has told. @type {import('@preact/signals-core').Signal<MediaDeviceInfo[]>} */
  cameras = signal([]);
  /** Which of them is in use, by its `deviceId`; null: it does not say. @type {import('@preact/signals-core').Signal<string | null>} */
  used = signal(null);
  /** Whether it looks at who holds the device, as far as the browser tells. */
  facesUser = signal(true);
  /** The one that was chosen, by its `deviceId`; null: one that looks away from who holds the device. @type {string | null} */
  #chosen = null;
  /** Whether it is to be on as long as the page is seen. */
  #wanted = false;
  #seen = true;
  /** The number of the start that counts: a stream of another one is not wanted any longer. */
  #newest = 0;

  async start() {
    this.#release();
    this.trouble.value = null;
    this.#wanted = true;
    if (!this.#seen) return;
    const start = this.#newest;
    try {
      // Browsers offer no cameras on a page that is not served securely.
      if (!navigator.mediaDevices) throw Object.assign(new Error(), { name: 'unavailable' });
      const which = this.#chosen === null ? { facingMode: 'environment' } : { deviceId: { exact: this.#chosen } };
      const stream = await navigator.mediaDevices.getUserMedia({ video: { ...which, width: { ideal: 1280 } }, audio: false });
      if (start !== this.#newest) return end(stream);
      const [track] = stream.getVideoTracks();
      track.addEventListener('ended', () => this.stream.peek() === stream && this.#fail('ended'));
      const { deviceId = null, facingMode } = track.getSettings?.() ?? {};
      this.used.value = deviceId;
      this.facesUser.value = facingMode !== 'environment';
      this.on.value = true;
      this.stream.value = stream;
    } catch (/** @type {any} */ error) {
      if (start === this.#newest) this.#fail(WHY[error.name] ?? 'unavailable');
    }
    if (this.#wanted) navigator.mediaDevices?.addEventListener('devicechange', this.#list);
    await this.#list();
  }

  /** Before the person has agreed, a browser tells cameras without an id: none of them can be asked for. */
  #list = async () => {
    const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => null);
    if (devices) this.cameras.value = devices.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId);
  };

  stop() {
    this.#wanted = false;
    navigator.mediaDevices?.removeEventListener('devicechange', this.#list);
    this.#release();
    this.on.value = false;
  }

  /** Goes to another one of `cameras`. One that was turned off stays so. */
  async choose(/** @type {string} */ deviceId) {
    this.#chosen = deviceId;
    this.used.value = deviceId;
    if (this.#wanted || this.trouble.peek()) await this.start();
  }

  /** Whether the page is seen: as long as it is not, the camera is let go of. */
  see(/** @type {boolean} */ seen) {
    const changed = seen !== this.#seen;
    this.#seen = seen;
    if (!changed || !this.#wanted) return;
    if (seen) this.start();
    else this.#release();
  }

  /** Shows what it sees in a video, which begins anew only with another stream. To be called whenever the video may have come. */
  showIn(/** @type {HTMLVideoElement | null} */ video) {
    const stream = this.stream.peek();
    if (video && video.srcObject !== stream) video.srcObject = stream;
  }

  #release() {
    this.#newest++;
    if (this.stream.peek()) end(/** @type {MediaStream} */ (this.stream.peek()));
    this.stream.value = null;
  }

  #fail(/** @type {Trouble} */ trouble) {
    this.stop();
    this.trouble.value = trouble;
    if (trouble === 'gone') this.#chosen = null;
  }
}

function end(/** @type {MediaStream} */ stream) {
  for (const track of stream.getTracks()) track.stop();
}
