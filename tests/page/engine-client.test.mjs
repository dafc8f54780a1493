import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeWorker, asked, settled, workers } from './engine-fake-worker.mjs';
import { profile, webp } from './fake-picture.mjs';
import { Engine } from '../../www/engine/client.js';

const isAbort = { name: 'AbortError' };
const file = (name, bytes = 10) => new File([new Uint8Array(bytes)], name);
const model = () => ({ files: { weights: file('weights') } });
const explanation = (number = 0, of = model()) => ({ model: of, picture: { file: file('picture') }, request: { class: number } });

/** @type {Engine} */
let engine;

beforeEach(() => {
  workers.length = 0;
  FakeWorker.hold = new Set();
  FakeWorker.gpu = false;
  FakeWorker.refusal = null;
  engine = new Engine();
});

afterEach(() => engine.cancel());

/** The call that the present worker holds back. */
async function held() {
  await settled();
  return workers.at(-1).held.at(-1);
}

test('a handle is brought with what it needs, once, and completed', async () => {
  const one = explanation(3);
  assert.equal(await engine.explain(one), one);
  assert.deepEqual(one.classes, [{ id: 3 }]);
  assert.equal('id' in one, false);
  await engine.explain(one);
  await engine.draw(one, { opacity: 1 });
  assert.deepEqual(asked(), ['load_model', 'open_picture', 'explain', 'draw']);
});

test('what the worker dropped is brought again', async () => {
  const one = explanation();
  await engine.explain(one);
  workers[0].kept.clear();
  await engine.rawMap(one);
  assert.deepEqual(asked(), [
    'load_model',
    'open_picture',
    'explain',
    'raw_map',
    'explain',
    'load_model',
    'explain',
    'open_picture',
    'explain',
    'raw_map',
  ]);
});

test('what a worker says that it has dropped, and nobody named, is not asked for again without end', async () => {
  FakeWorker.hold.add('raw_map');
  const failed = assert.rejects(engine.rawMap(explanation()), { code: 'too-much-at-once' });
  for (let times = 0; times < 4; times++) {
    const call = await held();
    workers[0].fail(call, { kind: 'request', code: 'released', arguments: { id: '77' } });
  }
  await failed;
});

test('a decomposition is an explanation with its parts: brought as such, completed and drawn', async () => {
  const one = { ...explanation(3), parts: null };
  assert.equal(await engine.decompose(one), one);
  assert.deepEqual([one.classes, one.parts], [[{ id: 3 }], { weights: [1] }]);
  await engine.draw(one, { opacity: 1 });
  workers[0].kept.clear();
  await engine.rawMap(one);
  assert.deepEqual(
    asked().filter((name) => name !== 'load_model' && name !== 'open_picture'),
    ['decompose', 'draw', 'raw_map', 'decompose', 'decompose', 'decompose', 'raw_map'],
  );
});

test('a glance is drawn, a bitmap for each class, and released', async () => {
  const one = explanation();
  const { bitmaps } = await engine.glance(one, {}, { quiet: true });
  assert.equal(bitmaps.length, 1);
  assert.equal(workers[0].asked.at(-1).name, 'release');
});

test('the original is drawn in the engine’s style without the heatmap', async () => {
  const { style } = await engine.original(explanation());
  assert.deepEqual(style, { opacity: 0, formula: 'blend', threshold: 0 });
});

test('of what waits the higher priority is asked first', async () => {
  FakeWorker.hold.add('explain');
  const running = engine.explain(explanation(1));
  const first = await held();
  const order = [];
  const low = engine.explain(explanation(2)).then(() => order.push('low'));
  const high = engine.explain(explanation(3), { priority: 1 }).then(() => order.push('high'));
  FakeWorker.hold.clear();
  workers[0].let(first);
  await Promise.all([running, low, high]);
  assert.deepEqual(order, ['high', 'low']);
});

