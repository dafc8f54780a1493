// Lessons: what their files may say, what is told of those that are wrong, what a run notices, and that ours are whole.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { signal } from '@preact/signals-core';
import { speak } from '../../www/i18n/index.js';
import { conditionsOf, FACTS, judge } from '../../www/lessons/facts.js';
import { addressOf, OWN } from '../../www/lessons/load.js';
import { readLesson } from '../../www/lessons/read.js';
import { PAUSE, Run } from '../../www/lessons/run.js';
import { moveTo } from '../../www/site.js';
import { CODECS, readHash } from '../../www/state/address.js';
import { readLearning, writeLearning } from '../../www/state/lesson.js';
import { PLACES } from '../../www/state/places.js';
import { VIEWS } from '../../www/views/index.js';
import en from '../../www/views/lessons/en.js';
import zh from '../../www/views/lessons/zh.js';
import { formatters } from '../../www/i18n/format.js';
import { read, readJson } from './rust-sources.mjs';
import { goalOf } from '../../www/views/lessons/conditions.js';

await speak('en');
const turn = () => new Promise((resolve) => setTimeout(resolve));
const root = path.resolve(import.meta.dirname, '../..');
const texts = Object.fromEntries(OWN.map((name) => [name, read(`www/lessons/${name}.json`)]));
const lessons = Object.fromEntries(OWN.map((name) => [name, JSON.parse(texts[name])]));
const words = { en: en(formatters('en')), zh: zh(formatters('zh-Hans')) };

/** A lesson of one step, with something else in it. */
const written = (step = {}, rest = {}) => JSON.stringify({ title: 'A', steps: [{ title: 'B', words: 'C', ...step }], ...rest });
const wrong = (text) =>
  readLesson(text).problems.map(({ at, rule, found, allowed }) => [at, rule, found, allowed].filter((one) => one !== undefined));

test('the smallest lesson has a title and a step with a title and words', () => {
  assert.deepEqual(readLesson(written()).problems, []);
  assert.equal(readLesson(written()).lesson.title, 'A');
});

test('what is wrong in a file is told with its place, what was found and what is allowed', () => {
  assert.deepEqual(wrong('{"title": '), [['', 'json', readLesson('{"title": ').problems[0].found]]);
  assert.deepEqual(wrong('[]'), [['', 'type', 'array', ['object']]]);
  assert.deepEqual(wrong('{}'), [
    ['', 'missing', 'title'],
    ['', 'missing', 'steps'],
  ]);
  assert.deepEqual(wrong('{"title": "A", "steps": []}'), [['/steps', 'few', '0', [1]]]);
  assert.deepEqual(wrong(written({ title: 3 })), [['/steps/0/title', 'type', 'number', ['string', 'object']]]);
  assert.deepEqual(wrong(written({ title: '' })), [['/steps/0/title', 'empty']]);
  assert.deepEqual(wrong(written({ words: {} })), [['/steps/0/words', 'empty']]);
  assert.deepEqual(wrong(written({ words: { fr: 'chat' } })), [['/steps/0/words', 'unknown', 'fr', ['en', 'zh']]]);
  assert.deepEqual(wrong(written({ 'a/b~': 1 }))[0].slice(0, 3), ['/steps/0', 'unknown', 'a/b~']);
  assert.deepEqual(wrong(written({ phase: 'play' })), [['/steps/0/phase', 'choice', '"play"', ['predict', 'try', 'explain']]]);
  assert.deepEqual(wrong(written({ minutes: 0 })), [['/steps/0/minutes', 'range', '0', [0.5, 240]]]);
  assert.deepEqual(wrong(written({ state: 'board' })), [['/steps/0/state', 'hash', '"board"']]);
  assert.deepEqual(wrong(written({ question: { text: 'D', answers: [{ text: 'E' }] } })), [['/steps/0/question/answers', 'few', '1', [2]]]);
  assert.deepEqual(wrong(written({ question: { text: 'D', lines: 1.5 } })), [['/steps/0/question/lines', 'type', 'number', ['integer']]]);
  // All that is wrong is told at once.
  assert.equal(wrong(written({ title: 3, minutes: 'a', phase: 1 }, { summary: 1 })).length, 4);
});

