// The address: what is on the screen goes into a link and comes out of it again, whatever it is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CODECS, hashOf, readHash } from '../../www/state/address.js';
import { readBoard, writtenBoard } from '../../www/state/board.js';

/** `make fuzz` takes more. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000);

/** Text as it stands in names, with all that a codec gives a meaning to. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'ab0:,;@\\/#?&=%+- ._~-\'"中é'), minLength: 1, maxLength: 12 }),
  fc.constantFrom('-', '\\', '\\\\', ',', ':', 'null', '__proto__', 'constructor', 'toString', '%2C', '0'),
);
const record = (model) => fc.record(model, { noNullPrototype: true });
const maybe = (arbitrary) => fc.option(arbitrary, { nil: null });
const id = fc.nat({ max: 999_999_999 });
const real = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // an address has no −0
const share = fc.double({ min: 0, max: 1, noNaN: true });
const thousandth = (min, max) => fc.integer({ min: min * 1000, max: max * 1000 }).map((value) => value / 1000);

const picture = fc.oneof(
  record({ kind: fc.constant('sample'), name: text }),
  record({ kind: fc.constant('address'), url: fc.oneof(text, fc.webUrl({ withQueryParameters: true, withFragments: true })) }),
  record({ kind: fc.constant('board'), board: text }),
  record({ kind: fc.constant('own'), name: text }),
);
const model = fc.oneof(
  record({ kind: fc.constant('embedded'), name: text }),
  record({ kind: fc.constant('zoo'), name: text }),
  record({ kind: fc.constant('repository'), name: text, revision: maybe(text), host: maybe(text) }),
  record({ kind: fc.constant('own'), name: text }),
);

const stickers = maybe(
  fc.array(record({ class: text, x: thousandth(0, 1), y: thousandth(0, 1), size: thousandth(0.001, 1), angle: thousandth(-180, 180) }), {
    maxLength: 12,
  }),
);
/** What the views about shapes look at. */
const shown = { start: maybe(text), background: maybe(text), stickers, picture: maybe(picture) };
const range = fc.tuple(fc.nat(998), fc.nat(998)).map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }));

/** A place as fine as a stroke has it. */
const place = fc.nat(1295).map((value) => value / 1295);

const axis = fc.constantFrom('picture', 'network', 'method', 'class', 'layer');

