// The grid: what stands in a cell is what a single explanation says, cells come one by one, and any of them can be left.
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { residentOf } from '../../scripts/places.mjs';
import { dropPictures } from './dropped.mjs';
import { expect, test } from './page.mjs';

/** The view, as a person finds what is in it. */
function compareOf(page) {
  const view = page.locator('cl-compare');
  const cells = view.locator('cl-grid-cell');
  return {
    view,
    cells,
    cell: (row, column) => view.locator('tbody tr').nth(row).locator('cl-grid-cell').nth(column),
    rows: view.locator('tbody th'),
    columns: view.locator('thead th'),
    count: view.locator('.count'),
    card: (axis) => view.locator(`.card[data-axis=${axis}]`),
  };
}

const settled = (page) =>
  expect.poll(() => page.evaluate(() => globalThis.camLucida?.elements.get('compare')?.settled ?? false)).toBe(true);

const open = async (lucida, hash = 'compare') => {
  await lucida.openView(hash);
  await settled(lucida.page);
};

/** The states of all cells, row by row. */
const states = (page) =>
  page.evaluate(() => globalThis.camLucida.elements.get('compare').controller.cells.value.map((cell) => cell.state.value.name));

/** What a cell keeps of its answer. */
const answer = (page, row, column) =>
  page.evaluate(
    ([i, j]) => {
      const { answer: kept } = globalThis.camLucida.elements.get('compare').controller.grid.value.cells[i][j];
      const { of, map } = kept;
      return { id: of.id, probability: of.probability, logit: of.logit, data: Array.from(map.data) };
    },
    [row, column],
  );

test('it opens with all embedded networks and eight methods, and says where there is no map', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { rows, columns, cell, count } = compareOf(page);
  await open(lucida);
  await expect(rows).toHaveCount(6);
  await expect(columns).toHaveCount(8);
  await expect(columns.first()).toHaveText('Grad-CAM');
  await expect(count).toHaveText('45 cells done, 3 impossible');
  await expect(cell(3, 2)).toContainText(/^\s*CAM needs a network that ends in global average pooling/);
  await expect(cell(3, 2).getByRole('button')).toHaveCount(0); // asked again, it would be refused again
  await expect(cell(0, 0).locator('.score')).toHaveText('100%');
  await expect(cell(0, 0).locator('.time')).toHaveText(/^\d+ ms$/);
  expect(await lucida.coloursShown(cell(0, 0).locator('canvas'))).toBeGreaterThan(1000);
});

test('the samples of one object and of several open it filled', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { count, card, cell } = compareOf(page);
  await open(lucida);
  for (const [name, picture, others] of [
    ['One object', 'A single cat', 0],
    ['Several objects', 'Cat, dog and bicycle', 2],
  ]) {
    await page.getByRole('button', { name }).click();
    await expect(card('picture')).toContainText(picture);
    await settled(page);
    await expect(count).toHaveText('45 cells done, 3 impossible');
    expect(await lucida.coloursShown(cell(0, 0).locator('canvas'))).toBeGreaterThan(1000);
    const sure = await page.evaluate(
      () =>
        globalThis.camLucida.elements.get('compare').controller.cells.value[0].answer.explanation.probabilities.filter((one) => one > 0.5)
          .length,
    );
    expect(sure).toBe(1 + others);
  }
});

test('the numbers of a cell are those of a single explanation, which a click opens', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { cell } = compareOf(page);
  await open(lucida);
  for (const [row, column] of [
    [0, 0],
    [4, 3],
    [3, 6],
  ]) {
    await page.goto(`${lucida.site}#compare`);
    await settled(page);
    const kept = await answer(page, row, column);
    await cell(row, column).locator('a').click();
    await expect(page).toHaveURL(/#explain\?picture=sample:meadow&model=embedded:/);
    await lucida.expectResult();
    const single = await page.evaluate(() => globalThis.camLucida.elements.get('explain').controller.explanation.value.classes[0]);
    expect({ id: single.id, probability: single.probability, logit: single.logit }).toEqual({
      id: kept.id,
      probability: kept.probability,
      logit: kept.logit,
    });
    expect((await lucida.rawMap()).data).toEqual(kept.data);
  }
});

