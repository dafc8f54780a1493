// Whatever others write: lesson files and addresses are read, or refused in words. `make fuzz` takes more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EngineError } from '../../www/engine/errors.js';
import { addressOf, OWN } from '../../www/lessons/load.js';
import { readLesson } from '../../www/lessons/read.js';
import { readAddress, sourceOf } from '../../www/weights/source.js';
import { readJson } from './rust-sources.mjs';

const numRuns = Number(process.env.FUZZ_RUNS ?? 5000);

/** What gives addresses their meaning. */
const PARTS = [
  ...[
    'http:',
    'HTTPS://',
    'https:',
    'javascript:',
    'data:',
    'file://',
    'blob:',
    '//',
    '/',
    '..',
    '.',
    '%2e%2e',
    '%2F',
    '\\',
    '@',
    ':',
    '?',
    '#',
  ],
  ...['huggingface.co', 'hf.co', 'www.huggingface.co', 'evil.example', 'user:secret', 'owner', 'model', 'resolve', 'tree', 'blob', 'main'],
  ...['refs', 'pr', '1', 'datasets', 'x.safetensors', 'x.bin', 'a.json', '\u202e', '\0', ' ', '__proto__', 'é', '[::1]', ':99999'],
];
const written = fc.oneof(
  fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }).map((parts) => parts.join('')),
  fc
    .array(fc.constantFrom(...PARTS), { maxLength: 12 })
    .map((parts) => `https://huggingface.co/owner/model/resolve/main/${parts.join('/')}`),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.webUrl({ withQueryParameters: true, withFragments: true, authoritySettings: { withUserInfo: true, withIPv4: true, withIPv6: true } }),
);

/** What `read` gives, or null for what it refuses as it should: by a code that has its words. */
function attempt(read) {
  try {
    return read();
  } catch (error) {
    assert.ok(error instanceof EngineError, `${error.stack}`);
    assert.ok(['address', 'lesson'].includes(error.kind));
    return null;
  }
}

/** Only the web is asked, and nobody is told a name and a password. */
function fetchable(address) {
  const url = new URL(address);
  assert.ok(['http:', 'https:'].includes(url.protocol), address);
  assert.equal(url.username + url.password, '', address);
}

test('an address leads where it says, and gives away no password', () => {
  const asked = (words) => sourceOf(words, {}).weights[0].url;
  assert.equal(asked('https://lab.example//evil.example'), 'https://lab.example//evil.example/model.safetensors');
  const hub = 'https://huggingface.co/lab/small/resolve/main/';
  assert.equal(asked(`${hub}http:/evil.example/x.bin`), `${hub}http:/evil.example/x.bin`);
  assert.equal(asked('HTTPS://LAB.example/x.bin'), 'https://lab.example/x.bin');
  for (const read of [readAddress, asked, addressOf]) {
    assert.throws(
      () => read('https://user:secret@lab.example/x.bin'),
      ({ code, arguments: named }) => code === 'address-password' && !JSON.stringify(named).includes('secret'),
    );
  }
});

test('whatever is written as the address of a network, only what it names is asked for, over the web', () => {
  let read = 0;
  fc.assert(
    fc.property(written, fc.option(written, { nil: null }), (words, revision) => {
      const source = attempt(() => sourceOf(words, { revision, hub: null }));
      if (!source) return;
      read++;
      const files = [...source.weights, source.config, source.preprocessor].filter(Boolean);
      for (const { url } of files) fetchable(url);
      // The title says from where.
      const repository = `https://huggingface.co/${source.title.split('/').slice(0, 2).join('/')}/resolve/`;
      for (const { url } of files) {
        assert.ok(source.title.startsWith(new URL(url).host) || url.startsWith(repository), `${source.title} is said to be ${url}`);
      }
    }),
    { numRuns },
  );
  assert.ok(read > 0, 'some are addresses');
});

test('whatever is written as the address of a picture or a lesson, it is one of the web, or refused', () => {
  fc.assert(
    fc.property(written, (words) => {
      const picture = attempt(() => readAddress(words));
      if (picture) fetchable(picture.href);
      const lesson = attempt(() => addressOf(words));
      if (lesson) fetchable(lesson.href);
    }),
    { numRuns },
  );
});

const lessons = OWN.map((name) => readJson(`www/lessons/${name}.json`));

/** Every place of a value, as the names that lead there. */
const places = (value, path = []) => [
  path,
  ...(value && typeof value === 'object' ? Object.entries(value).flatMap(([name, inner]) => places(inner, [...path, name])) : []),
];
/** Two steps of a lesson at a time, and what is said of all of it beside the first two: whole ones would take ten times longer. */
const pieces = lessons.flatMap(({ steps, ...about }) =>
  steps.map((_, i) => ({ ...(i === 0 ? about : { title: about.title }), steps: steps.slice(i, i + 2) })),
);
const everywhere = pieces.map((piece) => places(piece));

/** The same with something else in one place. */
function changed(value, [name, ...rest], other) {
  if (name === undefined) return other;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[name] = changed(value[name], rest, other);
  return copy;
}

test('whatever a lesson file holds, it is a lesson, or all that is wrong is told with its place', () => {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    written,
    fc.constantFrom('#board', '#explain?class=4', '', '__proto__', { __proto__: null }, -1, 1e300),
  );
  const nearly = fc
    .tuple(fc.nat(pieces.length - 1), fc.nat(), anything)
    .map(([which, place, other]) =>
      JSON.stringify(changed(pieces[which], everywhere[which][place % everywhere[which].length], other) ?? null),
    );
  const found = { lessons: 0, broken: 0 };
  fc.assert(
    fc.property(fc.oneof({ weight: 8, arbitrary: nearly }, fc.json(), fc.string({ unit: 'binary' })), (text) => {
      const { lesson, problems } = readLesson(text);
      assert.equal(Boolean(lesson), problems.length === 0, 'a lesson, or what is wrong with it');
      found[lesson ? 'lessons' : 'broken']++;
      for (const { at, rule } of problems) {
        assert.match(at, /^(\/|$)/);
        assert.ok(rule);
      }
    }),
    { numRuns },
  );
  assert.ok(found.lessons && found.broken);
});
