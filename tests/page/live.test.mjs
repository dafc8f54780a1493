import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Live } from '../../www/engine/live.js';

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A live view whose computations end when the test says so. */
function watched() {
  const seen = { computing: [], results: [], marks: [], failures: [] };
  const live = new Live({
    compute: (signal) => new Promise((resolve, reject) => seen.computing.push({ resolve, reject, signal })),
    onResult: (result) => seen.results.push(result),
    onMark: (mark) => seen.marks.push(mark),
    onFailure: (error) => seen.failures.push(error.message),
  });
  live.resume();
  return { live, seen };
}

test('states in between are never computed', async () => {
  const { live, seen } = watched();
  live.touch();
  for (let i = 0; i < 5; i++) live.touch();
  assert.equal(seen.computing.length, 1);
  seen.computing[0].resolve('old');
  await settled();
  assert.equal(seen.computing.length, 2);
  assert.deepEqual(seen.marks.at(-1), { stale: true, stopped: false });
  seen.computing[1].resolve('new');
  await settled();
  assert.deepEqual(seen.results, ['old', 'new']);
  assert.deepEqual(seen.marks.at(-1), { stale: false, stopped: false });
  assert.equal(live.settled, true);
});

test('a failure of the present state stops, and a new state goes on', async () => {
  const { live, seen } = watched();
  live.touch();
  seen.computing[0].reject(new Error('no'));
  await settled();
  assert.deepEqual(seen.failures, ['no']);
  assert.deepEqual(seen.marks.at(-1), { stale: true, stopped: true });
  live.touch();
  seen.computing[1].resolve('yes');
  await settled();
  assert.deepEqual(seen.results, ['yes']);
});

test('a failure of an older state is not told, for the newer one is tried at once', async () => {
  const { live, seen } = watched();
  live.touch();
  live.touch();
  seen.computing[0].reject(new Error('no'));
  await settled();
  assert.deepEqual(seen.failures, []);
  assert.equal(seen.computing.length, 2);
});

test('a result that could not be shown leaves the mark on what is there', async () => {
  const marks = [];
  const live = new Live({
    compute: async () => 'new',
    onResult: () => {
      throw new Error('no canvas');
    },
    onMark: (mark) => marks.push(mark),
    onFailure: () => {},
  });
  live.resume();
  live.touch();
  await settled();
  assert.deepEqual([marks.at(-1), live.settled], [{ stale: true, stopped: true }, false]);
});

test('while nobody looks, nothing is computed; whoever comes back finds the newest state under way', async () => {
  const { live, seen } = watched();
  live.touch();
  live.rest();
  assert.equal(seen.computing[0].signal.aborted, true);
  seen.computing[0].reject(new DOMException('cancelled', 'AbortError'));
  await settled();
  live.touch();
  live.touch();
  await settled();
  assert.equal(seen.computing.length, 1);
  assert.deepEqual(seen.marks.at(-1), { stale: true, stopped: false });
  assert.equal(live.settled, false);
  live.resume();
  assert.equal(seen.computing.length, 2);
  seen.computing[1].resolve('new');
  await settled();
  assert.deepEqual(seen.results, ['new']);
  live.rest();
  live.resume();
  assert.equal(seen.computing.length, 2, 'nothing has changed');
});

test('what was left before its result came is computed on return, also at once', async () => {
  for (const late of [true, false]) {
    const { live, seen } = watched();
    live.touch();
    live.rest();
    const end = async () => {
      seen.computing[0].reject(new DOMException('cancelled', 'AbortError'));
      await settled();
    };
    if (!late) await end();
    live.resume();
    if (late) await end();
    assert.equal(seen.computing.length, 2);
    assert.equal(seen.computing[1].signal.aborted, false);
  }
});

test('what is aborted stops, and is no failure', async () => {
  const { live, seen } = watched();
  live.touch();
  live.abort();
  seen.computing[0].reject(new DOMException('cancelled', 'AbortError'));
  await settled();
  assert.deepEqual([seen.failures, seen.marks.at(-1)], [[], { stale: true, stopped: true }]);
});
