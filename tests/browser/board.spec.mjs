// The sticker board: what is laid on it is what the network sees, and the heatmap follows or says that it does not yet.
import { expect, test } from './page.mjs';

const sticker = (page, name) => page.locator(`.sticker[data-class="${name}"]`);
const press = (page, name) => page.getByRole('button', { name: `Add ${name}`, exact: true }).click();
const sceneOf = (page) => page.evaluate(() => globalThis.camLucida.board.scene.stickers.map(({ id, ...rest }) => rest));

/** The board with one cat in its middle, and the cat's heatmap. */
async function oneCat({ lucida, page }) {
  await lucida.openView('board');
  await lucida.expectLive('board');
  await page.getByRole('button', { name: 'Empty the board' }).click();
  await press(page, 'cat');
  await lucida.expectLive('board');
}

test('the energy of the map follows the sticker that is dragged', async ({ lucida, page }, info) => {
  await oneCat({ lucida, page });
  const places = [[0.25, 0.3], [0.75, 0.3], [0.75, 0.75], [0.25, 0.75]];
  for (const [x, y] of places) {
    const to = await lucida.onBoard(x, y); // which scrolls the board into view
    await lucida.drag(await lucida.placeOf('cat'), to);
    await lucida.expectLive('board');
    const { centre } = await lucida.boardMap();
    expect(Math.abs(centre[0] - x)).toBeLessThan(0.2);
    expect(Math.abs(centre[1] - y)).toBeLessThan(0.2);
  }
  await page.screenshot({ path: info.outputPath('board.png') });
});

test('the network finds what lies there, and no longer what was removed', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  const sure = page.locator('#board-classes button[data-class="cat"]');
  const probability = () => sure.evaluate((button) => Number(button.style.getPropertyValue('--probability')));
  expect(await probability()).toBeGreaterThan(0.5);
  await sticker(page, 'cat').press('Delete');
  await press(page, 'pizza');
  await lucida.expectLive('board');
  const cat = await page.evaluate(() => {
    const { model: { labels }, probabilities } = globalThis.camLucida.board.explanation;
    return probabilities[labels.indexOf('cat')];
  });
  expect(cat).toBeLessThan(0.5);
});

test('the network is given exactly the pixels of the board', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  const differs = await page.evaluate(() => {
    const canvas = document.getElementById('board-canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const given = globalThis.camLucida.board.explanation.picture.pixels.data;
    return data.length === given.length ? data.findIndex((value, i) => value !== given[i]) : 'in size';
  });
  expect(differs).toBe(-1);
});

test('a sticker is dragged from the palette onto the board, and let go outside it is none', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  const entry = page.getByRole('button', { name: 'Add dog' });
  const { x, y, width, height } = await entry.boundingBox();
  await lucida.drag([x + width / 2, y + height / 2], await lucida.onBoard(0.3, 0.6));
  const [, dog] = await sceneOf(page);
  expect(dog.class).toBe('dog');
  expect(dog.x).toBeCloseTo(0.3, 2);
  expect(dog.y).toBeCloseTo(0.6, 2);

  await lucida.drag([x + width / 2, y + height / 2], await lucida.onBoard(0.5, 0.5), { release: false });
  await page.mouse.move(x, y, { steps: 5 });
  await page.mouse.up();
  expect((await sceneOf(page)).map((one) => one.class)).toEqual(['cat', 'dog']);
  await entry.click();
  expect((await sceneOf(page)).map((one) => one.class)).toEqual(['cat', 'dog', 'dog']);
});

test('corner and wheel scale and rotate', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  const [before] = await sceneOf(page);
  const handle = await page.locator('#board-frame .handle').nth(2).boundingBox();
  const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
  await lucida.drag([x, y], [x - 90, y + 10]);
  const [pulled] = await sceneOf(page);
  expect(pulled.size).toBeLessThan(before.size);
  expect(pulled.angle).toBeGreaterThan(5);
  expect([pulled.x, pulled.y]).toEqual([before.x, before.y]);

  await page.mouse.move(...await lucida.placeOf('cat'));
  await page.mouse.wheel(0, -200);
  await expect.poll(async () => (await sceneOf(page))[0].size).toBeGreaterThan(pulled.size);
});

test('two fingers scale and rotate', { tag: '@cpu' }, async ({ lucida, page, context }) => {
  await oneCat({ lucida, page });
  const [before] = await sceneOf(page);
  const [x, y] = await lucida.placeOf('cat');
  const session = await context.newCDPSession(page);
  const touch = (type, ...points) => session.send('Input.dispatchTouchEvent', {
    type, touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })),
  });
  await touch('touchStart', [x - 20, y]);
  await touch('touchStart', [x - 20, y], [x + 20, y]);
  await touch('touchMove', [x - 20, y], [x + 20, y + 10]);
  await touch('touchMove', [x - 20, y], [x + 20, y + 40]);
  await touch('touchEnd');
  const [after] = await sceneOf(page);
  expect(after.size / before.size).toBeCloseTo(Math.SQRT2, 1);
  expect(after.angle).toBeCloseTo(45, 0);
});

