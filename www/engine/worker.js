// The engine's home: answers one call at a time. A call is `{ id, name, args }`; the answer is `{ id, value }` or
// `{ id, error: { kind, code, arguments, message, fatal } }`, before it may come any number of `{ id, progress }`.
// `{ cancel: id }` ends a call at its next step. After a fatal error this worker must be replaced.
import { BUILD } from './build.js';
import { EngineError } from './errors.js';
import { chooseDevice, devicesSettled, watchDevices } from './gpu.js';
import { readArguments, readCall } from './messages.js';
import { compileRelaxed, connectRelaxed } from './relaxed.js';
import { letShare, loadThreads, ModelSizes, sharedEngine, startThreads, threadsAllowed } from './threads.js';
import { Cancellations } from './turns.js';

/** Of kind 'device', but said before anything was computed: the rest is as it was. */
const HARMLESS = ['out-of-memory', 'tensor-too-large'];

/** @type {Promise<any> | null} */
let loading = null;
// By far the largest part of the page. Without WebGPU it is on its way before anybody asks.
if (!navigator.gpu) bringEngine(false);

/** @type {any} */
let engine = null;
let onGpu = false;
/**
 * When the threads have started: with the first large network.
 * @type {Promise<void> | null}
 */
let threads = null;
const cancellations = new Cancellations();
/**
 * Bytes of weights from which on threads are used. With fewer, each layer is done before they help: MobileNetV2, of 14 MB, takes 1.15
 * times as long on two. And at first the browser needs the cores to compile the engine.
 */
const LARGE = globalThis.camLucidaLarge ?? 2 ** 24;
const sizes = new ModelSizes();

/** What `readArguments` lets pass. @type {Record<string, (id: number, ...args: any[]) => any>} */
const calls = {
  async choose_device(_, device) {
    const choice = await chooseDevice(device);
    bringEngine(choice.gpu);
    return choice;
  },
  async start(_, options, build) {
    if (build !== BUILD) throw new EngineError({ kind: 'request', code: 'engine-renewed' });
    const { web, shared } = await bringEngine(options.gpu);
    engine = await web.Engine.start(options);
    const about = engine.about();
    onGpu = about.device.kind === 'gpu';
    if (!onGpu && shared) about.device.threads = threadsAllowed();
    return about;
  },
  load_model: (id, files, weights, fileId) => read(weights, engine.load_model(files, weights, fileId, teller(id))),
  load_language: (id, files, weights, fileId) => read(weights, engine.load_language(files, weights, fileId, teller(id))),
  load_fresh: (id, model, request, weights, fileId) => read(weights, engine.load_fresh(model, request, weights, fileId, teller(id))),
  explain: (id, model, picture, request) => checked(engine.explain(model, picture, request, teller(id))),
  decompose: (id, model, picture, request) => checked(engine.decompose(model, picture, request, teller(id))),
  explain_phrase: (id, language, picture, request) => checked(engine.explain_phrase(language, picture, request, teller(id))),
  ask: (_, language, question) => bound(language, engine.ask(language, question)),
  bind_word: (_, language, tokens, place) => bound(language, engine.bind_word(language, new Uint32Array(tokens), place)),
  read_caption: (_, language, text) => engine.read_caption(language, text),
  write_captions: (_, language, picture, request) => checked(engine.write_captions(language, picture, request)),
  score_caption: (_, language, picture, request) => checked(engine.score_caption(language, picture, request)),
  draw: (_, explanation, which, style) => checked(engine.draw(explanation, which, style)),
  open_picture: (_, bytes, window) => engine.open_picture(bytes, window && Uint16Array.from(window)),
  open_pixels: (_, width, height, rgba) => engine.open_pixels(width, height, rgba),
  raw_map: (_, explanation, which) => checked(engine.raw_map(explanation, which)),
  rank_pixels: (_, model, explanation, which) => checked(engine.rank_pixels(model, explanation, which)),
  frame: (_, model, picture, preprocess, baseline) => engine.frame(model, picture, preprocess, baseline),
  activations: (_, model, picture, request) => checked(engine.activations(model, picture, request)),
  measure_cover: (id, model, picture, explanation, request) =>
    checked(engine.measure_cover(model, picture, explanation, request, teller(id))),
  measure_curve: (id, model, picture, explanation, request) =>
    checked(engine.measure_curve(model, picture, explanation, request, teller(id))),
  profile: (id, model, runs) => checked(engine.profile(model, runs, teller(id))),
  compare: (_, one, other, request) => checked(engine.compare(one, other, request)),
  release(_, id) {
    sizes.release(id);
    engine.release(id);
  },
};

/** Tells the page of each step of a call, and ends the call at its next one when it was cancelled. */
const teller = (/** @type {number} */ id) => (/** @type {any} */ progress) => {
  postMessage({ id, progress });
  return cancellations.pass(id);
};

/** What the engine makes of a model of language: it has the same weights. */
function bound(/** @type {number} */ language, /** @type {any} */ made) {
  sizes.add(made, sizes.of(language) ?? 0);
  return made;
}

