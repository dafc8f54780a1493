// The investigation: the same people before two networks.
import { expect, test } from './page.mjs';

const BIASED = 'Network A';
const BALANCED = 'Network B';

/** The view, as a person finds what is in it. */
function biasOf(page) {
  const view = page.locator('cl-bias');
  return {
    view,
    heats: view.locator('cl-heatmap'),
    headings: view.locator('figure.heat .title'),
    details: view.locator('figure.heat .detail'),
    canvases: view.locator('figure.heat canvas'),
    people: view.locator('.people label'),
    choose: (name) => view.locator('cl-choice label', { hasText: new RegExp(`^\\s*${name}\\s*$`) }).click(),
  };
}

test('wide screens show both networks, and each alone where it is asked for', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { headings, details, canvases, choose } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  await expect(details).toHaveText([BIASED, BALANCED]);
  const drawn = [];
  for (const name of [BIASED, BALANCED]) {
    await choose(name);
    await lucida.expectLive('bias', 1);
    await expect(details).toHaveText([name]);
    await expect(headings).toHaveText(/^“(Doctor|Nurse)”, [\d.]+% sure: (right|wrong)$/);
    drawn.push(await lucida.pixels(canvases));
  }
  expect(drawn[0]).not.toBe(drawn[1]);
  await choose('Both');
  await lucida.expectLive('bias', 2);
  await expect(details).toHaveText([BIASED, BALANCED]);
});

test('both networks, one and both again in quick succession are drawn', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { canvases, details, choose } = biasOf(page);
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  const drawn = await lucida.pixels(canvases.last());
  const release = await lucida.hold('glance');
  await choose(BIASED);
  await expect(details).toHaveText([BIASED]);
  await choose('Both');
  await expect(details).toHaveText([BIASED, BALANCED]);
  await expect(page.locator('cl-bias figure.heat').last()).toHaveClass(/stale/);
  await release();
  await lucida.expectLive('bias', 2);
  expect(await lucida.pixels(canvases.last())).toBe(drawn);
  expect(errors).toEqual([]);
});

test('another person costs two passes and loads nothing', { tag: '@cpu' }, async ({ lucida, page }) => {
  const messages = await lucida.countMessages();
  const { people } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  const before = await messages();
  expect(before.load_model).toBe(2);
  await people.nth(1).click();
  await lucida.expectLive('bias', 2);
  const after = await messages();
  expect(after.load_model).toBe(2);
  expect(after.explain - before.explain).toBe(2);
});

test('a narrow screen shows one network and loads the other beforehand', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const messages = await lucida.countMessages();
  const { details, choose, canvases, people } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 1);
  await expect(details).toHaveText([BIASED]);
  await expect.poll(async () => (await messages()).load_model).toBe(2);

  // The heatmap stands right under the people, all of it on the screen.
  const [strip, heat] = [await people.last().boundingBox(), await canvases.first().boundingBox()];
  expect(heat.y - strip.y - strip.height).toBeLessThan(40);
  expect(heat.y + heat.height).toBeLessThan(740);

  await choose(BALANCED);
  await lucida.expectLive('bias', 1);
  await expect(details).toHaveText([BALANCED]);
  expect((await messages()).load_model).toBe(2);
});

test('people, heatmaps and choices are on a screen of 1280 × 720 together', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, people, headings } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  for (const part of [people.first(), headings.last(), view.locator('.classes')]) {
    const { y, height } = await part.boundingBox();
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + height).toBeLessThanOrEqual(720);
  }
});

test('networks are loaded once each, however often the page goes to and fro', { tag: '@cpu' }, async ({ lucida, page }) => {
  const messages = await lucida.countMessages();
  const { people } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  await lucida.link('board').click();
  await lucida.expectLive('board');
  await lucida.link('explain').click(); // by the board's network
  await lucida.expectResult();
  expect((await messages()).load_model).toBe(3);
  await lucida.link('bias').click();
  await people.nth(1).click();
  await lucida.expectLive('bias', 2);
  expect((await messages()).load_model).toBe(3);
});

test('a view that is left in the middle computes when one comes back', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { canvases } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  await page.evaluate(() => {
    const {
      page: { states, view },
    } = globalThis.camLucida;
    states.bias.value = { ...states.bias.value, person: 'person-2.png' };
    view.value = 'explain';
  });
  await lucida.expectResult();
  await expect(canvases.first()).toHaveAttribute('aria-label', /doctor with short hair/);
  await lucida.link('bias').click();
  await lucida.expectLive('bias', 2);
  await expect(canvases.first()).toHaveAttribute('aria-label', /nurse with short hair/);
});

