// The page as a test sees it: what a person does there, and what can be read off it.
import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { HEADERS } from '../../scripts/policy.mjs';
import { picture, small } from './inputs.mjs';
import { test as base } from './site.mjs';

export { expect };

export const test = base.extend({
  query: ['', { option: true }],
  lucida: async ({ page, site, query }, use) => {
    page.on('console', (message) => console.log(`[page] ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => console.log(`[page] ${error}`));
    await use(new Lucida(page, site, query));
  },
});

/** Every theme and every language once: axe sees colours in the one and words in the other. */
export const LOOKS = [
  { theme: 'light', lang: 'en' },
  { theme: 'dark', lang: 'zh' },
  { theme: 'projector', lang: 'en' },
];

export class Lucida {
  constructor(page, site, query) {
    Object.assign(this, { page, site, query });
    this.alert = page.locator('cl-status [role=alert]');
    this.status = page.locator('cl-status [role=status]');
    this.device = page.locator('cl-shell .device');
    this.working = page.locator('cl-status .working');
    this.steps = page.locator('cl-status .steps');
    this.view = page.locator('cl-explain');
    this.figure = this.view.locator('figure.heat').first();
    this.overlay = this.figure.locator('canvas');
    this.heading = this.figure.locator('figcaption');
    this.caption = this.view.locator('.caption');
    this.how = this.view.locator('.caption .how');
    this.cancel = page.getByRole('button', { name: 'Cancel' });
    this.again = this.view.getByRole('button', { name: 'Compute again' });
    this.method = this.view.getByLabel('Method', { exact: true });
    this.search = page.getByRole('combobox', { name: /Search all classes/ });
    this.top = this.view.locator('cl-classes .top button.class');
  }

  /** Explain, in a page of a site that brings no networks of its own. */
  async open({ site = this.site, query = this.query } = {}) {
    await this.page.route('**/models/index.json', (route) => route.fulfill({ status: 404, body: 'not found' }));
    await this.page.goto(`${site}${query}#explain`);
    await expect(this.device).not.toBeEmpty();
    await expect(this.view).toBeVisible();
  }

  /** To be called before the page is opened: the site brings no pictures of its own. */
  async withoutSamples() {
    await this.page.route('**/www/stickers/**', (route) => route.fulfill({ status: 404, body: 'not found' }));
  }

  /** The page with the networks that come with it; '' is the view that it opens with. */
  async openView(view = '', { query = this.query } = {}) {
    await this.page.goto(`${this.site}${query}${view && `#${view}`}`);
    await expect(this.device).not.toBeEmpty();
  }

  /** What the Tab key has come to, in words: it follows the focus into shadow roots. */
  async focused() {
    const words = await this.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const label = element.labels?.[0];
      return element.getAttribute('aria-label') ?? (label?.querySelector('span') ?? label)?.textContent ?? element.innerText;
    });
    return words.trim();
  }

  /** Presses Tab until it comes to what is called so. */
  async tabTo(words, limit = 80) {
    const met = (name) => (words instanceof RegExp ? words.test(name) : words === name);
    for (let step = 0; step < limit; step++) {
      await this.page.keyboard.press('Tab');
      if (met(await this.focused())) return;
    }
    throw new Error(`Tab does not come to “${words}”`);
  }

  /** To be called before the page is opened: the site brings networks of language for these tasks, or says that it does. */
  async bring(tasks) {
    await this.page.route('**/models/index.json', async (route) => {
      const index = await (await fetch(route.request().url())).json(); // what `route.fetch` gives, a reload may take away
      await route.fulfill({ json: { ...index, language: tasks.map((task) => ({ name: task, task })) } });
    });
  }

  /** Opens another link of the page that is open, as its address bar does. */
  async follow(hash) {
    await this.page.evaluate(
      (link) =>
        new Promise((followed) => {
          addEventListener('hashchange', () => setTimeout(followed), { once: true }); // after the page’s own
          location.hash = link;
        }),
      hash,
    );
  }

  /** What axe objects to: the rule, and each place with what is wrong there. */
  async violations() {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`).join('\n')}`);
  }

  /** Nothing is wider than the page: the header takes a frame to fit itself in. */
  async expectFits(said) {
    const { width } = this.page.viewportSize();
    await expect.poll(() => this.page.evaluate(() => document.documentElement.scrollWidth), said).toBe(width);
  }

  /** What is shown stands axe in every language and theme, and fits a telephone. */
  async expectLooks(said) {
    for (const { theme, lang: language } of LOOKS) {
      await this.page.setViewportSize({ width: 1280, height: 800 });
      await this.page.evaluate((wanted) => globalThis.camLucida.page.prefer(wanted), { language, theme });
      expect(await this.violations(), `${said}, ${theme}`).toEqual([]);
      await this.page.setViewportSize({ width: 360, height: 740 });
      await this.expectFits(`${said}, ${language}`);
    }
  }

  /** Presses Share, which waits behind a button where the menu takes its room. */
  async share() {
    const more = this.page.locator('cl-header .more');
    if (await more.isVisible()) await more.click();
    await this.page.locator('cl-header .share').click();
  }

  /** The link of a view in the menu, whichever name there is room for. */
  link(view) {
    return this.page.locator(`cl-header nav a:is([href="#${view}"], [href^="#${view}?"])`);
  }

  /** The heatmaps of a view are on the screen, and none is behind. An element of a view has `settled` to tell. */
  async expectLive(view, count = 1) {
    const figures = this.page.locator(`cl-${view} figure.heat`);
    await expect(figures).toHaveCount(count);
    await expect.poll(() => this.page.evaluate((name) => globalThis.camLucida?.elements.get(name)?.settled ?? false, view)).toBe(true);
    await expect(this.page.locator(`cl-${view} figure.heat.stale`)).toHaveCount(0);
    return figures;
  }

  /** Where on the board a sticker of a class is, in the page's pixels. */
  async placeOf(name) {
    const { x, y, width, height } = await this.page.locator(`.sticker[data-class="${name}"]`).last().boundingBox();
    return [x + width / 2, y + height / 2];
  }

  /** A place on the board, given in shares of its side, in the page's pixels. */
  async onBoard(x, y) {
    const stage = this.page.locator('cl-board .stage');
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
      const { engine, elements } = globalThis.camLucida;
      const { width, height, data } = await engine.rawMap(elements.get('board').explanation, index);
      const total = data.reduce((sum, value) => sum + value, 0);
      const mean = (place) => data.reduce((sum, value, i) => sum + value * place(i), 0) / total;
      return {
        data: Array.from(data),
        centre: [mean((i) => ((i % width) + 0.5) / width), mean((i) => (Math.floor(i / width) + 0.5) / height)],
      };
    }, which);
  }

  async pickWeights({ network, file } = small) {
    await this.openDrawers('cl-model-picker details.own');
    await this.page.getByLabel('Architecture').selectOption(network);
    await this.view.locator('cl-own-network input.weights').setInputFiles(file);
  }

  async pickPicture(file = picture) {
    await this.view.locator('cl-picture-source label.file input').setInputFiles(file);
  }

  async pickLabels(file) {
    await this.view.locator('cl-own-network input.labels').setInputFiles(file);
  }

  /** Opens all drawers that a selector finds, of those that Explain keeps closed at first. */
  async openDrawers(selector = 'cl-method details') {
    await this.view.locator(selector).evaluateAll((all) => all.forEach((details) => (details.open = true)));
  }

  async chooseClass(index) {
    await this.search.fill(String(index));
    await this.search.press('Enter');
  }

  /** Opens the page, gives it the small network and the picture, and waits for the predicted class's heatmap. */
  async showFirst(where) {
    await this.open(where);
    await this.pickWeights();
    await this.pickPicture();
    await this.expectPicture();
    await this.expectResult();
    await this.openDrawers();
  }

  /** The file of this name is the picture that is explained. */
  async expectPicture(name = 'picture.png') {
    await expect
      .poll(() => this.page.evaluate(() => globalThis.camLucida.elements.get('explain')?.controller.picture.value?.file.name))
      .toBe(name);
  }

  /** Opens Explain as a visitor finds it: a sample, explained by the default network. */
  async showSample(hash = 'explain', options = {}) {
    await this.openView(hash, options);
    await expect(this.view).toBeVisible();
    await this.expectResult();
  }

  /** Opens the page with the small network and chooses a method, so that the picture is explained by it at once. */
  async prepare(method, settings = {}) {
    await this.withoutSamples();
    await this.open();
    await this.pickWeights();
    await this.method.selectOption(method);
    await this.openDrawers();
    for (const [label, value] of Object.entries(settings)) await this.set(label, value);
  }

  /** Enters a number as a person does, who is done with it after Enter. */
  async set(label, value) {
    await this.page.getByLabel(label).fill(String(value));
    await this.page.getByLabel(label).press('Enter');
  }

  /** A heatmap of the latest choices is on the screen, with a caption that says `how` it was made. */
  async expectHow(how) {
    await expect(this.how).toHaveText(how);
    await this.expectResult();
  }

  async showClass(index) {
    await this.chooseClass(index);
    await this.expectClass(index);
  }

  /** A heatmap is on the screen, and it is that of the latest choices. */
  async expectResult() {
    await expect(this.figure).toBeVisible();
    await expect.poll(() => this.page.evaluate(() => globalThis.camLucida.elements.get('explain').settled)).toBe(true);
    await expect(this.figure).not.toHaveClass(/stale/);
    await this.expectIdle();
  }

  async expectClass(index) {
    await expect(this.heading).toContainText(new RegExp(`class ${index}\\b`, 'i'));
    await this.expectResult();
  }

  async expectIdle(options) {
    await expect(this.working).toBeHidden(options);
  }

  /** What the view Explain is asked, as its address says it. */
  async state() {
    return this.page.evaluate(() => globalThis.camLucida.page.states.explain.value);
  }

  /** The drawn canvas and its caption: the same string is the same result. */
  async shown() {
    const [heading, caption] = [await this.heading.innerText(), await this.caption.innerText()];
    return { pixels: await this.pixels(this.overlay), caption: `${heading}\n${caption}` };
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
  async coloursShown(canvas = this.overlay) {
    return canvas.evaluate(async (drawn) => {
      const bitmap = await createImageBitmap(drawn);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return new Set(new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer)).size;
    });
  }

  /** The largest difference of any channel between the drawn canvas and a PNG; Infinity where the sizes differ. */
  async differenceFrom(png) {
    return this.overlay.evaluate(async (canvas, base64) => {
      const read = async (source) => {
        const bitmap = await createImageBitmap(source, { colorSpaceConversion: 'none' });
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height);
      };
      const file = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: 'image/png' });
      const [drawn, expected] = [await read(canvas), await read(file)];
      if (drawn.width !== expected.width || drawn.height !== expected.height) return Infinity;
      return drawn.data.reduce((max, value, i) => Math.max(max, Math.abs(value - expected.data[i])), 0);
    }, png.toString('base64'));
  }

  /** Holds back what the page asks of the engine by these names; gives what lets it go. */
  async hold(...names) {
    await this.page.evaluate((held) => {
      const { engine } = globalThis.camLucida;
      const allowed = new Promise((resolve) => (globalThis.allow = resolve));
      for (const name of held) {
        const call = engine[name].bind(engine);
        engine[name] = (...args) => allowed.then(() => call(...args));
      }
    }, names);
    return () => this.page.evaluate(() => globalThis.allow());
  }

  /** Counts what the page asks of the engine from now on, but for what it does by the way: small previews. */
  async countCalls() {
    await this.page.evaluate(() => {
      const { engine } = globalThis.camLucida;
      globalThis.calls = { explain: 0, draw: 0, glance: 0 };
      for (const name of ['explain', 'draw', 'glance']) {
        const call = engine[name].bind(engine);
        engine[name] = (...args) => {
          if (!args.at(-1)?.quiet) globalThis.calls[name]++;
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
        if (message.name) globalThis.messages[message.name] = (globalThis.messages[message.name] ?? 0) + 1;
        return postMessage.call(this, message, ...rest);
      };
    });
    return () => this.page.evaluate(() => globalThis.messages);
  }

  /** Gives, when called, every text that an element of the status bar has had since. */
  async recordTexts(selector) {
    const records = await this.page.locator('cl-status').evaluateHandle(({ shadowRoot }, name) => {
      const texts = [];
      const note = () => {
        const text = shadowRoot.querySelector(name)?.textContent ?? '';
        if (text !== (texts.at(-1) ?? '')) texts.push(text);
      };
      new MutationObserver(note).observe(shadowRoot, { childList: true, characterData: true, subtree: true });
      return texts;
    }, selector);
    return () => records.jsonValue();
  }

  /** To be called before the page is opened: `orders` are those of worker-patch.js. */
  async patchWorker(orders = {}) {
    const patch = readFileSync(path.join(import.meta.dirname, 'worker-patch.js'), 'utf8');
    const script = (body) => ({ contentType: 'text/javascript', headers: HEADERS, body });
    await this.page.route('**/www/worker.js', (route) =>
      route.fulfill(script("import './worker-patch.js';\nimport './worker.js?unpatched';\n")),
    );
    await this.page.route('**/www/worker-patch.js', (route) =>
      route.fulfill(script(`globalThis.orders = ${JSON.stringify(orders)};\n${patch}`)),
    );
  }

  /** Gives orders to the running worker; one that replaces it knows nothing of them. Tells what it has counted. */
  async order(orders = {}) {
    return this.page.evaluate(
      (given) =>
        new Promise((obeyed) => {
          const channel = new BroadcastChannel('cam-lucida-test');
          channel.onmessage = ({ data }) => data.obeyed && obeyed(data.counts);
          channel.postMessage({ orders: given });
        }),
      orders,
    );
  }

  /** Ends the worker without a word, and waits until the page has noticed: until then, its engine takes what it brought there for held. */
  async killWorker() {
    await this.page.evaluate(async () => {
      const { engine } = globalThis.camLucida;
      const { worker } = engine;
      worker.terminate();
      while (engine.worker === worker) await new Promise((resume) => setTimeout(resume, 10));
    });
  }

  async rawMap() {
    const { channels, height, width, data } = await this.page.evaluate(async () => {
      const { engine, elements } = globalThis.camLucida;
      const map = await engine.rawMap(elements.get('explain').controller.explanation.value);
      return { ...map, data: Array.from(map.data) };
    });
    return { channels, height, width, data };
  }
}
