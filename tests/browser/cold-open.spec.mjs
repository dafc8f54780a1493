// The first impression: the page explains something by itself, with networks that come with it and are what they say.
import { picture, small } from './inputs.mjs';
import { expect, test } from './page.mjs';
import { fileOf, inUse, paste } from './sources.mjs';

const WEIGHTS = '**/models/*/model.safetensors';

test('a heatmap is on the screen without any input', async ({ lucida, page }) => {
  await lucida.openView();
  const figures = await lucida.expectLive('board');
  await expect(page).toHaveTitle(/^Sticker board/);
  expect(await lucida.coloursShown(figures.locator('canvas').first())).toBeGreaterThan(100);
  await expect(figures.first()).toContainText(/cat/i);
  await expect(lucida.alert).toBeEmpty();
});

test('the view for explaining opens with the default network and the board as a sample', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const name = await page.evaluate(async () => (await (await fetch('models/index.json')).json()).default);
  await expect(page.locator('cl-model-picker input:checked')).toHaveValue(name);
  await lucida.expectPicture('meadow.png');
  await expect(lucida.heading).toContainText('sure that it is in the picture');
});

test('each network of the list says what it is, and takes the place of the one before', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const { models } = await page.evaluate(async () => (await fetch('models/index.json')).json());
  const rows = page.locator('cl-model-picker fieldset label');
  await expect(rows).toHaveCount(models.length);
  await expect(page.getByRole('group', { name: 'For scenes of 32 kinds of stickers' })).toBeVisible();
  for (const { title, classes, license } of models) {
    const row = rows.filter({ hasText: title });
    await expect(row).toContainText(/\d KiB/);
    await expect(row).toHaveAttribute('title', license);
    await row.click();
    await expect(inUse(page).network).toContainText(`In use: ${title}, ${classes} classes`);
    await lucida.expectResult();
  }
});

test('own weights and an own picture take the place of those that come with the page', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await lucida.pickWeights();
  await expect(inUse(page).network).toContainText(`${small.classes} classes`);
  await expect(page.locator('cl-model-picker input:checked')).toHaveCount(0);
  await lucida.pickPicture(picture);
  await lucida.expectPicture();
  await lucida.expectResult();
  await expect(lucida.heading).toContainText('Probability');
});

test('an own picture that is pasted on the board is explained', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('board');
  await lucida.expectLive('board');
  await paste(page, [fileOf(picture, { name: 'mine.png', type: 'image/png' })]);
  await expect(inUse(page).picture).toContainText('mine.png');
  await lucida.expectPicture('mine.png');
  await lucida.expectResult();
});

for (const [what, answer, said] of [
  [
    'one byte of which is another',
    async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      body[body.length - 1] ^= 1;
      await route.fulfill({ response, body });
    },
    /model\.safetensors is not the file that was published: its SHA-256 differs/,
  ],
  ['that is missing', (route) => route.fulfill({ status: 404, body: 'not found' }), /model\.safetensors did not load \(404\)/],
  [
    'that is an error page',
    (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Sign in to this network</h1>' }),
    /model\.safetensors is a web page, not a weight file/,
  ],
]) {
  test(`a weight file ${what} is refused in words, and fetched anew on request`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.route(WEIGHTS, answer);
    await lucida.openView('board');
    await expect(lucida.alert).toContainText('The weights cannot be used.');
    await expect(lucida.alert).toHaveText(said);
    await expect(page.locator('cl-board figure.heat:not(.empty) canvas[width="384"]')).toHaveCount(0);

    await page.unroute(WEIGHTS);
    await lucida.alert.locator('.remedy').click();
    await lucida.expectLive('board');
    await expect(lucida.alert).toBeEmpty();
  });
}

test('a refused network of the list leaves the one before in use', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const checked = page.locator('cl-model-picker input:checked');
  const before = [await lucida.shown(), await checked.inputValue()];
  await page.route(WEIGHTS, (route) => route.fulfill({ status: 404, body: 'not found' }));
  await page.locator('cl-model-picker input[name=embedded]:not(:checked)').first().click();
  await expect(lucida.alert).toContainText('did not load (404)');
  await expect(checked).toHaveValue(before[1]);
  expect([await lucida.shown(), await checked.inputValue()]).toEqual(before);
});

test('a site without networks of its own asks for weights, and says so on the board', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.withoutSamples();
  await lucida.open();
  await expect(lucida.view.locator('p.empty')).toContainText(/Choose a picture and a/);
  await expect(page.locator('cl-own-network')).toBeVisible();
  await expect(lucida.alert).toBeEmpty();
  for (const [view, said] of [
    ['board', /^The sticker board needs the stickers/],
    ['bias', /are not on this site/],
  ]) {
    await lucida.link(view).click();
    await expect(page.getByText(said)).toBeVisible();
    await expect(lucida.alert).toBeEmpty();
  }
});

test('an error page in place of the list of networks is said, and own weights can be used', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.route('**/models/index.json', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Sign in</h1>' }));
  await lucida.openView('explain');
  await expect(lucida.alert).toContainText('models/index.json, the list of networks');
  await lucida.pickWeights();
  await lucida.pickPicture();
  await lucida.expectPicture();
  await lucida.expectResult();
  await expect(lucida.alert).toBeEmpty();
});

test('what was not fetched before the connection was lost says what is missing', { tag: '@cpu' }, async ({ lucida, page, context }) => {
  await lucida.showSample();
  await expect(page.locator('cl-picture-source .samples')).toBeVisible();
  const before = await lucida.shown();
  await context.setOffline(true);
  await lucida.openDrawers('cl-model-picker details');
  const load = page.locator('cl-zoo .load').first();
  for (const choose of [() => page.getByRole('radio', { name: /Small VGG/ }).click(), () => load.click()]) {
    await choose();
    await expect(lucida.alert).toContainText('this device is offline');
    await expect(lucida.alert).not.toContainText('Something went wrong');
    await lucida.expectIdle();
    expect((await lucida.shown()).pixels).toBe(before.pixels);
  }
});

test.describe('a worker that dies in the first explanation', () => {
  const killed = async (lucida, orders) => {
    await lucida.patchWorker(orders); // for the one that takes its place
    await lucida.killWorker();
  };
  const blocked = { block: 600_000 };

  test.beforeEach(async ({ lucida }) => {
    await lucida.patchWorker(blocked);
    await lucida.withoutSamples();
    await lucida.open();
    await lucida.pickPicture();
    await lucida.pickWeights();
    await expect(lucida.status).toHaveText('Computing the heatmap…');
  });

  test('costs nobody a press', { tag: '@cpu' }, async ({ lucida }) => {
    await killed(lucida, {});
    await lucida.expectResult();
    await expect(lucida.alert).toBeEmpty();
  });

  test('is told the second time, with a button', { tag: '@cpu' }, async ({ lucida }) => {
    await killed(lucida, blocked);
    await expect(lucida.status).toHaveText('Computing the heatmap…');
    await lucida.patchWorker({});
    await lucida.killWorker();
    await expect(lucida.alert).toContainText('The engine stopped.');
    await lucida.again.click();
    await lucida.expectResult();
    await expect(lucida.alert).toBeEmpty();
  });
});
