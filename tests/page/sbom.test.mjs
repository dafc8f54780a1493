// The bill of materials of the site: valid by CycloneDX's own schema, and of what the site contains, no more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { billOfMaterials, cratesOf } from '../../scripts/sbom.mjs';
import { readJson } from './rust-sources.mjs';

const bill = await billOfMaterials();
const named = new Map(bill.components.map((one) => [one.name, one]));
const problems = (json) => new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(JSON.stringify(json));

test('it is valid CycloneDX, as the schema says that comes with the library of its makers', async () => {
  assert.equal(await problems(bill), null);
  assert.notEqual(await problems({ ...bill, components: [{ name: 'nameless' }] }), null, 'the schema is looked at');
});

test('it has the crates of the wasm with their checksums, and nothing that only builds or tests', () => {
  assert.ok(bill.components.length > 150);
  for (const name of ['burn', 'image', 'safetensors', 'wgpu', 'wasm-bindgen', 'rust-std']) assert.ok(named.has(name), name);
  for (const name of ['clap', 'ureq', 'rayon', 'proptest', 'syn', 'serde_derive', 'cc', 'mimalloc']) assert.ok(!named.has(name), name);
  for (const { purl, hashes, licenses } of bill.components) {
    assert.ok(purl.startsWith('pkg:generic/') || hashes[0].content, purl);
    assert.equal(licenses.length, 1, purl);
  }
});

test('it has the packages of the bundles at the versions of the lock file, and no tool', () => {
  const lock = readJson('package-lock.json').packages;
  const packages = bill.components.filter(({ purl }) => purl.startsWith('pkg:npm/'));
  assert.ok(packages.length >= 8);
  for (const { name, version } of packages) assert.equal(version, lock[`node_modules/${name}`].version, name);
  for (const name of ['lit', 'fflate', '@preact/signals-core']) assert.ok(named.has(name), name);
  for (const name of ['esbuild', '@playwright/test', 'temml']) assert.ok(!named.has(name), name);
});

test('each component hangs on the project, and each reference leads to a component', () => {
  const uses = new Map(bill.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const reached = new Set();
  const reach = (ref) => {
    if (reached.has(ref)) return;
    reached.add(ref);
    assert.ok(uses.has(ref), ref);
    uses.get(ref).forEach(reach);
  };
  reach(bill.metadata.component['bom-ref']);
  assert.deepEqual([...reached].sort(), [...uses.keys()].sort());
});

test('a tree of crates is read: depths, crates that were listed before, old licences', () => {
  const tree = '0|own v1.0.0 (/home)|MIT\n1|a v0.1.0|MIT/Apache-2.0\n2|b v2.0.0+x|\n1|b v2.0.0+x| (*)\n';
  const lock = '[[package]]\nname = "a"\nversion = "0.1.0"\nsource = "registry"\nchecksum = "ab12"\n';
  const { components, uses } = cratesOf(tree, lock);
  assert.deepEqual(components.get('pkg:cargo/a@0.1.0').licenses, [{ expression: 'MIT OR Apache-2.0' }]);
  assert.deepEqual(components.get('pkg:cargo/a@0.1.0').hashes, [{ alg: 'SHA-256', content: 'ab12' }]);
  assert.ok(components.get('pkg:cargo/b@2.0.0%2Bx').licenses[0].license.name);
  assert.deepEqual([...uses.get('pkg:cargo/own@1.0.0')], ['pkg:cargo/a@0.1.0', 'pkg:cargo/b@2.0.0%2Bx']);
  assert.deepEqual([...uses.get('pkg:cargo/a@0.1.0')], ['pkg:cargo/b@2.0.0%2Bx']);
});
