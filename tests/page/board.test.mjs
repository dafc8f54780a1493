// What the sticker board does without a browser: the scene, what can be undone, the classes that are explained, the link.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import fc from 'fast-check';
import { formatters } from '../../www/i18n/format.js';
import { Scene } from '../../www/scenes/scene.js';
import { STARTS } from '../../www/scenes/starts.js';
import { BOARD, board as codec } from '../../www/state/board.js';
import { Status } from '../../www/state/status.js';
import { choose, runnerUp, shownOf, stillThere } from '../../www/views/board/choice.js';
import { strength } from '../../www/elements/board/blend.js';
import { Controller } from '../../www/views/board/controller.js';
import { Edits } from '../../www/elements/board/edits.js';
import english from '../../www/views/board/en.js';
import { alike, begun, contentOf, stateOf } from '../../www/views/board/link.js';
import chinese from '../../www/views/board/zh.js';

const CLASSES = [...new Set(STARTS.flatMap(({ stickers }) => stickers.map((sticker) => sticker.class)))];
const KNOWN = { classes: CLASSES, models: ['small', 'large'] };

/** A scene, its edits and the choice beside it; `clock.now` is the time. */
function opened() {
  const scene = new Scene();
  scene.set(begun('meadow', CLASSES));
  let choice = { class: 'cat', second: null };
  const clock = { now: 0 };
  const edits = new Edits(scene, { get: () => choice, set: (other) => (choice = other) }, () => clock.now);
  return { scene, edits, clock, choice: () => choice, choose: (other) => (choice = other) };
}

const acts = fc.oneof(
  fc.record({ act: fc.constant('add'), name: fc.constantFrom(...CLASSES), x: fc.double({ noNaN: true, min: 0, max: 1 }) }),
  fc.record({
    act: fc.constant('alter'),
    which: fc.nat(5),
    change: fc.record(
      {
        x: fc.double({ noNaN: true, min: -2, max: 2 }),
        size: fc.double({ noNaN: true, min: 0, max: 3 }),
        angle: fc.integer({ min: -900, max: 900 }),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ act: fc.constant('remove'), which: fc.nat(5) }),
  fc.record({ act: fc.constant('raise'), which: fc.nat(5) }),
  fc.record({ act: fc.constant('background'), name: fc.constantFrom('plain', 'meadow', 'gradient') }),
  fc.record({ act: fc.constant('begin'), name: fc.constantFrom(...STARTS.map(({ name }) => name)) }),
  fc.record({ act: fc.constant('clear') }),
);

function perform(scene, { act, name, which, change, x }) {
  const { id } = scene.stickers[which] ?? {};
  if (act === 'add') scene.add({ class: name, x });
  else if (act === 'background') scene.setBackground(name);
  else if (act === 'begin') scene.set(begun(name, CLASSES));
  else if (act === 'clear') scene.clear();
  else if (id) scene[act](id, change);
}

test('whatever is done, all stickers stay on the board, and can be told by a link exactly', () => {
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 20 }), (all) => {
      const { scene } = opened();
      for (const one of all) perform(scene, one);
      for (const { x, y, size, angle } of scene.stickers) {
        assert.ok(x >= 0 && x <= 1 && y >= 0 && y <= 1 && size >= 0.08 && size <= 1 && angle >= -180 && angle < 181);
      }
      const { state, refused } = codec.read(new URLSearchParams(codec.write({ ...BOARD, ...stateOf(scene.content) })));
      assert.deepEqual(refused, []);
      const other = new Scene();
      other.set(contentOf(state, KNOWN).content);
      const plain = ({ id, ...sticker }) => sticker;
      assert.deepEqual(other.stickers.map(plain), scene.stickers.map(plain));
      assert.equal(other.background, scene.background);
      assert.ok(alike(other.content, scene.content));
    }),
    { numRuns: 500 },
  );
});

