// Grad-CAM in the page on WebGPU beside the forward pass of onnxruntime-web and of TensorFlow.js, of the same networks in the same
// Chromium, in turn, on the software adapter; and what an explanation asks of the GPU. Takes some minutes:
//
//     node benches/gpu.mjs dist PEERS [RUNS [NETWORK...]]
//
// `make bench-page` fills the folder PEERS. Writes its part of docs/TIMINGS.md when all networks were timed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ANYBODY, browse, load, machine, median, SOFTWARE_GPU, together, write } from './harness.mjs';

const NETWORKS = ['resnet50', 'mobilenet_v2'];
const SIDE = 224;

const [dist = 'dist', peers = 'packed/peers', runs = '3', ...chosen] = process.argv.slice(2);
const server = await together({ dist, peers }, ANYBODY);
const versionOf = (name) => JSON.parse(readFileSync(path.join(peers, 'node_modules', name, 'package.json'), 'utf8')).version;

/** Runs in the engine's worker before anything else of it: counts what is asked of the GPU, and tells who asks on the channel. */
const COUNTING = `
const counts = {};
const count = ({ prototype }, method, name, by = () => 1) => {
  const original = prototype[method];
  prototype[method] = function (...args) {
    counts[name] = (counts[name] ?? 0) + by.apply(this, args);
    return original.apply(this, args);
  };
};
count(GPUQueue, 'submit', 'submissions');
count(GPUComputePassEncoder, 'dispatchWorkgroups', 'dispatches');
count(GPUDevice, 'createBuffer', 'buffers');
count(GPUDevice, 'createComputePipeline', 'pipelines');
count(GPUBuffer, 'mapAsync', 'readBacks');
count(GPUBuffer, 'mapAsync', 'bytesBack', function (mode, offset, size) { return size ?? this.size; });
const channel = new BroadcastChannel('gpu');
channel.onmessage = () => {
  channel.postMessage({ ...counts });
  for (const name in counts) delete counts[name];
};
`;

/** In a tab: how long each of `runs` passes takes, the first included, and what ours asked of the GPU. */
async function times({ network, side, runs }) {
  const files = '/peers/';
  const { InferenceSession, Tensor, env } = await import(`${files}node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs`);
  env.wasm.numThreads = 1;
  env.wasm.wasmPaths = `${files}node_modules/onnxruntime-web/dist/`;
  const session = await InferenceSession.create(`${files}${network}.onnx`, { executionProviders: ['webgpu'] });
  const { CamLucida } = await import('/dist/www/api.js');
  const explainer = await CamLucida.load({ model: `${files}${network}/`, device: 'gpu', base: '/dist/' });
  const counted = () =>
    new Promise((tell) => {
      const channel = new BroadcastChannel('gpu');
      channel.onmessage = ({ data }) => (channel.close(), tell(data));
      channel.postMessage(null);
    });
  const resnet = network === 'resnet50' ? await tensorflow() : null;

  const found = { ours: [], onnxruntime: [], tensorflow: [], counts: [] };
  const timed = async (times, work) => {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  };
  for (let run = 0; run < runs; run++) {
    const picture = new ImageData(side, side);
    picture.data.forEach((_, i) => (picture.data[i] = i % 4 === 3 ? 255 : 256 * Math.random()));
    const values = Float32Array.from({ length: 3 * side * side }, () => Math.random() - 0.5);
    await timed(found.onnxruntime, async () => {
      const result = await session.run({ [session.inputNames[0]]: new Tensor('float32', values, [1, 3, side, side]) });
      await result[session.outputNames[0]].getData();
    });
    if (resnet) {
      const x = globalThis.tf.tensor(values, [1, side, side, 3]);
      await timed(found.tensorflow, () => resnet.predict(x).data());
    }
    await counted();
    await timed(found.ours, () => explainer.explain(picture));
    found.counts.push(await counted());
  }
  return found;

  /** ResNet-50 in TensorFlow.js, which has none of its own: He 2016, untrained. */
  async function tensorflow() {
    for (const name of ['tfjs/dist/tf.min.js', 'tfjs-backend-webgpu/dist/tf-backend-webgpu.min.js']) {
      const script = Object.assign(document.createElement('script'), { src: `${files}node_modules/@tensorflow/${name}` });
      document.head.append(script);
      await new Promise((resolve, reject) => Object.assign(script, { onload: resolve, onerror: reject }));
    }
    const { tf } = globalThis;
    await tf.setBackend('webgpu');
    await tf.ready();
    const { layers } = tf;
    const normalised = (x, filters, kernelSize, strides = 1) => {
      const y = layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false }).apply(x);
      return layers.batchNormalization().apply(y);
    };
    const relu = (x) => layers.reLU().apply(x);
    const input = tf.input({ shape: [side, side, 3] });
    let x = relu(normalised(input, 64, 7, 2));
    x = layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(x);
    for (const [stage, blocks] of [3, 4, 6, 3].entries()) {
      const width = 64 << stage;
      for (let block = 0; block < blocks; block++) {
        const strides = block || !stage ? 1 : 2;
        const y = normalised(relu(normalised(relu(normalised(x, width, 1)), width, 3, strides)), 4 * width, 1);
        const skip = block ? x : normalised(x, 4 * width, 1, strides);
        x = relu(layers.add().apply([y, skip]));
      }
    }
    const outputs = layers.dense({ units: 1000 }).apply(layers.globalAveragePooling2d({}).apply(x));
    return tf.model({ inputs: input, outputs });
  }
}