test('what is aborted while it waits is never asked', async () => {
  FakeWorker.hold.add('explain');
  const running = engine.explain(explanation(1));
  const first = await held();
  const controller = new AbortController();
  const waiting = engine.open({ file: file('other') }, { signal: controller.signal });
  controller.abort();
  await assert.rejects(waiting, isAbort);
  workers[0].let(first);
  await running;
  assert.deepEqual(asked(), ['load_model', 'open_picture', 'explain']);
});

test('what is aborted while it runs rejects at once, and the worker is asked to end it', async () => {
  FakeWorker.hold.add('explain');
  const controller = new AbortController();
  const running = engine.explain(explanation(1), { signal: controller.signal });
  const call = await held();
  const next = engine.explain(explanation(2));
  controller.abort();
  await assert.rejects(running, isAbort);
  assert.deepEqual(workers[0].cancels, [call.id]);
  FakeWorker.hold.clear();
  workers[0].fail(call, { kind: 'cancelled', code: 'cancelled' });
  await next;
  assert.equal(workers.length, 1);
});

test('a single pass that was aborted is waited for, and what it gave is kept', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  FakeWorker.hold.add('load_model');
  const controller = new AbortController();
  const used = model();
  const loading = engine.load(used, { signal: controller.signal });
  const call = await held();
  controller.abort();
  await assert.rejects(loading, isAbort);
  context.mock.timers.tick(9_999);
  assert.equal(workers.length, 1);
  workers[0].let(call);
  await engine.load(used);
  assert.deepEqual(asked(), ['load_model']);
});

test('a call of many steps that does not end after 300 ms gives way to a new worker, which gets what is needed', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const one = explanation(1);
  await engine.explain(one);
  FakeWorker.hold.add('explain');
  const controller = new AbortController();
  const running = engine.explain(explanation(2, one.model), { signal: controller.signal });
  const call = await held();
  workers[0].send({ id: call.id, progress: { method: 'rise', done: 1, total: 9 } });
  assert.deepEqual(engine.work.value, { phase: 'explain', step: { method: 'rise', done: 1, total: 9 } });
  controller.abort();
  await assert.rejects(running, isAbort);
  assert.equal(engine.work.value, null);
  FakeWorker.hold.clear();
  const next = engine.rawMap(one);
  context.mock.timers.tick(299);
  await settled();
  assert.equal(workers[0].alive, true);
  context.mock.timers.tick(1);
  await next;
  assert.equal(workers.length, 2);
  assert.equal(workers[0].alive, false);
  assert.equal(engine.note.value, null);
  assert.deepEqual(asked(), ['load_model', 'open_picture', 'explain', 'raw_map']);
});

test('a call that tells its first step only after it was aborted gets 300 ms from then', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  FakeWorker.hold.add('explain');
  const controller = new AbortController();
  const running = engine.explain(explanation(), { signal: controller.signal });
  const call = await held();
  controller.abort();
  await assert.rejects(running, isAbort);
  context.mock.timers.tick(9_999);
  workers[0].send({ id: call.id, progress: { method: 'rise', done: 1, total: 9 } });
  context.mock.timers.tick(299);
  assert.equal(workers[0].alive, true);
  context.mock.timers.tick(1);
  assert.equal(workers[0].alive, false);
});

test('cancelling rejects all, and what is asked afterwards is done', async () => {
  FakeWorker.hold.add('explain');
  const tasks = [engine.explain(explanation(1)), engine.explain(explanation(2)), engine.open({ file: file('other') })];
  const call = await held();
  engine.cancel();
  const after = engine.explain(explanation(4));
  for (const task of tasks) await assert.rejects(task, isAbort);
  FakeWorker.hold.clear();
  workers[0].fail(call, { kind: 'cancelled', code: 'cancelled' });
  assert.deepEqual((await after).classes, [{ id: 4 }]);
});

