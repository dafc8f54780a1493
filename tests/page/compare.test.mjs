// The grid's rules: what its cells ask, in which order they are computed, and that none shows what it does not ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import fc from 'fast-check';
import { EngineError } from '../../www/engine/errors.js';
import { AXES, COMPARE, LISTS } from '../../www/state/compare.js';
import { Status } from '../../www/state/status.js';
import { questionOf } from '../../www/views/compare/answer.js';
import { axesOf, placesOf, valuesOf, withRole } from '../../www/views/compare/axes.js';
import { Cell } from '../../www/views/compare/cell.js';
import { Controller } from '../../www/views/compare/controller.js';
import { given, MOST } from '../../www/views/compare/given.js';
import { focusOf } from '../../www/views/compare/measures.js';
import { distanceOf, nextOf, sorted } from '../../www/views/compare/order.js';
import { painted, tableOf, upsampled } from '../../www/elements/paint.js';

const turn = () => new Promise((resolve) => setTimeout(resolve));
const axis = fc.constantFrom(...AXES);
const state = fc.record({ rows: axis, columns: axis }).map((axes) => ({ ...COMPARE, ...axes }));
const standard = {
  picture: [1, 2, 3].map((name) => ({ kind: 'sample', name: String(name) })),
  network: ['resnet', 'vgg'].map((name) => ({ kind: 'embedded', name })),
  method: ['grad-cam', 'cam'],
  class: [0, 1],
  layer: ['layer3', 'layer4'],
};

test('rows and columns are of two axes, whatever role an axis is given', () => {
  fc.assert(
    fc.property(state, axis, fc.constantFrom('rows', 'columns', null), (before, one, role) => {
      const [rows, columns] = axesOf({ ...before, ...withRole(before, one, role) });
      assert.notEqual(rows, columns);
      assert.equal(role === null ? ![rows, columns].includes(one) : { rows, columns }[role] === one, true);
    }),
  );
});

test('each cell asks its row and its column, and for the rest the first value', () => {
  fc.assert(
    fc.property(state, (asked) => {
      const [rows, columns] = axesOf(asked);
      const values = valuesOf(asked, standard);
      const places = placesOf(asked, values);
      assert.equal(places.length, values[rows].length * values[columns].length);
      assert.equal(new Set(places.map(({ key }) => key)).size, places.length);
      for (const { asked: one, row, column } of places) {
        for (const name of AXES) {
          const expected = name === rows ? values[rows][row] : name === columns ? values[columns][column] : standard[name][0];
          assert.deepEqual(one[name], expected);
        }
      }
    }),
  );
});

test('a cell of swapped axes is the same cell; a class of another first network is another', () => {
  const keys = (asked) => placesOf(asked, valuesOf(asked, standard)).map(({ key }) => key);
  const asked = { ...COMPARE, rows: 'method', columns: 'class' };
  assert.deepEqual(new Set(keys(asked)), new Set(keys({ ...asked, rows: 'class', columns: 'method' })));
  assert.ok(!keys(asked).includes(keys({ ...asked, models: [standard.network[1]] })[0]));
});

test('the nearest cell comes first; of several the one whose network is loaded; then the first', () => {
  const cell = (name, far, network) => ({ name, network, distance: () => far });
  const all = [cell('a', 50, 'x'), cell('b', 0, 'x'), cell('c', 0, 'y'), cell('d', 0, 'y')];
  assert.equal(nextOf(all, null).name, 'b');
  assert.equal(nextOf(all, 'y').name, 'c');
  assert.equal(nextOf([all[0]], 'y').name, 'a');
  assert.equal(nextOf([], null), null);
  const view = { left: 0, top: 0, right: 100, bottom: 100 };
  const box = (left, top) => ({ left, top, right: left + 10, bottom: top + 10 });
  assert.deepEqual(
    [box(50, 50), box(95, 95), box(50, 130), box(-40, 50)].map((one) => distanceOf(one, view)),
    [0, 0, 30, 30],
  );
});

test('rows are sorted by the mean of what their cells measure; those without any come last', () => {
  const lines = [
    [0.25, 0.75],
    [null, 0.9],
    [null, null],
    [0.5, 0.5],
  ];
  assert.deepEqual(sorted(lines, 'score'), [1, 0, 3, 2]);
  assert.deepEqual(sorted(lines, 'time'), [0, 3, 1, 2]);
});

test('a map is spread as the engine spreads it: half-pixel centres, edges repeated', () => {
  const map = { width: 2, height: 1, data: new Float32Array([0, 1]) };
  assert.deepEqual(Array.from(upsampled(map, { width: 4, height: 1 })), [0, 0.25, 0.75, 1]);
});

