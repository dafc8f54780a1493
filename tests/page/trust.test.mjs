// Can you trust it?: exchanged pixels, the steps of the weights, small changes, and the controller with an engine that answers at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import { EngineError } from '../../www/engine/errors.js';
import { speak } from '../../www/i18n/index.js';
import { Status } from '../../www/state/status.js';
import { FRESH, TRUST } from '../../www/state/trust.js';
import { countsOf } from '../../www/views/trust/cascade.js';
import { Controller } from '../../www/views/trust/controller.js';
import { coveredPixels, exchanged, exchangedPixels } from '../../www/views/trust/exchange.js';
import { PLACES } from '../../www/views/trust/experiments.js';
import { numbersOf } from '../../www/views/trust/saving.js';
import { doneBy, varied, VARIANTS } from '../../www/views/trust/variants.js';
import { verdictOf } from '../../www/views/trust/verdict.js';
import { about as plain } from './fake-about.mjs';

await speak('en');
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** A picture of greys, row by row. */
function pictureOf(...rows) {
  const [width, height] = [rows[0].length, rows.length];
  return { width, height, data: Uint8ClampedArray.from(rows.flat().flatMap((grey) => [grey, grey, grey, 255])) };
}
const rowsOf = ({ width, data }) => {
  const greys = Array.from(data).filter((_, i) => i % 4 === 0);
  return Array.from({ length: greys.length / width }, (_, row) => greys.slice(row * width, (row + 1) * width));
};

// Pictures

test('the first pixels of a ranking are exchanged, and no others', () => {
  const [picture, grey] = [pictureOf([1, 2], [3, 4]), pictureOf([9, 9], [9, 9])];
  const ranking = [2, 1, 0, 3];
  assert.deepEqual(rowsOf(exchanged(picture, grey, ranking, 2)), [
    [1, 9],
    [9, 4],
  ]);
  assert.deepEqual(rowsOf(exchanged(grey, picture, ranking, 2)), [
    [9, 2],
    [3, 9],
  ]);
  assert.deepEqual(exchanged(picture, grey, ranking, 0), picture);
  assert.deepEqual(exchanged(picture, grey, ranking, 4), grey);
  assert.deepEqual(rowsOf(picture), [
    [1, 2],
    [3, 4],
  ]);
});

test('a share covers the nearest number of pixels; a step of a curve exchanges all that are due by then', () => {
  assert.deepEqual([coveredPixels(0.2, 4096), coveredPixels(0.5, 5), coveredPixels(0.01, 64)], [819, 3, 1]);
  assert.deepEqual([exchangedPixels(0, 28, 9216), exchangedPixels(6, 28, 9216), exchangedPixels(28, 28, 9216)], [0, 1974, 9216]);
});

test('the steps go from no module over the head to all of them, evenly, as the library has them', () => {
  assert.deepEqual(countsOf(21, 3), [0, 1, 11, 21]); // the example of `Cascade::counts`
  assert.deepEqual(countsOf(21, 1), [0, 21]);
  assert.deepEqual(countsOf(36, 8), [0, 1, 6, 11, 16, 21, 26, 31, 36]);
  assert.deepEqual(countsOf(3, 8), [0, 1, 2, 3]);
  assert.deepEqual(countsOf(1, 8), [0, 1]);
});

test('a picture is moved with its edge repeated, and mirrored; what was done is told as the engine undoes it', () => {
  const picture = pictureOf([1, 2, 3], [4, 5, 6], [7, 8, 9]);
  const moved = { kind: 'moved', by: 1 };
  assert.deepEqual(rowsOf(varied(picture, moved)), [
    [1, 1, 2],
    [1, 1, 2],
    [4, 4, 5],
  ]);
  assert.deepEqual(doneBy(moved), { mirrored: false, right: 1, down: 1 });
  assert.deepEqual(rowsOf(varied(picture, { kind: 'mirrored' })), [
    [3, 2, 1],
    [6, 5, 4],
    [9, 8, 7],
  ]);
  assert.deepEqual(doneBy({ kind: 'mirrored' }), { mirrored: true, right: 0, down: 0 });
  assert.deepEqual(doneBy({ kind: 'noisy', by: 0.05 }), { mirrored: false, right: 0, down: 0 });
});

