// The board of shapes without a browser: its classes, its scenes, what is done to it and what its address says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import fc from 'fast-check';
import { ShapesBoard } from '../../www/elements/board/shapes-board.js';
import { nameOf } from '../../www/elements/board/names.js';
import { speak } from '../../www/i18n/index.js';
import { BACKGROUNDS } from '../../www/scenes/painting.js';
import { randomShapes, SHAPE_STARTS } from '../../www/scenes/shape-starts.js';
import { COLOURS, cssOf, KINDS, partsOf, shapeOf, SHAPES } from '../../www/scenes/shapes.js';
import { SHOWN } from '../../www/state/shapes.js';
import { Status } from '../../www/state/status.js';

const root = path.resolve(import.meta.dirname, '../..');
const rust = readFileSync(path.join(root, 'src/scenes/shapes/mod.rs'), 'utf8');
/** The strings of an array of the library. */
const listed = (name) =>
  [...new RegExp(`${name}: \\[&str; \\d+\\] = \\[([^\\]]*)\\]`).exec(rust)[1].matchAll(/"(\w+)"/g)].map(([, word]) => word);

await speak('en');

/** A board over a state, with frames that come when they are called for. */
function opened(state = {}, options = {}) {
  const frames = new Set();
  const painted = [];
  const asked = signal({ ...SHOWN, question: 'a', ...state });
  const status = new Status();
  let changes = 0;
  const board = new ShapesBoard({
    state: asked,
    status,
    resolvePicture: async () => {
      throw Object.assign(new Error('gone'), { code: 'own-picture-missing', kind: 'image' });
    },
    onChange: () => changes++,
    wordsOf: () => '',
    atFrame: (act) => {
      frames.add(act);
      return () => frames.delete(act);
    },
    ...options,
  });
  board.connect({ paint: (content) => painted.push(content), pixels: () => ({ width: 1, height: 1 }) });
  const frame = () => {
    for (const act of [...frames]) act();
    frames.clear();
  };
  frame();
  return { board, state: asked, status, painted, frame, changes: () => changes };
}

test('there is a shape for each kind in each colour, as the library lists them', () => {
  assert.deepEqual(KINDS, listed('KINDS'));
  assert.deepEqual(COLOURS, listed('COLOURS'));
  assert.deepEqual(SHAPES.classes.slice(0, 9), [...COLOURS.map((colour) => `${colour} hydrant`), 'red car']);
  assert.equal(SHAPES.classes.length, 128);
  for (const name of SHAPES.classes) {
    const { colour, kind } = partsOf(name);
    assert.equal(shapeOf(colour, kind), name);
  }
  assert.equal(partsOf('fire engine'), null);
  assert.equal(partsOf('red fire hydrant'), null);
});

test('a colour is that of its hue, saturation and lightness as CSS defines them', () => {
  // hsl(3 78% 47%) and hsl(216 74% 50%) as Chromium computes them
  assert.equal(cssOf('red'), 'rgb(213 36 26)');
  assert.equal(cssOf('blue'), 'rgb(33 109 222)');
});

