// The camera: what it sees is explained picture after picture, until it stands or is turned off.
import { expect, test } from './page.mjs';

/** Gives the page a camera that shows the sheet's stickers, one at a time in the middle of white: `globalThis.hold(class)`. */
const pretend = (page, fault = null) =>
  page.addInitScript((name) => {
    globalThis.tracks = [];
    globalThis.held = 'cat';
    globalThis.asked = [];
    navigator.mediaDevices.enumerateDevices = async () =>
      ['Lid', 'Document camera'].map((label, i) => ({ kind: 'videoinput', deviceId: `device ${i}`, label }));
    navigator.mediaDevices.getUserMedia = async ({ video }) => {
      globalThis.asked.push(video.deviceId?.exact ?? null);
      if (name) throw new DOMException('no', name);
      const index = await (await fetch('www/stickers/index.json')).json();
      const image = Object.assign(new Image(), { src: 'www/stickers/sheet.webp' });
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
      const context = canvas.getContext('2d');
      let ticks = 0;
      setInterval(() => {
        const at = index.stickers.findIndex((one) => one.class === globalThis.held);
        context.fillStyle = ticks++ % 2 ? '#eef2ee' : '#eff2ee'; // a picture that stays the same is sent once
        context.fillRect(0, 0, 640, 480);
        const { cell, columns } = index;
        // Left of the middle of the square that the network sees.
        context.drawImage(image, (at % columns) * cell, Math.floor(at / columns) * cell, cell, cell, 130, 140, 200, 200);
      }, 40);
      const stream = canvas.captureStream(25);
      globalThis.tracks.push(...stream.getTracks());
      return stream;
    };
  }, fault);

const viewOf = (page) => {
  const view = page.locator('cl-camera');
  return {
    view,
    start: view.getByRole('button', { name: 'Start the camera' }),
    freeze: view.locator('.freeze'),
    rate: view.locator('.rate'),
    heading: view.locator('cl-heatmap figcaption .title'),
    chosen: (id) => view.locator(`.classes [data-class="${id}"]`),
  };
};

/** What is on the screen: the class, the share of the energy of the map in the left half of the pixels, the name of the network. */
const answer = (page) =>
  page.evaluate(() => {
    const { of, model, pixels, probabilities } = globalThis.camLucida.elements.get('camera').controller.answer.peek();
    return {
      name: of.name,
      id: of.id,
      probability: of.probability,
      network: model.source.name,
      side: pixels.width,
      all: probabilities.length,
    };
  });

test('the heatmap follows what the camera sees, and its numbers are those of the picture that stands', async ({ lucida, page }) => {
  await pretend(page);
  await lucida.openView('camera');
  const { start, heading, freeze, rate } = viewOf(page);
  await start.click();
  await expect(heading).toContainText(/cat/i);
  await page.evaluate(() => (globalThis.held = 'bicycle'));
  await expect(heading).toContainText(/bicycle/i);
  await expect(rate).toHaveText(/^[\d.]+ heatmaps a second$/);
  // The video plays on: one that began anew with each heatmap would lose pictures.
  const begun = await page.evaluate(async () => {
    const { controller, renderRoot } = globalThis.camLucida.elements.get('camera');
    let [begun, heatmaps] = [0, 0];
    renderRoot.querySelector('video').addEventListener('emptied', () => begun++);
    await new Promise((enough) => controller.answer.subscribe(() => heatmaps++ === 5 && enough()));
    return begun;
  });
  expect(begun).toBe(0);
  await freeze.click();
  await expect(rate).toHaveText('Frozen');
  await lucida.expectLive('camera');
  const { shown, single, energy } = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { answer } = elements.get('camera').controller;
    const { model, pixels, of, explanation } = answer.peek();
    const asked = await engine.explain({ model, picture: { pixels }, request: explanation.request });
    const { width, data } = await engine.rawMap(asked, 0);
    const total = data.reduce((sum, value) => sum + value, 0);
    const right = data.reduce((sum, value, i) => sum + ((i % width) + 0.5 > width / 2 ? value : 0), 0);
    const [one] = asked.classes;
    return { shown: [of.id, of.probability, of.logit], single: [one.id, one.probability, one.logit], energy: right / total };
  });
  expect(shown).toEqual(single);
  expect(energy).toBeGreaterThan(0.6); // mirrored, the sticker stands on the right
});