test('on either device the cells of a grid have the numbers of single explanations', async ({ lucida, page }) => {
  const { count } = compareOf(page);
  await open(lucida, 'compare?model=embedded:resnet-scenes,embedded:squeezenet-scenes&method=grad-cam,layer-cam');
  await expect(count).toHaveText('4 cells done');
  const differences = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const found = [];
    for (const { answer: kept } of elements.get('compare').controller.cells.value) {
      const { model, picture, request } = kept.explanation;
      const single = await engine.explain({ model, picture, request });
      const { data } = await engine.rawMap(single, 0);
      const [of] = single.classes;
      const most = data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      const map = data.reduce((max, value, i) => Math.max(max, Math.abs(value - kept.map.data[i])), 0) / most;
      found.push({
        same: of.id === kept.of.id,
        sized: data.length === kept.map.data.length,
        map,
        score: Math.abs(of.probability - kept.of.probability),
      });
    }
    return found;
  });
  expect(differences.length).toBe(4);
  for (const { same, sized, map, score } of differences) {
    expect([same, sized]).toEqual([true, true]);
    expect(map).toBeLessThan(1e-4); // a GPU may add in another order
    expect(score).toBeLessThan(1e-4);
  }
});

test('on either device no cell is open 0.3 s after all were cancelled', async ({ lucida, page }) => {
  const { cells, count } = compareOf(page);
  await lucida.openView('compare?method=rise,grad-cam&model=embedded:resnet-scenes,embedded:squeezenet-scenes');
  await expect(cells.first()).toContainText(/^\s*\d+ of 1,000/);
  const took = await page.evaluate(async () => {
    const { controller, renderRoot } = globalThis.camLucida.elements.get('compare');
    const begun = performance.now();
    renderRoot.querySelector('.cancel-all').click();
    while (controller.progress.value.open) await new Promise((resolve) => setTimeout(resolve, 1));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - begun;
  });
  expect(took).toBeLessThan(300);
  await expect(count).toHaveText(/^0 cells done, 4 cancelled$/);
  await page.getByRole('button', { name: 'Compute the rest' }).click();
  await expect(cells.first()).toContainText(/^\s*\d+ of 1,000/); // the engine is there for the next
});

test('a cell is drawn as the engine draws it, and with one scale the weaker map is paler', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { cell, view } = compareOf(page);
  await open(lucida, 'compare?rows=class&columns=layer&class=0,1&layer=-,layer3');
  const worst = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const element = elements.get('compare');
    const differences = [];
    for (const row of element.controller.grid.value.cells) {
      for (const { answer: kept } of row) {
        const bitmap = await engine.draw(kept.explanation, engine.about.value.style, 0);
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const drawn = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
        const grid = element.renderRoot.querySelector('cl-grid').renderRoot;
        const shown = [...grid.querySelectorAll('cl-grid-cell')]
          .find(({ cell: one }) => one.answer === kept)
          .renderRoot.querySelector('canvas');
        const own = shown.getContext('2d').getImageData(0, 0, shown.width, shown.height).data;
        differences.push(drawn.reduce((most, value, i) => Math.max(most, Math.abs(value - own[i])), 0));
      }
    }
    return Math.max(...differences);
  });
  expect(worst).toBeLessThanOrEqual(6); // the engine's tables have 256 colours, the page has 17 and mixes

  const before = await lucida.pixels(cell(0, 1).locator('canvas'));
  await view.getByLabel('Colours').selectOption('One scale for all');
  await expect.poll(() => lucida.pixels(cell(0, 1).locator('canvas'))).not.toBe(before);
  await expect(page).toHaveURL(/scale=shared/);
  await expect(view.locator('.legend')).toContainText(/lowest of all \(0\).*highest of all \([\d.,]+\)/);
});

test('a signed map of two classes is one contrast less the other, and no place has both', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { rows, cell, view } = compareOf(page);
  await open(lucida, 'compare?rows=class&columns=method&class=1-0&method=grad-cam,eigen-cam');
  await expect(rows).toHaveText('Dog rather than cat');
  await expect(cell(0, 0).locator('.score')).toHaveText('100% against 100%');
  await expect(cell(0, 1)).toContainText('EigenCAM gives no signed map of two classes.');
  await expect(view.locator('.legend')).toHaveText(/more of the other class\s*more of the class/);
  const sides = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { explanation, map } = elements.get('compare').controller.grid.value.cells[0][0].answer;
    const ask = async (id, rival) => {
      const request = { ...explanation.request, classes: [id], target: `contrast:${rival}` };
      const { data } = await engine.rawMap(await engine.explain({ ...explanation, request }));
      return Array.from(data);
    };
    return { one: await ask(1, 0), other: await ask(0, 1), kept: Array.from(map.data) };
  });
  expect(Math.max(...sides.one.map((value, i) => Math.min(value, sides.other[i])))).toBe(0);
  expect(sides.kept).toEqual(sides.one.map((value, i) => Math.fround(value - sides.other[i])));
  expect([Math.min(...sides.kept) < 0, Math.max(...sides.kept) > 0]).toEqual([true, true]);
  await cell(0, 0).locator('a').click();
  await lucida.expectHow(/, rather than cat$/);
});

