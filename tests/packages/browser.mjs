// What the tests of the packages have in common: folders, processes, and a browser that looks for a heatmap.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';

export const root = path.resolve(import.meta.dirname, '../..');
export const packed = path.join(root, 'packed');
/** A scene with one thing that the embedded networks know. */
export const picture = path.join(root, 'src/bin/cam-lucida/sample.png');

const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const MINUTE = 60_000;

/** How somebody else's site is served: without the headers of ours, whose policy forbids what other tools write into their pages. */
export const elsewhere = { port: 0, own: {} };

/** A folder that is gone after the test. */
export function folder(t) {
  const made = mkdtempSync(path.join(tmpdir(), 'cam-lucida-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs a program to its end; its output, or an error that has it. */
export async function run(program, args, options = {}) {
  try {
    return (await promisify(execFile)(program, args, { maxBuffer: 2 ** 26, ...options })).stdout;
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')}: ${error.stdout ?? ''}${error.stderr ?? error.message}`, { cause: error });
  }
}

/** Starts a server and waits until it says its address. */
export async function start(t, program, args, { says = /(https?:\/\/(?:127\.0\.0\.1|localhost):\d+\S*)/, ...options } = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });
  t.after(() => process.kill(-child.pid)); // with what it has started
  let said = '';
  return new Promise((resolve, reject) => {
    const hear = (data) => {
      said += data;
      const [, url] = says.exec(said.replace(/\x1b\[[\d;]*m/g, '')) ?? []; // eslint-disable-line no-control-regex
      if (url) resolve(url.replace('localhost', '127.0.0.1'));
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', hear);
    child.on('exit', () => reject(new Error(`${program} ended: ${said}`)));
    setTimeout(() => reject(new Error(`${program} says no address: ${said}`)), MINUTE).unref();
  });
}

/** A page in Chromium, which is closed after the test; what it complains about is in `faults`. */
export async function open(t, url, { width = 1000, height = 900 } = {}) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-features=WebGPU'] });
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(3 * MINUTE);
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('requestfailed', (request) => faults.push(`${request.url()}: ${request.failure()?.errorText}`));
  await page.goto(url);
  return { page, faults };
}

/** Waits for a heatmap of an element, and gives its result and how many colours it has. */
export async function heatmap(page, selector = 'cam-lucida') {
  const figure = page.locator(selector).first();
  await figure.scrollIntoViewIfNeeded();
  await figure.locator('canvas').first().waitFor();
  return figure.evaluate(async (element) => {
    const { classes, network, method, picture } = await element.explain();
    const bitmap = await createImageBitmap(await element.toBlob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
    return { classes, network, method, picture, colours: new Set(pixels).size };
  });
}

/** Where the wheel and what it is tried in are installed (scripts/setup.sh). */
export const python = path.join(root, '.venv/bin/python');

/** Keeps what is on the screen, to be looked at. */
export const screenshot = (page, name) => page.screenshot({ path: path.join(packed, 'screenshots', `${name}.png`) });
