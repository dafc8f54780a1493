// What a visitor of Explain counts on: a result before any choice, the newest choice first, nothing lost, nothing silent.
import { readFileSync } from 'node:fs';
import { colours, picture, small } from './inputs.mjs';
import { expect, test } from './page.mjs';

const box = (locator) => locator.boundingBox();

/** Drops files on the page. */
async function drop(page, paths) {
  const files = paths.map((file) => ({ name: file.split('/').at(-1), bytes: readFileSync(file).toString('base64') }));
  await page.evaluate(async (given) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of given) transfer.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], name));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, files);
}

/** Saves by a button of the menu Save. */
async function save(page, name) {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('a sample is explained by the default network without a click', { tag: '@cpu' }, async ({ lucida }) => {
  await lucida.showSample();
  await expect(lucida.heading).toContainText(/^\s*Dog \(class 1\)/);
  await expect(lucida.how).toHaveText('Grad-CAM at layer4 of Small ResNet');
  await expect(lucida.top).toHaveCount(5);
  expect(await lucida.coloursShown()).toBeGreaterThan(1000);
});

test('each layer is timed when it is asked for', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const times = page.locator('cl-layer-times');
  await lucida.openDrawers('.caption details');
  const measure = times.getByRole('button', { name: 'Time each layer' });
  await measure.click();
  const row = (name) => times.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  const numbers = async (name) => (await row(name).getByRole('cell').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')));
  await expect(row('conv1')).toBeVisible();
  const layers = (await times.getByRole('rowheader').allInnerTexts()).slice(0, -1);
  expect(layers.at(-1)).toBe('fc');
  const all = await Promise.all(layers.map(numbers));
  for (const [at, [, , bytes]] of all.entries()) expect(bytes, layers[at]).toBeGreaterThan(0);
  const whole = await numbers('The whole pass');
  const sumOf = (column) => all.reduce((sum, cells) => sum + cells[column], 0);
  expect(Math.abs(whole[1] - sumOf(1))).toBeLessThan(0.01 * whole[1]);
  for (const column of [3, 5]) expect(Math.min(whole[column], sumOf(column)), `${column}`).toBeGreaterThan(0);
  // What was found of this network is not told of another one.
  await measure.click();
  await lucida.pickWeights();
  await lucida.expectResult();
  await expect(times.getByRole('row')).toHaveCount(0);
});

test('the heatmap comes first and is the largest, on a phone and on a desk', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await lucida.showSample();
  const [heat, head, classes] = [await box(lucida.overlay), await box(page.locator('cl-header')), await box(page.locator('cl-classes'))];
  expect(heat.width).toBeGreaterThan(300);
  expect(heat.y - (head.y + head.height)).toBeLessThan(40);
  expect(heat.y + heat.height).toBeLessThan(740);
  expect(classes.y).toBeGreaterThan(heat.y + heat.height);

  await page.setViewportSize({ width: 1280, height: 800 });
  const [wide, beside, last] = [await box(lucida.overlay), await box(page.locator('cl-classes')), await box(page.locator('cl-method'))];
  expect(wide.width).toBeGreaterThan(450);
  expect(beside.x).toBeGreaterThan(wide.x + wide.width);
  expect(last.x + last.width).toBeGreaterThan(1200); // no empty half
  const { height } = page.viewportSize();
  for (const part of [lucida.overlay, lucida.heading, page.locator('cl-legend')]) {
    const { y, height: tall } = await box(part);
    expect(y + tall).toBeLessThan(height);
  }
});

test('nothing is wider than a narrow phone, nor than a projector', { tag: '@cpu' }, async ({ lucida, page }) => {
  for (const [width, query] of [
    [320, ''],
    [320, '?lang=zh'],
    [1280, '?theme=projector'],
  ]) {
    await page.setViewportSize({ width, height: 800 });
    await lucida.showSample('explain', { query });
    await lucida.openDrawers('details');
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), `${width} ${query}`).toBeLessThanOrEqual(width);
    const { x, width: wide } = await box(page.locator('cl-appearance'));
    expect(x + wide).toBeLessThanOrEqual(width);
  }
});

