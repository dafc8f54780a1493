// How the page keeps up with what moves: heatmaps a second of a camera, which is Chromium's own, and the time between two frames
// while somebody drags; and what fifty pictures in a grid take. For a site that is built for shipping, on a machine that has nothing else to do:
//
//     node benches/live.mjs dist PEERS [SECONDS]
//
// `make bench-page` fills the folder PEERS, and runs this. Writes its part of docs/TIMINGS.md.
import { residentOf } from '../scripts/places.mjs';
import { dropPictures } from '../tests/browser/dropped.mjs';
import { ANYBODY, browse, load, machine, median, served, write } from './harness.mjs';

const [dist = 'dist', peers = 'packed/peers', seconds = '10'] = process.argv.slice(2);
const RUNS = 3;
const LATE = 33; // milliseconds
const FLOOR = { embedded: 10, mobilenet: 3, frames: 0.95 };

const site = await served(dist);
const files = await served(peers, ANYBODY);
const browser = await browse('--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=fps=30');
const { models } = await (await fetch(`${site.url}models/index.json`)).json();

/** A view that has its first heatmap. */
async function open(hash) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(`${site.url}#${hash}`);
  await page.waitForFunction((name) => globalThis.camLucida?.elements.get(name)?.settled, hash.split('?')[0]);
  return page;
}

/** In the view Camera: how many heatmaps come a second, and of how many pictures, after the first second. */
async function rate({ source, seconds }) {
  const { controller } = globalThis.camLucida.elements.get('camera');
  controller.ask({ model: source });
  const name = JSON.stringify(source);
  while (JSON.stringify(controller.answer.value?.model.source) !== name) await new Promise((resolve) => setTimeout(resolve, 50));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  let count = -1; // a signal tells its present value first
  const stop = controller.answer.subscribe(() => count++);
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
  stop();
  return (1000 * count) / (performance.now() - start);
}

async function rates() {
  const page = await open('camera');
  await page.locator('cl-camera .start').click();
  const found = [];
  const sources = [
    ...models.map(({ name, network }) => ({ name: `${name} (\`${network}\`)`, floor: FLOOR.embedded, source: { kind: 'embedded', name } })),
    {
      name: 'MobileNetV2, 224 × 224 pixels (`mobilenet_v2`)',
      floor: FLOOR.mobilenet,
      source: { kind: 'repository', name: `${files.url}mobilenet_v2/`, revision: null, host: null },
    },
  ];
  for (const { name, floor, source } of sources) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await page.evaluate(rate, { source, seconds: Number(seconds) / RUNS }));
    console.log(`${name}: ${runs.map((one) => one.toFixed(1)).join(', ')} heatmaps a second, load ${load()}`);
    found.push({ name, floor, rate: median(runs) });
  }
  await page.close();
  return found;
}

/** What is dragged: the view, and from where to where, in the page's pixels. */
const DRAGS = {
  'the opacity, in Explain': { hash: 'explain', along: 'cl-appearance #opacity', from: [0.1, 0.5], to: [0.9, 0.5] },
  'the brush, in Erase': { hash: 'erase', along: 'cl-erase .table canvas', from: [0.2, 0.2], to: [0.8, 0.8] },
  'a sticker, on the board': { hash: 'board', along: 'cl-board .stage', at: 'cl-board .sticker', to: [0.8, 0.8] },
};

