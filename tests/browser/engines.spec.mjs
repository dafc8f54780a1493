// The page's main ways in three engines: Chromium, Firefox and WebKit, each on the CPU. Their heatmaps must be the same.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { ENGINES, test } from './engines.mjs';
import { fault } from './faults.mjs';
import { picture, small } from './inputs.mjs';

const LIKE = 2; // of 255, by which a channel of a drawn heatmap may differ between engines
const wild = (name) => fileURLToPath(new URL(`../fixtures/pictures/wild/${name}`, import.meta.url));
const GIVEN = {
  picture: [picture, 'image/png'],
  weights: [small.file, ''],
  profiled: [wild('p3.jpg'), 'image/jpeg'],
  converted: [wild('p3.jpg.expected.png'), 'image/png'],
};

/** What the journeys have in common; it runs in the page. */
async function prepare() {
  const deep = (selector, root = document) => [
    ...root.querySelectorAll(selector),
    ...[...root.querySelectorAll('*')].filter((one) => one.shadowRoot).flatMap((one) => deep(selector, one.shadowRoot)),
  ];
  const until = async (what, found) => {
    for (const start = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const value = await found();
      if (value) return value;
      if (Date.now() - start > 90_000)
        throw new Error(
          `${what} has not come; the page says: ${deep('[role=alert]')
            .map((one) => one.textContent.trim())
            .join(' ')}`,
        );
    }
  };
  const view = () => globalThis.camLucida?.elements.get('explain');
  const settled = (what, check = () => true) =>
    until(what, () => view()?.settled && view().explanation && check(view().explanation) && view().explanation);
  const facts = ({ classes, layers, model, picture }) => ({
    id: classes[0].id,
    probability: classes[0].probability,
    layers,
    network: model.network,
    width: picture.width,
  });
  const pixels = async (source = until('the drawing', () => deep('figure.heat:not(.stale) canvas')[0])) => {
    const bitmap = await createImageBitmap(await source);
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let text = '';
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width, height, data: btoa(text) };
  };
  const file = ({ name, type, base64 }) => new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name, { type });
  globalThis.journey = { deep, until, view, settled, facts, pixels, file };
}