test('what is read of a weight file is told, and a cancel between two pieces gives way to a new worker after 300 ms', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  FakeWorker.hold.add('load_model');
  const controller = new AbortController();
  const loading = engine.load(model(), { signal: controller.signal });
  const call = await held();
  const read = (done) => workers[0].send({ id: call.id, progress: { method: null, done, total: 100 } });
  read(8);
  assert.deepEqual(engine.work.value, { phase: 'load_model', step: { method: null, done: 8, total: 100 } });
  controller.abort();
  await assert.rejects(loading, isAbort);
  assert.deepEqual(workers[0].cancels, [call.id]);
  context.mock.timers.tick(299);
  assert.equal(workers[0].alive, true);
  context.mock.timers.tick(1);
  assert.equal(workers[0].alive, false);
});

test('a weight file that is read to its end is put on the device in a single pass, which is waited for', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  FakeWorker.hold.add('load_model');
  const controller = new AbortController();
  const loading = engine.load(model(), { signal: controller.signal });
  const call = await held();
  for (const done of [50, 100]) workers[0].send({ id: call.id, progress: { method: null, done, total: 100 } });
  controller.abort();
  await assert.rejects(loading, isAbort);
  context.mock.timers.tick(9_999);
  assert.equal(workers[0].alive, true);
});

test('a worker knows a weight file again, whatever model is made of it', async () => {
  const weights = file('weights');
  for (const files of [{ weights }, { weights: file('others') }, { weights, state: 'ema' }]) await engine.load({ files });
  const numbers = workers[0].asked.filter(({ name }) => name === 'load_model').map(({ args }) => args[2]);
  assert.equal(numbers[0], numbers[2]);
  assert.notEqual(numbers[0], numbers[1]);
});

test('an engine that does not come is told as such after 20 s, and is still waited for', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  FakeWorker.hold.add('start');
  const started = engine.start();
  const call = await held();
  context.mock.timers.tick(19_000);
  assert.equal(engine.work.value.phase, 'start');
  context.mock.timers.tick(2_000);
  assert.equal(engine.work.value.phase, 'slow_start');
  workers[0].let(call);
  await started;
});

test('a slow engine stays told while one step of its start follows another', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  FakeWorker.hold.add('choose_device').add('start');
  const turns = async () => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const started = engine.start();
  await turns();
  context.mock.timers.tick(21_000);
  assert.equal(engine.work.value.phase, 'slow_start');
  const { held } = workers[0];
  workers[0].let(held[0]);
  await turns();
  assert.deepEqual([held[1].name, engine.work.value.phase], ['start', 'slow_start']);
  workers[0].let(held[1]);
  await started;
});

test('a slow engine that takes the place of another is told to who waits for it', async (context) => {
  await engine.load(model());
  context.mock.timers.enable({ apis: ['setTimeout'] });
  FakeWorker.hold.add('start');
  workers[0].die();
  const waiting = engine.explain(explanation());
  const call = await held();
  context.mock.timers.tick(21_000);
  assert.equal(engine.work.value.phase, 'slow_start');
  workers[1].let(call);
  await waiting;
  assert.equal(engine.work.value, null);
});

test('cancelling while the engine starts loses nothing', async () => {
  FakeWorker.hold.add('start');
  const started = engine.start();
  const call = await held();
  engine.cancel();
  await assert.rejects(started, isAbort);
  const after = engine.explain(explanation());
  workers[0].let(call);
  await after;
  assert.equal(workers.length, 1);
});

test('three explanations that a killed worker held all come back', async () => {
  const all = [explanation(1), explanation(2), explanation(3)];
  for (const one of all) await engine.explain(one);
  workers[0].die();
  await settled();
  assert.equal(workers.length, 2);
  assert.deepEqual(asked(), ['load_model', 'open_picture']); // the last ones, unasked
  assert.deepEqual(engine.note.value, { code: 'engine-trapped', arguments: {}, message: 'engine-trapped' });
  for (const one of all) assert.ok(await engine.rawMap(one));
  assert.equal(asked().filter((name) => name === 'explain').length, 3);
});

