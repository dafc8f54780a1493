// What <cam-lucida> is told, and what it tells, without a browser.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ATTRIBUTES } from '../../www/embed/attributes.js';
import { changeFrom, changeOf, modelOf, pictureOf, questionOf } from '../../www/embed/asking.js';
import { Messages, readMessage, readOrigin } from '../../www/embed/messages.js';
import { Outcome } from '../../www/embed/outcome.js';
import { Progress } from '../../www/embed/progress.js';
import { learn, speak, speaking, t } from '../../www/i18n/index.js';
import { hashOf } from '../../www/state/address.js';
import { explain } from '../../www/state/explain.js';

const BASE = 'https://guide.example/chapter/one.html';
const www = path.resolve(import.meta.dirname, '../../www');
const nothing = Object.fromEntries(
  ['src', 'model', 'method', 'classes', 'layer', 'colormap', 'opacity', 'threshold'].map((name) => [name, null]),
);

test('an element without attributes asks what the view Explain asks at first', () => {
  assert.deepEqual(questionOf(nothing, BASE), explain.initial);
});

test('a picture is an address, relative to the page, or what a link names', () => {
  assert.deepEqual(pictureOf('dog.jpg', BASE), { kind: 'address', url: 'https://guide.example/chapter/dog.jpg' });
  assert.deepEqual(pictureOf('//cdn.example/a.png', BASE), { kind: 'address', url: 'https://cdn.example/a.png' });
  assert.deepEqual(pictureOf('sample:meadow', BASE), { kind: 'sample', name: 'meadow' });
  assert.deepEqual(pictureOf('http://', BASE), { kind: 'address', url: 'http://' });
  assert.equal(pictureOf(' ', BASE), null);
  // Files of one’s own are of the page that they were given to.
  assert.equal(pictureOf('own:dog.jpg', BASE).kind, 'address');
});

test('a network is a name, a repository, an address, or what a link names', () => {
  const repository = (name) => ({ kind: 'repository', name, revision: null, host: null });
  assert.deepEqual(modelOf('resnet-scenes', BASE), { kind: 'embedded', name: 'resnet-scenes' });
  assert.deepEqual(modelOf('timm/resnet18.a1_in1k', BASE), repository('timm/resnet18.a1_in1k'));
  assert.deepEqual(modelOf('./nets/mine/', BASE), repository('https://guide.example/chapter/nets/mine/'));
  assert.deepEqual(modelOf('https://cdn.example/mine.pth', BASE), repository('https://cdn.example/mine.pth'));
  assert.deepEqual(modelOf('repository:timm/resnet18:v2', BASE), { ...repository('timm/resnet18'), revision: 'v2' });
  assert.deepEqual(modelOf('zoo:resnet50', BASE), { kind: 'zoo', name: 'resnet50' });
});

test('lists have commas; classes are ids or names', () => {
  const { classes, layers, opacity } = questionOf(
    { ...nothing, classes: '4, fire hydrant,12 ,', layer: 'layer3,layer4', opacity: 0.7 },
    BASE,
  );
  assert.deepEqual([classes, layers, opacity], [[4, 'fire hydrant', 12], ['layer3', 'layer4'], 0.7]);
});

test('an attribute changes what it is about, and a method goes with its settings', () => {
  const question = questionOf({ ...nothing, method: 'rise', src: 'a.png' }, BASE);
  assert.deepEqual(changeOf(question, ['method']), { method: 'rise', preset: null, settings: {} });
  assert.deepEqual(Object.keys(changeOf(question, ['src', 'layer', 'opacity'])), ['picture', 'layers', 'opacity']);
});

test('classes by name go to another network by name: their ids are of the network before', () => {
  const question = questionOf({ ...nothing, model: 'people-biased', classes: 'dog' }, BASE);
  assert.deepEqual(changeOf(question, ['model']), { model: { kind: 'embedded', name: 'people-biased' }, classes: ['dog'] });
});

test('options of a script have the names of the API; null is the default, and another name an error', () => {
  assert.deepEqual(changeFrom({ overlay: 'heatmap', settings: { samples: 10 }, smooth: undefined }), {
    formula: 'heatmap',
    settings: { samples: 10 },
  });
  assert.deepEqual(changeFrom({ settings: null, target: null }), { settings: {}, target: null });
  assert.throws(() => changeFrom({ metod: 'rise' }), { code: 'option-missing', arguments: { name: 'option', found: 'metod' } });
});

test('what attributes ask can be asked by a link, too', () => {
  const question = questionOf({ ...nothing, src: 'dog.jpg', model: 'resnet-scenes', classes: '4,7', opacity: 0.25 }, BASE);
  assert.equal(
    hashOf('explain', question),
    '#explain?picture=address:https://guide.example/chapter/dog.jpg&model=embedded:resnet-scenes&class=4,7&opacity=0.25',
  );
});

test('attributes are read and written as properties; what is not understood is the default', () => {
  const { opacity, reveal, controls, classes } = ATTRIBUTES;
  assert.deepEqual(['0.5', '', '2', 'half', null].map(opacity.read), [0.5, null, null, null, null]);
  assert.deepEqual(['click', 'now', null].map(reveal.read), ['click', 'view', 'view']);
  assert.deepEqual([true, false, 'class', null].map(controls.write), ['', null, 'class', null]);
  assert.deepEqual([[4, 'dog'], 4, null].map(classes.write), ['4,dog', '4', null]);
});

