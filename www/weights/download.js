// Fetches one file, and lets it pass only if it is the one that was asked for, and all of it.
import { EngineError } from '../engine/errors.js';
import { reachable } from '../site.js';
import { sha256 } from './digest.js';
import { notSilent } from './silence.js';
import { whyUnreachable } from './unreachable.js';

/**
 * `path` is what messages call the file. Of what is `expected`, all that is known is checked; `bytes` are exact or about. `text` is what is in
 * it, where that is known.
 * @typedef {{ url: string, path: string, text?: string, expected?: { bytes?: number, exact?: boolean, sha256?: string | null } }} RemoteFile
 *
 * `kind` is that of the errors: what the file is to be. A `fresh` file is not taken from what the browser remembers of
 * earlier requests. `limit` is in bytes.
 * @typedef {object} Transfer
 * @property {AbortSignal} signal
 * @property {(bytes: import('./downloads.js').Bytes) => void} onProgress
 * @property {'weights' | 'image' | 'lesson'} [kind]
 * @property {number} [limit]
 * @property {boolean} [fresh]
 */

/** The server has no such file. */
export class Missing extends EngineError {}

/**
 * The file, and its SHA-256 where the browser can tell it.
 * @param {RemoteFile} file
 * @param {Transfer} transfer
 */
export async function download({ url, path, expected = {} }, { signal, onProgress, kind = 'weights', limit = Infinity, fresh = false }) {
  const refusal = (/** @type {string} */ code, /** @type {Record<string, any>} */ named = {}) =>
    new EngineError({ kind, code, arguments: { path, wanted: kind, ...named } });

  const stalled = (bytes = 0) => refusal('fetch-stalled', { bytes });
  const asked = fetch(await reachable(url), { signal, cache: fresh ? 'reload' : 'default' }).catch(async () => {
    signal.throwIfAborted();
    const why = await whyUnreachable(url, signal);
    signal.throwIfAborted();
    throw refusal(`fetch-${why}`, { host: new URL(url).host });
  });
  const response = await notSilent(asked, stalled);
  const { ok, status, headers } = response;
  const host = response.redirected ? new URL(response.url).host : null; // the one that the request was sent on to
  if (status === 404 || status === 410) throw new Missing({ kind, code: 'fetch-status', arguments: { path, wanted: kind, status } });
  if (!ok) throw refusal('fetch-status', { status });
  if (headers.get('content-type')?.startsWith('text/html')) throw refusal('fetch-web-page', { host });

  const declared = declaredLength(headers);
  if (declared !== undefined && declared > limit) throw refusal('fetch-too-large', { bytes: declared, limit });
  const blob = await collect(response);
  await refuseStandIn(blob);
  const length = expected.exact ? expected.bytes : declared;
  if (length !== undefined && (blob.size < length || (expected.exact && blob.size > length))) {
    throw refusal('fetch-size', { found: blob.size, expected: length });
  }
  const digest = await sha256(blob);
  if (digest && expected.sha256 && digest !== expected.sha256.toLowerCase()) throw refusal('fetch-digest');
  return { blob, sha256: digest };

  /** The body as a blob of the browser's own: of those that scripts make of bytes, Chromium holds only 500 MiB in private windows. */
  async function collect(/** @type {Response} */ { body }) {
    const total = declared ?? expected.bytes;
    let done = 0;
    const reader = (body ?? new Blob().stream()).getReader();
    const next = () => {
      const part = reader.read().catch(() => {
        signal.throwIfAborted();
        throw refusal('fetch-cut', { bytes: done });
      });
      return notSilent(part, () => stalled(done));
    };
    /** @type {unknown} */
    let failure = null;
    let refused = false; // by the browser, which wants no more
    const counted = new ReadableStream({
      async pull(controller) {
        try {
          const part = await next();
          if (refused) return;
          if (part.done) return controller.close();
          done += part.value.length;
          if (done > limit) {
            reader.cancel().catch(() => {});
            throw refusal('fetch-too-large', { bytes: done, limit });
          }
          // Other sites need not tell this page that they compress; then more comes than they have declared.
          onProgress({ done, total: total !== undefined && done <= total ? total : null, path });
          controller.enqueue(part.value);
        } catch (error) {
          if (refused) return;
          failure = error;
          controller.error(error);
        }
      },
      cancel(reason) {
        refused = true;
        return reader.cancel(reason);
      },
    });
    const type = headers.get('content-type') ?? '';
    const blob = new Response(counted, { headers: { 'content-type': type } }).blob();
    return blob.catch((error) => {
      signal.throwIfAborted();
      // Browsers need not pass on what a stream has failed of. What did not fail in the stream failed where its bytes are put.
      throw failure ?? refusal('fetch-not-stored', { bytes: total ?? done, cause: String(error) });
    });
  }

  /** What servers send in place of a file that they do not have or do not give. */
  async function refuseStandIn(/** @type {Blob} */ file) {
    const start = (await file.slice(0, 64).text()).trimStart().toLowerCase();
    if (/^<(!doctype html|html)/.test(start)) throw refusal('fetch-web-page', { host });
    if (start.startsWith('version https://git-lfs')) throw refusal('fetch-lfs-pointer');
  }
}

/** In bytes; undefined where the server does not tell, or tells it of a compressed form. */
function declaredLength(/** @type {Headers} */ headers) {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? undefined : Number(length);
}
