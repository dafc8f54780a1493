// Steps: sums of channels by hand, formulas of every method that is a weighted sum, and the controller with an engine that answers at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import { EngineError } from '../../www/engine/errors.js';
import { formatters } from '../../www/i18n/format.js';
import { speak } from '../../www/i18n/index.js';
import { Status } from '../../www/state/status.js';
import { STEPS, SYMBOLS } from '../../www/state/steps.js';
import { Controller } from '../../www/views/steps/controller.js';
import english from '../../www/views/steps/en.js';
import { FORMULAS, PAPERS } from '../../www/views/steps/formulas.js';
import { addedBy, countsBy, orderOf, partAt, rectified, sumOf, termsAt, weightsOf } from '../../www/views/steps/sums.js';
import chinese from '../../www/views/steps/zh.js';
import { about as plain } from './fake-about.mjs';
import { list, methods, read } from './rust-sources.mjs';

await speak('en');
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Three channels of 2 by 2 pixels. */
const ACTIVATIONS = Float32Array.of(1, 2, 3, 4, 0, 1, 0, 1, 2, 2, 2, 2);
const ofChannels = {
  channels: 3,
  width: 2,
  height: 2,
  activations: ACTIVATIONS,
  gradients: new Float32Array(12),
  weights: Float32Array.of(0.5, -2, 1),
};
const ofPixels = { ...ofChannels, weights: Float32Array.of(1, 0, 0, 0, 0, -1, 0, 3, 0.5, 0.5, 0.5, 0.5) };

// Sums

test('a map is the sum of its channels, each times its weight', () => {
  const all = () => true;
  assert.deepEqual([...sumOf(ofChannels, all)], [0.5 + 2, 1 - 2 + 2, 1.5 + 2, 2 - 2 + 2]);
  assert.deepEqual([...sumOf(ofPixels, all)], [1 + 1, -1 + 1, 1, 3 + 1]);
  assert.deepEqual([...sumOf(ofChannels, (channel) => channel === 1)], [0, -2, 0, -2]);
  assert.deepEqual([...rectified(Float64Array.of(-2, 0, 3))], [0, 0, 3]);
  const [whole, without] = [sumOf(ofChannels, all), sumOf(ofChannels, (channel) => channel !== 0)];
  whole.forEach((value, pixel) => assert.equal(value - without[pixel], partAt(ofChannels, 0, pixel)));
});

test('channels stand in the order of what they add', () => {
  const added = addedBy(ofChannels);
  assert.deepEqual([...added], [1.25, -1, 2]);
  assert.deepEqual(orderOf(added), [2, 0, 1]);
  assert.deepEqual([...addedBy(ofPixels)], [0.25, 0.5, 1]);
  assert.deepEqual([...weightsOf(ofChannels)], [0.5, -2, 1]);
  assert.deepEqual([...weightsOf(ofPixels)], [0.25, 0.5, 0.5]);
});

test('all channels count, or those of one sign, or none; but those that are excepted', () => {
  const added = Float64Array.of(1, -1, 0);
  const counting = (channels, except = []) => [0, 1, 2].filter(countsBy({ channels, except }, added));
  assert.deepEqual(counting('all'), [0, 1, 2]);
  assert.deepEqual(counting('all', [1]), [0, 2]);
  assert.deepEqual(counting('positive'), [0, 2]);
  assert.deepEqual(counting('positive', [1, 2]), [0, 1]);
  assert.deepEqual(counting('negative'), [1]);
  assert.deepEqual(counting('none', [2]), [2]);
});

test('a pixel’s terms are the largest, and the others add up to its sum', () => {
  const all = () => true;
  const { terms, others, rest } = termsAt(ofChannels, all, 3, 1);
  assert.deepEqual(terms, [{ channel: 0, weight: 0.5, activation: 4, part: 2 }]);
  assert.deepEqual([others, rest], [2, 0]);
  const two = termsAt(ofPixels, (channel) => channel !== 2, 3, 5);
  assert.deepEqual(
    two.terms.map(({ channel, part }) => [channel, part]),
    [
      [1, 3],
      [0, 0],
    ],
  );
  assert.deepEqual([two.others, two.rest], [0, 0]);
});

test('numbers have three figures, however small they are', () => {
  const { figures } = formatters('en');
  assert.deepEqual([0.012345, 1234.5, -0.5, 0, -0].map(figures), ['0.0123', '1,230', '−0.500', '0', '0']);
  assert.deepEqual([0.0001234, -0.00001234, 2.98e-14].map(figures), ['0.000123', '−1.23 × 10⁻⁵', '2.98 × 10⁻¹⁴']);
});

