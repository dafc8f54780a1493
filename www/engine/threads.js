// Threads for the engine on the CPU: workers that run the engine's own code on its memory, where the browser lets memory be shared.
// A piece of work goes to whichever thread asks first. Its result depends on nothing but the piece.

import { setShared } from './shared.js';

/** The most pages of memory: all that 32 bits address. */
const MAX_PAGES = 2 ** 16;
/** More threads would wait for memory. */
export const MAX_THREADS = 8;
/** The engine's imports stand within so many bytes. */
const HEAD = 2 ** 17;
/** Milliseconds that the engine waits for the scripts of its threads. */
const START = 5000;

/** The words that all threads share. A thread that polls one must not slow down a thread that writes another, so each kind has cache lines of its own. */
const [GENERATION, TAKEN, LAST, ACTIVE, ASLEEP, LOCK, WORK, CONTEXT, PIECES, FAILED] = [0, 32, 33, 64, 65, 96, 128, 129, 130, 131];
const WORDS = 132;
/** More than any number of pieces: no thread finds work. */
const CLOSED = 2 ** 30;
/** How often a thread polls, for work or for the others to be done, before it sleeps: some microseconds. */
const POLLS = 20_000;
/** Milliseconds after which a thread that has not done its piece must have died. */
const PATIENCE = 60_000;

/** A thread's view of what all share. The engine calls it by the name `camLucidaPool` (src/bin/web/threads.rs). */
export class Pool {
  #words;
  #piece;
  #alone = false;

  /**
   * @param {WebAssembly.Memory} memory
   * @param {number} address of the words in it
   * @param {(work: number, context: number, piece: number) => void} piece does one piece of work, by this thread's instance of the engine
   */
  constructor(memory, address, piece) {
    this.#words = new Int32Array(memory.buffer, address, WORDS);
    this.#piece = piece;
  }

  /** Has the threads do all `pieces` of `work` with `context`. For the engine's own thread. */
  run(/** @type {number} */ work, /** @type {number} */ context, /** @type {number} */ pieces) {
    if (this.#alone) {
      for (let piece = 0; piece < pieces; piece++) this.#piece(work, context, piece);
      return;
    }
    const words = this.#words;
    [words[WORK], words[CONTEXT], words[PIECES]] = [work, context, pieces];
    Atomics.store(words, LAST, pieces);
    Atomics.store(words, TAKEN, 0);
    Atomics.add(words, GENERATION, 1);
    if (Atomics.load(words, ASLEEP) > 0) Atomics.notify(words, GENERATION);
    // This thread takes the first pieces, the others the last: so each finds in its cache much of what it left there.
    let next = 0;
    this.#compute(() => next++);
    // No thread finds work from here on, so none takes the next work for this one.
    Atomics.store(words, TAKEN, CLOSED);
    for (let polls = 0, active; (active = Atomics.load(words, ACTIVE)) > 0; polls++) {
      if (polls > POLLS && Atomics.wait(words, ACTIVE, active, PATIENCE) === 'timed-out') throw new Error('A thread has died');
    }
    if (Atomics.load(words, FAILED)) throw new Error('A thread has failed');
  }

  /** Whether other threads compute, too, from now on. */
  use(/** @type {boolean} */ threads) {
    this.#alone = !threads;
  }

  /** What a thread of the pool does for ever. */
  work() {
    const words = this.#words;
    for (let seen = Atomics.load(words, GENERATION); ; seen = Atomics.load(words, GENERATION)) {
      Atomics.add(words, ACTIVE, 1);
      try {
        this.#compute(() => Atomics.sub(words, LAST, 1) - 1);
      } catch (error) {
        reportError(error);
        Atomics.store(words, FAILED, 1);
      }
      Atomics.sub(words, ACTIVE, 1);
      Atomics.notify(words, ACTIVE);
      for (let polls = 0; polls < POLLS && Atomics.load(words, GENERATION) === seen; polls++);
      if (Atomics.load(words, GENERATION) !== seen) continue;
      Atomics.add(words, ASLEEP, 1);
      Atomics.wait(words, GENERATION, seen);
      Atomics.sub(words, ASLEEP, 1);
    }
  }

