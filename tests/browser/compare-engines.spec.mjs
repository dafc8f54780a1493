// Compare in Chromium, Firefox and WebKit, each on the CPU: the grid fills with the same numbers, can be cancelled, and takes fifty pictures.
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { ENGINES, test } from './engines.mjs';
import { picture } from './inputs.mjs';

const LIKE = 1e-4; // by which a probability, or a value in parts of its map's largest, may differ between engines

/** What the journeys have in common; it runs in the page. */
async function prepare() {
  const until = async (what, found) => {
    for (const start = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const value = await found();
      if (value) return value;
      if (Date.now() - start > 110_000) throw new Error(`${what} has not come`);
    }
  };
  const view = () => globalThis.camLucida?.elements.get('compare');
  globalThis.journey = {
    until,
    view,
    settled: () => until('the whole grid', () => view()?.settled && view().controller.cells.value.length),
  };
}

const journeys = {
  /** What each cell says of a picture whose pixels are the same in each engine, and the first one asked about alone. */
  filled: async (base64) => {
    const { until, view, settled } = globalThis.journey;
    await settled();
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], 'own.png', { type: 'image/png' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true }));
    await until(
      'the grid of the picture',
      () => view().settled && view().controller.cells.value.every(({ asked }) => asked.picture?.name === 'own.png'),
    );
    const { engine } = globalThis.camLucida;
    const { cells, progress } = view().controller;
    const numbers = cells.value.map(({ state }) => {
      const { name, answer, error } = state.value;
      if (name !== 'done') return { name, code: error?.code };
      const most = answer.map.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0) || 1;
      return { name, id: answer.of.id, probability: answer.of.probability, map: Array.from(answer.map.data, (value) => value / most) };
    });
    const { answer } = cells.value[0].state.value;
    const { model, picture, request } = answer.explanation;
    const { data } = await engine.rawMap(await engine.explain({ model, picture, request }), 0);
    const drawn = view().renderRoot.querySelector('cl-grid').renderRoot.querySelector('cl-grid-cell').renderRoot.querySelector('canvas');
    const colours = new Set(new Uint32Array(drawn.getContext('2d').getImageData(0, 0, drawn.width, drawn.height).data.buffer)).size;
    const { done, failed } = progress.value;
    return { numbers, alone: data.every((value, i) => value === answer.map.data[i]), colours, done, failed };
  },
  cancelled: async () => {
    const { until, view } = globalThis.journey;
    location.hash = '#compare?method=rise,grad-cam&model=embedded:resnet-scenes,embedded:vgg-scenes';
    const { controller } = view();
    await until('a running cell', () => controller.cells.value.length === 4 && controller.cells.value[0].state.value.name === 'running');
    const begun = performance.now();
    (await until('Cancel', () => view().renderRoot.querySelector('.cancel-all'))).click();
    while (controller.progress.value.open) await new Promise((resolve) => setTimeout(resolve, 1));
    const took = performance.now() - begun;
    await globalThis.camLucida.engine.start(); // the engine is there for the next
    return { took, ...controller.progress.value };
  },
  fifty: async () => {
    const { until, view, settled } = globalThis.journey;
    location.hash = '#compare?method=grad-cam&model=embedded:resnet-scenes';
    await until('the smaller grid', () => view().controller.cells.value.length === 1);
    const transfer = new DataTransfer();
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
    const context = canvas.getContext('2d');
    for (let i = 0; i < 50; i++) {
      context.fillStyle = `hsl(${(i * 47) % 360} 60% 70%)`;
      context.fillRect(0, 0, 640, 480);
      context.fillStyle = `hsl(${(i * 91) % 360} 80% 40%)`;
      context.fillRect((i * 37) % 400, (i * 71) % 300, 160, 120);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
      transfer.items.add(new File([blob], `picture-${i + 1}.png`, { type: 'image/png' }));
    }
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true }));
    await until('fifty cells', () => view().controller.cells.value.length === 50);
    await settled();
    const scores = [...view().renderRoot.querySelector('cl-grid').renderRoot.querySelectorAll('.sheet cl-grid-cell')].map(
      ({ cell }) => cell.answer.of.probability,
    );
    return { scores, ...view().controller.progress.value };
  },
};

let first = null; // the cells of the first engine

for (const [name, { missing, open }] of Object.entries(ENGINES)) {
  test(`${name}: a grid fills, is cancelled, and takes fifty pictures`, { tag: '@cpu' }, async ({ site }) => {
    const lacking = missing();
    if (lacking && process.env.CI) throw new Error(`CI needs ${name}: install ${lacking}`);
    test.skip(Boolean(lacking), `${name} is not installed (${lacking})`);
    test.setTimeout(300_000);
    const page = await open(`${site}?device=cpu&lang=en#compare`);
    const go = async (journey, argument) => {
      await page.run(prepare);
      return test.step(journey, () => page.run(journeys[journey], argument));
    };
    try {
      const { numbers, ...filled } = await go('filled', readFileSync(picture).toString('base64'));
      expect(filled).toMatchObject({ alone: true, done: 45, failed: 3 });
      expect(filled.colours).toBeGreaterThan(1000);
      first ??= numbers;
      for (const [i, cell] of numbers.entries()) {
        expect([cell.name, cell.id, cell.code]).toEqual([first[i].name, first[i].id, first[i].code]);
        if (cell.name !== 'done') continue;
        expect(Math.abs(cell.probability - first[i].probability)).toBeLessThan(LIKE);
        expect(Math.max(...cell.map.map((value, at) => Math.abs(value - first[i].map[at])))).toBeLessThan(LIKE);
      }
      const cancelled = await go('cancelled');
      expect(cancelled.took).toBeLessThan(300);
      expect(cancelled).toMatchObject({ all: 4, done: 0, cancelled: 4 });
      const fifty = await go('fifty');
      expect(fifty).toMatchObject({ all: 50, done: 50 });
      expect(fifty.scores.length).toBe(50);
      expect(fifty.scores).toEqual(fifty.scores.toSorted((a, b) => b - a));
    } finally {
      await page.close();
    }
  });
}
