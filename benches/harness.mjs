// What the benches of the page have in common: the site in a Chromium, and a part of docs/TIMINGS.md for what was found.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { HEADERS } from '../scripts/policy.mjs';
import { serve } from '../scripts/serve.mjs';

const TIMINGS = new URL('../docs/TIMINGS.md', import.meta.url);

/** Headers with which pages of any origin may use what is served. */
export const ANYBODY = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };

/** Serves a folder at a port of its own, with the site's headers, or others. */
export const served = (folder, own = HEADERS) => serve(path.resolve(folder), { port: 0, own });

/** Chromium without a GPU. */
export function browse(...args) {
  const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-features=WebGPU', ...args] });
}

export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export const machine = () => `${cpus()[0].model.trim()}, ${cpus().length} cores`;

/** How many programs waited for a core in the last minute, our own among them. */
export const load = () => loadavg()[0].toFixed(1);

/** Puts a part of docs/TIMINGS.md, which begins with its heading `## …`, in the place of the one of this heading, or at the end. */
export function write(part) {
  const timings = readFileSync(TIMINGS, 'utf8');
  const at = timings.indexOf(part.slice(0, part.indexOf('\n') + 1));
  const next = at < 0 ? -1 : timings.indexOf('\n## ', at + 1);
  const [before, after] = at < 0 ? [`${timings}\n`, ''] : [timings.slice(0, at), next < 0 ? '' : timings.slice(next)];
  writeFileSync(TIMINGS, before + part + after);
}
