// What people read: the same in every language, all of it used, and none of it anywhere but in the words.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import { formatters } from '../../www/i18n/format.js';
import english from '../../www/i18n/en/index.js';
import chinese from '../../www/i18n/zh/index.js';

const root = path.resolve(import.meta.dirname, '../..');
const www = path.join(root, 'www');
const words = { en: english(formatters('en')), zh: chinese(formatters('zh-Hans')) };
/** Of errors and tables the engine has its own words, in English; engine-words.test.mjs compares them with it. */
const SECTIONS = Object.keys(words.en).filter((name) => !['errors', 'tables', 'classes'].includes(name));

const files = (ending) =>
  readdirSync(www, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(www, name));
const isWords = (file) => file.includes('/i18n/') || /\/views\/\w+\/(en|zh)\.js$/.test(file);
const sources = files('.js')
  .filter((file) => !isWords(file))
  .map((file) => readFileSync(file, 'utf8'));

/** Every leaf of words, by its path. */
function leaves(value, at = []) {
  if (value === null || typeof value !== 'object') return [[at, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...at, key]));
}

const said = (language, section) => new Map(leaves(words[language][section]).map(([at, value]) => [at.join('.'), value]));

for (const section of SECTIONS) {
  test(`the words of “${section}” are the same in every language: keys, kinds and arguments`, () => {
    const shape = (language) =>
      Object.fromEntries(
        [...said(language, section)]
          .map(([at, value]) => [at, typeof value === 'function' ? `function of ${value.length}` : typeof value])
          .sort(([one], [other]) => (one < other ? -1 : 1)),
      );
    assert.deepEqual(shape('zh'), shape('en'));
  });

  test(`no word of “${section}” stayed English in Chinese`, () => {
    for (const [at, value] of said('en', section)) {
      if (typeof value !== 'string') continue;
      const translated = said('zh', section).get(at);
      const latin = translated.replace(/\S+:\/\/\S+/, '').match(/[a-z]{2,}/gi) ?? [];
      assert.ok(/\p{Script=Han}/u.test(translated) || latin.length < 3, `${section}.${at}: ${translated}`);
    }
  });

  test(`every word of “${section}” is used`, () => {
    const users = sources.filter((source) => source.includes(`.${section}`) || source.includes(`{ ${section}`)).join('\n');
    const used = (key) => new RegExp(`\\b${key.replace(/[^\w]/g, '\\$&')}\\b`).test(users);
    // What is looked up by a value, or gone through, is used as a whole.
    const lookedUp = (key) => new RegExp(`\\b${key}\\??\\.?\\[|Object\\.\\w+\\([^)]*\\b${key}\\)`).test(users);
    const unused = [...said('en', section).keys()].filter((at) => {
      const keys = at.split('.');
      return !used(keys.at(-1)) && !keys.slice(0, -1).some(lookedUp);
    });
    assert.deepEqual(unused, []);
  });
}

test('a sentence has at most 20 words of English', () => {
  const long = SECTIONS.flatMap((section) =>
    [...said('en', section)].flatMap(([at, value]) =>
      (typeof value === 'string' ? value.split(/[.?!:;](?:\s|$)/) : [])
        .filter((sentence) => sentence.split(/\s+/).filter(Boolean).length > 20)
        .map((sentence) => `${section}.${at}: ${sentence}`),
    ),
  );
  assert.deepEqual(long, []);
});

test('no text stands in a template, no colour in a script, and main.js alone knows the document', async () => {
  const eslint = new ESLint({ cwd: root });
  const rules = ['page/no-text-in-template', 'page/no-colour-literal', 'no-restricted-globals'];
  const found = (await eslint.lintFiles(['www'])).flatMap(({ filePath, messages }) =>
    messages
      .filter(({ ruleId }) => rules.includes(ruleId))
      .map(({ line, message }) => `${path.relative(root, filePath)}:${line} ${message}`),
  );
  assert.deepEqual(found, []);

  const refused = async (code) =>
    (await eslint.lintText(code, { filePath: path.join(www, 'elements/any.js') }))[0].messages.map(({ ruleId }) => ruleId);
  assert.deepEqual(await refused('export default (html) => html`<p class="hint">Hello</p>`;\n'), ['page/no-text-in-template']);
  assert.deepEqual(await refused('export default (html, x) => html`<b title="Good day">${x}</b>`;\n'), ['page/no-text-in-template']);
  assert.deepEqual(await refused('export default (html, x) => html`<b title=${x} class="two words">${x} × <i>→</i> &nbsp;</b>`;\n'), []);
  assert.deepEqual(await refused("export default '#fff';\n"), ['page/no-colour-literal']);
  assert.deepEqual(await refused('export default document;\n'), ['no-restricted-globals']);
});

test('no sheet but tokens.css says a colour', () => {
  const NAMED = /:[^;{]*\b(?:white|black|red|green|blue|gr[ae]y|orange|yellow)\b/;
  const LITERAL = /#[\da-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(/i;
  for (const file of files('.css').filter((name) => path.basename(name) !== 'tokens.css')) {
    const sheet = readFileSync(file, 'utf8').replace(/\/\*.*?\*\//gs, '');
    for (const line of sheet.split('\n')) assert.ok(!LITERAL.test(line) && !NAMED.test(line), `${path.relative(root, file)}: ${line}`);
  }
});
