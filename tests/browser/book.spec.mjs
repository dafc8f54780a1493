// The book of the site, where the site has it (`make docs`): its pages come under the policy, and its heatmaps are live.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { filesIn } from '../../scripts/book/links.mjs';
import { dist } from './inputs.mjs';
import { expect, test } from './page.mjs';

const MINUTE = 60_000;
const book = path.join(dist, 'book');
const pages = existsSync(book) ? filesIn(book).filter((file) => file.endsWith('.html')) : [];
const placeOf = (file) => path.relative(dist, file).replaceAll(path.sep, '/');

test.beforeEach(() => test.skip(!pages.length, 'the site has no book: run `make docs`'));

test(
  'no page of the book does what its policy forbids, asks another site, or has an element that fails',
  { tag: '@cpu' },
  async ({ page, site }) => {
    test.setTimeout(10 * MINUTE);
    const wrong = [];
    await page.exposeBinding('tellWrong', (_, what) => wrong.push(what));
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        globalThis.tellWrong(`${location.pathname}: ${effectiveDirective} ${blockedURI}`),
      );
      document.addEventListener(
        'error',
        ({ target, detail }) => globalThis.tellWrong(`${location.pathname}: ${target.localName} ${detail?.message ?? target.src}`),
        true,
      );
    });
    page.on('pageerror', (error) => wrong.push(String(error)));
    page.on('request', (request) => /^https?:/.test(request.url()) && !request.url().startsWith(site) && wrong.push(request.url()));
    for (const file of pages) {
      await page.goto(site + placeOf(file));
      await expect(page.locator('h1').first()).toBeVisible();
      if (await page.locator('cam-lucida').count()) await page.waitForFunction(() => customElements.get('cam-lucida'));
    }
    expect(wrong).toEqual([]);
  },
);

test('the board at its beginning, a heatmap of a method, and the Chinese part', { tag: '@cpu' }, async ({ page, site }, info) => {
  for (const [place, canvas, words] of [
    ['index', 'figure.heat canvas', /\d% sure/],
    ['methods/pixels', 'canvas[part=canvas]', 'Cat'],
    ['zh/map', 'canvas[part=canvas]', '猫'],
  ]) {
    await page.goto(`${site}book/${place}.html`);
    const element = page.locator('cam-lucida').first();
    await element.scrollIntoViewIfNeeded();
    await expect(element.locator(canvas).first()).toBeVisible();
    await expect(element).toContainText(words);
    await page.screenshot({ path: info.outputPath(`${place.replace('/', '-')}.png`) });
  }
});
