// The networks that are kept in this browser: their files, and a record of each network that is whole. Nothing is believed
// unread: each file is compared with the digest that it had when it was put here.
import { sha256 } from './digest.js';

const RECORDS = 'cam-lucida-models';
const FILES = 'cam-lucida-files';
const DIGEST = 'x-cam-lucida-sha256';

/**
 * A record is `{ key, title, bytes, urls, source }`; its key is a URL. Fires `change` when `keep` has changed them. Where the
 * browser keeps nothing, everything here does nothing; `onRefused()` is called when something could not be kept, once.
 */
export class Store extends EventTarget {
  #onRefused;

  constructor({ onRefused }) {
    super();
    this.#onRefused = onRefused;
  }

  async records() {
    return this.#attempt([], async () => {
      const cache = await caches.open(RECORDS);
      return Promise.all((await cache.keys()).map(async (request) => (await cache.match(request)).json()));
    });
  }

  /** The file kept for `url`, or null; one that is not what it was, or what is `expected` now, is dropped. */
  async read({ url, expected = {} }) {
    return this.#attempt(null, async () => {
      const cache = await caches.open(FILES);
      const response = await cache.match(url);
      if (!response) return null;
      const [blob, kept] = [await response.blob(), response.headers.get(DIGEST)];
      const wanted = expected.sha256?.toLowerCase() ?? kept;
      const whole = !expected.exact || blob.size === expected.bytes;
      if (whole && kept === wanted && (await sha256(blob)) === kept) return blob;
      await cache.delete(url);
      return null;
    });
  }

  /** Keeps files, of `{ url, blob, sha256 }`, and a record of what they make up; all or nothing. Tells whether it did. */
  async keep(record, files) {
    const kept = await this.#attempt(false, async () => {
      const [cache, records] = [await caches.open(FILES), await caches.open(RECORDS)];
      try {
        for (const { url, blob, sha256: digest } of files) {
          await cache.put(url, new Response(blob, { headers: { [DIGEST]: digest } }));
        }
        await records.put(record.key, Response.json(record));
      } catch (error) {
        await Promise.all([records.delete(record.key), ...files.map(({ url }) => cache.delete(url))]);
        throw error;
      }
      return true;
    });
    if (!kept) {
      this.#onRefused?.();
      this.#onRefused = null;
    }
    this.dispatchEvent(new Event('change'));
    return kept;
  }

  /** Files that other networks have in common with it stay. */
  async remove(record) {
    await this.#attempt(null, async () => {
      await (await caches.open(RECORDS)).delete(record.key);
      const others = new Set((await this.records()).flatMap(({ urls }) => urls));
      const cache = await caches.open(FILES);
      await Promise.all(record.urls.filter((url) => !others.has(url)).map((url) => cache.delete(url)));
    });
  }

  async clear() {
    await this.#attempt(null, () => Promise.all([caches.delete(RECORDS), caches.delete(FILES)]));
  }

  /** Browsers have neither cache nor digests on a page that is not served securely, and may refuse either elsewhere. */
  async #attempt(otherwise, work) {
    try {
      return globalThis.caches && crypto.subtle ? await work() : otherwise;
    } catch {
      return otherwise;
    }
  }
}
