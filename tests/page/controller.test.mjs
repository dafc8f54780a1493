// The heatmap keeps up with the question: with an engine that answers when the test lets it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import { EngineError, cancelled } from '../../www/engine/errors.js';
import { speak } from '../../www/i18n/index.js';
import { explain } from '../../www/state/explain.js';
import { Status } from '../../www/state/status.js';
import { noteOf } from '../../www/views/explain/caption.js';
import { Controller } from '../../www/views/explain/controller.js';

const setting = (name, standard) => ({ name, summary: name, default: standard, min: 1, max: null, whole: true });
const about = {
  methods: [
    { name: 'grad-cam', needs: 'gradients', output: 'map', settings: [setting('seed', 0)], presets: [] },
    { name: 'score-cam', needs: 'activations', output: 'map', settings: [setting('max_channels', null)], presets: [] },
    { name: 'rise', needs: 'nothing', output: 'map', settings: [setting('samples', 1000)], presets: [] },
    { name: 'gradient', needs: 'nothing', output: 'picture', settings: [], presets: [] },
  ],
  merges: ['mean', 'max'],
  colormaps: [{ name: 'turbo' }],
  targets: ['logit', 'contrast:ID'],
  preprocess: ['squash'],
  formulas: [
    { name: 'blend', raw: false },
    { name: 'seed', raw: false },
    { name: 'z-score', raw: true },
  ],
  style: { colormap: 'turbo', formula: 'blend', opacity: 0.5, threshold: 0 },
  limits: { classes: 8 },
};
const OUTPUT = Object.fromEntries(about.methods.map(({ name, output }) => [name, output]));
const labels = ['cat', 'dog', 'bus'];
const layers = (names) => names.map((name) => ({ name, shape: [1, 1, 1] }));
const MODELS = {
  squeeze: { network: 'squeezenet1_1', classes: 3, labels, layers: layers(['features.2', 'features.12']), default_layer: 'features.12' },
  mobile: { network: 'mobilenet_v2', classes: 3, labels, layers: layers(['features.12', 'features.18']), default_layer: 'features.18' },
  mobile2: { network: 'mobilenet_v2', classes: 3, labels, layers: layers(['features.12', 'features.18']), default_layer: 'features.18' },
};
const turn = () => new Promise((resolve) => setTimeout(resolve));

/** An engine whose explanations end when `answer()` is called; those of `free` methods at once. */
function fakeEngine({ free = ['grad-cam'] } = {}) {
  const calls = [];
  const waiting = [];
  const engine = {
    about: signal(about),
    work: signal(null),
    calls,
    start: async () => {},
    load: async (model) => model,
    open: async (picture) => ({ ...picture, width: 1, height: 1 }),
    explain: ({ model, picture, request }, { signal: aborted } = {}) =>
      new Promise((resolve, reject) => {
        calls.push(request);
        aborted?.addEventListener('abort', () => reject(aborted.reason));
        const classes = (request.classes.length ? request.classes : [1]).map((id) => ({
          id,
          name: labels[id],
          probability: 0.5,
          flat: false,
        }));
        const answer = () =>
          resolve({
            model,
            picture,
            request,
            classes,
            target: request.target,
            output: OUTPUT[request.method],
            method: request.method,
            layers: request.layers,
            top: [{ id: 1 }, { id: 2 }, { id: 0 }],
            times: [],
          });
        if (free.includes(request.method)) answer();
        else waiting.push(answer);
      }),
    draw: async (explanation, style, which) => ({ explanation, style, which }),
    released: [],
    release: (handle) => engine.released.push(handle),
    cancel: () => {},
    answer: () => waiting.shift()?.(),
  };
  return engine;
}

async function begin({ engine = fakeEngine(), state = explain.initial, models = {}, active = true, ...rest } = {}) {
  const status = new Status();
  const drawn = [];
  const controller = new Controller({
    engine,
    state: signal(state),
    status,
    resolveModel: async (source) => {
      const found = await { ...MODELS, ...models }[source?.name ?? 'squeeze'];
      if (found instanceof Error) throw found;
      return found && { ...found, source };
    },
    resolvePicture: async (source) => ({ source: source ?? { kind: 'sample', name: 'first' } }),
    onDrawn: (explanation) => drawn.push(explanation),
    ...rest,
  });
  controller.connect();
  controller.active.value = active;
  await turn();
  return { controller, engine, status, drawn };
}

