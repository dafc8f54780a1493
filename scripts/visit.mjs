// What a first visit of a site takes: node scripts/visit.mjs [FOLDER] opens it in Chromium, which has nothing of it, and prints what is
// asked for until the first heatmap is there, with sizes in brotli, and how long that takes. It fails where that is more than it may be.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { browse, load, median, served } from '../benches/harness.mjs';
import { listFiles } from './offline.mjs';
import { brotli } from './sizes.mjs';

const VISITS = 5;
/**
 * Requests, and bytes in brotli: what is reached, so that they do not grow unseen. Their goals are 1.5 MB, and 2.6 with a GPU: whoever
 * computes on one gets the engine for that in the place of the other.
 */
const LIMITS = { requests: 12, bytes: 1_560_000, 'bytes with a GPU': 3_450_000 };

/** One visit: what is asked for, by its path, and the milliseconds until the first heatmap. */
async function visit(browser, url) {
  const context = await browser.newContext();
  const asked = [];
  context.on('request', (request) => asked.push(new URL(request.url())));
  const page = await context.newPage();
  await page.goto(url);
  const settled = await page.waitForFunction(() => globalThis.camLucida?.elements.get('board')?.settled && performance.now(), null, {
    polling: 'raf',
    timeout: 60_000,
  });
  const milliseconds = await settled.jsonValue();
  await context.close();
  const own = asked.filter(({ href }) => href.startsWith(url));
  return { paths: own.map(({ pathname }) => pathname.slice(1) || 'index.html'), milliseconds };
}

const folder = process.argv[2] ?? 'dist';
const [server, browser] = [await served(folder), await browse()];
const visits = [];
for (let i = 0; i < VISITS; i++) visits.push(await visit(browser, server.url));
await Promise.all([browser.close(), server.close()]);

const sizeOf = (file) => brotli(readFileSync(path.join(folder, file)));
const sum = (sizes) => sizes.reduce((total, [, size]) => total + size, 0);
const sized = visits[0].paths.map((file) => [file, sizeOf(file)]);
const onGpu = sized.map(([file, size]) => (/^web[._]/.test(file) ? [file, sizeOf(file.replace('web', 'web-gpu'))] : [file, size]));
for (const [file, size] of sized.toSorted(([, a], [, b]) => b - a)) console.log(String(size).padStart(10), ' ', file);
const found = { requests: sized.length, bytes: sum(sized), 'bytes with a GPU': sum(onGpu) };
const times = visits.map(({ milliseconds }) => milliseconds);
console.log(
  `until the first heatmap: ${Object.entries(found)
    .map(([what, number]) => `${number} ${what}`)
    .join(', ')}; the median of`,
);
console.log(
  `${VISITS} visits took ${median(times).toFixed(0)} ms (load ${load()}). The service worker then keeps ${Object.keys(listFiles(folder)).length} files.`,
);
const passed = Object.keys(LIMITS).filter((what) => found[what] > LIMITS[what]);
for (const what of passed)
  console.error(`visit: ${found[what]} ${what}, of which there may be ${LIMITS[what]} (LIMITS in scripts/visit.mjs)`);
process.exitCode = passed.length ? 1 : 0;
