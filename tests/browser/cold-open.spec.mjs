// The first impression: the page explains something by itself, with networks that come with it and are what they say.
import { picture, small } from './inputs.mjs';
import { expect, test } from './page.mjs';

const WEIGHTS = '**/models/*/model.safetensors';

test('a heatmap is on the screen without any input', async ({ lucida, page }) => {
  await lucida.openView();
  const figures = await lucida.expectLive('board');
  await expect(page).toHaveTitle(/^Sticker board/);
  expect(await lucida.coloursShown(figures.locator('canvas'))).toBeGreaterThan(100);
  await expect(figures.locator('.title')).toHaveText(/^Cat: [\d.]+ % sure$/);
  await expect(lucida.alert).toBeEmpty();
  await expect(lucida.status).toHaveText(/^Cat: [\d.]+ % sure\.$/);
});

test('the view for explaining opens with the default network and the board as a sample', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('explain');
  await lucida.expectResult();
  const name = await page.evaluate(async () => (await (await fetch('models/index.json')).json()).default);
  await expect(page.locator('#embedded-list input:checked')).toHaveValue(name);
  await expect(page.locator('#picture-name')).toContainText('sticker-board.png');
  await expect(page.locator('#top-hint')).toContainText('each class is judged by itself');
  await expect(lucida.caption).toContainText('sure that it is in the picture');
});

test('each network of the list says what it is, and takes the place of the one before', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('explain');
  await lucida.expectResult();
  const { models } = await page.evaluate(async () => (await fetch('models/index.json')).json());
  await expect(page.locator('#embedded-list label')).toHaveCount(models.length);
  for (const { title, classes, license } of models) {
    const row = page.locator('#embedded-list label').filter({ hasText: title });
    await expect(row).toContainText(`${classes} classes`);
    await expect(row).toContainText(license);
    await row.click();
    await expect(page.locator('#weights-open')).toContainText(`In use: ${title}, ${classes} classes`);
    await lucida.expectResult();
  }
});

test('own weights and an own picture take the place of those that come with the page', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('explain');
  await lucida.expectResult();
  await page.getByText('Use your own').click();
  await lucida.pickWeights();
  await expect(page.locator('#weights-open')).toContainText(`${small.classes} classes`);
  await expect(page.locator('#embedded-list input:checked')).toHaveCount(0);
  await lucida.pickPicture(picture);
  await expect(page.locator('#picture-name')).toContainText('picture.png');
  await lucida.expectResult();
  await expect(page.locator('#top-hint')).toContainText('all classes together make 100 %');
});

test('an own picture that is pasted on the board is explained', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('board');
  await lucida.expectLive('board');
  await page.evaluate(async () => {
    const blob = await new Promise((resolve) => document.getElementById('board-canvas').toBlob(resolve));
    const transfer = new DataTransfer();
    transfer.items.add(new File([blob], 'mine.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
  });
  await expect(page.locator('#picture-name')).toContainText('mine.png');
  await lucida.expectResult();
});

for (const [what, answer, said] of [
  ['one byte of which is another', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length - 1] ^= 1;
    await route.fulfill({ response, body });
  }, /model\.safetensors is not the file that was published \(its SHA-256 differs\)/],
  ['that is missing', (route) => route.fulfill({ status: 404, body: 'not found' }), /model\.safetensors could not be fetched \(404\)/],
  ['that is an error page', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Sign in to this network</h1>' }),
    /model\.safetensors is a web page and no such file/],
]) {
  test(`a weight file ${what} is refused in words, and fetched anew on request`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.route(WEIGHTS, answer);
    await lucida.openView('board');
    await expect(lucida.alert).toContainText('The weights cannot be used.');
    await expect(lucida.alert).toHaveText(said);
    await expect(page.locator('#view-board .heat')).toHaveCount(0);

    await page.unroute(WEIGHTS);
    await page.locator('#board-again').click();
    await lucida.expectLive('board');
    await expect(lucida.alert).toBeEmpty();
  });
}

test('a refused network of the list leaves the one before in use', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('explain');
  await lucida.expectResult();
  const before = [await lucida.shown(), await page.locator('#embedded-list input:checked').inputValue()];
  await page.route(WEIGHTS, (route) => route.fulfill({ status: 404, body: 'not found' }));
  await page.locator('#embedded-list input:not(:checked)').first().click();
  await expect(lucida.alert).toContainText('could not be fetched (404)');
  expect([await lucida.shown(), await page.locator('#embedded-list input:checked').inputValue()]).toEqual(before);
});

test('a site without networks of its own asks for weights, and says so on the board', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.open();
  await expect(page.locator('#view-explain')).toBeVisible();
  await expect(page.locator('#result-empty')).toHaveText(/Choose a picture and the weights of a network/);
  await expect(lucida.alert).toBeEmpty();
  await page.getByRole('link', { name: 'Sticker board' }).click();
  await expect(page.locator('#board-missing')).toBeVisible();
  await page.getByRole('link', { name: 'Investigate a bias' }).click();
  await expect(page.locator('#bias-missing')).toBeVisible();
});

test('an error page in place of the list of networks is said, and own weights can be used', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.route('**/models/index.json', (route) => route.fulfill({ contentType: 'text/html', body: '<h1>Sign in</h1>' }));
  await lucida.openView();
  await expect(lucida.alert).toContainText('models/index.json is not a list of networks');
  await lucida.pickWeights();
  await lucida.pickPicture();
  await lucida.expectResult();
});
