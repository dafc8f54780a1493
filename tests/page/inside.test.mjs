// Look inside: the order of channels, what a place sees and how it is drawn, and the controller with an engine that answers at once.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import { speak } from '../../www/i18n/index.js';
import { channelOf, coloured } from '../../www/elements/paint.js';
import { INSIDE } from '../../www/state/inside.js';
import { Status } from '../../www/state/status.js';
import { cut, enlarged, orderOf, patchAt, scaleOf, seenBy, strongestOf } from '../../www/views/inside/channels.js';
import { Controller } from '../../www/views/inside/controller.js';

const models = path.resolve(import.meta.dirname, '../../models');
const turn = () => new Promise((resolve) => setTimeout(resolve));
await speak('en');

/** Three channels of 2 × 2 places; place 0 sees the pixels -1 to 3 of 8, the next one 4 further. */
const SHEET = {
  layer: 'last',
  channels: 3,
  height: 2,
  width: 2,
  block: 1,
  rows: 2,
  columns: 2,
  data: Float32Array.from([0, 1, 2, 3, -4, 0, 0, 4, 0, 0, 0, 0]),
  min: Float32Array.from([0, -4, 0]),
  max: Float32Array.from([3, 4, 0]),
  mean: Float32Array.from([1.5, 0, 0]),
  peaks: [
    [1, 1],
    [1, 1],
    [0, 0],
  ],
  input: [8, 8],
  field: [
    { first: -1, last: 3, step: 4 },
    { first: -1, last: 3, step: 4 },
  ],
};

test('channels stand by number, or the highest first; the strongest is the first of these', () => {
  assert.deepEqual(orderOf(SHEET, 'number'), [0, 1, 2]);
  assert.deepEqual(orderOf(SHEET, 'strength'), [1, 0, 2]);
  assert.equal(strongestOf(SHEET), 1);
  const equal = { ...SHEET, max: Float32Array.from([2, 2, 2]) };
  assert.deepEqual(orderOf(equal, 'strength'), [0, 1, 2], 'of equal ones, the lower number');
});

test('colours go from the lowest to the highest value, of a channel or of all of them', () => {
  assert.deepEqual(scaleOf(SHEET, 0, false), { min: 0, max: 3 });
  assert.deepEqual(scaleOf(SHEET, 0, true), { min: -4, max: 4 });
  const table = Float32Array.from({ length: 256 * 3 }, (_, i) => Math.floor(i / 3));
  const shown = (channel, shared) => {
    const { data } = coloured(channelOf(SHEET, SHEET.data, channel), { scale: scaleOf(SHEET, channel, shared), table });
    return Array.from({ length: 4 }, (_, i) => data[4 * i]);
  };
  assert.deepEqual(shown(1, false), [0, 128, 128, 255]);
  assert.deepEqual(shown(0, true), [128, 159, 191, 223]);
  assert.deepEqual(shown(2, false), [0, 0, 0, 0], 'a channel without any difference has one colour');
});

test('the frame is what a place sees of the picture; a patch lies around its middle and within the picture', () => {
  assert.deepEqual(seenBy(SHEET, 0), { left: 3, top: 3, right: 8, bottom: 8 });
  assert.deepEqual(seenBy(SHEET, 2), { left: 0, top: 0, right: 4, bottom: 4 });
  assert.equal(seenBy({ ...SHEET, field: null }, 0), null);
  // The middle of pixels -1 to 3 is that of pixel 1.
  assert.deepEqual(patchAt(SHEET, [0, 0], 3), { left: 0, top: 0, right: 3, bottom: 3 });
  assert.deepEqual(patchAt(SHEET, [0, 1], 3), { left: 4, top: 0, right: 7, bottom: 3 });
  assert.deepEqual(patchAt(SHEET, [1, 1], 5), { left: 3, top: 3, right: 8, bottom: 8 }, 'moved into the picture');
});

