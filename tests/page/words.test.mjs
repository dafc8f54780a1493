// What people read: the same in every language, all of it used, and none of it anywhere but in the words.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import { formatters } from '../../www/i18n/format.js';
import english from '../../www/i18n/en/index.js';
import { scriptSentenceOf } from '../../www/embed/sentence.js';
import { sentenceOf, speak } from '../../www/i18n/index.js';
import chinese from '../../www/i18n/zh/index.js';

const root = path.resolve(import.meta.dirname, '../..');
const www = path.join(root, 'www');
const words = { en: english(formatters('en')), zh: chinese(formatters('zh-Hans')) };
/** The views whose words come with their own scripts. */
const OWN = readdirSync(path.join(www, 'views')).filter((name) => existsSync(path.join(www, 'views', name, 'words.js')));
for (const view of OWN)
  for (const [language, tag] of Object.entries({ en: 'en', zh: 'zh-Hans' }))
    words[language][view] = (await import(path.join(www, 'views', view, `${language}.js`))).default(formatters(tag));
/** Of errors and tables the engine has its own words, in English; engine-words.test.mjs compares them with it. */
const SECTIONS = Object.keys(words.en).filter((name) => !['errors', 'tables', 'classes'].includes(name));

const files = (ending) =>
  readdirSync(www, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(www, name));
const isWords = (file) => file.includes('/i18n/') || /\/views\/\w+\/(en|zh)\.js$/.test(file);
const sources = files('.js')
  .filter((file) => !isWords(file))
  .map((file) => ({ file, source: readFileSync(file, 'utf8') }));
/** What may use a section of words. */
const usersOf = (section) =>
  sources
    .filter(({ file, source }) =>
      OWN.includes(section) ? file.includes(`/views/${section}/`) : source.includes(`.${section}`) || source.includes(`{ ${section}`),
    )
    .map(({ source }) => source)
    .join('\n');

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
    const users = usersOf(section);
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

test('Chinese stands apart from what is written in other letters', () => {
  const { bias, explain, lessons } = words.zh;
  assert.equal(lessons.facts.says(null, '网络 A'), '网络 A 的回答');
  const { list, either } = formatters('zh-Hans');
  assert.deepEqual([list(['网络 A', '网络 B']), list(['猫', '狗']), either(['PNG', 'JPEG'])], ['网络 A 和网络 B', '猫和狗', 'PNG 或 JPEG']);
  const person = { label: 'nurse', hair: 'long', tool: 'syringe' };
  assert.match(bias.drawing('people-biased', '护士', person), /^网络 A 判断/);
  assert.match(bias.measured('people-balanced', 500, { accuracy: 1, hair: 0.04, tool: 0.08 }, undefined), /^网络 B 在 500 /);
  assert.deepEqual(
    [explain.outputs.map('redshank'), explain.outputs.map('类别 7'), explain.outputs.map('狗')],
    ['redshank 的热力图', '类别 7 的热力图', '狗的热力图'],
  );
});

test('what was measured of hair and tool says how much of the picture they cover, where that is known', () => {
  const found = { accuracy: 0.504, hair: 0.0644, tool: 0.0449 };
  const parts = { hair: 0.052, tool: 0.022 };
  const said = (language, covered) => words[language].bias.measured('people-biased', 500, found, covered);
  assert.match(
    said('en', parts),
    /6% of its heatmap lies on the hair, which covers 5% of the picture, and 4% on the tool, which covers 2%\.$/,
  );
  assert.match(said('en', undefined), /6% of its heatmap lies on the hair and 4% on the tool\.$/);
  assert.match(said('zh', parts), /有 6% 落在头发上（占图片的 5%），4% 落在器具上（占图片的 2%）。$/);
  assert.match(said('zh', undefined), /有 6% 落在头发上，4% 落在器具上。$/);
});

test('in the engine’s own sentence long numbers are in groups; names stay as they are', async () => {
  await speak('en');
  const message = 'the header of `model-123456` has 506381209866536711 bytes, 65536 are read';
  const named = { name: 'model-123456', bytes: '506381209866536711', max: '65536' };
  assert.equal(
    sentenceOf({ code: 'header-length', arguments: named, message }),
    'The header of “model-123456” has 506,381,209,866,536,711 bytes, 65,536 are read.',
  );
  const name = 'the file has no tensor `1234567`';
  assert.equal(sentenceOf({ code: 'x', arguments: { name: '1234567' }, message: name }), 'The file has no tensor “1234567”.');
});

