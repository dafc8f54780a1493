// Where pictures come from: files, several at once, the clipboard, the camera, an address, and the samples.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { picture } from './inputs.mjs';
import { expect, test as base } from './page.mjs';
import { drop, fileOf, inUse, paste } from './sources.mjs';

const bytes = readFileSync(picture);
const image = (name) => fileOf(picture, { name, type: 'image/png' });

const test = base.extend({
  /** A site with pictures: it lets other pages read some of them. */
  gallery: async ({}, use) => {
    const open = { 'access-control-allow-origin': '*' };
    const server = createServer(({ url }, response) => {
      if (url === '/cat.png') response.writeHead(200, { ...open, 'content-type': 'image/png' }).end(bytes);
      else if (url === '/private.png') response.writeHead(200, { 'content-type': 'image/png' }).end(bytes);
      else if (url === '/page')
        response.writeHead(200, { ...open, 'content-type': 'text/html' }).end('<!doctype html><title>A cat</title>');
      else if (url === '/text.png') response.writeHead(200, { ...open, 'content-type': 'image/png' }).end('Dear diary, today I saw a cat.');
      else if (url === '/large.png') response.writeHead(200, { ...open, 'content-length': 800 * 2 ** 20 }).write(bytes);
      else response.writeHead(404, open).end('no');
    });
    await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
    await use(`http://127.0.0.1:${server.address().port}`);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  },
});

const wild = (name) => fileURLToPath(new URL(`../fixtures/pictures/wild/${name}`, import.meta.url));

const samples = (page) => page.locator('cl-picture-source .samples');
const own = (page) => page.locator('cl-picture-source .own');

test('a sample is explained when it is chosen, and those that the network knows come first', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await expect(inUse(page).picture).toContainText('Cat, dog and bicycle, 384 × 384 pixels');
  const groups = samples(page).getByRole('group');
  await expect(groups.first()).toHaveAccessibleName('Scenes of stickers');
  await samples(page).getByRole('button', { name: 'Two cats and a tiger' }).click();
  await lucida.expectPicture('cats.png');
  await lucida.expectResult();
  await expect(samples(page).locator('[aria-pressed=true]')).toHaveCount(1);
  await page.getByRole('radio', { name: /Doctor or nurse, biased/ }).click();
  await expect(inUse(page).network).toContainText('2 classes');
  await expect(groups.first()).toHaveAccessibleName('Drawn people');
  await samples(page).getByRole('button', { name: 'A nurse with long hair and a syringe' }).first().click();
  await lucida.expectResult();
  await expect.poll(() => page.url()).toContain('picture=sample:person-1');
});

test('a grey picture of 16 bits is shown by its range, and by a window that the link keeps', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  const sliders = page.locator('cl-window input');
  await expect(sliders).toHaveCount(0);
  const all = async () => {
    await lucida.expectPicture('grey12.png');
    await lucida.expectResult();
    await expect(sliders).toHaveCount(2);
    await expect(page.locator('cl-explain .assumed')).toContainText('values from 100 to 4110 are shown');
    return (await lucida.shown()).pixels;
  };
  await lucida.pickPicture(wild('grey12.png'));
  const before = await all();
  await page.getByRole('slider', { name: 'White' }).fill('700');
  await expect(page.locator('cl-explain .assumed')).toContainText('those from 100 to 700 are shown from black to white');
  await lucida.expectResult();
  const windowed = (await lucida.shown()).pixels;
  expect(windowed).not.toBe(before);
  await expect.poll(() => page.url()).toContain('window=100,700');
  // Black gives way: it stays below white.
  await page.getByRole('slider', { name: 'Black' }).fill('900');
  await expect(page.getByRole('slider', { name: 'White' })).toHaveValue('901');
  await expect.poll(() => page.url()).toContain('window=900,901');
  await page.getByRole('button', { name: 'Show all values' }).click();
  expect(await all()).toBe(before);
  await expect.poll(() => page.url()).not.toContain('window=');
  await page.getByRole('slider', { name: 'White' }).fill('700');
  await expect.poll(() => page.url()).toContain('window=100,700');
  await page.reload();
  await lucida.expectResult();
  await expect(page.locator('cl-explain .assumed')).toContainText('those from 100 to 700 are shown');
  // Another picture has another range.
  await samples(page).getByRole('button', { name: 'Two cats and a tiger' }).click();
  await lucida.expectPicture('cats.png');
  await expect(sliders).toHaveCount(0);
  await expect.poll(() => page.url()).not.toContain('window=');
});

