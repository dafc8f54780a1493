// On a telephone with large type words and numbers stay whole: a number that is broken is read as another one.
import { unless } from './inputs.mjs';
import { expect, test } from './page.mjs';

/** What must stand on one line, by the view and the selector of its elements. */
const WHOLE = [
  ['steps', 'cl-steps table.pixel td'],
  ['guess?guess=0.4@0.5@0.4&shown=0', 'cl-guess-table td'],
  ['ask', 'cl-ask-card h4 [lang=en]'],
  ['ask', 'cl-ask-card h4 .share'],
];

for (const [hash, selector] of WHOLE) {
  test(`${hash.split('?')[0]}: ${selector} is not broken`, { tag: '@cpu' }, async ({ lucida, page }) => {
    test.skip(...unless(hash));
    await page.setViewportSize({ width: 360, height: 740 });
    for (const lang of ['en', 'zh']) {
      await lucida.openView(hash, { query: `?lang=${lang}&theme=projector` });
      const [view] = hash.split('?');
      await expect.poll(() => page.evaluate((name) => globalThis.camLucida?.elements.get(name)?.settled ?? false, view)).toBe(true);
      await expect(page.locator(selector).first()).toBeVisible();
      const lines = await page.locator(selector).evaluateAll((all) =>
        all.map((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          return {
            text: element.textContent.trim(),
            lines: new Set(Array.from(range.getClientRects(), ({ bottom }) => Math.round(bottom))).size,
          };
        }),
      );
      expect(lines.filter((one) => one.lines > 1)).toEqual([]);
      await lucida.expectFits(lang);
    }
  });
}

test('Compare: what is chosen is told in full', { tag: '@cpu' }, async ({ lucida, page }) => {
  for (const [width, theme] of [
    [360, 'projector'],
    [1280, 'projector'],
    [360, 'light'],
  ]) {
    await page.setViewportSize({ width, height: 740 });
    await lucida.openView('compare?method=grad-cam&model=embedded:mobilenet-scenes,embedded:resnet-scenes', {
      query: `?lang=en&theme=${theme}`,
    });
    await expect(page.locator('cl-compare .card .what').first()).toHaveText('Cat, dog and bicycle');
    const cut = await page
      .locator('cl-compare .card .what')
      .evaluateAll((all) =>
        all.filter((one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight + 1).map((one) => one.textContent),
      );
    expect(cut, `${width}, ${theme}`).toEqual([]);
  }
});
