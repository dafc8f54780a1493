// The main job: a picture, a network and a class give a heatmap, and the choices change it.
import { serve } from '../../scripts/serve.mjs';
import { colours, dist, nativeOverlay, picture, small } from './inputs.mjs';
import { expect, test } from './page.mjs';

test('the empty page says that a weight file is needed and how to make one', async ({ lucida }) => {
  await lucida.withoutSamples();
  await lucida.open();
  await expect(lucida.view.locator('p.empty')).toHaveText(/Choose a picture and a network/);
  await expect(lucida.view.locator('cl-own-network pre')).toContainText('save_file(model.state_dict(), "squeezenet1_1.safetensors")');
});

test('weights, a picture and a class give an overlay', async ({ lucida }) => {
  await lucida.withoutSamples();
  await lucida.open();
  await lucida.pickWeights();
  await expect(lucida.view.locator('cl-model-picker .open')).toContainText(`${small.classes} classes`);
  await expect(lucida.view.locator('p.empty')).toHaveText(/Choose a picture\./);
  await lucida.pickPicture();
  await lucida.expectResult();
  await expect(lucida.top).toHaveCount(5);
  await expect(lucida.view.locator('cl-classes .top button.class[aria-pressed=true]')).toHaveCount(1);
  const first = await lucida.shown();

  await lucida.view.locator('cl-classes .top button.class[aria-pressed=false]').first().click();
  await lucida.expectResult();
  expect((await lucida.shown()).caption).not.toBe(first.caption);
  expect((await lucida.shown()).pixels).not.toBe(first.pixels);
});

test('the drawn pixels equal the native overlay, by every formula', async ({ lucida, page }) => {
  await lucida.showFirst();
  await lucida.showClass(4);
  const formulas = await page
    .getByLabel('Overlay')
    .locator('option')
    .evaluateAll((options) => options.map(({ value }) => value));
  expect(formulas.length).toBeGreaterThan(1);
  for (const formula of formulas) {
    await page.getByLabel('Overlay').selectOption(formula);
    await expect.poll(() => lucida.differenceFrom(nativeOverlay(formula)), formula).toBeLessThanOrEqual(3);
  }
});

test('a flat map is shown as none, and said to be', async ({ lucida }) => {
  await lucida.showFirst();
  await lucida.showClass(3);
  await expect(lucida.figure.locator('.note')).toHaveText('Nothing in this layer speaks for this class.');
  await lucida.showClass(4);
  await expect(lucida.figure.locator('.note')).toBeHidden();
});

test('a network that sees colours is explained by where they are', async ({ lucida, page }, info) => {
  await lucida.open();
  await lucida.pickLabels(colours.labels);
  await lucida.pickWeights(colours);
  await lucida.pickPicture(colours.scene);
  await lucida.expectPicture('colours.png');
  await lucida.expectResult();
  // Of 7 × 7 fields the green square lies in the upper right, the blue diamond in the lower right.
  for (const [index, name, [row, column]] of [
    [1, 'green', [1, 5]],
    [2, 'blue', [5, 5]],
    [0, 'red', [1, 1]],
  ]) {
    await lucida.chooseClass(index);
    await expect(lucida.heading).toContainText(new RegExp(`${name} \\(class ${index}\\)`, 'i'));
    await lucida.expectResult();
    const { data, width } = await lucida.rawMap();
    const highest = data.indexOf(Math.max(...data));
    expect([Math.floor(highest / width), highest % width]).toEqual([row, column]);
  }
  await page.screenshot({ path: info.outputPath('colours.png') });
});

test('opacity, colour map and threshold draw anew without computing anew', async ({ lucida, page }) => {
  await lucida.showFirst();
  const calls = await lucida.countCalls();
  let before = await lucida.shown();
  for (const change of [
    () => page.getByLabel('Opacity').fill('0.9'),
    () => page.getByLabel('Colour map').selectOption('viridis'),
    () => page.getByLabel('Hide values below').fill('0.6'),
  ]) {
    await change();
    await expect.poll(async () => (await lucida.shown()).pixels).not.toBe(before.pixels);
    const after = await lucida.shown();
    expect(after.caption).toBe(before.caption);
    before = after;
  }
  expect(await calls()).toEqual({ explain: 0, draw: 3, glance: 0 });
});

test('another layer gives another map', async ({ lucida, page }) => {
  await lucida.showFirst();
  const [first, firstMap] = [await lucida.shown(), await lucida.rawMap()];
  const layers = page.getByLabel('Layer', { exact: true });
  const name = await layers.locator('option').nth(-4).getAttribute('value');
  await layers.selectOption(name);
  await expect(lucida.how).toContainText(`at ${name} of`);
  await lucida.expectResult();
  expect((await lucida.shown()).pixels).not.toBe(first.pixels);
  expect((await lucida.rawMap()).data).not.toEqual(firstMap.data);
});

test('moving the layer slider fast computes only where it comes to rest', async ({ lucida, page }) => {
  await lucida.showFirst();
  const calls = await lucida.countCalls();
  const slider = page.getByLabel('Depth in the network');
  await slider.focus();
  for (let step = 0; step < 4; step++) await slider.press('ArrowLeft', { delay: 0 });
  const name = await page.getByLabel('Layer', { exact: true }).inputValue();
  await expect(lucida.how).toContainText(`at ${name} of`);
  await lucida.expectResult();
  expect((await calls()).explain).toBeLessThan(4);
});

test('the picture alone is shown on request, and the heatmap comes back', async ({ lucida, page }) => {
  await lucida.showFirst();
  const toggle = page.getByRole('button', { name: 'Show the picture alone' });
  await toggle.click();
  await expect(lucida.view.locator('canvas.original')).toBeVisible();
  await toggle.click();
  await expect(lucida.view.locator('canvas.original')).toBeHidden();
});

test('a picture dropped on the page or pasted is opened', async ({ lucida, page }) => {
  await lucida.open();
  await lucida.pickWeights();
  await lucida.pickPicture(); // the page's own copy of the file, to make events with
  await lucida.expectPicture();
  await lucida.expectResult();
  for (const way of ['drop', 'paste']) {
    await page.evaluate(async (type) => {
      const { file } = globalThis.camLucida.elements.get('explain').controller.picture.value;
      const transfer = new DataTransfer();
      transfer.items.add(new File([await file.arrayBuffer()], `${type}.png`, { type: 'image/png' }));
      const event =
        type === 'drop'
          ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
          : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true });
      document.body.dispatchEvent(event);
    }, way);
    await lucida.expectPicture(`${way}.png`);
    await lucida.expectResult();
  }
});

test('the page works under a sub-path', async ({ lucida }) => {
  const server = await serve(dist, { port: 0, base: '/some/path/' });
  try {
    await lucida.open({ site: server.url });
    await lucida.pickWeights();
    await lucida.pickPicture(picture);
    await lucida.expectPicture();
    await lucida.expectResult();
  } finally {
    await server.close();
  }
});