const STATES = {
  board: record({
    start: maybe(text),
    background: maybe(text),
    stickers,
    class: maybe(text),
    second: maybe(text),
    model: maybe(text),
  }),
  bias: record({ person: maybe(text), network: maybe(text), class: maybe(text) }),
  ask: record({
    ...shown,
    question: maybe(text),
    answers: fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
    method: maybe(text),
    layer: maybe(text),
    beside: maybe(text),
    before: fc.boolean(),
    colormap: maybe(text),
    opacity: maybe(share),
  }),
  caption: record({
    ...shown,
    beam: fc.constantFrom(1, 3, 5, 10),
    which: id,
    own: maybe(text),
    words: maybe(range),
    method: maybe(text),
    target: maybe(text),
  }),
  explain: record({
    picture: maybe(picture),
    window: maybe(fc.tuple(fc.nat(65_534), fc.nat(65_534)).map(([one, other]) => [Math.min(one, other), Math.max(one, other) + 1])),
    model: maybe(model),
    classes: fc.array(id, { maxLength: 8 }),
    method: maybe(text),
    preset: maybe(text),
    settings: fc.dictionary(text, real, { noNullPrototype: true, maxKeys: 5 }),
    smooth: fc.boolean(),
    layers: fc.array(text, { maxLength: 4 }),
    merge: maybe(text),
    target: maybe(text),
    preprocess: maybe(text),
    colormap: maybe(text),
    formula: maybe(text),
    opacity: maybe(share),
    threshold: maybe(share),
  }),
  compare: record({
    rows: axis,
    columns: axis,
    pictures: fc.array(picture, { maxLength: 5 }),
    models: fc.array(model, { maxLength: 5 }),
    methods: fc.array(text, { maxLength: 8 }),
    classes: fc.array(maybe(fc.oneof(id, record({ id, rival: id }))), { maxLength: 5 }),
    layers: fc.array(maybe(fc.oneof(text, fc.constantFrom('-', ':-', '::-'))), { maxLength: 5 }),
    scale: fc.constantFrom('own', 'shared'),
    sort: maybe(fc.constantFrom('score', 'time', 'focus')),
    colormap: maybe(text),
    opacity: maybe(share),
  }),
  steps: record({
    picture: maybe(picture),
    model: maybe(model),
    class: maybe(id),
    method: maybe(text),
    layer: maybe(text),
    symbol: fc.constantFrom('activations', 'gradients', 'weights', 'sum', 'relu', 'upsampling'),
    channels: fc.constantFrom('all', 'positive', 'negative', 'none'),
    except: fc.array(id, { maxLength: 5 }),
    channel: maybe(id),
    pixel: maybe(fc.tuple(id, id)),
    least: fc.boolean(),
    own: fc.boolean(),
  }),
  erase: record({
    picture: maybe(picture),
    model: maybe(model),
    class: maybe(id),
    fill: fc.constantFrom('blur', 'grey', 'background', 'picture'),
    size: share,
    strokes: fc.array(
      record({
        fill: fc.constantFrom('blur', 'grey', 'background', 'picture'),
        size: thousandth(0.001, 1),
        points: fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 6 }),
      }),
      { maxLength: 4 },
    ),
  }),
  trust: record({
    picture: maybe(picture),
    model: maybe(model),
    class: maybe(id),
    method: maybe(text),
    layer: maybe(text),
    experiment: fc.constantFrom('cover', 'curves', 'weights', 'changes'),
    share: fc.integer({ min: 1, max: 99 }).map((value) => value / 100),
    cover: fc.constantFrom('mean', 'blur'),
    step: fc.nat({ max: 28 }),
    fresh: fc.nat({ max: 8 }),
  }),
  inside: record({
    picture: maybe(picture),
    model: maybe(model),
    layer: maybe(text),
    channel: maybe(id),
    order: fc.constantFrom('number', 'strength'),
    scale: fc.constantFrom('shared', 'own'),
  }),
  guess: record({
    round: id,
    model: maybe(model),
    pictures: fc.array(picture, { maxLength: 5 }),
    guesses: fc.array(record({ x: thousandth(0, 1), y: thousandth(0, 1), size: thousandth(0.001, 1) }), { maxLength: 10 }),
    shown: maybe(id),
  }),
  camera: record({ model: maybe(model), class: maybe(id), mirrored: maybe(fc.boolean()), sheet: fc.boolean() }),
  lessons: record({ lesson: maybe(text), sheet: maybe(fc.constantFrom('worksheet', 'teacher')) }),
};

for (const [view, states] of Object.entries(STATES)) {
  test(`every state of the view ${view} comes back from its link`, () => {
    assert.deepEqual(
      new Set(Object.keys(CODECS[view].initial)),
      new Set(Object.keys(fc.sample(states, 1)[0])),
      'the test knows every field',
    );
    fc.assert(
      fc.property(states, (state) => {
        const hash = hashOf(view, state);
        assert.deepEqual(readHash(hash), { view, state, refused: [] });
        // A browser writes some marks in another way, and the hash of its URL is what is read.
        assert.deepEqual(readHash(new URL(hash, 'https://example.org/a/?lang=zh').hash), { view, state, refused: [] });
      }),
      { numRuns: RUNS },
    );
  });
}

test('the initial state of a view needs no words', () => {
  for (const [view, { initial }] of Object.entries(CODECS)) assert.equal(hashOf(view, initial), `#${view}`);
});

test('whatever a hash says, reading it gives a state, and lists what it leaves out', () => {
  const known = fc.constantFrom(
    'picture',
    'model',
    'class',
    'set',
    'smooth',
    'layer',
    'opacity',
    'stickers',
    'person',
    'threshold',
    'strokes',
    'guess',
    'share',
    'step',
  );
  const words = fc.array(fc.tuple(fc.oneof(known, text), fc.string({ maxLength: 20 })), { maxLength: 6 });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(CODECS)), words, (view, entries) => {
      const read = readHash(`#${view}?${new URLSearchParams(entries)}`);
      assert.equal(read.view, view);
      assert.deepEqual(Object.keys(read.state), Object.keys(CODECS[view].initial));
      // What was understood is what the link of that state says.
      assert.deepEqual(readHash(hashOf(view, read.state)), { view, state: read.state, refused: [] });
    }),
    { numRuns: RUNS },
  );
});

test('what is not understood counts as left out, and is told', () => {
  const read = readHash('#explain?class=x&opacity=2&smooth=maybe&method=rise');
  assert.deepEqual(read.refused, [
    { name: 'class', found: 'x' },
    { name: 'smooth', found: 'maybe', allowed: ['0', '1'] },
    { name: 'opacity', found: '2', allowed: ['0–1'] },
  ]);
  assert.deepEqual(read.state, { ...CODECS.explain.initial, method: 'rise' });
});

