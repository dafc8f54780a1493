// Erasing from a picture: what a brush leaves, how much it covers, the game, and the controller with an engine that answers at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import fc from 'fast-check';
import { Edits } from '../../www/elements/board/edits.js';
import { movedBy, sizedBy } from '../../www/elements/game/keys.js';
import { EngineError } from '../../www/engine/errors.js';
import { speak } from '../../www/i18n/index.js';
import { ERASE, FILLS, placeOf } from '../../www/state/erase.js';
import { Status } from '../../www/state/status.js';
import { Controller } from '../../www/views/erase/controller.js';
import { Erasure } from '../../www/views/erase/erasure.js';
import { background, blurred, FILL } from '../../www/views/erase/fills.js';
import { says, smaller } from '../../www/views/erase/mind.js';
import { Strokes } from '../../www/views/erase/strokes.js';
import { about } from './fake-about.mjs';

await speak('en');
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** A picture of greys, row by row. */
function pictureOf(...rows) {
  const [width, height] = [rows[0].length, rows.length];
  return { width, height, data: Uint8ClampedArray.from(rows.flat().flatMap((grey) => [grey, grey, grey, 255])) };
}
const greys = (data) => Array.from(data).filter((_, i) => i % 4 === 0);
const black = (width, height) => pictureOf(...Array.from({ length: height }, () => Array(width).fill(0)));
const stroke = (points, { fill = 'grey', size = 0.2 } = {}) => ({ fill, size, points });

test('grey is the same everywhere, and opaque', () => {
  assert.deepEqual([...FILL.grey(pictureOf([0, 255]))], [128, 128, 128, 255, 128, 128, 128, 255]);
});

test('a blur is three means over a square, of what lies in the picture', () => {
  // [0 0 90 0 0] → [0 30 30 30 0] → [15 20 30 20 15] → [17.5 21⅔ 23⅓ 21⅔ 17.5]
  const line = [0, 0, 90, 0, 0];
  assert.deepEqual(greys(blurred(pictureOf(line), 1)), [18, 22, 23, 22, 18]);
  assert.deepEqual(greys(blurred(pictureOf(...line.map((grey) => [grey])), 1)), [18, 22, 23, 22, 18]);
  assert.deepEqual(greys(blurred(pictureOf([7, 7], [7, 7]), 9)), [7, 7, 7, 7]);
});

test('a background goes in each row from the colour of the left edge to that of the right one', () => {
  // Edges of one pixel, averaged over the rows above and below: 20 and 120 in both rows.
  const picture = pictureOf([10, 0, 100], [30, 0, 140]);
  assert.deepEqual(greys(background(picture, 1)), [37, 70, 103, 37, 70, 103]); // 20 + 100 · (½, 1½, 2½) / 3
  // The sky stays above, the grass below.
  assert.deepEqual(
    greys(background(pictureOf([200, 0], [200, 0], [200, 0], [50, 0], [50, 0], [50, 0]), 1)).filter((_, i) => i % 2 === 0),
    [150, 150, 112, 75, 38, 38],
  );
});

test('a brush covers the pixels whose centres are within its radius, and these are counted once', () => {
  const erasure = new Erasure(black(5, 5));
  const dab = stroke([[0.5, 0.5]], { size: 0.4 }); // of a radius of one pixel
  assert.deepEqual(erasure.paint([dab]), { left: 1, top: 1, right: 4, bottom: 4 });
  const cross = [0, 0, 0, 0, 0, 0, 0, 128, 0, 0, 0, 128, 128, 128, 0, 0, 0, 128, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual(greys(erasure.data), cross);
  assert.equal(erasure.share, 5 / 25);
  erasure.paint([dab, dab]);
  assert.equal(erasure.share, 5 / 25);
  // A line along the middle row, and half a brush at the edge.
  const line = stroke(
    [
      [0.1, 0.5],
      [0.9, 0.5],
    ],
    { size: 0.4 },
  );
  erasure.paint([line]);
  assert.equal(erasure.share, 15 / 25);
  erasure.paint([stroke([[0, 0.5]], { size: 0.4 })]);
  assert.equal(erasure.share, 1 / 25);
});

test('the brush that brings back shows the picture as it was, and erases nothing', () => {
  const picture = pictureOf([1, 2, 3], [4, 5, 6], [7, 8, 9]);
  const erasure = new Erasure(picture);
  const all = stroke([[0.5, 0.5]], { size: 1 });
  erasure.paint([all]);
  assert.equal(erasure.share, 1);
  erasure.paint([all, { ...all, fill: 'picture' }]);
  assert.equal(erasure.share, 0);
  assert.deepEqual(erasure.data, picture.data);
});

const place = fc.double({ min: 0, max: 1, noNaN: true }).map(placeOf);
const strokes = fc.array(
  fc.record({
    fill: fc.constantFrom(...FILLS),
    size: fc.constantFrom(0.05, 0.2, 0.6),
    points: fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 4 }),
  }),
  { maxLength: 4 },
);
const noise = pictureOf(...Array.from({ length: 13 }, (_, y) => Array.from({ length: 17 }, (_, x) => (x * 67 + y * 151) % 256)));

