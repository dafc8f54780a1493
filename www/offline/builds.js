// The builds of the site that this browser keeps, one cache each. A page is answered from the build that it was started with,
// and from no other: that build's cache has a record of the page.
import { sha256 } from '../weights/digest.js';

const KEPT = 'cam-lucida-site-'; // the weights have caches of other names
const RECENT = 60_000; // milliseconds in which a page that starts may not be told to be there

/**
 * @typedef {object} Place
 * @property {string} scope the address of the site, which may be a folder of its origin; other folders may be other sites
 * @property {CacheStorage} caches
 * @property {(url: string, options: RequestInit) => Promise<Response>} fetch
 * @property {(client: string) => Promise<boolean>} isThere whether a page or worker is still open
 */

export class Builds {
  #place;
  #files;
  #name;
  #paths;
  #later;

  /**
   * `files`: the SHA-256 of each file of the build, by its path from the site's root; `later`: those that are kept only when
   * somebody needs them.
   * @param {{ build: string, files: Record<string, string>, later: string[] }} own
   * @param {Place} place
   */
  constructor({ build, files, later }, place) {
    this.#place = place;
    this.#files = files;
    this.#later = new Set(later);
    this.#name = `${KEPT}${build} ${place.scope}`;
    this.#paths = new Set(Object.keys(files).map((path) => path.split('/')[0]));
  }

  /** Whether a request may be for a file of a build. All others are left alone: they do not even pass through. */
  concern(/** @type {Pick<Request, 'method' | 'url' | 'headers'>} */ { method, url, headers }) {
    const path = this.#pathOf(url);
    return method === 'GET' && path !== null && this.#paths.has(path.split('/')[0]) && !headers.has('range');
  }

