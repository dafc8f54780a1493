import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Newest } from '../../www/engine/newest.js';
import { Queue } from '../../www/engine/queue.js';

const isAbort = { name: 'AbortError' };
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** Work that ends when the test says so, and tells in `began` that it has begun. */
function work(name, began) {
  const { promise, resolve } = Promise.withResolvers?.() ?? deferred();
  const run = (signal) => {
    began.push(name);
    run.signal = signal;
    return promise;
  };
  return Object.assign(run, { end: () => resolve(name) });
}

function deferred() {
  let resolve;
  const promise = new Promise((given) => (resolve = given));
  return { promise, resolve };
}

test('tasks run one at a time, first come first served', async () => {
  const [queue, began] = [new Queue(), []];
  const [a, b] = [work('a', began), work('b', began)];
  const results = [queue.add(a), queue.add(b)];
  await settled();
  assert.deepEqual(began, ['a']);
  a.end();
  assert.equal(await results[0], 'a');
  await settled();
  assert.deepEqual(began, ['a', 'b']);
  b.end();
  assert.equal(await results[1], 'b');
});

test('a higher priority goes first, also among tasks that come in one go', async () => {
  const [queue, began] = [new Queue(), []];
  const tasks = [
    ['low', -1],
    ['first', 0],
    ['second', 0],
    ['high', 5],
  ].map(([name, priority]) => {
    const task = work(name, began);
    task.end();
    return queue.add(task, { priority });
  });
  await Promise.all(tasks);
  assert.deepEqual(began, ['high', 'first', 'second', 'low']);
});

test('a running task is not overtaken, whatever the priority of another', async () => {
  const [queue, began] = [new Queue(), []];
  const [a, b] = [work('a', began), work('b', began)];
  queue.add(a, { priority: -1 });
  await settled();
  queue.add(b, { priority: 9 });
  await settled();
  assert.deepEqual(began, ['a']);
});

test('aborting a waiting task removes it and rejects at once', async () => {
  const [queue, began, controller] = [new Queue(), [], new AbortController()];
  const [a, b] = [work('a', began), work('b', began)];
  const first = queue.add(a);
  const second = queue.add(b, { signal: controller.signal });
  await settled();
  controller.abort();
  await assert.rejects(second, isAbort);
  a.end();
  await first;
  await settled();
  assert.deepEqual(began, ['a']);
});

test('aborting a running task rejects at once and frees the turn when its work has ended', async () => {
  const [queue, began, controller] = [new Queue(), [], new AbortController()];
  const [a, b] = [work('a', began), work('b', began)];
  const first = queue.add(a, { signal: controller.signal });
  const second = queue.add(b);
  await settled();
  controller.abort(new Error('mine'));
  await assert.rejects(first, /mine/);
  assert.equal(a.signal.reason.message, 'mine');
  await settled();
  assert.deepEqual(began, ['a']);
  a.end();
  b.end();
  assert.equal(await second, 'b');
});

test('a signal that was aborted before rejects without running', async () => {
  const [queue, began] = [new Queue(), []];
  await assert.rejects(queue.add(work('a', began), { signal: AbortSignal.abort() }), isAbort);
  await settled();
  assert.deepEqual(began, []);
});

test('a task that fails does not stop the next', async () => {
  const queue = new Queue();
  const failed = queue.add(async () => {
    throw new Error('no');
  });
  const next = queue.add(async () => 'yes');
  await assert.rejects(failed, /no/);
  assert.equal(await next, 'yes');
});

test('clearing rejects what runs and waits, and nothing that is added afterwards', async () => {
  const [queue, began] = [new Queue(), []];
  const [a, b] = [work('a', began), work('b', began)];
  const before = [queue.add(a), queue.add(b)];
  await settled();
  queue.clear(new DOMException('cancelled', 'AbortError'));
  const after = queue.add(async () => 'after');
  for (const task of before) await assert.rejects(task, isAbort);
  a.end();
  assert.equal(await after, 'after');
  assert.deepEqual(began, ['a']);
});

test('only tasks that are to be told count as busy, and aborted ones no longer', async () => {
  const states = [];
  const queue = new Queue(() => states.push(queue.state));
  const [began, controller] = [[], new AbortController()];
  const [quiet, loud] = [work('quiet', began), work('loud', began)];
  queue.add(quiet, { quiet: true });
  await settled();
  assert.equal(queue.state, null);
  const told = queue.add(loud, { signal: controller.signal });
  assert.equal(queue.state, 'waiting');
  quiet.end();
  await settled();
  assert.equal(queue.state, 'running');
  controller.abort();
  assert.equal(queue.state, null);
  assert.equal(states.at(-1), null);
  await assert.rejects(told, isAbort);
});

test('a newer run aborts the one before, whose result is never given', async () => {
  const [newest, began] = [new Newest(), []];
  const [a, b] = [work('a', began), work('b', began)];
  const first = newest.run(a);
  const second = newest.run(b);
  assert.equal(a.signal.aborted, true);
  a.end();
  b.end();
  await assert.rejects(first, isAbort);
  assert.equal(await second, 'b');
});

test('a run is aborted without a new one, and an abort of nothing is nothing', async () => {
  const newest = new Newest();
  newest.abort();
  const a = work('a', []);
  const run = newest.run(a);
  newest.abort();
  a.end();
  await assert.rejects(run, isAbort);
  assert.equal(a.signal.aborted, true);
});