test('a picture that stands answers other questions, and goes on in Explain', { tag: '@cpu' }, async ({ lucida, page }) => {
  await pretend(page);
  await lucida.openView('camera');
  const { view, start, freeze, heading, chosen } = viewOf(page);
  await start.click();
  await expect(heading).toContainText(/cat/i);
  await freeze.click();
  await lucida.expectLive('camera');
  const before = await answer(page);
  const other = view.locator('.classes [data-class][aria-pressed=false]').nth(1);
  const id = Number(await other.getAttribute('data-class'));
  await other.click();
  await expect(page).toHaveURL(new RegExp(`#camera\\?class=${id}$`));
  await lucida.expectLive('camera');
  await expect(chosen(id)).toHaveAttribute('aria-pressed', 'true');
  expect((await answer(page)).id).toBe(id);
  await view.getByRole('button', { name: 'Whatever it is surest of' }).click();
  await lucida.expectLive('camera');
  expect(await answer(page)).toEqual(before);

  await view.getByRole('button', { name: 'Explain this picture' }).click();
  await expect(page).toHaveURL(/#explain/);
  await lucida.expectPicture('camera.png');
  await lucida.expectResult();
  const { classes } = await page.evaluate(() => globalThis.camLucida.elements.get('explain').controller.explanation.value);
  expect([classes[0].id, classes[0].probability]).toEqual([before.id, before.probability]);
});

test('the camera is on only while it is looked at', { tag: '@cpu' }, async ({ lucida, page }) => {
  await pretend(page);
  await lucida.openView('camera');
  const { view, start, heading } = viewOf(page);
  const states = () => page.evaluate(() => globalThis.tracks.map(({ readyState }) => readyState));
  await expect(start).toBeVisible();
  expect(await states()).toEqual([]); // nobody asked for it
  await start.click();
  await expect(heading).toContainText(/cat/i);
  await view.getByRole('button', { name: 'Turn the camera off' }).click();
  await expect.poll(states).toEqual(['ended']);
  await start.click();
  await expect(heading).toContainText(/cat/i);
  await lucida.follow('#camera?sheet=1');
  await expect.poll(states).toEqual(['ended', 'ended']);
  await lucida.follow('#camera');
  await start.click();
  await expect(heading).toContainText(/cat/i);
  await lucida.follow('#board');
  await expect.poll(states).toEqual(['ended', 'ended', 'ended']);
});

test('out of sight the camera is off, what was seen stays, and it comes back', { tag: '@cpu' }, async ({ lucida, page }) => {
  await pretend(page);
  await lucida.openView('camera');
  const { view, start, heading, rate } = viewOf(page);
  const states = () => page.evaluate(() => globalThis.tracks.map(({ readyState }) => readyState));
  const show = (seen) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, !seen);
  await expect(view.locator('.stays')).toContainText('out of sight, the camera is off');
  await start.click();
  await expect(heading).toContainText(/cat/i);
  await show(false);
  await expect.poll(states).toEqual(['ended']);
  await expect(rate).toHaveText('The camera is starting…');
  await expect(heading).toContainText(/cat/i);
  await page.evaluate(() => (globalThis.held = 'bicycle'));
  await show(true);
  await expect.poll(states).toEqual(['ended', 'live']);
  await expect(heading).toContainText(/bicycle/i);
  await expect(rate).toHaveText(/heatmaps a second/);
});

test('of two cameras either is chosen by its name, and one that is taken away is told', { tag: '@cpu' }, async ({ lucida, page }) => {
  await pretend(page);
  await lucida.openView('camera');
  const { view, start, heading } = viewOf(page);
  const which = view.getByLabel('Which camera');
  await start.click();
  await expect(heading).toContainText(/cat/i);
  await page.evaluate(() => (globalThis.held = 'bicycle'));
  await which.selectOption({ label: 'Document camera' });
  // The first camera sees the bicycle, too: what counts is that the second one's stream plays.
  const plays = () =>
    view.locator('video').evaluate(({ srcObject }) => globalThis.tracks.length === 2 && srcObject?.getTracks()[0] === globalThis.tracks[1]);
  await expect.poll(plays).toBe(true);
  await expect(heading).toContainText(/bicycle/i);
  expect(await page.evaluate(() => globalThis.asked)).toEqual([null, 'device 1']);
  await page.evaluate(() => globalThis.tracks.at(-1).dispatchEvent(new Event('ended')));
  await expect(view.getByRole('alert')).toHaveText(/^The camera stopped/);
  await start.click();
  await expect(heading).toContainText(/bicycle/i);
});