test('a worker that dies in a call rejects it by a fatal error, and the next is done by another', async () => {
  const one = explanation(1);
  await engine.draw(one, {});
  FakeWorker.hold.add('explain');
  const running = engine.explain(explanation(2));
  await held();
  FakeWorker.hold.clear();
  workers[0].die();
  await assert.rejects(running, { kind: 'device', code: 'engine-trapped', fatal: true });
  await engine.rawMap(one);
  assert.equal(workers.length, 2);
});

test('a worker that dies before anything was drawn is replaced, and what was asked of it is begun once more', async () => {
  for (const name of ['load_model', 'open_picture', 'explain', 'draw']) {
    workers.length = 0;
    engine = new Engine();
    FakeWorker.hold.add(name);
    const one = explanation(1);
    const drawing = engine.explain(one).then(() => engine.draw(one, {}));
    await held();
    FakeWorker.hold.clear();
    workers[0].die();
    assert.ok((await drawing).drawn, name);
    assert.equal(workers.length, 2);
    assert.deepEqual(asked().slice(-2), ['explain', 'draw']);
  }
});

test('a second worker that dies is told: what was asked is begun once more, not for ever', async () => {
  FakeWorker.hold.add('load_model');
  const loading = engine.load(model());
  for (let time = 0; time < 2; time++) {
    await held();
    workers.at(-1).die();
  }
  await assert.rejects(loading, { code: 'engine-trapped', fatal: true });
  await settled();
  assert.equal(workers.length, 2);
  const again = engine.load(model());
  await held();
  workers.at(-1).die();
  await assert.rejects(again, { fatal: true });
  assert.equal(workers.length, 3);
});

test('what was aborted is not begun once more', async () => {
  FakeWorker.hold.add('load_model');
  const controller = new AbortController();
  const loading = engine.load(model(), { signal: controller.signal });
  await held();
  controller.abort();
  workers[0].die();
  await assert.rejects(loading, isAbort);
  await settled();
  assert.equal(workers.length, 1);
});

test('what waits for an explanation that is released meanwhile rejects as aborted, and computes nothing again', async () => {
  const one = explanation(1);
  await engine.draw(one, {});
  FakeWorker.hold.add('explain');
  const running = engine.explain(explanation(2));
  const call = await held();
  const waiting = [engine.rawMap(one), engine.original(one), engine.draw(one, {})];
  engine.release(one);
  for (const task of waiting) await assert.rejects(task, isAbort);
  FakeWorker.hold.clear();
  workers[0].let(call);
  await running;
  await settled();
  assert.deepEqual(asked(), ['load_model', 'open_picture', 'explain', 'draw', 'load_model', 'open_picture', 'explain']);
});

test('what is released while it is brought does not stay with the worker', async () => {
  const used = model();
  await engine.load(used);
  const [{ kept }] = workers;
  const before = kept.size;
  for (const name of ['open_picture', 'explain']) {
    FakeWorker.hold = new Set([name]);
    const one = explanation(1, used);
    const running = engine.explain(one);
    const call = await held();
    for (const handle of [one, one.picture]) engine.release(handle);
    await assert.rejects(running, isAbort);
    workers[0].let(call);
    await settled();
    assert.equal(kept.size, before, `released in ${name}`);
  }
  FakeWorker.hold.clear();
  await engine.explain(explanation(2, used));
  assert.equal(asked().filter((name) => name === 'load_model').length, 1);
});

test('an explanation whose computing is aborted does not stay with the worker', async () => {
  const used = model();
  await engine.load(used);
  const [{ kept }] = workers;
  const before = kept.size;
  FakeWorker.hold = new Set(['explain']);
  const [controller, one] = [new AbortController(), explanation(1, used)];
  const running = engine.explain(one, { signal: controller.signal });
  const call = await held();
  controller.abort();
  await assert.rejects(running, isAbort);
  FakeWorker.hold.clear();
  workers[0].let(call); // it was done before it heard of that
  await settled();
  assert.equal(kept.size, before + 1); // the picture
});

