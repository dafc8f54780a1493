// What is cancelled, overtaken or killed: picture, choices and the last result outlive the worker. faults.spec.mjs goes on.
import { fault } from './faults.mjs';
import { colours } from './inputs.mjs';
import { expect, test } from './page.mjs';

const LONG = 600_000; // milliseconds: far longer than any test may take

/** Explains by a second network beside the first. */
async function explainByAnother({ lucida, page }) {
  const present = (name) =>
    page.evaluate((given) => {
      globalThis[given] = globalThis.camLucida.elements.get('explain').controller.explanation.value;
      return globalThis[given].model.files.weights.name;
    }, name);
  await present('first');
  await lucida.pickWeights(colours);
  await expect.poll(() => present('second')).toBe('colours.safetensors');
  await lucida.expectResult();
  await present('second');
}

/** The maps of the explanations by the two networks. */
const bothMaps = (page) =>
  page.evaluate(async () => {
    const { engine } = globalThis.camLucida;
    const maps = [];
    for (const one of [globalThis.first, globalThis.second]) maps.push(Array.from((await engine.rawMap(one)).data));
    return maps;
  });

let messages;

test.beforeEach(async ({ lucida, page }) => {
  messages = await lucida.countMessages();
  await lucida.patchWorker();
  await lucida.showFirst();
  // They are computed unasked, and would meet what a test brings about in the place of what it asks for.
  await page.evaluate(() => globalThis.camLucida.elements.get('explain').previews.disconnect());
  await lucida.showClass(4);
});

test('cancelling a long computation returns the page to idle at once', async ({ lucida }) => {
  const before = await lucida.shown();
  await lucida.order({ block: LONG });
  await lucida.chooseClass(7);
  await expect(lucida.status).toHaveText('Computing the heatmap…');
  await expect(lucida.figure).toHaveAttribute('aria-busy', 'true');
  await lucida.cancel.click();
  await lucida.expectIdle({ timeout: 300 });
  await expect(lucida.status).toHaveText('Cancelled.');
  expect(await lucida.shown()).toEqual(before);
  await expect(lucida.figure).toHaveClass(/stale/);

  // The pass itself cannot be broken off; a worker that is still at it after seconds is replaced.
  await lucida.again.click();
  await lucida.expectClass(7);
});

test('a method of many steps gives way at its next step, and the worker goes on', async ({ lucida, page }) => {
  // By the default network. On the software adapter a step of the other one takes longer than the page waits for any pass.
  await page.unroute('**/models/index.json');
  await page.goto('about:blank');
  await lucida.showSample();
  const cancelOne = () =>
    page.evaluate(async () => {
      const { engine, elements } = globalThis.camLucida;
      const { model, picture, request } = elements.get('explain').controller.explanation.value;
      await engine.explain({ model, picture, request });
      const { worker } = engine;
      const ask = (method, settings, options) => engine.explain({ model, picture, request: { ...request, method, settings } }, options);
      const controller = new AbortController();
      const running = ask('rise', { samples: 100000 }, { signal: controller.signal });
      const stepped = new Promise((resolve) => engine.work.subscribe((work) => work?.step && resolve()));
      await stepped;
      const since = performance.now();
      controller.abort();
      const error = await running.catch(({ name }) => name);
      const rejected = performance.now() - since;
      await ask('grad-cam', {});
      return { error, rejected, free: performance.now() - since, same: engine.worker === worker };
    });
  // A step may take too long on a machine that has other things to do, and then the worker is replaced.
  await expect(async () => {
    const { error, rejected, free, same } = await cancelOne();
    console.log(`rejected after ${rejected.toFixed(1)} ms, the next was done after ${free.toFixed(0)} ms`);
    expect(error).toBe('AbortError');
    expect(rejected).toBeLessThan(50);
    expect(same).toBe(true);
  }).toPass();
});

test('what is asked after a cancel is computed, and what was cancelled rejects', async ({ page }) => {
  const { names, classes } = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { model, picture, request } = elements.get('explain').controller.explanation.value;
    const ask = (given) => engine.explain({ model, picture, request: { ...request, ...given } });
    const before = [ask({ method: 'rise', settings: { samples: 100000 } }), ask({ classes: [1] }), ask({ classes: [2] })];
    await new Promise((resolve) => engine.work.subscribe((work) => work?.step && resolve()));
    engine.cancel();
    const after = [ask({ classes: [3] }), ask({ classes: [5] })];
    const names = await Promise.all(before.map((task) => task.catch(({ name }) => name)));
    return { names, classes: (await Promise.all(after)).map((explanation) => explanation.classes[0].id) };
  });
  expect(names).toEqual(['AbortError', 'AbortError', 'AbortError']);
  expect(classes).toEqual([3, 5]);
});

test('a worker killed while it is idle is replaced, and the last result can still be drawn anew', async ({ lucida, page }) => {
  fault('worker killed while idle');
  const before = await lucida.shown();
  await lucida.killWorker();
  await expect(lucida.status).toContainText('has restarted');
  await page.getByLabel('Opacity').fill('0.9');
  await expect.poll(async () => (await lucida.shown()).pixels).not.toBe(before.pixels);
  await page.getByLabel('Opacity').fill('0.5');
  await expect.poll(async () => (await lucida.shown()).pixels).toBe(before.pixels);
});

