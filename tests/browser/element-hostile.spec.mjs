// <cam-lucida> in pages that mean no good, or go wrong: values that nobody would write, floods, and what does not come.
import { alive, canvas, expect, FIGURE, held, results, SMALL, test, told } from './guide.mjs';

const MARKUP = '<img src=x onerror=globalThis.hacked=1>';
/** What is no value of each attribute. */
const VALUES = ['__proto__', 'constructor', MARKUP, '../../../etc/passwd', 'javascript:alert(1)', '\u202e\u0000', 'x'.repeat(5000)];
/** The codes by which they are told, by attribute; of a network, some are addresses. */
const CODES = {
  model: ['network-unknown', 'fetch-no-weights', 'address-unreadable'],
  method: ['method-missing'],
  classes: ['class-missing'],
  layer: ['layer-missing'],
  colormap: ['unknown-name'],
};

test('fifty on a page: each has its heatmap, and all of them one worker and one network', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide(Array.from({ length: 50 }, (_, i) => `<cam-lucida id="n${i}" src="/picture.png?${i}"></cam-lucida>`).join(''), {
    head: SMALL,
  });
  for (const one of await page.locator('cam-lucida').all()) await one.scrollIntoViewIfNeeded();
  await results(page, 50);
  expect(await told(page, 'error')).toEqual([]);
  expect(await page.evaluate(() => globalThis.workers.length)).toBe(1);
  expect((await held(page)).load_model).toBe(1);
});

test(
  'a hundred changes in a second end in what was asked last, in the same worker, and leave nothing behind',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    await guide(FIGURE);
    await results(page);
    const last = await page.evaluate(async () => {
      const one = document.querySelector('cam-lucida');
      for (let i = 0; i < 100; i++) {
        one.classes = String(i % 32);
        if (i % 3 === 0) one.method = ['grad-cam', 'layer-cam', 'rise'][(i % 9) / 3];
        if (i % 5 === 0) one.src = `/picture.png?${i}`;
        if (i % 7 === 0) one.opacity = i / 100;
        if (i % 11 === 0) one.lang = i % 2 ? 'zh' : 'en';
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const { classes, method } = await one.explain({ method: 'layer-cam', classes: [7] });
      return [classes.map(({ id }) => id), method];
    });
    expect(last).toEqual([[7], 'layer-cam']);
    expect(await told(page, 'error')).toEqual([]);
    expect(await alive(page)).toEqual([true]);
    await expect.poll(() => held(page)).toEqual({ load_model: 1, open_picture: 1, explain: 1 });
  },
);

test(
  'a value that is none is an error with a code, in words and never as markup; then the element goes on',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    await guide('<cam-lucida src="/picture.png" reveal="manual"></cam-lucida>');
    for (const [name, codes] of Object.entries(CODES)) {
      const found = await page.evaluate(
        async ([name, values]) => {
          const one = document.querySelector('cam-lucida');
          await one.explain();
          const codes = [];
          for (const value of values) {
            one[name] = value;
            codes.push(
              await one.explain().then(
                () => 'explained',
                ({ code }) => code,
              ),
            );
          }
          one[name] = null;
          await one.explain();
          return codes;
        },
        [name, VALUES],
      );
      expect([name, ...new Set(found)]).toEqual([name, ...codes]);
    }
    expect(await page.evaluate(() => globalThis.hacked)).toBeUndefined();
  },
);

test('what is no picture is an error with a code', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide('<cam-lucida src="/picture.png" reveal="manual"></cam-lucida>');
  const found = await page.evaluate(async () => {
    const one = document.querySelector('cam-lucida');
    const codeOf = (src) =>
      one.explain({ src }).then(
        () => 'explained',
        ({ code }) => code,
      );
    const codes = [];
    for (const src of ['javascript:alert(1)', 'http://', 'file:///etc/passwd']) codes.push(await codeOf(src));
    for (const src of ['data:text/html,<b>x</b>', 'blob:nothing', new OffscreenCanvas(0, 0), {}, new Image()])
      codes.push(await codeOf(src));
    codes.push(await codeOf(new Blob(['x'])), await codeOf('/picture.png'));
    return codes;
  });
  expect(found).toEqual([...Array(3).fill('address-unreadable'), ...Array(5).fill('picture-unusable'), 'no-picture', 'explained']);
});

test('a poster that is missing leaves what is inside to be seen', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide('<cam-lucida poster="/none.png" reveal="click"><img src="/picture.png" width="300" height="200" alt="Shapes"></cam-lucida>');
  const poster = page.locator('cam-lucida [part=poster]');
  await expect(poster).toBeHidden();
  const [frame, picture] = [
    await page.locator('cam-lucida [part=frame]').boundingBox(),
    await page.locator('cam-lucida > img').boundingBox(),
  ];
  expect([picture.y, picture.height]).toEqual([frame.y, frame.height]);
  await page.evaluate(() => (document.querySelector('cam-lucida').poster = '/other.png'));
  await expect(poster).toBeVisible();
});

test('its script does not come: it says so, and another try brings it', { tag: '@cpu' }, async ({ guide, page, site }) => {
  await page.route(`${site}www/element-*.js`, (route) => route.abort());
  await guide(FIGURE);
  await expect(page.getByText('CAM Lucida did not load')).toBeVisible();
  expect((await told(page, 'error')).map(({ code }) => code)).toEqual(['figure-unreachable']);
  await page.unroute(`${site}www/element-*.js`);
  await page.getByRole('button', { name: 'Try again' }).click();
  await results(page);
  await expect(canvas(page)).toBeVisible();
});

test(
  'in a page from right to left the legend is that of the colours; on paper there are no buttons',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    await guide(
      '<div dir="rtl"><cam-lucida src="/picture.png" controls></cam-lucida></div><cam-lucida reveal="click"><img src="/picture.png" alt="Shapes"></cam-lucida>',
      { head: SMALL },
    );
    await results(page);
    const place = async (words) => (await page.locator('cam-lucida [part=legend]').getByText(words, { exact: true }).boundingBox()).x;
    expect(await place('low')).toBeLessThan(await place('high'));
    const choices = page.locator('cam-lucida .controls');
    const button = page.getByRole('button', { name: 'Show the heatmap' });
    await expect(choices).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    await expect(choices).toBeHidden();
    await expect(button).toBeHidden();
    await expect(canvas(page)).toBeVisible();
  },
);