test('the default picture is explained by the default network, without a word said', async () => {
  const { controller, engine } = await begin();
  assert.equal(controller.settled, true);
  assert.equal(controller.explanation.value.classes[0].id, 1);
  assert.equal(engine.calls.length, 1);
});

test('a choice marks what is shown at once, and the newest wins over one that is being computed', async () => {
  const { controller, engine } = await begin();
  controller.ask({ method: 'rise' });
  assert.equal(controller.stale.value, true);
  await turn();
  assert.equal(controller.busy.value, true);
  assert.equal(controller.explanation.value.method, 'grad-cam');
  controller.ask({ classes: [2], method: null });
  await turn();
  assert.equal(controller.settled, true);
  assert.deepEqual(
    controller.explanation.value.classes.map(({ id }) => id),
    [2],
  );
  engine.answer(); // too late
  await turn();
  assert.equal(controller.explanation.value.method, 'grad-cam');
});

test('a cancelled choice stays chosen, and is computed when it is asked for again', async () => {
  const { controller, engine, status } = await begin();
  engine.explain = () => Promise.reject(new DOMException('cancelled', 'AbortError'));
  controller.ask({ classes: [2] });
  await turn();
  assert.deepEqual([controller.stale.value, controller.busy.value, status.failure.value], [true, false, null]);
  assert.deepEqual(controller.state.value.classes, [2]);
  engine.explain = fakeEngine().explain;
  controller.again();
  await turn();
  assert.equal(controller.settled, true);
  assert.equal(controller.explanation.value.classes[0].id, 2);
});

test('a failure keeps the last result, marked, and is told', async () => {
  const { controller, engine, status } = await begin();
  const before = controller.explanation.value;
  engine.explain = () => Promise.reject(new Error('no'));
  controller.ask({ method: 'score-cam' });
  await turn();
  assert.equal(status.failure.value.message, 'no');
  assert.equal(controller.explanation.value, before);
  assert.equal(controller.stale.value, true);
});

test('a file that cannot be used is told, though what is asked of the network before fails again', async () => {
  const refusal = new EngineError({ kind: 'request', code: 'method-needs-classifier' });
  const damage = (code) => new EngineError({ kind: 'weights', code });
  const { controller, engine, status } = await begin({ models: { heads: damage('head-ambiguous'), page: damage('web-page') } });
  const { explain: working } = engine;
  engine.explain = () => Promise.reject(refusal);
  controller.choose('model', { kind: 'own', name: 'mobile' });
  await turn();
  assert.equal(status.failure.value.code, 'method-needs-classifier');
  for (const [name, code] of [
    ['heads', 'head-ambiguous'],
    ['page', 'web-page'],
  ]) {
    controller.choose('model', { kind: 'own', name });
    await turn();
    await turn();
    assert.equal(status.failure.value.code, code);
    assert.equal(controller.model.value.source.name, 'mobile');
    assert.equal(controller.busy.value, false);
  }
  // Asked for again, the same fails as such; another method does not.
  controller.again();
  await turn();
  assert.equal(status.failure.value.code, 'method-needs-classifier');
  engine.explain = working;
  controller.ask({ method: 'grad-cam', classes: [2] });
  await turn();
  assert.equal(status.failure.value, null);
  assert.equal(controller.settled, true);
});

test('a map without any differences is told: one of a single place by its size, another by what it says of the class', async () => {
  await speak('en');
  const model = {
    layers: [
      { name: 'early', shape: [8, 7, 7] },
      { name: 'last', shape: [8, 1, 1] },
    ],
  };
  const said = (...layers) => noteOf({ flat: true }, { layers, model });
  assert.equal(said('last'), 'The map of this layer is 1×1, so it shows no place. Choose an earlier layer.');
  assert.equal(said('early'), 'Nothing in this layer speaks for this class.');
  assert.equal(said('early', 'last'), 'Nothing in these layers speaks for this class.');
  assert.equal(said(), 'Nothing in the picture speaks for this class.');
  assert.equal(noteOf({ flat: false }, { layers: ['last'], model }), '');
});

