// Which build of the site a page is answered from, with the caches of a browser played. tests/browser/offline*.spec.mjs show it in
// browsers.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { Builds } from '../../www/offline/builds.js';

const SCOPE = 'https://lucida.example/some/where/';
const MINUTES = 600_000;

const digest = (text) => createHash('sha256').update(text).digest('hex');

/** A browser's caches, in the order in which they were made. */
class Caches extends Map {
  keys = async () => [...super.keys()];
  has = async (name) => super.has(name);
  delete = async (name) => super.delete(name);
  async open(name) {
    if (!super.has(name)) super.set(name, new FakeCache());
    return super.get(name);
  }
}

class FakeCache {
  kept = new Map();
  keys = async () => [...this.kept.keys()].map((url) => ({ url }));
  match = async (request) => this.kept.get(request.url ?? request)?.clone();
  put = async (url, response) => void this.kept.set(url, response);
  delete = async (request) => this.kept.delete(request.url ?? request);
}

/** A browser with a server whose files a test changes. */
function browser() {
  const caches = new Caches();
  const [server, asked, open] = [{}, [], new Set()];
  const place = {
    scope: SCOPE,
    caches,
    isThere: async (client) => open.has(client),
    async fetch(url) {
      const file = url.slice(SCOPE.length);
      asked.push(file);
      return file in server ? new Response(server[file]) : new Response('', { status: 404 });
    },
  };
  const build = (name, files) => {
    const list = Object.fromEntries(Object.entries(files).map(([file, text]) => [file, digest(text)]));
    return new Builds({ build: name, files: list, later: Object.keys(files).filter((file) => file.startsWith('web-gpu')) }, place);
  };
  /** Serves a build. */
  const deploy = (name, files) => {
    for (const file of Object.keys(server)) delete server[file];
    Object.assign(server, files);
    return build(name, files);
  };
  return { caches, server, asked, open, place, build, deploy };
}

const A = { 'index.html': 'page A', 'www/main.js': 'main A', 'www/old.js': 'old', 'web.wasm': 'engine' };
const B = { 'index.html': 'page B', 'www/main.js': 'main B', 'www/new.js': 'new', 'web.wasm': 'engine' };
const read = async (response) => (await response)?.text();

test('a page has the files of the build that it was started with, and its worker, too', async () => {
  const { deploy } = browser();
  const a = deploy('a', A);
  await a.fill();
  assert.equal(await read(a.start(SCOPE, 'page 1')), 'page A');
  const b = deploy('b', B);
  await b.fill();
  assert.equal(await read(b.start(`${SCOPE}index.html?lang=en`, 'page 2')), 'page B');

  assert.equal(await read(b.answer(`${SCOPE}www/main.js`, 'page 1', 'worker 1')), 'main A');
  assert.equal(await read(b.answer(`${SCOPE}www/main.js`, 'worker 1')), 'main A');
  assert.equal(await read(b.answer(`${SCOPE}www/main.js`, 'page 2')), 'main B');
  assert.equal(await b.answer(`${SCOPE}www/new.js`, 'page 1'), undefined);
  assert.equal(await b.answer(`${SCOPE}www/old.js`, 'page 2'), undefined);
  for (const unknown of ['', 'page 3']) assert.equal(await b.answer(`${SCOPE}www/main.js`, unknown), undefined);
  assert.deepEqual(await Promise.all(['page 1', 'page 2', 'page 3'].map((client) => b.isOld(client))), [true, false, false]);
});

test('a page that no record can be kept of is not started', async () => {
  const { deploy, caches } = browser();
  const a = deploy('a', A);
  await a.fill();
  assert.equal(await a.start(SCOPE, ''), undefined);
  assert.equal(await a.start(`${SCOPE}book/`, 'page'), undefined);
  assert.equal(await a.start(`${SCOPE}constructor`, 'page'), undefined);
  const [cache] = caches.values();
  cache.put = () => Promise.reject(new Error('no room'));
  await assert.rejects(a.start(SCOPE, 'page'), /no room/);
});

