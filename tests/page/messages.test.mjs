// What page and worker tell each other, whatever one of them says. `make fuzz` takes more, and fuzz/messages.mjs asks the engine itself.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { FakeWorker, workers } from './engine-fake-worker.mjs';
import { hostileMessages } from './hostile-messages.mjs';
import { Messages } from '../../www/embed/messages.js';
import { Engine } from '../../www/engine/client.js';
import { EngineError } from '../../www/engine/errors.js';
import { CALLS, isAnswer, readAnswer, readArguments, readCall } from '../../www/engine/messages.js';
import { read } from './rust-sources.mjs';

const numRuns = Number(process.env.FUZZ_RUNS ?? 3000);

// The engine's methods, as its source declares them

/** What stands for a type of Rust's in the table of calls; what the worker itself puts in stands for nothing. */
const KINDS = {
  u32: 'number',
  usize: 'number',
  '&str': 'text',
  String: 'text',
  'Option<String>': 'text or nothing',
  JsValue: 'object',
  Blob: 'blob',
  'Vec<u8>': 'bytes',
  'Vec<usize>': 'numbers',
  'Option<Vec<u16>>': 'window or nothing',
  Function: null,
};
/** Of each kind, what is of it and what is not. */
const EXAMPLES = {
  number: { right: [0, 1, 2 ** 32 - 1], wrong: [-1, 0.5, 2 ** 32, NaN, '1', null, undefined, 1n, [1], {}] },
  text: { right: ['', 'a'], wrong: [1, null, undefined, ['a'], {}] },
  'text or nothing': { right: ['', null, undefined], wrong: [1, ['a'], {}] },
  object: {
    right: [{}, { a: null, b: [1, [2, 'c']], d: { e: undefined, f: [] } }, { long: 'x'.repeat(2 ** 22) }, { many: Array(1000).fill(1) }],
    wrong: [
      ...[1, 'a', null, undefined, [], true, new Map(), new Date(), new Blob(['a'])],
      ...[{ a: 1n }, { a: new Set([1]) }, { a: [new Uint8Array(1)] }, { a: { length: 2 ** 32 - 1, b: new Date() } }],
      ...[
        { a: Object.assign([], { length: 2 ** 32 - 1 }) },
        { a: Array(300).fill(Array(300).fill(1)) },
        { a: JSON.parse('['.repeat(50) + ']'.repeat(50)) },
      ],
    ],
  },
  blob: { right: [new Blob([]), new File([], 'a')], wrong: [{ size: 1 }, null, undefined, new Uint8Array(1)] },
  bytes: {
    right: [new Uint8Array(1), new Uint8ClampedArray(1)],
    wrong: [[1], new ArrayBuffer(1), 'a', null, undefined, { length: 2 ** 32 - 1 }],
  },
  numbers: { right: [[], [1, 2]], wrong: [[-1], ['a'], 1e9, { length: 2 ** 32 - 1 }, null, undefined] },
  'window or nothing': { right: [null, undefined, [0, 65_535]], wrong: [[], [1], [1, 2, 3], [0, 65_536], 5, { length: 2 ** 32 - 1 }] },
};
const methods = new Map(
  [...read('src/bin/web/engine.rs').matchAll(/^ {4}pub (?:async )?fn (\w+)\(\s*&mut self,?([^)]*)\)/gm)].map(([, name, parameters]) => [
    name,
    [...parameters.matchAll(/\w+: ([^,]+(?:<.*>)?)/g)].map(([, type]) => KINDS[type.trim()]).filter((kind) => kind !== null),
  ]),
);

test('each call takes what the engine’s method of its name takes, and is refused with anything else', () => {
  assert.deepEqual(Object.keys(CALLS).toSorted(), [...methods.keys(), 'choose_device', 'start'].toSorted());
  for (const [name, kinds] of methods) {
    const args = kinds.map((kind) => EXAMPLES[kind].right[0]);
    assert.deepEqual(readArguments({ name, args }, true), args);
    for (const [i, kind] of kinds.entries()) {
      const where = `argument ${i} of ${name}`;
      for (const right of EXAMPLES[kind].right) assert.ok(readArguments({ name, args: args.with(i, right) }, true), where);
      for (const wrong of EXAMPLES[kind].wrong)
        assert.throws(
          () => readArguments({ name, args: args.with(i, wrong) }, true),
          { kind: 'request', code: 'call-not-understood' },
          where,
        );
    }
  }
});

// The worker, around an engine that bears nothing wrong

