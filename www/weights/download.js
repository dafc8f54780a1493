// Fetches one file, and lets it pass only if it is the one that was asked for, and all of it.
import { EngineError } from '../engine.js';
import { text } from '../text.js';
import { sha256 } from './digest.js';
import { whyUnreachable } from './unreachable.js';

const LIMIT = 700 * 2 ** 20; // bytes, as in the engine
const FOLD = 8 * 2 ** 20; // bytes that are held before they go into a blob, which browsers may keep elsewhere

const refusal = (message) => new EngineError({ kind: 'weights', message });

/** The server has no such file. */
export class Missing extends EngineError {}

/**
 * The file at `url`, as `{ blob, sha256 }`. Messages call it `path`. Of what is `expected`, `{ bytes, exact, sha256 }`, all
 * that is known is checked. `onProgress({ done, total })` counts bytes; `total` is null where nobody tells. A `fresh` one
 * is not taken from what the browser remembers of earlier requests.
 */
export async function download({ url, path, expected = {} }, { signal, onProgress, fresh = false }) {
  const response = await ask(url, path, { signal, cache: fresh ? 'reload' : 'default' });
  const declared = declaredLength(response);
  if (declared > LIMIT) throw refusal(text.fileTooLarge(path, declared));
  const blob = await collect(response, path, signal, (done) => onProgress({ done, total: totalOf(done, declared ?? expected.bytes) }));
  await refuseStandIn(blob, path, elsewhere(response));
  const length = expected.exact ? expected.bytes : declared;
  if (blob.size < length || (expected.exact && blob.size > length)) throw refusal(text.sizeDiffers(path, blob.size, length));
  const digest = await sha256(blob);
  if (digest && expected.sha256 && digest !== expected.sha256.toLowerCase()) throw refusal(text.digestDiffers(path));
  return { blob, sha256: digest };
}

async function ask(url, path, options) {
  const response = await fetch(url, options).catch(async () => {
    options.signal.throwIfAborted();
    throw refusal(text.unreachable[await whyUnreachable(url, options.signal)](path, new URL(url).host));
  });
  const { ok, status, headers } = response;
  if (status === 404 || status === 410) throw new Missing({ kind: 'weights', message: text.notServed(path, status) });
  if (!ok) throw refusal(text.notServed(path, status));
  if (headers.get('content-type')?.startsWith('text/html')) throw refusal(text.webPage(path, elsewhere(response)));
  return response;
}

/** The host that a request was sent on to, or null. */
const elsewhere = ({ redirected, url }) => (redirected ? new URL(url).host : null);

/** In bytes; null where the server does not tell, or tells it of a compressed form. */
function declaredLength({ headers }) {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? null : Number(length);
}

/** Other sites need not tell this page that they compress; then more comes than they have declared. */
const totalOf = (done, declared = null) => (declared !== null && done <= declared ? declared : null);

async function collect({ body }, path, signal, onBytes) {
  const folded = [];
  let parts = [];
  let [done, held] = [0, 0];
  const reader = (body ?? new Blob().stream()).getReader();
  const next = () => reader.read().catch(() => {
    signal.throwIfAborted();
    throw refusal(text.cut(path, done));
  });
  for (let part = await next(); !part.done; part = await next()) {
    parts.push(part.value);
    done += part.value.length;
    held += part.value.length;
    if (done > LIMIT) throw refusal(text.fileTooLarge(path, done));
    if (held >= FOLD) {
      folded.push(new Blob(parts));
      [parts, held] = [[], 0];
    }
    onBytes(done);
  }
  return new Blob([...folded, ...parts]);
}

/** What servers send in place of a file that they do not have or do not give. */
async function refuseStandIn(blob, path, host) {
  const start = (await blob.slice(0, 64).text()).trimStart().toLowerCase();
  if (/^<(!doctype|html)/.test(start)) throw refusal(text.webPage(path, host));
  if (start.startsWith('version https://git-lfs')) throw refusal(text.lfsPointer(path));
}