test('undoing everything leads back, and redoing everything forth', () => {
  fc.assert(
    fc.property(fc.array(acts, { maxLength: 20 }), (all) => {
      const { scene, edits } = opened();
      const [first, seen] = [scene.content, []];
      for (const one of all) {
        const before = scene.content;
        edits.step(() => perform(scene, one));
        if (scene.content !== before) seen.push(scene.content);
      }
      const last = scene.content;
      for (const content of seen.reverse()) {
        assert.equal(scene.content, content);
        assert.ok(edits.undo());
      }
      assert.equal(scene.content, first);
      assert.equal(edits.canUndo.value, false);
      assert.equal(edits.undo(), false);
      while (edits.redo());
      assert.equal(scene.content, last);
      assert.equal(edits.canRedo.value, false);
    }),
    { numRuns: 300 },
  );
});

test('one drag is one step, and so are presses of one key in close sequence', () => {
  const { scene, edits, clock } = opened();
  const [{ id }] = scene.stickers;
  const start = scene.content;
  edits.begin();
  for (let i = 1; i < 9; i++) edits.step(() => scene.alter(id, { x: i / 10 }));
  edits.end();
  const dragged = scene.content;
  const nudge = (key) => edits.step(() => scene.alter(id, { y: scene.get(id).y + 0.02 }), key);
  for (clock.now = 0; clock.now < 5000; clock.now += 500) nudge('down');
  const nudged = scene.content;
  nudge('other');
  clock.now += 5000;
  nudge('other');
  edits.undo();
  edits.undo();
  assert.equal(scene.content, nudged);
  edits.undo();
  assert.equal(scene.content, dragged);
  edits.undo();
  assert.equal(scene.content, start);
});

test('what changed nothing is no step, and what comes after an undo ends what could be done again', () => {
  const { scene, edits } = opened();
  edits.step(() => {});
  edits.begin();
  edits.end();
  assert.equal(edits.canUndo.value, false);
  edits.step(() => scene.clear());
  edits.undo();
  assert.ok(edits.canRedo.value);
  edits.step(() => scene.setBackground('plain'));
  assert.equal(edits.canRedo.value, false);
});

test('a step that changed the class takes it back, and one that was chosen by hand since stays', () => {
  const { scene, edits, choice, choose: set } = opened();
  edits.step(() => scene.clear());
  set({ class: 'dog', second: null });
  edits.amend();
  edits.undo();
  assert.equal(choice().class, 'cat');
  edits.redo();
  assert.equal(choice().class, 'dog');
  set({ class: 'bus', second: null });
  edits.undo();
  assert.equal(choice().class, 'bus');
});

test('what is explained lies there, as long as nothing is chosen', () => {
  assert.deepEqual(shownOf({ class: null, second: null }, ['cat', 'dog']), ['cat']);
  assert.deepEqual(shownOf({ class: null, second: 'cat' }, ['cat', 'dog']), ['dog', 'cat']);
  assert.deepEqual(shownOf({ class: 'bus', second: null }, ['cat', 'dog']), ['bus']);
  assert.deepEqual(shownOf({ class: null, second: null }, []), []);
});

test('the same class is never chosen twice', () => {
  const name = fc.constantFrom(null, 'cat', 'dog', 'bus');
  const choice = fc.record({ class: name, second: name }).filter((one) => one.class === null || one.class !== one.second);
  const distinct = (one) => one.class === null || one.class !== one.second;
  fc.assert(
    fc.property(
      choice,
      fc.constantFrom('class', 'second'),
      name,
      fc.uniqueArray(fc.constantFrom('cat', 'dog', 'bus')),
      fc.func(fc.boolean()),
      (one, which, other, present, isGone) => {
        assert.ok(distinct(choose(one, which, other)));
        assert.equal(choose(one, which, other)[which], other);
        const there = stillThere(one, present, isGone);
        assert.ok(distinct(there));
        for (const chosen of [there.class, there.second]) {
          assert.ok(chosen === null || present.includes(chosen) || chosen === one.class || chosen === one.second);
        }
      },
    ),
  );
});

test('a class that is gone gives way to one that is there', () => {
  const [gone, seen] = [() => true, () => false];
  assert.deepEqual(stillThere({ class: 'cat', second: null }, ['dog', 'bus'], gone), { class: 'dog', second: null });
  assert.deepEqual(stillThere({ class: 'cat', second: 'dog' }, ['dog', 'bus'], gone), { class: 'bus', second: 'dog' });
  assert.deepEqual(stillThere({ class: 'cat', second: 'dog' }, ['dog'], gone), { class: 'dog', second: null });
  assert.deepEqual(stillThere({ class: 'cat', second: 'tree' }, ['cat'], gone), { class: 'cat', second: null });
  assert.deepEqual(stillThere({ class: 'cat', second: null }, ['dog'], seen), { class: 'cat', second: null });
  assert.deepEqual(stillThere({ class: 'cat', second: null }, [], gone), { class: 'cat', second: null });
});

