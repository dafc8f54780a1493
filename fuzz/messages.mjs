// Posts messages that mean no good to the engine's worker, in node: node fuzz/messages.mjs DIST [COUNT] [SEED]
//
// The engine is that of the site in DIST, the worker that of the sources. Each call must be answered once, by a value or by an error that does not
// end the worker; what is no call must be ignored; and the engine's memory must stay bounded. Ends with 1 and the seed where not.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hostileMessages } from '../tests/page/hostile-messages.mjs';
import { BUILD } from '../www/engine/build.js';

const [dist = 'dist', count = 100_000, seed = Math.floor(Math.random() * 2 ** 32)] = process.argv.slice(2);
/** After so many milliseconds a call is cancelled, as the page does; after so many more, it hangs. */
const [PATIENCE, HANGS] = [50, 60_000];
/** Bytes that the engine's memory may take: its stores are as small as `MEMORY` says. */
const [ROOM, MEMORY] = [2 ** 29, { models: 2 ** 26, files: 2 ** 26, pictures: 2 ** 23, explanations: 2 ** 23 }];

// What a worker has around it

/** A file that can be read at once, as FileReaderSync does. */
class Bytes extends Blob {
  constructor(bytes) {
    super([bytes]);
    this.bytes = bytes;
  }
  slice(from, to) {
    return new Bytes(this.bytes.subarray(from, to));
  }
}
let hear;
let answered = () => {};
let memory;
Object.assign(globalThis, {
  self: globalThis,
  origin: 'null',
  addEventListener: (type, listener) => type === 'message' && (hear = listener),
  postMessage: (data) => answered(data),
  fetch: async () => new Response(readFileSync(path.join(dist, 'web_bg.wasm')), { headers: { 'Content-Type': 'application/wasm' } }),
  FileReaderSync: class {
    readAsArrayBuffer({ bytes }) {
      if (!bytes) throw new Error('not readable');
      return Uint8Array.from(bytes).buffer;
    }
  },
  ImageData: class {},
  ImageBitmap: class {},
  WorkerGlobalScope: class {
    static [Symbol.hasInstance]() {
      return true;
    }
  },
  createImageBitmap: async () => new ImageBitmap(),
});
if (!globalThis.navigator) globalThis.navigator = {};
const { instantiateStreaming } = WebAssembly;
WebAssembly.instantiateStreaming = async (...given) => {
  const made = await instantiateStreaming.apply(WebAssembly, given);
  memory = Object.values(made.instance.exports).find((one) => one instanceof WebAssembly.Memory);
  return made;
};

const folder = mkdtempSync(path.join(tmpdir(), 'cam-lucida-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
cpSync(path.resolve(import.meta.dirname, '../www/engine'), path.join(folder, 'engine'), { recursive: true });
cpSync(path.join(dist, 'web.js'), path.join(folder, 'web.js'));
await import(pathToFileURL(path.join(folder, 'engine/worker.js')).href);

// Calls

let last = 0;
/** What the worker answers to a call: `{ id, value }` or `{ id, error }`. */
function ask({ name, args }) {
  const id = ++last;
  return new Promise((resolve, reject) => {
    const cancel = setTimeout(() => hear({ data: { cancel: id } }), PATIENCE);
    const hangs = setTimeout(() => reject(new Error('no answer')), HANGS);
    answered = (data) => {
      if (data.progress && data.id === id) return;
      clearTimeout(cancel);
      clearTimeout(hangs);
      if (data.id === id && !data.error?.fatal) resolve(data);
      else reject(new Error(`${data.error?.message ?? `an answer to ${data.id}, not ${id}`}`));
    };
    hear({ data: { id, name, args } });
  });
}

const value = async (name, ...args) => {
  const { value, error } = await ask({ name, args });
  if (error) throw new Error(`${name}: ${error.message}`);
  return value;
};
const models = path.resolve(import.meta.dirname, '../models');
const text = (name, file) => readFileSync(path.join(models, name, file), 'utf8');
/** @param {string} name @param {Record<string, any>} more */
const files = (name, more = {}) => ({
  ...{ config: text(name, 'config.json'), preprocessor: text(name, 'preprocessor_config.json') },
  ...more,
});
const weights = (name) => new Bytes(readFileSync(path.join(models, name, 'model.safetensors')));
const small = weights('mobilenet-scenes');
const language = ['film-shapes', 'caption-shapes'].map((name) => [files(name), weights(name)]);

/** Brings what the messages are about. */
async function bring() {
  const model = await value('load_model', files('mobilenet-scenes', { size: [32, 32] }), small, 1);
  const words = [];
  for (const [i, [said, file]] of language.entries()) words.push((await value('load_language', said, file, 2 + i)).id);
  const picture = await value(
    'open_pixels',
    8,
    8,
    Uint8ClampedArray.from({ length: 256 }, (_, i) => i),
  );
  const request = { method: 'grad-cam', layers: [], merge: 'mean', smooth: false, preset: null, settings: {}, classes: [1] };
  const explanation = await value('explain', model.id, picture.id, { ...request, target: 'logit', preprocess: 'squash', view: null });
  return {
    model: model.id,
    language: words,
    picture: picture.id,
    explanation: explanation.id,
    network: model.network,
    layer: model.default_layer,
    file: small,
  };
}

async function start() {
  await value('choose_device', 'cpu');
  await value('start', { gpu: false, why: null, memory: MEMORY }, BUILD);
}

const told = new Map(); // how often, by what became of it
const count1 = (what) => told.set(what, (told.get(what) ?? 0) + 1);
const began = performance.now();
let asked = null;
let done = 0;
const tell = () => {
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `messages: ${done} in ${seconds.toFixed(0)} s, ${Math.round(done / seconds)} a second, memory ${memory.buffer.byteLength >> 20} MiB, seed ${seed}`,
  );
};
/** @param {Error} error */
function fail(error) {
  console.error(`messages: ${error.message}; message ${done} of seed ${seed}:`);
  console.error(asked);
  process.exit(1);
}
// A panic in a callback of wasm reaches no call.
for (const event of ['uncaughtException', 'unhandledRejection']) process.on(event, fail);
process.on('SIGINT', () => {
  tell();
  process.exit(0);
});
try {
  await start();
  let kept = await bring();
  const right = JSON.stringify((await value('raw_map', kept.explanation, 0)).data);
  const { message } = hostileMessages(Number(seed), kept);
  for (; done < Number(count); done++) {
    asked = message();
    if (!asked?.call) {
      answered = ({ error }) => {
        throw new Error(`an answer to what is no call: ${error?.message}`);
      };
      hear({ data: asked });
      count1('ignored');
    } else {
      const { error } = await ask(asked);
      count1(error ? error.code : 'answered');
      const ids = [kept.model, ...kept.language, kept.picture, kept.explanation];
      if (error?.code === 'released' && ids.includes(Number(error.arguments.id))) Object.assign(kept, await bring());
    }
    if (done % 1024 === 0) {
      if (memory.buffer.byteLength > ROOM) throw new Error(`the engine's memory is ${memory.buffer.byteLength >> 20} MiB`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  kept = await bring();
  if (JSON.stringify((await value('raw_map', kept.explanation, 0)).data) !== right) throw new Error('another map than before');
  tell();
  console.log(
    [...told]
      .sort(([, a], [, b]) => b - a)
      .map(([what, often]) => `${what} ${often}`)
      .join(', '),
  );
  process.exit(0);
} catch (error) {
  fail(error);
}