test('parts can be hidden, and the heatmap takes their room', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await lucida.showSample('explain', { query: '?hide=classes,picture,network,method,layers,appearance,save,header' });
  for (const name of ['classes', 'method', 'layers', 'appearance', 'save', 'picture-source', 'model-picker']) {
    await expect(page.locator(`cl-${name}`)).toHaveCount(0);
  }
  expect((await box(lucida.overlay)).width).toBeGreaterThan(450);
});

test('several classes have a map each, side by side, and the link keeps them', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await page.getByRole('button', { name: 'Compare cat' }).click();
  await expect(lucida.view.locator('figure.heat')).toHaveCount(2);
  await lucida.expectResult();
  const [dog, cat] = [lucida.view.locator('figure.heat').nth(0), lucida.view.locator('figure.heat').nth(1)];
  await expect(dog).toContainText('Dog');
  await expect(cat).toContainText('Cat');
  expect(await lucida.pixels(dog.locator('canvas').first())).not.toBe(await lucida.pixels(cat.locator('canvas').first()));
  const [left, right] = [await box(dog), await box(cat)];
  expect([right.y, right.x > left.x]).toEqual([left.y, true]);
  await expect.poll(() => page.evaluate(() => location.hash)).toContain('class=1,0');

  const before = await lucida.pixels(cat.locator('canvas').first());
  await page.reload();
  await lucida.expectResult();
  expect(await lucida.pixels(cat.locator('canvas').first())).toBe(before);

  await page.getByRole('button', { name: 'Compare cat' }).click();
  await expect(lucida.view.locator('figure.heat')).toHaveCount(1);
  await lucida.expectResult();
  await expect(page.getByRole('button', { name: 'Compare dog' })).toBeDisabled();
});

test("classes are named in the page's language, and found by either", { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample('explain', { query: '?lang=zh' });
  await expect(lucida.top.first()).toContainText('狗');
  await expect(lucida.heading).toContainText('狗（类别 1）');
  const search = page.getByRole('combobox', { name: '按名称或编号搜索所有类别' });
  for (const words of ['老虎', 'tiger', '2']) {
    await search.fill(words);
    await expect(lucida.view.locator('cl-classes li[role=option]').first()).toContainText('老虎');
  }
  await search.press('Enter');
  await expect(lucida.heading).toContainText('老虎');
});

test('the search is worked by keys alone, and tells how many classes match', { tag: '@cpu' }, async ({ lucida }) => {
  await lucida.showSample();
  const told = lucida.view.locator('cl-classes [aria-live=polite]');
  await lucida.search.fill('zzz');
  await expect(told).toHaveText('No class matches.');
  await lucida.search.fill('tig');
  await expect(told).toHaveText('1 class matches.');
  await lucida.search.fill('');
  await expect(told).toHaveText('32 classes match.');
  await expect(lucida.search).toHaveAttribute('aria-expanded', 'true');
  await lucida.search.press('ArrowDown');
  await lucida.search.press('ArrowDown');
  await expect(lucida.view.locator('li[role=option][aria-selected=true]')).toContainText('dog');
  await lucida.search.press('Escape');
  await expect(lucida.search).toHaveAttribute('aria-expanded', 'false');
  await lucida.search.fill('bicycle');
  await lucida.search.press('Enter');
  await expect(lucida.heading).toContainText('Bicycle');
  await expect(lucida.search).toBeFocused();
});

test('a class chosen by keyboard keeps the focus', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const cat = page.getByRole('button', { name: 'cat 100' });
  await cat.focus();
  await cat.press('Enter');
  await expect(lucida.heading).toContainText('Cat');
  await lucida.expectResult();
  await expect(cat).toBeFocused();
});

