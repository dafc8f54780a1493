// What a heatmap in somebody else's page takes, from another origin: bytes before it is revealed and until it is there, and the time
// from the reveal to the heatmap, without and with what the browser has kept. For a site that is built for shipping:
//
//     node benches/embedded.mjs dist
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { serve } from '../scripts/serve.mjs';
import { host, pageWith } from '../tests/browser/host.mjs';

const RUNS = 5;
const folder = path.resolve(process.argv[2] ?? 'dist');
const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const site = await serve(folder, { port: 0 });
const guide = await host({ '/': pageWith(site.url, '<cam-lucida reveal="manual"></cam-lucida>') });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-features=WebGPU'] });

/** Opens the page and reveals the heatmap; gives what our site was asked for before and after, and the milliseconds of the heatmap. */
async function visit(context) {
  const page = await context.newPage();
  const answers = [];
  page.on('response', (response) => response.url().startsWith(site.url) && answers.push(response));
  await page.goto(guide.url);
  await page.waitForFunction(() => customElements.get('cam-lucida'));
  const before = answers.length;
  const milliseconds = await page.evaluate(async () => {
    const start = performance.now();
    const element = document.querySelector('cam-lucida');
    await element.explain();
    await element.toBlob(); // it is drawn
    return performance.now() - start;
  });
  const sent = answers.filter((response) => response.status() === 200).map((response) => new URL(response.url()).pathname.slice(1));
  await page.close();
  return { milliseconds, before: sent.slice(0, before), sent, asked: answers.length };
}

const sizes = (files) => {
  const all = files.map((file) => readFileSync(path.join(folder, file)));
  const kib = (pack) => Math.round(all.reduce((sum, bytes) => sum + pack(bytes).length, 0) / 102.4) / 10;
  return { requests: files.length, 'KiB raw': kib((bytes) => bytes), 'KiB gzip': kib(gzipSync), 'KiB brotli': kib(brotliCompressSync) };
};

const [cold, warm] = [[], []];
for (let i = 0; i < RUNS; i++) {
  const context = await browser.newContext();
  cold.push(await visit(context));
  warm.push(await visit(context));
  await context.close();
}
console.table({
  'before the reveal': sizes(cold[0].before),
  'until the heatmap, cold': { ...sizes(cold[0].sent), milliseconds: Math.round(median(cold.map((one) => one.milliseconds))) },
  'until the heatmap, warm': { ...sizes(warm[0].sent), milliseconds: Math.round(median(warm.map((one) => one.milliseconds))) },
});
console.log(`${RUNS} visits each, medians; warm, ${warm[0].asked} files were asked about, and ${warm[0].sent.length} sent`);
await browser.close();
await Promise.all([site.close(), guide.close()]);
