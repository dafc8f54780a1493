// The sticker board: what is laid on it is what the network sees, and the heatmap follows or says that it does not yet.
import { devices } from '@playwright/test';
import { expect, test } from './page.mjs';

const sticker = (page, name) => page.locator(`.sticker[data-class="${name}"]`);
const press = (page, name) => page.getByRole('button', { name: `Add ${name}`, exact: true }).click();
const undo = (page) => page.getByRole('button', { name: 'Undo', exact: true });
const redo = (page) => page.getByRole('button', { name: 'Redo', exact: true });
const canvasOf = (page) => page.getByRole('img', { name: /^The (board with|empty board)/ });
const figuresOf = (page) => page.locator('cl-board figure.heat');
const sureness = (page, name) => page.getByRole('group', { name: 'How sure is the network?' }).getByRole('button', { name });
const sceneOf = (page) => page.evaluate(() => globalThis.camLucida.elements.get('board').scene.stickers.map(({ id, ...rest }) => rest));
const stateOf = (page) => page.evaluate(() => globalThis.camLucida.page.states.board.value);
const probabilityOf = (page, name) =>
  page.evaluate((one) => {
    const {
      model: { labels },
      probabilities,
    } = globalThis.camLucida.elements.get('board').explanation;
    return probabilities[labels.indexOf(one)];
  }, name);
const explained = (page) => page.evaluate(() => globalThis.camLucida.elements.get('board').explanation.classes.map(({ name }) => name));

/** The board as it opens. */
async function board({ lucida }, hash = 'board', count = 1) {
  await lucida.openView(hash);
  await lucida.expectLive('board', count);
}

/** The board with one cat in its middle, and the cat's heatmap. */
async function oneCat({ lucida, page }) {
  await board({ lucida });
  await page.getByRole('button', { name: 'Empty the board' }).click();
  await press(page, 'cat');
  await lucida.expectLive('board');
}

/** Gives, when called, how often the board asked for heatmaps since. */
async function countGlances(page) {
  await page.evaluate(() => {
    const { engine } = globalThis.camLucida;
    const glance = engine.glance.bind(engine);
    globalThis.glances = 0;
    engine.glance = (...args) => {
      globalThis.glances++;
      return glance(...args);
    };
  });
  return () => page.evaluate(() => globalThis.glances);
}

/** A finger, or several. */
async function fingers(page, context) {
  const session = await context.newCDPSession(page);
  return (type, ...points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
}

test('the energy of the map follows the sticker that is dragged', async ({ lucida, page }, info) => {
  await oneCat({ lucida, page });
  const places = [
    [0.25, 0.3],
    [0.75, 0.3],
    [0.75, 0.75],
    [0.25, 0.75],
  ];
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
  expect(await probabilityOf(page, 'cat')).toBeGreaterThan(0.5);
  await expect(sureness(page, 'cat')).toHaveAttribute('aria-pressed', 'true');
  await sticker(page, 'cat').press('Delete');
  await press(page, 'pizza');
  await lucida.expectLive('board');
  expect(await probabilityOf(page, 'cat')).toBeLessThan(0.5);
});

test('the network is given exactly the pixels of the board', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  const differs = await canvasOf(page).evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const given = globalThis.camLucida.elements.get('board').explanation.picture.pixels.data;
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
  const handle = await page.locator('.frame .handle').nth(2).boundingBox();
  const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
  await lucida.drag([x, y], [x - 90, y + 10]);
  const [pulled] = await sceneOf(page);
  expect(pulled.size).toBeLessThan(before.size);
  expect(pulled.angle).toBeGreaterThan(5);
  expect([pulled.x, pulled.y]).toEqual([before.x, before.y]);

  await page.mouse.move(...(await lucida.placeOf('cat')));
  await page.mouse.wheel(0, -200);
  await expect.poll(async () => (await sceneOf(page))[0].size).toBeGreaterThan(pulled.size);
});