test('noise has the deviation that it says, no bias, and is the same every time', () => {
  const grey = pictureOf(...Array.from({ length: 100 }, () => Array(100).fill(128)));
  const noisy = varied(grey, { kind: 'noisy', by: 0.05 });
  assert.deepEqual(varied(grey, { kind: 'noisy', by: 0.05 }), noisy);
  const off = Array.from(noisy.data).flatMap((value, i) => (i % 4 === 3 ? [] : [value - 128]));
  const mean = off.reduce((sum, one) => sum + one, 0) / off.length;
  const deviation = Math.sqrt(off.reduce((sum, one) => sum + (one - mean) ** 2, 0) / off.length);
  assert.ok(Math.abs(mean) < 0.3, `${mean}`);
  assert.ok(Math.abs(deviation - 0.05 * 255) < 0.3, `${deviation}`);
  assert.ok(Array.from(noisy.data).every((value, i) => i % 4 !== 3 || value === 255));
});

// The controller

const METHODS = ['grad-cam', 'guided-backprop', 'layer-cam', 'rise'].map((name) => ({
  name,
  title: name,
  needs: name === 'rise' ? 'nothing' : 'gradients',
  output: name === 'guided-backprop' ? 'picture' : 'map',
  settings: name === 'rise' ? [{ name: 'samples', default: 1000 }] : [],
  presets: [],
}));
const about = { ...plain, version: '0', methods: METHODS, formulas: [{ name: 'blend', raw: false }] };
const MODULES = Array.from({ length: 9 }, (_, i) => `layer${i}`);