test('a contrast names the other class, starts with the runner-up, and is never with itself', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await lucida.openDrawers();
  await page.getByLabel('What the heatmap explains').selectOption('contrast:ID');
  await expect(lucida.how).toHaveText(/, rather than cat$/);
  await expect(lucida.view.locator('.rival')).toHaveText('The other class: cat');
  await page.getByRole('button', { name: 'cat 100' }).click();
  await expect(lucida.how).toHaveText(/, rather than dog$/);
  const other = page.getByRole('combobox', { name: /the other class/ });
  await other.fill('bicycle');
  await other.press('Enter');
  await expect(lucida.how).toHaveText(/, rather than bicycle$/);
  await expect(lucida.alert).toBeEmpty();
});

test('a choice during a long computation is marked at once, and wins', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await lucida.method.selectOption('rise');
  await expect(lucida.steps).toContainText(/^\d+ of 1,000/);
  const took = await page.evaluate(async () => {
    const { controller } = globalThis.camLucida.elements.get('explain');
    const view = globalThis.camLucida.elements.get('explain').shadowRoot;
    const begun = performance.now();
    view.querySelector('cl-method').shadowRoot.querySelector('#method').value = 'grad-cam';
    view.querySelector('cl-method').shadowRoot.querySelector('#method').dispatchEvent(new Event('change'));
    view.querySelector('cl-classes').shadowRoot.querySelector('button.class[data-id="0"]').click();
    const figure = () => view.querySelector('cl-heatmap').shadowRoot.querySelector('figure');
    await view.querySelector('cl-heatmap').updateComplete;
    await new Promise(requestAnimationFrame);
    const marked = figure().classList.contains('stale');
    while (!controller.settled) await new Promise((resolve) => setTimeout(resolve, 5));
    return { marked, milliseconds: performance.now() - begun };
  });
  await expect(lucida.heading).toContainText('Cat');
  await expect(lucida.how).toContainText('Grad-CAM at');
  expect(took.marked).toBe(true);
  expect(took.milliseconds).toBeLessThan(1500); // a step of RISE ends, then a whole Grad-CAM
});

test('after Cancel the choice is kept, the old map is marked, and one press computes it', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await lucida.method.selectOption('rise');
  await lucida.set('Random masks', 600);
  await page.getByRole('button', { name: 'cat 100' }).click();
  await lucida.cancel.click();
  await expect(lucida.figure).toHaveClass(/stale/);
  await expect(lucida.figure.locator('.behind')).toHaveText('out of date');
  await expect(page.getByRole('button', { name: 'cat 100' })).toHaveAttribute('aria-pressed', 'true');
  await lucida.again.click();
  await lucida.expectHow(/^RISE of/);
  await expect(lucida.heading).toContainText('Cat');
  await expect(lucida.again).toBeHidden();
});

test('a view that is left does not compute, and goes on when it is back', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await lucida.method.selectOption('rise');
  await expect(lucida.steps).toContainText(/^\d+ of 1,000/);
  await page.evaluate(() => (location.hash = '#bias'));
  await expect(lucida.view).toBeHidden();
  await expect.poll(() => page.evaluate(() => globalThis.camLucida.elements.get('explain').controller.busy.value)).toBe(false);
  await page.goBack();
  await expect(lucida.steps).toContainText(/^\d+ of 1,000/);
});

test('picture, weights and names dropped together leave no error', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample('explain?layer=layer3');
  await drop(page, [colours.file, colours.scene, colours.labels]);
  await lucida.expectPicture('colours.png');
  await lucida.expectResult();
  await expect(lucida.heading).toContainText(/(red|green|blue) \(class \d\)/i);
  await expect(lucida.alert).toBeEmpty();
  expect((await lucida.state()).layers).toEqual([]);
});

test('files are taken where the parts that ask for them are hidden', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample('explain', { query: '?hide=picture,network' });
  await drop(page, [colours.file, colours.scene, colours.labels]);
  await lucida.expectPicture('colours.png');
  await lucida.expectResult();
  await expect(lucida.heading).toContainText(/(red|green|blue) \(class \d\)/i);
  await expect(lucida.alert).toBeEmpty();
});

