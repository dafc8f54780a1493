// The policy of the page: it needs nothing that it forbids, and asks nobody else for anything.
import { VIEWS } from '../../www/views/index.js';
import { absent, picture } from './inputs.mjs';
import { expect, test } from './page.mjs';

/** Violations in pages and frames; those in workers are told on the console alone. */
async function listen(page, site) {
  const [refused, strangers] = [[], []];
  await page.exposeBinding('tellRefused', (_, violation) => refused.push(violation));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
      globalThis.tellRefused(`${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber}`),
    );
  });
  page.on('console', (message) => /Content Security Policy|Permissions-Policy/.test(message.text()) && refused.push(message.text()));
  page.context().on('request', (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(site)) strangers.push(url);
  });
  return { refused, strangers };
}

/** Has a script of somebody else tried, one in the markup, a style and text there, and an image of somebody else; all must be refused. */
const trespass = () => {
  const add = (name, properties) => document.body.append(Object.assign(document.createElement(name), properties));
  import('http://stranger.localhost/script.js').catch(() => {});
  add('img', { src: 'http://stranger.localhost/pixel.png' });
  document.body.setAttribute('style', 'margin: 1px');
  for (const act of [
    () => add('script', { textContent: 'globalThis.trespassed = true' }),
    () => (document.body.innerHTML = '<p id="trespassed">text</p>'),
  ]) {
    try {
      act();
    } catch {} // the browser tells it as a violation
  }
};

test(
  'no view, dialog, choice or frame does what the policy forbids, or asks another site',
  { tag: '@cpu' },
  async ({ lucida, page, site }) => {
    const { refused, strangers } = await listen(page, site);
    for (const { name } of VIEWS) {
      await test.step(name, async () => {
        await lucida.openView(name, { query: `?lang=${name === 'bias' ? 'zh' : 'en'}` });
        await expect(page.locator(`cl-${name}`)).toBeVisible();
        if (name === 'explain') await lucida.expectResult();
        if (name === 'compare') await expect(page.locator('cl-grid-cell canvas').first()).toBeVisible();
        if (['board', 'bias'].includes(name)) await lucida.expectLive(name, name === 'bias' ? 2 : 1);
        const words = { ask: 'answer=red', caption: 'caption=a+red+car' }[name];
        if (words && !absent.includes(name)) {
          await lucida.follow(`${name}?${words}`);
          await lucida.expectLive(name);
        }
      });
    }
    await test.step('a picture, a method of many passes, values, the dialog', async () => {
      await lucida.openView('explain', { query: '?lang=en' });
      await lucida.expectResult();
      await page.locator('cl-explain input[type=file]').first().setInputFiles(picture);
      await lucida.method.selectOption('score-cam');
      await lucida.expectResult();
      await lucida.overlay.hover({ force: true });
      await lucida.share();
      await expect(page.locator('cl-share svg')).toBeVisible();
    });
    await test.step('the frame', async () => {
      await page.goto(`${site}embed.html?lang=en#board`);
      await lucida.expectLive('board');
    });
    expect(refused).toEqual([]);
    expect(strangers).toEqual([]);

    await test.step('the policy is in force, in the page and in its worker', async () => {
      await page.evaluate(trespass);
      await expect
        .poll(() => refused.map((one) => one.split(' ')[0]).sort())
        .toEqual(expect.arrayContaining(['img-src', 'require-trusted-types-for', 'script-src-elem', 'style-src-attr']));
      expect(await page.evaluate(() => globalThis.trespassed)).toBe(undefined);
      await expect(page.locator('#trespassed')).toHaveCount(0);
      const policy = (await page.request.get(`${site}www/worker.js`)).headers()['content-security-policy'];
      expect(policy).toContain("default-src 'self'");
    });
  },
);
