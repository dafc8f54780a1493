// The page is for everyone: by keyboard, with a screen reader, in the dark and on a telephone.
import AxeBuilder from '@axe-core/playwright';
import { small } from './inputs.mjs';
import { expect, test } from './page.mjs';

const violations = async (page) => (await new AxeBuilder({ page }).analyze()).violations
  .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`);

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing to object to, ${colorScheme}`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await lucida.open();
    expect(await violations(page)).toEqual([]);

    await lucida.showFirst();
    expect(await violations(page)).toEqual([]);

    await lucida.method.selectOption('score-cam');
    await page.getByRole('button', { name: 'Merge with another layer' }).click();
    await expect(page.locator('#steps')).not.toBeEmpty();
    expect(await violations(page)).toEqual([]);
    await lucida.expectHow(/at \S+ and \S+, merged by/);

    await lucida.search.fill('1');
    await lucida.search.press('ArrowDown');
    await expect(page.getByRole('listbox')).toBeVisible();
    expect(await violations(page)).toEqual([]);

    await lucida.pickPicture({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture') });
    await expect(lucida.alert).not.toBeEmpty();
    expect(await violations(page)).toEqual([]);
  });
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing to object to in any view, ${colorScheme}`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await lucida.openView('board');
    await page.getByLabel('Beside it').selectOption('dog');
    await lucida.expectLive('board', 2);
    expect(await violations(page)).toEqual([]);
    await page.locator('.sticker').first().focus();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('link', { name: 'Investigate a bias' }).click();
    await lucida.expectLive('bias', 2);
    await page.getByText('What happened here').click();
    expect(await violations(page)).toEqual([]);

    await page.getByRole('link', { name: 'Explain' }).click();
    await lucida.expectResult();
    expect(await violations(page)).toEqual([]);
  });
}

for (const [colorScheme, width] of [['light', 1280], ['dark', 360]]) {
  test(`axe finds nothing to object to where networks are chosen, ${colorScheme}, and it fits ${width} pixels`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 740 });
    await lucida.openView('explain');
    await lucida.expectResult();
    await page.locator('#inputs details').evaluateAll((all) => all.forEach((one) => (one.open = true)));
    await page.getByLabel('Repository or address').fill('./models/resnet-scenes');
    await page.getByRole('button', { name: 'Fetch it' }).press('Enter');
    await expect(page.locator('#zoo-rows .kept').last()).toHaveText('in use, kept');
    await page.getByLabel('Mean of red').fill('grey');
    await page.getByLabel('Choose a weight file').setInputFiles(small.file);
    await expect(lucida.alert).toContainText('“grey” is not a mean');
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
}

test('views are changed by keyboard, and the address says which is shown', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView();
  await expect(page.locator('#view-board')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#bias$/);
  await expect(page.locator('#view-bias')).toBeVisible();
  await expect(page.locator('#view-board')).toBeHidden();
  await expect(page.locator('nav [aria-current=page]')).toHaveText('Investigate a bias');
  await page.goBack();
  await expect(page.locator('#view-board')).toBeVisible();
});

test('a class can be chosen by keyboard alone', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showFirst();
  const focused = () => page.evaluate(() => document.activeElement.id);
  for (let step = 0; step < 60 && await focused() !== 'class-search'; step++) await page.keyboard.press('Tab');
  expect(await focused()).toBe('class-search');
  await page.keyboard.type('class');
  const options = page.locator('#class-list [role=option]');
  await expect(options).toHaveCount(10);
  for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowDown');
  await expect(page.locator('#class-list [aria-selected=true]')).toHaveText('class 4');
  await page.keyboard.press('Enter');
  await lucida.expectClass(4);
  await expect(page.getByRole('listbox')).toBeHidden();

  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await lucida.expectResult();
  expect(await page.evaluate(() => document.activeElement.ariaPressed)).toBe('true');
});

test('the page fits a telephone of 360 pixels', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lucida.showFirst();
  await page.getByRole('button', { name: 'Merge with another layer' }).click();
  await lucida.expectHow(/at \S+ and \S+, merged by/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

for (const [view, count] of [['board', 1], ['bias', 1]]) {
  test(`the view ${view} fits a telephone of 360 pixels`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await lucida.openView(view);
    await lucida.expectLive(view, count);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
}
