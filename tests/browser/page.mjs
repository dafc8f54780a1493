// The page as a test sees it: what a person does there, and what can be read off it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test as base } from '@playwright/test';
import { serve } from '../../scripts/serve.mjs';
import { dist, picture, small } from './inputs.mjs';

export { expect };

export const test = base.extend({
  query: ['', { option: true }],
  site: [async ({}, use) => {
    const server = await serve(dist, { port: 0 });
    await use(server.url);
    await server.close();
  }, { scope: 'worker' }],
  lucida: async ({ page, site, query }, use) => {
    page.on('console', (message) => console.log(`[page] ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => console.log(`[page] ${error}`));
    await use(new Lucida(page, site, query));
  },
});

export class Lucida {
  constructor(page, site, query) {
    Object.assign(this, { page, site, query });
    this.alert = page.getByRole('alert');
    this.status = page.getByRole('status');
    this.device = page.locator('#device');
    this.figure = page.locator('#figure');
    this.caption = page.locator('#caption');
    this.cancel = page.getByRole('button', { name: 'Cancel' });
    this.again = page.getByRole('button', { name: 'Compute again' });
    this.method = page.getByLabel('Method', { exact: true });
    this.search = page.getByRole('combobox', { name: /Search all classes/ });
  }

  /** The page of a site that brings no networks of its own. */
  async open({ site = this.site, query = this.query } = {}) {
    await this.page.route('**/models/index.json', (route) => route.fulfill({ status: 404, body: 'not found' }));
    await this.page.goto(`${site}${query}`);
    await expect(this.device).not.toBeEmpty();
  }

  /** The page with the networks that come with it; '' is the view that it opens with. */
  async openView(view = '') {
    await this.page.goto(`${this.site}${this.query}${view && `#${view}`}`);
    await expect(this.device).not.toBeEmpty();
  }

  /** The heatmaps that follow the board or the people are on the screen, and none is behind. */
  async expectLive(view, count = 1) {
    const figures = this.page.locator(`#view-${view} .heat`);
    await expect(figures).toHaveCount(count);
    await expect.poll(() => this.page.evaluate((name) => globalThis.camLucida[name].live.settled, view)).toBe(true);
    await expect(this.page.locator(`#view-${view} .heat.stale`)).toHaveCount(0);
    return figures;
  }

  /** Where on the board a sticker of a class is, in the page's pixels. */
  async placeOf(name) {
    const { x, y, width, height } = await this.page.locator(`.sticker[data-class="${name}"]`).last().boundingBox();
    return [x + width / 2, y + height / 2];
  }

  /** A place on the board, given in shares of its side, in the page's pixels. */
  async onBoard(x, y) {
    const stage = this.page.locator('#board-stage');
    await stage.scrollIntoViewIfNeeded();
    const box = await stage.boundingBox();
    return [box.x + x * box.width, box.y + y * box.height];
  }

  async drag(from, to, { steps = 8, release = true } = {}) {
    await this.page.mouse.move(...from);
    await this.page.mouse.down();
    await this.page.mouse.move(...to, { steps });
    if (release) await this.page.mouse.up();
  }

  /** The raw map of one of the board's heatmaps, and where its energy lies, in shares of its side. */
  async boardMap(which = 0) {
    return this.page.evaluate(async (index) => {
      const { engine, board } = globalThis.camLucida;
      const { width, height, data } = await engine.rawMap(board.explanation, index);
      const total = data.reduce((sum, value) => sum + value, 0);
      const mean = (place) => data.reduce((sum, value, i) => sum + value * place(i), 0) / total;
      return {
        data: Array.from(data),
        centre: [mean((i) => ((i % width) + 0.5) / width), mean((i) => (Math.floor(i / width) + 0.5) / height)],
      };
    }, which);
  }

  async pickWeights({ network, file } = small) {
    await this.page.getByLabel('Architecture').selectOption(network);
    await this.page.getByLabel('Choose a weight file').setInputFiles(file);
  }

  async pickPicture(file = picture) {
    await this.page.getByLabel('Choose a picture').setInputFiles(file);
  }

  async pickLabels(file) {
    await this.page.getByLabel('Class names').setInputFiles(file);
  }

  async chooseClass(index) {
    await this.search.fill(String(index));
    await this.search.press('Enter');
  }

  /** Opens the page, gives it the small network and the picture, and waits for the predicted class's heatmap. */
  async showFirst() {
    await this.open();
    await this.pickWeights();
    await this.pickPicture();
    await this.expectResult();
  }

  /** Opens the page with the small network and chooses a method, so that the picture is explained by it at once. */
  async prepare(method, settings = {}) {
    await this.open();
    await this.pickWeights();
    await this.method.selectOption(method);
    for (const [label, value] of Object.entries(settings)) await this.set(label, value);
  }

  /** Enters a number as a person does, who is done with it after Enter. */
  async set(label, value) {
    await this.page.getByLabel(label).fill(String(value));
    await this.page.getByLabel(label).press('Enter');
  }

  /** A heatmap of the latest choices is on the screen, with a caption that says `how` it was made. */
  async expectHow(how) {
    await expect(this.page.locator('#caption-how')).toHaveText(how);
    await this.expectResult();
  }

  async showClass(index) {
    await this.chooseClass(index);
    await this.expectClass(index);
  }

  /** A heatmap is on the screen, and it is that of the latest choices. */
  async expectResult() {
    await expect(this.figure).toBeVisible();
    await expect(this.figure).not.toHaveClass(/stale/);
    await this.expectIdle();
  }

  async expectClass(index) {
    await expect(this.caption).toContainText(new RegExp(`class ${index},`, 'i'));
    await this.expectResult();
  }

  async expectIdle(options) {
    await expect(this.page.locator('#working')).toBeHidden(options);
  }

  /** The drawn canvas and its caption: the same string is the same result. */
  async shown() {
    return { pixels: await this.pixels(this.page.locator('#overlay')), caption: await this.caption.innerText() };
  }

  /** A digest of what is drawn on a canvas. */
  async pixels(canvas) {
    return canvas.evaluate(async (drawn) => {
      const bitmap = await createImageBitmap(drawn);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
      return `${bitmap.width}×${bitmap.height} ${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    });
  }

  /** How many different colours a drawn canvas has. */
  async coloursShown(canvas = this.page.locator('#overlay')) {
    return canvas.evaluate(async (drawn) => {
      const bitmap = await createImageBitmap(drawn);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return new Set(new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size;
    });
  }

  /** The largest difference of any channel between the drawn canvas and a PNG; Infinity where the sizes differ. */
  async differenceFrom(png) {
    return this.page.locator('#overlay').evaluate(async (canvas, base64) => {
      const read = async (source) => {
        const bitmap = await createImageBitmap(source, { colorSpaceConversion: 'none' });
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height);
      };
      const file = await (await fetch(`data:image/png;base64,${base64}`)).blob();
      const [drawn, expected] = [await read(canvas), await read(file)];
      if (drawn.width !== expected.width || drawn.height !== expected.height) return Infinity;
      return drawn.data.reduce((max, value, i) => Math.max(max, Math.abs(value - expected.data[i])), 0);
    }, png.toString('base64'));
  }

  /** Counts what the page asks of the engine from now on. */
  async countCalls() {
    await this.page.evaluate(() => {
      const { engine } = globalThis.camLucida;
      globalThis.calls = { explain: 0, draw: 0, glance: 0 };
      for (const name of ['explain', 'draw', 'glance']) {
        const call = engine[name].bind(engine);
        engine[name] = (...args) => {
          globalThis.calls[name]++;
          return call(...args);
        };
      }
    });
    return () => this.page.evaluate(() => globalThis.calls);
  }

  /** To be called before the page is opened: gives, when called, how often each message was sent to a worker. */
  async countMessages() {
    await this.page.addInitScript(() => {
      globalThis.messages = {};
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (message, ...rest) {
        globalThis.messages[message.name] = (globalThis.messages[message.name] ?? 0) + 1;
        return postMessage.call(this, message, ...rest);
      };
    });
    return () => this.page.evaluate(() => globalThis.messages);
  }

  /** Gives, when called, every text that the element has had since. */
  async recordTexts(selector) {
    const records = await this.page.locator(selector).evaluateHandle((element) => {
      const texts = [];
      new MutationObserver(() => texts.push(element.textContent)).observe(element, { childList: true, characterData: true, subtree: true });
      return texts;
    });
    return () => records.jsonValue();
  }

  /** To be called before the page is opened: `orders` are those of worker-patch.js. */
  async patchWorker(orders = {}) {
    const patch = readFileSync(path.join(import.meta.dirname, 'worker-patch.js'), 'utf8');
    const script = (body) => ({ contentType: 'text/javascript', body });
    await this.page.route('**/www/worker.js', (route) => route.fulfill(script("import './worker-patch.js';\nimport './worker.js?unpatched';\n")));
    await this.page.route('**/www/worker-patch.js', (route) => route.fulfill(script(`globalThis.orders = ${JSON.stringify(orders)};\n${patch}`)));
  }

  /** Gives orders to the running worker; one that replaces it knows nothing of them. */
  async order(orders) {
    await this.page.evaluate((given) => new Promise((obeyed) => {
      const channel = new BroadcastChannel('cam-lucida-test');
      channel.onmessage = ({ data }) => data.obeyed && obeyed();
      channel.postMessage({ orders: given });
    }), orders);
  }

  async killWorker() {
    await this.page.evaluate(() => globalThis.camLucida.engine.worker.terminate());
  }

  async rawMap() {
    const { channels, height, width, data } = await this.page.evaluate(async () => {
      const { engine, explain } = globalThis.camLucida;
      const map = await engine.rawMap(explain.explanation);
      return { ...map, data: Array.from(map.data) };
    });
    return { channels, height, width, data };
  }
}
