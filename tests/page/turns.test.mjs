import assert from 'node:assert/strict';
import { test } from 'node:test';

// Node would wait for ever for an open channel.
globalThis.MessageChannel = class {
  port1 = { onmessage: () => {} };
  port2 = { postMessage: () => queueMicrotask(() => this.port1.onmessage()) };
};
const { Cancellations } = await import('../../www/engine/turns.js');
const cancelled = { kind: 'cancelled' };

test('a call that was cancelled ends at its next step', async () => {
  const cancellations = new Cancellations();
  cancellations.expect(1);
  cancellations.expect(2);
  await cancellations.pass(1);
  cancellations.cancel(1);
  await assert.rejects(cancellations.pass(1), cancelled);
  await cancellations.pass(2);
});

test('of a call that has ended nothing is kept, even if it is cancelled while its answer is on its way', () => {
  const cancellations = new Cancellations();
  for (const late of [false, true]) {
    cancellations.expect(1);
    if (!late) cancellations.cancel(1);
    cancellations.forget(1);
    if (late) cancellations.cancel(1);
    cancellations.check(1);
  }
});