test('progress is told in order, each state once, and a failure is never ready', () => {
  const progress = new Progress();
  const told = [
    {},
    { busy: true },
    { busy: true, work: { phase: 'start', step: null } },
    { busy: true, work: { phase: 'start', step: null } },
    { busy: true, bytes: { done: 0, total: null } },
    { busy: true, bytes: { done: 50, total: 200 } },
    { busy: true },
    { busy: true, work: { phase: 'explain', step: { done: 1, total: 4, method: 'rise' } } },
    {},
    { busy: true },
    { failed: true },
    { busy: true },
  ].map((state) => progress.next('net', { bytes: null, work: null, busy: false, failed: false, ...state }));
  assert.deepEqual(
    told.map((one) => one?.status ?? null),
    [null, 'initiate', 'compile', null, 'download', 'progress', 'done', 'compute', 'ready', 'initiate', null, 'initiate'],
  );
  assert.deepEqual(told[5], { name: 'net', status: 'progress', loaded: 50, total: 200, progress: 25 });
  assert.deepEqual(told[7], { name: 'net', status: 'compute', step: 1, steps: 4, progress: 25 });
});

test('who waits gets the result of what is asked last, its failure, or an abort', async () => {
  const outcome = new Outcome();
  const first = outcome.wait();
  outcome.begin();
  const controller = new AbortController();
  const aborted = outcome.wait(controller.signal);
  controller.abort();
  await assert.rejects(aborted, { name: 'AbortError' });
  outcome.reach('one');
  assert.deepEqual([await first, await outcome.wait()], ['one', 'one']);
  outcome.begin();
  const failing = outcome.wait();
  outcome.fail(new Error('no'));
  await assert.rejects(failing, /no/);
});

test('a signal that goes on after a result is held by nobody', async () => {
  const [outcome, { signal }] = [new Outcome(), new AbortController()];
  const waiting = outcome.wait(signal);
  await Promise.resolve();
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  outcome.reach('one');
  assert.equal(await waiting, 'one');
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('an element may speak another language than its page', async () => {
  await speak('en');
  const chinese = await learn('zh');
  assert.deepEqual(
    [t().page.retry, speaking(chinese, () => t().page.retry), speaking(null, () => t().page.retry)],
    ['Try again', '重试', 'Try again'],
  );
  assert.throws(
    () =>
      speaking(chinese, () => {
        throw new Error(t().page.retry);
      }),
    /重试/,
  );
  assert.equal(t().page.retry, 'Try again');
});

test('what is loaded before a reveal imports only what belongs there', () => {
  const before = new Set(['element.js', 'embed.js']);
  for (const file of before) {
    const text = readFileSync(path.join(www, file), 'utf8');
    for (const [, imported] of text.matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)'/gm)) {
      before.add(path.relative(www, path.resolve(www, path.dirname(file), imported)));
    }
  }
  assert.deepEqual([...before].toSorted(), [
    'element.js',
    'embed.js',
    'embed/attributes.js',
    'embed/element.css',
    'embed/messages.js',
    'embed/posters.js',
    'embed/properties.js',
    'i18n/en/poster.js',
    'i18n/languages.js',
    'i18n/zh/poster.js',
    'styles/tokens.css',
  ]);
});

test('a message is exactly one of the table, or none', () => {
  const one = { target: 'cam-lucida', version: 1, type: 'ping', id: 3 };
  assert.deepEqual(readMessage(one), { type: 'ping', id: 3 });
  assert.deepEqual(readMessage({ ...one, id: undefined, more: 1 }), { type: 'ping', id: null });
  for (const other of [
    null,
    'ping',
    [one],
    { ...one, version: 2 },
    { ...one, type: 'constructor' },
    { ...one, id: {} },
    { ...one, id: 'x'.repeat(65) },
  ])
    assert.equal(readMessage(other), null);
});

test('whatever is posted is a message of the table, or none', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true });
  const type = fc.oneof(fc.constantFrom('ping', 'load', 'height', 'toString'), anything);
  const nearly = fc.record({ target: fc.constant('cam-lucida'), version: fc.oneof(fc.constant(1), anything), type, id: anything });
  let heard = 0;
  fc.assert(
    fc.property(fc.oneof(anything, nearly), (data) => {
      const message = readMessage(data);
      if (message === null) return;
      heard++;
      assert.ok(['ping', 'load'].includes(message.type));
      assert.ok(message.id === null || Number.isFinite(message.id) || (typeof message.id === 'string' && message.id.length <= 64));
      assert.deepEqual(Object.keys(message), ['type', 'id']);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 10_000) },
  );
  assert.ok(heard > 0, 'some are messages');
});

test('only the host is heard, and of it only the origin that is told', () => {
  const said = [];
  const host = { postMessage: (data, origin) => said.push([data.type, origin]) };
  let loads = 0;
  const heard = (told, event) => {
    const messages = new Messages({ host, origin: readOrigin(told), onLoad: () => loads++ });
    messages.hear({ source: host, origin: 'https://course.example', data: { target: 'cam-lucida', version: 1, type: 'load' }, ...event });
    messages.say({ type: 'ready' });
    return messages.ignored;
  };
  assert.deepEqual([heard(null), heard('https://course.example'), loads], [0, 0, 2]);
  assert.deepEqual(
    [heard('https://other.example'), heard('https://course.example/'), heard('*'), heard(null, { source: {} }), loads],
    [1, 1, 1, 1, 2],
  );
  assert.deepEqual(said, [
    ['ready', '*'],
    ['ready', 'https://course.example'],
    ['ready', 'https://other.example'],
    ['ready', '*'],
  ]);
});