/** Drags to and fro; gives the milliseconds between the frames meanwhile, and how many heatmaps came. */
async function frames({ hash, along, at, from, to }) {
  const page = await open(hash);
  await page.locator(along).first().scrollIntoViewIfNeeded();
  const box = await page.locator(along).first().boundingBox();
  const place = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  const held = at ? await page.locator(at).first().boundingBox() : null;
  const start = held ? [held.x + held.width / 2, held.y + held.height / 2] : place(from);
  const found = [];
  for (let run = 0; run < RUNS; run++) {
    await page.mouse.move(...start);
    await page.mouse.down();
    await page.mouse.move(...place(to), { steps: 10 }); // what is loaded for the first time
    await page.evaluate(() => {
      const recorded = (globalThis.recorded = []);
      const frame = (now) => {
        recorded.push(now);
        if (globalThis.recorded === recorded) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    for (let trip = 0; trip < Number(seconds) / 5; trip++)
      for (const end of [start, place(to)]) await page.mouse.move(...end, { steps: 60 });
    const times = await page.evaluate(() => {
      const { recorded } = globalThis;
      globalThis.recorded = null;
      return recorded;
    });
    await page.mouse.move(...start, { steps: 10 });
    await page.mouse.up();
    found.push(...times.slice(1).map((time, i) => time - times[i]));
  }
  await page.close();
  return found;
}

async function drags() {
  const rows = [];
  for (const [name, drag] of Object.entries(DRAGS)) {
    const times = (await frames(drag)).toSorted((a, b) => a - b);
    const share = times.filter((time) => time < LATE).length / times.length;
    const row = { name, count: times.length, share, late: times[Math.floor(0.95 * times.length)], longest: times.at(-1) };
    console.log(`${name}: ${(100 * share).toFixed(1)} % of ${row.count} frames under ${LATE} ms, load ${load()}`);
    rows.push(row);
  }
  return rows;
}

/** MiB of the page's process with so many pictures of 1200 × 900 pixels in a grid, and the seconds until all have their heatmap. */
async function sheets() {
  const page = await open('compare?method=grad-cam&model=embedded:resnet-scenes');
  const session = await browser.newBrowserCDPSession();
  const found = [];
  for (const count of [10, 50, 100]) {
    const start = Date.now();
    await dropPictures(page, count);
    await page.waitForFunction(
      (wanted) => {
        const { controller, settled } = globalThis.camLucida.elements.get('compare');
        return settled && controller.cells.value.length === wanted;
      },
      count,
      { timeout: 120_000 },
    );
    found.push({ count, seconds: (Date.now() - start) / 1000, memory: await residentOf(session) });
    console.log(`${count} pictures: ${Math.round(found.at(-1).memory)} MiB, ${found.at(-1).seconds.toFixed(1)} s, load ${load()}`);
  }
  await page.close();
  return found;
}

const [seen, dragged, sheet] = [await rates(), await drags(), await sheets()];
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const part = `## What moves

The shipped build in Chromium ${browser.version()} without a GPU, on one thread of WebAssembly (${machine()}; load ${load()} at the end, the
bench's own share included): \`make bench-page\`. The camera is Chromium's own, with 30 pictures a second; no rate can be higher. A heatmap is
Grad-CAM of the newest picture, computed and drawn at 384 × 384 pixels; medians of ${RUNS} runs of ${(Number(seconds) / RUNS).toFixed(1)} s. MobileNetV2 has
untrained weights.

| network before the camera | heatmaps a second | floor |
|---|---:|---:|
${seen.map(({ name, floor, rate: one }) => `| ${name} | ${one.toFixed(1)} | ${floor} |`).join('\n')}

Time between two frames while a pointer drags without pause, with the default network:

| what is dragged | frames | under ${LATE} ms | floor | 95 % within | longest |
|---|---:|---:|---:|---:|---:|
${dragged.map(({ name, count, share, late, longest }) => `| ${name} | ${count} | ${percent(share)} | ${percent(FLOOR.frames)} | ${late.toFixed(1)} ms | ${longest.toFixed(1)} ms |`).join('\n')}

Pictures of 1200 × 900 pixels, dropped together on *Compare*, each with its heatmap by the default network:

| pictures | memory of the page and its engine | until all are there |
|---:|---:|---:|
${sheet.map(({ count, memory, seconds: one }) => `| ${count} | ${Math.round(memory)} MiB | ${one.toFixed(1)} s |`).join('\n')}
`;
console.log(part);
write(part);
await browser.close();
await Promise.all([site.close(), files.close()]);
const missed = [...seen.filter((one) => one.rate < one.floor), ...dragged.filter(({ share }) => share < FLOOR.frames)];
for (const { name } of missed) console.error(`below its floor: ${name}`);
process.exitCode = missed.length ? 1 : 0;
