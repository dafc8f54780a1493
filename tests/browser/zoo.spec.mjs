// Networks from elsewhere: fetched with progress, checked, kept for the next visit, and refused in words if they are not right.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fault } from './faults.mjs';
import { serveHub } from './hub.mjs';
import { picture, small } from './inputs.mjs';
import { expect, test as base } from './page.mjs';
import { inUse } from './sources.mjs';

const WEIGHTS = 'model.safetensors';
const MINUTE = 60_000;
const bytes = readFileSync(small.file);
const config = Buffer.from(JSON.stringify({ architecture: small.network, num_classes: small.classes }));
const names = Array.from({ length: small.classes }, (_, i) => `thing ${i}`);
const entry = {
  name: 'small',
  title: 'Small network',
  network: small.network,
  classes: small.classes,
  labels: 'small-labels.json',
  bytes: bytes.length,
  bytes_exact: true,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  license: 'cc0-1.0',
  page: true,
  source: { repository: 'lab/small', revision: 'main' },
};
const other = {
  ...entry,
  name: 'other',
  title: 'Another network',
  labels: null,
  sha256: null,
  source: { repository: 'lab/other', revision: 'main' },
};
const hidden = { ...entry, name: 'hidden', title: 'Hidden network', page: false };

const test = base.extend({
  hub: async ({}, use) => {
    const files = { [WEIGHTS]: bytes, 'config.json': config };
    const hub = await serveHub({
      'lab/small': files,
      'lab/other': files,
      'lab/bin': { 'pytorch_model.bin': bytes, 'config.json': config },
    });
    await use(hub);
    await hub.close();
  },
  zoo: async ({ lucida, page, hub }, use) => use(new Zoo(lucida, page, hub)),
});

class Zoo {
  constructor(lucida, page, hub) {
    Object.assign(this, { lucida, page, hub });
    this.inUse = inUse(page).network;
    this.clear = page.getByRole('button', { name: 'Remove all' });
    this.repository = page.getByLabel('Repository or address');
  }

  /** The view for explaining, of a site that has nothing of its own but a list of where networks are. */
  async open({ entries = [entry, other, hidden], hub = this.hub.url } = {}) {
    const json = (body) => (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify(body) });
    await this.page.route('**/models/index.json', json({ models: [], zoo: entries }));
    await this.page.route(`**/models/${entry.labels}`, json(names));
    const query = new URLSearchParams(this.lucida.query);
    if (hub) query.set('hub', hub);
    await this.page.goto('about:blank'); // another hash alone would load nothing
    await this.page.goto(`${this.lucida.site}?${query}#explain`);
    await expect(this.lucida.device).not.toBeEmpty();
    await expect(this.lucida.view).toBeVisible();
    await this.lucida.openDrawers('cl-model-picker details');
  }

  row(title = entry.title) {
    return this.page.locator('cl-zoo li').filter({ hasText: title });
  }

  kept(title) {
    return this.row(title).locator('.state');
  }

  async load(title) {
    await this.row(title).getByRole('button', { name: /^Load/ }).click();
  }

  async expectUsed(words = entry.title) {
    await expect(this.inUse).toContainText(words);
    await this.lucida.expectIdle();
    await expect(this.lucida.alert).toBeEmpty();
  }

  /** Opens the page and loads the first network of the zoo. */
  async openWithNetwork() {
    await this.open();
    await this.load();
    await this.expectUsed();
  }

  async fetchFrom(words) {
    await this.repository.fill(words);
    await this.page.locator('cl-repository').getByRole('button', { name: 'Load', exact: true }).click();
  }

  get asked() {
    return this.hub.requests.filter((path) => path.endsWith(WEIGHTS)).length;
  }
}

test('a network of the zoo is fetched with progress, explains, and comes from the browser the next time', async ({
  lucida,
  zoo,
  page,
  hub,
}) => {
  await zoo.open();
  const row = zoo.row();
  for (const words of [`${small.classes} classes`, '1.0 MiB', entry.license]) await expect(row).toContainText(words);
  await expect(zoo.row(hidden.title)).toHaveCount(0);
  await expect(zoo.kept()).toBeEmpty();
  const steps = await lucida.recordTexts('.steps');
  await zoo.load();
  await zoo.expectUsed();
  expect(await steps()).toContain('1.0 MiB of 1.0 MiB');
  await expect(zoo.kept()).toHaveText('in use and kept');
  await lucida.pickPicture(picture);
  await lucida.expectPicture();
  await lucida.expectResult();
  await expect(lucida.heading).toContainText(/thing \d/i);

  const shown = await lucida.shown();
  await zoo.open();
  await expect(zoo.kept()).toHaveText('kept');
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await zoo.load();
  await zoo.expectUsed();
  expect(asked.filter((url) => url.startsWith(hub.url) || url.includes('/models/'))).toEqual([]);
  await lucida.pickPicture(picture);
  await lucida.expectPicture();
  await lucida.expectResult();
  expect((await lucida.shown()).pixels).toBe(shown.pixels);
});

