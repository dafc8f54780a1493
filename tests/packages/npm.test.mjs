// The npm package from its tarball: what its checkers say, its types, and the same app by script tag, esbuild, webpack and Vite.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { packNpm } from '../../scripts/package.mjs';
import { serve } from '../../scripts/serve.mjs';
import { elsewhere, folder, heatmap, open, packed, picture, root, run, start } from './browser.mjs';

const tool = (name) => path.join(packed, 'tools/node_modules/.bin', name);
const CHECKED = ['--profile', 'esm-only', '--exclude-entrypoints', 'custom-elements.json', 'package.json'];

let tarball;
before(() => (tarball = packNpm(path.resolve(root, process.env.CAM_LUCIDA_DIST ?? 'dist'), packed)));

/** The app of somebody who has installed the tarball. */
async function app(t) {
  const home = folder(t);
  cpSync(path.join(import.meta.dirname, 'app'), home, { recursive: true });
  mkdirSync(path.join(home, 'public'));
  writeFileSync(path.join(home, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--silent', '--no-audit', '--no-fund', tarball], { cwd: home });
  return home;
}

const page = (home, change) => writeFileSync(path.join(home, 'index.html'), change(readFileSync(path.join(home, 'index.html'), 'utf8')));
const BASED = ['<html lang="en">', '<html lang="en" data-base="/cam-lucida/">'];
/** Copies the files that stay files, and the picture, to where they are served. */
function publish(home, to) {
  mkdirSync(path.join(home, to), { recursive: true });
  cpSync(path.join(home, 'node_modules/cam-lucida/dist'), path.join(home, to, 'cam-lucida'), { recursive: true });
  cpSync(picture, path.join(home, to, 'picture.png'));
}

/** Opens the app, and holds what it finds to what it must find. */
async function holds(t, url) {
  const { page, faults } = await open(t, url);
  const found = await page.evaluate(async () => {
    while (!globalThis.found) await new Promise((resolve) => setTimeout(resolve, 50));
    return globalThis.found;
  });
  assert.equal(found.failed, undefined);
  assert.ok(found.colours > 1000, `${found.colours} colours`);
  assert.ok(found.probability > 0.5);
  assert.equal(found.device.kind, 'cpu');
  assert.deepEqual(found.map[0], found.map[1]);
  for (const [kind, [name, apart]] of Object.entries(found.answers)) {
    assert.equal(name, found.label, kind);
    // A video has its own colours; all others are the same pixels.
    if (kind !== 'video') assert.ok(apart < 1e-4, `${kind}: ${apart}`);
  }
  assert.deepEqual(found.widget, [found.label, found.map[1]]);
  assert.deepEqual(found.both, found.asked);
  assert.deepEqual([found.two[1], found.two[2]], [2, 1]);
  const coded = (code) => ['CamLucidaError', code];
  const { missing, ...refusals } = found.refusals;
  // Vite's server sends the app itself in place of what it does not have.
  assert.match(missing.join(), /^CamLucidaError,fetch-(status|web-page)$/);
  assert.deepEqual(refusals, {
    layer: coded('layer-missing'),
    class: coded('class-missing'),
    method: coded('method-missing'),
    option: coded('option-missing'),
    colormap: coded('option-missing'),
    picture: coded('no-picture'),
    model: coded('network-unknown'),
    aborted: ['AbortError', 20],
    abortedLater: ['AbortError', 20],
    disposedMeanwhile: ['AbortError', 20],
    disposed: coded('engine-disposed'),
  });
  const loading = found.events.slice(0, found.events.findIndex(({ status }) => status === 'ready') + 1);
  const weights = loading.filter(({ file }) => file === 'model.safetensors');
  assert.deepEqual([...new Set(weights.map(({ status }) => status))], ['initiate', 'download', 'progress', 'done']);
  assert.ok(weights.every(({ status, progress, loaded, total }) => status !== 'progress' || progress === (100 * loaded) / total));
  assert.ok(loading.some(({ status }) => status === 'compile') && found.events.some(({ status }) => status === 'compute'));
  const seen = await heatmap(page);
  assert.ok(seen.colours > 1000 && seen.method === 'layer-cam' && seen.classes[0].name === found.label);
  assert.deepEqual(
    faults.filter((fault) => !/ERR_ABORTED|missing/.test(fault)),
    [],
  );
}

test('publint and are-the-types-wrong have nothing to say', async () => {
  assert.match(await run(tool('publint'), ['--strict', tarball]), /All good/);
  await run(tool('attw'), [tarball, ...CHECKED]);
});

test('wasm, worker and the default network are files of the package; the page itself is not', async (t) => {
  const files = path.join(await app(t), 'node_modules/cam-lucida/dist');
  const { default: name } = JSON.parse(readFileSync(path.join(files, 'models/index.json'), 'utf8'));
  for (const file of ['web.js', 'web_bg.wasm', 'web-gpu.js', 'web-gpu_bg.wasm', 'www/worker.js', `models/${name}/model.safetensors`])
    assert.ok(existsSync(path.join(files, file)), file);
  for (const file of ['index.html', 'www/main.js']) assert.ok(!existsSync(path.join(files, file)), file);
});

test('the types: what is right passes, each mistake is an error', async (t) => {
  const home = await app(t);
  cpSync(path.join(import.meta.dirname, 'types.ts'), path.join(home, 'types.ts'));
  const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022', '--lib', 'es2023,dom'];
  for (const resolution of [
    ['--module', 'nodenext'],
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ]) {
    await run(tool('tsc'), [...options, ...resolution, 'types.ts'], { cwd: home });
  }
});

test('it may be imported where there is no browser', async (t) => {
  const home = await app(t);
  const said = await run('node', ['-e', "import('cam-lucida').then((all) => console.log(Object.keys(all).sort().join()))"], { cwd: home });
  assert.equal(said.trim(), 'CamLucida,CamLucidaError,default,useFiles');
});

test('by a script tag, without a bundler', async (t) => {
  const home = await app(t);
  cpSync(picture, path.join(home, 'picture.png'));
  const at = './node_modules/cam-lucida/dist/www/';
  const map = JSON.stringify({ imports: { 'cam-lucida': `${at}api.js`, 'cam-lucida/element': `${at}element.js` } });
  page(home, (html) => html.replace('<!-- map -->', `<script type="importmap">${map}</script>`));
  const site = await serve(home, elsewhere);
  t.after(() => site.close());
  await holds(t, site.url);
});

test('bundled by esbuild', async (t) => {
  const home = await app(t);
  publish(home, 'out');
  await build({
    entryPoints: [path.join(home, 'app.js')],
    absWorkingDir: home,
    bundle: true,
    format: 'esm',
    outdir: 'out',
    logLevel: 'error',
  });
  page(home, (html) => html.replace(...BASED));
  cpSync(path.join(home, 'index.html'), path.join(home, 'out/index.html'));
  const site = await serve(path.join(home, 'out'), elsewhere);
  t.after(() => site.close());
  await holds(t, site.url);
});

test('bundled by webpack, with the files on another site', async (t) => {
  const home = await app(t);
  const files = await serve(path.join(home, 'node_modules/cam-lucida/dist'), { port: 0 });
  t.after(() => files.close());
  const { default: webpack } = await import(path.join(packed, 'tools/node_modules/webpack/lib/index.js'));
  const output = { path: path.join(home, 'out'), filename: 'app.js' };
  const { errors, warnings } = (await promisify(webpack)({ mode: 'production', context: home, entry: './app.js', output })).toJson();
  assert.deepEqual([errors, warnings], [[], []]);
  cpSync(picture, path.join(home, 'out/picture.png'));
  page(home, (html) => html.replace(BASED[0], `<html lang="en" data-base="${files.url}">`));
  cpSync(path.join(home, 'index.html'), path.join(home, 'out/index.html'));
  const site = await serve(path.join(home, 'out'), elsewhere);
  t.after(() => site.close());
  await holds(t, site.url);
});

test('bundled by Vite', async (t) => {
  const home = await app(t);
  publish(home, 'public');
  page(home, (html) => html.replace(...BASED));
  await run(tool('vite'), ['build', '--logLevel', 'error'], { cwd: home });
  const site = await serve(path.join(home, 'dist'), elsewhere);
  t.after(() => site.close());
  await holds(t, site.url);
});

test('served by Vite while it is written', async (t) => {
  const home = await app(t);
  publish(home, 'public');
  page(home, (html) => html.replace(...BASED));
  await holds(t, await start(t, tool('vite'), ['--host', '127.0.0.1', '--port', '0'], { cwd: home }));
});