test('a picture is blended with its colours; a flat map has the lowest colour; one scale keeps a weak map pale', () => {
  const picture = { width: 2, height: 1, data: new Uint8ClampedArray([100, 100, 100, 255, 100, 100, 100, 255]) };
  const look = { scale: null, table: tableOf(['#000000', '#ff0000']), opacity: 0.5 };
  const reds = (data, scale = null) => {
    const pixels = painted(picture, { width: 2, height: 1, data: new Float32Array(data) }, { ...look, scale });
    return [pixels[0], pixels[4]];
  };
  assert.deepEqual(reds([0, 1]), [50, 178]);
  assert.deepEqual(reds([7, 7]), [50, 50]);
  assert.deepEqual(reds([0, 1], { min: 0, max: 4 }), [50, 82]);
});

test('concentration is a tenth for an even map, and one for a map that lies within a tenth', () => {
  const map = (data) => ({ channels: 1, width: data.length, height: 1, data: new Float32Array(data) });
  assert.equal(focusOf(map([1, 1])), null); // flat: nothing is hotter than the rest
  const ramp = focusOf(map(Array.from({ length: 64 }, (_, i) => i)));
  assert.ok(ramp > 0.18 && ramp < 0.21, String(ramp)); // the upper tenth of a ramp has 1 − 0.9² of its sum
  assert.equal(focusOf(map(Array.from({ length: 64 }, (_, i) => (i === 10 ? 1 : 0)))), 1);
  assert.equal(focusOf({ ...map([1, 2]), channels: 3 }), null);
});

test('a cell that was cancelled or paused shows no late answer', async () => {
  const cell = new Cell('key', { network: 'x' });
  const answers = [];
  const compute = (aborted) => new Promise((resolve, reject) => answers.push({ resolve, reject, aborted }));
  const running = cell.run(compute);
  assert.equal(cell.state.value.name, 'running');
  cell.cancel();
  assert.equal(cell.state.value.name, 'cancelled');
  assert.ok(answers[0].aborted.aborted);
  answers[0].resolve({ late: true });
  await running;
  assert.equal(cell.state.value.name, 'cancelled');

  cell.again();
  const second = cell.run(compute);
  cell.pause();
  const third = cell.run(compute);
  answers[1].resolve({ late: true });
  await second;
  assert.equal(cell.state.value.name, 'running');
  answers[2].resolve({ right: true });
  await third;
  assert.deepEqual(cell.answer, { right: true });
  cell.cancel();
  assert.deepEqual(cell.answer, { right: true }, 'what is done stays');
});

test('a class is sought by its name, a layer by its own, and what is not there is told', () => {
  const about = {
    methods: [
      { name: 'grad-cam', title: 'Grad-CAM', needs: 'gradients' },
      { name: 'rise', title: 'RISE', needs: 'nothing' },
    ],
  };
  const reference = { labels: ['cat', 'dog', 'cat'], classes: 3 };
  const ask = (change, model) =>
    questionOf({ picture: 'p', network: 'n', method: 'grad-cam', class: null, layer: null, ...change }, { model, reference, about });
  const other = { labels: ['dog', 'bus', 'cat'], classes: 3, layers: [{ name: 'layer4' }] };
  assert.deepEqual(ask({ class: 0 }, other).classes, [2]);
  assert.deepEqual(ask({ class: 2 }, reference).classes, [2], 'of two classes of one name each stays itself');
  assert.deepEqual(ask({}, other).classes, []);
  assert.deepEqual(ask({ layer: 'layer4' }, other).layers, ['layer4']);
  const refused = (code) => (error) => error instanceof EngineError && error.code === code;
  assert.throws(() => ask({ class: 1 }, { labels: ['car'], classes: 1 }), refused('class-missing'));
  assert.throws(() => ask({ class: 2 }, { labels: null, classes: 2 }), refused('class-missing'));
  assert.throws(() => ask({ layer: 'layer5' }, other), refused('layer-missing'));
  assert.throws(() => ask({ layer: 'layer4', method: 'rise' }, other), refused('layer-unused'));
  assert.throws(() => ask({ method: 'toString' }, other), refused('method-missing'));
});