test('of several things, those that are not understood are left out alone', () => {
  const read = readHash('#board?stickers=dog@0.5@0.5@0.3@0,cat@7@0.5@0.3@0,bus@0.2@x@0.3@0,tree@0.1@0.2@0.3');
  assert.deepEqual(read.state.stickers, [{ class: 'dog', x: 0.5, y: 0.5, size: 0.3, angle: 0 }]);
  assert.deepEqual(
    read.refused.map(({ name, found }) => `${name}=${found}`),
    ['stickers=cat@7@0.5@0.3@0', 'stickers=bus@0.2@x@0.3@0', 'stickers=tree@0.1@0.2@0.3'],
  );
  assert.deepEqual(readHash('#explain?class=1,x,3').state.classes, [1, 3]);
});

test('a stroke or a guess that is not understood is left out alone', () => {
  const strokes = readHash('#erase?strokes=grey@140@0000zzzz,grey@140@0,pen@140@0000,grey@0@0000,grey@140@0000@1,blur@1001@0000');
  assert.deepEqual(strokes.state.strokes, [
    {
      fill: 'grey',
      size: 0.14,
      points: [
        [0, 0],
        [1, 1],
      ],
    },
  ]);
  assert.equal(strokes.refused.length, 5);
  const guesses = readHash('#guess?guess=0.5@0.25@0.3,2@0.5@0.3,0.5@0.5@0,0.5@0.5');
  assert.deepEqual(guesses.state.guesses, [{ x: 0.5, y: 0.25, size: 0.3 }]);
  assert.equal(guesses.refused.length, 3);
});

test('an experiment that covers nothing or all, or that has no such step, is left out', () => {
  const { state, refused } = readHash('#trust?share=1&step=29&fresh=9&experiment=faith&cover=grey');
  assert.deepEqual(state, CODECS.trust.initial);
  assert.deepEqual(
    refused.map(({ name }) => name),
    ['experiment', 'share', 'cover', 'step', 'fresh'],
  );
  assert.equal(readHash('#trust?share=0.333').state.share, 0.33);
});

test('a pixel is a column and a row, and steps are those of the formula', () => {
  const { state, refused } = readHash('#steps?pixel=1&symbol=softmax&channels=some');
  assert.deepEqual(state, CODECS.steps.initial);
  assert.deepEqual(
    refused.map(({ name }) => name),
    ['symbol', 'channels', 'pixel'],
  );
});

test('an address of a picture may be written as it is known', () => {
  const url = 'http://example.org:8080/a/cat.png';
  for (const written of [url, url.replaceAll(':', '\\:')]) {
    assert.deepEqual(readHash(`#explain?picture=address:${written}`), {
      view: 'explain',
      state: { ...CODECS.explain.initial, picture: { kind: 'address', url } },
      refused: [],
    });
  }
  const state = { ...CODECS.explain.initial, picture: { kind: 'address', url } };
  assert.equal(hashOf('explain', state), `#explain?picture=address:${url}`);
});

test('what is read twice is never the same list', () => {
  const [one, other] = ['#erase', '#erase'].map((hash) => readHash(hash).state);
  assert.notEqual(one.strokes, other.strokes);
  assert.notEqual(one.strokes, CODECS.erase.initial.strokes);
});

test('a name that no view has is no address', () => {
  for (const hash of ['', '#', '#nonsense', '#toString', '#__proto__?class=1']) assert.equal(readHash(hash), null);
});

test('a link is for reading: commas, colons and slashes stand as they are', () => {
  const state = {
    ...CODECS.explain.initial,
    model: { kind: 'repository', name: 'timm/resnet18', revision: null, host: null },
    classes: [3, 5],
  };
  assert.equal(hashOf('explain', state), '#explain?model=repository:timm/resnet18&class=3,5');
});

test('a link carries the board that is explained', () => {
  const stickers = [
    { class: 'dog', x: 0.25, y: 0.5, size: 0.3, angle: -15 },
    { class: 'a, b@c & d=e', x: 0.125, y: 1, size: 0.4, angle: 0 },
  ];
  for (const board of [
    { background: 'plain', stickers },
    { background: 'meadow', stickers: [] },
  ]) {
    const picture = { kind: 'board', board: writtenBoard(board) };
    const read = readHash(hashOf('explain', { ...CODECS.explain.initial, picture }));
    assert.deepEqual(read.refused, []);
    assert.deepEqual(readBoard(read.state.picture.board), board);
  }
  assert.deepEqual(readBoard('nonsense'), { background: null, stickers: [] });
});