test('parts and enlargements of a picture have its pixels', () => {
  const data = Uint8ClampedArray.from({ length: 4 * 9 }, (_, i) => Math.floor(i / 4));
  const picture = { width: 3, height: 3, data };
  const reds = ({ data: pixels }) => Array.from({ length: pixels.length / 4 }, (_, i) => pixels[4 * i]);
  assert.deepEqual(reds(cut(picture, { left: 1, top: 1, right: 3, bottom: 3 })), [4, 5, 7, 8]);
  const large = enlarged(picture, 2);
  assert.deepEqual([large.width, large.height], [6, 6]);
  assert.deepEqual(reds(large).slice(0, 12), [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2]);
});

test('what comes with the page is of the default network as it is, and small', () => {
  const index = JSON.parse(readFileSync(path.join(models, 'index.json'), 'utf8'));
  const entry = index.models.find(({ name }) => name === index.default);
  const files = Object.values(entry.channels);
  assert.ok(files.length > 1);
  assert.ok(files.reduce((sum, { bytes }) => sum + bytes, 0) <= 300_000, 'at most 300 KB for all');
  const table = JSON.parse(readFileSync(path.join(models, entry.name, 'channels.json'), 'utf8'));
  assert.equal(table.weights, entry.files['model.safetensors'].sha256);
  assert.deepEqual(Object.keys(entry.channels).sort(), ['channels.json', ...table.layers.map(({ sheet }) => sheet)].sort());
  for (const { chance, units } of table.layers) {
    assert.ok(Math.abs(chance.reduce((sum, share) => sum + share, 0) - 1) < 0.01);
    for (const { n, shown, patches } of units) {
      assert.ok(shown.reduce((sum, [, count]) => sum + count, 0) <= n && n <= table.top);
      assert.equal(patches.length, Math.min(n, 9));
      assert.deepEqual(
        patches.map(([, , , activation]) => activation),
        patches.map(([, , , activation]) => activation).sort((a, b) => b - a),
      );
    }
  }
});

/** A controller whose engine gives SHEET of the layer `last`, and a sheet of one channel of all others. */
function opened({ state = {}, missing = [], unknown = false } = {}) {
  const calls = [];
  const layers = [
    { name: 'first', shape: [1, 2, 2] },
    { name: 'last', shape: [3, 2, 2] },
  ];
  const engine = {
    about: signal({ preprocess: ['squash'] }),
    load: async (model) => Object.assign(model, { layers, default_layer: 'last', labels: ['cat', 'dog'] }),
    open: async (picture) => picture,
    async activations(_, __, { preprocess, layer }, { signal: aborted }) {
      calls.push(layer);
      assert.equal(preprocess, 'squash');
      await turn();
      aborted.throwIfAborted();
      return layer === 'last' ? SHEET : { ...SHEET, layer, channels: 1 };
    },
    frame: async () => ({ width: 8, height: 8, data: new Uint8ClampedArray(4 * 64) }),
  };
  const units = [0, 1, 2].map((channel) => ({ active: 1, n: 4, shown: [[channel % 2, 3]], patches: [[0, 0, 0, 1, 0]] }));
  const table = { patch: 4, scenes: 9, top: 4, layers: [{ name: 'last', sheet: 'last.jpg', kept: 0.5, chance: [0.1, 0.2, 0.7], units }] };
  const status = new Status();
  const source = signal({ ...INSIDE, ...state });
  const model = { source: { kind: 'embedded', name: 'x' } };
  const controller = new Controller({
    engine,
    state: source,
    status,
    resolveModel: async (asked) => (asked ? { source: asked } : model),
    async resolvePicture(picture) {
      if (missing.includes(picture?.name)) throw Object.assign(new Error('no such picture'), { code: 'sample-unknown' });
      return { source: picture };
    },
    known: {
      async table(of) {
        calls.push('table');
        return unknown || of !== model ? null : table;
      },
      async patches(_, file) {
        calls.push(file);
        return { width: 12, height: 12, data: new Uint8ClampedArray(4 * 144) };
      },
    },
    pixelsOf: (pixels) => pixels,
  });
  controller.active.value = true;
  controller.connect();
  const settle = async () => {
    for (let i = 0; i < 50 && !controller.settled; i++) await turn();
    assert.ok(controller.settled);
  };
  return { controller, calls, status, state: source, settle };
}

