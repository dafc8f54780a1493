// What is kept for offline use, and by which pages.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { listFiles, writeWorker } from '../../scripts/offline.mjs';
import { keepSite, renewed, watchSite } from '../../www/offline/renewal.js';

/** SHA-256 of `abc`, from FIPS 180. */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

test('the list has the SHA-256 of each file that a page asks for, and no other', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cam-lucida-list-'));
  const left = [
    'sw.js',
    '_headers',
    '.htaccess',
    'nginx.conf',
    'models/a/README.md',
    'models/a/report.json',
    'www/api.js',
    'www/element.js',
    'www/icon-192.png',
    'www/element-en-AB.js',
    'book/index.html',
    'rust/cam_lucida/index.html',
  ];
  const kept = ['embed.html', 'index.html', 'models/a/config.json', 'www/main.js'];
  for (const file of [...left, ...kept]) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), 'abc');
  }
  assert.deepEqual(listFiles(folder), Object.fromEntries(kept.map((file) => [file, ABC])));
  rmSync(folder, { recursive: true });
});

test('a file that changes makes another service worker, and nothing else does', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cam-lucida-build-'));
  const written = async (text) => {
    writeFileSync(path.join(folder, 'index.html'), text);
    await writeWorker(folder);
    return readFileSync(path.join(folder, 'sw.js'), 'utf8');
  };
  const [one, other, again] = [await written('abc'), await written('abd'), await written('abc')];
  assert.equal(one, again);
  const listOf = (script) => runInNewContext(`${script.split('\n')[0]} SITE_BUILD`);
  assert.notEqual(listOf(one).build, listOf(other).build);
  assert.equal(listOf(one).files['index.html'], ABC);
  rmSync(folder, { recursive: true });
});

/** A browser's service workers, in place of this process's navigator; `registered` counts. */
function asPage(context, hostname, get) {
  const found = { registered: 0 };
  const container = {
    addEventListener() {},
    startMessages() {},
    controller: null,
    register: async (url) => {
      found.registered += 1;
      found.url = url;
      throw new DOMException('no room', 'QuotaExceededError');
    },
  };
  const navigator = Object.defineProperty({}, 'serviceWorker', { get: () => get(container) });
  for (const [name, value] of Object.entries({ navigator, location: { hostname } })) {
    const before = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true });
    context.after(() => (before ? Object.defineProperty(globalThis, name, before) : delete globalThis[name]));
  }
  return found;
}

test('the manifest finds its icons in the sizes that it tells', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const { icons, start_url: start, scope } = JSON.parse(readFileSync(path.join(root, 'www/manifest.json'), 'utf8'));
  assert.deepEqual([start, scope], ['./', './']);
  for (const { src, sizes, type } of icons) {
    const bytes = readFileSync(path.join(root, src));
    // Width and height of a PNG are the first numbers of its first chunk.
    if (type === 'image/png') assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes);
  }
  assert.ok(icons.some(({ purpose }) => purpose === 'maskable'));
});

for (const [what, hostname, get, registered] of [
  ['has the site kept, and bears a refusal', 'lucida.example', (container) => container, 1],
  ['has nothing kept where the site is developed', 'localhost', (container) => container, 0],
  ['does without service workers', 'lucida.example', () => undefined, 0],
  [
    'does without service workers in a sandbox, which forbids to ask for them',
    'lucida.example',
    () => {
      throw new DOMException('the frame is in a sandbox', 'SecurityError');
    },
    0,
  ],
]) {
  test(`a page ${what}`, async (context) => {
    const found = asPage(context, hostname, get);
    watchSite();
    await keepSite();
    assert.equal(found.registered, registered);
    if (registered) assert.ok(found.url.endsWith('/sw.js'));
    assert.equal(renewed.value, false);
  });
}
