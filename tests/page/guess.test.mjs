// Guess first: how much of a heatmap circles hold, the pictures of a round, and the controller with an engine that answers at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import fc from 'fast-check';
import { EngineError } from '../../www/engine/errors.js';
import { speak } from '../../www/i18n/index.js';
import { BACKGROUNDS } from '../../www/scenes/painting.js';
import { readBoard } from '../../www/state/board.js';
import { GUESS } from '../../www/state/guess.js';
import { Status } from '../../www/state/status.js';
import { BOUNDS, Controller } from '../../www/views/guess/controller.js';
import { Energy, gridOf, POINTS, pointsOf } from '../../www/views/guess/energy.js';
import { randomFrom } from '../../www/elements/game/random.js';
import { questionOf } from '../../www/views/guess/question.js';
import { randomBoard } from '../../www/views/guess/random.js';
import { TURNS, turnsOf } from '../../www/views/guess/round.js';
import { about } from './fake-about.mjs';

await speak('en');
const turn = () => new Promise((resolve) => setTimeout(resolve));
const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found}, not ${expected}`);

const SQUARE = { width: 100, height: 100 };
const mapOf = (...rows) => ({ width: rows[0].length, height: rows.length, data: Float32Array.from(rows.flat()) });
const DOT = 2 / POINTS; // a circle of a radius of one point: five points, where none is cut off

test('of an even map a circle holds its share of the picture, less where the edge cuts it', () => {
  const energy = new Energy(mapOf([3]), SQUARE);
  const all = POINTS ** 2;
  near(energy.of({ x: 0.5, y: 0.5, size: DOT }).yours, 5 / all);
  near(energy.of({ x: 0, y: 0.5, size: DOT }).yours, 4 / all);
  near(energy.of({ x: 1, y: 1, size: DOT }).yours, 3 / all);
  const { best, chance } = energy.of({ x: 0, y: 0, size: DOT });
  near(best, 5 / all);
  const inner = POINTS - 2; // on a side, without the corners
  near(chance, (5 * inner ** 2 + 4 * 4 * inner + 3 * 4) / all / all);
});

test('between its values a map is interpolated as it is drawn; what speaks against the class does not count', () => {
  // 0 up to a quarter of the width, 1 from three quarters on, even in between: half of the width in all.
  const energy = new Energy(mapOf([0, 1]), SQUARE);
  const total = 64 * POINTS;
  near(energy.of({ x: 0.2, y: 0.5, size: DOT }).yours, 0);
  near(energy.of({ x: 0.9, y: 0.5, size: DOT }).yours, 5 / total);
  // The points 63 and 64 lie half a point beside the middle: ½ ∓ 1/128.
  near(energy.of({ x: 63.5 / 128, y: 0.5, size: DOT }).yours, (5 * (0.5 - 1 / 128)) / total);
  assert.ok(energy.of({ x: 0, y: 0.5, size: DOT }).place.x > 0.75);
  const signed = new Energy(mapOf([-1, -1, 2]), SQUARE);
  near(signed.of({ x: 0.1, y: 0.5, size: 0.1 }).yours, 0);
  assert.ok(signed.of({ x: 0.9, y: 0.5, size: 0.1 }).yours > 0.01);
  assert.ok(!signed.flat && new Energy(mapOf([0, -1]), SQUARE).flat);
});

test('circles are round on a picture that is not square', () => {
  assert.deepEqual(gridOf({ width: 600, height: 300 }), { width: 128, height: 64 });
  assert.deepEqual(gridOf({ width: 3, height: 900 }), { width: 1, height: 128 });
  const energy = new Energy(mapOf([1]), { width: 600, height: 300 });
  near(energy.of({ x: 0.5, y: 0.5, size: DOT }).yours, 5 / (128 * 64));
});

test('no circle is better than the best one, and one anywhere is not', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const map = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 });
  fc.assert(
    fc.property(map, share, share, fc.double({ min: BOUNDS.min, max: BOUNDS.max, noNaN: true }), (values, x, y, size) => {
      const energy = new Energy({ width: 3, height: 3, data: Float32Array.from(values) }, SQUARE);
      if (energy.flat) return;
      const { yours, best, chance, place } = energy.of({ x, y, size });
      assert.ok(yours >= 0 && yours <= best && chance <= best && best <= 1 + 1e-9);
      near(energy.of({ ...place, size }).yours, best);
    }),
    { numRuns: 30 },
  );
});

test('points are the share of what the best circle holds', () => {
  assert.equal(pointsOf({ best: 0.8 }, 0.6), 75);
});

const CLASSES = ['cat', 'dog', 'bus', 'tree', 'car'];

test('the number of a round decides its pictures, and stickers lie apart from each other', () => {
  assert.deepEqual(
    [1, 2, 3].map((seed) => randomFrom(seed)()),
    [1, 2, 3].map((seed) => randomFrom(seed)()),
  );
  const values = Array.from({ length: 1000 }, randomFrom(7));
  assert.ok(values.every((value) => value >= 0 && value < 1));
  assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) / 1000 - 0.5) < 0.05);
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const { background, stickers } = randomBoard(CLASSES, ['plain', 'meadow'], randomFrom(seed));
      assert.ok(['plain', 'meadow'].includes(background));
      assert.ok(stickers.length >= 2 && stickers.length <= 4);
      assert.equal(new Set(stickers.map(({ class: name }) => name)).size, stickers.length);
      for (const [i, one] of stickers.entries()) {
        assert.ok(one.x - one.size / 2 >= -0.001 && one.x + one.size / 2 <= 1.001);
        for (const other of stickers.slice(i + 1))
          assert.ok(Math.hypot(one.x - other.x, one.y - other.y) >= 0.45 * (one.size + other.size) - 1e-9);
      }
    }),
    { numRuns: 500 },
  );
});

test('ten pictures make a round: boards, people for who knows people, or one’s own', () => {
  const site = { people: null, stickers: CLASSES };
  const boards = turnsOf({ round: 1, pictures: [] }, site);
  assert.equal(boards.length, TURNS);
  assert.deepEqual(boards, turnsOf({ round: 1, pictures: [] }, site));
  assert.notDeepEqual(boards, turnsOf({ round: 2, pictures: [] }, site));
  for (const { picture, class: name } of boards) {
    const { background, stickers } = readBoard(picture.board);
    assert.ok(background in BACKGROUNDS);
    assert.ok(
      stickers.some((sticker) => sticker.class === name),
      'what is asked about lies there',
    );
  }
  assert.deepEqual(turnsOf({ round: 1, pictures: [] }, { people: null, stickers: [] }), []);
  const people = Array.from({ length: 8 }, (_, i) => ({ name: `person-${i}` }));
  const persons = turnsOf({ round: 1, pictures: [] }, { people, stickers: [] });
  assert.deepEqual(persons.map(({ picture }) => picture.name).sort(), people.map(({ name }) => name).sort());
  const own = Array.from({ length: 12 }, (_, i) => ({ kind: 'own', name: `${i}.png` }));
  assert.deepEqual(
    turnsOf({ round: 3, pictures: own }, site),
    own.slice(0, TURNS).map((picture) => ({ picture, class: null })),
  );
});

// The controller

/** Before its engine, all energy lies in the right half of each picture. Of pictures called `unsure`, only a dog is seen. */
function opened({ state = {}, missing = [], networks = ['standard', null], own = 3, problem = 'single-label' } = {}) {
  const asked = [];
  let gate = null;
  const engine = {
    about: signal(about),
    load: async (model) => model,
    open: async (picture) => Object.assign(picture, { width: 100, height: 100 }),
    release: () => {},
    original: async () => ({ width: 100, height: 100 }),
    draw: async () => ({ width: 100, height: 100 }),
    rawMap: async ({ picture }) => (picture.name === 'flat' ? mapOf([0]) : mapOf([0, 1])),
    explain: async (explanation) => {
      const { name } = explanation.picture;
      asked.push([name ?? null, explanation.request.classes]);
      await gate;
      const [id = 1] = explanation.request.classes;
      const probability = id === 1 ? 0.9 : 0.2;
      return Object.assign(explanation, { classes: [{ id, name: ['cat', 'dog'][id], probability }] });
    },
  };
  const pictures = Array.from({ length: own }, (_, i) => ({ kind: 'own', name: `${i}` }));
  const source = signal({ ...GUESS, pictures, ...state });
  const status = new Status();
  const controller = new Controller({
    engine,
    state: source,
    status,
    resolveModel: async (model) => {
      if (!networks.includes(model?.name ?? null))
        throw new EngineError({ kind: 'weights', code: 'network-unknown', arguments: { name: model.name } });
      return { source: model, labels: ['cat', 'dog'], problem };
    },
    resolvePicture: async (picture) => {
      if (missing.includes(picture.name))
        throw new EngineError({ kind: 'image', code: 'own-picture-missing', arguments: { name: picture.name } });
      return { source: picture, name: picture.name };
    },
    siteOf: async () => ({ people: null, stickers: ['cat', 'dog', 'cow'] }),
    pixelsOf: (pixels) => pixels,
  });
  controller.active.value = true;
  controller.connect();
  const hold = () => {
    let open = () => {};
    gate = new Promise((resolve) => (open = resolve));
    return () => {
      gate = null;
      open();
    };
  };
  return { controller, asked, state: source, status, hold };
}

test('a picture is looked at while one guesses, and the next one beforehand', async (t) => {
  const { controller, asked } = opened();
  t.after(() => controller.disconnect());
  for (let i = 0; i < 4; i++) await turn();
  assert.deepEqual(asked, [
    ['0', []],
    ['1', []],
  ]);
  assert.ok(controller.settled && !controller.revealed.value);
  assert.equal(controller.mean.value, null);
});

test('what is said of a class is a probability, and of a value the value', () => {
  const of = { id: 1, name: 'dog', probability: 0.42, logit: 0.42 };
  assert.equal(questionOf({ of, problem: 'single-label' }), 'The network is 42% sure of “dog”. Where does it see that?');
  assert.equal(questionOf({ of, problem: 'value' }), 'The network gives “dog” the value 0.42. Where does it see that?');
});

test('a small value is asked about as it is', async (t) => {
  const guesses = Array(TURNS).fill({ x: 0.8, y: 0.5, size: 0.3 });
  const { controller } = opened({ own: 0, problem: 'value', state: { pictures: [], guesses } });
  t.after(() => controller.disconnect());
  for (let i = 0; i < 30; i++) await turn();
  const asked = controller.round.value.turns.map(({ class: name }) => name);
  assert.ok(asked.includes('cat'));
  // The value of a cat is 0.2; the network knows no cow.
  for (const [i, name] of asked.entries()) assert.equal(controller.nameIn(i).name, name === 'cow' ? 'dog' : name);
});

test('it tells how many circles were revealed, and what the last one holds', async (t) => {
  const { controller } = opened();
  t.after(() => controller.disconnect());
  assert.equal(controller.facts.value, null);
  for (let i = 0; i < 4; i++) await turn();
  const told = () => controller.facts.value.told;
  assert.deepEqual([told().guesses({}), told().circle({}), told().points({})], [0, null, null]);
  controller.reveal();
  for (let i = 0; i < 4; i++) await turn();
  const [{ yours, points }] = controller.results.value;
  assert.deepEqual([told().guesses({}), told().circle({}), told().points({})], [1, yours, points / 100]);
});

test('a circle that is revealed early waits for the heatmap of its own picture', async (t) => {
  const { controller, hold, state } = opened();
  t.after(() => controller.disconnect());
  const go = hold();
  for (let i = 0; i < 4; i++) await turn();
  controller.move({ x: 0.9 });
  controller.reveal();
  assert.ok(controller.awaited.value && !controller.revealed.value && !controller.settled);
  go();
  for (let i = 0; i < 4; i++) await turn();
  assert.ok(controller.revealed.value && !controller.awaited.value);
  assert.deepEqual(state.value.guesses, [{ x: 0.9, y: 0.5, size: 0.3 }]);
});

test('a round: each guess is measured, stays as it was, and the means are over what could be measured', async (t) => {
  const { controller, state } = opened({ state: { pictures: ['a', 'flat', 'b'].map((name) => ({ kind: 'own', name })) } });
  t.after(() => controller.disconnect());
  const guess = async (circle) => {
    for (let i = 0; i < 4; i++) await turn();
    controller.move(circle);
    controller.reveal();
    const result = controller.results.value[controller.at.value];
    controller.move({ x: 0 }); // it is fixed
    controller.next();
    return result;
  };
  const good = await guess({ x: 0.85, size: 0.2 });
  assert.equal(await guess({ x: 0.5 }), null);
  const bad = await guess({ x: 0.1, size: 0.2 });
  assert.deepEqual([state.value.guesses.length, state.value.guesses[0].x], [3, 0.85]);
  assert.equal(controller.at.value, 3); // the result
  assert.equal(bad.yours, 0);
  assert.ok(good.points > 99 && good.byChance > 20 && good.byChance < 60);
  const { count, points, yours } = controller.mean.value;
  assert.deepEqual([count, points, yours], [2, (good.points + bad.points) / 2, (good.yours + bad.yours) / 2]);
  controller.show(0);
  assert.deepEqual([controller.at.value, controller.revealed.value], [0, true]);
  controller.next();
  assert.equal(controller.at.value, 3);
});

test('a link with guesses has their results, and a class that is hardly seen is not asked about', async (t) => {
  const { controller, asked } = opened({
    own: 0,
    state: { pictures: [], guesses: Array(2).fill({ x: 0.8, y: 0.5, size: 0.3 }), shown: 1 },
  });
  t.after(() => controller.disconnect());
  for (let i = 0; i < 8; i++) await turn();
  assert.deepEqual([controller.at.value, controller.revealed.value, controller.turns.value], [1, true, TURNS]);
  assert.ok(controller.results.value.every((result) => result.points > 90));
  // Of boards with a cat or a cow, a dog is asked about in the end: the cat is 20% sure, and the network knows no cow.
  assert.ok([0, 1].every((which) => controller.nameIn(which).name === 'dog'));
  assert.ok(asked.length >= 3);
});

test('a picture that cannot be had is skipped, and a network that cannot be had gives way with the round', async (t) => {
  const { controller, status, state } = opened({ missing: ['0'] });
  t.after(() => controller.disconnect());
  for (let i = 0; i < 4; i++) await turn();
  assert.ok(controller.failed.value);
  assert.equal(status.failure.value.code, 'own-picture-missing');
  controller.reveal();
  assert.deepEqual([controller.at.value, controller.results.value], [1, [null]]);
  status.clear();
  controller.begin({ model: { kind: 'zoo', name: 'gone' } });
  for (let i = 0; i < 6; i++) await turn();
  assert.equal(status.failure.value.code, 'network-unknown');
  assert.deepEqual([state.value.model, state.value.guesses.length], [null, 1]);
  assert.ok(controller.settled);
});

test('another round begins anew, and a view that is not on the screen computes nothing', async (t) => {
  const { controller, asked, state } = opened({ own: 0, state: { pictures: [] } });
  t.after(() => controller.disconnect());
  for (let i = 0; i < 4; i++) await turn();
  controller.reveal();
  controller.active.value = false;
  controller.begin({ round: 2 });
  const before = asked.length;
  for (let i = 0; i < 4; i++) await turn();
  assert.equal(asked.length, before);
  assert.deepEqual([state.value.guesses, state.value.shown], [[], null]);
  assert.ok(!controller.settled);
  controller.active.value = true;
  for (let i = 0; i < 6; i++) await turn();
  assert.ok(controller.settled && asked.length > before);
});
