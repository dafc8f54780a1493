// Files in a .zip, written one after another, so that only what is packed stays in memory. By fflate: small, without
// dependencies, and it writes piece by piece.
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

const PACKED = /\.png$/; // is packed already

export class Archive {
  /** @type {BlobPart[]} */
  #parts = [];
  /** @type {Promise<void>} */
  #written;
  #zip;

  constructor() {
    /** @type {(error?: unknown) => void} */
    let settle;
    this.#written = new Promise((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve())));
    this.#zip = new Zip((error, chunk, final) => {
      if (error) return settle(error);
      this.#parts.push(new Blob([/** @type {any} */ (chunk)])); // which the browser may keep outside of its memory
      if (final) settle();
    });
  }

  /** @param {string} name with slashes between folders @param {Uint8Array} bytes */
  add(name, bytes) {
    const file = PACKED.test(name) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    this.#zip.add(file);
    file.push(bytes, true);
  }

  async blob() {
    this.#zip.end();
    await this.#written;
    return new Blob(this.#parts, { type: 'application/zip' });
  }
}
