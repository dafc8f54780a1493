// On a phone the heatmaps stay in sight, smaller, while what is below them is changed.
import { expect, test } from './page.mjs';

test.use({ viewport: { width: 360, height: 740 } });

const MOST = 0.4; // of the screen's height

/** Where the figures lie: what of them is on the screen, and how large the drawings are. */
const figuresOf = (page) =>
  page.locator('cl-explain .figures').evaluate((figures) => {
    const { bottom, left, right } = figures.getBoundingClientRect();
    const drawings = [...figures.querySelectorAll('cl-heatmap')].map(({ canvas }) => canvas.getBoundingClientRect());
    return { bottom, left, right, small: figures.classList.contains('small'), drawings: drawings.map((rect) => rect.toJSON()) };
  });

const inSight = ({ drawings }) => drawings.every(({ top, left, bottom, right }) => top >= 0 && left >= 0 && bottom <= 740 && right <= 360);

for (const [what, query] of [
  ['one heatmap', '#explain'],
  ['three heatmaps', '#explain?class=0,1,2'],
  ['eight heatmaps', '#explain?class=0,1,2,3,4,5,6,7'],
]) {
  test(`${what} can be seen while each panel is used, and nothing below moves for that`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.goto(`${lucida.site}${query}`);
    await lucida.expectResult();
    const before = await page.evaluate(() => document.documentElement.scrollHeight);
    for (const panel of ['cl-classes', 'cl-layers #depth', 'cl-appearance #threshold']) {
      await page.locator(panel).first().scrollIntoViewIfNeeded();
      await page
        .locator(panel)
        .first()
        .evaluate((one) => one.scrollIntoView({ block: 'end' }));
      await expect.poll(async () => (await figuresOf(page)).small, panel).toBe(true);
      const figures = await figuresOf(page);
      expect(inSight(figures), panel).toBe(true);
      expect(figures.bottom, panel).toBeLessThanOrEqual(MOST * 740);
      expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(before);
      await lucida.expectFits();
    }
    await page.evaluate(() => scrollTo(0, 0));
    await expect.poll(async () => (await figuresOf(page)).small).toBe(false);
  });
}

test('the opacity is changed with the heatmap before the eyes', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.goto(`${lucida.site}#explain`);
  await lucida.expectResult();
  const opacity = page.locator('cl-appearance #opacity');
  await opacity.scrollIntoViewIfNeeded();
  const before = await lucida.pixels(lucida.overlay);
  await opacity.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  await expect.poll(() => lucida.pixels(lucida.overlay)).not.toBe(before);
  expect(inSight(await figuresOf(page))).toBe(true);
});

test(
  'what has the focus is never under the heatmap, and the heatmap stays what it is for a screen reader',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await page.goto(`${lucida.site}#explain`);
    await lucida.expectResult();
    const named = lucida.overlay;
    const label = await named.getAttribute('aria-label');
    await page.locator('cl-appearance #threshold').focus();
    const seen = new Set();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Shift+Tab');
      const focused = await page.evaluate(() => {
        let element = document.activeElement;
        while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        const rect = element.getBoundingClientRect();
        const root = element.getRootNode().host;
        return { name: `${root?.localName} ${element.id || element.className || element.localName}`, top: rect.top, host: root?.localName };
      });
      if (focused.host === 'cl-save' || focused.host === 'cl-readout') break;
      seen.add(focused.name);
      const { bottom, small } = await figuresOf(page);
      if (small) expect(focused.top, focused.name).toBeGreaterThanOrEqual(bottom - 1);
    }
    expect(seen.size).toBeGreaterThan(15);
    await expect(page.getByRole('img', { name: label })).toHaveCount(1);
  },
);

test('wide screens keep the heatmap beside the choices as it is', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`${lucida.site}#explain`);
  await lucida.expectResult();
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  expect((await figuresOf(page)).small).toBe(false);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.locator('cl-appearance #threshold').scrollIntoViewIfNeeded();
  await expect.poll(async () => (await figuresOf(page)).small).toBe(true);
});