test('a wheel that turns by single pixels scales, too', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  const [before] = await sceneOf(page);
  await page.mouse.move(...(await lucida.placeOf('cat')));
  for (let i = 0; i < 40; i++) await page.mouse.wheel(0, 1);
  await expect.poll(async () => (await sceneOf(page))[0].size).toBeCloseTo(before.size * Math.exp(-0.0015 * 40), 2);
  await undo(page).click();
  expect(await sceneOf(page)).toEqual([before]);
});

test('two fingers scale and rotate', { tag: '@cpu' }, async ({ lucida, page, context }) => {
  await oneCat({ lucida, page });
  const [before] = await sceneOf(page);
  const [x, y] = await lucida.placeOf('cat');
  const touch = await fingers(page, context);
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
  await board({ lucida });
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
  await expect(sticker(page, 'dog')).toHaveAccessibleName(/^dog, 46 ?% from the left, 48 ?% from the top, \d+ ?% wide, turned by 10°$/);

  await page.getByRole('button', { name: 'Add bird' }).focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Add bird' })).not.toBeFocused();
  await expect(page.locator('cl-board-palette button:focus')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Space');
  await expect(sticker(page, 'bird')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(sticker(page, 'dog')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(sticker(page, 'bird')).toBeFocused();
  expect((await sceneOf(page)).map((one) => one.class)).toEqual(['bird']);

  for (const name of ['Move left', 'Move down', 'Smaller', 'Turn right', 'Remove']) {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  }
  expect(await sceneOf(page)).toEqual([]);
  await expect(page.locator('cl-board-palette button:focus')).toHaveCount(1); // the focus is not lost
  await lucida.expectLive('board');
});

test(
  'a heatmap that is not of the present board is marked at once, and what is overtaken is never computed',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.patchWorker();
    await oneCat({ lucida, page });
    const figure = figuresOf(page);
    const before = await lucida.pixels(figure.locator('canvas'));
    await expect(lucida.status).toContainText('sure'); // it has come to rest
    const said = await lucida.recordTexts('[role=status]');
    const glances = await countGlances(page);
    await lucida.order({ slow: 4000 });
    await sticker(page, 'cat').press('ArrowRight');
    const marked = await sticker(page, 'cat').evaluate(async (cat) => {
      const key = (name) => cat.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, composed: true }));
      key('ArrowRight');
      const { stale } = globalThis.camLucida.elements.get('board').equipment.following.mark.peek(); // before anything else can happen
      for (let step = 0; step < 15; step++) key('ArrowDown');
      return stale;
    });
    expect(marked).toBe(true);
    await expect(figure).toHaveClass(/stale/);
    await expect(figure.locator('.behind')).toBeVisible();
    expect(await lucida.pixels(figure.locator('canvas'))).toBe(before);
    await lucida.expectLive('board');
    expect(await glances()).toBe(2);
    await expect.poll(async () => (await said()).filter((words) => /sure/.test(words)).length).toBe(1); // once, when the board has come to rest
    expect(await lucida.pixels(figure.locator('canvas'))).not.toBe(before);
  },
);

test('two classes are explained side by side in one pass, each by its own map', { tag: '@cpu' }, async ({ lucida, page }) => {
  await board({ lucida });
  const glances = await countGlances(page);
  await page.getByRole('button', { name: 'Compare with a second class' }).click();
  const figures = await lucida.expectLive('board', 2);
  expect(await glances()).toBe(1);
  const second = page.getByLabel('Compared with');
  const runnerUp = await page.evaluate(
    () => globalThis.camLucida.elements.get('board').explanation.top.find(({ name }) => name !== 'cat').name,
  );
  await expect(second).toHaveValue(runnerUp);
  await second.selectOption('dog');
  await expect(figures.locator('.title')).toHaveText([/^Cat:/, /^Dog:/]);
  await lucida.expectLive('board', 2);
  const [cat, dog] = [await lucida.boardMap(0), await lucida.boardMap(1)];
  expect(cat.data).not.toEqual(dog.data);
  expect(cat.centre[0]).toBeLessThan(dog.centre[0]); // the cat sits on the left

  await sureness(page, 'bicycle').click();
  await expect(figures.locator('.title')).toHaveText([/^Bicycle:/, /^Dog:/]);
  await page.getByRole('button', { name: 'Compare with a second class' }).click();
  await lucida.expectLive('board', 1);
  await expect(second).toHaveCount(0);
});

