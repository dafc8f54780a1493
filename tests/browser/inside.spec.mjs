// Look inside: the sheet has the library's numbers, in colours; what is said of a channel is what the trainer's side found, and is
// fetched only here.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dist, nativeActivations, small } from './inputs.mjs';
import { expect, test } from './page.mjs';

const model = 'resnet-scenes';
const folder = path.join(dist, 'models', model);
const table = () => JSON.parse(readFileSync(path.join(folder, 'channels.json'), 'utf8'));
const labels = () => JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')).id2label;

/** The view, as a person finds what is in it. */
function insideOf(page) {
  const view = page.locator('cl-inside');
  return {
    view,
    tiles: view.locator('.tile'),
    chosen: view.locator('.tile[aria-selected=true]'),
    layer: view.getByLabel('Layer', { exact: true }),
    heading: view.locator('figcaption h3'),
    answer: view.locator('.answer'),
    patches: view.locator('.patches li'),
    choose: (name) => view.getByRole('radio', { name }).check({ force: true }),
  };
}

const settled = (page) => expect.poll(() => page.evaluate(() => globalThis.camLucida?.elements.get('inside')?.settled ?? false)).toBe(true);

/** The sheet of the view, as plain data. */
const sheetOf = (page) =>
  page.evaluate(() => {
    const { sheet } = globalThis.camLucida.elements.get('inside').controller.seen.value;
    return Object.fromEntries(Object.entries(sheet).map(([name, value]) => [name, value instanceof Float32Array ? [...value] : value]));
  });

/** The pixels of a tile: rows of `[r, g, b]`. */
const pixelsOf = (tile) =>
  tile.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 3)]);
  });

const furthest = (found, expected) => found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
const decimal = (value) => value.toFixed(2).replace('-', '−');

test('the numbers of a sheet are those of the library', async ({ lucida, page }) => {
  await lucida.showFirst();
  for (const { layer, rows, columns, min, max, mean, values } of nativeActivations()) {
    await lucida.follow(`#inside?picture=own:picture.png&model=own:${path.basename(small.file)}&layer=${layer}`);
    await settled(page);
    const sheet = await sheetOf(page);
    const scale = Math.max(...max, -Math.min(...min));
    expect(scale).toBeGreaterThan(0);
    expect([sheet.layer, sheet.rows, sheet.columns, sheet.block, sheet.channels]).toEqual([layer, rows, columns, 1, max.length]);
    for (const [name, expected] of Object.entries({ min, max, mean })) {
      expect(furthest(sheet[name], expected) / scale, `${layer}: ${name}`).toBeLessThan(1e-4);
    }
    expect(furthest(sheet.data.slice(0, values.length), values) / scale, layer).toBeLessThan(1e-4);
    await expect(insideOf(page).tiles).toHaveCount(max.length);
  }
});

test('tiles are the values in colours, on one scale or each on its own', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { tiles, choose } = insideOf(page);
  await lucida.openView('inside');
  await settled(page);
  const sheet = await sheetOf(page);
  await expect(tiles).toHaveCount(sheet.channels);
  const { width, height } = sheet;
  const valuesOf = (channel) => sheet.data.slice(channel * width * height, (channel + 1) * width * height);
  const strongest = sheet.max.indexOf(Math.max(...sheet.max));
  const active = sheet.max.findIndex((value) => value > 0 && value < sheet.max[strongest] / 2);
  const lightness = ([r, g, b]) => r + g + b;
  const top = async (channel) => {
    const pixels = await pixelsOf(tiles.nth(channel));
    expect(pixels).toHaveLength(width * height);
    const values = valuesOf(channel);
    // Equal values have equal colours.
    for (const [i, value] of values.entries()) if (value === sheet.min[channel]) expect(pixels[i]).toEqual(pixels[values.indexOf(value)]);
    return pixels[values.indexOf(sheet.max[channel])];
  };
  const shared = { strongest: await top(strongest), active: await top(active) };
  expect(lightness(shared.active)).not.toBe(lightness(shared.strongest));
  await choose('Each its own');
  await expect.poll(() => top(active)).toEqual(shared.strongest);
  expect(await top(strongest)).toEqual(shared.strongest);
  await expect(page).toHaveURL(/scale=own/);

  await choose('Strongest first');
  await expect(tiles.first()).toHaveAttribute('data-channel', String(strongest));
  await expect(page).toHaveURL(/order=strength/);
});