const journeys = {
  firstHeatmap: async () => {
    const { settled, facts, deep } = globalThis.journey;
    const explanation = await settled('the first heatmap');
    return {
      ...facts(explanation),
      device: deep('.device')
        .map((one) => one.textContent)
        .join(' '),
    };
  },
  ownFiles: async ({ picture: given, weights }) => {
    const { file, settled, facts, pixels } = globalThis.journey;
    const transfer = new DataTransfer();
    for (const one of [given, weights]) transfer.items.add(file(one));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true }));
    const explanation = await settled('the heatmap of the files', ({ model }) => model.classes === 10);
    return { ...facts(explanation), pixels: await pixels() };
  },
  anotherClass: async () => {
    const { deep, until, settled, facts, pixels, view } = globalThis.journey;
    const before = view().explanation.classes[0].id;
    (await until('another class', () => deep('button.class').find((button) => button.getAttribute('aria-pressed') !== 'true'))).click();
    const explanation = await settled('the heatmap of another class', ({ classes }) => classes[0].id !== before);
    return { before, ...facts(explanation), pixels: await pixels() };
  },
  anotherLayer: async () => {
    const { deep, settled, facts, pixels } = globalThis.journey;
    const select = deep('cl-layers')[0].shadowRoot.querySelector('select');
    select.value = 'features.14';
    for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    const explanation = await settled('the heatmap of another layer', ({ layers }) => layers[0] === 'features.14');
    return { ...facts(explanation), pixels: await pixels() };
  },
  saved: async () => {
    const { deep, until, pixels } = globalThis.journey;
    const found = {};
    const { click } = HTMLAnchorElement.prototype;
    const { createObjectURL } = URL;
    let blob = null; // the page may not fetch its address
    URL.createObjectURL = (given) => createObjectURL.call(URL, (blob = given));
    for (const what of ['overlay', 'captioned', 'npy', 'json']) {
      let link = null;
      HTMLAnchorElement.prototype.click = function () {
        link = this;
      };
      deep(`[data-what=${what}]`)[0].click();
      await until(`the file ${what}`, () => link);
      const bytes = new Uint8Array(await blob.arrayBuffer());
      found[what] = { name: link.download, length: bytes.length, start: Array.from(bytes.subarray(0, 8)) };
      if (what === 'overlay') found.asShown = (await pixels(blob)).data === (await pixels()).data;
    }
    HTMLAnchorElement.prototype.click = click;
    URL.createObjectURL = createObjectURL;
    return found;
  },
  killedWorker: async () => {
    const { deep, until, facts, view } = globalThis.journey;
    const before = view().explanation.classes[0].id;
    globalThis.camLucida.engine.worker.terminate();
    (await until('another class', () => deep('button.class').find((button) => button.getAttribute('aria-pressed') !== 'true'))).click();
    // Where the page learns of the end by the failure of this choice, it offers to compute it again.
    const explanation = await until('the heatmap after the end of the worker', () => {
      deep('button.again')[0]?.click();
      return view().settled && view().explanation.classes[0].id !== before && view().explanation;
    });
    return { before, ...facts(explanation) };
  },
  trappedWorker: async () => {
    const { until, pixels } = globalThis.journey;
    const { engine } = globalThis.camLucida;
    const [{ worker }, before] = [engine, await pixels()];
    // As its worker tells of a panic that no call answers for.
    const message = 'unreachable executed';
    const error = { kind: 'device', code: 'engine-trapped', arguments: { message }, message, fatal: true };
    worker.dispatchEvent(new MessageEvent('message', { data: { id: null, error } }));
    const note = await until('the end of the worker', () => engine.note.value?.code === 'engine-trapped' && engine.note.value);
    await engine.start();
    return { code: note.code, replaced: engine.worker !== worker, same: (await pixels()).data === before.data };
  },
  corruptedDownload: async (name) => {
    const { deep, until, settled, facts, pixels, view } = globalThis.journey;
    const [before, { fetch }] = [await pixels(), globalThis];
    globalThis.fetch = async (url, options) => {
      const response = await fetch(url, options);
      if (!String(url).endsWith(`${name}/model.safetensors`)) return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      bytes[bytes.length - 1] ^= 1;
      return new Response(bytes, response);
    };
    const choose = () => view().controller.choose('model', { kind: 'embedded', name });
    choose();
    const alert = await until('the refusal', () => deep('[role=alert]')[0].textContent.trim());
    await settled('the network before');
    const same = (await pixels()).data === before.data;
    globalThis.fetch = fetch;
    choose();
    const explanation = await settled('the network that was refused', ({ model }) => model.source?.name === name);
    return { alert, same, ...facts(explanation) };
  },
  forbiddenStorage: async ({ picture: given, weights }) => {
    const { file, settled, facts, pixels, view } = globalThis.journey;
    const forbidden = {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
    };
    for (const one of ['caches', 'indexedDB', 'localStorage', 'sessionStorage']) Object.defineProperty(globalThis, one, forbidden);
    const before = view().explanation;
    const transfer = new DataTransfer();
    for (const one of [given, weights]) transfer.items.add(file(one));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true }));
    const explanation = await settled('the heatmap of the files', (one) => one !== before && one.model.classes === 10);
    return { ...facts(explanation), pixels: await pixels() };
  },
  noRoom: async (networks) => {
    const { deep, settled, view } = globalThis.journey;
    const refuse = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
    Cache.prototype.put = async () => refuse();
    IDBObjectStore.prototype.put = refuse;
    Storage.prototype.setItem = refuse;
    const said = [];
    globalThis.camLucida.page.statuses.explain.sentence.subscribe((sentence) => sentence && said.push(sentence()));
    for (const [name, network] of networks) {
      const repository = new URL(`models/${name}/`, location.href).href;
      view().controller.choose('model', { kind: 'repository', name: repository, revision: null, host: null });
      await settled(network, ({ model }) => model.network === network);
    }
    return {
      said: said.filter((words) => words.startsWith('The browser could not keep')).length,
      alert: deep('[role=alert]')
        .map((one) => one.textContent.trim())
        .join(''),
      kept: deep('.open')
        .map((one) => one.textContent)
        .join(''),
    };
  },
  otherColours: async ({ profiled, converted }) => {
    const { file, settled, pixels } = globalThis.journey;
    const found = [];
    for (const one of [profiled, converted]) {
      const transfer = new DataTransfer();
      transfer.items.add(file(one));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true }));
      const explanation = await settled(`the heatmap of ${one.name}`, (of) => of.picture.file?.name === one.name);
      const { data } = await pixels(globalThis.camLucida.engine.original(explanation));
      found.push({ data, notes: explanation.picture.notes.map(({ code }) => code), probability: explanation.classes[0].probability });
    }
    return found;
  },
  linked: async () => {
    const { settled, facts } = globalThis.journey;
    const explanation = await settled('the heatmap of the link', ({ classes }) => classes[0].id === 5);
    return { ...facts(explanation), method: explanation.method, samples: explanation.request.settings.samples, address: location.hash };
  },
};