test('a class is never compared with itself', { tag: '@cpu' }, async ({ lucida, page }) => {
  await board({ lucida }, 'board?class=cat&second=dog', 2);
  const second = page.getByLabel('Compared with');
  await expect(second.locator('option[value="cat"]')).toHaveCount(0);
  await page.getByLabel('Heatmap for', { exact: true }).selectOption('dog');
  await lucida.expectLive('board', 2);
  await expect(figuresOf(page).locator('.title')).toHaveText([/^Dog:/, /^Cat:/]);
  await expect(second).toHaveValue('cat');
});

test('backgrounds and scenes are chosen', { tag: '@cpu' }, async ({ lucida, page }) => {
  await board({ lucida });
  const canvas = canvasOf(page);
  const seen = new Set([await lucida.pixels(canvas)]);
  for (const label of ['Background', 'Scene']) {
    const values = await page
      .getByLabel(label, { exact: true })
      .locator('option')
      .evaluateAll((all) => all.slice(1).map(({ value }) => value));
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

test('a scene that is chosen is explained by a class that lies there', { tag: '@cpu' }, async ({ lucida, page }) => {
  await board({ lucida });
  for (const scene of ['street', 'table', 'upset']) {
    await page.getByLabel('Scene', { exact: true }).selectOption(scene);
    await lucida.expectLive('board');
    const [name] = await explained(page);
    expect((await sceneOf(page)).map((one) => one.class)).toContain(name);
    await expect(page.getByLabel('Heatmap for', { exact: true })).toHaveValue(name);
  }
  await undo(page).click();
  await undo(page).click();
  await undo(page).click();
  await lucida.expectLive('board');
  expect(await explained(page)).toEqual(['cat']);
});

test(
  'a class that was removed gives way to one that is there, and one that is chosen by hand stays',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await board({ lucida });
    await sticker(page, 'cat').press('Delete');
    await lucida.expectLive('board');
    expect(await probabilityOf(page, 'cat')).toBeLessThan(0.1);
    expect(await explained(page)).toEqual(['bicycle']);
    await undo(page).click();
    await lucida.expectLive('board');
    expect(await explained(page)).toEqual(['cat']);

    await page.getByLabel('Heatmap for', { exact: true }).selectOption('guitar');
    await lucida.drag(await lucida.placeOf('dog'), await lucida.onBoard(0.3, 0.8));
    await lucida.expectLive('board');
    expect(await explained(page)).toEqual(['guitar']);
  },
);

test('the heatmap of a class that is not there is faint', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  /** How far the drawing is from the board, on average over all values. */
  const strength = () =>
    figuresOf(page)
      .locator('canvas')
      .evaluate(async (drawn) => {
        const {
          picture: { pixels },
        } = globalThis.camLucida.elements.get('board').explanation;
        const bitmap = await createImageBitmap(drawn);
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        return data.reduce((sum, value, i) => sum + Math.abs(value - pixels.data[i]), 0) / data.length;
      });
  const present = await strength();
  await page.getByLabel('Heatmap for', { exact: true }).selectOption('guitar');
  await lucida.expectLive('board');
  expect(await probabilityOf(page, 'guitar')).toBeLessThan(0.1);
  const absent = await strength();
  expect(absent).toBeGreaterThan(1);
  expect(absent).toBeLessThan(present / 3);
  await expect(page.getByText('The less sure the network is, the fainter the colours.')).toBeVisible();
});

test('every change can be undone and done again', { tag: '@cpu' }, async ({ lucida, page }) => {
  await board({ lucida });
  const canvas = canvasOf(page);
  const seen = [await lucida.pixels(canvas)];
  await expect(undo(page)).toBeDisabled();
  const changes = [
    async () => lucida.drag(await lucida.placeOf('cat'), await lucida.onBoard(0.4, 0.3)),
    () => page.getByLabel('Background').selectOption('plain'),
    () => press(page, 'pizza'),
    () => page.getByRole('button', { name: 'Remove', exact: true }).click(),
    () => page.getByRole('button', { name: 'Empty the board' }).click(),
    () => page.getByLabel('Scene', { exact: true }).selectOption('table'),
  ];
  for (const change of changes) {
    await change();
    seen.push(await lucida.pixels(canvas));
  }
  expect(seen[4]).toBe(seen[2]); // what was added is removed again
  for (let step = changes.length - 1; step >= 0; step--) {
    if (step % 2) await undo(page).click();
    else await page.keyboard.press('Control+z');
    expect(await lucida.pixels(canvas), `before change ${step}`).toBe(seen[step]);
  }
  await expect(undo(page)).toBeDisabled();
  expect((await stateOf(page)).stickers).toBe(null); // untouched again
  const ways = [() => redo(page).click(), () => page.keyboard.press('Control+Shift+z'), () => page.keyboard.press('Control+y')];
  for (let step = 1; step <= changes.length; step++) {
    await ways[step % 3]();
    expect(await lucida.pixels(canvas)).toBe(seen[step]);
  }
  await expect(redo(page)).toBeDisabled();
  await undo(page).click();
  await press(page, 'cat');
  await expect(redo(page)).toBeDisabled();
  await lucida.expectLive('board');
});

test('undoing takes the focus from nobody', { tag: '@cpu' }, async ({ lucida, page }) => {
  await board({ lucida });
  await page.getByRole('button', { name: 'Add bird' }).press('Enter');
  await expect(page.locator('cl-board-stage [data-class=bird]')).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(page.locator('cl-board-palette button:focus')).toHaveCount(1);
  await page.getByRole('button', { name: 'Redo' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Undo' })).toBeFocused();
});

test('the other parts take the room of those that are hidden', { tag: '@cpu' }, async ({ lucida, page }) => {
  for (const [width, two] of [
    [1000, false],
    [1400, false],
    [1400, true],
  ]) {
    await page.setViewportSize({ width, height: 900 });
    await lucida.openView(two ? 'board?class=cat&second=dog' : 'board', { query: '?hide=palette,sureness,network' });
    await lucida.expectLive('board', two ? 2 : 1);
    const [room, stage, figures] = await Promise.all(
      ['.room', 'cl-board-stage', '.figures'].map((name) => page.locator(`cl-board ${name}`).boundingBox()),
    );
    expect(stage.x - room.x).toBeLessThan(room.width / 6);
    const right = room.x + room.width - figures.x - figures.width;
    expect(right).toBeLessThan(room.width / 6);
  }
});

test(
  'on a phone half a sticker tells that the palette scrolls, and three pictures are no smaller than two',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    for (const width of [360, 412, 560]) {
      await page.setViewportSize({ width, height: 740 });
      await lucida.openView('board?class=cat&second=dog');
      const palette = await page.locator('cl-board-palette .palette').boundingBox();
      const cut = await page.locator('cl-board-palette button').evaluateAll((buttons, edge) => {
        const { left, width } = buttons.map((one) => one.getBoundingClientRect()).find(({ right }) => right > edge);
        return (edge - left) / width;
      }, palette.x + palette.width);
      expect(cut).toBeGreaterThan(0.3);
      expect(cut).toBeLessThan(0.8);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole('button', { name: 'Beside it' }).click();
    for (const picture of await page.locator('cl-board-stage, cl-board-heat').all())
      expect((await picture.boundingBox()).width).toBeGreaterThan(150);
  },
);

test('keys undo wherever the focus is in the view', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  const count = async () => (await sceneOf(page)).length;
  for (const place of [
    sticker(page, 'cat'),
    page.getByRole('button', { name: 'Add dog' }),
    page.getByLabel('Background'),
    sureness(page, 'cat'),
  ]) {
    await place.focus();
    await page.keyboard.press('Control+z');
    expect(await count()).toBe(0);
    await page.getByRole('button', { name: 'Empty the board' }).focus();
    await page.keyboard.press('Control+Shift+z');
    expect(await count()).toBe(1);
    await lucida.expectLive('board');
  }
});

test('a link restores the board exactly', { tag: '@cpu' }, async ({ lucida, page, context }) => {
  await board({ lucida });
  await lucida.drag(await lucida.placeOf('cat'), await lucida.onBoard(0.4137, 0.3291));
  await page.mouse.wheel(0, -77);
  await sticker(page, 'cat').press(']');
  await page.getByLabel('Background').selectOption('gradient');
  await sureness(page, 'dog').click();
  await page.getByRole('button', { name: 'Compare with a second class' }).click();
  await page.getByLabel('Compared with').selectOption('bicycle');
  await page.getByLabel('Trained on scenes of stickers').selectOption('mobilenet-scenes');
  await lucida.expectLive('board', 2);
  const address = () => page.evaluate(() => globalThis.camLucida.page.address());
  const [link, scene, pixels] = [await address(), await sceneOf(page), await lucida.pixels(canvasOf(page))];
  const drawn = await Promise.all([0, 1].map((i) => lucida.pixels(figuresOf(page).nth(i).locator('canvas'))));

  const other = await context.newPage();
  await other.goto(link);
  await expect.poll(() => other.evaluate(() => globalThis.camLucida?.elements.get('board')?.settled)).toBe(true);
  expect(await sceneOf(other)).toEqual(scene);
  expect(await lucida.pixels(canvasOf(other))).toBe(pixels);
  await expect(figuresOf(other)).toHaveCount(2);
  await expect(other.locator('cl-board figure.heat.stale, cl-board figure.heat.empty')).toHaveCount(0);
  for (const i of [0, 1]) expect(await lucida.pixels(figuresOf(other).nth(i).locator('canvas'))).toBe(drawn[i]);
  await expect(other.getByLabel('Trained on scenes of stickers')).toHaveValue('mobilenet-scenes');
  await expect(other.getByLabel('Heatmap for', { exact: true })).toHaveValue('dog');
  await expect.poll(() => other.evaluate(() => globalThis.camLucida.page.address())).toBe(link);
  await other.close();

  // Within the page, too: another link, and back.
  await page.evaluate(() => (location.hash = '#board?scene=upset'));
  await expect.poll(async () => (await sceneOf(page))[0].class).toBe('elephant');
  await lucida.expectLive('board');
  await page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await expect.poll(() => sceneOf(page)).toEqual(scene);
  await lucida.expectLive('board', 2);
  expect(await lucida.pixels(canvasOf(page))).toBe(pixels);
});

test('a link that names what is not there shows the rest, and says so', { tag: '@cpu' }, async ({ lucida, page }) => {
  await board({ lucida }, 'board?stickers=cat@0.5@0.5@0.4@0,unicorn@0.2@0.2@0.3@0&background=moon&class=cat');
  expect(await sceneOf(page)).toEqual([{ class: 'cat', x: 0.5, y: 0.5, size: 0.4, angle: 0 }]);
  expect((await stateOf(page)).background).toBe(null);
  await page.waitForTimeout(1500); // longer than it takes until the result is read aloud
  await expect(lucida.alert).toContainText('“background=moon”');
  await expect(lucida.alert).toContainText('unicorn');
  expect(await explained(page)).toEqual(['cat']);
});

test(
  'a link with a wrong sticker shows the others and says which is left out, also where the board is open',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const stickers = (wrong) => `board?stickers=dog@0.3@0.5@0.3@0,${wrong},bus@0.7@0.5@0.3@0`;
    await lucida.openView(stickers('cat@7@0.5@0.3@0'));
    await lucida.expectLive('board');
    const laid = page.locator('cl-board .sticker');
    await expect(laid).toHaveCount(2);
    await expect(lucida.alert).toContainText('“stickers=cat@7@0.5@0.3@0”');
    await page.evaluate((hash) => (location.hash = hash), stickers('unicorn@0.5@0.5@0.3@0'));
    await expect(lucida.alert).toContainText('“stickers=unicorn”');
    await expect(lucida.alert).not.toContainText('cat@7');
    await expect(laid).toHaveCount(2);
  },
);

test('a drag writes the state no more often than the screen shows it', { tag: '@cpu' }, async ({ lucida, page }) => {
  await oneCat({ lucida, page });
  const counts = await sticker(page, 'cat').evaluate(
    (cat) =>
      new Promise((resolve) => {
        let written = -1; // the subscription itself
        const stop = globalThis.camLucida.page.states.board.subscribe(() => written++);
        const key = () => cat.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }));
        for (let i = 0; i < 10; i++) key();
        const atOnce = written;
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            stop();
            resolve({ atOnce, written });
          }),
        );
      }),
  );
  expect(counts).toEqual({ atOnce: 0, written: 1 });
  expect((await stateOf(page)).stickers).toEqual(await sceneOf(page));
});