/** What the network says of the picture of a file, and what the page says of the file. */
async function explained(lucida, page, file) {
  await lucida.pickPicture(wild(file));
  await lucida.expectPicture(file);
  await lucida.expectResult();
  const notes = await page.locator('cl-explain .assumed').allInnerTexts();
  const found = await page.evaluate(async () => {
    const { elements, engine } = globalThis.camLucida;
    const { controller } = elements.get('explain');
    const explanation = controller.explanation.value;
    const original = await engine.original(explanation);
    const context = new OffscreenCanvas(original.width, original.height).getContext('2d');
    context.drawImage(original, 0, 0);
    return {
      probability: explanation.classes[0].probability,
      map: Array.from((await engine.rawMap(explanation)).data),
      pixels: Array.from(context.getImageData(0, 0, original.width, original.height).data),
    };
  });
  return { ...found, notes };
}

const furthest = (one, other) => one.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i])), 0);

test(
  'the colours of a picture are those of its ICC profile, before the network and on the screen',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.showSample('explain?class=7');
    let png = null;
    for (const file of ['p3.jpg', 'p3.png']) {
      const expected = (png = await explained(lucida, page, `${file}.expected.png`)); // as Pillow converts it
      expect(expected.notes).toEqual([]);
      const { probability, map, pixels, notes } = await explained(lucida, page, file);
      expect(notes).toEqual(["The colours are converted to sRGB by the picture's ICC profile."]);
      expect(furthest(pixels, expected.pixels), file).toBeLessThanOrEqual(2);
      expect(Math.abs(probability - expected.probability), file).toBeLessThan(0.01);
      expect(furthest(map, expected.map) / Math.max(...expected.map), file).toBeLessThan(0.05);
    }
    // The same numbers in the file, as the colours of sRGB.
    const plain = await explained(lucida, page, 'srgb.png');
    expect(plain.notes).toEqual([]);
    expect(furthest(plain.pixels, png.pixels)).toBeGreaterThan(50);
    await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'zh' }));
    expect((await explained(lucida, page, 'p3.png')).notes).toEqual(['颜色已按图片的 ICC 配置文件转换为 sRGB。']);
  },
);

test('of an animated GIF the page says that it reads the first picture', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  expect((await explained(lucida, page, 'animated.gif')).notes).toEqual(['The file holds several pictures; the first is read.']);
  expect((await explained(lucida, page, 'still.gif')).notes).toEqual([]);
});

test(
  'the formats that are named and offered are read; TIFF is neither, and a dropped one is refused by name',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.showSample();
    await expect(page.locator('cl-picture-source #hint')).toContainText('PNG, JPEG, WebP, GIF, BMP, or AVIF.');
    const accepted = await page.locator('cl-picture-source label.file input').getAttribute('accept');
    expect(accepted.split(',')).toEqual(expect.arrayContaining(['image/png', 'image/gif', 'image/bmp', 'image/avif', 'image/heic']));
    expect(accepted).not.toContain('tiff');
    for (const file of ['rgb.bmp', 'rgb.avif', 'still.gif']) await explained(lucida, page, file);
    await drop(page, [fileOf(wild('lzw.tif'), { type: 'image/tiff' })]);
    await expect(lucida.alert).toContainText('The file looks like TIFF, which is not supported; save the picture as PNG, JPEG or WebP.');
    await lucida.expectPicture('still.gif');
  },
);

test('of several pictures at once the first is explained, and the others can be chosen', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await drop(page, ['one.png', 'two.png', 'three.png'].map(image));
  await lucida.expectPicture('one.png');
  await expect(own(page)).toContainText('You gave 3 pictures at once.');
  await own(page).getByRole('button', { name: 'three.png' }).click();
  await lucida.expectPicture('three.png');
  await lucida.expectResult();
  await expect(own(page).locator('[aria-pressed=true] img')).toHaveAttribute('alt', 'three.png');
});