test('the default layer comes first, with its strongest channel and what that answers to', async (t) => {
  const { controller, calls, settle } = opened();
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual(calls, ['last', 'table', 'last.jpg']);
  assert.equal(controller.channel.value, 1);
  assert.deepEqual(controller.unit.value.shown, [[1, 3]]);
  assert.deepEqual(controller.described.value, ['last']);
});

test('another channel, order or scale asks for nothing', async (t) => {
  const { controller, calls, settle } = opened();
  t.after(() => controller.disconnect());
  await settle();
  controller.ask({ channel: 2, order: 'strength', scale: 'own' });
  await settle();
  assert.equal(calls.length, 3);
  assert.equal(controller.channel.value, 2);
  assert.deepEqual(controller.order.value, [1, 0, 2]);
});

test('another layer has other channels; what its channels answer to need not be known', async (t) => {
  const { controller, calls, settle, state } = opened({ state: { channel: 2 } });
  t.after(() => controller.disconnect());
  await settle();
  controller.ask({ layer: 'first' });
  assert.equal(state.value.channel, null);
  assert.ok(controller.behind.value);
  await settle();
  assert.equal(controller.unit.value, null);
  assert.deepEqual(controller.described.value, ['last'], 'the page says of which layers it is');
  assert.deepEqual(calls.slice(3), ['first']);
});

test('what a link says and the network does not have is left out, and told', async (t) => {
  for (const [asked, refused] of [
    [{ layer: 'middle' }, 'middle'],
    [{ channel: 3 }, '3'],
  ]) {
    const { controller, status, settle, state } = opened({ state: asked });
    t.after(() => controller.disconnect());
    await settle();
    assert.equal(status.failure.value.code, 'link-refused');
    assert.deepEqual(
      status.failure.value.arguments.refused.map(({ found }) => found),
      [refused],
    );
    assert.deepEqual([state.value.layer, state.value.channel], [null, null]);
    assert.equal(controller.channel.value, 1);
  }
});

test('a picture that cannot be had gives way to the one before', async (t) => {
  const { controller, status, settle, state } = opened({ missing: ['lost'] });
  t.after(() => controller.disconnect());
  await settle();
  controller.choose({ picture: { kind: 'sample', name: 'lost' } });
  for (let i = 0; i < 20; i++) await turn();
  await settle();
  assert.equal(status.failure.value.code, 'sample-unknown');
  assert.equal(state.value.picture, null);
});

test('of a network whose channels nobody studied there is the sheet', async (t) => {
  const { controller, settle } = opened({ unknown: true });
  t.after(() => controller.disconnect());
  await settle();
  assert.equal(controller.unit.value, null);
  assert.deepEqual(controller.described.value, []);
  assert.equal(controller.seen.value.sheet, SHEET);
});

test('what is no longer asked for is broken off, and a view that is left computes nothing', async (t) => {
  const { controller, calls, settle } = opened();
  t.after(() => controller.disconnect());
  controller.ask({ layer: 'first' });
  controller.ask({ layer: 'last' });
  await settle();
  assert.equal(controller.seen.value.sheet.layer, 'last');
  const before = calls.length;
  controller.active.value = false;
  controller.ask({ layer: 'first' });
  for (let i = 0; i < 10; i++) await turn();
  assert.equal(calls.length, before);
  controller.active.value = true;
  await settle();
  assert.equal(controller.seen.value.sheet.layer, 'first');
});
