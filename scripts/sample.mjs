// Paints src/bin/cam-lucida/sample.png, which `cam-lucida explain` shows when no picture is given: the scene that the page's board
// opens with, painted by the page's own code.
//
//     npm install --no-save @napi-rs/canvas && node scripts/sample.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { createCanvas, Image } from '@napi-rs/canvas';

const SIDE = 320; // pixels; the network sees 96 of them

// What the page takes from the browser.
globalThis.OffscreenCanvas = function (width, height) {
  return createCanvas(width, height);
};
globalThis.fetch = async (url) => ({ status: 200, json: async () => JSON.parse(readFileSync(url)) });
globalThis.Image = class extends Image {
  set src(url) {
    super.src = readFileSync(url);
  }

  async decode() {}
};

const { STARTS } = await import('../www/board/starts.js');
const { painter } = await import('../www/board/painting.js');
const { stickerSheet } = await import('../www/board/sheet.js');

const canvas = createCanvas(SIDE, SIDE);
painter(canvas, await stickerSheet()).paint(STARTS[0]);
writeFileSync(new URL('../src/bin/cam-lucida/sample.png', import.meta.url), canvas.toBuffer('image/png'));