test('a channel is chosen by pointer and by keys, and the link has it', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { tiles, chosen, heading, layer } = insideOf(page);
  await lucida.openView('inside');
  await settled(page);
  const { channels, max } = await sheetOf(page);
  const strongest = max.indexOf(Math.max(...max));
  await expect(chosen).toHaveAttribute('data-channel', String(strongest));
  await expect(heading).toHaveText(`Channel ${strongest} of ${channels}`);

  await tiles.nth(5).click();
  await expect(heading).toHaveText(`Channel 5 of ${channels}`);
  await expect(page).toHaveURL(/channel=5/);
  await expect(chosen).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(heading).toHaveText(`Channel 6 of ${channels}`);
  await page.keyboard.press('ArrowDown');
  const [, below] = await tiles.evaluateAll((all) => {
    const places = all.map(({ offsetLeft, offsetTop }) => [offsetLeft, offsetTop]);
    return [0, places.findIndex(([left, y]) => left === places[6][0] && y > places[6][1])];
  });
  await expect(heading).toHaveText(`Channel ${below} of ${channels}`);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('End');
  await expect(heading).toHaveText(`Channel ${channels - 1} of ${channels}`);
  await page.keyboard.press('ArrowRight');
  await expect(heading).toHaveText(`Channel ${channels - 1} of ${channels}`);
  await page.keyboard.press('Home');
  await expect(chosen).toBeFocused();
  await expect(heading).toHaveText(`Channel 0 of ${channels}`);
  expect(await tiles.evaluateAll((all) => all.filter(({ tabIndex }) => tabIndex === 0).length)).toBe(1);

  await layer.selectOption('layer3');
  await settled(page);
  await expect(page).toHaveURL(/#inside\?layer=layer3$/);
  await expect(tiles).toHaveCount(64);
  await page.reload();
  await settled(page);
  await expect(layer).toHaveValue('layer3');
});

test('what a channel answers to is what was found of it, in figures and in nine patches', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { answer, patches, view } = insideOf(page);
  const { layers, patch: side, scenes } = table();
  const names = labels();
  for (const { name, units } of layers) {
    for (const channel of [0, 7, units.length - 1]) {
      const { n, shown, patches: expected } = units[channel];
      if (!n) continue;
      await lucida.openView(`inside?layer=${name}&channel=${channel}`);
      await settled(page);
      const [[first, count]] = shown;
      const what = first === null ? 'backdrop' : names[first];
      await expect(answer).toHaveText(new RegExp(`^${what}: ${Math.round((100 * count) / n)}% of its top patches \\(n = ${n}\\)\\.$`, 'i'));
      await expect(patches).toHaveCount(expected.length);
      for (const [i, [, , , activation, id]] of expected.entries()) {
        await expect(patches.nth(i)).toContainText(id === null ? 'backdrop' : names[id]);
        await expect(patches.nth(i)).toContainText(decimal(activation));
      }
      const sizes = await patches.locator('canvas').evaluateAll((all) => all.map(({ width, height }) => [width, height]));
      expect(sizes).toEqual(expected.map(() => [side, side]));
      await expect(view.locator('.answers .hint')).toContainText(`Of ${scenes.toLocaleString('en')} held-out scenes`);
    }
  }
});

test('what channels answer to is fetched when somebody looks, and checked', { tag: '@cpu' }, async ({ lucida, page }) => {
  const asked = [];
  page.on('request', (request) => request.url().includes('/channels') && asked.push(new URL(request.url()).pathname.split('/').at(-1)));
  await lucida.openView('explain');
  await lucida.expectLive('explain');
  expect(asked).toEqual([]);
  await lucida.follow('#inside');
  await settled(page);
  expect(asked).toEqual(['channels.json', 'channels-layer4.jpg']);
  await insideOf(page).layer.selectOption('conv1');
  await settled(page);
  await expect(insideOf(page).view.locator('.answers')).toContainText('It is known of the channels of layer3 and layer4.');
  await insideOf(page).layer.selectOption('layer4');
  await settled(page);
  expect(asked).toHaveLength(2);

  await page.route('**/channels.json', (route) => route.fulfill({ json: { layers: [] } }));
  await page.reload();
  await expect(lucida.alert).toContainText('channels.json');
  await expect(insideOf(page).tiles).toHaveCount(96);
});

test('in Chinese, and with parts hidden', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('inside?channel=3', { query: '?lang=zh&hide=answers,network,picture,lead' });
  await settled(page);
  const { view, heading } = insideOf(page);
  await expect(heading).toHaveText('通道 3（共 96 个）');
  for (const gone of ['.answers', 'cl-networks', '.source details', 'h2']) await expect(view.locator(gone)).toHaveCount(0);
});

test(
  'on a phone the channel and its tiles are in sight together, and nothing is wider than the screen',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await lucida.openView('inside');
    await settled(page);
    const { view, tiles } = insideOf(page);
    const looked = await view.locator('canvas.looked').boundingBox();
    const sheet = await view.locator('cl-inside-sheet').boundingBox();
    expect(looked.y).toBeLessThan(sheet.y);
    expect(sheet.y + 100).toBeLessThan(740);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const { width, height } = await tiles.first().boundingBox();
    expect(Math.min(width, height)).toBeGreaterThan(44);
  },
);