test('everything can be done by keyboard', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('board');
  await lucida.expectLive('board');
  await page.getByRole('button', { name: 'Empty the board' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Add cat' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('button', { name: 'Add dog' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sticker(page, 'dog')).toBeFocused();
  const [start] = await sceneOf(page);
  expect([start.x, start.y]).toEqual([0.5, 0.5]);
  for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp', '+', ']', ']', '[']) await page.keyboard.press(key);
  const [moved] = await sceneOf(page);
  expect(moved.x).toBeCloseTo(0.46);
  expect(moved.y).toBeCloseTo(0.48);
  expect(moved.size).toBeGreaterThan(start.size);
  expect(moved.angle).toBe(10);
  await expect(sticker(page, 'dog')).toHaveAccessibleName(/^dog, 46 % from the left, 48 % from the top, \d+ % wide, turned by 10°$/);

  await page.getByRole('button', { name: 'Add bird' }).focus();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement.closest('#palette'))).toBeNull();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+Tab');
  await expect(sticker(page, 'dog')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(sticker(page, 'bird')).toBeFocused();
  expect((await sceneOf(page)).map((one) => one.class)).toEqual(['bird']);

  for (const name of ['Move left', 'Move down', 'Smaller', 'Turn right', 'Delete']) {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  }
  expect(await sceneOf(page)).toEqual([]);
  await lucida.expectLive('board');
});

test('a heatmap that is not of the present board is marked at once, and what is overtaken is never computed', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.patchWorker();
  await oneCat({ lucida, page });
  const [figure] = await page.locator('#view-board .heat').all();
  const before = await lucida.pixels(figure.locator('canvas'));
  const status = await lucida.recordTexts('#status');
  const calls = await lucida.countCalls();
  await lucida.order({ block: 2000 });
  await sticker(page, 'cat').press('ArrowRight');
  const marked = await page.evaluate(() => {
    const cat = document.querySelector('.sticker');
    const press = (key) => cat.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    press('ArrowRight');
    const { classList } = document.querySelector('#view-board .heat');
    const stale = classList.contains('stale'); // before anything else can happen
    for (let step = 0; step < 15; step++) press('ArrowDown');
    return stale;
  });
  expect(marked).toBe(true);
  await expect(figure.getByText('catching up …')).toBeVisible();
  expect(await lucida.pixels(figure.locator('canvas'))).toBe(before);
  await lucida.expectLive('board');
  expect((await calls()).glance).toBe(2);
  await expect.poll(status).toHaveLength(1); // once, when the board has come to rest
  expect(await lucida.pixels(figure.locator('canvas'))).not.toBe(before);
});

test('two classes are explained side by side in one pass, each by its own map', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('board');
  await lucida.expectLive('board');
  const calls = await lucida.countCalls();
  await page.getByLabel('Beside it').selectOption('dog');
  const figures = await lucida.expectLive('board', 2);
  expect((await calls()).glance).toBe(1);
  await expect(figures.locator('.title')).toHaveText([/^Cat:/, /^Dog:/]);
  const [cat, dog] = [await lucida.boardMap(0), await lucida.boardMap(1)];
  expect(cat.data).not.toEqual(dog.data);
  expect(cat.centre[0]).toBeLessThan(dog.centre[0]); // the cat sits on the left

  await page.locator('#board-classes button[data-class="bicycle"]').click();
  await expect(figures.locator('.title')).toHaveText([/^Bicycle:/, /^Dog:/]);
  await page.getByLabel('Beside it').selectOption('');
  await lucida.expectLive('board', 1);
});

test('backgrounds and scenes are chosen', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('board');
  await lucida.expectLive('board');
  const canvas = page.locator('#board-canvas');
  const seen = new Set([await lucida.pixels(canvas)]);
  for (const label of ['Background', 'Scene']) {
    const values = await page.getByLabel(label, { exact: true }).locator('option').evaluateAll((all) => all.slice(1).map(({ value }) => value));
    expect(values.length).toBeGreaterThan(1);
    for (const value of values) {
      await page.getByLabel(label, { exact: true }).selectOption(value);
      seen.add(await lucida.pixels(canvas));
      await lucida.expectLive('board');
    }
    if (label === 'Background') expect(seen.size).toBe(values.length + 1);
    else expect(seen.size).toBeGreaterThan(values.length + 2);
  }
});

test('the board is examined with every method', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  await page.getByRole('button', { name: 'Examine this board with every method' }).click();
  await expect(page).toHaveURL(/#explain$/);
  await expect(page.locator('#picture-name')).toContainText('sticker-board.png');
  await lucida.expectResult();
});

test('a worker that ends while the board is computed is told of, and the board goes on', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.patchWorker();
  await oneCat({ lucida, page });
  await lucida.order({ block: 60_000 });
  await sticker(page, 'cat').press('ArrowRight');
  await expect(page.getByText('catching up …')).toBeVisible();
  await lucida.killWorker();
  await expect(lucida.alert).toContainText('The engine stopped.');
  await expect(page.getByText('out of date')).toBeVisible();
  await sticker(page, 'cat').press('ArrowRight');
  await lucida.expectLive('board');
  await expect(lucida.alert).toBeEmpty();
});
