// The API of the packages without a browser: over the engine's client, whose worker is a fake; and what the packages say of themselves.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeWorker, asked, settled, workers } from './engine-fake-worker.mjs';
import { questionFrom, styleFrom } from '../../www/api/asking.js';
import { CamLucida } from '../../www/api/index.js';
import { show } from '../../www/api/widget.js';
import { ATTRIBUTES } from '../../www/embed/attributes.js';
import { bringBy, moveTo, MODELS, reachable, SITE, workerAddress } from '../../www/site.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name) => readFileSync(path.join(root, name), 'utf8');
const model = { weights: new File([new Uint8Array(10)], 'mine.pth'), labels: 'cat\ndog' };
const picture = new File(['a picture'], 'dog.png');
const coded = (code) => ({ name: 'CamLucidaError', code });

/** What the engine tells of itself and of a network, as far as a question is held to it. */
const ABOUT = {
  device: { kind: 'cpu', name: 'CPU', why: null, threads: 1 },
  version: '1',
  methods: [
    { name: 'grad-cam', presets: [], settings: [], needs: 'gradients', output: 'map' },
    { name: 'rise', presets: [], settings: [{ name: 'samples', default: 100 }], needs: 'nothing', output: 'map' },
    { name: 'gradient', presets: [], settings: [], needs: 'nothing', output: 'picture' },
  ],
  colormaps: [{ name: 'turbo' }, { name: 'viridis' }],
  formulas: [
    { name: 'blend', raw: false },
    { name: 'z-score', raw: true },
  ],
  merges: ['mean', 'max'],
  targets: ['logit', 'contrast:ID'],
  preprocess: ['squash'],
  style: { opacity: 0.5, colormap: 'turbo', formula: 'blend', threshold: 0 },
  limits: { picture_bytes: 1000, text_bytes: 1000 },
};
const LOADED = {
  network: 'small',
  problem: 'single-label',
  size: { width: 96, height: 96 },
  classes: 2,
  labels: ['cat', 'dog'],
  layers: [{ name: 'layer4' }],
  default_layer: 'layer4',
};
const MAP = { channels: 1, height: 1, width: 2, data: new Float32Array([0, 3]) };

/** A worker whose answers have all that a script reads. */
class Told extends FakeWorker {
  send(data) {
    const { name, args } = this.asked.at(-1) ?? {};
    const { value } = data;
    if (name === 'start') Object.assign(value, ABOUT);
    if (name === 'load_model') Object.assign(value, LOADED);
    if (name === 'raw_map') data = { ...data, value: MAP };
    const class_ = (id) => ({ id, ids: [id], name: LOADED.labels[id], probability: 0.9, logit: 2, flat: false });
    if (name === 'explain')
      Object.assign(value, {
        method: args[2].method,
        output: 'map',
        layers: ['layer4'],
        classes: (args[2].classes.length ? args[2].classes : [1]).map(class_),
        top: [class_(1), class_(0)],
        times: [],
      });
    super.send(data);
  }
}

let lucida;
beforeEach(async () => {
  globalThis.Worker = Told;
  globalThis.location ??= new URL('https://guide.example/');
  workers.length = 0;
  FakeWorker.hold = new Set();
  lucida = await CamLucida.load({ model });
});
afterEach(() => lucida.dispose());

test('a network is loaded, a picture explained, its map read; the engine is asked what the options say', async () => {
  const result = await lucida.explain(picture, { class: ['dog', 0], layer: 'layer4', overlay: 'blend' });
  assert.deepEqual(asked(), ['load_model', 'open_picture', 'explain', 'raw_map', 'raw_map']);
  const { args } = workers[0].asked.find(({ name }) => name === 'explain');
  assert.deepEqual([args[2].method, args[2].classes, args[2].layers], ['grad-cam', [1, 0], ['layer4']]);
  assert.equal(result.map, MAP);
  assert.deepEqual([result.maps.length, result.classes.map(({ name }) => name), result.top[0].name], [2, ['dog', 'cat'], 'dog']);
  assert.deepEqual([lucida.model.name, lucida.device.kind, lucida.methods.length], ['mine.pth', 'cpu', 3]);
  assert.ok(!result.link.includes('picture='));
});

test('what is asked counts to the letter: each mistake has a code and a sentence, and nothing is computed', async () => {
  for (const [options, code] of [
    [{ class: 'bird' }, 'class-missing'],
    [{ class: 7 }, 'class-missing'],
    [{ layer: 'layer9' }, 'layer-missing'],
    [{ method: 'guess' }, 'method-missing'],
    [{ colormap: 'mud' }, 'option-missing'],
    [{ metod: 'rise' }, 'option-missing'],
    [{ method: 'rise', settings: { steps: 3 } }, 'option-missing'],
    [{ overlay: 'mud' }, 'option-missing'],
  ]) {
    await assert.rejects(lucida.explain(picture, options), coded(code), JSON.stringify(options));
  }
  assert.ok(!asked().includes('explain'));
  const error = await lucida.explain(picture, { class: 'bird' }).catch((one) => one);
  assert.equal(error.message, 'This network has no class “bird”.');
  assert.equal(error.arguments.name, 'bird');
});

