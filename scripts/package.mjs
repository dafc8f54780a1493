// Makes the packages of a built site: node scripts/package.mjs [dist] [packed]. The npm package and the wheel hold the same files:
// what <cam-lucida>, the API and their engine need of the site. Their version is that of Cargo.toml.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildNotebook } from './element.mjs';

const root = path.resolve(import.meta.dirname, '..');
const SHIPPED = 25 * 2 ** 20; // bytes that the wasm of `make dist` stays below; that of a development build is far beyond

export const version = /^version = "(.+)"$/m.exec(readFileSync(path.join(root, 'Cargo.toml'), 'utf8'))[1];

/** Copies what others' pages need of the page's files. */
function copySite(site, folder) {
  const parts = [
    'web.js',
    'web_bg.wasm',
    'web-gpu.js',
    'web-gpu_bg.wasm',
    'models',
    'www/worker.js',
    'www/pool.js',
    'www/api.js',
    'www/people',
    'www/stickers',
  ];
  if (existsSync(path.join(site, 'sbom.cdx.json'))) parts.push('sbom.cdx.json'); // of a site that `make dist` made
  const scripts = readdirSync(path.join(site, 'www')).filter((name) => /^element.*\.js$/.test(name));
  rmSync(folder, { recursive: true, force: true });
  for (const part of [...parts, ...scripts.map((name) => `www/${name}`)]) {
    // Tools for documentation would take the models' cards for pages of their own; what channels answer to is for one view of the page.
    cpSync(path.join(site, part), path.join(folder, part), {
      recursive: true,
      filter: (file) => !/(README\.md|report\.json|channels[\w.-]*)$/.test(file),
    });
  }
}

function copyLicences(folder) {
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) cpSync(path.join(root, name), path.join(folder, name));
}

/** The npm package, packed: gives its file. */
export function packNpm(site, out) {
  const folder = path.join(out, 'npm');
  copySite(site, path.join(folder, 'dist'));
  for (const name of ['README.md', 'custom-elements.json']) cpSync(path.join(root, 'npm', name), path.join(folder, name));
  copyLicences(folder);
  for (const name of ['public.d.ts', 'element.d.ts']) cpSync(path.join(root, 'www/api', name), path.join(folder, 'types', name));
  const { name, ...rest } = JSON.parse(readFileSync(path.join(root, 'npm/package.json'), 'utf8'));
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, ...rest }, null, 2));
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: folder, encoding: 'utf8' });
  return path.join(out, packed.trim());
}

/** The wheel; `python` has hatchling. Gives its file. */
export async function buildWheel(site, out, python) {
  const folder = path.join(root, 'python/src/cam_lucida/site');
  copySite(site, folder);
  await buildNotebook(folder, site);
  copyLicences(path.join(root, 'python'));
  execFileSync(python, ['-m', 'hatchling', 'build', '-t', 'wheel', '-d', out], {
    cwd: path.join(root, 'python'),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return path.join(out, `cam_lucida-${version}-py3-none-any.whl`);
}

if (process.argv[1] === import.meta.filename) {
  const [site, out] = ['dist', 'packed'].map((folder, i) => path.resolve(process.argv[2 + i] ?? folder));
  if (!existsSync(path.join(site, 'web-gpu_bg.wasm'))) throw new Error(`${site} has no site: run \`make dist\` before`);
  const { size } = statSync(path.join(site, 'web-gpu_bg.wasm'));
  if (size > SHIPPED)
    console.warn(`package: the wasm has ${(size / 2 ** 20).toFixed(0)} MiB, as a development build has: not to be published`);
  mkdirSync(out, { recursive: true });
  for (const file of [packNpm(site, out), await buildWheel(site, out, path.join(root, '.venv/bin/python'))]) {
    console.log(`${(statSync(file).size / 2 ** 20).toFixed(1)} MiB  ${path.relative(process.cwd(), file)}`);
  }
}
