// The dialog Share: the link, the code of the link, and the code that embeds the page.
import { expect, test } from './page.mjs';

const share = (lucida) => ({
  dialog: lucida.page.locator('cl-share dialog'),
  open: () => lucida.share(),
  link: lucida.page.getByLabel('Link', { exact: true }),
  frame: lucida.page.getByLabel('Code to embed the page'),
  hide: (name) => lucida.page.locator('cl-share').getByLabel(name, { exact: true }),
});

test('the link says what is on the screen, and what was chosen for it', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, link, hide } = share(lucida);
  await lucida.openView('bias?person=person-3.png&network=people-balanced');
  await lucida.expectLive('bias', 1);
  await open();
  await expect(link).toHaveValue(`${lucida.site}?lang=en#bias?person=person-3.png&network=people-balanced`);
  await page.locator('cl-share').getByLabel('Language').selectOption('zh');
  await page.locator('cl-share').getByLabel('Theme').selectOption('projector');
  await hide('Footer').check();
  await hide('Introduction').check();
  await expect(link).toHaveValue(
    `${lucida.site}?lang=zh&theme=projector&hide=footer,lead#bias?person=person-3.png&network=people-balanced`,
  );
  // The page itself stays as it is.
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');

  const address = await link.inputValue();
  await page.goto('about:blank');
  await page.goto(address);
  await lucida.expectLive('bias', 1);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'projector');
  await expect(page.locator('cl-shell footer')).toHaveCount(0);
  await expect(page.locator('cl-bias .people input').nth(3)).toBeChecked();
});

test('link and code are copied, and where that is forbidden the text is selected', { tag: '@cpu' }, async ({ context, lucida, page }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { open, link, frame } = share(lucida);
  await lucida.openView('bias');
  await open();
  for (const [name, field] of [
    ['Copy the link', link],
    ['Copy the code', frame],
  ]) {
    await page.getByRole('button', { name }).click();
    // The answer stands at the button.
    await expect(page.locator('cl-share .copyable', { has: page.getByRole('button', { name }) }).getByRole('status')).toHaveText('Copied.');
    await expect(page.locator('cl-share [role=status]:not(:empty)')).toHaveCount(1);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await field.inputValue());
  }
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('forbidden'));
  });
  await page.getByRole('button', { name: 'Copy the link' }).click();
  await expect(page.locator('cl-share [role=status]:not(:empty)')).toContainText('does not allow copying');
  expect(await link.evaluate(({ selectionStart, selectionEnd, value }) => value.slice(selectionStart, selectionEnd))).toBe(
    await link.inputValue(),
  );
});

test(
  'the QR code is dark on white in every theme, with room around it and words for who cannot see it',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.openView('bias', { query: '?theme=dark' });
    await share(lucida).open();
    const code = page.locator('cl-share').getByRole('img', { name: 'QR code of the link' });
    await expect(code).toBeVisible();
    const look = await code.evaluate((svg) => {
      const { x, y, width } = svg.viewBox.baseVal;
      const modules = svg.querySelector('path').getBBox();
      const colour = (element, name) => getComputedStyle(element)[name];
      return {
        paper: colour(svg, 'backgroundColor'),
        ink: colour(svg.querySelector('path'), 'fill'),
        margins: [modules.x - x, modules.y - y, x + width - modules.x - modules.width],
      };
    });
    expect(look).toEqual({ paper: 'rgb(255, 255, 255)', ink: 'rgb(0, 0, 0)', margins: [4, 4, 4] });
  },
);

test('the QR code is larger for a projector, and fills the window when it is pressed', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const code = page.locator('cl-share').getByRole('img', { name: 'QR code of the link' });
  const widths = [];
  for (const query of ['', '?theme=projector']) {
    await lucida.openView('bias', { query });
    await share(lucida).open();
    widths.push((await code.boundingBox()).width);
  }
  expect(widths[1]).toBeGreaterThan(1.25 * widths[0]);
  await code.click();
  const { width, height, y } = await code.boundingBox();
  expect(width).toBeGreaterThan(450);
  expect(y + height).toBeLessThan(720);
  await page.getByRole('button', { name: 'Shrink the QR code' }).click();
  await expect(share(lucida).link).toBeVisible();
});

test('the code embeds the page without its header and footer', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, frame } = share(lucida);
  await lucida.openView('bias?network=people-balanced');
  await lucida.expectLive('bias', 1);
  await open();
  const code = await frame.inputValue();
  expect(code).toMatch(
    /^<iframe src="[^"]+" title="Investigate a bias – CAM Lucida" width="\d+" height="\d+" style="border:0[^"]*" allow="camera; fullscreen; clipboard-write" loading="lazy"><\/iframe>$/,
  );
  expect(code).toContain(`src="${lucida.site}embed.html?lang=en#bias?network=people-balanced"`);
  await expect(page.locator('cl-share')).toContainText('leaves out its header and footer');
  await page.route('**/lesson.html', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Lesson</title>${code}` }),
  );
  await page.goto(`${lucida.site}lesson.html`);
  const embedded = page.frameLocator('iframe');
  await expect(embedded.locator('cl-bias figure.heat .title')).toContainText('sure');
  await expect(embedded.locator('cl-header')).toHaveCount(0);
  await expect(embedded.locator('footer')).toHaveCount(0);
});

test('a picture of one’s own is not in the link, and the dialog says so', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, dialog } = share(lucida);
  await lucida.openView('explain');
  await lucida.expectResult();
  await open();
  await expect(dialog).not.toContainText('stays on this device');
  await page.keyboard.press('Escape');
  await lucida.pickPicture();
  await lucida.expectResult();
  await open();
  await expect(dialog).toContainText('Your own picture stays on this device');
});

test('the dialog closes by its button, by Escape and by a click beside it', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, dialog } = share(lucida);
  await lucida.openView('bias');
  for (const close of [
    () => page.locator('cl-share').getByRole('button', { name: 'Close' }).click(),
    () => page.keyboard.press('Escape'),
    () => page.mouse.click(5, 300),
  ]) {
    await open();
    await expect(dialog).toBeVisible();
    await close();
    await expect(dialog).toBeHidden();
  }
});