test('a change of style draws anew and computes nothing', async () => {
  const { controller, engine } = await begin();
  controller.ask({ opacity: 0.9 });
  assert.equal(controller.stale.value, false);
  await turn();
  assert.equal(controller.drawn.value.opacity, 0.9);
  assert.equal(controller.bitmaps.value[0].style.opacity, 0.9);
  assert.equal(engine.calls.length, 1);
});

test('a view that is left computes nothing, and goes on when it is back', async () => {
  const { controller, engine } = await begin();
  controller.ask({ method: 'rise' });
  await turn();
  controller.active.value = false;
  assert.equal(controller.busy.value, false);
  engine.answer();
  await turn();
  assert.equal(controller.explanation.value.method, 'grad-cam');
  controller.active.value = true;
  await turn();
  engine.answer();
  await turn();
  assert.equal(controller.settled, true);
  assert.equal(controller.explanation.value.method, 'rise');
});

test('what is asked of a view that is not on the screen waits, even if it is the same once more', async () => {
  const { controller, engine } = await begin({ active: false });
  controller.ask({ classes: [] });
  await turn();
  assert.deepEqual([engine.calls.length, controller.busy.value], [0, false]);
  controller.active.value = true;
  await turn();
  assert.equal(engine.calls.length, 1);
});

test('another architecture begins with its own layer; the old one keeps the question when the new one cannot be had', async () => {
  const { controller, status } = await begin({ models: { broken: new Error('no weights') } });
  controller.ask({ layers: ['features.12'] });
  await turn();
  controller.choose('model', { kind: 'zoo', name: 'broken' });
  await turn();
  assert.equal(status.failure.value.message, 'no weights');
  assert.equal(controller.state.value.model, null);
  assert.deepEqual(controller.state.value.layers, ['features.12']);
  assert.equal(controller.settled, true);

  controller.choose('model', { kind: 'zoo', name: 'mobile' });
  await turn();
  assert.equal(status.failure.value, null);
  assert.deepEqual(controller.state.value.layers, []);
  assert.equal(controller.explanation.value.model.network, 'mobilenet_v2');
  assert.equal(controller.settled, true);
});

test('a network whose download is cancelled leaves the one before in place, for the next choice too', async () => {
  const { controller, status } = await begin({ models: { far: cancelled() } });
  controller.choose('model', { kind: 'zoo', name: 'far' });
  await turn();
  assert.equal(status.failure.value, null);
  assert.equal(controller.state.value.model, null);
  assert.equal(controller.settled, true);
  controller.ask({ classes: [1] });
  await turn();
  assert.equal(controller.state.value.model, null);
  assert.equal(controller.settled, true);
});

test('a network that is cancelled while it is fetched leaves the one before in place', async () => {
  const { controller, status } = await begin({ models: { far: new Promise(() => {}) } });
  controller.choose('model', { kind: 'zoo', name: 'far' });
  await turn();
  status.busy.value();
  await turn();
  assert.equal(controller.state.value.model, null);
  assert.equal(status.failure.value, null);
  assert.equal(controller.settled, true);
});

test('picture and network that come together are explained by each other, and by nothing else', async () => {
  const { controller, engine, status } = await begin();
  controller.choose('model', { kind: 'own', name: 'mobile' });
  controller.choose('picture', { kind: 'own', name: 'mine.png' });
  await turn();
  assert.equal(status.failure.value, null);
  assert.equal(engine.calls.length, 2);
  assert.equal(controller.explanation.value.model.network, 'mobilenet_v2');
  assert.equal(controller.explanation.value.picture.source.name, 'mine.png');
});

test('what waits for a network or a picture says what is missing', async () => {
  const { controller } = await begin({ resolveModel: async () => null });
  assert.equal(controller.needs.value, 'weights');
  const both = await begin({ resolveModel: async () => null, resolvePicture: async () => null });
  assert.equal(both.controller.needs.value, 'both');
});

test('a file of the same name as the one before is another file', async () => {
  const { controller, engine } = await begin();
  for (let time = 0; time < 2; time++) {
    controller.choose('picture', { kind: 'own', name: 'mine.png' });
    await turn();
  }
  assert.equal(engine.calls.length, 3);
  assert.equal(controller.settled, true);
});