test('a check names its place to the last key', () => {
  const check = (condition, state = '#board') => wrong(written({ state, check: condition }));
  const cat = { fact: 'score', class: 'cat' };
  assert.deepEqual(check({ ...cat, below: 0.2 }), []);
  assert.deepEqual(check([{ ...cat, below: 0.2 }]), []);
  assert.deepEqual(check({ ...cat, below: '20%' }), [['/steps/0/check/below', 'type', 'string', ['number']]]);
  assert.deepEqual(check({ ...cat, below: 20 }), [['/steps/0/check/below', 'range', '20', [0, 1]]]);
  assert.deepEqual(
    check([
      { ...cat, below: 0.2 },
      { ...cat, atLeast: -1 },
    ]),
    [['/steps/0/check/1/atLeast', 'range', '-1', [0, 1]]],
  );
  assert.deepEqual(check({ fact: 'sure', below: 0.2 }), [['/steps/0/check/fact', 'choice', '"sure"', Object.keys(FACTS)]]);
  assert.deepEqual(check({ fact: 'score', below: 0.2 }), [['/steps/0/check', 'missing', 'class']]);
  assert.deepEqual(check(cat), [['/steps/0/check', 'number', 'score', ['below', 'atLeast']]]);
  assert.deepEqual(check({ ...cat, has: 'cat' }), [['/steps/0/check', 'number', 'score', ['below', 'atLeast']]]);
  assert.deepEqual(check({ fact: 'says', below: 1 }), [['/steps/0/check', 'names', 'says', ['has', 'lacks']]]);
  assert.deepEqual(check([]), [['/steps/0/check', 'few', '0', [1]]]);
  assert.deepEqual(check('cat'), [['/steps/0/check', 'type', 'string', ['object', 'array']]]);
  const [[at, rule, found, [view, ...told]]] = check({ fact: 'erased', atLeast: 0.1 });
  assert.deepEqual([at, rule, found, view], ['/steps/0/check/fact', 'told', 'erased', 'board']);
  assert.ok(told.includes('stickers') && !told.includes('erased'));
  assert.deepEqual(check({ fact: 'stickers', atLeast: 20 }), []); // a count is no share
});

test('states, lights and checks are those of views that there are', () => {
  assert.deepEqual(wrong(written({ state: '#stage' })), [['/steps/0/state', 'view', '#stage', Object.keys(CODECS)]]);
  assert.deepEqual(wrong(written({ state: '#explain?class=x&opacity=7' })), [
    ['/steps/0/state', 'link', 'class=x'],
    ['/steps/0/state', 'link', 'opacity=7'],
  ]);
  assert.deepEqual(wrong(written({ light: 'stage' })), [['/steps/0/light', 'early']]);
  assert.deepEqual(wrong(written({ check: { fact: 'says', has: 'cat' } })), [['/steps/0/check', 'early']]);
  assert.deepEqual(wrong(written({ state: '#bias', light: 'stage' })), [
    ['/steps/0/light', 'place', 'stage', ['bias', ...Object.keys(PLACES.bias)]],
  ]);
  // A step without a state stands in the view of the one before.
  const steps = [
    { title: 'A', words: 'B', state: '#erase' },
    { title: 'C', words: 'D', light: 'game', check: { fact: 'erased', atLeast: 0.1 } },
  ];
  assert.deepEqual(wrong(JSON.stringify({ title: 'E', steps })), []);
});

