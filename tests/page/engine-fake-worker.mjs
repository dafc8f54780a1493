// A worker that keeps what it is brought and answers at once, except for what a test holds back. In place of a browser.

/** Workers in the order in which they were made. */
export const workers = [];

/** What `start` answers, as far as the client looks at it. */
const about = (gpu, why) => ({
  device: { kind: gpu && !why ? 'gpu' : 'cpu', why },
  style: {},
  limits: { picture_bytes: 1000, text_bytes: 100 },
});

/** How many ids of what it must keep a call begins with. */
const NEEDED = {
  explain: 2,
  decompose: 2,
  draw: 1,
  raw_map: 1,
  ask: 1,
  bind_word: 1,
  read_caption: 1,
  write_captions: 2,
  score_caption: 2,
  explain_phrase: 2,
};

const words = (text) => text.split(' ').map((word, token) => ({ word, token, known: true, function_word: false, relation_word: false }));

let next = 1;

export class FakeWorker {
  /** @type {{ name: string, args: any[] }[]} */
  asked = [];
  kept = new Set();
  /** Calls that wait until the test answers them, by name. */
  held = [];
  cancels = [];
  alive = true;
  /** Names of calls that are held back. */
  static hold = new Set();
  static gpu = false;
  /** Why the GPU is not used, where it turns out only in the start. */
  static refusal = null;

  constructor() {
    workers.push(this);
  }

  postMessage({ id, name, args, cancel }) {
    if (cancel) return this.cancels.push(cancel);
    this.asked.push({ name, args });
    const call = { id, name, args };
    if (FakeWorker.hold.has(name)) this.held.push(call);
    else queueMicrotask(() => this.#answer(call));
  }

  terminate() {
    this.alive = false;
  }

  send(data) {
    if (this.alive) this.onmessage({ data });
  }

  /** Answers a call that was held back. */
  let(call) {
    this.#answer(call);
  }

  fail(call, error) {
    this.send({ id: call.id, error: { code: 'any', arguments: {}, message: 'any', fatal: false, ...error } });
  }

  die(code = 'engine-trapped') {
    this.send({ id: null, error: { kind: 'device', code, arguments: {}, message: code, fatal: true } });
  }

  #answer({ id, name, args }) {
    const missing = this.#needed(name, args).find((needed) => !this.kept.has(needed));
    if (missing !== undefined) {
      this.fail({ id }, { kind: 'request', code: 'released', arguments: { id: String(missing) } });
      return;
    }
    this.send({ id, value: this.#value(name, args) });
  }

  #needed(name, args) {
    return args.slice(0, NEEDED[name] ?? 0);
  }

  #value(name, args) {
    if (name === 'choose_device') return { gpu: FakeWorker.gpu, why: null };
    if (name === 'start') return about(args[0].gpu, FakeWorker.refusal);
    if (name === 'raw_map') return { of: args[0] };
    if (name === 'draw') return { drawn: args[0], style: args[2] };
    if (name === 'release') return this.kept.delete(args[0]);
    if (name === 'read_caption') return { words: words(args[1]) };
    if (name === 'write_captions') return { captions: Array.from({ length: args[2].beam }, () => ({ words: words('a car') })) };
    if (name === 'score_caption') return { log_probabilities: [...args[2].tokens, 0].map(() => -1) };
    const id = next++;
    this.kept.add(id);
    if (name === 'open_picture') return { id, width: 30, height: 20, notes: [{ code: 'picture-no-end' }], range: null };
    if (name === 'open_pixels') return { id, width: args[0], height: args[1], notes: [], range: null };
    if (name === 'load_language') return { id, words: ['a', 'car'], answers: ['yes', 'no'] };
    if (name === 'ask') return { question: { words: words(args[1]) }, model: { id, labels: ['yes', 'no'] } };
    if (name === 'bind_word') return { id, labels: ['a', 'car'] };
    if (name === 'decompose') return { explained: { id, classes: [{ id: args[2].class }] }, parts: { weights: [1] } };
    if (name === 'explain_phrase')
      return { id, words: args[2].tokens.slice(args[2].first, args[2].last + 1).map((token) => ({ class: { id: token } })) };
    return { id, ...(name === 'explain' ? { classes: [{ id: args[2].class }] } : {}) };
  }
}

globalThis.Worker = FakeWorker;
globalThis.origin ??= 'null'; // that of a file
globalThis.navigator ??= {};
globalThis.matchMedia = () => ({ matches: false });

/** Names of what the last worker was asked since it began, without the start. */
export const asked = (worker = workers.at(-1)) =>
  worker.asked.map(({ name }) => name).filter((name) => !['choose_device', 'start', 'release'].includes(name));

/** Waits until all that can go on without a timer has gone on. */
export async function settled() {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}
