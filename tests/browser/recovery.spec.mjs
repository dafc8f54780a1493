// The worker may end at any time; picture, choices and the last result outlive it.
import { expect, test } from './page.mjs';

const LONG = 600_000; // milliseconds: far longer than any test may take

test.beforeEach(async ({ lucida }) => {
  await lucida.patchWorker();
  await lucida.showFirst();
  await lucida.showClass(4);
});

test('cancelling a long computation returns the page to idle at once', async ({ lucida }) => {
  const before = await lucida.shown();
  await lucida.order({ block: LONG });
  await lucida.chooseClass(7);
  await expect(lucida.status).toHaveText('Computing the heatmap …');
  await expect(lucida.figure).toHaveAttribute('aria-busy', 'true');
  await lucida.cancel.click();
  await lucida.expectIdle({ timeout: 300 });
  await expect(lucida.status).toHaveText('Cancelled.');
  expect(await lucida.shown()).toEqual(before);
  await expect(lucida.figure).toHaveClass(/stale/);

  await lucida.again.click();
  await lucida.expectClass(7);
});

test('a worker killed while it computes is replaced, and picture, choices and last result are kept', async ({ lucida }) => {
  const before = await lucida.shown();
  await lucida.order({ block: LONG });
  await lucida.chooseClass(7);
  await expect(lucida.status).toHaveText('Computing the heatmap …');
  await lucida.killWorker();
  await expect(lucida.alert).toContainText('The engine stopped.');
  await expect(lucida.status).toContainText('was restarted');
  expect(await lucida.shown()).toEqual(before);

  await lucida.again.click();
  await lucida.expectClass(7);
  await expect(lucida.alert).toBeEmpty();
});

test('a worker killed while it is idle is replaced, and the last result can still be drawn anew', async ({ lucida, page }) => {
  const before = await lucida.shown();
  await lucida.killWorker();
  await expect(lucida.status).toContainText('was restarted');
  await page.getByLabel('Opacity').fill('0.9');
  await expect.poll(async () => (await lucida.shown()).pixels).not.toBe(before.pixels);
  await page.getByLabel('Opacity').fill('0.5');
  await expect.poll(async () => (await lucida.shown()).pixels).toBe(before.pixels);
});

test('a trap in the engine is told and the worker replaced', async ({ lucida }) => {
  const before = await lucida.shown();
  await lucida.order({ trap: true });
  await lucida.chooseClass(7);
  await expect(lucida.alert).toContainText('The engine stopped.');
  await expect(lucida.alert).toContainText('unreachable');
  expect(await lucida.shown()).toEqual(before);
  await lucida.again.click();
  await lucida.expectClass(7);
});

test('a choice made while an older one computes is the one that is shown', async ({ lucida }) => {
  await lucida.order({ block: 1000 });
  await lucida.chooseClass(7);
  await expect(lucida.status).toHaveText('Computing the heatmap …');
  await lucida.chooseClass(5);
  await lucida.chooseClass(2);
  const seen = new Set();
  await expect.poll(async () => {
    const { caption } = await lucida.shown();
    seen.add(/class (\d+)/i.exec(caption)[1]);
    return caption;
  }, { intervals: [50] }).toMatch(/class 2,/i);
  expect([...seen]).toEqual(['4', '2']);
  await lucida.expectResult();
});

test('a lost GPU is told and the worker replaced', { tag: '@gpu' }, async ({ lucida }) => {
  const before = await lucida.shown();
  await lucida.order({ destroy: true });
  await expect(lucida.status).toContainText('was restarted');
  await expect(lucida.status).toContainText('The GPU was lost');
  expect(await lucida.shown()).toEqual(before);
  await lucida.showClass(7);
  await expect(lucida.device).toContainText('on the GPU');
});

test('a GPU that is lost twice in a row gives way to the CPU, with the reason', { tag: '@gpu' }, async ({ lucida, page }) => {
  const before = await lucida.shown();
  for (const device of ['GPU', 'CPU']) {
    await lucida.order({ destroy: true });
    await expect(lucida.status).toContainText('was restarted');
    await page.evaluate(() => globalThis.camLucida.engine.start());
    await expect(lucida.device).toContainText(`on the ${device}`);
  }
  await expect(lucida.device).toContainText('The GPU was lost');
  expect(await lucida.shown()).toEqual(before);
  await lucida.showClass(7);
});