/**
 * `checked`, of what the engine makes of a weight file.
 * @param {File} file
 * @param {Promise<any>} result
 */
async function read(file, result) {
  const made = await checked(result).catch((error) => {
    if (error.code !== 'weight-file-unreadable') throw error;
    throw new EngineError({ kind: 'weights', code: 'file-unreadable', arguments: { file: file.name ?? '', cause: error.arguments.cause } });
  });
  sizes.add(made, file.size);
  const { web, shared } = await loading;
  if (!onGpu && shared && file.size >= LARGE) await (threads ??= startThreads(web, shared, loadThreads()));
  return made;
}

/** Withholds a result until the GPU's work is done and it had nothing to complain about. */
async function checked(/** @type {Promise<any>} */ result) {
  const settle = async () => {
    await devicesSettled();
    engine.check();
  };
  const value = await result.catch(async (error) => {
    // A number that is not finite may be the fault of a GPU that failed; after a trap nobody can be asked.
    if (error.code === 'not-finite') await settle();
    throw error;
  });
  await settle();
  return value;
}

/**
 * The engine, which is fetched once: the one that can compute on a GPU, or one of less than half the size.
 * @param {boolean} gpu
 */
function bringEngine(gpu) {
  loading ??= loadEngine(gpu);
  loading.catch(() => {}); // `start` tells
  return loading;
}

async function loadEngine(/** @type {boolean} */ gpu) {
  try {
    const address = gpu ? new URL('../web-gpu_bg.wasm', import.meta.url) : new URL('../web_bg.wasm', import.meta.url);
    const bring = () => fetch(globalThis.camLucidaWasm ?? address);
    const binary = bring();
    binary.catch(() => {}); // `init` tells
    const sharing = !gpu && threadsAllowed() > 1 ? binary.then(sharedEngine, () => null) : null;
    const web = await (gpu ? import('../web-gpu.js') : import('../web.js'));
    const shared = await sharing;
    if (shared) letShare();
    const own = () => binary.then((response) => (response.bodyUsed ? bring() : response));
    const instance = await web.default(shared ? { module_or_path: shared.module, memory: shared.memory } : { module_or_path: own() });
    const relaxed = compileRelaxed(shared !== null);
    if (relaxed) {
      connectRelaxed(relaxed, instance.memory);
      web.lend_relaxed();
    }
    return { web, shared: shared && { ...shared, relaxed } };
  } catch (error) {
    throw new EngineError({ kind: 'request', code: 'engine-missing', arguments: { message: error.message } });
  }
}

/** Every error that the engine means to raise has a kind; anything else is a trap, and the instance is dead. */
const trapped = (/** @type {string} */ message) => ({ kind: 'device', code: 'engine-trapped', arguments: { message }, message });

async function answer(/** @type {{ id: number, name: any, args: any }} */ call) {
  const { id, name } = call;
  try {
    cancellations.check(id);
    const args = readArguments(call, engine !== null);
    const size = sizes.of(args[0]);
    if (size !== undefined) globalThis.camLucidaPool?.use(size >= LARGE);
    const value = await calls[name](id, ...args);
    postMessage({ id, value }, { transfer: value instanceof ImageBitmap ? [value] : [] });
  } catch (error) {
    const { kind, code, arguments: named = {}, message } = error?.kind ? error : trapped(String(error?.message ?? error));
    const fatal = kind === 'device' && !HARMLESS.includes(code);
    postMessage({ id, error: { kind, code, arguments: named, message, fatal } });
  } finally {
    cancellations.forget(id);
  }
}

/** Tells the page that this worker is of no more use, whatever it was doing. */
function die(/** @type {{ code: string, message: string }} */ { code, message }) {
  postMessage({ id: null, error: { kind: 'device', code, arguments: { message }, message: message || code, fatal: true } });
}

// An engine that fell back to the CPU by itself may well have given its device up.
watchDevices({ onRefusal: die, onLoss: (fault) => onGpu && die(fault) });

// A panic in a callback of wasm reaches no call: the call would wait for ever.
addEventListener('error', (event) => die(trapped(event.message)));
addEventListener('unhandledrejection', (event) => die(trapped(String(event.reason?.message ?? event.reason))));

// The page waits for this lock: it gets it when this worker has ended, even where no event tells of that. No call is
// answered before it is held, or a worker that ends early could end unnoticed.
const held = /** @type {Promise<void>} */ (
  new Promise((resolve) => {
    if (!navigator.locks) return resolve();
    const lock = navigator.locks.request(self.name, () => {
      postMessage({ id: null, alive: true });
      resolve();
      return new Promise(() => {});
    });
    lock.catch(() => resolve()); // a frame in a sandbox has no locks
  })
);

/** @type {Promise<void>} */
let last = held;
addEventListener('message', ({ data }) => {
  const call = readCall(data);
  if (!call) return;
  // Not behind the call that it is to end.
  if ('cancel' in call) return cancellations.cancel(call.cancel);
  cancellations.expect(call.id);
  last = last.then(() => answer(call));
});
