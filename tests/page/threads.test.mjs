// What the engine's threads share: the byte that says so, and parts of work.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { isolated, ISOLATION } from '../../www/offline/isolation.js';
import { setShared } from '../../www/engine/shared.js';
import { ModelSizes, Pool } from '../../www/engine/threads.js';

const name = (text) => [text.length, ...Buffer.from(text)];
/** A module that imports a function, a table, a global, and a memory of 3 to 300 pages. */
const module = () => {
  const imports = [
    [...name('a'), ...name('f'), 0, 0],
    [...name('a'), ...name('t'), 1, 0x70, 1, 2, 5],
    [...name('a'), ...name('g'), 3, 0x7f, 0],
    [...name('a'), ...name('memory'), 2, 1, 3, 0xac, 2],
  ];
  const section = [imports.length, ...imports.flat()];
  return Uint8Array.from([0, ...Buffer.from('asm'), 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, section.length, ...section]);
};
const given = (shared) => ({
  a: {
    f() {},
    t: new WebAssembly.Table({ element: 'anyfunc', initial: 2, maximum: 5 }),
    g: 1,
    memory: new WebAssembly.Memory({ initial: 3, maximum: 300, shared }),
  },
});

test('a model that is made of another has a size, too', () => {
  const sizes = new ModelSizes();
  sizes.add({ id: 1 }, 2 ** 25);
  sizes.add({ model: { id: 2 }, modules: [] }, sizes.of(1)); // as `load_fresh` and `ask` answer
  assert.deepEqual(
    [1, 2, 3].map((id) => sizes.of(id)),
    [2 ** 25, 2 ** 25, undefined],
  );
  sizes.release(1);
  assert.equal(sizes.of(1), undefined);
});

test('one byte of a module says whether its memory is shared', () => {
  const bytes = module();
  for (const shared of [true, false]) {
    assert.equal(setShared(bytes, shared), 3);
    const compiled = new WebAssembly.Module(bytes);
    assert.ok(new WebAssembly.Instance(compiled, given(shared)));
    assert.throws(() => new WebAssembly.Instance(compiled, given(!shared)), WebAssembly.LinkError);
  }
  const without = bytes.slice(0, 14);
  assert.throws(() => setShared(without, true), /imports no memory/);
});

/** Parts of work that count how often each was done, in this thread and in a worker. */
test('all threads together do each part of each work once', { timeout: 60_000 }, async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const [works, parts] = [300, 40];
  const text = `
    import { workerData, parentPort } from 'node:worker_threads';
    const { Pool } = await import(workerData.pool);
    const { memory } = workerData;
    const done = new Int32Array(memory.buffer, 1024);
    const pool = new Pool(memory, 64, (work, context, part) => Atomics.add(done, work * 40 + part, context));
    parentPort.postMessage('ready');
    pool.work();`;
  const pool = new URL('../../www/engine/threads.js', import.meta.url).href;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(text)}`), { workerData: { memory, pool } });
  await new Promise((ready, failed) => worker.once('message', ready).once('error', failed));
  const done = new Int32Array(memory.buffer, 1024);
  const own = new Pool(memory, 64, (work, context, part) => Atomics.add(done, work * 40 + part, context));
  for (let work = 0; work < works; work++) own.run(work, work + 1, parts);
  await worker.terminate();
  const expected = Array.from({ length: works * parts }, (_, i) => Math.floor(i / parts) + 1);
  assert.deepEqual([...done.subarray(0, works * parts)], expected);
});

test('a part that fails makes the work fail', () => {
  const own = new Pool(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }), 0, () => {
    throw new Error('trapped');
  });
  assert.throws(() => own.run(0, 0, 1), /trapped/);
});

test('pages and workers are isolated, and nothing else is touched', () => {
  const plain = new Response('', { headers: { 'content-type': 'text/html' } });
  for (const destination of ['document', 'iframe', 'worker']) {
    const { headers } = isolated({ destination }, plain);
    for (const [header, value] of Object.entries(ISOLATION)) assert.equal(headers.get(header), value);
    assert.equal(headers.get('content-type'), 'text/html');
  }
  assert.equal(isolated({ destination: 'script' }, plain), plain);
  const sent = new Response('', { headers: ISOLATION });
  assert.equal(isolated({ destination: 'document' }, sent), sent);
});