const browser = await browse(...SOFTWARE_GPU);
const script = (body) => ({ contentType: 'text/javascript', body });
const rows = [];
const asked = [];
for (const network of chosen.length ? chosen : NETWORKS) {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(0);
  await tab
    .context()
    .route('**/dist/www/worker.js', (route) => route.fulfill(script("import './counting.js';\nimport './worker.js?counted';\n")));
  await tab.context().route('**/dist/www/counting.js', (route) => route.fulfill(script(COUNTING)));
  await tab.goto(`${server.url}peers/${network}/config.json`);
  await tab.setContent('<!doctype html><body>');
  const found = await tab.evaluate(times, { network, side: SIDE, runs: Number(runs) });
  const [ours, onnxruntime, tensorflow] = [found.ours, found.onnxruntime, found.tensorflow].map((times) => median(times));
  rows.push([network, ours, onnxruntime, tensorflow, ours / Math.min(onnxruntime, tensorflow ?? Infinity)]);
  asked.push([network, 'first', found.counts[0]], [network, 'each further', found.counts.at(-1)]);
  for (const [name, list] of Object.entries(found))
    console.log(network, name, JSON.stringify(list.map((one) => (one > 0 ? Math.round(one) : one))));
  await tab.close();
}

const seconds = (milliseconds) => (milliseconds === undefined ? '' : `${(milliseconds / 1000).toFixed(2)} s`);
const lines = (all) => all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const text = `## In the page, on WebGPU

Chromium's software adapter (SwiftShader), which computes on the CPU's cores: what it takes says how much is asked of a GPU, not how
fast one is. Grad-CAM from pixels to a drawn heatmap, beside the forward pass alone of onnxruntime-web ${versionOf('onnxruntime-web')} and of
TensorFlow.js ${versionOf('@tensorflow/tfjs')}, all on WebGPU, in turn in one Chromium ${browser.version()}, ${SIDE} × ${SIDE} pixels, untrained weights, medians of ${runs}
(${machine()}, load ${load()}): \`make bench-page\`.

| network | Grad-CAM, ours | forward, onnxruntime-web | forward, TensorFlow.js | ours by the faster |
|---|---:|---:|---:|---:|
${lines(rows.map(([name, ours, one, other, ratio]) => [`\`${name}\``, ...[ours, one, other].map(seconds), ratio.toFixed(2)]))}

What an explanation asks of the GPU:

| network | explanation | submissions | dispatches | pipelines made | buffers made | read back | KiB of those |
|---|---|---:|---:|---:|---:|---:|---:|
${lines(asked.map(([name, which, { submissions, dispatches, pipelines = 0, buffers = 0, readBacks, bytesBack }]) => [`\`${name}\``, which, submissions, dispatches, pipelines, buffers, readBacks, Math.round(bytesBack / 1024)]))}
`;
console.log(text);
if (!chosen.length) write(text);
await browser.close();
await server.close();