test('only what has changed is fetched', async () => {
  const { deploy, asked } = browser();
  await deploy('a', A).fill();
  asked.length = 0;
  await deploy('b', B).fill();
  assert.deepEqual(asked.sort(), ['index.html', 'www/main.js', 'www/new.js']);
});

for (const [what, spoil] of [
  ['is another one', (server) => (server['web.wasm'] = 'engine of tomorrow')],
  ['is missing', (server) => delete server['web.wasm']],
]) {
  test(`a build of which a file ${what} is not kept at all`, async () => {
    const { deploy, server, caches } = browser();
    const b = deploy('b', B);
    spoil(server);
    await assert.rejects(b.fill(), /web\.wasm is not the file of this build/);
    assert.deepEqual(await caches.keys(), []);
    server['web.wasm'] = 'engine';
    await b.fill();
    assert.equal(await read(b.start(SCOPE, 'page')), 'page B');
  });
}

test('a file that was spoiled here is fetched again; pages that use the build keep it whatever happens', async () => {
  const { deploy, server, caches, asked } = browser();
  const a = deploy('a', A);
  await a.fill();
  const [cache] = caches.values();
  await cache.put(`${SCOPE}web.wasm`, new Response('spoiled'));
  asked.length = 0;
  delete server['web.wasm'];
  await assert.rejects(a.fill());
  assert.equal(await read(a.start(SCOPE, 'page')), 'page A');
  server['web.wasm'] = 'engine';
  await a.fill();
  assert.deepEqual(asked, ['web.wasm', 'web.wasm']);
  assert.equal(await read(a.answer(`${SCOPE}web.wasm`, 'page')), 'engine');
});

test('what a host sends from elsewhere is kept so that browsers show it', async () => {
  const { place, build, caches } = browser();
  const redirected = (text) => Object.defineProperty(new Response(text, { headers: { 'x-from': 'host' } }), 'redirected', { value: true });
  place.fetch = async (url) => redirected(A[url.slice(SCOPE.length)]);
  const a = build('a', A);
  await a.fill();
  const [cache] = caches.values();
  const page = cache.kept.get(`${SCOPE}index.html`);
  assert.deepEqual([page.redirected, page.headers.get('x-from'), await page.text()], [false, 'host', 'page A']);
});

test('a build is dropped when its pages are closed; newer ones, other folders and the weights are left alone', async (context) => {
  const { deploy, build, place, caches, open } = browser();
  const a = deploy('a', A);
  await caches.open('cam-lucida-files');
  const beside = new Builds({ build: 'x', files: {} }, { ...place, scope: 'https://lucida.example/' });
  await beside.fill();
  await a.fill();
  await a.start(SCOPE, 'page 1');
  open.add('page 1');
  const second = deploy('b', B);
  await second.fill();
  const newer = build('c', { 'index.html': 'page B' });
  await newer.fill();
  const names = async () => (await caches.keys()).map((name) => name.replace('cam-lucida-', '').replace(SCOPE, ''));
  const others = ['files', 'site-x https://lucida.example/'];

  await second.tidy();
  assert.deepEqual(await names(), [...others, 'site-a ', 'site-b ', 'site-c ']);
  open.clear();
  await second.tidy();
  assert.deepEqual(await names(), [...others, 'site-a ', 'site-b ', 'site-c '], 'a page that has just started may not be told to be there');
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() + MINUTES });
  await second.tidy();
  assert.deepEqual(await names(), [...others, 'site-b ', 'site-c ']);
  await newer.tidy();
  assert.deepEqual(await names(), [...others, 'site-c ']);
});

test('records of closed pages are forgotten', async (context) => {
  const { deploy, open } = browser();
  const a = deploy('a', A);
  await a.fill();
  for (const client of ['page 1', 'page 2']) await a.start(SCOPE, client);
  open.add('page 2');
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() + MINUTES });
  await a.tidy();
  assert.equal(await a.answer(`${SCOPE}www/main.js`, 'page 1'), undefined);
  assert.equal(await read(a.answer(`${SCOPE}www/main.js`, 'page 2')), 'main A');
});

