// A camera that is on or off: asks the browser for it, and tells why there is none.
import { signal } from '@preact/signals-core';

/** @typedef {'refused' | 'none' | 'busy' | 'unavailable'} Trouble */

/** Why there is no picture from a camera, by the names of the browser's errors. */
const WHY = /** @type {Record<string, Trouble | undefined>} */ ({
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'none',
  OverconstrainedError: 'none',
  NotReadableError: 'busy',
  AbortError: 'busy',
});

export class CameraStream {
  /** What it sees; null while it is off. @type {import('@preact/signals-core').Signal<MediaStream | null>} */
  stream = signal(null);
  /** Why it is off, where that was not asked for. @type {import('@preact/signals-core').Signal<Trouble | null>} */
  trouble = signal(null);
  /** How many there are to switch between. */
  cameras = signal(0);
  /** Whether it looks at who holds the device, as far as the browser tells. */
  facesUser = signal(true);
  #front = false;
  /** The number of the start that counts: a stream of another one is not wanted any longer. */
  #newest = 0;

  async start() {
    this.stop();
    this.trouble.value = null;
    const start = this.#newest;
    const facingMode = this.#front ? 'user' : 'environment';
    try {
      // Browsers offer no cameras on a page that is not served securely.
      if (!navigator.mediaDevices) throw Object.assign(new Error(), { name: 'unavailable' });
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode, width: { ideal: 1280 } }, audio: false });
      if (start !== this.#newest) return end(stream);
      const [track] = stream.getVideoTracks();
      track.addEventListener('ended', () => this.stream.peek() === stream && this.#fail('busy'));
      this.facesUser.value = track.getSettings?.().facingMode !== 'environment';
      this.stream.value = stream;
      const devices = await navigator.mediaDevices.enumerateDevices();
      this.cameras.value = devices.filter(({ kind }) => kind === 'videoinput').length;
    } catch (/** @type {any} */ error) {
      if (start === this.#newest) this.#fail(WHY[error.name] ?? 'unavailable');
    }
  }

  stop() {
    this.#newest++;
    if (this.stream.peek()) end(/** @type {MediaStream} */ (this.stream.peek()));
    this.stream.value = null;
  }

  /** Goes to the other one of a device that has two. */
  turn() {
    this.#front = !this.#front;
    return this.start();
  }

  /** Shows what it sees in a video, which begins anew only with another stream. To be called whenever the video may have come. */
  showIn(/** @type {HTMLVideoElement | null} */ video) {
    const stream = this.stream.peek();
    if (video && video.srcObject !== stream) video.srcObject = stream;
  }

  #fail(/** @type {Trouble} */ trouble) {
    this.stop();
    this.trouble.value = trouble;
  }
}

function end(/** @type {MediaStream} */ stream) {
  for (const track of stream.getTracks()) track.stop();
}