test('dropped pictures become rows, many of them a contact sheet, and no more than there is room for', () => {
  const pictures = (count) => Array.from({ length: count }, (_, i) => ({ kind: 'own', name: `${i}` }));
  const take = (count, before = COMPARE) => given(before, { pictures: pictures(count), model: null, waiting: [] });
  assert.deepEqual(take(1).change, { pictures: pictures(1) });
  assert.deepEqual(take(3).change, { pictures: pictures(3), rows: 'picture', columns: 'method' });
  assert.deepEqual(take(50).change, { pictures: pictures(50), rows: 'picture', columns: 'class', classes: [null], sort: 'score' });
  assert.equal(take(500).change.pictures.length, MOST);
  assert.ok(take(500).told);
  assert.equal(take(0).change, null);
});

/** An engine that answers when the test lets it, and a page that knows three networks, of which one cannot be had. */
function begin({ asked = COMPARE, free = true } = {}) {
  const methods = ['grad-cam', 'cam', 'rise'].map((name) => ({
    name,
    title: name,
    needs: 'gradients',
    output: 'map',
    settings: [],
    presets: [],
  }));
  const about = {
    methods,
    merges: ['mean'],
    targets: ['logit'],
    preprocess: ['squash'],
    formulas: [],
    style: {},
    colormaps: [],
  };
  const log = { explained: [], released: [], fetched: [], waiting: [] };
  const engine = {
    about: signal(about),
    start: async () => {},
    load: async (model) => Object.assign(model, { layers: [{ name: 'last' }], classes: 2, labels: ['cat', 'dog'] }),
    explain: (explanation, { signal: aborted }) =>
      new Promise((resolve, reject) => {
        const { model, request } = explanation;
        log.explained.push(`${model.name} ${request.method}`);
        aborted.addEventListener('abort', () => reject(aborted.reason));
        const of = { id: request.classes[0] ?? 0, probability: 0.5, flat: false };
        const answer = () => resolve(Object.assign(explanation, { classes: [of], top: [{ id: 0 }, { id: 1 }], times: [], output: 'map' }));
        if (model.name === 'vgg' && request.method === 'cam') reject(new EngineError({ kind: 'request', code: 'cam-head' }));
        else if (free) answer();
        else log.waiting.push(answer);
      }),
    rawMap: async ({ model, request }) => ({
      channels: 1,
      width: 2,
      height: 1,
      data: new Float32Array([0, model.name.length + request.method.length]),
    }),
    original: async () => ({ width: 1, height: 1, close() {} }),
    draw: async () => null,
    release: (handle) => log.released.push(handle),
  };
  globalThis.OffscreenCanvas = class {
    getContext = () => ({ drawImage() {}, getImageData: () => ({ width: 1, height: 1, data: new Uint8ClampedArray(4) }) });
  };
  const names = ['resnet', 'vgg', 'gone'];
  const embedded = {
    default: { name: 'resnet', data: 'scenes' },
    models: names.map((name) => ({ name, data: 'scenes' })),
    of: () => embedded.models,
  };
  embedded.default = embedded.models[0];
  const status = new Status();
  const controller = new Controller({
    engine,
    state: signal(asked),
    status,
    embedded: Promise.resolve(embedded),
    resolvers: {
      model: async (source) => {
        log.fetched.push(source.name);
        if (source.name === 'gone') throw new EngineError({ kind: 'weights', code: 'fetch-offline' });
        return { name: source.name, source };
      },
      picture: async (source) => ({ source }),
    },
    pictures: async () => [{ kind: 'sample', name: 'first' }],
  });
  controller.active.value = true;
  controller.connect();
  const names_ = () => controller.cells.value.map((cell) => cell.state.value.name);
  const still = async () => {
    for (let i = 0; i < 500 && !controller.still.value; i++) await turn();
  };
  return { controller, log, status, states: names_, still };
}

test('a failure is of its own cell alone, and a network that cannot be had is asked for once', async () => {
  const { controller, log, states, still } = begin();
  await still();
  assert.deepEqual(states(), ['done', 'done', 'done', 'done', 'failed', 'done', 'failed', 'failed', 'failed']);
  assert.deepEqual(log.fetched, ['resnet', 'vgg', 'gone']);
  const [, , , , cell] = controller.cells.value;
  assert.equal(cell.state.value.error.code, 'cam-head');
  controller.again();
  await still();
  assert.deepEqual(log.fetched, ['resnet', 'vgg', 'gone', 'gone'], 'asked again, it is tried again');
  controller.disconnect();
});

test('the engine keeps no explanation of a cell', async () => {
  const { controller, log, still } = begin();
  await still();
  const kept = controller.cells.value.flatMap(({ answer }) => (answer ? [answer.explanation] : []));
  assert.equal(kept.length, 5);
  for (const explanation of kept) assert.ok(log.released.includes(explanation));
  controller.disconnect();
});