test('a device that there is not is an error; a language is the nearest that there is', async () => {
  await assert.rejects(CamLucida.load({ model, device: 'tpu' }), { ...coded('option-missing'), message: /There is no device “tpu”/ });
  assert.equal(workers.length, 1);
  for (const [lang, said] of [
    ['zh-CN', /tpu.*选项/],
    ['fr', /There is no device “tpu”/],
  ])
    await assert.rejects(CamLucida.load({ model, device: 'tpu', lang }), { message: said });
});

test('an abort ends one question, a disposal all; afterwards there is no engine', async () => {
  await assert.rejects(lucida.explain(picture, { signal: AbortSignal.abort() }), { name: 'AbortError' });
  FakeWorker.hold.add('explain');
  const controller = new AbortController();
  const one = lucida.explain(picture, { signal: controller.signal });
  const other = lucida.explain(picture);
  await settled();
  controller.abort();
  await assert.rejects(one, { name: 'AbortError' });
  assert.ok(workers[0].cancels.length);
  const rejected = assert.rejects(other, { name: 'AbortError' });
  lucida.dispose();
  await rejected;
  assert.equal(workers[0].alive, false);
  await assert.rejects(lucida.explain(picture), coded('engine-disposed'));
  assert.equal(workers.length, 1);
});

test('progress is told while it compiles and computes, and ends with ready', async () => {
  const events = [];
  const onProgress = (event) => events.push(event);
  const other = await CamLucida.load({ model, onProgress });
  await other.explain(picture);
  other.dispose();
  const said = events.map(({ status }) => status);
  assert.deepEqual([said[0], said.at(-1)], ['compile', 'ready']);
  assert.ok(said.indexOf('compute') > said.indexOf('ready'));
});

test('a signed picture is drawn raw, a map over its picture; a style that is not there is an error', () => {
  assert.deepEqual(styleFrom({ colormap: 'viridis' }, 'map', ABOUT), { colormap: 'viridis', formula: 'blend', opacity: 0.5, threshold: 0 });
  assert.equal(styleFrom({}, 'picture', ABOUT).formula, 'z-score');
  for (const style of [{ overlay: 'mud' }, { opacity: 2 }, { threshold: NaN }, { color: 'red' }]) {
    assert.throws(() => styleFrom(style, 'map', ABOUT), { code: 'option-missing' });
  }
  assert.deepEqual(questionFrom({ class: 4, layer: ['a', 'b'], method: undefined }).layers, ['a', 'b']);
});

test('the files may be elsewhere, or come from a kernel', async () => {
  const before = SITE;
  moveTo(new URL('https://cdn.example/lucida/'));
  assert.deepEqual([MODELS.href, workerAddress().href], ['https://cdn.example/lucida/models/', 'https://cdn.example/lucida/www/worker.js']);
  assert.equal(await reachable(new URL('index.json', MODELS)), 'https://cdn.example/lucida/models/index.json');
  bringBy({ worker: 'blob:https://guide.example/1', file: async (name) => `blob:${name}` });
  assert.equal(await reachable(new URL('index.json', MODELS)), 'blob:models/index.json');
  assert.equal(await reachable('https://elsewhere.example/a.pth'), 'https://elsewhere.example/a.pth');
  assert.equal(workerAddress().href, 'blob:https://guide.example/1');
  bringBy(/** @type {any} */ (null));
  moveTo(before);
});

/** An element as a widget makes it, with the attributes that it has been given; `removed` counts. */
function fakeFigure() {
  globalThis.MutationObserver ??= class {
    static last;
    constructor(told) {
      Object.assign(this, { told });
      /** @type {any} */ (MutationObserver).last = this;
    }
    observe() {}
    disconnect() {}
  };
  const attributes = new Map();
  const figure = Object.assign(new EventTarget(), {
    attributes,
    removed: 0,
    getAttribute: (name) => attributes.get(name) ?? null,
    setAttribute: (name, value) => attributes.set(name, value),
    removeAttribute: (name) => attributes.delete(name),
    remove: () => figure.removed++,
  });
  return { figure, el: { ownerDocument: { createElement: () => figure }, append() {} } };
}

