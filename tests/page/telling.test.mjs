// What the status bar tells of the work that is under way, and of what was said before it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { stepWords, Telling } from '../../www/elements/telling.js';
import { formatters } from '../../www/i18n/format.js';
import { f, sentenceOf, speak } from '../../www/i18n/index.js';
import { isOfLabels } from '../../www/sources/own-network.js';
import { engineSources, errorsIn } from './rust-sources.mjs';

before(() => speak('en'));

const step = (phase, done = null) => ({ phase, step: done === null ? null : { method: 'rise', done, total: 1000 } });

test('the steps of a method are one number, and no sentence holds another', () => {
  assert.deepEqual(new Telling().workOf(null, step('explain', 480), false), {
    phase: 'explain',
    words: '480 of 1,000',
    method: 'rise',
    share: { method: 'rise', done: 480, total: 1000 },
  });
});

test('of a weight file that is read, the bytes are told', () => {
  const read = { phase: 'load_model', step: { method: null, done: 2e6, total: 8e6 } };
  const { phase, words, method, share } = new Telling().workOf(null, read, false);
  assert.deepEqual([phase, words, method], ['load_model', '1.9 MiB of 7.6 MiB', null]);
  assert.equal(share.done / share.total, 0.25);
});

test('a step is told in the words of what is counted: bytes of a file, or inputs of a method', () => {
  assert.equal(stepWords({ method: null, done: 2 ** 21, total: 2 ** 23 }), '2.0 MiB of 8.0 MiB');
  assert.equal(stepWords({ method: 'rise', done: 1000, total: 4000 }), '1,000 of 4,000');
});

test('after two seconds it is told how long the steps of a method still take', () => {
  let now = 0;
  const telling = new Telling(() => now);
  const words = (milliseconds, done) => {
    now = milliseconds;
    return telling.workOf(null, step('explain', done), true).words;
  };
  assert.equal(words(0, 8), '8 of 1,000');
  assert.equal(words(1000, 48), '48 of 1,000');
  assert.equal(words(2500, 108), '108 of 1,000, about 25 s left');
  assert.equal(words(5000, 108), '108 of 1,000, about 45 s left');
  assert.equal(words(10_000, 158), '158 of 1,000, about 60 s left');
  assert.equal(words(20_000, 158), '158 of 1,000, about 2 min left');
  assert.equal(words(24_000, 958), '958 of 1,000');
  // The same method anew.
  assert.equal(words(25_000, 8), '8 of 1,000');
});

test('while a view is at work something is told, and the phase before stays where the engine has nothing to do', () => {
  const telling = new Telling();
  const phases = (...all) => all.map(([work, busy]) => telling.workOf(null, work, busy)?.phase ?? null);
  assert.deepEqual(
    phases(
      [null, false],
      [null, true],
      [step('open_picture'), true],
      [step('wait'), true],
      [null, true],
      [step('explain'), true],
      [null, false],
    ),
    [null, 'wait', 'open_picture', 'open_picture', 'open_picture', 'explain', null],
  );
  telling.workOf({ done: 1, total: 2 }, null, true);
  assert.equal(telling.workOf(null, null, true).phase, 'wait'); // nothing is downloaded any more
});

test('a sentence that work came after is not told again; one that came meanwhile is told after it', () => {
  const telling = new Telling();
  const [saved, drawn] = [() => 'saved', () => 'drawn'];
  assert.equal(telling.sentenceOf(saved, false), saved);
  assert.equal(telling.sentenceOf(saved, false), saved);
  telling.sentenceOf(saved, true);
  assert.equal(telling.sentenceOf(saved, false), null);
  telling.sentenceOf(saved, true);
  telling.sentenceOf(drawn, true);
  assert.equal(telling.sentenceOf(drawn, false), drawn);
  const again = () => 'saved';
  assert.equal(telling.sentenceOf(again, false), again);
});

test('a probability that is not 0 is not told as 0', () => {
  for (const locale of ['en', 'zh-Hans']) {
    const { probability } = formatters(locale);
    assert.deepEqual([0, 0.0001, 0.0006, 0.05, 0.5, 1].map(probability), ['0.0%', '<0.1%', '0.1%', '5.0%', '50%', '100%']);
  }
});

test('class names are called so in both languages, also where the engine calls them labels', async () => {
  const given = {
    labels: '2',
    classes: '1000',
    cause: 'line 1',
    value: '7',
    id: '3',
    first: 'cat',
    second: 'dog',
    found: '3',
    missing: '2',
    name: 'cat',
    other: 'dog',
  };
  const ofLabels = errorsIn(engineSources()).filter(({ path }) => path === 'src/weights/labels.rs');
  const faults = ['label-count', ...new Set(ofLabels.map(({ code }) => code))];
  assert.ok(faults.length >= 7 && faults.every(isOfLabels), faults.join());
  const said = () => faults.map((code) => sentenceOf({ code, arguments: given, message: 'the labels' }));
  for (const words of said()) assert.doesNotMatch(words, /label|undefined/);
  assert.equal(said()[0], 'The file has 2 class names, but the network has 1,000 classes.');
  await speak('zh');
  for (const words of said()) assert.match(words, /名称|文件/);
  assert.equal(f().number(1000), '1,000');
});
