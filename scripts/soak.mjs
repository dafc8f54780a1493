// Explains again and again in one page, and looks whether anything grows or changes: node scripts/soak.mjs [COUNT] [FOLDER]
//
// Networks, pictures, classes and methods change from one explanation to the next, and some are cancelled. The engine may hold
// fewer networks than there are, so they come and go. Each result must equal the first of its kind, byte for byte; memory must
// not grow, and one worker must be left.
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { serve } from './serve.mjs';

const [count, folder] = [Number(process.argv[2] ?? 10_000), process.argv[3] ?? 'dist'];
const EVERY = Math.max(1, Math.round(count / 200)); // explanations between two looks at memory
const SETTLED = 0.2; // the share of the run before memory counts: caches fill
const GROWTH = 0.05; // of the mean, over the whole run

/** Runs in the page: the explanations `from` to `to`. */
async function explainMany({ from, to }) {
  const { engine } = globalThis.camLucida;
  const soak = (globalThis.soak ??= { models: null, digests: new Map(), cancelled: 0, done: 0 });
  const text = async (file) => (await fetch(file)).text();
  soak.models ??= await Promise.all(
    JSON.parse(await text('models/index.json')).models.map(async ({ name }) => ({
      files: {
        weights: await (await fetch(`models/${name}/model.safetensors`)).blob(),
        config: await text(`models/${name}/config.json`),
        preprocessor: await text(`models/${name}/preprocessor_config.json`),
      },
    })),
  );
  const methods = engine.about.value.methods.map(({ name }) => name).filter((name) => name !== 'cam');
  const hash = (i) => Math.imul(i ^ (i >>> 15), 0x2c1b3c6d) >>> 0;
  const pictureOf = (seed) => {
    const side = 64 + (seed % 5) * 40;
    const data = new Uint8ClampedArray(side * side * 4);
    for (let at = 0; at < data.length; at++) data[at] = at % 4 === 3 ? 255 : hash(seed * 977 + (at >> 6));
    return { pixels: new ImageData(data, side, side) };
  };
  const style = engine.about.value.style;
  for (let i = from; i < to; i++) {
    const random = hash(i + 1);
    const [model, seed, method] = [soak.models[random % soak.models.length], (random >>> 4) % 7, methods[(random >>> 8) % methods.length]];
    const id = (random >>> 13) % 2;
    const picture = pictureOf(seed);
    const needs = engine.about.value.methods.find(({ name }) => name === method);
    const settings = Object.fromEntries(
      needs.settings.filter(({ name }) => ['samples', 'max_channels', 'steps'].includes(name)).map(({ name }) => [name, 8]),
    );
    const request = {
      method,
      layers: [],
      merge: 'mean',
      smooth: false,
      preset: null,
      settings,
      classes: [id],
      target: 'logit',
      preprocess: 'squash',
      view: null,
    };
    const explanation = { model, picture, request };
    const cancel = new AbortController();
    const stopped = i % 10 === 9;
    if (stopped) setTimeout(() => cancel.abort(), random % 30);
    try {
      await engine.explain(explanation, { signal: cancel.signal });
      const { data } = await engine.rawMap(explanation, 0);
      const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
      const digest = Array.from(bytes, (byte) => byte.toString(16)).join('');
      const key = [random % soak.models.length, seed, method, id].join();
      const first = soak.digests.get(key);
      if (first === undefined) soak.digests.set(key, digest);
      else if (first !== digest) throw new Error(`explanation ${i} (${key}) is another than the first of its kind`);
      (await engine.draw(explanation, style)).close();
      soak.done++;
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
      soak.cancelled++;
    } finally {
      engine.release(explanation);
      engine.release(picture);
    }
  }
  return { done: soak.done, cancelled: soak.cancelled, kinds: soak.digests.size };
}

/** The line through `values`, and how far its slope may be off (95 %): per step. */
function slopeOf(values) {
  const n = values.length;
  const [meanX, meanY] = [(n - 1) / 2, values.reduce((sum, value) => sum + value, 0) / n];
  const xx = values.reduce((sum, _, x) => sum + (x - meanX) ** 2, 0);
  const slope = values.reduce((sum, y, x) => sum + (x - meanX) * (y - meanY), 0) / xx;
  const rest = values.reduce((sum, y, x) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, off: 1.96 * Math.sqrt(rest / (n - 2) / xx), mean: meanY };
}

const site = await serve(folder, { port: 0 });
const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const args = ['--no-sandbox', '--disable-background-networking', '--disable-features=WebGPU', '--js-flags=--expose-gc'];
const browser = await chromium.launch({ executablePath, args });
try {
  const page = await browser.newPage();
  await page.goto(`${site.url}?memory=2#explain`);
  await page.waitForFunction(() => globalThis.camLucida?.elements.get('explain')?.controller.explanation.value);
  const devtools = await browser.newBrowserCDPSession();
  const memory = async () => {
    await page.evaluate(() => globalThis.gc());
    const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
    const resident = ({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024;
    return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, one) => sum + resident(one), 0);
  };
  const found = [];
  let told;
  for (let from = 0; from < count; from += EVERY) {
    told = await page.evaluate(explainMany, { from, to: Math.min(count, from + EVERY) });
    found.push(await memory());
    if (found.length % 20 === 0) console.log(`${from + EVERY} of ${count}: ${found.at(-1).toFixed(0)} MiB`);
  }
  const workers = page.workers().length;
  const { slope, off, mean } = slopeOf(found.slice(Math.floor(SETTLED * found.length)));
  const whole = count / EVERY;
  console.log(`${told.done} explanations of ${told.kinds} kinds, each equal to the first of its kind; ${told.cancelled} cancelled`);
  console.log(`memory of the page: ${found[0].toFixed(0)} MiB at first, ${mean.toFixed(0)} on average afterwards`);
  console.log(`growth over ${count}: ${(slope * whole).toFixed(1)} ± ${(off * whole).toFixed(1)} MiB (95 %)`);
  console.log(`workers left: ${workers}`);
  const grows = (slope - off) * whole > GROWTH * mean;
  if (grows) console.error('memory grows');
  if (workers !== 1) console.error('there should be one worker');
  process.exitCode = grows || workers !== 1 ? 1 : 0;
} finally {
  await browser.close();
  await site.close();
}