test('a comparison begins with the runner-up', () => {
  const top = [{ name: 'cat' }, { name: 'dog' }, { name: 'bus' }];
  assert.equal(runnerUp(top, 'cat'), 'dog');
  assert.equal(runnerUp(top, 'dog'), 'cat');
  assert.equal(runnerUp([], 'cat'), null);
});

test('a heatmap is as strong as its class is probable, and never quite invisible', () => {
  assert.equal(strength(0.5, 1), 0.5);
  assert.ok(strength(0.5, 0) > 0 && strength(0.5, 0) < 0.1);
  assert.ok(strength(0.5, 0.4) < strength(0.5, 0.6));
});

test('a link that names what is not there is read as far as it goes', () => {
  const { content, chosen, refused } = contentOf(
    {
      ...BOARD,
      start: 'nowhere',
      background: 'moon',
      model: 'huge',
      class: 'unicorn',
      second: 'cat',
      stickers: [
        { class: 'unicorn', x: 0, y: 0, size: 0.3, angle: 0 },
        { class: 'cat', x: 0.5, y: 0.5, size: 0.3, angle: 0 },
      ],
    },
    KNOWN,
  );
  assert.deepEqual(
    content.stickers.map((one) => one.class),
    ['cat'],
  );
  assert.equal(content.background, 'meadow');
  assert.deepEqual(chosen, { class: null, second: 'cat', model: null });
  assert.deepEqual(
    refused.map(({ name }) => name),
    ['scene', 'background', 'stickers', 'class', 'model'],
  );
});

test('a link of whose stickers none is known shows those of its scene, and one to an empty board none', () => {
  const unicorn = { class: 'unicorn', x: 0, y: 0, size: 0.3, angle: 0 };
  const none = contentOf({ ...BOARD, stickers: [unicorn] }, KNOWN);
  assert.deepEqual([none.content.touched, none.content.stickers.length > 0], [false, true]);
  assert.deepEqual(none.refused, [{ name: 'stickers', found: 'unicorn', allowed: CLASSES }]);
  assert.deepEqual(contentOf({ ...BOARD, stickers: [] }, KNOWN).content.stickers, []);
});

test('each scene is told by its name alone, and shows the class that it is about first', () => {
  for (const { name, stickers } of STARTS) {
    const scene = new Scene();
    scene.set(begun(name, CLASSES));
    assert.deepEqual(stateOf(scene.content), { start: name === STARTS[0].name ? null : name, background: null, stickers: null });
    assert.equal(scene.classes[0], stickers[0].class);
  }
});

/** A controller with an engine that answers at once: it sees what lies there, and nothing else. */
async function controlled(state = {}) {
  const at = { state: signal({ ...BOARD, ...state }), status: new Status(), asked: [], frames: new Set(), closed: 0, held: null };
  const model = { labels: CLASSES };
  const about = { methods: [{}], merges: [], targets: [], preprocess: [], style: { opacity: 0.5 } };
  const engine = {
    about: signal(about),
    release: () => {},
    glance: async ({ request }, _, { signal: aborted }) => {
      at.asked.push(request.classes.map((id) => CLASSES[id]));
      await at.held;
      aborted.throwIfAborted();
      const present = at.controller.scene.classes;
      const probabilities = CLASSES.map((name) => (present.includes(name) ? 0.9 : 0));
      const top = CLASSES.filter((name) => present.includes(name)).map((name) => ({ name, probability: 0.9 }));
      const classes = request.classes.map((id) => ({ name: CLASSES[id], probability: probabilities[id] }));
      return { explanation: { model, classes, top, probabilities }, bitmaps: classes.map(() => ({ close: () => at.closed++ })) };
    },
  };
  const entries = KNOWN.models.map((name) => ({ name }));
  const models = { default: entries[0], load: async () => model };
  const atFrame = (act) => {
    at.frames.add(act);
    return () => at.frames.delete(act);
  };
  const load = async () => ({ sheet: { classes: CLASSES }, models, entries });
  at.controller = new Controller({ engine, load, atFrame, state: at.state, status: at.status });
  at.explained = () => at.controller.explanation.classes.map(({ name }) => name);
  /** Waits until the heatmaps and the address are those of the board. */
  at.settle = async () => {
    for (let turns = 0; !at.controller.settled; turns++) {
      assert.ok(turns < 100, 'the heatmaps never settled');
      await new Promise((resolve) => setTimeout(resolve));
    }
    for (const act of at.frames) act();
    at.frames.clear();
  };
  await at.controller.open();
  at.controller.active.value = true;
  at.controller.connect({ paint: () => {}, pixels: () => ({ width: 384 }) });
  await at.settle();
  return at;
}

