// What the view Caption does without a browser: which words are looked at, and how captions keep up with the picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import fc from 'fast-check';
import { EngineError } from '../../www/engine/errors.js';
import { formatters } from '../../www/i18n/format.js';
import { speak } from '../../www/i18n/index.js';
import { caption as codec, CAPTION } from '../../www/state/caption.js';
import { Status } from '../../www/state/status.js';
import { Controller } from '../../www/views/caption/controller.js';
import english from '../../www/views/caption/en.js';
import { between, followed, has, probabilitiesOf, same, textOf } from '../../www/views/caption/selection.js';
import { noteOf, titleOfHeat } from '../../www/views/caption/titles.js';
import chinese from '../../www/views/caption/zh.js';

await speak('en');

const FUNCTION_WORDS = ['a', 'and', 'of', 'with'];
const RELATION_WORDS = ['left', 'right'];
const KNOWN = [
  '<pad>',
  '<unknown>',
  '<start>',
  '<end>',
  ...FUNCTION_WORDS,
  'red',
  'blue',
  'green',
  'car',
  'ball',
  'hat',
  'left',
  'right',
  'two',
];
const wordsOf = (text) =>
  text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const token = KNOWN.indexOf(word);
      return {
        word,
        token: Math.max(token, 1),
        known: token >= 0,
        function_word: FUNCTION_WORDS.includes(word),
        relation_word: RELATION_WORDS.includes(word),
      };
    });
const at = (first, last = first) => ({ first, last });

// Which words are looked at

test('a phrase reaches from one word to another, whichever comes first', () => {
  assert.deepEqual(between(3, 1), at(1, 3));
  assert.deepEqual(between(2, 2), at(2));
  assert.ok(same(at(1, 3), { first: 1, last: 3 }) && same(null, null) && !same(null, at(0)) && !same(at(1), at(1, 2)));
});

test('words that are looked at are looked for in the next caption', () => {
  const follow = (range, before, after) => followed(range, wordsOf(before), wordsOf(after));
  const before = 'a red car left of a blue ball';
  assert.equal(follow(null, before, 'a red car'), null);
  assert.deepEqual(follow(at(1, 2), before, before), at(1, 2));
  assert.deepEqual(follow(at(1, 2), before, 'a blue ball right of a red car'), at(6, 7), 'they stand elsewhere now');
  assert.deepEqual(follow(at(5), before, before), at(5), 'the second “a” stays the second');
  assert.deepEqual(follow(at(1), before, 'a green car left of a blue ball'), at(1), 'only they have changed');
  assert.equal(follow(at(1, 2), before, 'a green hat'), null);
  assert.equal(follow(at(6, 7), before, 'a red car'), null);
});

