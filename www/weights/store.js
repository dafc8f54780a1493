// The networks that are kept in this browser: their files, and a record of each network that is whole. Nothing is believed
// unread: each file is compared with the digest that it had when it was put here.
import { signal } from '@preact/signals-core';
import { sha256 } from './digest.js';

/**
 * @import { RemoteFile } from './download.js'
 * @import { Source } from './source.js'
 *
 * @typedef {{ key: string, title: string, bytes: number, urls: string[], source: Source }} Stored the key is a URL
 * @typedef {{ url: string, blob: Blob, sha256: string | null }} StoredFile
 */

const RECORDS = 'cam-lucida-models';
const FILES = 'cam-lucida-files';
const DIGEST = 'x-cam-lucida-sha256';

/** Where the browser keeps nothing, everything here does nothing. */
export class Store {
  /** Of the networks that are kept. */
  records = signal(/** @type {Stored[]} */ ([]));
  #onRefused;

  /** @param {{ onRefused?: () => void }} options called when something could not be kept, once */
  constructor({ onRefused = () => {} } = {}) {
    this.#onRefused = onRefused;
    this.refresh();
  }

  /** Reads the records again: other tabs change them, too. */
  async refresh() {
    /** @type {Stored[]} */
    const records = await attempt([], async () => {
      const cache = await caches.open(RECORDS);
      const responses = await Promise.all((await cache.keys()).map((request) => cache.match(request)));
      return Promise.all(responses.flatMap((response) => response?.json() ?? []));
    });
    if (JSON.stringify(records) !== JSON.stringify(this.records.peek())) this.records.value = records;
    return records;
  }

  /**
   * The file kept for `url`, or null; one that is not what it was, or what is `expected` now, is dropped.
   * @param {RemoteFile} file
   */
  async read({ url, expected = {} }) {
    return attempt(null, async () => {
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

  /**
   * Keeps files and a record of what they make up; all or nothing. Tells whether it did.
   * @param {Stored} record
   * @param {StoredFile[]} files
   */
  async keep(record, files) {
    const kept = await attempt(false, async () => {
      const [cache, records] = [await caches.open(FILES), await caches.open(RECORDS)];
      try {
        for (const { url, blob, sha256: digest } of files) {
          await cache.put(url, new Response(blob, { headers: { [DIGEST]: digest ?? '' } }));
        }
        await records.put(record.key, Response.json(record));
      } catch (error) {
        await Promise.all([records.delete(record.key), ...files.map(({ url }) => cache.delete(url))]);
        throw error;
      }
      return true;
    });
    if (!kept) {
      this.#onRefused();
      this.#onRefused = () => {};
    }
    await this.refresh();
    return kept;
  }

  /** Files that other networks have in common with it stay. */
  async remove(/** @type {Stored} */ record) {
    await attempt(null, async () => {
      await (await caches.open(RECORDS)).delete(record.key);
      const others = new Set((await this.refresh()).flatMap(({ urls }) => urls));
      const cache = await caches.open(FILES);
      await Promise.all(record.urls.filter((url) => !others.has(url)).map((url) => cache.delete(url)));
    });
    await this.refresh();
  }

  async clear() {
    await attempt(null, () => Promise.all([caches.delete(RECORDS), caches.delete(FILES)]));
    await this.refresh();
  }
}

/**
 * Browsers have neither cache nor digests on a page that is not served securely, and may refuse either elsewhere.
 * @template T
 * @param {T} otherwise
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function attempt(otherwise, work) {
  try {
    return 'caches' in globalThis && globalThis.caches && crypto.subtle ? await work() : otherwise;
  } catch {
    return otherwise;
  }
}