test('the board is examined with every method, by the class that was chosen', { tag: '@cpu' }, async ({ lucida, page }) => {
  await board({ lucida });
  await sureness(page, 'dog').click();
  await lucida.expectLive('board');
  await page.getByRole('button', { name: 'Examine this board with every method' }).click();
  await expect(page).toHaveURL(/#explain\?/);
  await expect(page.getByRole('main', { name: 'Explain' })).toBeFocused(); // the focus is not lost
  const { picture, model, classes } = await lucida.state();
  expect(picture.kind).toBe('board');
  expect(model).toEqual({ kind: 'embedded', name: 'resnet-scenes' });
  expect(await page.evaluate(([id]) => globalThis.camLucida.elements.get('board').explanation.model.labels[id], classes)).toBe('dog');
  await lucida.expectPicture('sticker-board.png');
  await lucida.expectResult();
  await expect(lucida.heading).toContainText(/dog/i);
});

test('before the first answer nothing is said of what the network suspects', { tag: '@cpu' }, async ({ lucida, page }) => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/models/**/*.safetensors', async (route) => {
    await held;
    await route.continue();
  });
  await lucida.openView('board');
  const group = page.getByRole('group', { name: 'How sure is the network?' });
  await expect(page.getByRole('heading', { name: 'How sure is the network?' })).toBeVisible();
  await expect(group).toBeEmpty();
  release();
  await lucida.expectLive('board');
  await expect(group.getByRole('button')).not.toHaveCount(0);
});