test('a widget and its model say the same, whoever changes it', async () => {
  const { figure, el } = fakeFigure();
  const { attributes } = figure;
  const traits = { model: null, method: 'rise', classes: ['dog', 4], lang: 'zh', _picture: new DataView(new ArrayBuffer(4)) };
  const heard = new Map();
  let saves = 0;
  const changed = (name, value) => (traits[name] = value);
  const kernel = {
    get: (name) => traits[name],
    set: changed,
    save_changes: () => saves++,
    on: (event, told) => heard.set(event, told),
    off: (event) => heard.delete(event),
    send() {},
  };
  const end = show({ model: kernel, el }, 'cam-lucida');
  assert.deepEqual(
    [figure.method, figure.classes, attributes.get('lang'), figure.src instanceof Blob, saves],
    ['rise', ['dog', 4], 'zh', true, 0],
  );
  traits.opacity = 0.25;
  heard.get('change:opacity')();
  assert.equal(figure.opacity, 0.25);
  Object.assign(figure, { classes: '7,cat', method: 'grad-cam' });
  /** @type {any} */ (MutationObserver).last.told([{ attributeName: 'classes' }, { attributeName: 'method' }]);
  assert.deepEqual([traits.classes, traits.method, saves], [[7, 'cat'], 'grad-cam', 1]);
  figure.dispatchEvent(new CustomEvent('result', { detail: { map: MAP, maps: [MAP, MAP], link: 'x', top: [] } }));
  assert.deepEqual([traits.result, traits._maps.byteLength, traits._maps.getFloat32(4, true)], [{ top: [] }, 16, 3]);
  end();
  assert.deepEqual([heard.size, figure.removed], [0, 1]);
});

test('a widget goes on where its model has no kernel, as in pages of MyST, and is gone after its end', async () => {
  const { figure, el } = fakeFigure();
  const traits = { src: 'dog.png', method: 'rise' };
  const refuse = () => {
    throw new Error('not implemented');
  };
  const set = (name, value) => (traits[name] = value);
  const model = { get: (name) => traits[name], set, on() {}, save_changes: refuse, off: refuse, send: refuse };
  const end = show({ model, el }, 'cam-lucida');
  assert.deepEqual([figure.src, figure.method], ['dog.png', 'rise']);
  figure.dispatchEvent(new CustomEvent('result', { detail: { map: MAP, maps: [MAP], link: 'x', top: [] } }));
  assert.deepEqual(traits.result, { top: [] });
  end();
  assert.equal(figure.removed, 1);
  await new Promise((resolve) => setTimeout(resolve)); // what a listener throws would come now
});

test('a kernel that lacks a file is told in the cell and by a code, and no longer asked; the next widget asks its own', async () => {
  const { render } = await import('../../www/api/kernel.js');
  const modelOf = (asked, listeners = new Set()) => ({
    get: (name) => (name === 'lang' ? 'zh' : null),
    on: (_, heard) => listeners.add(heard),
    off: (_, heard) => listeners.delete(heard),
    send: ({ id, path: name }) => {
      asked.push(name);
      for (const heard of listeners) queueMicrotask(() => heard({ type: 'file', id, found: false }, []));
    },
    listeners,
  });
  for (let i = 0; i < 2; i++) {
    const [asked, el] = [[], { textContent: null }];
    const kernel = modelOf(asked);
    const rendering = render(/** @type {any} */ ({ model: kernel, el }));
    assert.equal(el.textContent, '正在加载…');
    await assert.rejects(rendering, { code: 'kernel-silent' });
    assert.match(el.textContent, /内核没有发送 /);
    await settled();
    assert.deepEqual([asked, kernel.listeners.size], [['notebook-worker.js', 'web-gpu_bg.wasm'], 0]);
  }
});

test('what the package exports is there, and its manifest names each attribute, event, part and property of the element', () => {
  const { exports, version } = JSON.parse(read('npm/package.json'));
  assert.equal(version, undefined); // that of Cargo.toml
  for (const { types } of [exports['.'], exports['./element']]) assert.ok(read(types.replace('./types/', 'www/api/')).length);
  const [{ declarations }] = JSON.parse(read('npm/custom-elements.json')).modules;
  const [element] = declarations;
  const names = (list) => list.map(({ name }) => name).sort();
  assert.deepEqual(names(element.attributes), [...Object.keys(ATTRIBUTES), 'lang'].sort());
  const guide = read('docs/EMBEDDING.md');
  const rows = guide.slice(guide.indexOf('### Attributes'), guide.indexOf('### Slots')).matchAll(/^\| (`.+?`) \| (.+) \|.* \|$/gm);
  const described = [...rows].flatMap(([, all, words]) =>
    [...all.matchAll(/`(\w+)`/g)].map(([, name]) => [name, words.replaceAll('`', '')]),
  );
  assert.deepEqual(Object.fromEntries(element.attributes.map((one) => [one.name, one.description])), Object.fromEntries(described));
  const parts = guide.slice(guide.indexOf('Parts for `::part()`:'), guide.indexOf('The text takes font'));
  assert.deepEqual(names(element.cssParts), [...parts.matchAll(/`([a-z]+)`/g)].map(([, name]) => name).sort());
  for (const name of [...names(element.events), ...names(element.cssProperties)]) assert.ok(guide.includes(`\`${name}\``), name);
});