test('another architecture takes its own default layer, even where the old name exists', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample('explain?model=embedded:squeezenet-scenes');
  const layers = () =>
    page.evaluate(() => {
      const { model, explanation } = globalThis.camLucida.elements.get('explain').controller;
      return {
        names: model.value.layers.map(({ name }) => name),
        standard: model.value.default_layer,
        shown: explanation.value.layers[0],
        network: explanation.value.model.network,
      };
    });
  const first = await layers();
  await page.getByLabel('Small MobileNetV2').check();
  await expect.poll(async () => (await layers()).network).toBe('mobilenet_v2_small');
  const shared = (await layers()).names.find((name) => first.names.includes(name));
  expect(shared).toBeTruthy();
  await page.getByLabel('Layer', { exact: true }).selectOption(shared);
  await expect.poll(async () => (await layers()).shown).toBe(shared);
  await page.getByLabel('Small SqueezeNet').check();
  await expect.poll(async () => (await layers()).network).toBe('squeezenet_small');
  await lucida.expectResult();
  expect((await layers()).shown).toBe(first.standard);
  await expect(page.getByLabel('Layer', { exact: true })).toHaveValue(first.standard);
});

test(
  'a photograph before a network of stickers is told, and one for photographs is offered, the smallest',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.showSample();
    await expect(lucida.view.locator('.doubt')).toHaveCount(0);
    await lucida.pickPicture(picture);
    await lucida.expectPicture();
    await expect(lucida.view.locator('.doubt')).toContainText('name of a sticker');
    const smallest = await page.evaluate(async () => {
      const { zoo } = await globalThis.camLucida.page.embedded;
      return zoo.filter(({ classes }) => classes === 1000).sort((a, b) => a.bytes - b.bytes)[0].title;
    });
    await expect(lucida.view.locator('.doubt .offer')).toContainText(smallest);
    await lucida.pickWeights(small);
    await lucida.expectResult();
    await expect(lucida.view.locator('.doubt')).toHaveCount(0);
  },
);

test('each block shows what it gives for the chosen class, and is chosen by a press', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await lucida.showSample();
  const previews = lucida.view.locator('.previews button');
  await expect(previews).toHaveCount(6);
  const last = previews.last().locator('canvas');
  await expect(last).not.toHaveClass(/empty/);
  const all = await Promise.all((await previews.locator('canvas').all()).map((canvas) => lucida.pixels(canvas)));
  expect(new Set(all).size).toBe(6);

  await previews.first().click();
  const name = await previews.first().getAttribute('data-layer');
  await expect(lucida.how).toContainText(`at ${name} of`);
  await expect(previews.first()).toHaveAttribute('aria-pressed', 'true');
  await lucida.expectResult();

  await page.getByRole('button', { name: 'cat 100' }).click();
  await lucida.expectResult();
  await expect.poll(() => lucida.pixels(previews.nth(4).locator('canvas'))).not.toBe(all[4]);
});

test('the pointer and the arrow keys read the value of the map', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const { data, width, height } = await lucida.rawMap();
  const peak = data.indexOf(Math.max(...data));
  const { x, y, width: wide, height: tall } = await box(lucida.overlay);
  const chip = lucida.view.locator('cl-readout .chip');
  await page.mouse.move(x + (((peak % width) + 0.5) / width) * wide, y + ((Math.floor(peak / width) + 0.5) / height) * tall);
  await expect(chip).toHaveText(/^Dog: (99|100)% of the maximum$/);
  await page.mouse.move(x + wide * 0.05, y + tall * 0.05);
  await expect(chip).toHaveText(/^Dog: [0-9]% of the maximum$/);
  await page.mouse.move(x + wide / 2, y - 20);
  await expect(chip).toBeHidden();

  const area = page.getByRole('application', { name: 'Values of the heatmap for dog', exact: true });
  await area.focus();
  await area.press('ArrowRight');
  await expect(chip).toHaveText(/^Dog: \d+% of the maximum$/);
  await expect(lucida.view.locator('cl-readout [aria-live=polite]')).toHaveText(
    /^Dog: \d+% of the maximum, 52% from the left, 50% from the top$/,
  );
  await area.press('Escape');
  await expect(chip).toBeHidden();
});