test('a contrast begins with the runner-up, before the classes are known as well', async () => {
  const { controller, engine } = await begin({ state: { ...explain.initial, target: 'contrast' } });
  assert.equal(engine.calls.at(-1).target, 'contrast:2');
  controller.ask({ classes: [2] });
  await turn();
  assert.equal(engine.calls.at(-1).target, 'contrast:1');
  controller.ask({ target: 'contrast:0' });
  await turn();
  assert.equal(engine.calls.at(-1).target, 'contrast:0');
});

test('each kind of output keeps the overlay that was chosen for it', async () => {
  const { controller } = await begin({ engine: fakeEngine({ free: ['grad-cam', 'gradient'] }) });
  controller.ask({ formula: 'seed' });
  await turn();
  controller.ask({ method: 'gradient' });
  await turn();
  assert.equal(controller.drawn.value.formula, 'z-score');
  controller.ask({ method: null });
  await turn();
  assert.equal(controller.drawn.value.formula, 'seed');
});

test('a method without a limit of its own is given a budget', async () => {
  const { controller, engine } = await begin();
  controller.ask({ method: 'score-cam' });
  await turn();
  assert.deepEqual(engine.calls.at(-1).settings, { max_channels: 64 });
  controller.ask({ settings: { max_channels: 5 } });
  await turn();
  assert.deepEqual(engine.calls.at(-1).settings, { max_channels: 5 });
});