test(
  'a network that is kept needs no connection, and one that is not says that there is none',
  { tag: '@cpu' },
  async ({ lucida, zoo, page, context, hub }) => {
    fault('device offline');
    await zoo.openWithNetwork();
    await zoo.open();
    await hub.close();
    await context.setOffline(true);
    await zoo.load();
    await zoo.expectUsed();
    await zoo.load(other.title);
    await expect(lucida.alert).toContainText('this device is offline');
    await expect(zoo.inUse).toContainText(entry.title);
    await expect(page.locator('cl-zoo [aria-current=true]')).toContainText(entry.title);
  },
);

for (const [what, spoil, name] of [
  ['one byte of which is another', 'flip', 'kept file with one byte changed'],
  ['that has become shorter', 'shorten', 'kept file shortened'],
]) {
  test(`a kept file ${what} is dropped and fetched again, once`, { tag: '@cpu' }, async ({ zoo, page }) => {
    fault(name);
    await zoo.openWithNetwork();
    const spoiled = await page.evaluate(
      async ([file, way]) => {
        const cache = await caches.open('cam-lucida-files');
        const request = (await cache.keys()).find(({ url }) => url.endsWith(file));
        const response = await cache.match(request);
        const bytes = new Uint8Array(await response.arrayBuffer());
        if (way === 'flip') bytes[bytes.length - 1] ^= 1;
        await cache.put(request, new Response(way === 'shorten' ? bytes.slice(0, -4) : bytes, { headers: response.headers }));
        return bytes.length;
      },
      [WEIGHTS, spoil],
    );
    expect(spoiled).toBe(bytes.length);
    for (let time = 0; time < 2; time++) {
      await zoo.open();
      await zoo.load();
      await zoo.expectUsed();
      expect(zoo.asked).toBe(2);
    }
  });
}

test(
  'a file with another SHA-256 than the published one is refused each time, and not kept',
  { tag: '@cpu' },
  async ({ lucida, zoo, hub }) => {
    fault('download corrupted');
    await zoo.open();
    hub.answer(WEIGHTS, 'corrupt');
    for (let time = 1; time <= 2; time++) {
      await zoo.load();
      await expect(lucida.alert).toContainText('lab/small/model.safetensors is not the file that was published: its SHA-256 differs');
      await lucida.expectIdle();
      expect(zoo.asked).toBe(time);
      await expect(zoo.inUse).toBeHidden();
      await expect(zoo.kept()).toBeEmpty();
    }
    hub.answer(WEIGHTS, null);
    await zoo.load();
    await zoo.expectUsed();
  },
);

test('a browser without room goes on, and says so once', { tag: '@cpu' }, async ({ lucida, zoo, page, context }) => {
  fault('quota 0');
  const devtools = await context.newCDPSession(page);
  // One byte: 0 would not be heard.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(lucida.site).origin, quotaSize: 1 });
  await zoo.open();
  const said = await page.evaluateHandle(() => {
    const sentences = [];
    globalThis.camLucida.page.statuses.explain.sentence.subscribe((sentence) => sentence && sentences.push(sentence()));
    return sentences;
  });
  for (const title of [entry.title, other.title]) {
    await zoo.load(title);
    await zoo.expectUsed(`${title}, ${small.classes} classes`);
    await expect(zoo.inUse).toContainText('This browser does not keep it.');
    await expect(zoo.kept(title)).toHaveText('in use');
  }
  expect((await said.jsonValue()).filter((words) => words.startsWith('The browser could not keep'))).toHaveLength(1);
});

for (const [what, name, deprive] of [
  ['a browser without a cache', 'browser without a cache', () => delete globalThis.caches],
  [
    'a browser that forbids all storage',
    'storage forbidden',
    () => {
      const forbidden = {
        get: () => {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        },
      };
      for (const one of ['caches', 'indexedDB', 'localStorage', 'sessionStorage']) Object.defineProperty(globalThis, one, forbidden);
    },
  ],
]) {
  test(`${what} loads networks and own files all the same`, { tag: '@cpu' }, async ({ lucida, zoo, page }) => {
    fault(name);
    await page.addInitScript(deprive);
    await zoo.openWithNetwork();
    await expect(zoo.inUse).toContainText('This browser does not keep it.');
    await lucida.pickPicture(picture);
    await lucida.expectPicture();
    await lucida.expectResult();
    await lucida.pickWeights();
    await zoo.expectUsed('small.safetensors');
    await lucida.expectResult();
  });
}