test('a navigation counts, also when the board’s address is written before the page hears of it', async ({ lucida, page }) => {
  await board({ lucida });
  await page.evaluate(() => {
    const { hash } = location;
    location.hash = '#explain';
    history.replaceState(null, '', hash || '#board'); // as a write does that was due in between
  });
  await expect(page.locator('cl-explain')).toBeVisible();
  await expect(page).toHaveURL(/#explain/);
});

test('a view that nobody looks at computes nothing, and goes on when it is looked at again', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.patchWorker();
  await oneCat({ lucida, page });
  await lucida.order({ slow: 3000 });
  await sticker(page, 'cat').press('ArrowRight');
  await expect(figuresOf(page)).toHaveClass(/stale/);
  const glances = await countGlances(page);
  await page.evaluate(() => Object.assign(globalThis.camLucida.elements.get('board'), { active: false }));
  await expect
    .poll(() => page.evaluate(() => globalThis.camLucida.elements.get('board').equipment.following.mark.peek().stopped))
    .toBe(true);
  await lucida.order({ slow: 0 });
  await page.evaluate(() => globalThis.camLucida.elements.get('board').scene.setBackground('plain'));
  await page.waitForTimeout(300);
  expect(await glances()).toBe(0);
  await expect(lucida.alert).toBeEmpty(); // it was no failure
  await page.evaluate(() => Object.assign(globalThis.camLucida.elements.get('board'), { active: true }));
  await lucida.expectLive('board');
  expect(await glances()).toBe(1);
});

