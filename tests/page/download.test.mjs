// A server that falls silent in the middle of a download. tests/browser/zoo.spec.mjs shows what else can go wrong with one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { download } from '../../www/weights/download.js';
import { Downloads } from '../../www/weights/downloads.js';

const MINUTE = 60_000;
const file = { url: 'https://lab.example/model.safetensors', path: 'lab/model.safetensors' };
const pass = () => new Promise((resolve) => setImmediate(resolve));

/** A download of `file` from a server whose answer is `respond({ signal })`, with a clock that the test moves. */
async function started(context, respond) {
  context.mock.timers.enable({ apis: ['setInterval'] });
  context.mock.method(globalThis, 'fetch', async (_, options) => respond(options));
  const downloads = new Downloads();
  const done = downloads
    .run((transfer) => download(file, transfer))
    .then(
      ({ blob }) => blob.text(),
      (error) => error,
    );
  await pass();
  return { done, downloads, wait: async (time) => (context.mock.timers.tick(time), pass()) };
}

/** A body that a test fills. */
function body() {
  let stream;
  const readable = new ReadableStream({ start: (controller) => (stream = controller) });
  return { readable, send: (text) => stream.enqueue(new TextEncoder().encode(text)), end: () => stream.close() };
}

test('a download that stalls for a minute is given up, and says after how many bytes', async (context) => {
  const { readable, send } = body();
  let signal;
  const { done, downloads, wait } = await started(context, (options) => ((signal = options.signal), new Response(readable)));
  send('weights');
  await wait(0.9 * MINUTE);
  assert.equal(signal.aborted, false);
  await wait(MINUTE);
  const error = await done;
  assert.deepEqual([error.kind, error.code, error.arguments.bytes], ['weights', 'fetch-stalled', 7]);
  assert.equal(signal.aborted, true, 'the request is ended, too');
  assert.equal(downloads.progress.value, null);
});

test('a server that accepts a request and never answers is given up', async (context) => {
  const { done, wait } = await started(context, () => new Promise(() => {}));
  await wait(MINUTE);
  assert.equal((await done).code, 'fetch-stalled');
});

test('a file that the browser cannot store is told as such, by its size and what the browser says', async (context) => {
  const { readable, send, end } = body();
  context.mock.method(Response.prototype, 'blob', async function () {
    for (const reader = this.body.getReader(); !(await reader.read()).done;);
    throw new DOMException('no space left', 'QuotaExceededError');
  });
  const { done } = await started(context, () => new Response(readable, { headers: { 'content-length': '7' } }));
  send('weights');
  end();
  const { kind, code, arguments: named } = await done;
  assert.deepEqual([kind, code, named.bytes, named.cause], ['weights', 'fetch-not-stored', 7, 'QuotaExceededError: no space left']);
});

test('a browser that gives up storing a file ends the request for it', async (context) => {
  let ended;
  const readable = new ReadableStream({ cancel: (reason) => void (ended = reason) });
  context.mock.method(Response.prototype, 'blob', async function () {
    await pass(); // a part is being asked for
    await this.body.cancel('full');
    throw new TypeError('Failed to fetch');
  });
  const { done } = await started(context, () => new Response(readable));
  assert.equal((await done).code, 'fetch-not-stored');
  assert.equal(ended, 'full');
});

test('a slow download that goes on is waited for, however long it takes', async (context) => {
  const { readable, send, end } = body();
  const { done, wait } = await started(context, () => new Response(readable));
  for (const part of ['we', 'ig', 'hts']) {
    await wait(0.9 * MINUTE);
    send(part);
    await pass();
  }
  end();
  assert.equal(await done, 'weights');
});