test('what another task takes is given back after it, when it was released meanwhile', async () => {
  const one = explanation(1);
  await engine.explain(one);
  FakeWorker.hold.add('open_picture');
  const other = explanation(2, one.model);
  const running = engine.explain(other);
  const call = await held();
  engine.release(one.model);
  FakeWorker.hold.clear();
  workers[0].let(call);
  assert.equal(await running, other);
  for (const handle of [one, one.picture, other, other.picture]) engine.release(handle);
  await settled();
  assert.equal(workers[0].kept.size, 0);
});

test('where one drops another whenever it is brought, the task ends with an error, and the next goes on', async () => {
  const [trained, small] = [model(), explanation(1)];
  await engine.load(trained);
  const [{ kept }] = workers;
  const add = kept.add.bind(kept);
  kept.add = (id) => {
    kept.clear();
    return add(id);
  };
  await assert.rejects(engine.compare(explanation(1, trained), explanation(2, trained), {}), { code: 'too-much-at-once' });
  assert.ok(workers[0].asked.length < 50);
  kept.add = add;
  assert.equal(await engine.explain(small), small);
  assert.equal(workers.length, 1);
});

test('what is asked of an explanation after its release is computed', async () => {
  const one = explanation(1);
  await engine.explain(one);
  engine.release(one);
  assert.ok(await engine.rawMap(one));
});

test('what a worker has sent before its end counts no more', async () => {
  FakeWorker.hold.add('explain');
  const running = engine.explain(explanation(1));
  const { id } = await held();
  const [first] = workers;
  first.die();
  await settled();
  first.onmessage({ data: { id, progress: { method: 'rise', done: 1, total: 9 } } });
  assert.deepEqual(engine.work.value, { phase: 'explain', step: null });
  FakeWorker.hold.clear();
  workers.at(-1).let(await held());
  await running;
});

test('a GPU that fails twice gives way to the CPU, even if no worker ever held anything', async () => {
  FakeWorker.gpu = true;
  FakeWorker.hold.add('load_model');
  const loading = engine.load(model());
  for (const kind of ['gpu', 'gpu']) {
    await held();
    assert.equal(engine.about.value.device.kind, kind);
    workers.at(-1).die('gpu-lost');
  }
  await assert.rejects(loading, { code: 'gpu-lost' });
  FakeWorker.hold.clear();
  await engine.load(model());
  assert.equal(engine.about.value.device.kind, 'cpu');
  const { why } = workers.at(-1).asked.find(({ name }) => name === 'start').args[0];
  assert.deepEqual(why, { code: 'gpu-failed', arguments: { message: 'gpu-lost', cause: 'gpu-lost' } });
});

test('a GPU that fails in the start gives way to the CPU at once', async () => {
  FakeWorker.gpu = true;
  FakeWorker.hold.add('start');
  const started = engine.start();
  await held();
  FakeWorker.hold.clear();
  workers[0].die('gpu-lost');
  await started;
  assert.equal(engine.about.value.device.kind, 'cpu');
});

test('a GPU that is refused in the start leaves the work to a worker that never asks for it, with the reason', async () => {
  const why = { code: 'gpu-failed', arguments: { cause: 'device-wrong' } };
  [FakeWorker.gpu, FakeWorker.refusal] = [true, why];
  await engine.load(model());
  const starts = workers.map(({ asked }) => asked.filter(({ name }) => name === 'start').map(({ args }) => [args[0].gpu, args[0].why]));
  assert.deepEqual(starts, [[[true, null]], [[false, why]]]);
  assert.deepEqual([workers[0].alive, workers[1].alive], [false, true]);
});