test('a clock that is set back keeps no record of a closed page for ever', async (context) => {
  const a = browser().deploy('a', A);
  await a.fill();
  context.mock.timers.enable({ apis: ['Date'], now: 1000 * MINUTES });
  await a.start(SCOPE, 'page 1');
  context.mock.timers.setTime(MINUTES);
  await a.tidy();
  assert.equal(await a.answer(`${SCOPE}www/main.js`, 'page 1'), undefined);
});

test('requests that are not for files of the site are left alone', () => {
  const a = browser().build('a', A);
  const concern = (url, { method = 'GET', headers = {} } = {}) => a.concern({ method, url, headers: new Headers(headers) });
  for (const file of ['', 'index.html', '?lang=en', 'www/main.js', 'www/chunk-of-an-older-build.js', 'web.wasm'])
    assert.ok(concern(SCOPE + file), file);
  for (const url of [
    'https://huggingface.co/www/main.js',
    'https://lucida.example/',
    'https://lucida.example/www/main.js',
    'https://lucida.example/some/wherever/www/main.js',
    `${SCOPE}my-network/model.safetensors`,
    `${SCOPE}sw.js`,
  ])
    assert.ok(!concern(url), url);
  assert.ok(!concern(`${SCOPE}web.wasm`, { method: 'HEAD' }));
  assert.ok(!concern(`${SCOPE}web.wasm`, { headers: { range: 'bytes=0-9' } }));
});

const [GPU_A, GPU_B] = [A, B].map((files, i) => ({ ...files, 'web-gpu.wasm': `engine of the GPU ${i}` }));

test('the engine of the GPU is fetched when a page needs it, and stays', async () => {
  const { deploy, server, asked } = browser();
  const a = deploy('a', GPU_A);
  await a.fill();
  await a.start(SCOPE, 'page');
  assert.ok(!asked.includes('web-gpu.wasm'));
  assert.equal(await read(a.answer(`${SCOPE}web-gpu.wasm`, 'page')), 'engine of the GPU 0');
  delete server['web-gpu.wasm'];
  assert.equal(await read(a.answer(`${SCOPE}web-gpu.wasm`, 'page')), 'engine of the GPU 0');
  assert.equal(asked.filter((file) => file === 'web-gpu.wasm').length, 1);
});

test('a page that began without its service worker has the engine of the GPU kept, and the next build brings its own', async () => {
  const { deploy, asked, server } = browser();
  const a = deploy('a', GPU_A);
  await a.fill();
  await a.keepLater();
  const b = deploy('b', GPU_B);
  asked.length = 0;
  await b.fill();
  assert.ok(asked.includes('web-gpu.wasm'));
  for (const file of Object.keys(server)) delete server[file];
  await b.start(SCOPE, 'page');
  assert.equal(await read(b.answer(`${SCOPE}web-gpu.wasm`, 'page')), 'engine of the GPU 1');
});

for (const [what, spoil] of [
  ['cannot be had', ({ server }) => delete server['web-gpu.wasm']],
  ['is that of another build', ({ server }) => (server['web-gpu.wasm'] = GPU_B['web-gpu.wasm'])],
]) {
  test(`an engine of the GPU that ${what} is an error, and not one of another build`, async () => {
    const played = browser();
    const a = played.deploy('a', GPU_A);
    await a.fill();
    await a.start(SCOPE, 'page');
    spoil(played);
    assert.equal((await a.answer(`${SCOPE}web-gpu.wasm`, 'page')).type, 'error');
    const b = played.deploy('b', GPU_B);
    await b.fill();
    assert.equal((await b.answer(`${SCOPE}web-gpu.wasm`, 'page')).type, 'error');
  });
}
