// Which device computes, and why not the GPU; a GPU that makes mistakes is not believed.
import { fault } from './faults.mjs';
import { expect, test } from './page.mjs';

/** Which engines a page asks for from now on. */
function enginesOf(page) {
  const asked = [];
  page.context().on('request', (request) => {
    const [file] = /web(-gpu)?_bg\.wasm$/.exec(new URL(request.url()).pathname) ?? [];
    if (file) asked.push(file);
  });
  return asked;
}

test('without WebGPU the page never asks for the engine of the GPU', { tag: '@cpu' }, async ({ lucida, page }) => {
  const engines = enginesOf(page);
  await lucida.showFirst();
  await lucida.showClass(4);
  expect(engines).toEqual(['web_bg.wasm']);
});

test(
  'on the GPU the page asks for the engine of the GPU alone; on the CPU, for the other one',
  { tag: '@gpu' },
  async ({ lucida, page }) => {
    const engines = enginesOf(page);
    await lucida.showFirst();
    await expect(lucida.device).toHaveText(/^Computing on the GPU/);
    expect(engines.splice(0)).toEqual(['web-gpu_bg.wasm']);
    for (const query of ['?device=cpu', '']) {
      await lucida.open({ query }); // without a choice, a software adapter counts as none
      await expect(lucida.device).toHaveText(/^Computing on the CPU/);
      expect(engines.splice(0)).toEqual(['web_bg.wasm']);
    }
  },
);

test('where the engine of the GPU cannot be had, the other one computes, and says why', { tag: '@gpu' }, async ({ lucida, page }) => {
  fault('engine of the GPU missing');
  await page.route('**/web-gpu_bg.wasm', (route) => route.abort());
  await lucida.showFirst();
  await expect(lucida.device).toHaveText(/^Computing on the CPU because .*did not load/);
});

test('without WebGPU the page computes on the CPU and says why', { tag: '@cpu' }, async ({ lucida }) => {
  await lucida.showFirst();
  await expect(lucida.device).toHaveText(/^Computing on the CPU because .*WebGPU/);
  await expect(lucida.caption).toContainText('on the CPU');
});

test('?device=cpu computes on the CPU', { tag: '@gpu' }, async ({ lucida }) => {
  await lucida.open({ query: '?device=cpu' });
  await expect(lucida.device).toHaveText(/^Computing on the CPU because the link asks for it/);
});

test('a software adapter counts as no GPU unless it is asked for', { tag: '@gpu' }, async ({ lucida }) => {
  await lucida.open({ query: '' });
  await expect(lucida.device).toHaveText(/^Computing on the CPU because .* emulated in software/);
  await lucida.open({ query: '?device=gpu' });
  await expect(lucida.device).toHaveText(/^Computing on the GPU/);
});

for (const [orders, what, why, name] of [
  [{ dieInStart: true }, 'a worker that dies', '.+', 'worker dies in the start on the GPU'],
  [{ refuseDevice: true }, 'an adapter that gives no device', '.+', 'GPU gives no device'],
  [{ miscompute: true }, 'a GPU that computes wrongly', '.*computes wrongly', 'GPU computes wrongly'],
]) {
  test(`${what} in the start on the GPU leads to the CPU, with the reason`, { tag: '@gpu' }, async ({ lucida, page }) => {
    fault(name);
    await lucida.patchWorker(orders);
    const engines = enginesOf(page);
    await lucida.showFirst();
    expect(engines).toEqual(['web-gpu_bg.wasm', 'web_bg.wasm']);
    await expect(lucida.device).toHaveText(new RegExp(`^Computing on the CPU because ${why}`));
  });
}

test(
  'a shader that fails validation withholds the first result, which another worker then gives',
  { tag: '@gpu' },
  async ({ lucida, page }) => {
    fault('shader invalid before the first result');
    await lucida.patchWorker();
    await lucida.withoutSamples();
    await lucida.open();
    await lucida.pickWeights();
    await expect.poll(() => page.evaluate(() => globalThis.camLucida.elements.get('explain').controller.model.value?.network)).toBeTruthy();
    const first = await page.evaluateHandle(() => globalThis.camLucida.engine.worker);
    await lucida.order({ corrupt: true });
    await lucida.pickPicture();
    // The worker that takes its place has honest shaders.
    await lucida.expectResult();
    expect(await first.evaluate((worker) => worker === globalThis.camLucida.engine.worker)).toBe(false);
    await expect(lucida.device).toContainText('GPU');
  },
);

test('a shader that fails validation later leaves the last result in place, with an error', { tag: '@gpu' }, async ({ lucida }) => {
  fault('shader invalid later');
  await lucida.patchWorker();
  await lucida.showFirst();
  const before = await lucida.shown();
  await lucida.order({ corrupt: true });
  // A method and a layer whose kernels the worker has not compiled yet.
  await lucida.method.selectOption('grad-cam++');
  await expect(lucida.alert).toContainText('The engine stopped.');
  expect(await lucida.shown()).toEqual(before);
  await expect(lucida.figure).toHaveClass(/stale/);
  // The worker that takes its place has honest shaders.
  await lucida.again.click();
  await lucida.expectHow(/Grad-CAM\+\+/);
});