test('whatever the captions are, the words that are followed are in the new one', () => {
  const text = fc.array(fc.constantFrom(...KNOWN.slice(4)), { maxLength: 8 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(text, text, fc.nat(7), fc.nat(7), (before, after, one, other) => {
      const range = between(one, other);
      fc.pre(has(wordsOf(before).length, range));
      const found = followed(range, wordsOf(before), wordsOf(after));
      assert.ok(has(wordsOf(after).length, found));
      if (found) assert.equal(found.last - found.first, range.last - range.first);
    }),
  );
});

test('a caption’s probability is the product of its words’ and its end’s', () => {
  const { each, total, all } = probabilitiesOf([Math.log(0.5), Math.log(0.25), 0]);
  assert.deepEqual(
    each.map((one) => Math.round(1000 * one) / 1000),
    [0.5, 0.25, 1],
  );
  assert.ok(Math.abs(all - 0.125) < 1e-12 && Math.abs(total - Math.log(0.125)) < 1e-12);
});

test('words in a link are counted from 1, and what is no range is refused', () => {
  const read = (text) => codec.read(new URLSearchParams(text));
  assert.deepEqual(read('words=2-4').state.words, at(1, 3));
  assert.deepEqual(read('words=1').state.words, at(0));
  for (const found of ['0', '3-2', 'x', '1-', '']) assert.deepEqual(read(`words=${found}`).refused, [{ name: 'words', found }]);
  assert.deepEqual(read('beam=4').refused, [{ name: 'beam', found: '4', allowed: ['1', '3', '5', '10'] }]);
  assert.deepEqual(codec.write({ ...CAPTION, words: at(1, 3), own: 'a, b', beam: 10 }), [
    ['beam', '10'],
    ['caption', 'a, b'],
    ['words', '2-4'],
  ]);
});

test('what is said of a heatmap names its words, and what its sum leaves out', () => {
  const words = wordsOf('a red car with a hat');
  const logs = words.map(() => Math.log(0.5));
  const heat = (range, { flat = false, which = 6 } = {}) => ({
    answer: { words, logs },
    range,
    which,
    phrase: {
      words: (range ? words.slice(range.first, range.last + 1) : words).map(({ function_word: empty }) => ({
        class: { flat },
        summed: !empty,
      })),
      flat,
    },
  });
  assert.equal(titleOfHeat(heat(at(1))), '“red”: probability 50%');
  assert.equal(titleOfHeat(heat(at(1, 2))), '“red car”: the sum of the words’ maps');
  assert.equal(noteOf(heat(at(1), { which: 0 })), '');
  assert.equal(noteOf(heat(at(0), { which: 0 })), 'This word names nothing that can be seen. Its map says little.');
  assert.equal(noteOf(heat(at(1), { which: 0, flat: true })), 'Nothing in the picture speaks for these words.');
  assert.equal(noteOf(heat(at(0, 2))), 'The sum leaves out “a”, which names nothing that can be seen.');
  assert.equal(noteOf(heat(null)), 'The sum leaves out “a” and “with”, which name nothing that can be seen.');
});

test('a relation word is in no sum of others, and its map is told to show what was read alone', () => {
  const words = wordsOf('a red car left of a hat');
  const logs = words.map(() => Math.log(0.5));
  const note = (range, summed, { flat = false } = {}) =>
    noteOf({
      answer: { words, logs },
      range,
      which: range?.first === range?.last && range ? 0 : summed.length,
      phrase: { words: summed.map((one) => ({ class: { flat }, summed: one })), flat },
    });
  const { relation } = english(formatters('en')).heat;
  assert.match(relation, /what was read, not what decided/);
  assert.equal(note(at(3), [true]), relation);
  assert.equal(note(at(3), [true], { flat: true }), relation, 'an empty map of it says nothing of the picture');
  assert.equal(note(at(3, 4), [true, true]), relation, 'of such words alone, the sum is theirs');
  const told =
    'The sum leaves out “a” and “of”, which name nothing that can be seen. “left” is not in the sum: the network tells it from where it looks, which maps of what it read do not show.';
  assert.equal(note(null, [false, true, true, false, false, false, true]), told);
  assert.ok(!note(at(1, 2), [true, true]));
});

test('sentences with words in them read well in both languages', () => {
  const [en, zh] = [english(formatters('en')), chinese(formatters('zh-Hans'))];
  assert.equal(en.own.unknown(['dog', 'cow']), 'The network does not know “dog” and “cow”. It reads unknown words in their places.');
  assert.equal(zh.own.unknown(['dog', 'cow']), '网络不认识“dog”和“cow”，会当作未知词来读。');
  assert.equal(en.settled('a red car', false), 'The network writes: a red car.');
  assert.equal(zh.words.label('a', '50%', [zh.words.nothing]), 'a，50%，不指任何看得见的东西');
});

// How captions keep up

const METHODS = [
  { name: 'grad-cam', needs: 'gradients', output: 'map', settings: [] },
  { name: 'hires-cam', needs: 'gradients', output: 'map', settings: [] },
  { name: 'rise', needs: 'nothing', output: 'map', settings: [{ name: 'samples' }] },
];
const about = {
  methods: METHODS,
  targets: ['logit', 'contrast:ID', 'log-probability'],
  merges: ['mean'],
  preprocess: ['squash'],
  style: { colormap: 'turbo', formula: 'blend', opacity: 0.5, threshold: 0 },
};
const BEST = ['a red car left of a blue ball', 'a red car', 'a blue ball'];
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** An engine that answers at once, but what `hold` names; `texts` are what it writes. */
function fakeEngine() {
  const [calls, held] = [[], []];
  const answer = (name, value, { signal: aborted } = {}) =>
    new Promise((resolve, reject) => {
      calls.push(name);
      aborted?.addEventListener('abort', () => reject(aborted.reason));
      const settle = () => (engine.failing === name ? reject(new EngineError({ kind: 'request', code: engine.code })) : resolve(value()));
      if (engine.hold === name) held.push(settle);
      else settle();
    });
  const engine = {
    about: signal(about),
    work: signal(null),
    texts: BEST,
    hold: null,
    failing: null,
    code: 'any',
    calls,
    released: [],
    go: () => held.splice(0).forEach((settle) => settle()),
    loadLanguage: async (language) => language,
    open: async (picture) => picture,
    writeCaptions: (_, picture, { beam }, options) =>
      answer(
        'write',
        () => ({ captions: engine.texts.slice(0, beam).map((text, i) => ({ words: wordsOf(text), log_probability: -1 - i })) }),
        options,
      ),
    readCaption: (_, text, options) => answer('read', () => ({ words: wordsOf(text) }), options),
    scoreCaption: (_, picture, { tokens }, options) =>
      answer('score', () => ({ log_probabilities: [...tokens, 3].map(() => -0.1) }), options),
    explain: (phrase, options) => {
      const { tokens, first, last } = phrase.phrase;
      if (phrase.words) return Promise.resolve(phrase);
      return answer(
        `explain ${first}-${last}`,
        () => Object.assign(phrase, { words: tokens.slice(first, last + 1).map((id) => ({ class: { id, flat: false } })), flat: false }),
        options,
      );
    },
    draw: (phrase, style, which, options) => answer(`draw ${which}`, () => ({ phrase, which, style, close() {} }), options),
    release: (handle) => engine.released.push(handle),
  };
  return engine;
}

async function opened(state = {}, { embedded = { doing: () => ({}), load: async () => ({ files: {} }) } } = {}) {
  const engine = fakeEngine();
  const controller = new Controller({
    engine,
    state: signal({ ...CAPTION, ...state }),
    status: new Status(),
    embedded: Promise.resolve(embedded),
    resolvePicture: async () => ({ file: {} }),
    narrow: signal(false),
  });
  const paint = () => {};
  controller.board.connect({ paint, pixels: () => ({ width: 8, height: 8 }) });
  controller.active.value = true;
  controller.connect();
  await turn();
  await turn();
  return { engine, controller, state: controller.state, status: controller.status };
}

globalThis.requestAnimationFrame ??= (act) => setTimeout(act);
globalThis.cancelAnimationFrame ??= clearTimeout;

const drawn = ({ controller }) => {
  const { answer, range, which } = controller.heat.peek();
  return [textOf(answer.words, range), which];
};

test('the most probable caption comes first, and is explained as a whole', async () => {
  const view = await opened();
  assert.deepEqual(drawn(view), ['a red car left of a blue ball', 8]);
  assert.deepEqual(view.engine.calls, ['write', 'score', 'explain 0-7', 'draw 8']);
  assert.ok(view.controller.settled);
});

test('a word costs no computation; a phrase is computed, once', async () => {
  const view = await opened();
  const { engine, controller, state } = view;
  engine.calls.length = 0;
  controller.select(at(1));
  await turn();
  assert.deepEqual(drawn(view), ['red', 1]);
  assert.deepEqual(engine.calls, ['draw 1']);
  assert.deepEqual(state.value.words, at(1));
  controller.select(at(1, 2));
  await turn();
  assert.deepEqual(drawn(view), ['red car', 2]);
  controller.select(null);
  await turn();
  controller.select(at(1, 2));
  await turn();
  assert.deepEqual(
    engine.calls.filter((name) => name.startsWith('explain')),
    ['explain 1-2'],
  );
});

test('of words that were looked at one after another only the last is drawn, and until then the drawing is marked', async () => {
  const view = await opened();
  const { engine, controller } = view;
  engine.hold = 'explain 1-2';
  controller.select(at(1, 2));
  await turn();
  assert.deepEqual(controller.mark.value, { stale: true, stopped: false });
  controller.select(at(7));
  await turn();
  assert.deepEqual(drawn(view), ['ball', 7]);
  engine.go();
  await turn();
  assert.deepEqual(drawn(view), ['ball', 7]);
  assert.ok(controller.settled);
});

test('another board is described anew, and the words that are looked at stay so', async () => {
  const view = await opened();
  const { engine, controller, state } = view;
  controller.select(at(6, 7));
  await turn();
  const { picture } = controller.answer.peek();
  engine.texts = ['a blue ball'];
  engine.calls.length = 0;
  controller.board.begin('street');
  assert.ok(controller.mark.value.stale);
  await turn();
  await turn();
  assert.deepEqual(drawn(view), ['blue ball', 2]);
  assert.deepEqual(state.value.words, at(1, 2));
  assert.ok(engine.released.includes(picture), 'the board as it was is not kept');
  assert.ok(controller.settled);
});

test('another of the captions, and one of one’s own, are scored and explained', async () => {
  const view = await opened();
  const { engine, controller } = view;
  engine.calls.length = 0;
  controller.choose({ which: 2 });
  await turn();
  await turn();
  assert.deepEqual(drawn(view), ['a blue ball', 3]);
  controller.choose({ own: 'a green hat' });
  await turn();
  await turn();
  assert.deepEqual(drawn(view), ['a green hat', 3]);
  assert.equal(controller.answer.peek().own, true);
  assert.deepEqual(
    engine.calls.filter((name) => ['write', 'read', 'score'].includes(name)),
    ['score', 'read', 'score'],
    'the picture is the same, and so are the captions that were found',
  );
});

test('a caption of one’s own that cannot be read is told where it was typed, and not above the view', async () => {
  const { engine, controller, status } = await opened();
  for (const code of ['no-known-word', 'text-without-words']) {
    Object.assign(engine, { failing: 'read', code });
    controller.choose({ own: code });
    await turn();
    await turn();
    assert.equal(controller.unread.value.code, code);
    assert.equal(status.failure.value, null, 'the status is silent');
    assert.ok(controller.mark.value.stopped, 'what is shown is of the caption before');
  }
  engine.failing = null;
  controller.choose({ own: 'a red car' });
  await turn();
  await turn();
  assert.equal(controller.unread.value, null);
  assert.deepEqual(controller.settled, true);
  // What else fails is told as ever.
  Object.assign(engine, { failing: 'read', code: 'any' });
  controller.choose({ own: 'a blue ball' });
  await turn();
  await turn();
  assert.equal(status.failure.value.code, 'any');
  assert.equal(controller.unread.value, null);
});

test('what a link names and is not there is told and left out', async () => {
  const { controller, state, status } = await opened({ words: at(20), which: 9, method: 'rise', target: 'x' });
  await turn();
  await turn();
  const told = status.failure.value.arguments.refused.map(({ name, found }) => `${name}=${found}`);
  assert.deepEqual(told.sort(), ['alternative=9', 'method=rise', 'target=x', 'words=21']);
  const allowed = Object.fromEntries(status.failure.value.arguments.refused.map((one) => [one.name, one.allowed]));
  assert.deepEqual(allowed.alternative, ['0–2']);
  assert.deepEqual(allowed.words, [`1–${controller.answer.peek().words.length}`]);
  assert.ok(allowed.method.includes('grad-cam') && !allowed.method.includes('rise'));
  assert.ok(allowed.target.includes('logit'));
  const { words, which, method, target } = state.value;
  assert.deepEqual({ words, which, method, target }, { words: null, which: 0, method: null, target: null });
  assert.ok(controller.settled);
});

test('a link to another caption is taken at its word', async () => {
  const view = await opened();
  view.controller.select(at(1));
  await turn();
  view.state.value = { ...CAPTION, own: 'a blue ball', words: at(2) };
  await turn();
  await turn();
  assert.deepEqual(drawn(view), ['ball', 2]);
});

test('a caption without words has no heatmap', async () => {
  const { engine, controller } = await opened();
  engine.texts = [''];
  controller.board.begin('street');
  await turn();
  await turn();
  assert.equal(controller.heat.value, null);
  assert.deepEqual(controller.answer.peek().words, []);
  assert.ok(controller.settled);
});

test('a failure is told and marked, and tried again when that is wanted', async () => {
  const { engine, controller, status } = await opened();
  engine.failing = 'write';
  controller.board.begin('street');
  await turn();
  await turn();
  assert.equal(status.failure.value.code, 'any');
  assert.deepEqual(controller.mark.value, { stale: true, stopped: true });
  engine.failing = null;
  status.remedy.value.run();
  await turn();
  await turn();
  assert.equal(status.failure.value, null);
  assert.ok(controller.settled);
});

test('a view that is not on the screen computes nothing, and catches up when it is', async () => {
  const { engine, controller } = await opened();
  controller.active.value = false;
  engine.calls.length = 0;
  controller.board.begin('street');
  await turn();
  assert.deepEqual(engine.calls, []);
  controller.active.value = true;
  await turn();
  await turn();
  assert.equal(engine.calls[0], 'write');
  assert.ok(controller.settled);
});

test('a site without the network says so, and leaves the board', async () => {
  const { controller, status } = await opened({}, { embedded: { doing: () => undefined } });
  assert.equal(controller.language.value, null);
  assert.equal(status.busy.value, null);
});