test('the balanced network is right about everyone, and hair deceives the biased one', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { headings, people } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  const wrong = [];
  for (const person of await people.all()) {
    await person.click();
    await lucida.expectLive('bias', 2);
    const about = await person.locator('img').getAttribute('alt');
    const [biased, balanced] = await headings.allInnerTexts();
    expect(balanced, about).toMatch(/right$/);
    if (biased.endsWith('wrong')) wrong.push(about);
  }
  expect(wrong.length).toBeGreaterThan(0);
  for (const about of wrong) expect(about).toMatch(/^A (nurse with short|doctor with long) hair/);
});

test('either class can be asked about, and people are chosen by keyboard', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { canvases, people, choose } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  await choose('Doctor');
  await lucida.expectLive('bias', 2);
  await expect(canvases.first()).toHaveAttribute('aria-label', /What speaks for “doctor” in Network A/);
  await people.first().locator('input').focus();
  await page.keyboard.press('ArrowRight');
  await lucida.expectLive('bias', 2);
  const second = await people.nth(1).locator('img').getAttribute('alt');
  await expect(canvases.first()).toHaveAttribute('aria-label', new RegExp(second.slice(2)));
});

test('the link says what is on the screen, and brings it back', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { canvases, details, people, choose } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  await people.nth(3).click();
  await choose(BALANCED);
  await choose('Nurse');
  await lucida.expectLive('bias', 1);
  await expect(page).toHaveURL(/#bias\?person=person-3\.png&network=people-balanced&class=nurse$/);
  const drawn = await lucida.pixels(canvases);
  await page.goto('about:blank');
  await page.goBack();
  await lucida.expectLive('bias', 1);
  await expect(details).toHaveText([BALANCED]);
  await expect(people.nth(3).locator('input')).toBeChecked();
  expect(await lucida.pixels(canvases)).toBe(drawn);
});

test('a link that names who is not here shows the first person and says so', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('bias?person=nobody.png');
  await lucida.expectLive('bias', 2);
  await expect(lucida.alert).toContainText('“person=nobody.png”');
  await expect(biasOf(page).people.first().locator('input')).toBeChecked();
});

test('what was measured is stated, and nothing where nothing was', { tag: '@cpu' }, async ({ lucida, page }) => {
  const found = page.locator('cl-bias .measured');
  const measured = {
    scenes: 500,
    parts: { hair: 0.05, tool: 0.02 },
    models: { 'people-biased': { accuracy: 0.71, hair: 0.62, tool: 0.11 } },
  };
  await page.route('**/people/figures.json', (route) => route.fulfill({ json: measured }));
  await lucida.openView('bias');
  await expect(found).toContainText(
    'On average, 62% of its heatmap lies on the hair, which covers 5% of the picture, and 11% on the tool, which covers 2%.',
  );
  await page.route('**/people/figures.json', (route) => route.fulfill({ status: 404, body: 'not found' }));
  await page.reload();
  await lucida.expectLive('bias', 2);
  await expect(found).toBeHidden();
});

test('two people who give it away are a press away', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, headings } = biasOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  for (const [label, name] of [
    ['doctor', 'A doctor with long hair and a stethoscope'],
    ['nurse', 'A nurse with short hair and a syringe'],
  ]) {
    await view.getByRole('button', { name }).click();
    await lucida.expectLive('bias', 2);
    const other = label === 'doctor' ? 'Nurse' : 'Doctor';
    await expect(headings.first()).toHaveText(new RegExp(`^“${other}”, .* sure: wrong$`));
    await expect(headings.last()).toHaveText(new RegExp(`^“${label}”, .* sure: right$`, 'i'));
  }
});

test('where the networks are missing, the view says so', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.route('**/models/index.json', (route) => route.fulfill({ status: 404, body: 'not found' }));
  await lucida.openView('bias');
  await expect(page.locator('cl-bias')).toContainText('not on this site');
});

test('the heatmap of the person before is marked as behind', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('bias');
  const figures = await lucida.expectLive('bias', 2);
  const release = await lucida.hold('glance');
  await biasOf(page).people.nth(2).click();
  await expect(figures).toHaveClass([/stale/, /stale/]);
  await release();
  await lucida.expectLive('bias', 2);
});