test('a download is cancelled at once, and the network before stays in use', { tag: '@cpu' }, async ({ lucida, zoo, page, hub }) => {
  await zoo.openWithNetwork();
  await lucida.pickPicture(picture);
  await lucida.expectPicture();
  await lucida.expectResult();
  const before = await lucida.shown();
  const worker = await page.evaluateHandle(() => globalThis.camLucida.engine.worker);
  hub.answer(WEIGHTS, 'slow');
  await zoo.load(other.title);
  await expect(lucida.status).toHaveText('Downloading the network…');
  await expect(lucida.steps).toHaveText(/KiB of 1\.0 MiB/);
  await lucida.cancel.click();
  await lucida.expectIdle({ timeout: 300 });
  await expect(lucida.status).toHaveText('Cancelled.');
  await expect.poll(() => hub.brokenOff).toContain('/lab/other/resolve/main/model.safetensors');
  await expect(zoo.inUse).toContainText(entry.title);
  await expect(lucida.alert).toBeEmpty();
  expect(await lucida.shown()).toEqual(before);
  expect(await worker.evaluate((one) => one === globalThis.camLucida.engine.worker)).toBe(true);
  await lucida.showClass(4);
  await expect(zoo.inUse).toContainText(entry.title);
  expect(hub.requests.filter((path) => path.endsWith('/lab/other/resolve/main/model.safetensors'))).toHaveLength(1);
});

test(
  'of two networks that are wished for, the newer one is loaded and the older download broken off',
  { tag: '@cpu' },
  async ({ lucida, zoo, hub }) => {
    await zoo.open();
    hub.answer(WEIGHTS, 'slow');
    await zoo.load();
    await expect(lucida.steps).toHaveText(/KiB of 1\.0 MiB/);
    hub.answer(WEIGHTS, null);
    await zoo.load(other.title);
    await zoo.expectUsed(other.title);
    expect(hub.brokenOff).toContain('/lab/small/resolve/main/model.safetensors');
    await expect(lucida.status).not.toHaveText('Cancelled.');
  },
);

const NAMES = { cut: 'download cut', short: 'download too short', stall: 'download stalled' };
for (const [answer, said] of [
  ['cut', /small\/model\.safetensors did not load: the connection broke after [\d,]+ bytes\. Try again/],
  ['short', /small\/model\.safetensors has [\d,]+ bytes instead of [\d,]+/],
  ['stall', /did not load: nothing has come for a minute, after [\d,]+ bytes\. Try again/],
  ['large', /is 2400\.0 MiB or larger\. The page loads files of up to 2000\.0 MiB/],
  ['page', /is a web page, not a weight file\. The server may ask you to sign in/],
  ['disguised', /is a web page, not a weight file/],
  ['login', /is a web page, not a weight file: the server redirected to 127\.0\.0\.1/],
  ['pointer', /is a Git LFS pointer, not the file itself/],
  ['away', /127\.0\.0\.1:\d+ redirects to another site, which does not let this page read it/],
  ['private', /127\.0\.0\.1:\d+ answers, but does not let other sites read its files/],
  [401, /did not load \(401\): the server asks you to sign in, or the repository does not exist/],
  [403, /did not load \(403\): the server does not give it to everyone/],
  [404, /Small network has neither model\.safetensors nor pytorch_model\.bin/],
  [429, /did not load \(429\): the server has had too many requests/],
  [503, /did not load \(503\): the server has a problem\. Try again later/],
]) {
  test(`an answer that goes wrong is told by what was found: ${answer}`, { tag: '@cpu' }, async ({ lucida, zoo, page, hub }) => {
    fault(NAMES[answer] ?? 'download refused by the server');
    if (answer === 'stall') await page.clock.install();
    await zoo.open();
    hub.answer(WEIGHTS, answer);
    await zoo.load();
    if (answer === 'stall') {
      await expect(lucida.steps).toHaveText(/^5\d\d KiB of 1\.0 MiB$/);
      await page.clock.fastForward(10 * MINUTE); // as a device that slept: it has not waited
      await expect(lucida.alert).toBeEmpty();
      await page.clock.runFor(MINUTE);
    }
    await expect(lucida.alert).toContainText('The weights cannot be used.');
    await expect(lucida.alert).toHaveText(said);
    await lucida.expectIdle();
    await expect(zoo.kept()).toBeEmpty();

    hub.answer(WEIGHTS, null);
    await zoo.load();
    await zoo.expectUsed();
  });
}

