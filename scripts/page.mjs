// Bundles the page: node scripts/page.mjs FOLDER. The files go to FOLDER/www, flat, so that each finds the others beside it;
// FOLDER/index.html says which of them the first script imports, so that they come beside it. Trunk calls it with its
// staging folder.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { writeWorker } from './offline.mjs';
import { withPolicy } from './policy.mjs';

const root = path.resolve(import.meta.dirname, '..');
const www = path.join(root, 'www');
const site = path.resolve(process.env.TRUNK_STAGING_DIR ?? process.argv[2] ?? path.join(root, 'dist'));
const folder = path.join(site, 'www');
const index = path.join(site, 'index.html'); // Trunk's

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  outdir: folder,
};
const split = {
  ...common,
  entryPoints: { main: path.join(www, 'main.js') },
  splitting: true,
  metafile: true,
  loader: { '.css': 'text', '.svg': 'dataurl' },
  chunkNames: '[name]-[hash]',
};

/**
 * Left alone, esbuild writes one chunk for each set of entries that have something in common, and a visit waits for ten
 * of them. Where each entry that has anything in common with another imports all of that, there is one chunk.
 */
async function oneSharedChunk() {
  const { outputs } = (await build({ ...split, write: false })).metafile;
  const chunks = Object.entries(outputs).filter(([, { entryPoint }]) => !entryPoint);
  const names = chunks.map(([name]) => name);
  const shared = chunks.flatMap(([, { inputs }]) => Object.keys(inputs)).filter((file) => file.startsWith('www/') && file.endsWith('.js'));
  const entries = Object.values(outputs).filter(
    ({ entryPoint, imports }) => entryPoint && imports.some(({ path: file }) => names.includes(file)),
  );
  const files = new Set(entries.map(({ entryPoint }) => path.join(root, entryPoint)));
  return {
    name: 'one shared chunk',
    setup({ onLoad, onResolve }) {
      const imports = shared.map((file) => `import './${file}';`).join('');
      onResolve({ filter: /^shared$/ }, () => ({ path: 'shared', namespace: 'shared' }));
      onLoad({ filter: /./, namespace: 'shared' }, () => ({ contents: imports, resolveDir: root }));
      onLoad({ filter: /\.js$/ }, ({ path: file }) =>
        files.has(file) ? { contents: `import 'shared';${readFileSync(file, 'utf8')}`, resolveDir: path.dirname(file) } : null,
      );
    },
  };
}

/** Has index.html ask for what main.js imports before main.js itself is there. */
function preload({ outputs }) {
  const [, main] = Object.entries(outputs).find(([name]) => path.basename(name) === 'main.js');
  const imported = main.imports.filter(({ kind }) => kind === 'import-statement').map((one) => path.basename(one.path));
  const links = imported.map((name) => `<link rel="modulepreload" href="./www/${name}">\n    `).join('');
  const plain = readFileSync(index, 'utf8').replace(/<link rel="modulepreload"[^>]*>\s*/g, '');
  writeFileSync(index, withPolicy(plain.replace('<script type="module"', `${links}$&`)));
}

/**
 * What <cam-lucida> brings into other people's pages has names of its own, so that several versions live side by side: each
 * element is called after the version. Its sheets count in the size of the text around, not in that of the root.
 */
function apart(version) {
  const sized = (sheet) => sheet.replace(/^[^@]+$/gm, (line) => line.replace(/\b(\d*\.?\d+)rem\b/g, 'calc($1 * var(--cl-rem))'));
  const named = (text) => text.replace(/\bcl-(?=[a-z])(?!rem\b)/g, `cl-${version}-`);
  return {
    name: 'apart',
    setup({ onLoad }) {
      onLoad({ filter: /\/www\/.*\.(js|css)$/ }, ({ path: file }) => {
        const text = readFileSync(file, 'utf8');
        const sheet = file.endsWith('.css');
        return { contents: named(sheet ? sized(text) : text), loader: sheet ? 'text' : 'js' };
      });
    },
  };
}

/**
 * <cam-lucida>, and what it loads when it is revealed. It is one file without imports: before, nothing else is asked for.
 */
async function buildElement() {
  const figure = {
    ...split,
    entryPoints: { 'element-figure': path.join(www, 'embed/figure.js') },
    entryNames: '[name]-[hash]',
    chunkNames: 'element-[name]-[hash]',
  };
  const { outputFiles } = await build({ ...figure, plugins: [apart('0')], write: false });
  const digest = createHash('sha256');
  for (const { text } of outputFiles) digest.update(text);
  const plugins = [apart(digest.digest('hex').slice(0, 6))];
  const { outputs } = (await build({ ...figure, plugins })).metafile;
  const [name] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === 'www/embed/figure.js');
  const later = {
    name: 'later',
    setup({ onResolve }) {
      onResolve({ filter: /embed\/figure\.js$/ }, () => ({ path: `./${path.basename(name)}`, external: true }));
    },
  };
  return build({ ...common, entryPoints: { element: path.join(www, 'element.js') }, plugins: [later, ...plugins] });
}

mkdirSync(folder, { recursive: true });
for (const old of readdirSync(folder)) if (old.endsWith('.js')) rmSync(path.join(folder, old));
const [{ metafile }] = await Promise.all([
  build({ ...split, plugins: [await oneSharedChunk()] }),
  // The worker is one file: a chunk that it shared with the page would be one more request.
  build({ ...common, entryPoints: { worker: path.join(www, 'engine/worker.js') }, external: ['../web.js'] }),
  build({ ...common, entryPoints: { page: path.join(www, 'styles/page.css'), frame: path.join(www, 'embed/frame.css') } }),
  // The frame loads the page itself when it is seen.
  build({ ...common, entryPoints: { embed: path.join(www, 'embed.js') }, external: ['./main.js'] }),
  buildElement(),
]);
writeFileSync(path.join(site, 'embed.html'), withPolicy(readFileSync(path.join(www, 'embed.html'), 'utf8')));
cpSync(path.join(www, 'manifest.json'), path.join(site, 'manifest.json'));
for (const assets of ['people', 'stickers', 'icon.svg', 'icon-192.png', 'icon-square.png'])
  cpSync(path.join(www, assets), path.join(folder, assets), { recursive: true });
if (existsSync(index)) {
  preload(metafile);
  await writeWorker(site); // of all that is there now
}