test(
  'pictures that are pasted on another view are explained, and all have names of their own',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.openView('board');
    await paste(page, [image('image.png')]);
    await expect(inUse(page).picture).toContainText('image.png');
    await lucida.expectPicture('image.png');
    await paste(page, [{ ...image('image.png'), buffer: Buffer.concat([bytes, Buffer.from([0])]) }]);
    await lucida.expectPicture('image-2.png');
    await lucida.expectResult();
  },
);

test('two tabs with pictures of one name have each their own again after a reload', { tag: '@cpu' }, async ({ lucida, page, context }) => {
  const other = await context.newPage();
  const give = async (tab, end) => drop(tab, [{ ...image('mine.png'), buffer: Buffer.concat([bytes, Buffer.from(end)]) }]);
  const inTab = (tab) =>
    tab.evaluate(() => {
      const { file } = globalThis.camLucida?.elements.get('explain')?.controller.picture.value ?? {};
      return file && `${file.name} ${file.size}`;
    });
  await lucida.showSample();
  await other.goto(`${lucida.site}#explain`);
  await expect.poll(() => inTab(other)).toMatch('meadow.png');
  await give(page, [0]);
  await expect.poll(() => inTab(page)).toBe(`mine.png ${bytes.length + 1}`);
  await give(other, [0, 0]);
  await expect.poll(() => inTab(other)).toBe(`mine.png ${bytes.length + 2}`);
  for (const [tab, more] of [
    [page, 1],
    [other, 2],
  ]) {
    await expect.poll(() => tab.url()).toContain('own:mine.png');
    await tab.reload();
    await expect.poll(() => inTab(tab)).toBe(`mine.png ${bytes.length + more}`);
  }
  await other.close();
});

test('one’s own pictures are forgotten on request', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showSample();
  await drop(page, [image('mine.png')]);
  await lucida.expectPicture('mine.png');
  await samples(page).getByRole('button').first().click();
  await lucida.expectPicture('meadow.png');
  await own(page).getByRole('button', { name: 'Forget' }).click();
  await expect(own(page)).toHaveCount(0);
  await expect(lucida.status).toHaveText('This browser no longer keeps your files.');
  await page.reload();
  await expect(inUse(page).picture).toContainText('Cat, dog and bicycle');
  await expect(samples(page)).toBeVisible();
  await expect(own(page)).toHaveCount(0);
});

test('a picture is fetched by its address, which its link carries', { tag: '@cpu' }, async ({ lucida, page, gallery }) => {
  await lucida.showSample();
  const address = page.getByLabel('Address of a picture');
  await expect(address).toBeHidden();
  await page.getByRole('button', { name: 'Web address' }).click();
  await expect(address).toBeFocused();
  await address.fill(`${gallery}/cat.png`);
  await address.press('Enter');
  await lucida.expectPicture('cat.png');
  await lucida.expectResult();
  await expect.poll(() => page.url()).toContain('cat.png');
  await page.reload();
  await expect(inUse(page).picture).toContainText('cat.png');
  await lucida.expectPicture('cat.png');
});

