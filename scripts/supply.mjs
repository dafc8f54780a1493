// Whether what others wrote may be built in. Licences, bans and sources of all crates are checked by deny.toml, always. Known flaws
// are looked up in two databases, for crates and for packages. One that cannot be reached has checked nothing, and that is
// said, never passed over: `ADVISORIES=required` makes it a failure.
import { spawnSync } from 'node:child_process';

/** @typedef {{ what: string, state: 'checked' | 'failed' | 'not checked', why?: string }} Finding */

const firstLine = (text) => text.trim().split('\n')[0] ?? '';

/** What `npm audit --json` has found: a report, or an error in its place. */
export function ofAudit(stdout) {
  const what = 'known flaws of packages';
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    return { what, state: 'not checked', why: firstLine(stdout) || 'npm audit said nothing' };
  }
  if (!report.metadata?.vulnerabilities)
    return { what, state: 'not checked', why: firstLine(report.message ?? report.error?.summary ?? '') };
  const found = Object.values(report.vulnerabilities).map(({ name, severity }) => `${name} (${severity})`);
  return found.length ? { what, state: 'failed', why: found.join(', ') } : { what, state: 'checked' };
}

/** What became of a check by cargo-deny. */
export function ofDeny(what, { status, stderr }) {
  return status === 0 ? { what, state: 'checked' } : { what, state: 'failed', why: stderr.trim() };
}

/** Whether the advisories could be had: without them nothing about them may be said. */
export function ofAdvisories(fetched, check) {
  const what = 'known flaws of crates';
  if (fetched.status !== 0)
    return { what, state: 'not checked', why: firstLine(fetched.stderr.replace(/^.*\[ERROR\] /, '')).split(': [')[0] };
  return ofDeny(what, check());
}

/** The lines that tell of it all, and whether it may pass. */
export function verdict(findings, { required = false } = {}) {
  const lines = findings.map(
    ({ what, state, why }) => `supply chain: ${what}: ${state === 'checked' ? state : `${state.toUpperCase()}: ${why}`}`,
  );
  const count = (state) => findings.filter((one) => one.state === state).length;
  lines.push(`supply chain: ${count('checked')} checked, ${count('failed')} failed, ${count('not checked')} NOT CHECKED`);
  return { lines, passes: !count('failed') && !(required && count('not checked')) };
}

const run = (program, ...args) => {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout, stderr };
};

if (process.argv[1] === import.meta.filename) {
  const deny = (...args) => run('cargo', 'deny', '--color', 'never', ...args);
  const { lines, passes } = verdict(
    [
      ofDeny('licences, bans and sources of crates', deny('check', 'licenses', 'bans', 'sources')),
      ofAdvisories(deny('fetch', 'db'), () => deny('check', 'advisories')),
      ofAudit(run('npm', 'audit', '--json').stdout),
    ],
    { required: process.env.ADVISORIES === 'required' },
  );
  for (const line of lines) console.log(line);
  process.exitCode = passes ? 0 : 1;
}
