// What browsers keep of a site for offline use: node scripts/offline.mjs FOLDER writes FOLDER/sw.js, the service worker, which
// begins with the list of the site's files. To be run when the site is complete; any file that changes makes another build.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What no page of the site asks for. */
const LEFT_OUT = [
  /^sw\.js$/, // browsers keep it themselves
  /(^|\/)[._]/, // for servers
  /\.(conf|md)$/,
  /^sbom\.cdx\.json$/,
  /^models\/[^/]+\/report\.json$/,
  /^www\/icon-.*\.png$/, // the system keeps them when it installs the page
  /^(book|rust)\//, // the book and the library's documentation: as large as the page, and read online
  /^www\/(element\b.*|api)\.js$/, // for pages of other sites, which this worker does not serve
];

/** What only some visits need, so it is kept when one has asked for it. */
const LATER = /^web-gpu/;

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** The SHA-256 of each file that is kept, by its path from the site's root. */
export function listFiles(site) {
  const paths = readdirSync(site, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(site, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((file) => !LEFT_OUT.some((pattern) => pattern.test(file)));
  return Object.fromEntries(paths.sort().map((file) => [file, sha256(readFileSync(path.join(site, file)))]));
}

/** Writes the service worker of a complete site. */
export async function writeWorker(site) {
  const { outputFiles } = await build({
    absWorkingDir: path.resolve(import.meta.dirname, '..'),
    entryPoints: ['www/offline/sw.js'],
    bundle: true,
    format: 'iife', // module workers are younger than the other things that the page needs
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  const [{ text }] = outputFiles;
  const files = listFiles(site);
  const later = Object.keys(files).filter((file) => LATER.test(file));
  const own = { build: sha256(JSON.stringify(files) + text).slice(0, 16), files, later };
  writeFileSync(path.join(site, 'sw.js'), `const SITE_BUILD=${JSON.stringify(own)};\n${text}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeWorker(path.resolve(process.argv[2] ?? 'dist'));
