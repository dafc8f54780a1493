// Every error that JavaScript raises has a sentence in each language.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import english from '../../www/i18n/en/errors.js';
import { formatters } from '../../www/i18n/format.js';
import chinese from '../../www/i18n/zh/page-errors.js';

const www = path.resolve(import.meta.dirname, '../../www');
const SENTENCES = { en: english(formatters('en')), zh: chinese(formatters('zh-Hans')) };
/** These reach nobody as an error: the first ends a call, the second says why the GPU is not used, the third is the shell's. */
const OTHERS = ['cancelled', 'gpu-failed', 'view-unreachable', 'language-unreachable'];
/** Those whose names are put together. */
const MADE = ['offline', 'redirected', 'forbidden', 'unreachable'].map((why) => `fetch-${why}`);
/** A value for each argument that a sentence may name. */
const NAMED = {
  cause: 'NotReadableError',
  path: 'a/model.safetensors',
  host: 'example.org',
  origin: 'https://example.org',
  wanted: 'weights',
  status: 503,
  bytes: 9 * 2 ** 20,
  limit: 7 * 2 ** 20,
  found: 12,
  expected: 13,
  title: 'lab/small',
  files: ['a.pth', 'b.pth'],
  name: 'cat.png',
  file: 'cat.png',
  message: 'so it is',
  min: 32,
  max: 2048,
  id: 3,
  layer: 'layer4',
  method: 'RISE',
  known: ['one', 'two'],
  problems: [{ at: '/steps', code: 'empty' }],
};

const raised = new Set(
  [
    ...MADE,
    ...['api', 'embed', 'engine', 'sources', 'weights', 'elements', 'lessons', 'views'].flatMap((folder) =>
      readdirSync(path.join(www, folder), { recursive: true })
        .filter((name) => name.endsWith('.js'))
        .flatMap((name) => {
          const text = readFileSync(path.join(www, folder, name), 'utf8');
          return [
            ...text.matchAll(/(?:code: (?:navigator\.onLine \? )?|refusal\((?:navigator\.onLine \? )?)'([a-z-]+)'(?: : '([a-z-]+)')?/g),
          ].flatMap(([, ...codes]) => codes.filter(Boolean));
        }),
    ),
  ].filter((code) => !OTHERS.includes(code)),
);

for (const [language, sentences] of Object.entries(SENTENCES)) {
  test(`each code that is raised has a sentence, and no other: ${language}`, () => {
    assert.ok(raised.size > 30);
    assert.deepEqual([...raised].sort(), Object.keys(sentences).sort());
  });

  test(`each sentence is whole, whatever is wanted: ${language}`, () => {
    for (const [code, say] of Object.entries(sentences)) {
      for (const wanted of ['weights', 'image', 'lesson']) {
        const words = say({ ...NAMED, wanted });
        assert.match(words, /[.。]$|https:\/\/$/, code);
        assert.doesNotMatch(words, /undefined|NaN|null|\[object/, code);
      }
    }
  });
}
