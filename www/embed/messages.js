// What a frame and the page around it tell each other; docs/EMBEDDING.md describes it. Pure.
//
// Everything that is not exactly a message of this table is ignored, and counted: other scripts post to windows, too.

/** Of the messages. One of another version is ignored. */
export const VERSION = 1;

/** What is heard, by its type. */
const HEARD = ['ping', 'load'];
const LONGEST = 64; // characters of an id

/**
 * @typedef {{ type: 'ping' | 'load', id: string | number | null }} Heard
 * @typedef {{ type: 'ready' } | { type: 'height', height: number } | { type: 'pong', id: string | number | null, ignored: number }} Said
 */

/** What a message says; null where it is none. @returns {Heard | null} */
export function readMessage(/** @type {any} */ data) {
  if (data === null || typeof data !== 'object' || data.target !== 'cam-lucida' || data.version !== VERSION) return null;
  const { type, id = null } = data;
  const known = id === null || Number.isFinite(id) || (typeof id === 'string' && id.length <= LONGEST);
  return HEARD.includes(type) && known ? { type, id } : null;
}

/** The origin that an address tells; null where it tells none, false where it is not one. */
export function readOrigin(/** @type {string | null} */ told) {
  if (told === null) return null;
  try {
    const { origin } = new URL(told);
    return origin === told ? origin : false;
  } catch {
    return false;
  }
}

export class Messages {
  /** How many messages were none of ours, or of nobody who may send them. */
  ignored = 0;
  #host;
  #origin;
  #onLoad;

  /**
   * `origin`: the only one that is told and heard; null: whoever the host is; false: nobody.
   * @param {{ host: { postMessage(data: any, origin: string): void } | null, origin: string | null | false, onLoad: () => void }} what
   */
  constructor({ host, origin, onLoad }) {
    this.#host = origin === false ? null : host;
    this.#origin = origin || '*';
    this.#onLoad = onLoad;
  }

  /** Takes an event `message`. */
  hear(/** @type {{ data: any, source: any, origin: string }} */ { data, source, origin }) {
    const allowed = this.#host !== null && source === this.#host && (this.#origin === '*' || origin === this.#origin);
    const message = allowed ? readMessage(data) : null;
    if (!message) this.ignored++;
    else if (message.type === 'load') this.#onLoad();
    else this.say({ type: 'pong', id: message.id, ignored: this.ignored });
  }

  say(/** @type {Said} */ said) {
    this.#host?.postMessage({ source: 'cam-lucida', version: VERSION, ...said }, this.#origin);
  }
}