const given = Object.fromEntries(
  Object.entries(GIVEN).map(([name, [path, type]]) => [
    name,
    { name: path.split('/').at(-1), type, base64: readFileSync(path).toString('base64') },
  ]),
);

/** Two networks of the site, and what each is. */
const NETWORKS = [
  ['resnet-scenes', 'resnet_small'],
  ['squeezenet-scenes', 'squeezenet_small'],
];
const drawn = {}; // by the journey, the pixels of the first engine

/** By how much a channel differs at most. */
const furthest = (data, other) => Buffer.from(data, 'base64').reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);

/** The heatmap is that of the first engine that has drawn it. */
function expectAlike(name, engine, { width, height, data }) {
  drawn[name] ??= { engine, width, height, found: Buffer.from(data, 'base64') };
  const first = drawn[name];
  expect([width, height]).toEqual([first.width, first.height]);
  expect(furthest(data, first.found), `${name}: ${engine} against ${first.engine}`).toBeLessThanOrEqual(LIKE);
}

for (const [name, { missing, open }] of Object.entries(ENGINES)) {
  test(`${name}: first heatmap, own files, class, layer, saved files, worker killed, faults, link`, { tag: '@cpu' }, async ({ site }) => {
    const lacking = missing();
    if (lacking && process.env.CI) throw new Error(`CI needs ${name}: install ${lacking}`);
    test.skip(Boolean(lacking), `${name} is not installed (${lacking})`);
    test.setTimeout(300_000);
    const page = await open(`${site}?device=cpu#explain`);
    const go = async (journey, argument) => {
      await page.run(prepare);
      return test.step(journey, () => page.run(journeys[journey], argument));
    };
    try {
      const first = await go('firstHeatmap');
      expect(first.device).toContain('CPU');
      expect(first.probability).toBeGreaterThan(0.5);
      const own = await go('ownFiles', given);
      expect(own.network).toBe(small.network);
      expectAlike('own files', name, own.pixels);
      const other = await go('anotherClass');
      expect(other.id).not.toBe(other.before);
      expectAlike('another class', name, other.pixels);
      const layer = await go('anotherLayer');
      expect(layer.layers).toEqual(['features.14']);
      expectAlike('another layer', name, layer.pixels);
      const { asShown, captioned, npy, json } = await go('saved');
      expect(asShown).toBe(true);
      expect(captioned.start).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
      expect(npy.start.slice(0, 6)).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]);
      expect(json.length).toBeGreaterThan(200);
      fault('worker killed while idle');
      const revived = await go('killedWorker');
      expect(revived.id).not.toBe(revived.before);
      fault('worker trapped');
      expect(await go('trappedWorker')).toEqual({ code: 'engine-trapped', replaced: true, same: true });
      fault('download corrupted');
      const corrupted = await go('corruptedDownload', 'squeezenet-scenes');
      expect(corrupted).toMatchObject({ same: true, network: 'squeezenet_small' });
      expect(corrupted.alert).toContain('its SHA-256 differs');
      fault('quota 0');
      const unkept = await go('noRoom', NETWORKS);
      expect(unkept).toMatchObject({ said: 1, alert: '' });
      expect(unkept.kept).toContain('This browser does not keep it.');
      fault('storage forbidden');
      const kept = await go('forbiddenStorage', given);
      expect(kept.network).toBe(small.network);
      expectAlike('own files', name, kept.pixels);
      await page.go('about:blank');
      await page.go(`${site}?device=cpu#explain?class=5&method=smooth-grad-cam%2B%2B&set=samples:4,seed:3&layer=layer3`);
      const linked = await go('linked');
      expect(linked).toMatchObject({ id: 5, layers: ['layer3'], method: 'smooth-grad-cam++', samples: 4 });
      const [profiled, converted] = await go('otherColours', given);
      expect([profiled.notes, converted.notes]).toEqual([['picture-profile'], []]);
      expect(furthest(profiled.data, Buffer.from(converted.data, 'base64'))).toBeLessThanOrEqual(LIKE);
      expect(Math.abs(profiled.probability - converted.probability)).toBeLessThan(0.01);
    } finally {
      await page.close();
    }
  });
}