test('a picture that is painted point by point, or changed and undone, is the one that is painted at once', () => {
  fc.assert(
    fc.property(strokes, strokes, (all, others) => {
      const [slow, once] = [new Erasure(noise), new Erasure(noise)];
      once.paint(all);
      for (const [i, { points, ...rest }] of all.entries())
        for (let n = 1; n <= points.length; n++) {
          const before = slow.data.slice();
          const box = slow.paint([...all.slice(0, i), n < points.length ? { ...rest, points: points.slice(0, n) } : all[i]]);
          const changed = [...before.keys()].filter((at) => before[at] !== slow.data[at]).map((at) => at >> 2);
          for (const pixel of changed) {
            const [x, y] = [pixel % 17, Math.floor(pixel / 17)];
            assert.ok(box && x >= box.left && x < box.right && y >= box.top && y < box.bottom, 'what changes lies in the box');
          }
        }
      assert.deepEqual(slow.data, once.data);
      assert.equal(slow.share, once.share);
      slow.paint(others);
      slow.paint(all);
      assert.deepEqual(slow.data, once.data);
      assert.equal(slow.share, once.share);
    }),
    { numRuns: 300 },
  );
});

test('a mind is changed when a judged class falls below a half, or another class is first', () => {
  assert.equal(says('multi-label', [0.5, 0.99], 0), true);
  assert.equal(says('multi-label', [0.49, 0.1], 0), false);
  assert.equal(says('single-label', [0.3, 0.2, 0.1], 0), true);
  assert.equal(says('single-label', [0.3, 0.31, 0.1], 0), false);
  assert.deepEqual([says('yes-no', [0.6, 0.4], 0), says('yes-no', [0.6, 0.4], 1)], [true, false]);
  assert.equal(says('value', [37.5], 0), false);
  assert.deepEqual(smaller(undefined, { share: 0.2 }), { share: 0.2 });
  assert.deepEqual(smaller({ share: 0.1 }, { share: 0.2 }), { share: 0.1 });
});

test('points close to each other are one, and a stroke is undone as a whole', () => {
  const all = new Strokes();
  const edits = new Edits(all);
  const brush = { fill: 'blur', size: 0.2 };
  edits.begin();
  all.begin(brush, 0.5, 0.5);
  all.extend(0.51, 0.5); // less than a tenth of the brush
  all.extend(0.6, 0.5);
  edits.end();
  assert.deepEqual(all.content, [
    {
      ...brush,
      points: [
        [placeOf(0.5), placeOf(0.5)],
        [placeOf(0.6), placeOf(0.5)],
      ],
    },
  ]);
  edits.undo();
  assert.deepEqual(all.content, []);
  edits.redo();
  assert.equal(all.content.length, 1);
});

test('arrow keys move the circle, with Shift further; plus and minus size it within its bounds', () => {
  assert.deepEqual(movedBy({ key: 'ArrowLeft', shiftKey: false }), [-0.02, 0]);
  assert.deepEqual(movedBy({ key: 'ArrowDown', shiftKey: true }), [0, 0.1]);
  assert.equal(movedBy({ key: 'a', shiftKey: false }), null);
  const bounds = { min: 0.1, max: 0.5 };
  assert.ok(Math.abs(sizedBy('+', 0.2, bounds) - 0.23) < 1e-9);
  assert.ok(Math.abs(sizedBy('-', 0.23, bounds) - 0.2) < 1e-9);
  assert.deepEqual([sizedBy('=', 0.49, bounds), sizedBy('_', 0.1, bounds), sizedBy('x', 0.2, bounds)], [0.5, 0.1, null]);
});

// The controller