test('an engine of the GPU that cannot be had gives way to the other one; where that is missing, too, it is an error', async () => {
  FakeWorker.gpu = true;
  FakeWorker.hold.add('start');
  const refuse = async () => {
    const call = await held();
    workers.at(-1).fail(call, { kind: 'request', code: 'engine-missing' });
  };
  const started = engine.start();
  await refuse();
  await settled();
  assert.equal(workers.length, 2);
  await refuse();
  await assert.rejects(started, { code: 'engine-missing' });
});

test('a picture that is too large is refused before it is read', async () => {
  await assert.rejects(engine.open({ file: file('film', 1001) }), {
    kind: 'image',
    code: 'picture-too-large',
    arguments: { file: 'film', bytes: 1001, limit: 1000 },
    fatal: false,
  });
  assert.deepEqual(asked(), []);
});

test('class names that are too large are refused before they are read', async () => {
  const names = { name: 'names.txt', size: 101, text: () => assert.fail('it was read') };
  await assert.rejects(engine.load({ files: { weights: file('weights'), labelsFile: names } }), {
    kind: 'labels',
    code: 'text-too-large',
    arguments: { file: 'names.txt', bytes: 101, limit: 100 },
    fatal: false,
  });
  assert.deepEqual(asked(), []);
});

test('work tells the phase of what is under way, and nothing of what is quiet', async () => {
  FakeWorker.hold.add('explain');
  const quiet = engine.explain(explanation(1), { quiet: true });
  let call = await held();
  assert.equal(engine.work.value, null);
  const loud = engine.explain(explanation(2));
  assert.deepEqual(engine.work.value, { phase: 'wait', step: null });
  workers[0].let(call);
  await quiet;
  call = await held();
  assert.deepEqual(engine.work.value, { phase: 'explain', step: null });
  workers[0].let(call);
  await loud;
  await settled();
  assert.equal(engine.work.value, null);
});

test('an engine that rests has no worker, and the next task starts another that gets what it needs', async () => {
  const one = explanation(7);
  await engine.explain(one);
  engine.rest();
  await settled();
  assert.deepEqual([workers[0].alive, workers.length], [false, 1]);
  assert.equal(engine.note.value, null);
  await engine.draw(one);
  assert.equal(workers.length, 2);
  assert.deepEqual(asked().slice(0, 3), ['load_model', 'open_picture', 'explain']);
});

test('what is under way when an engine rests rejects as aborted', async () => {
  FakeWorker.hold.add('explain');
  const task = engine.explain(explanation());
  await held();
  engine.rest();
  await assert.rejects(task, isAbort);
  assert.equal(workers.length, 1);
});

test('from another origin the worker imports its script, and what was sent before it came is not lost', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] }); // its address is revoked after a minute
  globalThis.origin = 'https://guide.example';
  const urls = [];
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    urls.push(blob);
    return 'blob:one';
  };
  try {
    await engine.start();
    const script = await urls[0].text();
    assert.match(script, /\/worker\.js", \(address\) => import\(address\)\)$/);
    assert.equal(script.split('import(').length, 2); // none that a bundler of others may have changed

    // As a worker runs it, with a module in place of ours.
    const [heard, posted] = [[], []];
    const scope = new EventTarget();
    const run = new Function(
      'addEventListener',
      'removeEventListener',
      'dispatchEvent',
      'postMessage',
      script.replace(/"[^"]*\/worker\.js"/, '"data:text/javascript,"'),
    );
    run(scope.addEventListener.bind(scope), scope.removeEventListener.bind(scope), scope.dispatchEvent.bind(scope), (data) =>
      posted.push(data),
    );
    scope.dispatchEvent(new MessageEvent('message', { data: 'early' }));
    scope.addEventListener('message', ({ data }) => heard.push(data)); // as the module does
    await settled();
    assert.deepEqual([heard, posted], [['early'], []]);
  } finally {
    URL.createObjectURL = createObjectURL;
    globalThis.origin = 'null';
  }
});