  /** Locks the allocator; it is held too briefly for a sleep. */
  lock() {
    while (Atomics.exchange(this.#words, LOCK, 1));
  }

  unlock() {
    Atomics.store(this.#words, LOCK, 0);
  }

  /** Does pieces as long as there are any; `next` says which. */
  #compute(/** @type {() => number} */ next) {
    const words = this.#words;
    while (Atomics.add(words, TAKEN, 1) < words[PIECES]) this.#piece(words[WORK], words[CONTEXT], next());
  }
}

/** How many bytes of weights each model has, by the engine's id: large models use threads. */
export class ModelSizes {
  /** @type {Map<number, number>} */
  #bytes = new Map();

  /**
   * Takes what the engine says when it has made a model, alone or with more about it.
   * @param {{ id: number } | { model: { id: number } }} made
   * @param {number} bytes
   */
  add(made, bytes) {
    this.#bytes.set('model' in made ? made.model.id : made.id, bytes);
  }

  /** Those of a model; undefined where the id is none of a model. */
  of(/** @type {number} */ id) {
    return this.#bytes.get(id);
  }

  release(/** @type {number} */ id) {
    this.#bytes.delete(id);
  }
}

/**
 * How many threads there may be: one for each core, where the browser lets them share memory. Pages of another origin and notebooks
 * cannot start workers from this script's folder.
 */
export function threadsAllowed() {
  const allowed = globalThis.crossOriginIsolated && import.meta.url.startsWith(`${globalThis.origin}/`);
  return allowed ? Math.min(navigator.hardwareConcurrency ?? 1, MAX_THREADS) : 1;
}

/**
 * The engine's module and a memory for it that threads can share; null where this browser gives none.
 * @param {Response} binary
 */
export async function sharedEngine(binary) {
  try {
    const reader = /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (binary.body).getReader();
    const head = await readHead(reader);
    const initial = setShared(head, true);
    const memory = new WebAssembly.Memory({ initial, maximum: MAX_PAGES, shared: true });
    const body = new ReadableStream({
      start: (stream) => stream.enqueue(head),
      async pull(stream) {
        const { done, value } = await reader.read();
        if (done) stream.close();
        else stream.enqueue(value);
      },
    });
    // Compiled while it comes.
    const module = await WebAssembly.compileStreaming(new Response(body, { headers: { 'content-type': 'application/wasm' } }));
    return { memory, module };
  } catch {
    return null; // so much memory cannot be shared: one thread has its own
  }
}

/** The first bytes of a module, which say what it imports. */
async function readHead(/** @type {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} */ reader) {
  const parts = [];
  let size = 0;
  for (let part; size < HEAD && (part = (await reader.read()).value); size += part.length) parts.push(part);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Lets the engine get random numbers: browsers do not write them to shared memory, so they go by way of a copy. */
export function letShare() {
  const { getRandomValues } = crypto;
  crypto.getRandomValues = (/** @type {any} */ array) => {
    if (!array || array.buffer instanceof ArrayBuffer) return getRandomValues.call(crypto, array);
    const copy = new Uint8Array(array.byteLength);
    getRandomValues.call(crypto, copy);
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(copy);
    return array;
  };
}

/** Workers that start, as many as are allowed, each with a promise of whether its script has loaded. */
export function loadThreads() {
  return Array.from({ length: threadsAllowed() - 1 }, () => {
    const worker = new Worker(new URL('./pool.js', import.meta.url), { type: 'module', name: 'cam-lucida-pool' });
    return { worker, loaded: Promise.race([told(worker), wait(START)]) };
  });
}

/**
 * Has the engine compute with these threads; where none starts, it computes alone.
 * @param {any} web what the engine's script exports
 * @param {{ module: WebAssembly.Module, memory: WebAssembly.Memory, relaxed: WebAssembly.Module | null }} shared
 * @param {ReturnType<typeof loadThreads>} threads
 */
export async function startThreads(web, { module, memory, relaxed }, threads) {
  const address = web.shared_words(WORDS);
  globalThis.camLucidaPool = new Pool(memory, address, web.do_piece);
  const start = async (/** @type {typeof threads[number]} */ { worker, loaded }) => {
    // A thread that starts late would change the memory while the engine does.
    if (!(await loaded)) return worker.terminate();
    worker.postMessage({ module, memory, address, relaxed });
    return told(worker);
  };
  const started = (await Promise.all(threads.map(start))).filter(Boolean).length;
  if (started > 0) web.lend_threads(started + 1);
}

/** Whether a worker sends a message before it fails. */
const told = (/** @type {Worker} */ worker) =>
  /** @type {Promise<boolean>} */ (
    new Promise((resolve) => {
      worker.onmessage = () => resolve(true);
      worker.onerror = () => resolve(false);
    })
  );

const wait = (/** @type {number} */ milliseconds) => new Promise((resolve) => void setTimeout(() => resolve(false), milliseconds));
