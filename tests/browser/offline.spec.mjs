// The site without its server, and from one build to the next.
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listFiles, writeWorker } from '../../scripts/offline.mjs';
import { serve } from '../../scripts/serve.mjs';
import { fault } from './faults.mjs';
import { dist } from './inputs.mjs';
import { expect, Lucida, test } from './page.mjs';

const BASE = '/some/where/';

/** Changes words of the site that is in a folder, so that it is another build. */
async function rebuild(folder, from, to) {
  const www = path.join(folder, 'www');
  const words = readdirSync(www).find((name) => /^en-\w+\.js$/.test(name));
  const script = readFileSync(path.join(www, words), 'utf8');
  expect(script).toContain(from);
  rmSync(path.join(www, words));
  const renamed = words.replace('en-', 'en-X');
  writeFileSync(path.join(www, renamed), script.replaceAll(from, to));
  for (const name of readdirSync(www).filter((one) => one.endsWith('.js'))) {
    const file = path.join(www, name);
    const text = readFileSync(file, 'utf8');
    if (text.includes(words)) writeFileSync(file, text.replaceAll(words, renamed));
  }
  await writeWorker(folder);
}

test('the service worker of the built site lists all of it', { tag: '@cpu' }, () => {
  const [list] = readFileSync(path.join(dist, 'sw.js'), 'utf8').split('\n');
  expect(JSON.parse(/=(.*);$/.exec(list)[1]).files).toEqual(listFiles(dist));
});

test('a second visit needs no server; a new build waits for a reload', { tag: '@cpu' }, async ({ page, query }, info) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cam-lucida-offline-'));
  cpSync(dist, folder, { recursive: true });
  let server = await serve(folder, { port: 0, base: BASE });
  const { port } = new URL(server.url);
  const lucida = new Lucida(page, `http://lucida.localhost:${port}${BASE}`, query);
  const view = page.locator('cl-header nav a[aria-current=page]');
  const notice = page.locator('cl-status .renewed');
  try {
    await test.step('the first visit', async () => {
      await lucida.openView('board', { query: '?lang=en' });
      await lucida.expectLive('board');
      await page.evaluate(() => navigator.serviceWorker.ready);
      const devtools = await page.context().newCDPSession(page);
      const { errors, url } = await devtools.send('Page.getAppManifest');
      expect([errors, url]).toEqual([[], `${lucida.site}manifest.json`]);
      const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
      expect(installabilityErrors.map(({ errorId }) => errorId).filter((one) => one !== 'in-incognito')).toEqual([]);
      expect(await page.evaluate(() => navigator.serviceWorker.controller), 'it goes on as it began').toBe(null);
    });

    await test.step('the second visit, without the server', async () => {
      fault('device offline');
      await server.close();
      await page.reload();
      await lucida.expectLive('board');
      await page.goto(`${lucida.site}?lang=zh#bias`);
      await page.reload();
      await lucida.expectLive('bias', 2);
      await lucida.openView('lessons', { query: '?lang=en' });
      await page.locator('cl-lessons .start').first().click();
      await expect(page.locator('cl-lesson h3')).not.toBeEmpty();
      await expect.poll(() => page.evaluate(() => globalThis.camLucida.page.facts.value?.settled ?? false)).toBe(true);
      await lucida.openView('explain', { query: '?lang=en' });
      await page.reload();
      await lucida.expectResult();
      const models = await page.evaluate(async () => (await globalThis.camLucida.page.embedded).models.map(({ name }) => name));
      for (const name of models)
        expect(await page.evaluate(async (url) => (await fetch(url)).status, `models/${name}/model.safetensors`)).toBe(200);
      expect(await page.evaluate(async () => (await fetch('README.md').catch(() => null))?.status ?? 'no server')).toBe('no server');
    });

    await test.step('a new build', async () => {
      await rebuild(folder, 'Sticker board', 'Board of stickers');
      server = await serve(folder, { port: Number(port), base: BASE });
      await expect(notice).toBeHidden();
      fault('service worker updated under an open page');
      await lucida.showClass(4);
      const { pixels } = await lucida.shown();
      await lucida.showClass(7);
      await lucida.chooseClass(4);
      await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
      await lucida.expectClass(4);
      expect((await lucida.shown()).pixels).toBe(pixels);
      await expect(notice).toContainText('A new version of this page is ready.');
      await page.screenshot({ path: info.outputPath('renewed-en.png') });
      await page.evaluate(() => globalThis.camLucida.engine.worker.terminate());
      await page.evaluate(() => globalThis.camLucida.page.go('compare')); // its script was not asked for so far
      await expect(page.locator('cl-compare')).toBeVisible();
      await expect(page.locator('cl-header nav')).toContainText('Sticker board');

      fault('two tabs of different builds');
      const second = new Lucida(await page.context().newPage(), lucida.site, query);
      await second.openView('explain', { query: '?lang=en' });
      await second.showClass(4);
      expect((await second.shown()).pixels).toBe(pixels);
      await expect(second.page.locator('cl-header nav')).toContainText('Board of stickers');
      await page.evaluate(() => globalThis.camLucida.page.go('explain'));
      await lucida.expectClass(4); // by a worker that started beside the other build
      expect((await lucida.shown()).pixels).toBe(pixels);
      await expect(page.locator('cl-header nav')).toContainText('Sticker board');
      await second.page.close();
      await page.evaluate(() => globalThis.camLucida.page.go('compare'));
      await page.setViewportSize({ width: 1680, height: 900 }); // room for the languages beside the menu
      await page.locator('cl-header').getByLabel('Language').selectOption('zh');
      await expect(notice).toContainText('页面有新版本。');
      await page.screenshot({ path: info.outputPath('renewed-zh.png') });
      await page.setViewportSize({ width: 360, height: 740 });
      await page.screenshot({ path: info.outputPath('renewed-zh-phone.png') });
    });

    await test.step('after the reload', async () => {
      await page.getByRole('button', { name: '重新加载' }).click();
      await page.setViewportSize({ width: 1280, height: 720 });
      await expect(notice).toBeHidden();
      await page.locator('cl-header').getByLabel('语言').selectOption('en');
      await expect(page.locator('cl-header nav')).toContainText('Board of stickers');
      await expect(view).toContainText('Compare');
    });
  } finally {
    await server.close().catch(() => {});
    rmSync(folder, { recursive: true });
  }
});