/** As what wasm-bindgen makes of Rust's engine: what is of another kind than declared ends it. */
const strict = `
  const [KINDS, KEPT] = [${JSON.stringify([...methods])}, { notes: [] }];
  const fits = {
    number: (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
    text: (value) => typeof value === 'string',
    'text or nothing': (value) => value === undefined || value === null || typeof value === 'string',
    object: (value) => value instanceof Object,
    blob: (value) => value instanceof Blob,
    bytes: (value) => ArrayBuffer.isView(value) && value.BYTES_PER_ELEMENT === 1,
    numbers: (value) => value instanceof Uint32Array,
    'window or nothing': (value) => value === undefined || value === null || value instanceof Uint16Array,
  };
  let next = 1;
  export default async () => {};
  export class Engine {
    static async start(options) {
      return new Engine();
    }
    about() {
      return { device: { kind: 'cpu' } };
    }
    check() {}
  }
  for (const [name, kinds] of KINDS)
    Engine.prototype[name] = (...args) => {
      if (!kinds.every((kind, i) => fits[kind](args[i]))) throw new WebAssembly.RuntimeError('unreachable: ' + name);
      const made = { ...KEPT, id: next++ };
      return ['release', 'ask', 'bind_word', 'read_caption', 'open_picture', 'open_pixels', 'release'].includes(name) ? made : Promise.resolve(made);
    };
`;
const folder = mkdtempSync(path.join(tmpdir(), 'cam-lucida-'));
after(() => rmSync(folder, { recursive: true }));

test('whatever is posted to the worker, each call is answered once, and the worker lives', async () => {
  cpSync(path.resolve(import.meta.dirname, '../../www/engine'), path.join(folder, 'engine'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(folder, 'web.js'), strict);
  const heard = [];
  let hear;
  Object.assign(globalThis, {
    self: globalThis,
    addEventListener: (type, listener) => type === 'message' && (hear = (data) => listener({ data })),
    postMessage: (data) => heard.push(data),
    fetch: async () => new Response(),
    ImageBitmap: class {},
    // Node would wait for ever for an open channel.
    MessageChannel: class {
      port1 = {};
      port2 = { postMessage: () => queueMicrotask(() => this.port1.onmessage()) };
    },
  });
  await import(pathToFileURL(path.join(folder, 'engine/worker.js')).href);
  hear({ id: 1, name: 'explain', args: [1, 2, {}] });
  hear({ id: 2, name: 'start', args: [{ gpu: false }, 'unbundled'] });
  await until(() => heard.length === 2);
  assert.equal(heard[0].error.code, 'call-not-understood', 'before there is an engine');
  assert.ok(heard[1].value);

  const kept = { model: 1, language: [2, 3], picture: 4, explanation: 5, network: 'resnet18', layer: 'layer4', file: new Blob(['a']) };
  const { message } = hostileMessages(numRuns, kept);
  const told = { value: 0, error: 0, ignored: 0 };
  let id = 2;
  for (let runs = 0; runs < numRuns;) {
    heard.length = 0;
    const [first, began] = [id, runs];
    for (; runs < numRuns && runs < began + 100; runs++) {
      const posted = message();
      if (!posted?.call) told.ignored++;
      hear(posted?.call ? { id: ++id, name: posted.name, args: posted.args } : posted);
    }
    await until(() => heard.length >= id - first);
    assert.deepEqual(
      heard.map((answer) => answer.id),
      Array.from({ length: id - first }, (_, i) => first + 1 + i),
      'one answer to each, in order',
    );
    for (const { error } of heard) {
      told[error ? 'error' : 'value']++;
      if (!error) continue;
      assert.ok(!error.fatal, error.message);
      assert.ok(['call-not-understood', 'engine-renewed'].includes(error.code), `${error.code}: ${error.message}`);
    }
  }
  assert.ok(Object.values(told).every(Boolean), JSON.stringify(told));
});

/** Waits until something is so, by turns of the event loop. */
async function until(is, turns = 10_000) {
  for (let turn = 0; turn < turns && !is(); turn++) await new Promise((resolve) => void setImmediate(resolve));
  assert.ok(is(), `nothing came in ${turns} turns`);
}

test('whatever comes, it is a call whose arguments can be read, one that is refused, a cancel, or nothing', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true });
  const nearly = fc.record({
    id: fc.oneof(fc.nat(), anything),
    name: fc.oneof(fc.constantFrom(...Object.keys(CALLS), 'toString', '__proto__'), anything),
    args: fc.oneof(fc.array(fc.oneof(fc.nat(), fc.string(), fc.object(), anything), { maxLength: 5 }), anything),
  });
  fc.assert(
    fc.property(fc.oneof(anything, nearly), fc.boolean(), (data, started) => {
      const call = readCall(data);
      if (call === null || 'cancel' in call) return;
      assert.ok(Number.isSafeInteger(call.id) && call.id > 0);
      try {
        assert.equal(readArguments(call, started).length, CALLS[call.name].length);
      } catch (error) {
        assert.ok(error instanceof EngineError && error.code === 'call-not-understood', error.stack);
      }
    }),
    { numRuns },
  );
});

