// Bundles the page: node scripts/page.mjs FOLDER. The files go to FOLDER/www, flat, so that each finds the others beside it;
// FOLDER/index.html says which of them the first script imports, so that they come beside it. Trunk calls it with its
// staging folder.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, transform } from 'esbuild';
import { setShared } from '../www/engine/shared.js';
import { buildElement, common, split, worker } from './element.mjs';
import { buildGpuEngine } from './engine.mjs';
import { writeWorker } from './offline.mjs';
import { withPolicy } from './policy.mjs';

const root = path.resolve(import.meta.dirname, '..');
const www = path.join(root, 'www');
const site = path.resolve(process.env.TRUNK_STAGING_DIR ?? process.argv[2] ?? path.join(root, 'dist'));
const folder = path.join(site, 'www');
const index = path.join(site, 'index.html'); // Trunk's

/** What a few views have in common that no visit begins with comes with these: a first visit of another view does without. */
const APART = ['www/elements/game/', 'www/lessons/', 'www/views/lessons/'];

const shared = { ...common, outdir: folder };
const views = { ...split, outdir: folder, entryPoints: { main: path.join(www, 'main.js') } };

/** What a first visit loads: the view that it opens without an address, and a language. */
const FIRST = ['www/main.js', 'www/views/board/board.js', 'www/i18n/en/index.js', 'www/i18n/zh/index.js'];

/** The modules that some entries load: they, what they import, and so on. */
function loadedBy(/** @type {string[]} */ entries, /** @type {import('esbuild').Metafile['inputs']} */ inputs) {
  const loaded = new Set(entries);
  for (const file of loaded)
    for (const { kind, path: imported } of inputs[file]?.imports ?? []) if (kind === 'import-statement') loaded.add(imported);
  return loaded;
}

/**
 * Left alone, esbuild writes one chunk for each set of entries that have something in common, and a visit waits for ten
 * of them. Where each entry that has anything in common with another imports all of that, there is one chunk; or two, so that a first
 * visit does without what only the other views share.
 */
async function fewSharedChunks() {
  const { inputs, outputs } = (await build({ ...views, write: false })).metafile;
  const chunks = Object.entries(outputs).filter(([, { entryPoint }]) => !entryPoint);
  const names = chunks.map(([name]) => name);
  const modules = chunks
    .flatMap(([, { inputs }]) => Object.keys(inputs))
    .filter((file) => file.startsWith('www/') && file.endsWith('.js') && !APART.some((folder) => file.startsWith(folder)));
  const entries = Object.values(outputs).filter(
    ({ entryPoint, imports }) => entryPoint && imports.some(({ path: file }) => names.includes(file)),
  );
  const first = loadedBy(FIRST, inputs);
  const shared = { first: modules.filter((file) => first.has(file)), others: modules.filter((file) => !first.has(file)) };
  /** What each entry imports before its own, by its file. */
  const imports = new Map(
    entries.map(({ entryPoint = '' }) => [
      path.join(root, entryPoint),
      FIRST.includes(entryPoint) ? `import 'shared:first';` : `import 'shared:first';import 'shared:others';`,
    ]),
  );
  return {
    name: 'few shared chunks',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^shared:/ }, ({ path: which }) => ({ path: which.slice('shared:'.length), namespace: 'shared' }));
      onLoad({ filter: /./, namespace: 'shared' }, ({ path: which }) => ({
        contents: shared[which].map((file) => `import './${file}';`).join(''),
        resolveDir: root,
      }));
      onLoad({ filter: /\.js$/ }, ({ path: file }) =>
        imports.has(file) ? { contents: `${imports.get(file)}${readFileSync(file, 'utf8')}`, resolveDir: path.dirname(file) } : null,
      );
    },
  };
}

/** Puts the short files of the networks into their list, so that a visit does not ask for them one by one. */
function embedTexts() {
  const models = path.join(site, 'models');
  const list = path.join(models, 'index.json');
  const index = JSON.parse(readFileSync(list, 'utf8'));
  for (const { name, files } of [...index.models, ...(index.language ?? [])])
    for (const [file, told] of Object.entries(files))
      if (file.endsWith('.json')) told.text = readFileSync(path.join(models, name, file), 'utf8');
  writeFileSync(list, JSON.stringify(index));
}

/** Has index.html ask for what main.js imports before main.js itself is there, and for no icon. */
function preload({ outputs }) {
  const [, main] = Object.entries(outputs).find(([name]) => path.basename(name) === 'main.js');
  const imported = main.imports.filter(({ kind }) => kind === 'import-statement').map((one) => path.basename(one.path));
  const links = imported.map((name) => `<link rel="modulepreload" href="./www/${name}">\n    `).join('');
  const plain = readFileSync(index, 'utf8').replace(/<link rel="modulepreload"[^>]*>\s*/g, '');
  const icon = `data:image/svg+xml;base64,${readFileSync(path.join(www, 'icon.svg')).toString('base64')}`;
  writeFileSync(index, withPolicy(plain.replace('./www/icon.svg', icon).replace('<script type="module"', `${links}$&`)));
}

/**
 * The engines are linked for memory that threads share. Few pages may have such, so they are delivered for memory of their own
 * (www/engine/shared.js). Their scripts are minified.
 */
async function finish(/** @type {string} */ engine) {
  const [binary, script] = [`${engine}_bg.wasm`, `${engine}.js`].map((name) => path.join(site, name));
  const bytes = readFileSync(binary);
  setShared(bytes, false);
  writeFileSync(binary, bytes);
  const own = readFileSync(script, 'utf8').replace(/(new WebAssembly\.Memory\(\{[^}]*),shared:true\}/, '$1}');
  const { code } = await transform(own, { format: 'esm', target: common.target, minify: true });
  writeFileSync(script, code);
}

if (process.env.TRUNK_STAGING_DIR) buildGpuEngine(site);
mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder)) if (old.endsWith('.js')) rmSync(path.join(folder, old));
const [{ metafile }] = await Promise.all([
  build({ ...views, plugins: [await fewSharedChunks()] }),
  // The worker is one file: a chunk that it shared with the page would be one more request.
  build({
    ...worker(),
    outdir: folder,
    entryPoints: { worker: path.join(www, 'engine/worker.js') },
    external: ['../web.js', '../web-gpu.js'],
  }),
  build({ ...shared, entryPoints: { pool: path.join(www, 'engine/pool.js') }, external: ['../web.js'] }),
  build({ ...shared, entryPoints: { page: path.join(www, 'styles/page.css'), frame: path.join(www, 'embed/frame.css') } }),
  // The frame loads the page itself when it is seen.
  build({ ...shared, entryPoints: { embed: path.join(www, 'embed.js') }, external: ['./main.js'] }),
  buildElement(folder),
]);
writeFileSync(path.join(site, 'embed.html'), withPolicy(readFileSync(path.join(www, 'embed.html'), 'utf8')));
cpSync(path.join(www, 'manifest.json'), path.join(site, 'manifest.json'));
for (const assets of ['people', 'stickers', 'icon.svg', 'icon-192.png', 'icon-square.png'])
  cpSync(path.join(www, assets), path.join(folder, assets), { recursive: true });
cpSync(path.join(www, 'lessons'), path.join(folder, 'lessons'), { recursive: true, filter: (file) => !file.endsWith('.js') });
if (existsSync(index)) {
  await Promise.all(['web', 'web-gpu'].map(finish));
  embedTexts();
  preload(metafile);
  await writeWorker(site); // of all that is there now
}