test('a network that lacks a class or a layer says so in its own cells', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { cell } = compareOf(page);
  await open(
    lucida,
    'compare?rows=network&columns=layer&model=embedded:resnet-scenes,embedded:people-biased,embedded:vgg-scenes&class=0&layer=-,layer3',
  );
  await expect(cell(0, 1).locator('.score')).toHaveText('100%');
  await expect(cell(1, 0)).toContainText('This network has no class “cat”.');
  await expect(cell(2, 0).locator('.score')).toHaveText('100%');
  await expect(cell(2, 1)).toContainText('This network has no layer “layer3”.');
});

test('all can be cancelled within 0.3 s, and computed after all', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { count, cells } = compareOf(page);
  await lucida.openView('compare?method=rise,grad-cam&model=embedded:resnet-scenes,embedded:vgg-scenes');
  await expect(cells.first()).toContainText(/^\s*\d+ of 1,000/);
  const took = await page.evaluate(async () => {
    const element = globalThis.camLucida.elements.get('compare');
    const begun = performance.now();
    element.renderRoot.querySelector('.cancel-all').click();
    const { progress } = element.controller;
    while (progress.value.open) await new Promise((resolve) => setTimeout(resolve, 1));
    await globalThis.camLucida.engine.start(); // its turn comes when the running cell has ended
    return performance.now() - begun;
  });
  expect(took).toBeLessThan(300);
  await expect(count).toHaveText(/^0 cells done, 4 cancelled$/);
  await expect(cells.first()).toContainText('Cancelled');

  // One cell, then a row, then what is left.
  await cells.nth(1).getByRole('button', { name: 'Compute Small ResNet, Grad-CAM' }).click();
  await expect(count).toHaveText(/^1 cell done, 3 cancelled$/);
  await page.getByRole('button', { name: 'Compute the rest' }).click();
  await page.getByRole('button', { name: 'Cancel the row Small ResNet' }).click();
  await expect.poll(async () => (await states(page)).slice(0, 2)).toEqual(['cancelled', 'done']);
  await page.getByRole('button', { name: 'Cancel Small VGG, RISE' }).click();
  await settled(page);
  expect(await states(page)).toEqual(['cancelled', 'done', 'cancelled', 'done']);
});

test('cells on the screen come before those that are far from it', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 800, height: 700 });
  await page.addInitScript(() => {
    globalThis.finished = [];
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...rest) {
      if (message.name === 'explain') globalThis.finished.push(message.args[2].method);
      return postMessage.call(this, message, ...rest);
    };
  });
  await open(lucida, 'compare?rows=network&columns=method');
  const order = await page.evaluate(() => globalThis.finished);
  // Six networks have the first methods, which are on the screen, before any has the last one.
  const last = await page.evaluate(() => globalThis.camLucida.elements.get('compare').controller.grid.value.values.method.at(-1));
  expect(order.indexOf(last)).toBeGreaterThan(8);
});

test(
  'fifty pictures dropped at once become a contact sheet, the surest first, in bounded memory',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const browser = await page.context().browser().newBrowserCDPSession();
    const memory = async () => Math.round(await residentOf(browser));
    const { cells, view } = compareOf(page);
    await open(lucida, 'compare?method=grad-cam&model=embedded:resnet-scenes');
    await dropPictures(page, 10);
    await expect(cells).toHaveCount(10);
    await settled(page);
    const few = await memory();
    await dropPictures(page, 50);
    await expect(cells).toHaveCount(50);
    await settled(page);
    const many = await memory();
    expect(many - few).toBeLessThan(150);
    await expect(view.locator('ul.sheet')).toBeVisible();
    const scores = (await view.locator('.sheet .score').allInnerTexts()).map((text) => parseFloat(text.match(/([\d.]+)%/)[1]));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(await page.evaluate(() => location.hash)).toContain('sort=score');
    // What is far from the screen holds no pixels.
    const drawn = await cells.locator('canvas').evaluateAll((all) => all.filter(({ width }) => width > 1).length);
    expect(drawn).toBeLessThan(50);
  },
);

test('several pictures on another view open the grid with a row for each', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { rows, card } = compareOf(page);
  await lucida.openView('bias');
  await lucida.expectLive('bias', 2);
  await dropPictures(page, 3);
  await expect(page).toHaveURL(/#compare\?rows=picture/);
  await settled(page);
  await expect(rows).toHaveText(['picture-1.jpg', 'picture-2.jpg', 'picture-3.jpg']);
  await expect(card('picture')).toContainText('3 pictures');
});

