// Handles of language: what a model of language makes of words is brought as any other handle is.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeWorker, asked, settled, workers } from './engine-fake-worker.mjs';
import { Engine } from '../../www/engine/client.js';

const file = (name) => new File([new Uint8Array(10)], name);
const language = () => ({ files: { weights: file('weights') } });
const picture = () => ({ file: file('picture') });
const phrase = (of = language()) => ({
  language: of,
  picture: picture(),
  request: { classes: [] },
  phrase: { tokens: [4, 7, 6], first: 1, last: 2 },
});

/** @type {Engine} */
let engine;

beforeEach(() => {
  workers.length = 0;
  FakeWorker.hold = new Set();
  FakeWorker.gpu = false;
  engine = new Engine();
});

afterEach(() => engine.cancel());

const argsOf = (name) => workers.at(-1).asked.findLast((call) => call.name === name).args;

test('a model of language is loaded once and completed; questions of it are models', async () => {
  const of = language();
  assert.equal(await engine.loadLanguage(of), of);
  assert.deepEqual(of.answers, ['yes', 'no']);
  const question = await engine.load({ language: of, question: 'is it' });
  assert.deepEqual(question.labels, ['yes', 'no']);
  assert.deepEqual(
    question.asked.map(({ word }) => word),
    ['is', 'it'],
  );
  assert.equal(question.question, 'is it');
  assert.deepEqual(asked(), ['load_language', 'ask']);
});

test('an explanation brings the question that it is of, and the question its model of language', async () => {
  const one = { model: { language: language(), question: 'is it' }, picture: picture(), request: { class: 1 } };
  await engine.explain(one);
  await engine.draw(one, {});
  assert.deepEqual(asked(), ['load_language', 'ask', 'open_picture', 'explain', 'draw']);
  const { bitmaps } = await engine.glance(one, {});
  assert.equal(bitmaps.length, 1);
});

test('a word of a caption is a model, too', async () => {
  const word = { language: language(), tokens: [4, 7], place: 1 };
  await engine.explain({ model: word, picture: picture(), request: { class: 7 } });
  assert.deepEqual(asked(), ['load_language', 'bind_word', 'open_picture', 'explain']);
  assert.deepEqual(argsOf('bind_word').slice(1), [[4, 7], 1]);
  assert.deepEqual(word.labels, ['a', 'car']);
});

test('a phrase has a heatmap for each word and one of them together', async () => {
  const one = phrase();
  const { bitmaps } = await engine.glance(one, {});
  assert.equal(bitmaps.length, 3);
  assert.deepEqual(
    one.words.map((word) => word.class.id),
    [7, 6],
  );
  assert.equal(one.device, 'cpu');
  assert.deepEqual(argsOf('explain_phrase')[2], { tokens: [4, 7, 6], first: 1, last: 2, how: { classes: [] } });
  assert.equal(workers[0].asked.at(-1).name, 'release');
});

test('captions are read, written and scored by a model that is brought for it', async () => {
  const [of, seen] = [language(), picture()];
  const { words } = await engine.readCaption(of, 'a car');
  const { captions } = await engine.writeCaptions(of, seen, { beam: 3, preprocess: 'squash' });
  const { log_probabilities } = await engine.scoreCaption(of, seen, { tokens: [0, 1], preprocess: 'squash' });
  assert.deepEqual([words.length, captions.length, log_probabilities.length], [2, 3, 3]);
  assert.deepEqual(asked(), ['load_language', 'read_caption', 'open_picture', 'write_captions', 'score_caption']);
});

test('what the worker dropped of them is brought again, each in its way', async () => {
  const of = language();
  const one = { model: { language: of, question: 'is it' }, picture: picture(), request: { class: 1 } };
  await engine.explain(one);
  workers[0].kept.clear();
  workers[0].asked.length = 0;
  await engine.rawMap(one);
  assert.deepEqual(asked(), ['raw_map', 'explain', 'ask', 'load_language', 'ask', 'explain', 'open_picture', 'explain', 'raw_map']);
});

test('a worker that takes another’s place gets the question that was used last', async () => {
  const one = { model: { language: language(), question: 'is it' }, picture: picture(), request: { class: 1 } };
  await engine.explain(one);
  workers[0].die();
  await settled();
  assert.deepEqual(asked(), ['load_language', 'ask', 'open_picture']);
  await engine.rawMap(one);
  assert.deepEqual(asked().slice(3), ['explain', 'raw_map']);
});

test('a worker that takes another’s place gets the model of language of a phrase', async () => {
  const one = phrase();
  await engine.explain(one);
  workers[0].die();
  await settled();
  assert.deepEqual(asked(), ['load_language', 'open_picture']);
});

test('a question that is released is dropped alone', async () => {
  const of = language();
  const question = { language: of, question: 'is it' };
  await engine.load(question);
  engine.release(question);
  await engine.load({ language: of, question: 'is it there' });
  assert.deepEqual(asked(), ['load_language', 'ask', 'ask']);
});

test('cancelling ends a phrase at its next step', async () => {
  FakeWorker.hold.add('explain_phrase');
  const controller = new AbortController();
  const running = engine.explain(phrase(), { signal: controller.signal });
  await settled();
  const call = workers[0].held.at(-1);
  assert.deepEqual(engine.work.value, { phase: 'explain_phrase', step: null });
  controller.abort();
  await assert.rejects(running, { name: 'AbortError' });
  assert.deepEqual(workers[0].cancels, [call.id]);
});
