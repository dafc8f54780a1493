// What servers send with the site: the same in each form of it, and no more than is needed.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { FILES } from '../../scripts/headers.mjs';
import { contentSecurityPolicy, HEADERS, pagePolicy, withPolicy } from '../../scripts/policy.mjs';
import { serve } from '../../scripts/serve.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const directive = (name) =>
  contentSecurityPolicy
    .split('; ')
    .find((one) => one.startsWith(`${name} `))
    .split(' ')
    .slice(1);

test('the policy allows no script and no style that the site does not bring as a file', () => {
  assert.deepEqual(directive('default-src'), ["'self'"]);
  assert.deepEqual(directive('script-src'), ["'self'", "'wasm-unsafe-eval'"]);
  assert.deepEqual(directive('style-src'), ["'self'"]);
  assert.ok(!/unsafe-inline|unsafe-eval'? |unsafe-hashes|\*/.test(contentSecurityPolicy.replaceAll("'wasm-unsafe-eval'", '')));
});

for (const page of ['index.html', 'www/embed.html']) {
  test(`${page} has the policy before anything that it concerns, once`, () => {
    const built = withPolicy(withPolicy(readFileSync(path.join(root, page), 'utf8')));
    const [meta, ...others] = [...built.matchAll(/<meta http-equiv="Content-Security-Policy" content="([^"]*)">/g)];
    assert.equal(meta[1], pagePolicy);
    assert.equal(others.length, 0);
    assert.equal(built.match(/<meta name="referrer" content="no-referrer">/g).length, 1);
    assert.ok(meta.index < built.search(/<(link|script|style|title)\b/));
    assert.ok(!/<style|style=|<script(?![^>]* src=)|\son\w+=/.test(built), 'nothing inline');
  });
}

/** The headers that a file tells, as its server reads them. */
const READERS = {
  _headers: (text) => [...text.matchAll(/^ {2}([\w-]+): (.*)$/gm)],
  '.htaccess': (text) => [...text.matchAll(/^ {2}Header always set ([\w-]+) "([^"]*)"$/gm)],
  'nginx.conf': (text) => [...text.matchAll(/^add_header ([\w-]+) "([^"]*)" always;$/gm)],
};

test('each file for servers tells the same headers', () => {
  assert.deepEqual(Object.keys(FILES), Object.keys(READERS));
  for (const [name, read] of Object.entries(READERS)) {
    assert.deepEqual(Object.fromEntries(read(FILES[name]).map(([, header, value]) => [header, value])), HEADERS, name);
  }
});

test('the server of this repository sends them, and the type of each file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cam-lucida-served-'));
  for (const name of ['index.html', 'web.wasm', 'manifest.json', 'overview.webp']) writeFileSync(path.join(folder, name), 'abc');
  const server = await serve(folder, { port: 0, base: '/some/where/' });
  try {
    for (const [name, type] of [
      ['', 'text/html; charset=utf-8'],
      ['web.wasm', 'application/wasm'],
      ['manifest.json', 'application/json'],
      ['overview.webp', 'image/webp'],
    ]) {
      const { headers } = await fetch(server.url + name);
      for (const [header, value] of Object.entries(HEADERS)) assert.equal(headers.get(header), value, name);
      assert.equal(headers.get('content-type'), type);
    }
    const ask = (etag) => fetch(`${server.url}web.wasm`, { headers: { 'if-none-match': etag } });
    const etag = (await ask('"another"')).headers.get('etag');
    assert.equal((await ask(etag)).status, 304);
    writeFileSync(path.join(folder, 'web.wasm'), 'abd');
    assert.deepEqual([(await ask(etag)).status, await (await ask(etag)).text()], [200, 'abd']);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

test('docs/HOSTING.md says what each header and each directive does', () => {
  const text = readFileSync(path.join(root, 'docs/HOSTING.md'), 'utf8');
  for (const header of Object.keys(HEADERS)) assert.ok(text.includes(`| \`${header}\` |`), header);
  for (const one of pagePolicy.split('; ')) assert.ok(text.includes(`| \`${one.split(' ')[0]}\` |`), one);
  for (const file of Object.keys(FILES)) assert.ok(text.includes(`\`${file}\``), file);
});