test('the nearest cell is computed next, also when that changes', async () => {
  const { controller, log } = begin({ free: false, asked: { ...COMPARE, models: [{ kind: 'embedded', name: 'resnet' }], classes: [0] } });
  for (let i = 0; i < 20; i++) await turn();
  const [grad, cam, rise] = controller.cells.value;
  assert.deepEqual(log.explained, ['resnet grad-cam']);
  [grad.distance, cam.distance, rise.distance] = [() => 0, () => 500, () => 10];
  log.waiting.shift()();
  for (let i = 0; i < 20; i++) await turn();
  assert.deepEqual(log.explained, ['resnet grad-cam', 'resnet rise']);
  controller.disconnect();
});

test('what is cancelled stays so until it is asked for, and the rest goes on', async () => {
  const { controller, log, states, still } = begin({
    free: false,
    asked: { ...COMPARE, models: [{ kind: 'embedded', name: 'resnet' }], classes: [0] },
  });
  for (let i = 0; i < 20; i++) await turn();
  const [first, second] = controller.cells.value;
  controller.cancel([first, second]);
  assert.deepEqual(states(), ['cancelled', 'cancelled', 'waiting']);
  for (let i = 0; i < 20; i++) await turn();
  assert.deepEqual(log.explained, ['resnet grad-cam', 'resnet rise']);
  log.waiting.pop()();
  await still();
  assert.deepEqual(states(), ['cancelled', 'cancelled', 'done']);
  controller.again([first]);
  for (let i = 0; i < 20; i++) await turn();
  log.waiting.pop()();
  await still();
  assert.deepEqual(states(), ['done', 'cancelled', 'done']);
  controller.disconnect();
});

test("the page's own Cancel, which aborts what runs, cancels all that waits", async () => {
  const { controller, states, still } = begin({ free: false, asked: { ...COMPARE, classes: [0] } });
  for (let i = 0; i < 20; i++) await turn();
  const error = new DOMException('cancelled', 'AbortError');
  controller.engine.explain = () => Promise.reject(error);
  controller.cells.value[0].pause(); // the next cell meets it
  await still();
  assert.ok(states().every((name) => name === 'cancelled'));
  controller.disconnect();
});

test('a changed axis keeps the cells that are still asked for and computes only the others', async () => {
  const models = [{ kind: 'embedded', name: 'resnet' }];
  const { controller, log, still } = begin({ asked: { ...COMPARE, models, classes: [0], methods: ['grad-cam', 'cam'] } });
  await still();
  const before = controller.cells.value.map(({ answer }) => answer);
  controller.ask({ methods: ['cam', 'rise'], rows: 'method', columns: 'network' });
  await still();
  assert.equal(controller.cells.value[0].answer, before[1]);
  assert.deepEqual(log.explained, ['resnet grad-cam', 'resnet cam', 'resnet rise']);
  controller.ask({ sort: 'time', scale: 'shared', colormap: 'viridis' });
  await still();
  assert.equal(log.explained.length, 3, 'how it looks computes nothing');
  assert.deepEqual(controller.scale.value, { min: 0, max: 10 });
  controller.disconnect();
});

test('left, the grid computes nothing; back, it goes on', async () => {
  const { controller, log, states } = begin({
    free: false,
    asked: { ...COMPARE, models: [{ kind: 'embedded', name: 'resnet' }], classes: [0] },
  });
  for (let i = 0; i < 20; i++) await turn();
  controller.active.value = false;
  for (let i = 0; i < 20; i++) await turn();
  assert.deepEqual(states(), ['waiting', 'waiting', 'waiting']);
  const { length } = log.explained;
  controller.active.value = true;
  for (let i = 0; i < 20; i++) await turn();
  assert.equal(log.explained.length, length + 1);
  assert.equal(states()[0], 'running');
  controller.disconnect();
});

test('where nobody chose a class, the first network says which one holds for all; of several pictures each has its own', async () => {
  const { controller, still } = begin();
  await still();
  assert.deepEqual(controller.grid.value.values.class, [0]);
  controller.ask({ rows: 'picture' });
  await still();
  assert.deepEqual(controller.grid.value.values.class, [null]);
  controller.ask({ rows: 'class' });
  await still();
  assert.deepEqual(controller.grid.value.values.class, [0, 1]);
  controller.disconnect();
});

test('every axis has a list of its values', () => {
  for (const name of AXES) assert.ok(Array.isArray(COMPARE[LISTS[name]]));
});
