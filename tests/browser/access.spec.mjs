// The page is for everyone: by keyboard, with a screen reader, in the dark and on a telephone.
import { absent } from './inputs.mjs';
import { LOOKS, expect, test } from './page.mjs';

/** How many heatmaps each shows; the captions and answers of those about words are sure to be there. */
const VIEWS = Object.entries({
  board: 1,
  bias: 2,
  'ask?answer=red,yellow@blue&before=1&question=what+hue+is+the+gizmo': 4,
  'caption?caption=a+red+zebra+left+of+a+blue+ball': 1,
  explain: 1,
  compare: 0,
  steps: 1,
  trust: 1,
  inside: 0,
  lessons: 0,
})
  .map(([hash, count]) => ({ view: hash.split('?')[0], hash, count }))
  .filter(({ view }) => !absent.includes(view));
const LANGUAGES = ['en', 'zh'];
for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing to object to in any view, ${theme}, ${lang}`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const { view, hash, count } of VIEWS) {
      await lucida.openView(hash, { query: `?lang=${lang}&theme=${theme}` });
      await lucida.expectLive(view, count);
      await page.locator(`cl-${view} details`).evaluateAll((all) => all.forEach((one) => (one.open = true)));
      expect(await lucida.violations(), view).toEqual([]);
    }
    await lucida.share();
    await expect(page.locator('cl-share dialog')).toBeVisible();
    expect(await lucida.violations(), 'share').toEqual([]);
  });
}

test('axe finds nothing to object to while the page works, and when something failed', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lucida.openView('explain');
  await lucida.expectResult();
  // Far longer than axe takes to look at it, however busy the machine.
  await page.evaluate(() => {
    const { controller } = globalThis.camLucida.elements.get('explain');
    controller.ask({ method: 'rise', settings: { samples: 100_000 } });
  });
  await expect(lucida.steps).not.toBeEmpty();
  expect(await lucida.violations()).toEqual([]);
  await lucida.cancel.click();
  await expect(lucida.status).toHaveText('Cancelled.');
  await lucida.pickPicture({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
  await expect(lucida.alert).not.toBeEmpty();
  expect(await lucida.violations()).toEqual([]);
  await lucida.alert.getByRole('button', { name: 'Close this message' }).click();
  await expect(lucida.alert).toBeEmpty();
});

test('views are changed by keyboard, and the address says which is shown', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView();
  await expect(page.locator('cl-board')).toBeVisible();
  await lucida.tabTo(/bias/i, 3);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#bias$/);
  await expect(page.locator('cl-bias')).toBeVisible();
  await expect(page.locator('cl-board')).toBeHidden();
  await expect(page.locator('nav [aria-current=page]')).toContainText('Investigate a bias');
  await page.goBack();
  await expect(page.locator('cl-board')).toBeVisible();
});

test(
  'language, theme and Share are reached by keyboard, and the focus comes back from the dialog',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await page.setViewportSize({ width: 1680, height: 900 }); // on narrower screens they wait behind a button
    await lucida.openView('bias');
    await lucida.expectLive('bias', 2);
    await lucida.tabTo('Language', 20);
    await lucida.tabTo('Theme', 1);
    await page.keyboard.press('ArrowDown');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
    await lucida.tabTo('Share', 1);
    await page.keyboard.press('Enter');
    await expect(page.locator('cl-share dialog')).toBeVisible();
    await lucida.tabTo('Copy the link');
    await page.keyboard.press('Escape');
    await expect(page.locator('cl-share dialog')).toBeHidden();
    expect(await lucida.focused()).toBe('Share');
  },
);

test('on a telephone the same waits behind a button', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lucida.openView('bias');
  await lucida.expectLive('bias', 1);
  expect((await page.locator('cl-header').boundingBox()).height).toBeLessThanOrEqual(56);
  await expect(page.locator('cl-header select[name=language]')).toBeHidden();
  await page.getByRole('button', { name: 'More' }).press('Enter');
  await page.getByLabel('Language').selectOption('zh');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await page.locator('cl-header .share').press('Enter');
  await expect(page.locator('cl-share dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  expect(await lucida.focused()).toBe('更多');
});

test('a message pushes nothing down', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lucida.openView('bias');
  await lucida.expectLive('bias', 1);
  const place = () => page.locator('cl-bias figure.heat').first().boundingBox();
  const before = await place();
  await page.evaluate(() => globalThis.camLucida.page.statuses.bias.fail(new Error('it broke')));
  await expect(lucida.alert).toContainText('Something went wrong. It broke');
  expect(await place()).toEqual(before);
});

for (const { view, hash, count } of VIEWS) {
  test(`the view ${view} fits a telephone of 360 pixels in both languages`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const lang of LANGUAGES) {
      await lucida.openView(hash, { query: `?lang=${lang}` });
      await lucida.expectLive(view, view === 'bias' ? 1 : count);
      await lucida.expectFits(lang);
    }
  });
}
