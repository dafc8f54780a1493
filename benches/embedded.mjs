// What heatmaps in somebody else's page take, from another origin: bytes before the reveal and until they are there, and the time
// from the reveal to the heatmap, of one and of twelve, without and with what the browser has kept. For a site that is built for
// shipping:
//
//     node benches/embedded.mjs dist
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { host, pageWith } from '../tests/browser/host.mjs';
import { browse, median, served } from './harness.mjs';

const RUNS = 5;
const folder = path.resolve(process.argv[2] ?? 'dist');

const site = await served(folder);
const ELEMENT = '<cam-lucida reveal="manual"></cam-lucida>';
const guide = await host({ '/': pageWith(site.url, ELEMENT), '/twelve': pageWith(site.url, ELEMENT.repeat(12)) });
const browser = await browse();

/**
 * Opens the page and reveals its heatmaps; gives what our site was asked for before and after, the milliseconds until all are there,
 * and the longest of them in which the page drew nothing.
 */
async function visit(context, place = '/') {
  const page = await context.newPage();
  const answers = [];
  page.on('response', (response) => response.url().startsWith(site.url) && answers.push(response));
  await page.goto(guide.url + place);
  await page.waitForFunction(() => customElements.get('cam-lucida'));
  const before = answers.length;
  const times = await page.evaluate(async () => {
    const start = performance.now();
    let [last, still] = [start, 0];
    const frame = (now) => {
      [last, still] = [now, Math.max(still, now - last)];
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    await Promise.all([...document.querySelectorAll('cam-lucida')].map((one) => one.toBlob())); // explained, and drawn
    return { milliseconds: performance.now() - start, still };
  });
  const sent = [];
  for (const response of answers) {
    const { responseBodySize } = await response.request().sizes(); // nothing of what the browser has kept, which it only asks about
    if (responseBodySize) sent.push(new URL(response.url()).pathname.slice(1));
  }
  await page.close();
  return { ...times, before: sent.slice(0, before), sent, asked: answers.length };
}

/** The bytes of each file as it is, and compressed; brotli takes a minute for the wasm. */
const known = new Map();
function sizeOf(file) {
  if (!known.has(file)) {
    const bytes = readFileSync(path.join(folder, file));
    known.set(
      file,
      [bytes, gzipSync(bytes), brotliCompressSync(bytes)].map(({ length }) => length),
    );
  }
  return known.get(file);
}

function sizes(files) {
  const [raw, gzip, brotli] = [0, 1, 2].map((i) => Math.round(files.reduce((sum, file) => sum + sizeOf(file)[i], 0) / 102.4) / 10);
  return { requests: files.length, 'KiB raw': raw, 'KiB gzip': gzip, 'KiB brotli': brotli };
}

const [cold, warm, twelve] = [[], [], []];
for (let i = 0; i < RUNS; i++) {
  const context = await browser.newContext();
  cold.push(await visit(context));
  warm.push(await visit(context));
  twelve.push(await visit(context, '/twelve'));
  await context.close();
}
const summary = (visits) => ({
  ...sizes(visits[0].sent),
  milliseconds: Math.round(median(visits.map((one) => one.milliseconds))),
  'without a frame': Math.round(median(visits.map((one) => one.still))),
});
console.table({
  'before the reveal': sizes(cold[0].before),
  'until the heatmap, cold': summary(cold),
  'until the heatmap, warm': summary(warm),
  'until twelve heatmaps, warm': summary(twelve),
});
console.log(`${RUNS} visits each, medians; warm, ${warm[0].asked} files were asked about, and ${warm[0].sent.length} sent`);
await browser.close();
await Promise.all([site.close(), guide.close()]);