test('an error advises what the page offers, in either language, and no backtick shows', async () => {
  const said = (code, named = {}) => sentenceOf({ code, arguments: named, message: 'choose `value` (--state NAME)' });
  await speak('zh');
  assert.equal(
    said('several-networks', { states: 'fold0, fold1' }),
    '文件中有好几个网络：fold0、fold1；请在“您自己的网络”下的“采用文件中的哪个网络”中选择一个，或者只保存它。',
  );
  assert.match(said('one-output'), /请在“您自己的网络”下的“输出的含义”中选择“数值，例如年龄”。$/);
  await speak('en');
  assert.equal(
    said('several-networks', { states: 'fold0, fold1' }),
    'The file holds several networks, fold0, fold1. Choose one of them under “Your own network”, at “Which network of the file”, or save it alone.',
  );
  assert.match(said('one-output'), /choose “Values, such as an age” under “Your own network”, at “What its outputs are”\.$/);
  assert.equal(said('not a code'), 'Choose “value” (--state NAME).');
  assert.doesNotMatch(said('worker-refused', { origin: 'https://example.org' }), /`/);
});

test('what a link says that nobody understands is told with what it could say', () => {
  const refused = [
    { name: 'smooth', found: 'maybe', allowed: ['0', '1'] },
    { name: 'answer', found: 'mauve', allowed: ['red', 'orange', 'yellow', 'green', 'blue', 'purple', 'white', 'black', 'car', 'bus'] },
    { name: 'class', found: 'x' },
  ];
  const [en, zh] = [words.en, words.zh].map(({ page }) => page.sentences['link-refused']({ refused }));
  assert.equal(
    en,
    'The page ignores “smooth=maybe”, “answer=mauve”, and “class=x” in the link, because it does not understand them. For “smooth”, it knows 0 and 1. For “answer”, it knows red, orange, yellow, green, blue, purple, white, and 3 more.',
  );
  assert.equal(
    zh,
    '无法识别链接中的“smooth=maybe”、“answer=mauve”和“class=x”，已忽略。“smooth”可以是0、1。“answer”可以是red、orange、yellow、green、blue、purple、white等 10 种。',
  );
});

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

test('no text stands in a template, no colour in a script, only main.js and embed.js know the document, and no text becomes markup', async () => {
  const eslint = new ESLint({ cwd: root });
  const rules = ['page/no-text-in-template', 'page/no-colour-literal', 'no-restricted-globals', 'no-restricted-syntax'];
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

  for (const code of [
    'export default (element, label) => (element.innerHTML = label);',
    "export default (element, label) => (element['outerHTML'] = label);",
    'export default (element, innerHTML) => Object.assign(element, { innerHTML });',
    "export default (element, label) => element.insertAdjacentHTML('beforeend', label);",
    "export default (label) => new DOMParser().parseFromString(label, 'text/html');",
    'export default (html, label) => html`<p .innerHTML=${label}></p>`;',
    'export default (html, label) => html`<iframe srcdoc=${label}></iframe>`;',
    "export { unsafeHTML as plain } from 'lit/directives/unsafe-html.js';",
    "import { unsafeSVG } from 'lit/directives/unsafe-svg.js';\nexport default (html, label) => html`${unsafeSVG(label)}`;",
  ])
    assert.deepEqual([...new Set(await refused(`${code}\n`))], ['no-restricted-syntax'], code);
  assert.deepEqual(await refused('export default (label) => setTimeout(`run(${label})`);\n'), ['no-implied-eval']);
  assert.deepEqual(await refused('export default (html, label) => html`<p title=${label}>${label}</p>`;\n'), []);
});

test('no sheet but tokens.css says a colour', () => {
  const NAMED = /:[^;{]*\b(?:white|black|red|green|blue|gr[ae]y|orange|yellow)\b/;
  const LITERAL = /#[\da-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(/i;
  for (const file of files('.css').filter((name) => path.basename(name) !== 'tokens.css')) {
    const sheet = readFileSync(file, 'utf8').replace(/\/\*.*?\*\//gs, '');
    for (const line of sheet.split('\n')) assert.ok(!LITERAL.test(line) && !NAMED.test(line), `${path.relative(root, file)}: ${line}`);
  }
});

test('authors are advised by options and addresses, in both languages', async () => {
  const inPage = {
    en: /“(?:Your own network|What is explained|Picture to network)”|choose the file|reload the page|another view|[Tt]he page has/i,
    zh: /“您自己的网络”|选择该文件|重新加载页面|本页面没有/,
  };
  for (const language of ['en', 'zh']) {
    await speak(language);
    const named = { path: 'a', host: 'b', wanted: 'weights', status: 401, files: ['c'], states: 'd', unknown: 'e', name: 'f', file: 'g' };
    for (const code of Object.keys(words.en.scripts.errors)) {
      const sentence = scriptSentenceOf({
        code,
        arguments: { bytes: 1, limit: 1, found: 1, expected: 2, title: 'T', ...named },
        message: '',
      });
      assert.doesNotMatch(sentence, inPage[language], code);
    }
    const several = { code: 'several-networks', arguments: { states: 'net, ema' }, message: '' };
    assert.match(scriptSentenceOf(several), /state/);
    assert.match(sentenceOf(several), language === 'en' ? /“Your own network”/ : /“您自己的网络”/);
    const other = { code: 'class-missing', arguments: { name: 'cat', id: null }, message: '' };
    assert.equal(scriptSentenceOf(other), sentenceOf(other), 'what names no control is the same');
  }
});

test('what the page advises by its own controls, authors are told otherwise', () => {
  const controls = [
    words.en.sources.own.title,
    words.en.sources.own.state,
    words.en.explain.method.target,
    words.en.explain.method.preprocess,
  ];
  const named = {
    states: 'a',
    unknown: 'b',
    size: 'c',
    max: 'd',
    path: 'e',
    host: 'f',
    wanted: 'weights',
    status: 401,
    files: ['g'],
    name: 'h',
  };
  const spokenOf = (say) => {
    try {
      return say(named);
    } catch {
      return ''; // it is about other things than names
    }
  };
  for (const [code, say] of Object.entries(words.en.errors)) {
    // One is a note of the page's, and the others are about its own fields.
    if (code === 'one-output' || code in words.en.scripts.errors) continue;
    const sentence = spokenOf(say);
    for (const control of controls) assert.ok(!sentence.includes(`“${control}”`), `${code}: ${sentence}`);
  }
});