test('the picture alone is shown as long as it is pressed', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const { x, y, width, height } = await box(lucida.overlay);
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await expect(lucida.view.locator('canvas.original')).toBeVisible();
  await page.mouse.up();
  await expect(lucida.view.locator('canvas.original')).toBeHidden();
});

test('the map is saved as pictures, as numbers and as a result', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const saved = (name) => save(page, name);
  const overlay = await saved('Picture with heatmap');
  expect(overlay.name).toBe('meadow-grad-cam-dog.png');
  expect(await lucida.differenceFrom(overlay.bytes)).toBe(0);

  const heatmap = await saved('Heatmap alone');
  expect(heatmap.bytes.subarray(1, 4).toString()).toBe('PNG');
  const captioned = await saved('With legend and caption');
  const side = (bytes) => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  expect(side(captioned.bytes)[1]).toBeGreaterThan(side(overlay.bytes)[1] + 80);

  const map = await lucida.rawMap();
  const array = await saved('Values for NumPy');
  const start = 10 + array.bytes.readUInt16LE(8);
  expect(array.bytes.subarray(10, start).toString()).toContain(`'shape': (${map.channels}, ${map.height}, ${map.width})`);
  expect(Array.from({ length: map.data.length }, (_, i) => array.bytes.readFloatLE(start + 4 * i))).toEqual(map.data);

  const table = await saved('Values as a table');
  expect(table.bytes.toString().trim().split('\n').length).toBe(map.height);

  const result = JSON.parse((await saved('Result with all settings')).bytes);
  expect([result.method, result.layers, result.network.title, result.classes[0].name]).toEqual([
    'grad-cam',
    ['layer4'],
    expect.any(String),
    'dog',
  ]);
  expect(result.link).toContain('#explain');
  expect(result.classes[0].map.max).toBeCloseTo(Math.max(...map.data), 6);
});

test('the menu Save is worked by keys, stays at its button and gives the focus back', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 390, height: 700 });
  await lucida.showSample();
  const open = page.getByRole('button', { name: 'Save', exact: true });
  const entries = page.locator('cl-save #menu button');
  await open.focus();
  await page.keyboard.press('ArrowDown');
  await expect(entries.first()).toBeFocused();
  await expect(entries.first()).toContainText(/PNG, \d+ × \d+/);
  await page.keyboard.press('ArrowDown');
  await expect(entries.nth(1)).toBeFocused();
  for (const [key, at] of [
    ['End', 7],
    ['ArrowDown', 0],
    ['ArrowUp', 7],
    ['Home', 0],
  ]) {
    await page.keyboard.press(key);
    await expect(entries.nth(at)).toBeFocused();
  }
  await page.keyboard.press('Escape');
  await expect(open).toBeFocused();

  await open.click();
  const gap = async () => {
    const [button, menu] = [await box(open), await box(page.locator('cl-save #menu'))];
    return Math.min(Math.abs(menu.y - button.y - button.height), Math.abs(button.y - menu.y - menu.height));
  };
  expect(await gap()).toBeLessThan(2);
  await page.mouse.wheel(0, 60);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(30);
  await expect.poll(gap).toBeLessThan(2);
  const [download] = await Promise.all([page.waitForEvent('download'), entries.first().click()]);
  expect(download.suggestedFilename()).toContain('.png');
  await expect(open).toBeFocused();
});

test('what is saved is of what is shown, while a newer choice is under way', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample('explain?picture=sample:cats&class=2&method=layer-cam');
  await page.evaluate(() => {
    globalThis.camLucida.engine.explain = () => new Promise(() => {});
  });
  await lucida.method.selectOption('rise');
  await page.getByRole('button', { name: 'Cat, dog and bicycle' }).click();
  await lucida.expectPicture('meadow.png');
  await expect(lucida.figure).toHaveClass(/stale/);
  const { name, bytes } = await save(page, 'Result with all settings');
  const { picture: shown, classes, method, link } = JSON.parse(bytes);
  expect(name).toBe('cats-layer-cam.json');
  expect([shown.name, classes.map(({ id }) => id), method]).toEqual(['cats.png', [2], 'layer-cam']);
  expect(link).toMatch(/#explain\?picture=sample:cats&class=2&method=layer-cam$/);
});