test('a server that cannot be reached is told from one that forbids', { tag: '@cpu' }, async ({ lucida, zoo, hub }) => {
  fault('server unreachable');
  await zoo.open();
  await hub.close();
  await zoo.load();
  await expect(lucida.alert).toHaveText(/127\.0\.0\.1:\d+ cannot be reached\. Check the address and the connection/);
});

for (const answer of ['moved', 'unmeasured']) {
  test(`an answer that is right in another way is taken: ${answer}`, { tag: '@cpu' }, async ({ zoo, hub }) => {
    await zoo.open();
    hub.answer(WEIGHTS, answer);
    await zoo.load();
    await zoo.expectUsed();
  });
}

test('a file without a length is refused as soon as too much of it has come', { tag: '@cpu' }, async ({ lucida, zoo, page }) => {
  fault('download without end');
  await page.addInitScript((file) => {
    const { fetch } = globalThis;
    const chunk = new Uint8Array(64 * 2 ** 20);
    const endless = async () => new Response(new ReadableStream({ pull: (stream) => stream.enqueue(chunk) }));
    globalThis.fetch = (url, options) => (String(url).endsWith(file) ? endless() : fetch(url, options));
  }, WEIGHTS);
  await zoo.open();
  await zoo.load();
  await expect(lucida.alert).toHaveText(/is 2048\.0 MiB or larger\. The page loads files of up to 2000\.0 MiB/);
});

test('networks are removed one by one and all together', { tag: '@cpu' }, async ({ lucida, zoo, page }) => {
  await zoo.openWithNetwork();
  await zoo.load(other.title);
  await zoo.expectUsed(other.title);
  const kept = (part) =>
    page.evaluate(async (name) => {
      const urls = await Promise.all(
        (await caches.keys()).map(async (one) => (await (await caches.open(one)).keys()).map(({ url }) => url)),
      );
      return urls.flat().filter((url) => url.includes(name)).length;
    }, part);
  expect(await kept('/lab/small/')).toBeGreaterThan(0);
  await expect(page.locator('cl-zoo .kept')).toContainText('This browser keeps 2 networks (2.0 MiB)');
  await zoo
    .row()
    .getByRole('button', { name: /^Remove/ })
    .click();
  await expect(zoo.kept()).toBeEmpty();
  await expect(lucida.status).toHaveText('This browser no longer keeps Small network.');
  await expect(page.getByRole('button', { name: /^Load Small network/ })).toBeFocused();
  expect(await kept('/lab/small/')).toBe(0);
  await expect(page.locator('cl-zoo .kept')).toContainText('1 network (1.0 MiB)');

  await zoo.clear.click();
  await expect(page.locator('cl-zoo .kept')).toBeHidden();
  expect(await kept('')).toBe(0);
  await zoo.expectUsed(other.title);
});

test('a repository is fetched by its name and kept, beside those of the zoo', { tag: '@cpu' }, async ({ zoo, page, hub }) => {
  await zoo.open();
  await zoo.fetchFrom('lab/other');
  await zoo.expectUsed('from lab/other/model.safetensors');
  await expect(zoo.kept('Another network')).toHaveText('in use and kept');
  await zoo.fetchFrom(' lab/bin ');
  await zoo.expectUsed('from lab/bin/pytorch_model.bin');
  await expect(zoo.kept('lab/bin')).toHaveText('in use and kept');
  const requests = hub.requests.length;
  await zoo.load('lab/bin');
  await zoo.expectUsed('from lab/bin/pytorch_model.bin');
  expect(hub.requests.length).toBe(requests);
  await zoo
    .row('lab/bin')
    .getByRole('button', { name: /^Remove/ })
    .click();
  await expect(zoo.row('lab/bin')).toHaveCount(0);
  await expect(page.locator('cl-zoo ul')).toBeFocused();
});

test('a network that was kept under its repository’s name gets its class names from the zoo', { tag: '@cpu' }, async ({ lucida, zoo }) => {
  await zoo.open();
  await zoo.fetchFrom('lab/small');
  await zoo.expectUsed('from lab/small/model.safetensors');
  await zoo.load();
  await zoo.expectUsed();
  await lucida.pickPicture(picture);
  await expect(lucida.heading).toContainText(/thing \d/i);
  expect(zoo.asked).toBe(1);
});