  /** Keeps the own build: every file of it as the list says, or nothing. What is for later comes where an earlier build has it. */
  async fill() {
    const { caches } = this.#place;
    const known = await caches.has(this.#name); // then pages may use it
    const needed = await Promise.all(Object.keys(this.#files).map((path) => !this.#later.has(path) || this.#isKept(path)));
    const cache = await caches.open(this.#name);
    const files = Object.keys(this.#files).filter((_, i) => needed[i]);
    const brought = await Promise.allSettled(files.map((path) => this.#bring(cache, path)));
    const failed = brought.find(({ status }) => status === 'rejected');
    if (!failed) return;
    if (!known) await caches.delete(this.#name);
    throw /** @type {PromiseRejectedResult} */ (failed).reason;
  }

  /** Keeps what is for later, too. */
  async keepLater() {
    const cache = await this.#place.caches.open(this.#name);
    for (const path of this.#later) await this.#bring(cache, path);
  }

  /** Starts a page with the own build; undefined where that has no such page, or the browser keeps no record. */
  async start(/** @type {string} */ url, /** @type {string} */ client) {
    const path = this.#pathOf(url);
    if (!client || !path || !Object.hasOwn(this.#files, path)) return undefined;
    const cache = await this.#place.caches.open(this.#name);
    const page = await match(cache, this.#urlOf(path));
    if (page) await this.#record(cache, client);
    return page;
  }

  /** A file for a page or worker, from the build that this was started with; undefined where there is none. `worker` is one that the file starts. */
  async answer(/** @type {string} */ url, /** @type {string} */ client, /** @type {string} */ worker = '') {
    const name = await this.#nameOf(client);
    if (!name) return undefined;
    const cache = await this.#place.caches.open(name);
    const path = this.#pathOf(url) ?? '';
    const file = (await match(cache, this.#urlOf(path))) ?? (this.#later.has(path) ? await this.#late(cache, path, name) : undefined);
    if (file && worker) await this.#record(cache, worker);
    return file;
  }

  /** Whether a page was started with another build. */
  async isOld(/** @type {string} */ client) {
    const name = await this.#nameOf(client);
    return name !== null && name !== this.#name;
  }

  /** Drops what is kept for pages that are closed. A newer build than the own may just be coming, and is left alone. */
  async tidy() {
    const { caches } = this.#place;
    const names = await this.#names(); // the oldest first
    for (const name of names.slice(0, names.indexOf(this.#name) + 1)) {
      const used = await this.#used(await caches.open(name));
      if (!used && name !== this.#name) await caches.delete(name);
    }
  }

  /** What was left for later, as soon as it is needed. A page of another build does without: the server has only the newest. */
  async #late(/** @type {Cache} */ cache, /** @type {string} */ path, /** @type {string} */ name) {
    try {
      if (name !== this.#name) return Response.error();
      await this.#bring(cache, path);
      return await match(cache, this.#urlOf(path));
    } catch {
      return Response.error();
    }
  }

  /** Whether any build that is kept has such a file. */
  async #isKept(/** @type {string} */ path) {
    for (const name of await this.#names()) if (await match(await this.#place.caches.open(name), this.#urlOf(path))) return true;
    return false;
  }

  /** Takes a file of the own build from where it is, if it is the right one: from a build that is kept, else from the server. */
  async #bring(/** @type {Cache} */ cache, /** @type {string} */ path) {
    const { caches, fetch } = this.#place;
    const digest = this.#files[path];
    const url = this.#urlOf(path);
    const isRight = async (/** @type {Response} */ response) => (await sha256(await response.clone().blob())) === digest;
    for (const name of await this.#names()) {
      const kept = await match(await caches.open(name), url);
      if (!kept || !(await isRight(kept))) continue;
      if (name !== this.#name) await cache.put(url, kept);
      return;
    }
    const response = await fetch(url, { cache: 'no-cache', priority: 'low' });
    if (!response.ok || !(await isRight(response))) throw new Error(`${path} is not the file of this build`);
    // Browsers show no page that was sent from elsewhere; some hosts do that with index.html.
    await cache.put(url, response.redirected ? new Response(await response.blob(), response) : response);
  }

  /** The caches of this site, in the order in which they were made. */
  async #names() {
    const names = await this.#place.caches.keys();
    return names.filter((name) => name.startsWith(KEPT) && name.endsWith(` ${this.#place.scope}`));
  }

  async #nameOf(/** @type {string} */ client) {
    if (!client) return null;
    for (const name of await this.#names()) {
      const cache = await this.#place.caches.open(name);
      if (await cache.match(this.#recordOf(client))) return name;
    }
    return null;
  }

  /** Whether any page of a build is open; forgets those that are not. */
  async #used(/** @type {Cache} */ cache) {
    const records = this.#recordOf('');
    let used = false;
    for (const request of await cache.keys()) {
      if (!request.url.startsWith(records)) continue;
      const client = decodeURIComponent(request.url.slice(records.length));
      const since = Number(await (await cache.match(request))?.text());
      const recent = Math.abs(Date.now() - since) < RECENT; // a clock that was set back must not make it so for ever
      if (recent || (await this.#place.isThere(client))) used = true;
      else await cache.delete(request);
    }
    return used;
  }

  #record(/** @type {Cache} */ cache, /** @type {string} */ client) {
    return cache.put(this.#recordOf(client), new Response(String(Date.now())));
  }

  #recordOf(/** @type {string} */ client) {
    return this.#urlOf(`client/${encodeURIComponent(client)}`);
  }

  #urlOf(/** @type {string} */ path) {
    return new URL(path, this.#place.scope).href;
  }

  /** From the site's root; null for what lies outside. */
  #pathOf(/** @type {string} */ url) {
    const { origin, pathname } = new URL(url);
    const address = origin + pathname;
    return address.startsWith(this.#place.scope) ? address.slice(this.#place.scope.length) || 'index.html' : null;
  }
}

/** Servers may say that an answer depends on the request; a file of a build does not. */
const match = (/** @type {Cache} */ cache, /** @type {string} */ url) => cache.match(url, { ignoreVary: true });