/** An engine that answers when it is let. It notes what it is asked. */
function opened({ state = {}, embedded = true, missing = [], flat = false } = {}) {
  const calls = [];
  const released = [];
  let gate = null;
  /** Waits as long as the engine is held, and ends when the task is aborted. */
  const waited = async (signal) => {
    signal?.throwIfAborted();
    if (gate)
      await Promise.race([
        gate,
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true })),
      ]);
  };
  const engine = {
    about: signal(about),
    work: signal(null),
    load: async (model) => Object.assign(model, { classes: 3, layers: [{ name: 'layer4' }], default_layer: 'layer4' }),
    open: async (picture) => Object.assign(picture, { width: 4, height: 4 }),
    async explain(explanation, { signal }) {
      calls.push('explain');
      await waited(signal);
      const { model, request } = explanation;
      if (model.trained) model.modules = MODULES;
      const id = request.classes[0] ?? 1;
      const of = { id, name: ['cat', 'dog', 'bus'][id], probability: 0.75, flat };
      return Object.assign(explanation, { method: request.method, classes: [of], top: [of], view: { width: 4, height: 4 }, layers: [] });
    },
    frame: async (_, baseline) => pictureOf(...Array.from({ length: 4 }, () => Array(4).fill({ mean: 100, blur: 200 }[baseline] ?? 0))),
    rankPixels: async () => Uint32Array.from({ length: 16 }, (_, i) => i),
    draw: async ({ request }) => ({ ...pictureOf([0]), of: request.method }),
    release: (handle) => released.push(handle),
    async measureCover(_, { share, places }, { signal }) {
      calls.push(`cover ${share}`);
      await waited(signal);
      return { pixels: 3, whole: 0.75, without: 0.5, alone: share, by_chance: [0.25, 0.125], elsewhere: Array(places).fill([0.25, 0.125]) };
    },
    async measureCurve(_, { insertion, steps }, { signal }) {
      calls.push(insertion ? 'insertion' : 'deletion');
      await waited(signal);
      const points = Array.from({ length: steps + 1 }, (__, i) => [i / steps, insertion ? i / steps : 1 - i / steps]);
      return { points, area: 0.5, baseline: insertion ? 'blur' : 'mean' };
    },
    async compare(first, { model, request }) {
      const { fresh } = model;
      calls.push(fresh ? `compare ${fresh.count} ${request.method}` : 'compare');
      assert.equal(first.request.method, request.method, 'heatmaps of one method are compared');
      return { rank: 0, rank_of_magnitudes: fresh ? 1 - fresh.count / MODULES.length : 0.5, structure: 0 };
    },
  };
  const status = new Status();
  const source = signal({ ...TRUST, ...state });
  const told = [];
  const controller = new Controller({
    engine,
    state: source,
    status,
    resolveModel: async (model) => ({ source: model ?? { kind: embedded ? 'embedded' : 'zoo', name: 'x' }, problem: 'multi-label' }),
    resolvePicture: async (picture) => {
      if (missing.includes(picture?.name))
        throw new EngineError({ kind: 'image', code: 'sample-unknown', arguments: { name: picture.name } });
      return { source: picture };
    },
    pixelsOf: (pixels) => pixels,
    wordsOf: (experiment) => told.push(experiment),
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
  const settle = async () => {
    for (let i = 0; i < 50 && !controller.settled; i++) await turn();
    assert.ok(controller.settled);
  };
  return { controller, calls, released, status, state: source, hold, settle };
}

test('what is looked at is measured, and nothing else; what was measured is kept as long as the heatmap is the same', async (t) => {
  const { controller, calls, settle } = opened();
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual(calls, ['explain', 'cover 0.2']);
  assert.equal(controller.base.value.of.id, 1, 'the predicted class');
  assert.equal(controller.foundBy('cover').elsewhere.length, PLACES);
  controller.ask({ experiment: 'curves' });
  await settle();
  assert.deepEqual(calls.slice(2), ['deletion', 'insertion']);
  controller.ask({ experiment: 'cover', step: 9, fresh: 2 });
  await settle();
  assert.equal(calls.length, 4);
  assert.ok(controller.isDone('cover') && controller.isDone('curves'));
  assert.ok(!controller.isDone('weights') && !controller.isDone('changes'));
  const { settled, told } = controller.facts.value;
  assert.ok(settled);
  assert.deepEqual([told.experiment(), told.method()], [['cover', 'curves'], ['grad-cam']]);

  controller.ask({ class: 2 });
  assert.ok(controller.behind.value && !controller.isDone('cover') && !controller.isDone('curves'));
  assert.equal(controller.facts.value.settled, false);
  assert.equal(controller.foundBy('cover'), null);
  await settle();
  assert.deepEqual(calls.slice(4), ['explain', 'cover 0.2']);
  assert.equal(controller.foundBy('curves'), null, 'those were of another class');
});

test('numbers of another share do not count as present', async (t) => {
  const { controller, calls, settle, hold } = opened();
  t.after(() => controller.disconnect());
  await settle();
  const go = hold();
  controller.ask({ share: 0.4 });
  await turn();
  assert.ok(!controller.isDone('cover') && !controller.settled);
  assert.equal(controller.foundBy('cover').share, 0.2);
  controller.ask({ share: 0.5 });
  controller.ask({ share: 0.6 });
  await turn();
  go();
  await settle();
  assert.ok(controller.isDone('cover'));
  assert.deepEqual([controller.foundBy('cover').share, controller.foundBy('cover').alone], [0.6, 0.6]);
  assert.deepEqual(
    calls.filter((call) => call.startsWith('cover')),
    ['cover 0.2', 'cover 0.4', 'cover 0.6'],
    'of the shares in between none is measured',
  );
});

test('whatever is no longer looked at is broken off, and its handles are released', async (t) => {
  const { controller, calls, settle, hold, released } = opened({ state: { experiment: 'curves' } });
  t.after(() => controller.disconnect());
  await turn();
  await settle();
  const go = hold();
  controller.ask({ experiment: 'changes' });
  await turn();
  await turn();
  assert.equal(calls.at(-1), 'explain');
  const before = released.length;
  controller.ask({ experiment: 'cover' });
  await turn();
  assert.equal(released.length, before + 2, 'the explanation of the first change, and its picture');
  go();
  await settle();
  assert.ok(controller.isDone('cover'));
  assert.equal(controller.foundBy('changes'), null);
});

test('what is cancelled keeps what it has, says so, and goes on when it is asked to', async (t) => {
  const { controller, calls, status, settle, hold } = opened({ state: { experiment: 'weights' } });
  t.after(() => controller.disconnect());
  let go = () => {};
  const { compare } = controller.engine;
  controller.engine.compare = async (...args) => {
    const answer = await compare(...args);
    if (calls.at(-1) === 'compare 2 guided-backprop') go = hold();
    return answer;
  };
  while (calls.at(-1) !== 'explain' || !calls.includes('compare 2 guided-backprop')) await turn();
  const counts = [0, 1, 2, 3, 4, 6, 7, 8, 9];
  assert.deepEqual(controller.foundBy('weights').counts, counts);
  assert.ok(status.busy.value, 'it can be cancelled');
  status.busy.value();
  await turn();
  await turn();
  assert.equal(status.busy.value, null);
  assert.equal(status.failure.value, null, 'a cancel is no failure');
  assert.ok(controller.waits.value && !controller.isDone('weights'));
  const had = controller.foundBy('weights').steps.filter((step) => step !== null).length;
  assert.equal(had, 3);
  go();
  const asked = calls.length;
  await turn();
  assert.equal(calls.length, asked, 'nothing goes on unasked');
  controller.compute();
  await settle();
  assert.ok(controller.isDone('weights'));
  const compared = calls.slice(asked).filter((call) => call.startsWith('compare'));
  assert.deepEqual(
    compared,
    counts.slice(3).flatMap((count) => [`compare ${count} grad-cam`, `compare ${count} guided-backprop`]),
  );
  const { steps } = controller.foundBy('weights');
  assert.deepEqual(
    steps.map(([{ rank }]) => rank),
    counts.map((count) => 1 - count / 9),
  );
});

test('the step at which the slider is comes next, and the method that is doubted stands beside the two', async (t) => {
  const { controller, calls, settle } = opened({ state: { experiment: 'weights', fresh: FRESH, method: 'layer-cam' } });
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual(controller.foundBy('weights').methods, ['layer-cam', 'grad-cam', 'guided-backprop']);
  const order = calls.filter((call) => call.endsWith('layer-cam')).map((call) => Number(call.split(' ')[1]));
  assert.deepEqual(order, [0, 9, 1, 2, 3, 4, 6, 7, 8]);
});

test('every small change is compared with the first heatmap', async (t) => {
  const { controller, calls, settle } = opened({ state: { experiment: 'changes' } });
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual(
    controller.foundBy('changes').changed.map(({ variant }) => variant),
    VARIANTS,
  );
  assert.equal(calls.filter((call) => call === 'compare').length, VARIANTS.length);
});

test('what would take long waits to be asked for: with a network from elsewhere, and with methods of many passes', async (t) => {
  const far = opened({ embedded: false });
  t.after(() => far.controller.disconnect());
  await far.settle();
  assert.deepEqual(far.calls, ['explain']);
  assert.ok(far.controller.waits.value);
  far.controller.compute();
  await far.settle();
  assert.ok(far.controller.isDone('cover') && !far.controller.waits.value);
  far.controller.ask({ share: 0.3 });
  await far.settle();
  assert.ok(far.controller.waits.value, 'another share is another computation');
  assert.deepEqual(far.calls, ['explain', 'cover 0.2']);

  const slow = opened({ state: { method: 'rise', experiment: 'changes' } });
  t.after(() => slow.controller.disconnect());
  await slow.settle();
  assert.deepEqual(slow.calls, ['explain']);
  slow.controller.ask({ experiment: 'cover' });
  await slow.settle();
  assert.ok(slow.controller.isDone('cover'), 'its passes do not depend on the method');
});

test('a view that is not on the screen measures nothing, and catches up when it is', async (t) => {
  const { controller, calls, settle } = opened();
  t.after(() => controller.disconnect());
  await settle();
  controller.active.value = false;
  controller.ask({ class: 2 });
  await turn();
  assert.equal(calls.length, 2);
  assert.ok(!controller.settled && controller.behind.value);
  controller.active.value = true;
  await settle();
  assert.equal(controller.base.value.of.id, 2);
  assert.ok(controller.isDone('cover'));
});

test('of a flat heatmap nothing is measured', async (t) => {
  const { controller, calls, settle } = opened({ flat: true });
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual(calls, ['explain']);
  assert.ok(!controller.waits.value && !controller.isDone('cover'));
});

test('what the engine or the network does not have is left out and told', async (t) => {
  const { controller, status, state, settle } = opened({ state: { class: 7, method: 'oracle', layer: 'layer9' } });
  t.after(() => controller.disconnect());
  await settle();
  assert.deepEqual([state.value.class, state.value.method, state.value.layer], [null, null, null]);
  assert.deepEqual(status.failure.value.arguments.refused, [
    { name: 'class', found: '7' },
    { name: 'method', found: 'oracle' },
    { name: 'layer', found: 'layer9' },
  ]);
  assert.ok(controller.isDone('cover'));
});

test('a picture that cannot be had gives way to the one before, with its class', async (t) => {
  const { controller, status, state, settle } = opened({ state: { class: 2 }, missing: ['gone'] });
  t.after(() => controller.disconnect());
  await settle();
  controller.choose({ picture: { kind: 'sample', name: 'gone' } });
  assert.equal(state.value.class, null);
  await settle();
  assert.equal(status.failure.value.code, 'sample-unknown');
  assert.deepEqual([state.value.picture, state.value.class], [null, 2]);
  assert.ok(controller.isDone('cover'));
});

test('a verdict says what was measured, whichever way it went', async (t) => {
  const { controller, settle } = opened();
  t.after(() => controller.disconnect());
  const context = () => ({ base: controller.base.value, about });
  for (const experiment of ['cover', 'curves', 'weights', 'changes']) {
    controller.ask({ experiment });
    await settle();
  }
  const said = (experiment) => verdictOf(experiment, controller.foundBy(experiment), context());
  assert.equal(
    said('cover'),
    'Without its hottest 20%, the score for dog goes from 0.75 to 0.50; a cover of this size elsewhere leaves 0.25 on average (16 places). The hottest 20% alone score 0.20; as much of the picture elsewhere scores 0.13.',
  );
  assert.equal(
    said('curves'),
    'Deletion takes the score for dog from 1.00 to 0.00; the area under its curve is 0.50. Insertion takes it from 0.00 to 1.00; the area under its curve is 0.50.',
  );
  assert.equal(
    said('weights'),
    'With random weights in 9 of 9 modules, the heatmaps have these rank correlations with those of the trained network: grad-cam 0.00 and guided-backprop 0.00.',
  );
  assert.match(
    said('changes'),
    /^Over 7 small changes, the rank correlation with the first heatmap lies between 0\.50 \(.*\) and 0\.50 \(.*\)\. The score for dog stays 0\.75\.$/,
  );
  const changed = controller.foundBy('changes').changed.map((one) => ({ ...one, rank: null }));
  assert.equal(verdictOf('changes', { changed }, context()), 'Over 7 small changes, no heatmap could be compared: all are flat.');

  const saved = numbersOf(controller.base.value, controller.findings, { about, link: 'https://example.org/#trust' });
  assert.equal(saved.cover.baseline, 'mean');
  assert.equal(saved.curves.deletion.points.length, 29);
  assert.deepEqual(saved.random_weights.steps.at(-1), {
    random: 9,
    maps: ['grad-cam', 'guided-backprop'].map((method) => ({ method, rank_correlation: 0, score: 0.75 })),
  });
  assert.deepEqual(saved.small_changes[3], { kind: 'mirrored', rank_correlation: 0.5, score: 0.75 });
});