test('a worker that ends while the board is computed is told of, and the board goes on', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.patchWorker();
  await oneCat({ lucida, page });
  await lucida.order({ slow: 60_000 });
  await sticker(page, 'cat').press('ArrowRight');
  await expect(figuresOf(page).locator('.behind')).toBeVisible();
  await lucida.killWorker();
  await expect(lucida.alert).toContainText('The engine stopped.');
  await expect(page.getByText('out of date')).toBeVisible();
  await sticker(page, 'cat').press('ArrowRight');
  await lucida.expectLive('board');
  await expect(lucida.alert).toBeEmpty();
});

test(
  'a screen reader hears what was added, removed and undone, and where a moved sticker lies',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await board({ lucida });
    const says = (words) => expect(lucida.status).toHaveText(words);
    await press(page, 'pizza');
    await says(/^Added: pizza, 50 ?% from the left, 50 ?% from the top, 36 ?% wide\.$/);
    await says(/^Cat: \d+ ?% sure\.$/);
    await sticker(page, 'pizza').press('ArrowRight');
    await sticker(page, 'pizza').press(']');
    await says(/^Pizza, 52 ?% from the left, 50 ?% from the top, 36 ?% wide, turned by 10°\. Cat: \d+ ?% sure\.$/);
    await sticker(page, 'pizza').press('Delete');
    await says('Removed: pizza.');
    await undo(page).click();
    await says('Undone. The board now shows cat, bicycle, dog, and pizza.');
    await page.getByRole('button', { name: 'Empty the board' }).click();
    await says('The board is now empty.');
  },
);

