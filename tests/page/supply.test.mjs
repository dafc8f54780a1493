// What is said of what others wrote: a database that nobody could ask has checked nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ofAdvisories, ofAudit, ofDeny, verdict } from '../../scripts/supply.mjs';
import { billOfMaterials } from '../../scripts/sbom.mjs';
import { read } from './rust-sources.mjs';

const report = (vulnerabilities) =>
  JSON.stringify({ vulnerabilities, metadata: { vulnerabilities: { total: Object.keys(vulnerabilities).length } } });

test('a database of flaws that cannot be reached has checked nothing, and that is said', () => {
  const refused = '{"message": "405 Method Not Allowed - POST https://registry.example/bulk", "method": "POST"}';
  for (const stdout of [refused, '', '{"error": {"summary": "request failed"}}']) assert.equal(ofAudit(stdout).state, 'not checked');
  const fetched = {
    status: 1,
    stderr: '2026-11-27 04:51:53 [ERROR] failed to fetch database: failed to clone: ["clone", "--depth=1"]\nfatal: no host\n',
  };
  const crates = ofAdvisories(fetched, () => assert.fail('nothing is looked up in a database that is not there'));
  assert.equal(crates.state, 'not checked');
  const found = [ofDeny('licences', { status: 0, stderr: '' }), crates, ofAudit(refused)];
  const { lines, passes } = verdict(found);
  assert.equal(passes, true);
  assert.match(lines[1], /^supply chain: known flaws of crates: NOT CHECKED: failed to fetch database: failed to clone$/);
  assert.match(lines[2], /^supply chain: known flaws of packages: NOT CHECKED: 405/);
  assert.equal(lines.at(-1), 'supply chain: 1 checked, 0 failed, 2 NOT CHECKED');
  assert.equal(verdict(found, { required: true }).passes, false);
});

test('a flaw that is found fails, and so does a licence that is not allowed', () => {
  const audit = ofAudit(report({ lit: { name: 'lit', severity: 'low' } }));
  assert.deepEqual([audit.state, audit.why], ['failed', 'lit (low)']);
  const crates = ofAdvisories({ status: 0, stderr: '' }, () => ({ status: 1, stderr: 'error[vulnerability]: RUSTSEC-2026-0001' }));
  assert.match(crates.why, /RUSTSEC-2026-0001/);
  const licence = ofDeny('licences', { status: 4, stderr: 'error[rejected]: GPL-3.0' });
  for (const one of [audit, crates, licence]) assert.equal(verdict([one]).passes, false);
  assert.equal(verdict([ofAudit(report({})), ofAdvisories({ status: 0 }, () => ({ status: 0 }))]).passes, true);
});

test('the packages in the bundles have licences that deny.toml allows crates, too', async () => {
  const allowed = [.../^allow = \[([^\]]*)\]/m.exec(read('deny.toml'))[1].matchAll(/"(.+)"/g)].map(([, name]) => name);
  assert.ok(allowed.includes('MIT'));
  const packages = (await billOfMaterials()).components.filter(({ purl }) => purl.startsWith('pkg:npm/'));
  for (const { name, licenses } of packages) assert.ok(allowed.includes(licenses[0].expression), `${name}: ${licenses[0].expression}`);
});
