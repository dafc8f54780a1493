// Threads for the engine on the CPU: workers that run the engine's own code on its memory, where the browser lets memory be shared.
// Each part of a computation goes to whoever asks first. Its result depends on nothing but the part.

import { setShared } from './shared.js';

/** Pages of memory that there can be at most: all that 32 bits address. */
const PAGES = 2 ** 16;
/** Threads beyond these wait for memory. */
const MOST = 8;
/** Milliseconds that the engine waits for its threads. */
const START = 5000;

/** The words of what all threads share. */
const [GENERATION, NEXT, PARTS, WORK, CONTEXT, ACTIVE, ASLEEP, LOCK, FAILED] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const WORDS = 16;
/** Beyond the last part of anything: nobody finds work. */
const CLOSED = 2 ** 30;
/** How often a thread looks whether there is work, or whether the others have done theirs, before it sleeps: some microseconds. */
const LOOKS = 2000;
/** Milliseconds after which a thread that has not done its part must have died. */
const PATIENCE = 60_000;

/** What a thread sees of all. The engine calls it by the name `camLucidaPool` (src/bin/web/threads.rs). */
export class Pool {
  /**
   * The engine's table of functions, as this thread has it.
   * @type {WebAssembly.Table | null}
   */
  table = null;
  #words;

  /**
   * @param {WebAssembly.Memory} memory
   * @param {number} at where in it the words are
   */
  constructor(memory, at) {
    this.#words = new Int32Array(memory.buffer, at, WORDS);
  }

  /** Has all threads call the function at `work` of the table with `context` and the number of each of `parts`. For the engine's own thread. */
  run(/** @type {number} */ work, /** @type {number} */ context, /** @type {number} */ parts) {
    const words = this.#words;
    [words[WORK], words[CONTEXT], words[PARTS]] = [work, context, parts];
    Atomics.store(words, NEXT, 0);
    Atomics.add(words, GENERATION, 1);
    if (Atomics.load(words, ASLEEP) > 0) Atomics.notify(words, GENERATION);
    this.#compute();
    // From here on nobody finds work, so nobody takes what comes next for this.
    Atomics.store(words, NEXT, CLOSED);
    for (let looks = 0, active; (active = Atomics.load(words, ACTIVE)) > 0; looks++) {
      if (looks > LOOKS && Atomics.wait(words, ACTIVE, active, PATIENCE) === 'timed-out') throw new Error('A thread has died');
    }
    if (Atomics.load(words, FAILED)) throw new Error('A thread has failed');
  }

  /** What a thread of the pool does for ever. */
  work() {
    const words = this.#words;
    for (let seen = Atomics.load(words, GENERATION); ; seen = Atomics.load(words, GENERATION)) {
      Atomics.add(words, ACTIVE, 1);
      try {
        this.#compute();
      } catch (error) {
        reportError(error);
        Atomics.store(words, FAILED, 1);
      }
      Atomics.sub(words, ACTIVE, 1);
      Atomics.notify(words, ACTIVE);
      for (let looks = 0; looks < LOOKS && Atomics.load(words, GENERATION) === seen; looks++);
      if (Atomics.load(words, GENERATION) !== seen) continue;
      Atomics.add(words, ASLEEP, 1);
      Atomics.wait(words, GENERATION, seen);
      Atomics.sub(words, ASLEEP, 1);
    }
  }

  /** For whoever changes what memory is free; it takes no time worth a sleep. */
  lock() {
    while (Atomics.exchange(this.#words, LOCK, 1));
  }

  unlock() {
    Atomics.store(this.#words, LOCK, 0);
  }

  #compute() {
    const words = this.#words;
    for (let part; (part = Atomics.add(words, NEXT, 1)) < words[PARTS];) this.table?.get(words[WORK])(words[CONTEXT], part);
  }
}

/** How many threads there may be: one for each core, where the browser lets them share memory. */
export const threadsAllowed = () => (globalThis.crossOriginIsolated ? Math.min(navigator.hardwareConcurrency ?? 1, MOST) : 1);

/**
 * The engine's module and a memory for it that threads can share; null where this browser gives none.
 * @param {Response} binary
 */
export async function sharedEngine(binary) {
  const bytes = new Uint8Array(await binary.arrayBuffer());
  try {
    const initial = setShared(bytes, true);
    const memory = new WebAssembly.Memory({ initial, maximum: PAGES, shared: true });
    return { memory, module: await WebAssembly.compile(bytes) };
  } catch {
    return null; // so much memory cannot be shared: one thread has its own
  }
}

/**
 * Browsers fill no memory that is shared with random numbers, which the engine asks for: these go by way of a copy.
 */
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

/**
 * Starts them and has the engine compute with them; where none starts, it computes alone.
 * @param {any} web what the engine's script exports
 * @param {{ module: WebAssembly.Module, memory: WebAssembly.Memory, engine: WebAssembly.Exports }} parts
 */
export async function startThreads(web, { module, memory, engine }) {
  const at = web.threads_room();
  const pool = new Pool(memory, at);
  pool.table = tableOf(engine);
  globalThis.camLucidaPool = pool;
  web.expect_threads();
  const starts = Array.from({ length: threadsAllowed() - 1 }, async () => {
    const worker = new Worker(new URL('./pool.js', import.meta.url), { type: 'module', name: 'cam-lucida-pool' });
    worker.postMessage({ module, memory, at });
    return new Promise((resolve) => {
      worker.onmessage = () => resolve(true);
      worker.onerror = () => resolve(false);
      setTimeout(() => resolve(false), START);
    });
  });
  // From another origin, browsers start none.
  const started = (await Promise.all(starts.map((start) => start.catch(() => false)))).filter(Boolean).length;
  if (started > 0) web.lend_threads(started + 1);
}

/**
 * The table of functions of an instance of the engine. wasm-bindgen names it as it likes.
 * @param {WebAssembly.Exports} engine
 */
export function tableOf(engine) {
  const isTable = (/** @type {WebAssembly.ExportValue} */ one) => one instanceof WebAssembly.Table && one !== engine.__wbindgen_externrefs;
  return /** @type {WebAssembly.Table} */ (Object.values(engine).find(isTable));
}
