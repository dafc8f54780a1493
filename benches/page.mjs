// Grad-CAM in the page beside the forward pass of onnxruntime-web, of the same networks in the same Chromium, in turn: on one thread
// each, and with as many threads as there are cores, in a page that is isolated.
// For a site that is built for shipping, on a machine that has nothing else to do:
//
//     node benches/page.mjs dist PEERS [RUNS [NETWORK...]]
//
// `make bench-page` fills the folder PEERS. Writes its part of docs/TIMINGS.md when all networks were timed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ISOLATION } from '../www/offline/isolation.js';
import { ANYBODY, browse, load, machine, median, THREADS, together, write } from './harness.mjs';

const NETWORKS = ['resnet50', 'mobilenet_v2', 'vgg16'];
const SIDE = 224;

const [dist = 'dist', peers = 'packed/peers', runs = '10', ...chosen] = process.argv.slice(2);
/** From one origin, because a page gives threads to no other. */
const servers = await Promise.all([{}, ISOLATION].map((isolation) => together({ dist, peers }, { ...ANYBODY, ...isolation })));
const { version } = JSON.parse(readFileSync(path.join(peers, 'node_modules/onnxruntime-web/package.json'), 'utf8'));

/** In a tab: how long each of `runs` passes takes, the first included, and the most probable class of the last picture. */
async function times({ network, threads, side, runs }) {
  const [site, files] = ['/dist/', '/peers/'];
  const { InferenceSession, Tensor, env } = await import(`${files}node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs`);
  env.wasm.numThreads = threads;
  env.wasm.wasmPaths = `${files}node_modules/onnxruntime-web/dist/`;
  const session = await InferenceSession.create(`${files}${network}.onnx`, { executionProviders: ['wasm'] });
  await import(`${site}www/element.js`);
  const figure = document.createElement('cam-lucida');
  Object.assign(figure, { model: `${files}${network}/`, reveal: 'manual' });
  document.body.append(figure);
  await figure.explain(); // loads it, too

  const [mean, deviation] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  const found = { theirs: [], ours: [], agree: true };
  const random = (range) => Math.floor(Math.random() * range);
  for (let run = 0; run < runs; run++) {
    const picture = new ImageData(side, side);
    const [x, y, colour] = [random(side / 2), random(side / 2), [random(256), random(256), random(256)]];
    for (let i = 0; i < side * side; i++) {
      const within = i % side >= x && i % side < x + side / 2 && i / side >= y && i / side < y + side / 2;
      picture.data.set(within ? [...colour, 255] : [random(256), random(256), random(256), 255], 4 * i);
    }
    const values = new Float32Array(3 * side * side);
    values.forEach((_, i) => {
      const channel = Math.floor(i / (side * side));
      values[i] = (picture.data[4 * (i % (side * side)) + channel] / 255 - mean[channel]) / deviation[channel];
    });
    let start = performance.now();
    const result = await session.run({ [session.inputNames[0]]: new Tensor('float32', values, [1, 3, side, side]) });
    const logits = await result[session.outputNames[0]].getData();
    found.theirs.push(performance.now() - start);
    start = performance.now();
    const { top } = await figure.explain({ src: picture });
    found.ours.push(performance.now() - start);
    found.agree &&= top[0].id === logits.indexOf(Math.max(...logits));
  }
  return found;
}

const browser = await browse();
const rows = [];
for (const network of chosen.length ? chosen : NETWORKS) {
  const alone = [];
  for (const [i, threads] of [1, THREADS].entries()) {
    const tab = await browser.newPage();
    await tab.goto(`${servers[i].url}peers/${network}/config.json`);
    await tab.setContent('<!doctype html><body>');
    if ((await tab.evaluate(() => crossOriginIsolated)) !== (i === 1)) throw new Error('threads need a page that is isolated');
    const found = await tab.evaluate(times, { network, threads, side: SIDE, runs: Number(runs) });
    if (!found.agree) throw new Error(`${network}: ours and onnxruntime-web's most probable classes differ`);
    const [ours, theirs] = [median(found.ours), median(found.theirs)];
    const [first, tenth] = [found.ours[0], found.ours.at(-1)];
    alone.push(ours);
    rows.push([network, threads, ours, theirs, ours / theirs, first / tenth, alone[0] / ours]);
    const line = (times) => times.map(Math.round).join(', ');
    console.log(`${network}, threads: ${threads}; ours ${line(found.ours)} ms; theirs ${line(found.theirs)} ms`);
    await tab.close();
  }
}

const row = ([name, threads, ours, theirs, ratio, first, gain]) =>
  [
    `\`${name}\``,
    threads,
    `${Math.round(ours)} ms`,
    `${Math.round(theirs)} ms`,
    ...[ratio, first, gain].map((part) => part.toFixed(2)),
  ].join(' | ');
const text = `## In the page

Grad-CAM from pixels to a drawn heatmap, by the shipped build, beside the forward pass alone of onnxruntime-web ${version}. As many
threads each, in turn in one Chromium ${browser.version()} without a GPU, ${SIDE} × ${SIDE} pixels, untrained weights, medians of ${runs}
(${machine()}, load ${load()}): \`make bench-page\`. The last column says how many times as fast ours is as on one thread.
Networks of less than 16 MiB, such as MobileNetV2, stay on one.

| network | threads | Grad-CAM, ours | forward, theirs | ratio | our first beside the last | gain |
|---|---:|---:|---:|---:|---:|---:|
${rows.map((found) => `| ${row(found)} |`).join('\n')}
`;
console.log(text);
if (!chosen.length) write(text);
await browser.close();
await Promise.all(servers.map((server) => server.close()));
