// The investigation: the same people before two networks.
import { expect, test } from './page.mjs';

const network = (page, name) => page.locator('#bias-networks label').filter({ hasText: name });

test('wide screens show both networks, and the toggle one at a time', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('bias');
  const figures = await lucida.expectLive('bias', 2);
  const [biased, balanced] = ['Network A', 'Network B'];
  await expect(figures.locator('.detail')).toHaveText([biased, balanced]);
  const drawn = [];
  for (const title of [biased, balanced]) {
    await network(page, title).click();
    await lucida.expectLive('bias', 1);
    await expect(figures.locator('.detail')).toHaveText([title]);
    await expect(figures.locator('.title')).toHaveText(/^“A (doctor|nurse)”, [\d.]+ % sure – (right|wrong)$/);
    drawn.push(await lucida.pixels(figures.locator('canvas')));
  }
  expect(drawn[0]).not.toBe(drawn[1]);
  await network(page, 'Both').click();
  await lucida.expectLive('bias', 2);
  await expect(figures.locator('.detail')).toHaveText([biased, balanced]);
});

test('networks beside each other are loaded once each, however often the page goes to and fro', { tag: '@cpu' }, async ({ lucida, page }) => {
  const messages = await lucida.countMessages();
  const show = (name) => page.getByRole('link', { name, exact: true }).click();
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  for (const [name, count] of [['Network A', 1], ['Network B', 1], ['Both', 2]]) {
    await network(page, name).click();
    await lucida.expectLive('bias', count);
  }
  expect((await messages()).load_model).toBe(2);

  await show('Sticker board');
  await lucida.expectLive('board');
  await show('Explain'); // by the board's network
  await lucida.expectResult();
  expect((await messages()).load_model).toBe(3);
  await show('Investigate a bias');
  await page.locator('#bias-pictures label').nth(1).click();
  await lucida.expectLive('bias', 2);
  await show('Explain');
  await lucida.method.selectOption('grad-cam++');
  await lucida.expectHow(/^Grad-CAM\+\+ at /);
  expect((await messages()).load_model).toBe(3);
});

test('the balanced network is right about everyone, the biased one is deceived by hair', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('bias');
  const figures = await lucida.expectLive('bias', 2);
  const wrong = [];
  for (const person of await page.locator('#bias-pictures label').all()) {
    await person.click();
    await lucida.expectLive('bias', 2);
    const about = await person.locator('img').getAttribute('alt');
    const [biased, balanced] = await figures.locator('.title').allInnerTexts();
    expect(balanced, about).toMatch(/right$/);
    if (biased.endsWith('wrong')) wrong.push(about);
  }
  expect(wrong.length).toBeGreaterThan(0);
  for (const about of wrong) expect(about).toMatch(/^A (nurse with short|doctor with long) hair/);
});

test('why not the other one can be asked, and persons are chosen by keyboard', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('bias');
  const figures = await lucida.expectLive('bias', 2);
  await page.locator('#bias-classes label').filter({ hasText: 'doctor' }).click();
  await lucida.expectLive('bias', 2);
  await expect(figures.locator('canvas').first()).toHaveAttribute('aria-label', /would say doctor/);
  await page.locator('#bias-pictures input').first().focus();
  await page.keyboard.press('ArrowRight');
  await lucida.expectLive('bias', 2);
  const second = await page.locator('#bias-pictures img').nth(1).getAttribute('alt');
  await expect(figures.locator('canvas').first()).toHaveAttribute('aria-label', new RegExp(second.slice(2)));
});

test('what was measured is stated, and nothing where nothing was', { tag: '@cpu' }, async ({ lucida, page }) => {
  const found = page.locator('#bias-figures-found');
  const measured = { scenes: 500, models: { 'people-biased': { accuracy: 0.71, hair: 0.62, tool: 0.11 } } };
  await page.route('**/people/figures.json', (route) => route.fulfill({ json: measured }));
  await lucida.openView('bias');
  await expect(found).toContainText('Network A is right about 71 % of 500 people. Of the energy of its heatmaps 62 % lies on the hair and 11 % on the tool.');
  await page.route('**/people/figures.json', (route) => route.fulfill({ status: 404, body: 'not found' }));
  await page.reload();
  await lucida.expectLive('bias', 2);
  await expect(found).toBeHidden();
});

test('the heatmap of the person before is marked as behind', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.patchWorker();
  await lucida.openView('bias');
  const figures = await lucida.expectLive('bias', 2);
  await lucida.order({ block: 1000 });
  await page.locator('#bias-pictures label').nth(2).click();
  await expect(figures.first()).toHaveClass(/stale/);
  await expect(figures.last()).toHaveClass(/stale/);
  await lucida.expectLive('bias', 2);
});