/** An engine before which a cat is as sure as pixels are not grey; it answers when it is let. */
function opened({ state = {}, side = 10, missing = [] } = {}) {
  const asked = [];
  let gate = null;
  const engine = {
    about: signal(about),
    load: async (model) => model,
    open: async (picture) => Object.assign(picture, { width: side, height: side }),
    original: async () => black(side > 512 ? 512 : side, side > 512 ? 512 : side),
    draw: async (explanation, style) => ({ style, close: () => {} }),
    release: () => {},
    explain: async (explanation) => {
      const { data } = explanation.picture.pixels ?? black(10, 10);
      const grey = greys(data).filter((value) => value === 128).length / (data.length / 4);
      const id = explanation.request.classes[0] ?? 0;
      asked.push({ id, grey, pixels: Boolean(explanation.picture.pixels), view: explanation.request.view });
      await gate;
      const probabilities = Float32Array.from([1 - grey, 0.25]);
      const one = (which) => ({ id: which, name: ['cat', 'dog'][which], probability: probabilities[which] });
      return Object.assign(explanation, { probabilities, top: [one(0), one(1)], classes: [one(id)] });
    },
  };
  const status = new Status();
  const source = signal({ ...ERASE, ...state });
  const controller = new Controller({
    engine,
    state: source,
    status,
    resolveModel: async (model) => ({ source: model, problem: 'multi-label', labels: ['cat', 'dog'] }),
    resolvePicture: async (picture) => {
      if (missing.includes(picture?.name))
        throw new EngineError({ kind: 'image', code: 'sample-unknown', arguments: { name: picture.name } });
      return { source: picture };
    },
    pixelsOf: (pixels) => pixels,
    wordsOf: () => 'an answer',
  });
  controller.active.value = true;
  controller.connect();
  const hold = () => {
    let open = () => {};
    const closed = new Promise((resolve) => (open = resolve));
    gate = closed;
    return () => {
      if (gate === closed) gate = null;
      open();
    };
  };
  return { controller, asked, status, state: source, hold };
}

const brushed = (controller, points, size = 0.4) => {
  controller.ask({ fill: 'grey', size });
  controller.begin(...points[0]);
  for (const point of points.slice(1)) controller.extend(...point);
  controller.end();
};
const ROW = [
  [0, 0.5],
  [1, 0.5],
];

test('the answer is that of the pixels under the strokes, and compared with the same picture untouched', async (t) => {
  const { controller, asked, state } = opened();
  t.after(() => controller.disconnect());
  await turn();
  await turn();
  assert.ok(controller.settled);
  assert.equal(controller.class.value, 0);
  assert.deepEqual([...controller.answer.value.probabilities], [1, 0.25]);
  brushed(controller, ROW);
  assert.equal(controller.share.value, 0.4); // four rows of ten
  assert.deepEqual(controller.mark.value, { stale: true, stopped: false });
  await turn();
  await turn();
  assert.ok(controller.settled);
  const { share, probabilities, bitmap, base } = controller.answer.value;
  assert.equal(share, 0.4);
  assert.equal(asked.at(-1).grey, 0.4);
  assert.ok(Math.abs(probabilities[0] - 0.6) < 1e-6);
  assert.equal(base.before[0], 1);
  assert.ok(bitmap.style.opacity < 0.5, 'the less sure, the fainter');
  assert.equal(controller.record.value, null, 'the mind is not changed');
  controller.disconnect(); // what is left is in the link
  assert.equal(state.value.strokes.length, 1);
});

test('it tells how sure the network is, and how much is erased, once that is computed', async (t) => {
  const { controller } = opened();
  t.after(() => controller.disconnect());
  assert.equal(controller.facts.value, null);
  await turn();
  await turn();
  brushed(controller, ROW);
  assert.equal(controller.facts.value.settled, false);
  await turn();
  await turn();
  const { settled, told } = controller.facts.value;
  assert.ok(settled && Math.abs(told.score({ class: 'cat' }) - 0.6) < 1e-6);
  assert.deepEqual([told.score({ class: 'cow' }), told.erased({}), told.says({}), told.class({})], [null, 0.4, ['cat'], ['cat']]);
});