test('the axes are chosen, swapped and kept in the link', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, card, rows, columns } = compareOf(page);
  await open(lucida);
  await card('network').click();
  await view.getByRole('radio', { name: 'Same for all cells' }).check();
  await expect(card('picture')).toContainText('Rows');
  await settled(page);
  await card('class').click();
  await view.getByRole('radio', { name: 'Rows' }).check();
  await settled(page);
  await expect(rows).toHaveCount(4); // the most probable classes
  await expect(rows.first()).toHaveText('Dog');
  await page.getByRole('button', { name: 'Swap rows and columns' }).click();
  await expect(columns).toHaveCount(4);
  await view.getByLabel('Sort by').selectOption('Confidence');
  await view.getByLabel('Colour map').selectOption('viridis');
  await settled(page);
  await expect(page).toHaveURL(/#compare\?rows=method&columns=class&sort=score&colormap=viridis$/);
  const words = await columns.allInnerTexts();
  await page.reload();
  await settled(page);
  expect(await columns.allInnerTexts()).toEqual(words);
});

test('two cells are slid over each other, by keys too', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, cell } = compareOf(page);
  await open(lucida);
  await cell(0, 0).getByRole('button').press('Enter');
  await expect(view.locator('.one')).toContainText('Small ResNet, Grad-CAM is chosen.');
  await cell(1, 7).getByRole('button').press('Enter');
  const dialog = view.locator('cl-pair dialog');
  await expect(dialog).toBeVisible();
  const slider = dialog.getByRole('slider');
  await expect(slider).toBeFocused();
  await expect(slider).toHaveAttribute('aria-valuetext', '50% of the left one');
  await slider.press('ArrowRight');
  await expect(slider).toHaveAttribute('aria-valuetext', '51% of the left one');
  const { x, y, width, height } = await slider.boundingBox();
  await page.mouse.click(x + 0.2 * width, y + height / 2);
  await expect(slider).toHaveAttribute('aria-valuetext', '20% of the left one');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(view.locator('.one')).toBeHidden();
});

test('the grid is saved as one picture, and everything as an archive', { tag: '@cpu' }, async ({ lucida, page }) => {
  await open(lucida);
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const picture = await save('Save as PNG');
  expect(picture.name).toBe('compare-network-method.png');
  expect([picture.bytes.readUInt32BE(16) > 8 * 192, picture.bytes.readUInt32BE(20) > 6 * 192]).toEqual([true, true]);

  const { name, bytes } = await save('Save all (ZIP)');
  expect(name).toBe('compare-network-method.zip');
  const files = unzipSync(bytes);
  const list = JSON.parse(Buffer.from(files['grid.json']));
  expect(list.cells.length).toBe(48);
  expect(list.cells.filter(({ error }) => error).length).toBe(3);
  const of = (ending) => Object.keys(files).filter((file) => file.endsWith(ending));
  expect([of('.png').length, of('.npy').length, of('.json').length]).toEqual([46, 45, 46]);
  const stem = 'cells/01-01-Small-ResNet--Grad-CAM';
  const kept = await answer(page, 0, 0);
  const npy = Buffer.from(files[`${stem}.npy`]);
  const start = 10 + npy.readUInt16LE(8);
  expect(Array.from({ length: kept.data.length }, (_, i) => npy.readFloatLE(start + 4 * i))).toEqual(kept.data);
  const one = JSON.parse(Buffer.from(files[`${stem}.json`]));
  expect([one.method, one.network.title, one.classes[0].id]).toEqual(['grad-cam', expect.any(String), kept.id]);
  expect(one.link).toMatch(/#explain\?picture=sample:meadow&model=embedded:resnet-scenes/);
});

test('on a telephone the grid scrolls sideways, and its headers stay', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const { view, rows, columns } = compareOf(page);
  await open(lucida);
  await lucida.expectFits();
  const scroller = view.locator('.scroller');
  const [row, column] = [await rows.first().boundingBox(), await columns.first().boundingBox()];
  await scroller.evaluate((element) => element.scrollTo(300, 200));
  const [rowAfter, columnAfter] = [await rows.nth(1).boundingBox(), await columns.nth(2).boundingBox()];
  expect(rowAfter.x).toBe(row.x);
  expect(columnAfter.y).toBe(column.y);
});

test('a view that is left computes nothing, and goes on when it is back', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { cells } = compareOf(page);
  await lucida.openView('compare?method=rise&model=embedded:resnet-scenes,embedded:vgg-scenes');
  await expect(cells.first()).toContainText(/^\s*\d+ of 1,000/);
  await page.evaluate(() => (location.hash = '#bias'));
  await lucida.expectLive('bias', 2);
  expect(await states(page)).toEqual(['waiting', 'waiting']);
  await page.goBack();
  await expect(cells.first()).toContainText(/^\s*\d+ of 1,000/);
});
