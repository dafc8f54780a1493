// The camera in Chromium, Firefox and WebKit, each on the CPU. What it sees is a canvas: a sticker on white.
import { expect } from '@playwright/test';
import { ENGINES, test } from './engines.mjs';

/** Starts the camera, waits for some heatmaps, freezes and turns it off; runs in the page. */
async function journey() {
  const until = async (what, found) => {
    for (const start = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const value = await found();
      if (value) return value;
      if (Date.now() - start > 60_000)
        throw new Error(`${what} has not come: ${globalThis.camLucida?.page.statuses.camera.failure.peek()?.message}`);
    }
  };
  const view = await until('the view', () => globalThis.camLucida?.elements.get('camera'));
  const index = await (await fetch('www/stickers/index.json')).json();
  const image = Object.assign(new Image(), { src: 'www/stickers/sheet.webp' });
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  const context = canvas.getContext('2d');
  let ticks = 0;
  const at = index.stickers.findIndex((one) => one.class === 'cat');
  const paint = () => {
    context.fillStyle = ticks++ % 2 ? '#eef2ee' : '#eff2ee'; // a picture that stays the same is sent once
    context.fillRect(0, 0, 640, 480);
    const { cell, columns } = index;
    context.drawImage(image, (at % columns) * cell, Math.floor(at / columns) * cell, cell, cell, 130, 140, 200, 200);
  };
  paint();
  setInterval(paint, 40);
  const stream = canvas.captureStream(25);
  const getUserMedia = async () => stream;
  if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = getUserMedia;
  else Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia, enumerateDevices: async () => [] } });
  (await until('the button', () => view.renderRoot.querySelector('.start'))).click();
  const { controller } = view;
  const answer = await until('a cat', () => controller.answer.peek()?.of.name === 'cat' && controller.answer.peek());
  let heatmaps = 0;
  await new Promise((enough) => controller.answer.subscribe(() => heatmaps++ === 3 && enough()));
  controller.frozen.value = true;
  await until('the picture that stands', () => view.settled);
  const { width, data } = controller.answer.peek().pixels;
  let [left, right] = [0, 0];
  for (let i = 0; i < width * width; i++) if (data[4 * i + 2] < 160) i % width < width / 2 ? left++ : right++;
  controller.camera.stop();
  return {
    side: width,
    probability: answer.of.probability,
    mirrored: right > left,
    ended: stream.getTracks().every(({ readyState }) => readyState === 'ended'),
  };
}

for (const [name, { missing, open }] of Object.entries(ENGINES)) {
  test(`${name}: what the camera sees is explained until it is turned off`, { tag: '@cpu' }, async ({ site }) => {
    const lacking = missing();
    if (lacking && process.env.CI) throw new Error(`CI needs ${name}: install ${lacking}`);
    test.skip(Boolean(lacking), `${name} is not installed (${lacking})`);
    test.setTimeout(180_000);
    const page = await open(`${site}?device=cpu&lang=en#camera`);
    try {
      const found = await page.run(journey);
      expect(found).toMatchObject({ side: 384, mirrored: true, ended: true });
      expect(found.probability).toBeGreaterThan(0.5);
    } finally {
      await page.close();
    }
  });
}
