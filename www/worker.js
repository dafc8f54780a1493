// The engine's home: answers one call at a time. A call is `{ id, name, args }`; the answer is `{ id, value }` or
// `{ id, error: { kind, code, arguments, message, fatal } }`, before it may come any number of `{ id, progress }`. After a fatal error this
// worker must be replaced.
import { chooseDevice, devicesSettled, watchDevices } from './gpu.js';
import { text } from './text.js';

let engine = null;
let onGpu = false;

const calls = {
  choose_device: chooseDevice,
  async start(options) {
    const Engine = await loadEngine();
    engine = await Engine.start(options);
    const about = engine.about();
    onGpu = about.device.kind === 'gpu';
    return about;
  },
  async load_model(files, weights) {
    await pour(weights);
    return checked(engine.load_model(files));
  },
  explain: (model, picture, request, tell) => checked(engine.explain(model, picture, request, tell)),
  draw: (explanation, which, style) => checked(engine.draw(explanation, which, style)),
  open_picture: (bytes) => engine.open_picture(bytes),
  open_pixels: (width, height, rgba) => engine.open_pixels(width, height, rgba),
  raw_map: (explanation, which) => checked(engine.raw_map(explanation, which)),
  release: (id) => engine.release(id),
};

/** Brings a file into the engine's memory part by part, so that it is nowhere twice. */
async function pour(file) {
  engine.begin_weights(file.size);
  try {
    const reader = file.stream().getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) engine.add_weights(part.value);
  } catch (error) {
    engine.abandon_weights();
    throw error.kind ? error : Object.assign(new Error(text.unreadable(file)), { kind: 'weights' });
  }
}

/** Withholds a result until the GPU's work is done and it had nothing to complain about. */
async function checked(result) {
  const value = await result;
  await devicesSettled();
  engine.check();
  return value;
}

async function loadEngine() {
  try {
    const { default: init, Engine } = await import('../web.js');
    await init();
    return Engine;
  } catch (error) {
    throw Object.assign(new Error(text.engineMissing(error.message)), { kind: 'request' });
  }
}

async function answer({ id, name, args }) {
  try {
    const value = await calls[name](...args, (progress) => postMessage({ id, progress }));
    postMessage({ id, value }, value instanceof ImageBitmap ? [value] : []);
  } catch (error) {
    // Every error that the engine means to raise has a kind; anything else is a trap, and the instance is dead.
    const { kind = 'device', code = null, arguments: named = {}, message } = error;
    // What finds no room leaves the rest as it was.
    const fatal = kind === 'device' && code !== 'out-of-memory';
    postMessage({ id, error: { kind, code, arguments: named, message, fatal } });
  }
}

/** Tells the page that this worker is of no more use, whatever it was doing. */
function die(message) {
  postMessage({ id: null, error: { kind: 'device', message, fatal: true } });
}

// An engine that fell back to the CPU by itself may well have given its device up.
watchDevices({ onRefusal: die, onLoss: (message) => onGpu && die(message) });

// A panic in a callback of wasm reaches no call: the call would wait for ever.
addEventListener('error', (event) => die(event.message));
addEventListener('unhandledrejection', (event) => die(String(event.reason?.message ?? event.reason)));

// The page waits for this lock: it gets it when this worker has ended, even where no event tells of that. No call is
// answered before it is held, or a worker that ends early could end unnoticed.
const held = new Promise((resolve) => {
  if (!navigator.locks) return resolve();
  navigator.locks.request(self.name, () => {
    postMessage({ id: null, alive: true });
    resolve();
    return new Promise(() => {});
  });
});

let last = held;
addEventListener('message', ({ data }) => {
  last = last.then(() => answer(data));
});
