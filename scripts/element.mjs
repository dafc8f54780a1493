// Bundles what goes into other people's pages: <cam-lucida>, the API for scripts, and the widget for notebooks.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { compileRelaxed } from './relaxed.mjs';

const root = path.resolve(import.meta.dirname, '..');
const www = path.join(root, 'www');

/** Of the client and the worker and of all that they say to each other (www/engine/build.js). */
function engineBuild() {
  const digest = createHash('sha256');
  for (const name of readdirSync(path.join(www, 'engine')).sort()) digest.update(readFileSync(path.join(www, 'engine', name)));
  return digest.digest('hex').slice(0, 16);
}

/** How all of the page is bundled. */
export const common = {
  absWorkingDir: root,
  define: { ENGINE_BUILD: JSON.stringify(engineBuild()) },
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};
/** How the engine's worker is: with a module of its own (www/engine/relaxed.js). */
export const worker = () => ({ ...common, define: { ...common.define, RELAXED_MODULE: JSON.stringify(compileRelaxed()) } });
export const split = {
  ...common,
  splitting: true,
  metafile: true,
  loader: { '.css': 'text', '.svg': 'dataurl' },
  chunkNames: '[name]-[hash]',
};

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

/** A module of www/ that is in a file beside. */
const beside = (module, file) => ({
  name: `beside ${file}`,
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`/${path.basename(module)}$`) }, ({ path: imported, resolveDir }) =>
      path.resolve(resolveDir, imported) === path.join(www, module) ? { path: `./${file}`, external: true } : null,
    );
  },
});

const versionOf = (outputFiles) => {
  const digest = createHash('sha256');
  for (const { text } of outputFiles) digest.update(text);
  return digest.digest('hex').slice(0, 6);
};

/**
 * Writes into a folder `element.js`, and what it loads when it is revealed. It is one file without imports: before, nothing
 * else is asked for. Beside it `api.js`, for scripts, which has the same engine.
 */
export async function buildElement(outdir) {
  const parts = {
    ...split,
    outdir,
    entryPoints: { 'element-figure': path.join(www, 'embed/figure.js'), 'element-api': path.join(www, 'api/index.js') },
    entryNames: '[name]-[hash]',
    chunkNames: 'element-[name]-[hash]',
  };
  const later = beside('element.js', 'element.js');
  const { outputFiles } = await build({ ...parts, plugins: [later, apart('0')], write: false });
  const plugins = [apart(versionOf(outputFiles))];
  const { outputs } = (await build({ ...parts, plugins: [later, ...plugins] })).metafile;
  const written = (entry) => path.basename(Object.keys(outputs).find((name) => outputs[name].entryPoint === entry));
  const api = `./${written('www/api/index.js')}`;
  writeFileSync(path.join(outdir, 'api.js'), `export * from '${api}';\nexport { default } from '${api}';\n`);
  const figure = beside('embed/figure.js', written('www/embed/figure.js'));
  return build({ ...common, outdir, entryPoints: { element: path.join(www, 'element.js') }, plugins: [figure, ...plugins] });
}

/**
 * Writes into a folder `notebook.js`, the widget in one file, and `notebook-worker.js`, its worker: a notebook has no folder
 * in which scripts find each other. `site` has the engine's own script: there it is the one that can do both, since a kernel sends one.
 */
export async function buildNotebook(outdir, site) {
  const widget = {
    ...common,
    outdir,
    entryPoints: { notebook: path.join(www, 'api/notebook.js') },
    loader: split.loader,
    // It has no address of its own; of this one nothing is ever fetched.
    define: { ...common.define, 'import.meta.url': JSON.stringify('https://cam-lucida.invalid/www/notebook.js') },
  };
  const version = versionOf((await build({ ...widget, plugins: [apart('0')], write: false })).outputFiles);
  const address = JSON.stringify(`https://cam-lucida.invalid/www/notebook.js?tag=cam-lucida-${version}`);
  const engine = {
    name: 'engine',
    setup: ({ onResolve }) => onResolve({ filter: /\/web(-gpu)?\.js$/ }, () => ({ path: path.resolve(site, 'web-gpu.js') })),
  };
  return Promise.all([
    build({ ...widget, define: { ...common.define, 'import.meta.url': address }, plugins: [apart(version)] }),
    build({ ...worker(), outdir, entryPoints: { 'notebook-worker': path.join(www, 'engine/worker.js') }, plugins: [engine] }),
  ]);
}
