// Threads for the engine on the CPU: workers that run the engine's own code on its memory, where the browser lets memory be shared.
// Each part of a computation goes to whoever asks first. Its result depends on nothing but the part.

import { setShared } from './shared.js';

/** Pages of memory that there can be at most: all that 32 bits address. */
const PAGES = 2 ** 16;
/** Threads beyond these wait for memory. */
const MOST = 8;
/** The engine's imports come within so many bytes. */
const HEAD = 2 ** 17;
/** Milliseconds that the engine waits for the scripts of its threads. */
const START = 5000;

/** The words of what all threads share. Who looks at one for long must not hold up who changes another: each kind has lines of its own. */
const [GENERATION, TAKEN, LAST, ACTIVE, ASLEEP, LOCK, WORK, CONTEXT, PARTS, FAILED] = [0, 32, 33, 64, 65, 96, 128, 129, 130, 131];
const WORDS = 132;
/** Beyond the last part of anything: nobody finds work. */
const CLOSED = 2 ** 30;
/** How often a thread looks whether there is work, or whether the others have done theirs, before it sleeps: some microseconds. */
const LOOKS = 20_000;
/** Milliseconds after which a thread that has not done its part must have died. */
const PATIENCE = 60_000;

/** What a thread sees of all. The engine calls it by the name `camLucidaPool` (src/bin/web/threads.rs). */
export class Pool {
  #words;
  #part;
  #alone = false;

  /**
   * @param {WebAssembly.Memory} memory
   * @param {number} at where in it the words are
   * @param {(work: number, context: number, part: number) => void} part does one part of a work, by this thread's instance of the engine
   */
  constructor(memory, at, part) {
    this.#words = new Int32Array(memory.buffer, at, WORDS);
    this.#part = part;
  }

  /** Has the threads do each of the `parts` of `work` with `context`. For the engine's own thread. */
  run(/** @type {number} */ work, /** @type {number} */ context, /** @type {number} */ parts) {
    if (this.#alone) {
      for (let part = 0; part < parts; part++) this.#part(work, context, part);
      return;
    }
    const words = this.#words;
    [words[WORK], words[CONTEXT], words[PARTS]] = [work, context, parts];
    Atomics.store(words, LAST, parts);
    Atomics.store(words, TAKEN, 0);
    Atomics.add(words, GENERATION, 1);
    if (Atomics.load(words, ASLEEP) > 0) Atomics.notify(words, GENERATION);
    // From the first on, and the others from the last on: from work to work, each finds in its cache much of what it left there.
    let next = 0;
    this.#compute(() => next++);
    // From here on nobody finds work, so nobody takes what comes next for this.
    Atomics.store(words, TAKEN, CLOSED);
    for (let looks = 0, active; (active = Atomics.load(words, ACTIVE)) > 0; looks++) {
      if (looks > LOOKS && Atomics.wait(words, ACTIVE, active, PATIENCE) === 'timed-out') throw new Error('A thread has died');
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

  /** Does parts as long as there are any; `next` says which. */
  #compute(/** @type {() => number} */ next) {
    const words = this.#words;
    while (Atomics.add(words, TAKEN, 1) < words[PARTS]) this.#part(words[WORK], words[CONTEXT], next());
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
 * How many threads there may be: one for each core, where the browser lets them share memory. Pages of another origin, and notebooks,
 * can start no workers of this script's folder.
 */
export function threadsAllowed() {
  const allowed = globalThis.crossOriginIsolated && import.meta.url.startsWith(`${globalThis.origin}/`);
  return allowed ? Math.min(navigator.hardwareConcurrency ?? 1, MOST) : 1;
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
    const memory = new WebAssembly.Memory({ initial, maximum: PAGES, shared: true });
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

/** The first bytes of what is read, which say what the module imports. */
async function readHead(/** @type {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} */ reader) {
  const parts = [];
  let size = 0;
  for (let part; size < HEAD && (part = (await reader.read()).value); size += part.length) parts.push(part);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
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

/** Workers on their way, as many as are allowed, and whether the script of each has come. */
export function loadThreads() {
  return Array.from({ length: threadsAllowed() - 1 }, () => {
    const worker = new Worker(new URL('./pool.js', import.meta.url), { type: 'module', name: 'cam-lucida-pool' });
    return { worker, loaded: Promise.race([told(worker), wait(START)]) };
  });
}

/**
 * Has the engine compute with them; where none starts, it computes alone.
 * @param {any} web what the engine's script exports
 * @param {{ module: WebAssembly.Module, memory: WebAssembly.Memory }} shared
 * @param {ReturnType<typeof loadThreads>} threads
 */
export async function startThreads(web, { module, memory }, threads) {
  const at = web.threads_room();
  globalThis.camLucidaPool = new Pool(memory, at, web.do_part);
  const start = async (/** @type {typeof threads[number]} */ { worker, loaded }) => {
    // Who comes late would change the memory while the engine does.
    if (!(await loaded)) return worker.terminate();
    worker.postMessage({ module, memory, at });
    return told(worker);
  };
  const started = (await Promise.all(threads.map(start))).filter(Boolean).length;
  if (started > 0) web.lend_threads(started + 1);
}

/** Whether a worker tells something, and not that it failed. */
const told = (/** @type {Worker} */ worker) =>
  /** @type {Promise<boolean>} */ (
    new Promise((resolve) => {
      worker.onmessage = () => resolve(true);
      worker.onerror = () => resolve(false);
    })
  );

const wait = (/** @type {number} */ milliseconds) => new Promise((resolve) => void setTimeout(() => resolve(false), milliseconds));