test('models and explanations that a killed worker held come back when they are asked for', async ({ lucida, page }) => {
  await explainByAnother({ lucida, page });
  const before = await bothMaps(page);
  expect(before[0]).not.toEqual(before[1]);
  expect((await messages()).load_model).toBe(2);
  await lucida.killWorker();
  await expect(lucida.status).toContainText('has restarted');
  expect(await bothMaps(page)).toEqual(before);
  expect(await bothMaps(page)).toEqual(before);
  expect((await messages()).load_model).toBe(4);
});

test('what finds no room in a small memory is brought again, and gives the same heatmaps', async ({ lucida, page }) => {
  await explainByAnother({ lucida, page });
  const before = await bothMaps(page);
  const explain = () =>
    page.evaluate(async () => {
      const { first, second, small } = globalThis;
      const maps = [];
      for (const { model, picture, request } of [first, second, first]) {
        const explanation = await small.explain({ model, picture, request });
        maps.push(Array.from((await small.rawMap(explanation)).data));
      }
      return maps;
    });
  // Another engine: one that holds a single model, picture and explanation, and one that holds all.
  const counts = [];
  for (const memory of [{ models: 0, pictures: 0, explanations: 0 }, {}]) {
    await page.evaluate(async (given) => {
      const { constructor: Engine } = globalThis.camLucida.engine;
      const device = new URLSearchParams(location.search).get('device');
      Object.assign(globalThis, { small: new Engine({ device, memory: given }), messages: {} });
    }, memory);
    expect(await explain()).toEqual([...before, before[0]]);
    // Its explanation of the first network is one of those that were dropped.
    expect(
      await page.evaluate(async () => {
        const { first, second, small } = globalThis;
        const explanations = [];
        for (const { model, picture, request } of [first, second]) explanations.push(await small.explain({ model, picture, request }));
        return Array.from((await small.rawMap(explanations[0])).data);
      }),
    ).toEqual(before[0]);
    counts.push((await messages()).load_model);
  }
  expect(counts).toEqual([5, 2]);
});

test('a weight file is read once while there is room for it; why it cannot be read again is told', async ({ page }) => {
  const outcomes = await page.evaluate(async () => {
    const { constructor: Engine } = globalThis.camLucida.engine;
    const bytes = await (await fetch('models/resnet-scenes/model.safetensors')).blob();
    const handle = await (await navigator.storage.getDirectory()).getFileHandle('weights', { create: true });
    const write = async (what) => {
      const stream = await handle.createWritable();
      await stream.write(what);
      await stream.close();
    };
    const outcomes = [];
    for (const memory of [{ models: 0 }, { models: 0, files: 0 }]) {
      const engine = new Engine({ device: 'cpu', memory });
      await write(bytes);
      const weights = await handle.getFile();
      await engine.load({ files: { weights } });
      await engine.load({ files: { weights: bytes } }); // takes the place of the first
      await write('other bytes');
      const again = engine.load({ files: { weights } });
      outcomes.push(
        await again.then(
          () => 'loaded',
          ({ code, arguments: named }) => [code, named.cause],
        ),
      );
      engine.rest();
    }
    return outcomes;
  });
  expect(outcomes).toEqual(['loaded', ['file-unreadable', expect.stringContaining('NotReadableError')]]);
});

test('a file that finds no room in memory is refused in words, and the last result stays', async ({ lucida, page }) => {
  fault('no memory for a weight file');
  const before = await lucida.shown();
  await lucida.order({ fillMemory: true });
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    const bytes = 256 * 2 ** 20;
    const header = JSON.stringify({ a: { dtype: 'F32', shape: [bytes / 4], data_offsets: [0, bytes] } });
    const length = new BigUint64Array([BigInt(header.length)]);
    transfer.items.add(new File([length, header, new Uint8Array(bytes)], 'large.safetensors'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await expect(lucida.alert).toContainText('The network does not fit into memory.');
  await expect(lucida.alert).toContainText(
    /there is not enough memory for tensors of 256 MiB; close other programs or tabs, or choose a smaller network/i,
  );
  await expect(lucida.status).not.toContainText('has restarted');
  expect(await lucida.shown()).toEqual(before);
});

test('a choice made while an older one computes is the one that is shown', async ({ lucida }) => {
  await lucida.order({ block: 3000 });
  await lucida.chooseClass(7);
  await expect(lucida.status).toHaveText('Computing the heatmap…');
  await lucida.chooseClass(5);
  await lucida.chooseClass(2);
  const seen = new Set();
  await expect
    .poll(
      async () => {
        const { caption } = await lucida.shown();
        seen.add(/class (\d+)/i.exec(caption)[1]);
        return caption;
      },
      { intervals: [50] },
    )
    .toMatch(/class 2\b/i);
  expect([...seen]).toEqual(['4', '2']);
  await lucida.expectResult();
});

test('a GPU that is lost twice in a row gives way to the CPU, with the reason', { tag: '@gpu' }, async ({ lucida, page }) => {
  fault('GPU lost twice in a row');
  const before = await lucida.shown();
  for (const device of ['GPU', 'CPU']) {
    await lucida.order({ destroy: true });
    await expect(lucida.status).toContainText('has restarted');
    await page.evaluate(() => globalThis.camLucida.engine.start());
    await expect(lucida.device).toContainText(`on the ${device}`);
  }
  await expect(lucida.device).toContainText('lost the GPU');
  expect(await lucida.shown()).toEqual(before);
  await lucida.showClass(7);
});