test(
  'beside a running method pictures are saved at once, and values after it, of what was shown',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.patchWorker();
    await lucida.showSample();
    const note = lucida.view.locator('.saving');
    const map = await lucida.rawMap();
    await lucida.order({ block: 12_000 });
    await lucida.method.selectOption('layer-cam');
    await expect(lucida.working).toBeVisible();
    const overlay = await save(page, 'Picture with heatmap');
    await expect(lucida.working).toBeVisible(); // it is still at it
    expect(overlay.name).toBe('meadow-grad-cam-dog.png');
    expect(await lucida.differenceFrom(overlay.bytes)).toBe(0);
    await expect(note).toHaveText('Saved: meadow-grad-cam-dog.png.');

    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Values for NumPy' }).click();
    await expect(note).toHaveText('Saving after the running computation…');
    const file = await download;
    expect(file.suggestedFilename()).toBe('meadow-grad-cam-dog.npy');
    const bytes = readFileSync(await file.path());
    const start = 10 + bytes.readUInt16LE(8);
    expect(Array.from({ length: map.data.length }, (_, i) => bytes.readFloatLE(start + 4 * i))).toEqual(map.data);
    await lucida.expectHow(/^LayerCAM/);
    await expect(note).toBeEmpty();
  },
);

test('a picture alone that failed is not asked for until it is wanted again', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await page.evaluate(() => {
    const { engine } = globalThis.camLucida;
    globalThis.originals = 0;
    engine.original = () => {
      globalThis.originals++;
      return Promise.reject(new Error('no original'));
    };
  });
  const alone = lucida.view.locator('button.alone');
  await alone.click();
  await expect(lucida.alert).toContainText('No original');
  await page.evaluate(async () => {
    const view = globalThis.camLucida.elements.get('explain');
    for (let time = 0; time < 5; time++) {
      view.requestUpdate();
      await view.updateComplete;
      await new Promise((resolve) => setTimeout(resolve));
    }
  });
  expect(await page.evaluate(() => globalThis.originals)).toBe(1);
  await alone.click();
  await alone.click();
  await expect.poll(() => page.evaluate(() => globalThis.originals)).toBe(2);
});

test(
  "picture and link are copied, and a link says that it cannot bring one's own files",
  { tag: '@cpu' },
  async ({ lucida, page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await lucida.showSample('explain?class=0');
    const copy = async (name) => {
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('button', { name }).click();
    };
    await copy('Copy the link');
    await expect(lucida.status).toHaveText('The link is on the clipboard.');
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/lang=en#explain\?class=0$/);
    await copy('Copy the picture');
    await expect(lucida.status).toHaveText('The picture is on the clipboard.');
    expect(await page.evaluate(async () => (await navigator.clipboard.read())[0].types)).toContain('image/png');
    await lucida.pickPicture(picture);
    await lucida.expectPicture();
    await lucida.expectResult();
    await copy('Copy the link');
    await expect(lucida.status).toHaveText(/cannot carry your own files/);
  },
);

test('a link restores every choice, the seed included', { tag: '@cpu' }, async ({ lucida, page }) => {
  const hash =
    'explain?picture=sample:cats&model=embedded:mobilenet-scenes&class=2&method=smooth-grad-cam%2B%2B&set=samples:3,seed:5&colormap=viridis&opacity=0.8';
  await lucida.showSample(hash);
  const { pixels } = await lucida.shown();
  const first = await lucida.rawMap();
  await page.goto('about:blank');
  await lucida.showSample(hash);
  expect((await lucida.shown()).pixels).toBe(pixels);
  await lucida.set('Seed of the random numbers', 6);
  await lucida.expectResult();
  expect((await lucida.rawMap()).data).not.toEqual(first.data);
});