test('a worker that a policy refuses says what the policy must allow, and is not replaced unasked', async () => {
  FakeWorker.hold.add('choose_device');
  const started = engine.start();
  await settled();
  workers[0].send({ missing: 'Failed to fetch dynamically imported module' });
  await assert.rejects(started, { code: 'worker-refused' });
  await settled();
  assert.equal(workers.length, 1);
});

/** A browser that decodes each file by `decode`, and whose canvas gives back `noise` in place of what was drawn, if any. */
function browser(context, decode, noise = null) {
  context.after(() => {
    delete globalThis.createImageBitmap;
    delete globalThis.OffscreenCanvas;
  });
  globalThis.createImageBitmap = decode;
  globalThis.OffscreenCanvas = class {
    getContext() {
      let drawn = null;
      return {
        createImageData: () => ({ data: new Uint8Array(4) }),
        putImageData: ({ data }) => (drawn = data),
        getImageData: (_x, _y, width, height) => ({ width, height, data: noise ?? drawn }),
        clearRect() {},
        drawImage() {},
      };
    }
  };
}

test('a format that the engine does not read is decoded by the browser where it can', async (context) => {
  const opened = async (code, decode, noise) => {
    browser(context, decode, noise);
    FakeWorker.hold = new Set(['open_picture']);
    const explained = engine.explain(explanation());
    explained.catch(() => {}); // awaited below
    const call = await held();
    FakeWorker.hold.clear();
    workers.at(-1).fail(call, { kind: 'image', code, message: code });
    return explained;
  };
  const photo = { width: 8192, height: 4096, close() {} };
  await opened('picture-heic', async () => photo);
  const pixels = workers.at(-1).asked.find(({ name }) => name === 'open_pixels');
  assert.deepEqual(pixels.args.slice(0, 2), [4096, 2048], 'at most 4096 pixels a side');
  await opened('picture-avif', async () => photo);
  await assert.rejects(
    opened('picture-format', () => Promise.reject(new Error('no'))),
    { code: 'picture-format' },
    'the error is the engine’s where the browser cannot',
  );
  await assert.rejects(
    opened('picture-damaged', async () => photo),
    { code: 'picture-damaged' },
    'a damaged file is not tried again',
  );
  await assert.rejects(
    opened('picture-heic', async () => photo, Uint8Array.of(201, 7, 99, 255)),
    { code: 'picture-heic' },
    'a canvas that gives noise is not believed',
  );
});

test('a picture whose ICC profile is not sRGB’s is opened again, as the browser converts it', async (context) => {
  const photo = async () => ({ width: 300, height: 200, close() {} });
  const open = async (given) => {
    const picture = { file: new File([webp(profile(given))], 'photo.webp') };
    await engine.open(picture);
    return picture.notes.map(({ code }) => code);
  };
  browser(context, photo);
  assert.deepEqual(await open(), ['picture-no-end', 'picture-profile']);
  assert.deepEqual(asked(), ['open_picture', 'open_pixels']);
  assert.equal(workers.at(-1).kept.size, 1, 'what was opened first is released');
  assert.deepEqual(
    workers
      .at(-1)
      .asked.find(({ name }) => name === 'open_pixels')
      .args.slice(0, 2),
    [30, 20],
    'of the engine’s size',
  );
  assert.deepEqual(await open({ space: 'GRAY' }), ['picture-no-end']);
  browser(context, photo, Uint8Array.of(201, 7, 99, 255));
  assert.deepEqual(await open(), ['picture-no-end', 'profile-ignored'], 'a canvas that gives noise');
  browser(context, () => Promise.reject(new Error('no')));
  assert.deepEqual(await open(), ['picture-no-end', 'profile-ignored'], 'a browser that cannot decode it');
  browser(context, async () => ({ width: 200, height: 300, close() {} }));
  assert.deepEqual(await open(), ['picture-no-end', 'profile-ignored'], 'a browser that does not turn it upright');
});