test('several quick moves of a slider are one computation', async () => {
  const { controller, engine } = await begin();
  for (const layer of ['features.12', 'features.2', 'features.12', 'features.2']) controller.ask({ layers: [layer] }, { settle: 5 });
  assert.equal(controller.stale.value, true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(engine.calls.length, 2);
  assert.deepEqual(controller.explanation.value.layers, ['features.2']);
});

test('what is shown keeps its question while a newer one is under way, and is drawn as it is asked now', async () => {
  const { controller } = await begin({ state: { ...explain.initial, classes: [2], settings: { seed: 5 } } });
  controller.choose('picture', { kind: 'sample', name: 'second' });
  controller.ask({ method: 'gradient', opacity: 0.9 });
  await turn();
  assert.equal(controller.picture.value.source.name, 'second');
  assert.equal(controller.explanation.value.picture.source.name, 'first');
  assert.deepEqual(controller.answered, { ...explain.initial, classes: [2], settings: { seed: 5 }, opacity: 0.9 });
});

test('an explanation that is replaced is drawn no more, for it is released', async () => {
  const { controller, engine } = await begin({ state: { ...explain.initial, classes: [1, 2] } });
  const old = controller.explanation.value;
  const waiting = [];
  const late = [];
  const { draw } = engine;
  engine.draw = (explanation, style, which, { signal: aborted }) => {
    if (explanation !== old) return draw(explanation, style, which);
    if (engine.released.includes(old)) late.push(which);
    return new Promise((resolve, reject) => {
      aborted.addEventListener('abort', () => reject(aborted.reason));
      waiting.push({ aborted, end: () => resolve(draw(explanation, style, which)) });
    });
  };
  let running = null;
  engine.release = (handle) => {
    engine.released.push(handle);
    running = waiting.filter(({ aborted }) => !aborted.aborted).length;
  };
  controller.ask({ opacity: 0.9 });
  await turn();
  controller.ask({ classes: [2] });
  await turn();
  for (const { end } of waiting) end();
  await turn();
  assert.deepEqual(engine.released, [old]);
  assert.equal(running, 0);
  assert.ok(waiting.length > 0);
  assert.deepEqual(late, []);
  assert.equal(controller.settled, true);
  assert.equal(controller.bitmaps.value[0].style.opacity, 0.9);
});

test('of two quick changes of network, the second asks no layer of the network before the first', async () => {
  let give = () => {};
  const resolvePicture = (source) =>
    new Promise((resolve) => {
      give = () => resolve({ source: source ?? { kind: 'sample', name: 'first' } });
      if (source?.name !== 'slow') give();
    });
  const { controller } = await begin({ resolvePicture });
  controller.ask({ layers: ['features.12'] });
  await turn();
  controller.choose('picture', { kind: 'sample', name: 'slow' });
  controller.choose('model', { kind: 'zoo', name: 'mobile' });
  await turn();
  assert.equal(controller.model.value.source.name, 'mobile');
  controller.choose('model', { kind: 'zoo', name: 'mobile2' });
  await turn();
  give();
  await turn();
  assert.equal(controller.settled, true);
  assert.deepEqual(controller.state.value.layers, []);

  // The same architecture now keeps its layer: the network before is forgotten.
  controller.ask({ layers: ['features.12'] });
  await turn();
  controller.choose('model', { kind: 'zoo', name: 'mobile' });
  await turn();
  assert.deepEqual(controller.state.value.layers, ['features.12']);
});

test('a method that there is not is refused although the default is on the screen, and is never answered by it', async () => {
  const strict = await begin({ strict: true });
  strict.controller.ask({ method: 'crystal-ball' });
  await turn();
  assert.equal(strict.status.failure.value.code, 'method-missing');
  assert.equal(strict.controller.stale.value, true);
  const { controller, status } = await begin();
  controller.ask({ method: 'crystal-ball' });
  await turn();
  assert.deepEqual(status.failure.value.arguments.refused, [{ name: 'method', found: 'crystal-ball' }]);
  assert.deepEqual([controller.settled, controller.state.value.method], [true, null]);
});

test('an explanation that is overtaken while it is drawn is released', async () => {
  const { controller, engine } = await begin();
  const { draw } = engine;
  const asked = [];
  engine.draw = (explanation, style, which, { signal: aborted }) => {
    asked.push(explanation);
    if (asked.length > 1) return draw(explanation, style, which);
    return new Promise((_, reject) => aborted.addEventListener('abort', () => reject(aborted.reason)));
  };
  const first = controller.explanation.value;
  controller.ask({ classes: [2] });
  await turn();
  controller.ask({ classes: [0] });
  await turn();
  assert.equal(controller.settled, true);
  assert.deepEqual(engine.released, [asked[0], first]);
});

test('what is computed only to find the runner-up is released', async () => {
  const { controller, engine } = await begin({ state: { ...explain.initial, target: 'contrast' } });
  assert.equal(engine.calls.length, 2);
  assert.deepEqual(
    engine.released.map(({ target }) => target),
    ['logit'],
  );
  assert.equal(controller.explanation.value.target, 'contrast:2');
});

test('what a link says that nobody understands is left out, and told', async () => {
  const state = {
    ...explain.initial,
    method: 'nonsense',
    merge: 'min',
    formula: 'zzz',
    colormap: 'zzz',
    settings: { spin: 3 },
    layers: ['nope'],
    classes: [99, 2],
  };
  const { controller, status } = await begin({ state });
  await turn();
  assert.deepEqual(controller.state.value, { ...explain.initial, classes: [2] });
  assert.equal(controller.settled, true);
  assert.deepEqual(
    status.failure.value.arguments.refused.map(({ name, found }) => `${name}=${found}`),
    ['method=nonsense', 'merge=min', 'colormap=zzz', 'overlay=zzz', 'set=spin:3', 'layer=nope', 'class=99'],
  );
});

test('a picture that cannot be had leaves the chosen class as it was', async () => {
  const { controller } = await begin({
    state: { ...explain.initial, classes: [2] },
    resolvePicture: async (source) => {
      if (source?.name === 'broken') throw new Error('broken');
      return { source };
    },
  });
  await turn();
  controller.choose('picture', { kind: 'own', name: 'broken' });
  await turn();
  await turn();
  assert.deepEqual(controller.state.value, { ...explain.initial, classes: [2] });
  controller.choose('picture', { kind: 'own', name: 'whole' });
  await turn();
  assert.deepEqual(controller.state.value.classes, []);
});

/** An engine that draws only when the test lets it: `draws` are those that wait. */
function slowlyDrawing(engine) {
  const draws = [];
  const { draw } = engine;
  engine.draw = (explanation, style, which, { signal: aborted }) =>
    new Promise((resolve, reject) => {
      aborted.addEventListener('abort', () => reject(aborted.reason));
      draws.push({ end: () => resolve(draw(explanation, style, which)), fail: reject });
    });
  return draws;
}

test('a window is of one picture: another takes it away, and one that cannot be had leaves it', async () => {
  const asked = [];
  const { controller } = await begin({
    resolvePicture: async (source) => {
      asked.push(source);
      if (source?.name === 'none') throw new EngineError({ kind: 'image', code: 'sample-unknown', arguments: { name: 'none' } });
      return { source };
    },
  });
  const xray = { kind: 'own', name: 'xray.png' };
  controller.choose('picture', xray);
  await turn();
  controller.ask({ window: [100, 900], classes: [2] });
  assert.ok(controller.stale.value);
  await turn();
  assert.deepEqual(asked.at(-1), { ...xray, window: [100, 900] });
  assert.deepEqual(controller.explanation.value.request.classes, [2]);
  controller.choose('picture', { kind: 'sample', name: 'none' });
  await turn();
  const { picture, window, classes } = controller.state.value;
  assert.deepEqual({ picture, window, classes }, { picture: xray, window: [100, 900], classes: [2] });
  controller.choose('picture', { kind: 'sample', name: 'other' });
  await turn();
  assert.deepEqual(asked.at(-1), { kind: 'sample', name: 'other' });
  assert.equal(controller.state.value.window, null);
});

test('a drawing that cannot be had in the style that is asked for is out of date, and one press draws it', async () => {
  const { controller, engine, status } = await begin();
  const draws = slowlyDrawing(engine);
  for (const [error, told] of [
    [new Error('no'), 'no'],
    [cancelled(), undefined],
  ]) {
    controller.ask({ opacity: controller.drawn.value.opacity / 2 });
    draws.pop().fail(error);
    await turn();
    assert.deepEqual([controller.stale.value, controller.stopped.value, status.failure.value?.message], [true, true, told]);
    controller.again();
    draws.pop().end();
    await turn();
    assert.deepEqual([controller.stale.value, status.failure.value], [false, null]);
    assert.equal(controller.drawn.value.opacity, controller.state.value.opacity);
  }
  assert.equal(engine.calls.length, 1);
});

test('a drawing whose style is long in coming is out of date until it has come, or the old style is asked for again', async (context) => {
  const { controller, engine } = await begin();
  const draws = slowlyDrawing(engine);
  context.mock.timers.enable({ apis: ['setTimeout'] });
  controller.ask({ opacity: 0.9 });
  assert.equal(controller.stale.value, false);
  context.mock.timers.tick(1000);
  assert.deepEqual([controller.stale.value, controller.stopped.value], [true, false]);
  assert.equal(controller.answered.opacity, null); // what is shown, and would be saved, is not yet what is asked
  controller.ask({ opacity: null });
  assert.equal(controller.stale.value, false);
  controller.ask({ opacity: 0.8 });
  context.mock.timers.tick(1000);
  context.mock.timers.reset();
  draws.pop().end();
  await turn();
  assert.deepEqual([controller.stale.value, controller.answered.opacity], [false, 0.8]);
});

test('an explanation that is being saved is released after it', async () => {
  const { controller, engine } = await begin();
  const old = controller.explanation.value;
  let done;
  controller.holding(new Promise((resolve) => (done = resolve)));
  controller.ask({ classes: [2] });
  await turn();
  assert.equal(controller.explanation.value.classes[0].id, 2);
  assert.deepEqual(engine.released, []);
  done();
  await turn();
  assert.deepEqual(engine.released, [old]);
});

test('the runner-up is that of the picture as it fits into the input now', async () => {
  const { controller, engine } = await begin({
    engine: Object.assign(fakeEngine(), { about: signal({ ...about, preprocess: ['squash', 'crop'] }) }),
  });
  const { explain: answer } = engine;
  engine.explain = async (asked, options) => ({
    ...(await answer(asked, options)),
    ...(asked.request.preprocess === 'crop' ? { top: [{ id: 1 }, { id: 0 }] } : {}),
  });
  controller.ask({ target: 'contrast', preprocess: 'crop' });
  await turn();
  assert.equal(engine.calls.at(-1).target, 'contrast:0');
});

const refusal = (code, kind = 'image') => new EngineError({ kind, code });

test('a picture or a network that is refused at the start gives way to the default, and is told', async () => {
  for (const [input, kind] of [
    ['picture', 'image'],
    ['model', 'weights'],
  ]) {
    const bad = { kind: 'own', name: 'bad' };
    const { controller, status } = await begin({
      state: { ...explain.initial, [input]: bad, classes: [2], layers: ['features.2'] },
      models: { bad: refusal('no-weights', kind) },
      resolvePicture: async (source) => {
        if (source?.name === 'bad') throw refusal('no-picture');
        return { source };
      },
    });
    await turn();
    assert.equal(status.failure.value.kind, kind);
    assert.equal(controller.state.value[input], null);
    assert.equal(controller.settled, true);
    // What was asked of a network that never came is not told as left out of a link.
    assert.deepEqual(controller.state.value.classes, input === 'model' ? [] : [2]);
  }
});

test('what may be had later stays asked for, and its error does not hide that of a file given meanwhile', async () => {
  const far = { kind: 'address', url: 'https://example.org/cat.png' };
  const { controller, status } = await begin({
    state: { ...explain.initial, picture: far },
    models: { bad: refusal('no-weights', 'weights') },
    resolvePicture: async () => {
      throw refusal('fetch-unreachable');
    },
  });
  assert.equal(status.failure.value.code, 'fetch-unreachable');
  controller.choose('model', { kind: 'own', name: 'bad' });
  await turn();
  await turn();
  assert.equal(status.failure.value.code, 'no-weights');
  assert.deepEqual(controller.state.value.picture, far);
  assert.equal(controller.state.value.model, null);
  controller.again();
  await turn();
  assert.equal(status.failure.value.code, 'fetch-unreachable');
});

test('a view tells that it is at work before the engine has anything to do, and can be stopped', async () => {
  const { controller, status } = await begin({ resolvePicture: () => new Promise(() => {}) });
  assert.equal(typeof status.busy.value, 'function');
  status.busy.value();
  assert.equal(status.busy.value, null);
  assert.deepEqual([controller.busy.value, controller.stopped.value], [false, true]);
});

test('asked to the letter, what cannot be had is an error, and nothing takes its place', async () => {
  const broken = new EngineError({ kind: 'weights', code: 'network-unknown', arguments: { name: 'none' } });
  const state = { ...explain.initial, model: { kind: 'embedded', name: 'none' } };
  const { controller, engine, status } = await begin({ strict: true, state, models: { none: broken } });
  assert.equal(status.failure.value, broken);
  assert.deepEqual([engine.calls.length, controller.explanation.value], [0, null]);
  assert.equal(controller.state.value.model.name, 'none');
  controller.ask({ model: null });
  await turn();
  assert.deepEqual([status.failure.value, controller.settled], [null, true]);
});

for (const [change, code, named] of [
  [{ method: 'crystal-ball' }, 'method-missing', { method: 'crystal-ball' }],
  [{ layers: ['layer9'] }, 'layer-missing', { layer: 'layer9' }],
  [{ classes: [77] }, 'class-missing', { name: null, id: 77 }],
  [{ classes: ['unicorn'] }, 'class-missing', { name: 'unicorn', id: null }],
  [{ colormap: 'rainbow' }, 'option-missing', { name: 'colormap', found: 'rainbow' }],
]) {
  test(`asked to the letter, ${JSON.stringify(change)} is refused`, async () => {
    await speak('en');
    const { controller, engine, status } = await begin({ strict: true, state: { ...explain.initial, ...change } });
    const { code: found, arguments: told } = status.failure.value;
    assert.deepEqual([found, told], [code, named]);
    assert.deepEqual([engine.calls.length, controller.explanation.value], [0, null]);
  });
}

test('classes may be asked by their names, as the network or the language says them', async () => {
  await speak('en');
  const { controller, engine } = await begin({ strict: true, state: { ...explain.initial, classes: ['Bus ', 0, 'bus'] } });
  assert.deepEqual(controller.state.value.classes, [2, 0]);
  assert.deepEqual(
    engine.calls.map(({ classes }) => classes),
    [[2, 0]],
  );
  await speak('zh');
  const other = await begin({ strict: true, state: { ...explain.initial, classes: ['猫'] } });
  assert.deepEqual(other.controller.state.value.classes, [0]);
  await speak('en');
});