test('an icon of a shape has the outline of its colour around it, and nothing of another colour', () => {
  const { background } = SHAPES.styleOf('black ball');
  const svg = decodeURIComponent(background);
  assert.match(svg, /^url\("data:image\/svg\+xml,<svg .*viewBox="-2 -2 104 104"/);
  assert.equal(svg.match(/stroke="rgb\(186 187 188\)"/g).length, 1, 'one layer of the ball is not inside: its light outline');
  assert.doesNotMatch(svg, /rgb\(213 36 26\)/);
});

test('names are told in the language of the page', async () => {
  assert.equal(nameOf('red hydrant'), 'red hydrant');
  await speak('zh');
  assert.equal(nameOf('red hydrant'), '红色消防栓');
  assert.equal(nameOf('fire engine'), '消防车');
  await speak('en');
});

test('scenes to begin with, and those of chance, hold shapes on the board', () => {
  const scenes = [...SHAPE_STARTS, ...Array.from({ length: 300 }, () => randomShapes())];
  for (const { background, stickers } of scenes) {
    assert.ok(Object.hasOwn(BACKGROUNDS, background));
    assert.ok(stickers.length >= 2 && stickers.length <= 6, `${stickers.length}`);
    for (const { class: name, x, y, size } of stickers) {
      assert.ok(partsOf(name), name);
      assert.ok(
        [x, y].every((at) => at - 0.45 * size >= -0.05 && at + 0.45 * size <= 1.05),
        `${name} ${x} ${y} ${size}`,
      );
    }
  }
});

test('the scene “unseen” has only pairs of kind and colour that are held out from training', () => {
  const held = [.../HELD_OUT_PAIRS[^=]*=\s*\[([^;]*)\];/.exec(rust)[1].matchAll(/\((\d+), (\d+)\)/g)];
  const pairs = held.map(([, kind, colour]) => shapeOf(COLOURS[colour], KINDS[kind]));
  assert.equal(pairs.length, 8);
  for (const { name, stickers } of SHAPE_STARTS)
    for (const sticker of stickers) assert.equal(pairs.includes(sticker.class), name === 'unseen', sticker.class);
});

test('recolouring exchanges the chosen shape, and is a step to undo', () => {
  const { board } = opened();
  const [{ id }] = board.scene.stickers;
  board.chosen.value = id;
  assert.equal(board.colour.value, 'red');
  board.recolour('purple');
  assert.equal(board.scene.get(id).class, 'purple hydrant');
  assert.equal(board.colour.value, 'purple');
  board.nextColour();
  assert.equal(board.scene.get(id).class, 'white hydrant');
  board.undo();
  assert.equal(board.scene.get(id).class, 'red hydrant', 'colours tried in quick succession are one step');
  board.chosen.value = null;
  assert.equal(board.colour.value, 'white', 'shapes are offered in the colour that was chosen last');
  board.nextColour();
  assert.equal(board.colour.value, 'white', 'nothing is chosen');
});

test('what a view changes of its own state leaves the board alone, also before the board has written itself', () => {
  const { board, state, frame } = opened();
  const [{ id }] = board.scene.stickers;
  board.scene.alter(id, { x: 0.9 });
  state.value = { ...state.value, question: 'b' };
  assert.equal(board.scene.get(id).x, 0.9);
  frame();
  assert.equal(state.value.question, 'b');
  assert.equal(state.value.stickers[0].x, 0.9);
});

test('a link brings its board, leaves out what is no shape, and says so', () => {
  const sticker = { x: 0.5, y: 0.5, size: 0.3, angle: 0 };
  const { board, state, status } = opened({
    start: 'nowhere',
    stickers: [
      { class: 'red hat', ...sticker },
      { class: 'cat', ...sticker },
    ],
  });
  assert.deepEqual(board.scene.classes, ['red hat']);
  assert.deepEqual(
    status.failure.value.arguments.refused.map(({ name, found }) => `${name}=${found}`),
    ['scene=nowhere', 'stickers=cat'],
  );
  assert.equal(state.value.start, null);
  assert.deepEqual(
    state.value.stickers.map((one) => one.class),
    ['red hat'],
  );
  state.value = { ...state.value, start: 'lake', stickers: null };
  assert.deepEqual(board.scene.classes, ['white boat', 'orange fish', 'purple kite', 'yellow umbrella']);
});

test('another scene begins with what is asked of it, and undoing brings back both', () => {
  let asked = 'first';
  const { board } = opened({}, { choice: { get: () => asked, set: (value) => (asked = value) }, onBegin: (how) => (asked = how) });
  board.begin('lake');
  assert.equal(asked, 'begun');
  board.shuffle(() => 0.5);
  assert.equal(asked, 'random');
  board.undo();
  assert.equal(asked, 'begun');
  board.undo();
  assert.equal(asked, 'first');
  assert.equal(board.scene.content.start, 'hydrants');
});

test('a picture that cannot be had gives way to the board, and is told', async () => {
  const { board, state, status } = opened({ picture: { kind: 'own', name: 'gone.png' } });
  const picture = await board.picture(new AbortController().signal);
  assert.deepEqual(picture, { pixels: { width: 1, height: 1 } });
  assert.equal(state.value.picture, null);
  assert.equal(status.failure.value.code, 'own-picture-missing');
});

test('a picture of one’s own is looked at until the board is chosen again', async () => {
  const own = { file: new File([], 'a.png'), source: { kind: 'own', name: 'a.png' }, about: null };
  const { board, changes } = opened({}, { resolvePicture: async () => own });
  const before = changes();
  board.choosePicture(own.source);
  assert.equal(changes(), before + 1);
  assert.equal(await board.picture(new AbortController().signal), own);
  assert.equal(board.own.value, own);
  board.scene.clear();
  assert.equal(changes(), before + 1, 'the board is not what is looked at');
  board.choosePicture(null);
  assert.equal(board.own.value, null);
  assert.equal(changes(), before + 2);
});

test('a picture that cannot be had gives way to the one before, and that to the board if it is gone, too', async () => {
  const good = { file: new File([], 'a.png'), source: { kind: 'own', name: 'a.png' }, about: null };
  const there = new Set(['a.png']);
  const resolvePicture = async ({ name }) => {
    if (there.has(name)) return good;
    throw Object.assign(new Error('damaged'), { code: 'no-picture', kind: 'image' });
  };
  const { board, state, status } = opened({}, { resolvePicture });
  const look = () => board.picture(new AbortController().signal);
  board.choosePicture(good.source);
  await look();
  board.choosePicture({ kind: 'own', name: 'broken.png' });
  assert.equal(await look(), good);
  assert.deepEqual([state.value.picture, board.own.value], [good.source, good]);
  assert.equal(status.failure.value.code, 'no-picture');
  there.clear();
  board.choosePicture({ kind: 'own', name: 'broken.png' });
  assert.deepEqual(await look(), { pixels: { width: 1, height: 1 } });
  assert.equal(state.value.picture, null);
});

test('whatever is done, the link shows exactly this board', () => {
  const act = fc.oneof(
    fc.record({ act: fc.constant('add'), name: fc.constantFrom(...SHAPES.classes) }),
    fc.record({ act: fc.constant('recolour'), name: fc.constantFrom(...COLOURS) }),
    fc.record({ act: fc.constant('begin'), name: fc.constantFrom(...SHAPE_STARTS.map(({ name }) => name)) }),
    fc.record({ act: fc.constantFrom('shuffle', 'empty', 'undo', 'redo', 'nextColour') }),
    fc.record({ act: fc.constant('setBackground'), name: fc.constantFrom(...Object.keys(BACKGROUNDS)) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
      const { board, state, frame } = opened();
      for (const { act: name, name: argument } of acts) {
        board.chosen.value = board.scene.stickers.at(-1)?.id ?? null;
        board[name](...(argument === undefined ? [] : [argument]));
      }
      frame();
      const other = opened(state.value);
      const plain = ({ id, ...sticker }) => sticker;
      assert.deepEqual(other.board.scene.stickers.map(plain), board.scene.stickers.map(plain));
      assert.equal(other.board.scene.background, board.scene.background);
    }),
    { numRuns: 200 },
  );
});
