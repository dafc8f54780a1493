// Threads and relaxed SIMD where the browser has them, and the same heatmap without.
import { HEADERS } from '../../scripts/policy.mjs';
import { serve } from '../../scripts/serve.mjs';
import { ISOLATION } from '../../www/offline/isolation.js';
import { dist } from './inputs.mjs';
import { expect, Lucida, test } from './page.mjs';

/** What a server sends that does not isolate the page. */
const ALONE = Object.fromEntries(Object.entries(HEADERS).filter(([name]) => !(name in ISOLATION)));

test('without isolation the engine computes on one thread', { tag: '@cpu' }, async ({ lucida, page }) => {
  const server = await serve(dist, { port: 0, own: ALONE });
  await lucida.showFirst({ site: server.url });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await expect(lucida.device).not.toContainText('threads');
  await server.close();
});

test('threads give the very heatmap that one thread gives', { tag: '@cpu' }, async ({ lucida, page }) => {
  const server = await serve(dist, { port: 0, own: ALONE });
  await lucida.showFirst({ site: server.url });
  const alone = (await lucida.rawMap()).data;
  await server.close();
  await lucida.patchWorker({ threads: true });
  await lucida.showFirst();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(lucida.device).toContainText(/Large networks use [2-8] threads\./);
  const together = (await lucida.rawMap()).data;
  expect(together).toEqual(alone);
  // As soon as nothing is computed, the threads sleep; they wake for what comes.
  await lucida.method.selectOption('grad-cam++');
  await lucida.expectHow(/Grad-CAM\+\+/);
});

test('relaxed SIMD gives the heatmap that plain SIMD gives', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.patchWorker({ plain: true });
  await lucida.showFirst();
  expect((await lucida.order()).products).toBe(0);
  const plain = (await lucida.rawMap()).data;
  await page.goto('about:blank');
  await lucida.patchWorker();
  await lucida.showFirst();
  expect((await lucida.order()).products).toBeGreaterThan(0);
  const relaxed = (await lucida.rawMap()).data;
  const largest = Math.max(...plain);
  for (const [i, value] of relaxed.entries()) expect(Math.abs(value - plain[i])).toBeLessThan(1e-5 * largest);
});

test('where memory cannot be shared, the engine computes on one thread', { tag: '@cpu' }, async ({ lucida }) => {
  await lucida.patchWorker({ ownMemory: true });
  await lucida.showFirst();
  await expect(lucida.device).not.toContainText('threads');
});

test('where no thread starts, the engine computes on its own', { tag: '@cpu' }, async ({ lucida }) => {
  await lucida.patchWorker({ noThreads: true, threads: true });
  await lucida.showFirst();
});

test('where the server isolates nothing, the service worker does from the second visit on', { tag: '@cpu' }, async ({ page }) => {
  const server = await serve(dist, { port: 0, own: ALONE });
  const lucida = new Lucida(page, server.url.replace('127.0.0.1', 'lucida.localhost'), '');
  await lucida.openView('board');
  await lucida.expectLive('board');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await lucida.expectLive('board');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(lucida.device).toContainText(/Large networks use [2-8] threads\./);
  await server.close();
});

test('the GPU computes on memory that can be shared', { tag: '@gpu' }, async ({ lucida, page }) => {
  await lucida.showFirst();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect(lucida.device).toHaveText(/^Computing on the GPU/);
});
