// The service worker in Chromium, Firefox and WebKit, over a site of a few lines: what differs between engines is which page
// or worker they say that a request is from.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { writeWorker } from '../../scripts/offline.mjs';
import { serve } from '../../scripts/serve.mjs';
import { ENGINES } from './engines.mjs';
import { fault } from './faults.mjs';

/** Writes a site all of whose files name its build; its worker, as the page's, imports a script and fetches a file. */
async function writeSite(folder, name) {
  for (const other of ['A', 'B', 'C']) rmSync(path.join(folder, `www/only-${other}.txt`), { force: true });
  const files = {
    'index.html': `<!doctype html><title>${name}</title><script type="module" src="./www/main.js"></script>`,
    'www/main.js': `globalThis.build = '${name}'; globalThis.ready = navigator.serviceWorker.register('./sw.js');`,
    'www/worker.js': `import { build } from '../web.js';
      fetch('../web.txt').then(async (file) => postMessage([build, '${name}', await file.text()].join()));`,
    'www/late.txt': name,
    [`www/only-${name}.txt`]: name,
    'web.js': `export const build = '${name}';`,
    'web.txt': name,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  await writeWorker(folder);
}

/** Runs in the page: the builds that all it has and asks for is from. */
const look = async () => {
  const worker = new Worker('./www/worker.js', { type: 'module' });
  const worked = await new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Error('the worker did not start'));
  });
  worker.terminate();
  const text = async (file) => (await fetch(file)).text();
  const { controller } = navigator.serviceWorker;
  const old = await new Promise((resolve) => {
    navigator.serviceWorker.onmessage = ({ data }) => resolve(data);
    controller?.postMessage('old?');
    setTimeout(() => resolve('present'), 1000);
  });
  return { page: [document.title, globalThis.build, await text('./www/late.txt')].join(), worker: worked, kept: Boolean(controller), old };
};
/** Runs in the page: the site is kept. */
const kept = async () => {
  await globalThis.ready;
  await navigator.serviceWorker.ready;
};
/** Runs in the page: looks for a newer build, and waits until it is there or refused. The browser may have looked by itself. */
const renew = async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  await registration.update();
  while (registration.installing || registration.waiting) await new Promise((resolve) => setTimeout(resolve, 50));
};
const caches = async () => (await globalThis.caches.keys()).map((name) => name.replace(/^cam-lucida-site-\w+/, 'site'));
const only = async (name) => (await fetch(`./www/only-${name}.txt`)).status;
const weights = async () => {
  const cache = await globalThis.caches.open('cam-lucida-files');
  if (!(await cache.keys()).length) await cache.put('./weights', new Response('weights'));
  return (await cache.match('./weights')).text();
};

for (const [name, { missing, open }] of Object.entries(ENGINES)) {
  test(`${name}: each page has the files of one build, online and offline`, { tag: '@cpu' }, async () => {
    const lacking = missing();
    if (lacking && process.env.CI) throw new Error(`CI needs ${name}: install ${lacking}`);
    test.skip(Boolean(lacking), `${name} is not installed (${lacking})`);
    const folder = mkdtempSync(path.join(tmpdir(), 'cam-lucida-site-'));
    await writeSite(folder, 'A');
    const base = '/some/where/';
    const server = await serve(folder, { port: 0, base });
    const page = await open(server.url);
    const all = (build, old = 'present') => ({ page: [build, build, build].join(), worker: [build, build, build].join(), kept: true, old });
    try {
      await page.run(kept);
      await page.run(weights);
      await page.go(server.url);
      expect(await page.run(look)).toEqual(all('A'));

      fault('service worker updated under an open page');
      await writeSite(folder, 'B');
      await page.run(renew);
      expect(await page.run(look), 'the page that is open').toEqual(all('A', 'old'));
      expect(await page.run(only, 'A')).toBe(200);
      expect(await page.run(only, 'B')).toBe(200); // the server has it, though the build has not

      await page.go(`${server.url}index.html?lang=en`);
      expect(await page.run(look), 'after a reload').toEqual(all('B'));

      fault('file of another build in an update');
      await writeSite(folder, 'C');
      writeFileSync(path.join(folder, 'web.txt'), 'D');
      await page.run(renew);
      expect(await page.run(look), 'a file that is not the one of the list').toEqual(all('B'));
      const left = 'A until its page is surely closed, the weights, B; the browser may just be trying C again';
      await expect.poll(() => page.run(caches), left).toEqual([`site ${server.url}`, 'cam-lucida-files', `site ${server.url}`]);

      await server.close();
      await page.go(server.url);
      expect(await page.run(look), 'without the server').toEqual(all('B'));
      expect(await page.run(weights)).toBe('weights');
    } finally {
      await page.close();
      await server.close().catch(() => {});
      rmSync(folder, { recursive: true });
    }
  });
}