test('board and heatmap are seen at once without scrolling', { tag: '@cpu' }, async ({ lucida, page }) => {
  for (const [width, height] of [
    [1280, 720],
    [1024, 768],
    [768, 1024],
  ]) {
    await page.setViewportSize({ width, height });
    await board({ lucida });
    for (const one of [canvasOf(page), figuresOf(page).locator('canvas'), page.getByRole('toolbar', { name: 'Stickers' })]) {
      await expect(one).toBeInViewport({ ratio: 1 });
    }
    const [left, right] = [await canvasOf(page).boundingBox(), await figuresOf(page).locator('canvas').boundingBox()];
    expect(right.x).toBeGreaterThanOrEqual(left.x + left.width);
    expect(right.y).toBeCloseTo(left.y, 0);
    expect(right.width).toBeCloseTo(left.width, 0);
    expect(left.width).toBeGreaterThan(280);
  }
});

test.describe('on a phone', () => {
  const { viewport, ...phone } = devices['Pixel 5'];
  test.use({ userAgent: phone.userAgent, deviceScaleFactor: 2, isMobile: true, hasTouch: true, viewport: { width: 360, height: 740 } });

  /** That all of the board, its heatmap and the palette are in sight, and nothing is between them. */
  async function expectTogether(page) {
    const palette = page.getByRole('toolbar', { name: 'Stickers' });
    for (const one of [canvasOf(page), figuresOf(page).locator('canvas'), palette]) await expect(one).toBeInViewport({ ratio: 1 });
    const [{ y, height }, below] = [await canvasOf(page).boundingBox(), await palette.boundingBox()];
    return below.y - (y + height);
  }

  test(
    'the heatmap lies over the board while a finger drags, with the palette right under it',
    { tag: '@cpu' },
    async ({ lucida, page, context }) => {
      await board({ lucida });
      expect(await expectTogether(page)).toBeLessThan(16);
      const [under, over] = [await canvasOf(page).boundingBox(), await figuresOf(page).locator('canvas').boundingBox()];
      for (const side of ['x', 'y', 'width', 'height']) expect(over[side]).toBeCloseTo(under[side], 0);
      const before = await lucida.pixels(figuresOf(page).locator('canvas'));

      const touch = await fingers(page, context);
      const [x, y] = await lucida.placeOf('cat');
      await touch('touchStart', [x, y]);
      for (const step of [20, 40, 60]) await touch('touchMove', [x + step, y - step]);
      expect(await expectTogether(page)).toBeLessThan(16);
      await lucida.expectLive('board');
      expect(await lucida.pixels(figuresOf(page).locator('canvas'))).not.toBe(before);
      expect(await page.evaluate(() => scrollY)).toBe(0);
      await touch('touchEnd');
      expect((await sceneOf(page)).at(-1).class).toBe('cat');
      await expect(page.getByText(/^Cat: \d+ ?% sure$/)).toBeInViewport({ ratio: 1 });
    },
  );

  test(
    'the heatmap lies beside the board on demand, and the plain board is a press away',
    { tag: '@cpu' },
    async ({ lucida, page, context }) => {
      await board({ lucida });
      await page.getByRole('button', { name: 'Board only' }).click();
      await expect(figuresOf(page)).toHaveCount(0);
      await page.getByRole('button', { name: 'Board only' }).click();
      await lucida.expectLive('board');

      await page.getByRole('button', { name: 'Beside it' }).click();
      await lucida.expectLive('board');
      expect(await lucida.coloursShown(figuresOf(page).locator('canvas'))).toBeGreaterThan(1000);
      await expectTogether(page);
      const [left, right] = [await canvasOf(page).boundingBox(), await figuresOf(page).locator('canvas').boundingBox()];
      expect(right.x).toBeGreaterThanOrEqual(left.x + left.width);
      expect(right.y).toBeCloseTo(left.y, 0);
      const touch = await fingers(page, context);
      const [x, y] = await lucida.placeOf('cat');
      await touch('touchStart', [x, y]);
      await touch('touchMove', [x + 30, y - 20]);
      await expectTogether(page);
      await touch('touchEnd');
      await lucida.expectLive('board');
    },
  );

  test('of two heatmaps either one lies over the board', { tag: '@cpu' }, async ({ lucida, page }) => {
    await board({ lucida }, 'board?class=cat&second=dog');
    const cat = await lucida.pixels(figuresOf(page).locator('canvas'));
    await page.getByRole('button', { name: /^Dog: / }).click();
    await expect(page.getByRole('button', { name: /^Dog: / })).toHaveAttribute('aria-pressed', 'true');
    await expect.poll(() => lucida.pixels(figuresOf(page).locator('canvas'))).not.toBe(cat);
  });
});