// Formulas

test('every method that is a weighted sum has its formula, its paper and its words, and no other', () => {
  const folder = 'src/cam/methods';
  const weighted = list(folder)
    .map((file) => read(`${folder}/${file}`))
    .filter((code) => /\brun: Run::(Study)?Weights\(/.test(code))
    .map((code) => /\bname: "([\w+-]+)",/.exec(code)[1]);
  assert.ok(weighted.length > 7 && weighted.every((name) => methods().some((method) => method.name === name)));
  assert.deepEqual(Object.keys(FORMULAS).sort(), weighted.sort());
  for (const words of [english(formatters('en')), chinese(formatters('zh-Hans'))])
    assert.deepEqual(Object.keys(words.weights).sort(), weighted);
  for (const name of weighted) {
    const source = list(folder)
      .map((file) => read(`${folder}/${file}`))
      .find((code) => code.includes(`name: "${name}",`));
    assert.ok(source.includes(`<${FORMULAS[name].paper}>`), `${name}: the paper that the library names`);
    const symbols = FORMULAS[name].lines.flat().flatMap((mark) => (typeof mark === 'string' ? [] : mark[0]));
    for (const symbol of ['activations', 'weights', 'sum', 'relu', 'upsampling']) assert.ok(symbols.includes(symbol), `${name}: ${symbol}`);
    assert.equal(symbols.includes('gradients'), source.includes('needs: Needs::Gradients'), name);
  }
});

test('each step has two sentences, and a paper', () => {
  const { steps, weights } = english(formatters('en'));
  const { steps: stepsOf, weights: weightsIn } = chinese(formatters('zh-Hans'));
  const sentences = (text, mark) => text.split(mark).filter(Boolean).length;
  const texts = (of, by) => [...SYMBOLS.filter((symbol) => symbol !== 'weights').map((symbol) => of[symbol].said), ...Object.values(by)];
  for (const text of texts(steps, weights)) assert.equal(sentences(text, /[.!?](?:\s|$)/), 2, text);
  for (const text of texts(stepsOf, weightsIn)) assert.equal(sentences(text, '。'), 2, text);
  assert.deepEqual(Object.keys(PAPERS).sort(), SYMBOLS.filter((symbol) => symbol !== 'weights').sort());
});

// The controller

const METHODS = [
  ['grad-cam', true],
  ['rise', false],
  ['layer-cam', true],
].map(([name, weighted]) => ({ name, title: name, needs: 'gradients', output: 'map', settings: [], presets: [], weighted_sum: weighted }));
const about = { ...plain, methods: METHODS };

function opened({ state = {}, missing = [], fails = [] } = {}) {
  const calls = [];
  const released = [];
  const engine = {
    about: signal(about),
    work: signal(null),
    load: async (model) => Object.assign(model, { classes: 3, layers: [{ name: 'layer3' }, { name: 'layer4' }], default_layer: 'layer4' }),
    open: async (picture) => Object.assign(picture, { width: 4, height: 4 }),
    async decompose(handle) {
      const { method, classes, layers } = handle.request;
      calls.push(`${method} ${classes} ${layers}`);
      if (fails.includes(method)) throw new EngineError({ kind: 'request', code: 'cam-layer', arguments: {} });
      const { activations, gradients, weights } = method === 'layer-cam' ? ofPixels : ofChannels;
      const of = { id: classes[0] ?? 1, name: 'cat', probability: 0.75, flat: false };
      return Object.assign(handle, {
        classes: [of],
        top: [of],
        layers: [layers[0] ?? 'layer4'],
        map: { width: 2, height: 2 },
        parts: { activations, gradients, weights },
      });
    },
    original: async () => ({ width: 4, height: 4, data: new Uint8ClampedArray(64) }),
    release: (handle) => released.push(handle),
  };
  const status = new Status();
  const source = signal({ ...STEPS, ...state });
  const controller = new Controller({
    engine,
    state: source,
    status,
    resolveModel: async (model) => ({ source: model ?? { kind: 'embedded', name: 'x' } }),
    resolvePicture: async (picture) => {
      if (missing.includes(picture?.name))
        throw new EngineError({ kind: 'image', code: 'sample-unknown', arguments: { name: picture.name } });
      return { source: picture };
    },
    pixelsOf: (pixels) => pixels,
  });
  controller.active.value = true;
  controller.connect();
  const settle = async () => {
    for (let i = 0; i < 50 && !controller.settled; i++) await turn();
    assert.ok(controller.settled);
  };
  return { controller, calls, released, status, state: source, settle };
}

test('channels are switched without a computation, and the map follows by exactly their parts', async (t) => {
  const { controller, calls, released, state, settle } = opened();
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual([calls.length, released.length], [1, 1], 'what the page has, the engine need not keep');
  const { parts } = controller.base.value;
  const whole = [...controller.sum.value];
  assert.deepEqual(whole, [2.5, 1, 3.5, 2]);
  controller.toggle(0);
  assert.deepEqual(
    [...controller.sum.value],
    whole.map((value, pixel) => value - partAt(parts, 0, pixel)),
  );
  controller.toggle(1);
  assert.deepEqual(state.value.except, [0, 1]);
  controller.toggle(0);
  assert.deepEqual(state.value.except, [1]);
  controller.single(1);
  assert.deepEqual([...controller.sum.value], [0, -2, 0, -2]);
  assert.deepEqual([...controller.map.value], [0, 0, 0, 0]);
  controller.show({ channels: 'positive', except: [] });
  assert.deepEqual([...controller.map.value], [2.5, 3, 3.5, 4]);
  assert.deepEqual([...controller.whole.value], [2.5, 1, 3.5, 2]);
  await turn();
  assert.equal(calls.length, 1, 'nothing is computed again');
});

test('what is pointed at goes before what is chosen, and what the map does not have falls back', async (t) => {
  const { controller, settle } = opened({ state: { channel: 1, pixel: [7, 0] } });
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual([controller.channel.value, controller.pixel.value], [1, [0, 1]], 'the brightest pixel');
  controller.pointedChannel.value = 2;
  controller.pointedPixel.value = [1, 1];
  controller.pointedSymbol.value = 'relu';
  assert.deepEqual([controller.channel.value, controller.pixel.value, controller.symbol.value], [2, [1, 1], 'relu']);
  controller.pointedChannel.value = controller.pointedPixel.value = controller.pointedSymbol.value = null;
  controller.show({ channel: 99, pixel: [1, 0], symbol: 'sum' });
  assert.deepEqual([controller.channel.value, controller.pixel.value, controller.symbol.value], [2, [1, 0], 'sum'], 'the most adding one');
});

test('another question begins with all channels; one of another method that is no sum is left out and told', async (t) => {
  const { controller, calls, state, status, settle } = opened({ state: { method: 'rise', layer: 'layer9', class: 2 } });
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual(calls, ['grad-cam 2 ']);
  assert.deepEqual(
    status.failure.value.arguments.refused.map(({ name }) => name),
    ['method', 'layer'],
  );
  controller.single(1);
  controller.ask({ method: 'layer-cam', layer: 'layer3' });
  assert.deepEqual([state.value.channels, state.value.except, state.value.channel], ['all', [], null]);
  assert.ok(controller.behind.value);
  await settle();
  assert.deepEqual(calls.slice(1), ['layer-cam 2 layer3']);
  assert.deepEqual([...controller.sum.value], [2, 0, 1, 4]);
});

test('a picture that cannot be had gives way to the one before; a method that cannot be had is told, and network and picture stay', async (t) => {
  const model = { kind: 'embedded', name: 'y' };
  const { controller, state, status, settle } = opened({ state: { model }, missing: ['gone'], fails: ['layer-cam'] });
  t.after(() => controller.disconnect());
  await settle();
  controller.choose({ picture: { kind: 'sample', name: 'gone' } });
  await settle();
  assert.deepEqual([state.value.picture, state.value.model], [null, model]);
  assert.equal(status.failure.value.code, 'sample-unknown');
  controller.ask({ method: 'layer-cam' });
  for (let i = 0; i < 9; i++) await turn();
  assert.equal(status.failure.value.code, 'cam-layer');
  assert.deepEqual([state.value.method, state.value.model, controller.stopped.value], ['layer-cam', model, true]);
});

test('a view that is left computes nothing', async (t) => {
  const { controller, calls, settle } = opened();
  t.after(() => controller.disconnect());
  await settle();
  controller.active.value = false;
  controller.ask({ class: 2 });
  await turn();
  assert.equal(calls.length, 1);
  controller.active.value = true;
  await settle();
  assert.deepEqual(calls.slice(1), ['grad-cam 2 ']);
});
