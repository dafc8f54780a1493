// Explains again and again in one page, and looks whether anything grows or changes: node scripts/soak.mjs [COUNT] [FOLDER] [MEMORY]
//
// Networks, pictures, classes and methods change from one explanation to the next, and some are cancelled. The engine may hold
// MEMORY MiB of networks, fewer than there are, so they come and go. Each result must equal the first of its kind, byte for byte;
// no place (places.mjs) may grow, and one worker must be left.
import { chromium } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { BROWSERS, placesOf } from './places.mjs';
import { serve } from './serve.mjs';

const [count, folder, memory] = [Number(process.argv[2] ?? 10_000), process.argv[3] ?? 'dist', Number(process.argv[4] ?? 2)];
const EVERY = Math.max(1, Math.round(count / 100)); // explanations between two looks
const SETTLED = 0.2; // the share of the run before they count: caches fill
const GROWTH = 0.05; // of the mean, over the whole run
const LEAST = 1; // MiB, or objects, over the whole run: less is no finding, as each look leaves code of its own

/** Runs in the page: the explanations `from` to `to`. Gives the kind and the digest of each, or null of one that was cancelled. */
async function explainMany({ from, to }) {
  const { engine } = globalThis.camLucida;
  const soak = (globalThis.soak ??= { models: null });
  const results = [];
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
      results.push([[random % soak.models.length, seed, method, id].join(), digest]);
      (await engine.draw(explanation, style)).close();
    } catch (error) {
      if (error.name !== 'AbortError') throw error;
      results.push(null);
    } finally {
      engine.release(explanation);
      engine.release(picture);
    }
  }
  return results;
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
const args = ['--no-sandbox', '--disable-background-networking', '--disable-features=WebGPU'];
const browser = await chromium.launch({ executablePath, args });
try {
  const page = await browser.newPage();
  await page.addInitScript({ content: `globalThis.explainMany = ${explainMany}` }); // once: what is evaluated again is compiled again
  await page.goto(`${site.url}?memory=${memory}#explain`);
  await page.waitForFunction(() => globalThis.camLucida?.elements.get('explain')?.controller.explanation.value, null, { timeout: 0 });
  const look = await placesOf(page, browser);
  const digests = new Map(); // here, so that they do not count
  const looks = [];
  let cancelled = 0;
  for (let from = 0; from < count; from += EVERY) {
    const part = { from, to: Math.min(count, from + EVERY) };
    for (const [i, result] of (await page.evaluate((part) => globalThis.explainMany(part), part)).entries()) {
      const [kind, digest] = result ?? [];
      if (!result) cancelled++;
      else if (!digests.has(kind)) digests.set(kind, digest);
      else if (digests.get(kind) !== digest) throw new Error(`explanation ${from + i} (${kind}) is another than the first of its kind`);
    }
    looks.push(await look());
    if (looks.length % 10 === 0) console.log(`${from + EVERY} of ${count}: ${looks.at(-1)['the process (MiB)'].toFixed(0)} MiB`);
  }
  const workers = page.workers().length;
  console.log(`${count - cancelled} explanations of ${digests.size} kinds, each equal to the first of its kind; ${cancelled} cancelled`);
  const counted = looks.slice(Math.floor(SETTLED * looks.length));
  const growing = [];
  for (const name of Object.keys(looks[0])) {
    const { slope, off, mean } = slopeOf(counted.map((one) => one[name]));
    const [growth, within] = [slope, off].map((each) => (each * count) / EVERY);
    const sizes = `${looks[0][name].toFixed(2)} at first, ${mean.toFixed(2)} on average afterwards`;
    console.log(`${name}: ${sizes}, growth over ${count}: ${growth.toFixed(2)} ± ${within.toFixed(2)} (95 %)`);
    if (name !== BROWSERS && growth - within > Math.max(GROWTH * mean, LEAST)) growing.push(name);
  }
  console.log(`workers left: ${workers}`);
  if (growing.length) console.error(`what grows: ${growing.join(', ')}`);
  if (workers !== 1) console.error('there should be one worker');
  process.exitCode = growing.length || workers !== 1 ? 1 : 0;
} finally {
  await browser.close();
  await site.close();
}