// The page, around a worker that says anything

/** What a worker says in place of an answer, before and after it. Null: it is as it should be. */
let hostile = null;
class HostileWorker extends FakeWorker {
  #said = [];
  send(data) {
    if (!hostile) return super.send(data);
    const { anything, changed, random, pick } = hostile;
    while (random() < 0.3) {
      const garbage = [
        () => anything(),
        () => ({ id: data.id, progress: anything() }),
        () => ({ id: data.id, progress: { method: 'rise', done: 1, total: 2 } }),
        () => ({ id: data.id + 1, value: anything() }),
        () => ({ id: anything(), value: anything() }),
        () => ({ id: anything(), error: { kind: 'request', code: 'any', arguments: {}, message: 'any', fatal: false } }),
        () => pick(this.#said) ?? null,
      ];
      super.send(pick(garbage)());
    }
    const wrong = random();
    const answer =
      wrong < 0.5
        ? data
        : wrong < 0.6
          ? { id: data.id, error: anything() }
          : wrong < 0.7
            ? {
                id: data.id,
                error: {
                  kind: 'request',
                  code: 'released',
                  arguments: { id: pick(['1', '2', '', anything()]) },
                  message: '',
                  fatal: false,
                },
              }
            : wrong < 0.75
              ? { ...data, value: anything() }
              : { ...changed(data), id: data.id };
    this.#said.push(data);
    super.send(answer);
    if (random() < 0.2) super.send(answer); // twice
  }
}
beforeEach(() => {
  hostile = null;
  workers.length = 0;
  FakeWorker.hold = new Set();
});

test('whatever a worker says, what was asked of it ends, in an answer or a named error, and the next worker is asked as ever', async () => {
  const FakeWorkers = globalThis.Worker;
  globalThis.Worker = HostileWorker;
  const ended = { value: 0, error: 0, aborted: 0 };
  const file = (name) => new File([new Uint8Array(10)], name);
  try {
    for (let run = 0; run < numRuns / 10; run++) {
      hostile = hostileMessages(run, { language: [] });
      const { pick, random } = hostile;
      const engine = new Engine();
      const model = { files: { weights: file('weights') } };
      const language = { files: { weights: file('words') } };
      const picture = { file: file('picture') };
      const explanation = { model, picture, request: { class: 3 } };
      const asking = [
        () => engine.start(),
        () => engine.load(model),
        () => engine.loadLanguage(language),
        () => engine.open(picture),
        () => engine.explain(explanation),
        () => engine.explain({ model: { language, question: 'what is it?' }, picture, request: { class: 1 } }),
        () => engine.decompose({ ...explanation, parts: null }),
        () => engine.glance({ ...explanation }, {}),
        () => engine.draw(explanation, {}),
        () => engine.original(explanation),
        () => engine.rawMap(explanation),
        () => engine.readCaption(language, 'a red car'),
        () => engine.explain(explanation, { signal: AbortSignal.abort() }),
        () => void engine.release(pick([explanation, model, picture, language])),
        () => void (random() < 0.3 && engine.cancel()),
      ];
      const asked = Array.from({ length: 12 }, () => pick(asking)());
      let all = null;
      Promise.allSettled(asked).then((results) => (all = results));
      await until(() => all);
      for (const { status, reason } of all) {
        if (status === 'fulfilled') ended.value++;
        else if (reason?.name === 'AbortError') ended.aborted++;
        else {
          assert.ok(reason instanceof EngineError, `run ${run}: ${reason?.stack}`);
          for (const told of [reason.kind, reason.code, reason.message]) assert.equal(typeof told, 'string');
          ended.error++;
        }
      }
      hostile = null;
      engine.rest();
      const right = { ...explanation, model: { files: model.files }, picture: { file: picture.file } };
      await engine.explain(right);
      assert.deepEqual([right.classes, (await engine.draw(right, { opacity: 1 })).style], [[{ id: 3 }], { opacity: 1 }]);
      engine.rest();
    }
  } finally {
    globalThis.Worker = FakeWorkers;
  }
  assert.ok(Object.values(ended).every(Boolean), JSON.stringify(ended));
});

test('an answer that is none ends its worker; one to nobody is ignored', async () => {
  const engine = new Engine();
  await engine.start();
  for (const said of [null, 5, 'ready', [], {}, { id: 99, value: 1 }, { id: 99, error: 5 }, { id: null, value: 1 }]) workers[0].send(said);
  assert.ok(workers[0].alive);
  engine.rest();
  for (const said of [
    {},
    { error: 'no' },
    { error: { kind: 'request' } },
    { progress: 5 },
    { value: {} },
    { value: { id: 'a', classes: [] } },
  ]) {
    const engine = new Engine();
    FakeWorker.hold = new Set(['explain']);
    const asked = engine.explain({
      model: { files: { weights: new File([], 'a') } },
      picture: { file: new File(['a'], 'b') },
      request: {},
    });
    await until(() => workers.at(-1).held.length && workers.at(-1).alive);
    const worker = workers.at(-1);
    FakeWorker.hold = new Set();
    worker.send({ ...said, id: worker.held[0].id });
    assert.equal(worker.alive, false);
    await asked; // of the next worker, once: nothing was drawn yet
    engine.rest();
  }
});

test('what no message can carry is an error by name, and the engine goes on', async () => {
  const engine = new Engine();
  const post = FakeWorker.prototype.postMessage;
  FakeWorker.prototype.postMessage = function (message, transfer) {
    structuredClone({ ...message, args: message.args?.map((one) => (one instanceof Blob ? null : one)) }, { transfer });
    return post.call(this, message);
  };
  try {
    const about = { model: { files: { weights: new File([], 'a') } }, picture: { file: new File(['a'], 'b') } };
    const asked = engine.explain({ ...about, request: { settings: { samples: () => 8 } } });
    await assert.rejects(asked, ({ kind, code, arguments: { name } }) => `${kind} ${code} ${name}` === 'request call-not-sent explain');
    await engine.explain({ ...about, request: { class: 1 } });
  } finally {
    FakeWorker.prototype.postMessage = post;
  }
});

test('whatever is an answer has all that its kind has', () => {
  const { anything, changed } = hostileMessages(numRuns, { language: [] });
  const error = { kind: 'request', code: 'any', arguments: {}, message: 'any', fatal: false };
  const right = [
    { id: 1, value: {} },
    { id: 1, error },
    { id: 1, progress: { method: 'rise', done: 1, total: 2 } },
    { alive: true },
    { missing: 'a' },
  ];
  const told = new Set();
  for (let run = 0; run < numRuns; run++) {
    const answer = readAnswer(run % 5 ? changed(right[run % right.length]) : anything());
    if (!answer) continue;
    told.add(Object.keys(answer).at(-1));
    if ('id' in answer) assert.ok(answer.id === null || (Number.isSafeInteger(answer.id) && answer.id > 0));
    if ('error' in answer) assert.ok(new EngineError(answer.error).code === answer.error.code && answer.error.arguments instanceof Object);
    if ('progress' in answer) assert.ok(Number.isFinite(answer.progress.done) && Number.isFinite(answer.progress.total));
    if ('value' in answer) isAnswer('explain', answer.value);
  }
  assert.deepEqual(
    [...told].toSorted(),
    ['alive', 'error', 'missing', 'progress', 'value'].filter((kind) => told.has(kind)),
  );
  assert.ok(told.size > 3);
});

// A frame, around which there is anybody

test('whoever posts whatever to a frame, only its host is answered, at the origin that is told, and only its orders are followed', () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withTypedArray: true });
  const ORIGINS = ['https://course.example', 'https://evil.example', 'null', '', 'https://course.example.evil.example'];
  const said = [];
  const window = (name) => ({ postMessage: (data, origin) => said.push({ name, data, origin }) });
  const [host, other] = [window('host'), window('other')];
  const data = fc.oneof(
    anything,
    fc.record(
      {
        target: fc.constant('cam-lucida'),
        version: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, anything),
        type: fc.oneof({ weight: 5, arbitrary: fc.constantFrom('ping', 'load') }, anything),
        id: fc.oneof(fc.string(), fc.integer(), anything),
      },
      { requiredKeys: [] },
    ),
  );
  const posted = fc.record({ data, source: fc.constantFrom(host, other, null, undefined), origin: fc.constantFrom(...ORIGINS) });
  const told = fc.constantFrom(null, false, 'https://course.example');
  let heard = 0;
  fc.assert(
    fc.property(told, fc.array(posted, { minLength: 1, maxLength: 3 }), (origin, events) => {
      said.length = 0;
      let loads = 0;
      const messages = new Messages({ host, origin, onLoad: () => loads++ });
      for (const event of events) messages.hear(event);
      const allowed = events.filter(
        ({ source, ...event }) => source === host && origin !== false && (origin === null || event.origin === origin),
      );
      assert.ok(loads + said.length <= allowed.length);
      assert.equal(messages.ignored, events.length - loads - said.length);
      for (const one of said) assert.deepEqual([one.name, one.origin, one.data.type], ['host', origin ?? '*', 'pong']);
      heard += loads + said.length;
    }),
    { numRuns },
  );
  assert.ok(heard > 0, 'some are heard');
});
