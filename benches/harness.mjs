// What the benches of the page have in common: the site in a Chromium, and a part of docs/TIMINGS.md for what was found.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { HEADERS } from '../scripts/policy.mjs';
import { serve } from '../scripts/serve.mjs';
import { MAX_THREADS } from '../www/engine/threads.js';

const TIMINGS = new URL('../docs/TIMINGS.md', import.meta.url);

/** Headers with which pages of any origin may use what is served. */
export const ANYBODY = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };

/** Serves a folder at a port of its own, with the site's headers, or others. */
export const served = (folder, own = HEADERS) => serve(path.resolve(folder), { port: 0, own });

/** Serves several folders at one port, each under its name. */
export async function together(folders, own) {
  const root = mkdtempSync(path.join(tmpdir(), 'cam-lucida-bench-'));
  for (const [name, folder] of Object.entries(folders)) symlinkSync(path.resolve(folder), path.join(root, name));
  const { url, close } = await served(root, own);
  return { url, close: () => close().then(() => rmSync(root, { recursive: true })) };
}

/** As many as a page uses. */
export const THREADS = Math.min(cpus().length, MAX_THREADS);

const NO_GPU = ['--disable-features=WebGPU'];
/** WebGPU's software adapter. Without the Vulkan flags compute works, but drawing to a canvas kills the GPU process. */
export const SOFTWARE_GPU = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  '--disable-vulkan-surface',
];

/** Chromium, without a GPU unless something else is asked for. */
export function browse(...args) {
  const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
  const gpu = args.some((arg) => SOFTWARE_GPU.includes(arg)) ? [] : NO_GPU;
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...gpu, ...args] });
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
