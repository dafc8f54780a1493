// What the site is made of that others wrote: node scripts/sbom.mjs FOLDER writes FOLDER/sbom.cdx.json, a CycloneDX bill of
// materials. Cargo itself tells the crates of the wasm, esbuild the packages of the bundles: what is only used to build or
// test is not in it. It bears no date, so the same sources give the same file. (cargo-cyclonedx would be one more tool to
// compile, and `npm sbom` lists what is installed, not what is bundled.)
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { split } from './element.mjs';

const root = path.resolve(import.meta.dirname, '..');
const read = (file) => readFileSync(path.join(root, file), 'utf8');

/** Cargo's, or rustc's, answer. */
const ask = (program, ...args) =>
  execFileSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:${homedir()}/.cargo/bin` },
  });

/** In the form of CycloneDX: old manifests write a slash where SPDX has OR. */
const licensesOf = (license) =>
  license ? [{ expression: license.replaceAll(/ ?\/ ?/g, ' OR ') }] : [{ license: { name: 'as its own LICENSE file says' } }];

const component = ({ purl, name, version, license, hash }) => ({
  type: 'library',
  'bom-ref': purl,
  name,
  version,
  ...(hash && { hashes: [hash] }),
  licenses: licensesOf(license),
  purl,
});

/**
 * The crates of the wasm, and what each depends on, from `cargo tree` with a depth before each line; the first is the project
 * itself. Cargo leaves out what stands below a crate that it has listed before.
 */
export function cratesOf(tree, lock) {
  const checksums = new Map(
    [...lock.matchAll(/name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(\w+)"/g)].map(([, name, version, sum]) => [
      `${name}@${version}`,
      sum,
    ]),
  );
  const [components, uses, above] = [new Map(), new Map(), []];
  for (const line of tree.trim().split('\n')) {
    const [, depth, name, version, license] = /^(\d+)\|(\S+) v(\S+)[^|]*\|(.*?)(?: \(\*\))?$/.exec(line);
    const purl = `pkg:cargo/${name}@${encodeURIComponent(version)}`;
    const sum = checksums.get(`${name}@${version}`);
    const hash = sum && { alg: 'SHA-256', content: sum };
    components.set(purl, component({ purl, name, version, license, hash }));
    above[Number(depth)] = purl;
    if (!uses.has(purl)) uses.set(purl, new Set());
    if (depth !== '0') uses.get(above[depth - 1]).add(purl);
  }
  return { components, uses };
}

function crates() {
  const features = ['--no-default-features', '--features', 'web,gpu', '--target', 'wasm32-unknown-unknown'];
  const tree = ask('cargo', 'tree', '--locked', ...features, '-e', 'normal,no-proc-macro', '--prefix', 'depth', '-f', '|{p}|{l}');
  return cratesOf(tree, read('Cargo.lock'));
}

/** The packages of which something is in a bundle: what any module of the page imports, whichever bundle it goes into. */
async function packages() {
  const modules = readdirSync(path.join(root, 'www'), { recursive: true }).filter((file) => file.endsWith('.js'));
  const entryPoints = modules.map((file) => path.join(root, 'www', file));
  const { metafile } = await build({ ...split, entryPoints, external: ['../web.js', '../web-gpu.js'], outdir: 'dist', write: false });
  const inputs = Object.keys(metafile.inputs).map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  const lock = JSON.parse(read('package-lock.json')).packages;
  return [...new Set(inputs)].filter(Boolean).map((name) => {
    const { version, license, integrity } = lock[`node_modules/${name}`];
    const hash = { alg: 'SHA-512', content: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex') };
    return component({ purl: `pkg:npm/${name.replace('@', '%40')}@${version}`, name, version, license, hash });
  });
}

/** Rust's own library, which is compiled into every wasm. */
function standardLibrary() {
  const [, version] = /^rustc (\S+)/.exec(ask('rustc', '--version'));
  return component({ purl: `pkg:generic/rust-std@${version}`, name: 'rust-std', version, license: 'MIT OR Apache-2.0' });
}

/** The bill of materials of the site. */
export async function billOfMaterials() {
  const { components, uses } = crates();
  const [own] = components.keys();
  const project = { ...components.get(own), type: 'application' };
  components.delete(own);
  const beside = [standardLibrary(), ...(await packages())];
  for (const { purl } of beside) uses.get(own).add(purl);
  const all = [...components.values(), ...beside].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: project },
    components: all,
    dependencies: [own, ...all.map(({ purl }) => purl)].map((ref) => ({ ref, dependsOn: [...(uses.get(ref) ?? [])].sort() })),
  };
}

if (process.argv[1] === import.meta.filename) {
  const file = path.join(process.argv[2] ?? 'dist', 'sbom.cdx.json');
  const bill = await billOfMaterials();
  writeFileSync(file, `${JSON.stringify(bill, null, 1)}\n`);
  console.log(`${file}: ${bill.components.length} components of others`);
}