test('where repositories are can be chosen in the page', { tag: '@cpu' }, async ({ zoo, page, hub }) => {
  await zoo.open({ hub: null });
  await expect(page.getByLabel('Server of the repositories')).toHaveAttribute('placeholder', 'https://huggingface.co');
  await page.getByLabel('Server of the repositories').fill(`${hub.url}/`);
  await page.getByLabel('Branch, tag or commit').fill('main');
  await zoo.fetchFrom('lab/small');
  await zoo.expectUsed('from lab/small/model.safetensors');
});

test('a folder and a file are fetched by their address, on this site and elsewhere', { tag: '@cpu' }, async ({ zoo, hub }) => {
  await zoo.open();
  await zoo.fetchFrom('./models/resnet-scenes');
  await zoo.expectUsed('from /models/resnet-scenes/model.safetensors, 32 classes');
  await zoo.fetchFrom(`${hub.url}/lab/small/resolve/main/`);
  await zoo.expectUsed(`lab/small/resolve/main/model.safetensors, ${small.classes} classes`);
  await zoo.fetchFrom(`${hub.url}/lab/bin/resolve/main/pytorch_model.bin`);
  await zoo.expectUsed(`lab/bin/resolve/main/pytorch_model.bin, ${small.classes} classes`);
});

test('a page of Hugging Face stands for its repository', { tag: '@cpu' }, async ({ zoo }) => {
  await zoo.open();
  await zoo.fetchFrom('https://huggingface.co/lab/small/tree/main');
  await zoo.expectUsed('from lab/small/model.safetensors');
  expect(zoo.asked).toBe(1);
});

test('the page of a weight file on GitHub stands for the file', { tag: '@cpu' }, async ({ zoo, page, hub }) => {
  await zoo.open();
  const raw = 'https://raw.githubusercontent.com/lab/small/main/runs/best.pth';
  const body = await (await fetch(`${hub.url}/lab/bin/resolve/main/pytorch_model.bin`)).arrayBuffer();
  const headers = { 'Access-Control-Allow-Origin': '*' };
  await page.route(raw, (route) => route.fulfill({ body: Buffer.from(body), headers }));
  await zoo.fetchFrom('https://github.com/lab/small/blob/main/runs/best.pth');
  await zoo.expectUsed(`raw.githubusercontent.com/lab/small/main/runs/best.pth, ${small.classes} classes`);
});

test('what names no repository is refused before anything is fetched', { tag: '@cpu' }, async ({ lucida, zoo, page, hub }) => {
  await zoo.open();
  for (const [words, said] of [
    ['', /Write a repository as owner\/name/],
    ['small', /“small” is not a repository\. A repository is owner\/name/],
    ['a/b/c', /“a\/b\/c” is not a repository/],
    ['lab/..', /“lab\/\.\.” is not a repository/],
    ['ftp://lab/small', /“ftp:\/\/lab\/small” is not an address/],
    [
      'https://example.org/small.gguf',
      /“https:\/\/example\.org\/small\.gguf” is a GGUF file, as llama\.cpp reads\. Give the address of a weight file/,
    ],
    ['hf.co/lab/small/blob/main/small.onnx', /“lab\/small\/small\.onnx” is an ONNX file/],
    ['https://example.org/README.md', /is a text\./],
    ['https://github.com/lab/small/tree/main', /is a page of GitHub that is about no file\./],
    ['https://example.org/a/../small.pth', /has “\.\.” in its path/],
  ]) {
    await zoo.fetchFrom(words);
    await expect(lucida.alert).toHaveText(said);
  }
  await page.getByLabel('Branch, tag or commit').fill('../main');
  await zoo.fetchFrom('lab/small');
  await expect(lucida.alert).toHaveText(/“\.\.\/main” is not a revision/);
  await page.getByLabel('Branch, tag or commit').fill('');
  await page.getByLabel('Server of the repositories').fill('mailto:lab');
  await zoo.fetchFrom('lab/small');
  await expect(lucida.alert).toHaveText(/“mailto:lab” is not an address/);
  expect(hub.requests).toEqual([]);
});

test('a repository that does not exist is told', { tag: '@cpu' }, async ({ lucida, zoo }) => {
  await zoo.open();
  await zoo.fetchFrom('lab/nothing');
  await expect(lucida.alert).toHaveText(/lab\/nothing has neither model\.safetensors nor pytorch_model\.bin/);
});

test('a site without a zoo shows none, and fetches by name', { tag: '@cpu' }, async ({ zoo, page }) => {
  await zoo.open({ entries: null });
  await expect(page.locator('cl-model-picker details.zoo')).toBeHidden();
  await zoo.fetchFrom('lab/small');
  await zoo.expectUsed('from lab/small/model.safetensors');
});