test(
  'a network that a link names in vain is told before the start, with those that there are',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await pretend(page);
    await lucida.openView('camera?model=embedded:nonesuch');
    await expect(lucida.alert).toContainText(
      /The page has no network “nonesuch”\. It has resnet-scenes, .+, and people-balanced\. Choose another one\./,
    );
    await expect(page).toHaveURL(/#camera$/);
    const { start, heading } = viewOf(page);
    await start.click();
    await expect(heading).toContainText(/cat/i);
  },
);

test('another network and mirroring are in the link; the pictures are not', { tag: '@cpu' }, async ({ lucida, page }) => {
  await pretend(page);
  const sent = [];
  page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
  await lucida.openView('camera');
  const { view, start, heading } = viewOf(page);
  await start.click();
  await expect(heading).toContainText(/cat/i);
  const column = () =>
    page.evaluate(() => {
      const { data, width, height } = globalThis.camLucida.elements.get('camera').controller.answer.peek().pixels;
      let [left, right] = [0, 0];
      for (let i = 0; i < width * height; i++) if (data[4 * i] < 200) i % width < width / 2 ? left++ : right++;
      return left < right ? 'right' : 'left';
    });
  await expect.poll(column).toBe('right');
  await view.getByLabel('Mirrored').uncheck();
  await expect.poll(column).toBe('left');
  await view.getByLabel('Which network is asked').selectOption({ label: await optionOf(view, 'Small VGG') });
  await expect(page).toHaveURL(/#camera\?model=embedded:vgg-scenes&mirrored=0$/);
  await expect.poll(async () => (await answer(page)).network).toBe('vgg-scenes');
  await expect(view.locator('.knows')).toHaveText(/knows stickers/);
  await expect(view.locator('.stays')).toHaveText(/No picture is uploaded or kept/);
  expect(sent).toEqual([]);
});

const optionOf = (view, title) =>
  view
    .getByLabel('Which network is asked')
    .evaluate((select, name) => [...select.options].find(({ text }) => text.startsWith(name)).text, title);

test('a sticker is shown alone, and the sheet prints', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('camera?sheet=1');
  const view = page.locator('cl-camera');
  const stickers = view.locator('.sticker');
  await expect(stickers).toHaveCount(32);
  await expect(view.getByRole('button', { name: 'Print' })).toBeInViewport();
  const [first, second] = [await stickers.nth(0).boundingBox(), await stickers.nth(1).boundingBox()];
  expect([second.y === first.y, second.x > first.x + first.width]).toEqual([true, true]); // side by side
  await view.getByRole('button', { name: 'Cat', exact: true }).click();
  const alone = view.getByRole('dialog', { name: 'Cat' });
  const { width, height } = page.viewportSize();
  expect((await alone.locator('.picture').boundingBox()).width).toBe(Math.min(width, height));
  await page.keyboard.press('Escape');
  await expect(alone).toBeHidden();
  expect(await lucida.focused()).toBe('Cat');
  await page.keyboard.press('Enter');
  await alone.getByRole('button').click();
  await expect(alone).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(stickers.first()).toBeVisible();
  await expect(view.getByRole('button', { name: 'Print' })).toBeHidden();
  await expect(page.locator('cl-header')).toBeHidden();
  for (const format of ['A4', 'Letter']) {
    const pdf = await page.pdf({ format, preferCSSPageSize: true });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length, format).toBe(3);
  }
  await page.emulateMedia({ media: 'screen' });
  await view.getByRole('link', { name: 'Back to the camera' }).click();
  await expect(viewOf(page).start).toBeVisible();
});

test('without a camera the view says why', { tag: '@cpu' }, async ({ lucida, page }) => {
  await pretend(page, 'NotAllowedError');
  await lucida.openView('camera');
  const { view, start } = viewOf(page);
  await start.click();
  await expect(view.getByRole('alert')).toHaveText(/This page may not use the camera/);
  await view.getByRole('link', { name: 'Choose a picture file' }).click();
  await expect(page).toHaveURL(/#explain/);
});

test('the view stands axe in every look, on and off, and fits a telephone', { tag: '@cpu' }, async ({ lucida, page }) => {
  test.setTimeout(240_000);
  await pretend(page);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await lucida.openView('camera');
  const { start, heading, freeze } = viewOf(page);
  await lucida.expectLooks('off');
  await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'en', theme: 'light' }));
  await start.click();
  await expect(heading).toContainText(/cat/i);
  await freeze.click();
  await lucida.expectLooks('frozen');
  await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'en', theme: 'light' }));
  await lucida.follow('#camera?sheet=1');
  await lucida.expectLooks('sheet');
});