const lying = ({ controller }, name) => controller.scene.stickers.find((sticker) => sticker.class === name).id;
const takeAway = (at, name) => at.controller.edits.step(() => at.controller.scene.remove(lying(at, name)));

test('it tells what lies there, where the front sticker of a class is, and how sure the network is', async (context) => {
  const at = await controlled({ class: 'cat' });
  context.after(() => at.controller.disconnect());
  const [first] = at.controller.scene.classes;
  const { told } = at.controller.facts.value;
  const count = told.stickers({ class: first });
  assert.deepEqual([told.score({ class: first }), told.score({ class: 'yeti' }), told.class({})], [0.9, null, [first]]);
  assert.equal(told.stickers({}), at.controller.scene.stickers.length);
  const { id } = at.controller.add(first);
  at.controller.edits.step(() => at.controller.scene.alter(id, { x: 0.75, y: 0.25, size: 0.3, angle: -170 }));
  assert.equal(at.controller.facts.value.settled, false);
  await at.settle();
  const now = at.controller.facts.value;
  const asked = { class: first };
  assert.ok(now.settled);
  assert.deepEqual(
    [now.told.stickers(asked), now.told.left(asked), now.told.top(asked), now.told.size(asked), now.told.turned(asked)],
    [count + 1, 0.75, 0.25, 0.3, 170],
  );
  assert.equal(now.told.left({ class: 'yeti' }), null);
});

test('a class that was taken away gives way to one that lies there, and comes back with it', async (context) => {
  const at = await controlled({ class: 'cat' });
  context.after(() => at.controller.disconnect());
  const [first, second] = at.controller.scene.classes;
  assert.deepEqual(at.explained(), [first]);
  takeAway(at, first);
  await at.settle();
  assert.deepEqual(at.explained(), [second]);
  assert.equal(at.state.value.class, second);
  at.controller.undo();
  await at.settle();
  assert.deepEqual(at.explained(), [first]);
  at.controller.redo();
  await at.settle();
  assert.deepEqual(at.explained(), [second]);
});

test('a class that was chosen by hand stays as long as the same ones lie there, and through an undo', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  const [added, absent] = CLASSES.filter((name) => !at.controller.scene.classes.includes(name));
  at.controller.add(added);
  await at.settle();
  at.controller.choose({ class: absent, second: null });
  await at.settle();
  assert.deepEqual(at.explained(), [absent]);
  at.controller.undo();
  await at.settle();
  assert.ok(!at.controller.scene.classes.includes(added));
  assert.deepEqual(at.explained(), [absent]);
  const [first, second] = at.controller.scene.classes;
  takeAway(at, first);
  await at.settle();
  assert.deepEqual(at.explained(), [second]);
});

test('a comparison is of the runner-up, and ends as it began', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  const [first] = at.explained();
  at.controller.compare();
  await at.settle();
  const [same, other] = at.explained();
  assert.equal(same, first);
  assert.ok(at.controller.scene.classes.includes(other) && other !== first);
  at.controller.compare();
  await at.settle();
  assert.deepEqual(at.explained(), [first]);
});

