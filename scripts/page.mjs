// Bundles the page: node scripts/page.mjs FOLDER. The files go to FOLDER/www, flat, so that each finds the others beside it.
// Trunk calls it with its staging folder.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const www = path.join(root, 'www');
const folder = path.resolve(process.env.TRUNK_STAGING_DIR ?? process.argv[2] ?? path.join(root, 'dist'), 'www');

const common = {
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  outdir: folder,
};

mkdirSync(folder, { recursive: true });
await Promise.all([
  build({
    ...common,
    entryPoints: { main: path.join(www, 'main.js') },
    splitting: true,
    loader: { '.css': 'text' },
    chunkNames: '[name]-[hash]',
  }),
  // The worker is one file: a chunk that it shared with the page would be one more request.
  build({ ...common, entryPoints: { worker: path.join(www, 'engine/worker.js') }, external: ['../web.js'] }),
  build({ ...common, entryPoints: { page: path.join(www, 'styles/page.css') } }),
]);
for (const assets of ['people', 'stickers', 'icon.svg']) cpSync(path.join(www, assets), path.join(folder, assets), { recursive: true });