test('while the engine computes, what is shown is marked, and an answer counts for the strokes that it is of', async (t) => {
  const { controller, hold } = opened();
  t.after(() => controller.disconnect());
  await turn();
  const go = hold();
  brushed(controller, ROW, 0.6); // six rows of ten: below a half
  await turn();
  brushed(controller, [[0.5, 0.05]], 0.1);
  assert.ok(controller.mark.value.stale);
  assert.equal(controller.answer.value.share, 0);
  const later = hold(); // the next one waits again
  go();
  await turn();
  assert.equal(controller.answer.value.share, 0.6);
  assert.ok(controller.mark.value.stale, 'it is that of the first stroke alone');
  assert.ok(!controller.settled);
  assert.deepEqual([controller.record.value.share, controller.record.value.strokes.length], [0.6, 1]);
  later();
  await turn();
  await turn();
  assert.ok(controller.settled && !controller.mark.value.stale);
  assert.equal(controller.answer.value.share, controller.share.value);
  assert.equal(controller.record.value.share, 0.6, 'the smaller one stays');
  controller.showRecord();
  assert.equal(controller.share.value, 0.6);
  controller.undo();
  assert.ok(controller.share.value > 0.6);
});

test('whatever brings other strokes is computed: undo before they are in the state, and a link', async (t) => {
  const { controller, state } = opened();
  t.after(() => controller.disconnect());
  const settle = async () => {
    for (let i = 0; i < 4; i++) await turn();
    assert.ok(controller.settled);
  };
  await settle();
  brushed(controller, ROW);
  await settle();
  controller.undo(); // the state has not heard of the stroke
  assert.ok(controller.mark.value.stale);
  await settle();
  assert.equal(controller.answer.value.share, 0);
  for (const size of [0.4, 0.6]) {
    state.value = { ...state.value, strokes: [stroke(ROW, { size })] };
    assert.ok(controller.mark.value.stale);
    await settle();
    assert.equal(controller.answer.value.share, size);
  }
});

test('a class that the network does not say of the whole picture cannot be erased', async (t) => {
  const { controller } = opened({ state: { class: 1 } });
  t.after(() => controller.disconnect());
  await turn();
  brushed(controller, ROW, 0.6);
  await turn();
  await turn();
  assert.equal(controller.answer.value.id, 1);
  assert.equal(controller.record.value, null);
});

test('a link brings strokes; a class that the network lacks is left out and told', async (t) => {
  const strokes = [stroke(ROW, { size: 0.4 })];
  const { controller, status, state } = opened({ state: { strokes, class: 7 } });
  t.after(() => controller.disconnect());
  for (let i = 0; i < 4; i++) await turn();
  assert.equal(controller.answer.value.share, 0.4);
  assert.deepEqual([state.value.class, controller.answer.value.id], [null, 0]);
  assert.deepEqual(status.failure.value.arguments.refused, [{ name: 'class', found: '7' }]);
  assert.equal(controller.edits.value.canUndo.value, false);
});

test('another picture takes the strokes with it; one that cannot be had gives way to the one before, with its strokes', async (t) => {
  const { controller, status, state } = opened({ missing: ['gone'] });
  t.after(() => controller.disconnect());
  await turn();
  brushed(controller, ROW);
  await turn();
  controller.choose({ picture: { kind: 'sample', name: 'gone' } });
  assert.equal(controller.strokes.content.length, 0);
  for (let i = 0; i < 6; i++) await turn();
  assert.equal(status.failure.value.code, 'sample-unknown');
  assert.equal(state.value.picture, null);
  assert.equal(controller.share.value, 0.4);
  assert.ok(controller.settled);
  controller.choose({ picture: { kind: 'sample', name: 'there' } });
  for (let i = 0; i < 4; i++) await turn();
  assert.deepEqual([controller.share.value, controller.answer.value.base.picture.source.name], [0, 'there']);
  assert.equal(controller.edits.value.canUndo.value, false, 'strokes on another picture cannot come back');
});

test('a large picture is erased from at 512 pixels, and what is said before is said of these', async (t) => {
  const { controller, asked } = opened({ side: 2000 });
  t.after(() => controller.disconnect());
  for (let i = 0; i < 4; i++) await turn();
  assert.deepEqual([controller.erasure.value.width, controller.erasure.value.height], [512, 512]);
  assert.deepEqual(
    asked.map(({ pixels, view }) => [pixels, view]),
    [
      [false, 512],
      [true, 512],
      [true, 512],
    ],
  );
});

test('a view that is not on the screen computes nothing', async (t) => {
  const { controller, asked } = opened();
  t.after(() => controller.disconnect());
  await turn();
  await turn();
  controller.active.value = false;
  const before = asked.length;
  brushed(controller, ROW);
  await turn();
  assert.equal(asked.length, before);
  assert.ok(!controller.settled);
  controller.active.value = true;
  await turn();
  await turn();
  assert.equal(controller.answer.value.share, 0.4);
});