test('another address is another board, and one step that can be undone', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  const before = at.controller.scene.content;
  assert.equal(at.controller.edits.canUndo.value, false);
  const sticker = { class: 'dog', x: 0.3, y: 0.4, size: 0.3, angle: 0 };
  at.state.value = { ...BOARD, stickers: [sticker], class: 'dog', model: 'large' };
  await at.settle();
  assert.deepEqual(at.controller.scene.classes, ['dog']);
  assert.deepEqual(at.explained(), ['dog']);
  assert.equal(at.controller.entry.name, 'large');
  assert.deepEqual(at.state.value.stickers, [sticker]);
  at.controller.undo();
  await at.settle();
  assert.equal(at.controller.scene.content, before);
  assert.equal(at.state.value.stickers, null);
});

test('a board that was changed writes its address once for each frame, with the class that it is about', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  const first = at.controller.names[0];
  let written = -1; // the subscription itself
  const stop = at.state.subscribe(() => written++);
  for (const x of [0.2, 0.3, 0.4]) at.controller.edits.step(() => at.controller.scene.alter(lying(at, first), { x }));
  assert.deepEqual([written, at.frames.size], [0, 1]);
  await at.settle();
  stop();
  assert.equal(written, 1);
  assert.equal(at.state.value.stickers.find((sticker) => sticker.class === first).x, 0.4);
  assert.equal(at.state.value.class, first);
});

test('a board that nobody looks at computes nothing until it is looked at again', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  const { length } = at.asked;
  at.controller.active.value = false;
  at.controller.setBackground('plain');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(at.asked.length, length);
  assert.equal(at.controller.mark.value.stale, true);
  at.controller.active.value = true;
  await at.settle();
  assert.equal(at.asked.length, length + 1);
});

test('a board that was touched and then left computes nothing more, tells no failure, and goes on when it is looked at', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  let release;
  at.held = new Promise((resolve) => (release = resolve));
  const { length } = at.asked;
  at.controller.setBackground('plain');
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(at.asked.length, length + 1);
  at.controller.setBackground('meadow');
  at.controller.active.value = false;
  release();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(at.asked.length, length + 1);
  assert.deepEqual([at.controller.mark.value.stale, at.status.failure.value], [true, null]);
  at.controller.active.value = true;
  await at.settle();
  assert.equal(at.asked.length, length + 2);
});

test('a board that is left and looked at again at once is computed', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  let release;
  at.held = new Promise((resolve) => (release = resolve));
  at.controller.setBackground('plain');
  await new Promise((resolve) => setTimeout(resolve));
  at.controller.active.value = false;
  at.controller.active.value = true;
  release();
  await at.settle();
  assert.equal(at.controller.mark.value.stale, false);
});

test('a board that is left and looked at again within one task is computed, whatever has come to its end in between', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  for (let between = 0; between < 30; between++) {
    let release;
    at.held = new Promise((resolve) => (release = resolve));
    at.controller.setBackground(between % 2 ? 'meadow' : 'plain');
    await new Promise((resolve) => setTimeout(resolve));
    at.controller.active.value = false;
    release();
    for (let turn = 0; turn < between; turn++) await null;
    at.controller.active.value = true;
    await at.settle();
    assert.deepEqual(at.controller.mark.value, { stale: false, stopped: false }, `after ${between} turns`);
  }
});

test('heatmaps that others took the place of are closed, those on the screen are not', async (context) => {
  const at = await controlled();
  context.after(() => at.controller.disconnect());
  assert.equal(at.closed, 0);
  at.controller.setBackground('plain');
  await at.settle();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual([at.asked.length, at.closed], [2, 1]);
});

test('that nothing speaks for a class is read aloud with the result', () => {
  const classes = (flat) => [
    { name: 'cat', probability: 0.9, flat },
    { name: 'dog', probability: 0.5, flat: false },
  ];
  const [en, zh] = [english(formatters('en')), chinese(formatters('zh-Hans'))];
  assert.equal(en.settled(classes(false)), 'Cat: 90% sure and Dog: 50% sure.');
  assert.match(en.settled(classes(true)), /sure\. Nothing on the board speaks for cat\.$/);
  assert.match(zh.settled(classes(true)), /。贴纸板上没有支持“cat”的证据。$/);
});

test('a site without networks has no board', async () => {
  const controller = new Controller({ engine: {}, state: signal(BOARD), status: new Status(), load: async () => null });
  await controller.open();
  assert.equal(controller.missing.value, true);
  assert.equal(controller.settled, false);
});