test('parts can be hidden', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('board', { query: `${lucida.query ? `${lucida.query}&` : '?'}hide=palette,tools,sureness,network,lead,caption` });
  await lucida.expectLive('board');
  for (const name of ['Stickers', 'The chosen sticker']) await expect(page.getByRole('toolbar', { name })).toHaveCount(0);
  await expect(page.getByRole('group', { name: 'How sure is the network?' })).toHaveCount(0);
  await expect(page.getByLabel('Trained on scenes of stickers')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Play with what the network sees' })).toHaveCount(0);
  await expect(page.getByText('The less sure the network is')).toHaveCount(0);
  await expect(canvasOf(page)).toBeVisible();
});

test('the board speaks Chinese', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('board', { query: `${lucida.query ? `${lucida.query}&` : '?'}lang=zh` });
  await lucida.expectLive('board');
  await expect(page.locator('cl-board figure.heat .title')).toHaveText(/^猫：\d+% 的把握$/);
  await page.getByRole('button', { name: '添加披萨', exact: true }).click();
  await expect(sticker(page, 'pizza')).toHaveAccessibleName(/^披萨，距左边 50%，距上边 50%，宽 36%$/);
  expect(
    await page
      .locator('cl-board')
      .evaluate(
        (view) =>
          /[A-Za-z]{4,}/.exec(
            view.shadowRoot.textContent.replace(
              /ResNet|MobileNet\w*|DenseNet|VGG|ShuffleNet|SqueezeNet|Grad-CAM|layer4|Apache|Delete|Ctrl/g,
              '',
            ),
          )?.[0],
      ),
  ).toBe(undefined);
});

test(
  'the status bar goes as soon as it has nothing to say, and does not fade as an empty one',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.openView('board');
    await lucida.expectLive('board');
    const bar = page.locator('cl-status .bar');
    await page.evaluate(() => globalThis.camLucida.page.statuses.board.say(() => 'said'));
    await expect(bar).toHaveCSS('opacity', '1');
    const opacity = await bar.evaluate(async (bar) => {
      globalThis.camLucida.page.statuses.board.sentence.value = null;
      await bar.getRootNode().host.updateComplete;
      return getComputedStyle(bar).opacity;
    });
    expect(opacity).toBe('0');
  },
);