test(
  'an address that gives no picture is told by what was found, and the picture before stays',
  { tag: '@cpu' },
  async ({ lucida, page, gallery }) => {
    await lucida.showSample();
    await page.getByRole('button', { name: 'Web address' }).click();
    const address = page.getByLabel('Address of a picture');
    for (const [written, said] of [
      ['', /Write an address that begins with https:\/\//],
      ['ftp://cat', /“ftp:\/\/cat” is not an address/],
      [
        `${gallery}/private.png`,
        /does not let other sites read its files \(no CORS header\)\. Save the picture on your device, then choose the file/,
      ],
      [`${gallery}/nothing.png`, /did not load \(404\): the file does not exist/],
      [`${gallery}/page`, /is a web page, not a picture/],
      [`${gallery}/large.png`, /is 800\.0 MiB or larger\. The page loads files of up to/],
      [`${gallery}/text.png`, /The picture cannot be used\./],
      ['http://127.0.0.1:9/cat.png', /127\.0\.0\.1:9 cannot be reached/],
    ]) {
      await address.fill(written);
      await address.press('Enter');
      await expect(lucida.alert).toHaveText(said);
      await lucida.expectPicture('meadow.png');
    }
  },
);

/** Gives the page a camera that shows a canvas, or none, and counts what it is doing. */
const pretend = (page, fault = null) =>
  page.addInitScript((name) => {
    globalThis.tracks = [];
    navigator.mediaDevices.getUserMedia = async () => {
      if (name) throw new DOMException('no', name);
      const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
      const context = canvas.getContext('2d');
      setInterval(() => {
        context.fillStyle = '#c33';
        context.fillRect(0, 0, 320, 240);
      }, 50);
      const stream = canvas.captureStream(20);
      globalThis.tracks.push(...stream.getTracks());
      return stream;
    };
  }, fault);

test('the camera’s picture is explained, and the camera goes off', { tag: '@cpu' }, async ({ lucida, page }) => {
  await pretend(page);
  await lucida.showSample();
  const states = () => page.evaluate(() => globalThis.tracks.map(({ readyState }) => readyState));
  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Take a picture' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Take the picture' }).click();
  await expect(dialog).toBeHidden();
  await lucida.expectPicture('camera.jpg');
  await expect(inUse(page).picture).toContainText('320 × 240 pixels');
  await lucida.expectResult();
  await expect.poll(states).toEqual(['ended']);

  await page.getByRole('button', { name: 'Camera', exact: true }).click();
  await expect(dialog.getByRole('button', { name: 'Take the picture' })).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect.poll(states).toEqual(['ended', 'ended']);
});

test('of a camera that was switched twice, or closed while it started, nothing stays on', { tag: '@cpu' }, async ({ lucida, page }) => {
  await pretend(page);
  await page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const start = mediaDevices.getUserMedia;
    globalThis.starts = [];
    mediaDevices.enumerateDevices = async () => ['front', 'back'].map((deviceId) => ({ kind: 'videoinput', deviceId }));
    mediaDevices.getUserMedia = async () => {
      if (globalThis.slow) await new Promise((go) => globalThis.starts.push(go));
      return start();
    };
  });
  await lucida.showSample();
  const states = () => page.evaluate(() => globalThis.tracks.map(({ readyState }) => readyState));
  const starting = (count) => expect.poll(() => page.evaluate(() => globalThis.starts.length)).toBe(count);
  const open = page.getByRole('button', { name: 'Camera', exact: true });
  const dialog = page.getByRole('dialog', { name: 'Take a picture' });
  await open.click();
  const which = dialog.getByLabel('Which camera');
  await expect(which).toBeVisible();
  await page.evaluate(() => (globalThis.slow = true));
  await which.selectOption('back');
  await which.selectOption('front');
  await starting(2);
  await page.evaluate(() => globalThis.starts.reverse().forEach((go) => go())); // the newest first
  await expect.poll(states).toEqual(['ended', 'live', 'ended']);

  await which.selectOption('back');
  await starting(3);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await open.click();
  await starting(4);
  await page.evaluate(() => globalThis.starts.forEach((go) => go()));
  await expect.poll(states).toEqual(['ended', 'ended', 'ended', 'ended', 'live']);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(states).toEqual(Array(5).fill('ended'));
});

for (const [fault, said] of [
  ['NotAllowedError', /This page may not use the camera/],
  ['NotFoundError', /This device has no camera/],
  ['NotReadableError', /The camera does not answer/],
  ['TypeError', /does not offer a camera/],
]) {
  test(`without a camera the page says why, and takes a file: ${fault}`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await pretend(page, fault);
    await lucida.showSample();
    await page.getByRole('button', { name: 'Camera', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('alert')).toHaveText(said);
    const input = dialog.locator('input[type=file]');
    await expect(input).toHaveAttribute('capture', 'environment');
    await input.setInputFiles(picture);
    await expect(dialog).toBeHidden();
    await lucida.expectPicture();
  });
}