test('each rule has its sentence in each language, whatever was found', () => {
  const source = readFileSync(path.join(root, 'www/lessons/read.js'), 'utf8');
  const rules = new Set(
    [...source.matchAll(/rule: '(\w+)'|rule: kind === 'names' \? '(\w+)' : '(\w+)'/g)].flatMap(([, ...names]) => names.filter(Boolean)),
  );
  assert.ok(rules.size > 15);
  for (const { problems, kinds } of Object.values(words)) {
    assert.deepEqual([...rules].sort(), Object.keys(problems).sort());
    for (const say of Object.values(problems)) assert.match(say('x', ['1', '2'], 'board'), /[.。]$|#board\?class=cat$|x$/);
    for (const kind of ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']) assert.ok(kinds[kind]);
  }
});

test('the schema, the table of facts and the words name the same facts, and the same places', () => {
  const schema = readJson('www/lessons/lesson.schema.json');
  assert.deepEqual(schema.$defs.condition.properties.fact.enum, Object.keys(FACTS));
  assert.deepEqual(Object.keys(PLACES).sort(), VIEWS.map(({ name }) => name).sort());
  const places = new Set(Object.values(PLACES).flatMap((of) => Object.keys(of)));
  for (const { facts, places: said } of Object.values(words)) {
    assert.deepEqual(Object.keys(facts).sort(), Object.keys(FACTS).sort());
    assert.deepEqual(Object.keys(said).sort(), [...places].sort());
  }
});

test('every fact is told by the controllers of its views, and no other', () => {
  for (const { name } of VIEWS) {
    const wanted = Object.keys(FACTS).filter((fact) => FACTS[fact].told.includes(name));
    const source = readFileSync(path.join(root, `www/views/${name}/controller.js`), 'utf8');
    const [, told = ''] = /\btold: \{\n([^]*?)\n {6,8}\},\n/.exec(source) ?? [];
    assert.deepEqual([...told.matchAll(/^ {8,10}(\w+): \(/gm)].map(([, fact]) => fact).sort(), wanted.sort(), name);
  }
});

test('a condition is met by numbers and names, and never while they are being computed', () => {
  const facts = (settled = true) => ({
    settled,
    told: { score: ({ class: name }) => ({ cat: 0.34, dog: 1 })[name] ?? null, class: () => ['cat', 'dog'], erased: () => 0 },
  });
  const judged = (condition, of = facts()) => judge(condition, of);
  assert.deepEqual(judged({ fact: 'score', class: 'cat', below: 0.34 }), { met: false, now: 0.34 });
  assert.deepEqual(judged({ fact: 'score', class: 'cat', atLeast: 0.34 }), { met: true, now: 0.34 });
  assert.deepEqual(judged({ fact: 'score', class: 'cat', atLeast: 0.3, below: 0.4 }), { met: true, now: 0.34 });
  assert.deepEqual(judged({ fact: 'score', class: 'yeti', below: 1 }), { met: false, now: null });
  assert.deepEqual(judged({ fact: 'erased', below: 0.1 }), { met: true, now: 0 });
  assert.deepEqual(judged({ fact: 'layer', has: 'layer1' }), { met: false, now: null });
  assert.equal(judged({ fact: 'class', has: 'cat' }).met, true);
  assert.equal(judged({ fact: 'class', has: ['dog', 'bus'] }).met, false);
  assert.equal(judged({ fact: 'class', has: 'cat', lacks: 'dog' }).met, false);
  assert.equal(judged({ fact: 'class', lacks: ['bus'] }).met, true);
  assert.deepEqual(judged({ fact: 'erased', below: 0.1 }, facts(false)), { met: false, now: 0 });
  assert.deepEqual(judged({ fact: 'erased', below: 0.1 }, null), { met: false, now: null });
});

test('the address says which lesson and which step, and nothing where none runs', () => {
  const params = (learning) => new URLSearchParams(Object.entries(writeLearning(learning)).filter(([, value]) => value));
  for (const learning of [
    { source: 'follow-the-cat', step: 0, opened: true },
    { source: 'https://example.org/a b.json?x=1&y=2#z', step: 11, opened: true },
  ])
    assert.deepEqual(readLearning(params(learning)), learning);
  assert.equal(readLearning(params(null)), null);
  for (const step of ['0', '-1', 'x', '1e3', '9999', '']) assert.equal(readLearning(new URLSearchParams({ lesson: 'a', step })).step, 0);
});

test('a plain name is a lesson of the site, all else an address', () => {
  moveTo(new URL('https://lucida.example/'));
  assert.match(addressOf('follow-the-cat').href, /\/www\/lessons\/follow-the-cat\.json$/);
  assert.equal(addressOf('https://example.org/lesson.json').href, 'https://example.org/lesson.json');
  assert.match(addressOf('mine/lesson.json').href, /\/mine\/lesson\.json$/);
  for (const [source, code] of [
    ['follow-the-dog', 'lesson-unknown'],
    ['javascript:alert(1)', 'lesson-address'],
    ['data:application/json,{}', 'lesson-address'],
  ])
    assert.throws(() => addressOf(source), { code }, source);
});

// A run

const STEPS = [
  { title: 'one', words: 'w', state: '#erase?class=0', check: { fact: 'erased', atLeast: 0.1 } },
  { title: 'two', words: 'w', check: { fact: 'erased', atLeast: 0.2 }, after: 'so' },
  { title: 'three', words: 'w', state: '#board', question: { text: 'q', answers: [{ text: 'a' }, { text: 'b', right: true }] } },
  { title: 'four', words: 'w', question: { text: 'q', answers: [{ text: 'a' }, { text: 'b' }] } },
];

async function running({
  learning = { source: 'x', step: 0, opened: false },
  load = async () => ({ title: 't', steps: STEPS }),
  ...rest
} = {}) {
  const view = signal('board');
  const erased = signal(0);
  const settled = signal(true);
  const facts = signal(null);
  const gone = [];
  const tell = () =>
    (facts.value = view.value === 'erase' ? { settled: settled.value, told: { erased: () => erased.value } } : { settled: true, told: {} });
  const erase = (share, { still = true } = {}) => ((erased.value = share), (settled.value = still), tell());
  const asked = signal(learning);
  const run = new Run({
    learning: asked,
    view,
    facts,
    go: (name, state) => {
      gone.push([name, state.class ?? null]);
      view.value = name;
      tell();
    },
    load,
    ...rest,
  });
  run.connect();
  await turn();
  return { run, asked, view, erase, gone, tell };
}

test('a lesson opens the state of its first step, but for a link that says what is on the screen', async () => {
  const { run, gone, asked } = await running();
  assert.deepEqual(gone, [['erase', 0]]);
  assert.deepEqual(asked.value, { source: 'x', step: 0, opened: true });
  run.disconnect();
  const linked = await running({ learning: { source: 'x', step: 2, opened: true } });
  assert.deepEqual([linked.gone, linked.run.at.value, linked.run.place.value], [[], 2, 'board']);
  linked.run.disconnect();
  const far = await running({ learning: { source: 'x', step: 90, opened: true } });
  assert.equal(far.run.at.value, 3); // the last step
  far.run.disconnect();
});

test('the same lesson begins once more where it is asked for again', async () => {
  const { run, gone, asked } = await running();
  run.go(2);
  asked.value = { source: 'x', step: 0, opened: false };
  assert.deepEqual([run.at.value, gone.at(-1)], [0, ['erase', 0]]);
  run.disconnect();
});

test('it notices what was done, keeps it, and never locks', async () => {
  const { run, erase } = await running();
  assert.deepEqual(run.conditions.value, [{ condition: STEPS[0].check, judged: { met: false, now: 0 } }]);
  erase(0.15, { still: false });
  await turn();
  assert.equal(run.met.value, false); // not while it is being computed
  erase(0.15);
  await turn();
  assert.ok(run.met.value);
  erase(0);
  await turn();
  assert.ok(run.met.value && run.done.value.has(0)); // done is done
  run.next();
  assert.deepEqual([run.at.value, run.met.value], [1, false]);
  run.next(); // though nothing was done
  assert.equal(run.at.value, 2);
  run.back();
  assert.equal(run.at.value, 1);
  run.disconnect();
});

test('only a step with a state of its own changes what is on the screen', async () => {
  const { run, gone } = await running();
  run.next();
  assert.equal(gone.length, 1);
  run.back();
  assert.equal(gone.length, 1); // the same part of the lesson: the work stays
  run.go(3);
  assert.deepEqual(gone.slice(1), [['board', null]]);
  run.go(1);
  assert.deepEqual(gone.slice(2), [['erase', 0]]);
  run.restart();
  assert.equal(gone.length, 4);
  run.go(-5);
  run.go(99);
  assert.equal(run.at.value, 3);
  run.disconnect();
});

test('another view meets nothing, and the way back is offered', async () => {
  const { run, view, erase, tell } = await running();
  view.value = 'explain';
  tell();
  erase(0.5);
  view.value = 'explain';
  await turn();
  assert.ok(run.astray.value && !run.met.value);
  run.restart();
  await turn();
  assert.ok(!run.astray.value && run.met.value);
  run.disconnect();
});

test('a step that is done goes on by itself after a moment, unless there is something to read or somebody says stay', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const settle = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  const started = (options) => {
    const found = running(options);
    context.mock.timers.tick(1);
    return found;
  };
  const begin = async (options) => {
    const promise = started(options);
    await settle();
    context.mock.timers.tick(1);
    return promise;
  };
  const { run, erase } = await begin();
  erase(0.15);
  await settle();
  assert.ok(run.leaving.value);
  context.mock.timers.tick(PAUSE - 1);
  erase(0.16); // whoever goes on working is not interrupted
  await settle();
  context.mock.timers.tick(PAUSE - 1);
  assert.equal(run.at.value, 0);
  context.mock.timers.tick(1);
  assert.equal(run.at.value, 1);
  erase(0.3);
  await settle();
  assert.ok(run.met.value && !run.leaving.value); // “so” is to be read
  context.mock.timers.tick(10 * PAUSE);
  assert.equal(run.at.value, 1);
  run.back();
  await settle();
  context.mock.timers.tick(10 * PAUSE);
  assert.equal(run.at.value, 0); // who comes back stays
  run.disconnect();

  for (const stays of [(found) => found.run.stay(), null]) {
    const found = await begin(stays ? {} : { mayGoOn: () => false });
    found.erase(0.15);
    await settle();
    stays?.(found);
    assert.ok(!found.run.leaving.value);
    context.mock.timers.tick(10 * PAUSE);
    assert.equal(found.run.at.value, 0);
    found.run.disconnect();
  }
});

test('a question is done by a right answer, a prediction by any', async () => {
  const { run } = await running();
  run.go(2);
  run.answer(0);
  assert.ok(!run.done.value.has(2));
  run.answer(1);
  assert.ok(run.done.value.has(2));
  run.go(3);
  run.answer(0);
  assert.ok(run.done.value.has(3));
  assert.deepEqual(
    [...run.chosen.value],
    [
      [2, 1],
      [3, 0],
    ],
  );
  run.disconnect();
});

test('a lesson that cannot be had is told, and tried again; another one takes its place', async () => {
  let attempts = 0;
  const load = async (source) => {
    attempts++;
    if (attempts === 1) throw new Error('gone');
    return { title: source, steps: STEPS };
  };
  const { run, asked } = await running({ load });
  assert.deepEqual([run.lesson.value, run.failure.value.message], [null, 'gone']);
  run.again();
  await turn();
  assert.deepEqual([run.lesson.value.title, run.failure.value], ['x', null]);
  asked.value = { source: 'y', step: 0, opened: true };
  await turn();
  assert.equal(run.lesson.value.title, 'y');
  asked.value = null;
  await turn();
  assert.equal(run.lesson.value, null);
  run.disconnect();
});

// What authors read

test('the guide for authors tells every key, fact and place, and its example is a lesson', () => {
  const guide = read('docs/LESSONS.md');
  const cell = (line) => [...line.split('|')[1].matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const rows = (heading) =>
    guide
      .split(`## ${heading}\n`)[1]
      .split('\n## ')[0]
      .split('\n')
      .filter((line) => /^\| [`a-z]/.test(line) && !/^\| (key|fact|view) \|/.test(line));
  const { $defs, properties } = readJson('www/lessons/lesson.schema.json');
  assert.deepEqual(
    rows('The lesson').flatMap(cell).sort(),
    Object.keys(properties)
      .filter((key) => key !== '$schema')
      .sort(),
  );
  assert.deepEqual(rows('A step').flatMap(cell).sort(), Object.keys($defs.step.properties).sort());
  assert.deepEqual(rows('Conditions').flatMap(cell).sort(), Object.keys(FACTS).sort());
  for (const row of rows('Conditions')) {
    const told = row.split('|')[3].trim();
    const views = new Set(cell(row).flatMap((fact) => FACTS[fact].told));
    if (told !== 'all of these') assert.deepEqual(told.split(', '), [...views], row);
  }
  const places = rows('Places').map((line) => line.split('|').slice(1, 3));
  assert.deepEqual(
    Object.fromEntries(places.map(([view, names]) => [view.trim(), [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name)])),
    Object.fromEntries(
      Object.entries(PLACES)
        .filter(([, of]) => Object.keys(of).length)
        .map(([view, of]) => [view, Object.keys(of)]),
    ),
  );
  const [example] = [...guide.matchAll(/^```json\n(\{\n[^]*?)^```/gm)].map(([, text]) => text);
  assert.deepEqual(readLesson(example).problems, []);
});

// Ours

const leaves = (value, at = '') =>
  value !== null && typeof value === 'object'
    ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${at}/${key}`))
    : [[at, value]];
const networks = readJson('models/index.json').models.map(({ name }) => name);
const methods = [...read('src/cam/methods/mod.rs').matchAll(/&(\w+)::METHOD,/g)].map(
  ([, file]) => /name: "([^"]+)"/.exec(read(`src/cam/methods/${file}.rs`))[1],
);
const classes = [...readJson('www/stickers/index.json').stickers.map((one) => one.class), 'doctor', 'nurse'];
const people = readJson('www/people/index.json').pictures.map(({ file }) => file);

test('every lesson of the folder is offered', () => {
  const files = readdirSync(path.join(root, 'www/lessons')).filter((name) => name.endsWith('.json') && name !== 'lesson.schema.json');
  assert.deepEqual(files.sort(), OWN.map((name) => `${name}.json`).sort());
});

for (const name of OWN) {
  const lesson = lessons[name];
  test(`${name}: a lesson, of 45 minutes, that predicts, tries and explains`, () => {
    assert.deepEqual(readLesson(texts[name]).problems, []);
    assert.equal(
      lesson.steps.reduce((sum, { minutes }) => sum + minutes, 0),
      45,
    );
    assert.deepEqual(new Set(lesson.steps.map(({ phase }) => phase)), new Set(['predict', 'try', 'explain']));
    assert.equal(lesson.steps[0].phase, 'predict');
    const { goals, before, sayings, more } = lesson.teacher;
    assert.ok(lesson.summary && goals.length && before && sayings.length && more);
    for (const { title, phase, question, after, teacher } of lesson.steps)
      assert.ok(phase === 'predict' || after || teacher || question?.answers?.some(({ right }) => right), `${title.en}: what to expect?`);
  });

  test(`${name}: every text is in both languages, and emphasis is closed`, () => {
    const all = leaves(lesson);
    const of = (tag) => all.filter(([at]) => at.endsWith(`/${tag}`)).map(([at, said]) => [at.slice(0, -3), said]);
    const [english, chinese] = [of('en'), of('zh')];
    assert.deepEqual(
      chinese.map(([at]) => at),
      english.map(([at]) => at),
    );
    assert.ok(english.length > 40);
    for (const [at, said] of english) assert.doesNotMatch(said, /\p{Script=Han}/u, at);
    for (const [at, said] of chinese) assert.match(said, /\p{Script=Han}/u, at);
    for (const [at, said] of [...english, ...chinese]) assert.equal((said.match(/\*/g) ?? []).length % 2, 0, `${at}: ${said}`);
    // What is said to people is nowhere in one language only.
    const texts = ['title', 'summary', 'words', 'task', 'hint', 'after', 'text', 'reply', 'teacher', 'said', 'answer', 'more', 'before'];
    for (const [at, value] of all)
      if (typeof value === 'string' && texts.includes(at.split('/').at(-1))) assert.fail(`${at} has one language`);
  });

  test(`${name}: a sentence has at most 20 words of English`, () => {
    const long = leaves(lesson)
      .filter(([at]) => at.endsWith('/en'))
      .flatMap(([at, said]) =>
        said
          .split(/[.?!:;](?:\s|$|[”*])/)
          .filter((sentence) => sentence.split(/\s+/).filter(Boolean).length > 20)
          .map((sentence) => `${at}: ${sentence}`),
      );
    assert.deepEqual(long, []);
  });

  test(`${name}: classes, methods, networks and people are there`, () => {
    const known = { class: classes, says: classes, method: methods, network: networks, right: networks, wrong: networks, person: people };
    for (const [i, step] of lesson.steps.entries()) {
      for (const condition of conditionsOf(step)) {
        if (condition.class !== undefined) assert.ok(classes.includes(condition.class), `${i}: ${condition.class}`);
        if (condition.network !== undefined) assert.ok(networks.includes(condition.network), `${i}: ${condition.network}`);
        for (const one of [condition.has ?? [], condition.lacks ?? []].flat())
          if (known[condition.fact]) assert.ok(known[condition.fact].includes(one), `${i}: ${one}`);
      }
      const { state } = readHash(step.state ?? '') ?? { state: {} };
      for (const method of [state.method ?? [], state.methods ?? []].flat()) assert.ok(methods.includes(method), `${i}: ${method}`);
      if (state.person) assert.ok(people.includes(state.person), `${i}: ${state.person}`);
      for (const sticker of state.stickers ?? []) assert.ok(classes.includes(sticker.class), `${i}: ${sticker.class}`);
    }
  });

  test(`${name}: each question with answers has one that is right, or asks for a prediction`, () => {
    for (const { question, phase } of lesson.steps) {
      if (!question?.answers) continue;
      const right = question.answers.filter((one) => one.right);
      assert.equal(right.length, phase === 'predict' ? 0 : 1);
      if (right.length) for (const { reply } of question.answers) assert.ok(reply, 'each answer is replied to');
    }
  });
}

test('in no language a lesson says by a network’s name what learners are to find out', async () => {
  for (const [language, letters] of [
    ['zh', ['网络 A', '网络 B']],
    ['en', ['Network A', 'Network B']],
  ]) {
    await speak(language);
    for (const [i, name] of ['people-biased', 'people-balanced'].entries()) {
      const goals = [goalOf({ fact: 'wrong', has: name }, null), goalOf({ fact: 'says', network: name, has: 'nurse' }, null)];
      for (const goal of goals) assert.ok(goal.includes(letters[i]) && !/偏|均衡|biased|balanced/.test(goal), goal);
    }
  }
  await speak('zh');
  assert.match(goalOf({ fact: 'network', has: 'resnet-scenes' }, null), /小型 ResNet/);
  await speak('en');
});
