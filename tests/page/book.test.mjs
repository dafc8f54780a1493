// The book: what its chapters say, and what makes pages of them. mdBook is not needed; `make docs` builds the pages themselves.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { finished, INLINE, withHelp } from '../../scripts/book/build.mjs';
import { documentOf, withDocument, withFormulas, withSources } from '../../scripts/book/chapter.mjs';
import { checkLinks, filesIn } from '../../scripts/book/links.mjs';
import { pagePolicy } from '../../scripts/policy.mjs';
import { ATTRIBUTES } from '../../www/embed/attributes.js';
import { OWN } from '../../www/lessons/load.js';
import { SINGLE, STARTS } from '../../www/scenes/starts.js';
import { read, readJson } from './rust-sources.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const source = path.join(root, 'docs/book/src');
const chapters = filesIn(source)
  .filter((file) => file.endsWith('.md') && !file.endsWith('SUMMARY.md'))
  .map((file) => path.relative(source, file).replaceAll(path.sep, '/'))
  .map((place) => ({ place, text: read(`docs/book/src/${place}`) }));
const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const template = read('docs/book/theme/index.hbs');

/** The methods as their sources tell them: name and address of the paper. */
const methods = [...read('src/cam/methods/mod.rs').matchAll(/&(\w+)::METHOD,/g)].map(([, file]) => {
  const code = read(`src/cam/methods/${file}.rs`);
  return { name: /name: "([^"]+)"/.exec(code)[1], paper: /\/\/\/.*?<(https:[^>]+)>/.exec(code)[1] };
});

test('the contents list every chapter, once', () => {
  const listed = [...read('docs/book/src/SUMMARY.md').matchAll(/\]\(([^)]+)\)/g)].map(([, place]) => place);
  assert.deepEqual(listed.toSorted(), chapters.map(({ place }) => place).toSorted());
});

test('each method has its formula, its paper, when it misleads, and a live element', () => {
  const sections = new Map();
  for (const { place, text } of chapters.filter((one) => one.place.startsWith('methods/')))
    for (const [, name, section] of text.matchAll(/^## .* \{#(\S+)\}\n([^]*?)(?=^## |$(?![^]))/gm)) sections.set(name, { place, section });
  assert.equal(methods.length, 25);
  assert.deepEqual([...sections.keys()].toSorted(), methods.map(({ name }) => name).toSorted());
  for (const { name, paper } of methods) {
    const { section } = sections.get(name);
    assert.match(section, /^\$\$ .+/m, name);
    assert.ok(section.includes(`](${paper})`), `${name}: ${paper}`);
    assert.match(section, /^\*\*When it misleads\.\*\* \S/m, name);
    assert.match(section, new RegExp(`<cam-lucida [^>]*method="${name.replaceAll('+', '\\+')}"`), name);
  }
});

test('the measures have their sources, and when they mislead', () => {
  const { text } = chapters.find(({ place }) => place === 'trust/measures.md');
  const [, variants] = /pub enum Measure \{([^}]*)\}/.exec(read('src/measure/mod.rs'));
  const names = [...variants.matchAll(/^ +(\w+),$/gm)].map(([, name]) => name.toLowerCase());
  const sections = names.filter((name) => name !== 'insertion'); // told together with deletion
  assert.deepEqual([...text.matchAll(/^## .*\{#(\w+)\}$/gm)].map(([, name]) => name).toSorted(), sections.toSorted());
  assert.equal(text.match(/^## .*\{#/gm).length, text.match(/\*\*When it misleads\.\*\*/g).length);
});

test('live elements ask for what there is', () => {
  const elements = chapters.flatMap(({ text }) => [...text.matchAll(/<cam-lucida([^>]*)>/g)].map(([, attributes]) => attributes));
  const models = readJson('models/index.json').models.map(({ name }) => name);
  const people = readJson('www/people/index.json').pictures.map(({ file }) => file.replace('.png', ''));
  const allowed = {
    method: methods.map(({ name }) => name),
    model: models,
    src: [...STARTS, SINGLE]
      .map(({ name }) => name)
      .concat(people)
      .map((name) => `sample:${name}`),
  };
  assert.ok(elements.length > methods.length);
  for (const element of elements) {
    for (const [, name, value] of element.matchAll(/ ([\w-]+)="([^"]*)"/g)) {
      assert.ok(Object.hasOwn(ATTRIBUTES, name), `${name} in ${element}`);
      assert.ok(!allowed[name] || allowed[name].includes(value), `${value} in ${element}`);
    }
  }
});

test('every formula of the book becomes MathML that the policy allows', () => {
  for (const { place, text } of chapters) {
    const page = withFormulas(text);
    assert.ok(!INLINE.test(page.replace(/^```[^]*?^```$/gm, '')), place);
    assert.equal(page.match(/<math/g)?.length ?? 0, page.match(/<\/math>/g)?.length ?? 0);
    const prose = page.replace(/^```[^]*?^```$|`[^`\n]+`/gm, '');
    assert.ok(!prose.includes('$'), `${place}: a formula that is not closed`);
  }
});

test('formulas: beside code, not within it; nothing of them is Markdown; a wrong one fails', () => {
  assert.equal(withFormulas('`$HOME` and\n```sh\necho $PATH $HOME\n```\n'), '`$HOME` and\n```sh\necho $PATH $HOME\n```\n');
  const inline = withFormulas('The score $y^c * A_k$ counts.');
  assert.match(inline, /^The score <math>.*<msup><mi>y<\/mi>.*<msub><mi>A<\/mi>.*<\/math> counts\.$/);
  assert.match(withFormulas('$\\text{a\\_b*c|d}$'), /a&#95;b&#42;c&#124;d/);
  assert.match(withFormulas('$$ \\sum_k A_k $$'), /^\n<div class="formula">\n<math display="block".*<\/math>\n<\/div>\n$/);
  assert.throws(() => withFormulas('$\\frac{1$'));
  assert.throws(() => withFormulas('$\\unknowncommand$'));
});

test('a document brings its links: to chapters, pictures and places in it; others become words', () => {
  const chapter = '{{#document docs/A.md}}\n';
  assert.equal(documentOf(chapter), 'docs/A.md');
  assert.equal(documentOf('# A'), undefined);
  const text = [
    '# A',
    '[B](B.md) [part](B.md#part) [`code`](../README.md) [src](../src/lib.rs) [web](https://example.org/a.md) [here](#a)',
    '![one](one.png) `[B](B.md)`',
    '```md\n[B](B.md)\n```',
  ];
  const places = { 'docs/A.md': 'reference/a.md', 'docs/B.md': 'trust/b.md', 'README.md': 'reference/all.md' };
  assert.equal(
    withDocument(chapter, 'reference/a.md', { file: 'docs/A.md', text: text.join('\n'), places }),
    [
      '# A',
      '[B](../trust/b.md) [part](../trust/b.md#part) [`code`](all.md) src [web](https://example.org/a.md) [here](#a)',
      '![one](../pictures/one.png) `[B](B.md)`',
      '```md\n[B](B.md)\n```\n',
    ].join('\n'),
  );
});

test('a file of code stands in its chapter as it is', () => {
  const shown = withSources('One\n\n{{#source a/b.d.ts}}\n\ntwo `{{#source c}}`\n', (file) => `// ${file}: $x$\n`);
  assert.equal(shown, 'One\n\n```ts\n// a/b.d.ts: $x$\n```\n\ntwo `{{#source c}}`\n');
});

test('the reference of the widget names all that it has, and nothing else', () => {
  const code = read('python/src/cam_lucida/widget.py');
  const [, body] = code.split('class CamLucida(');
  const traits = [...body.matchAll(/^ {4}([a-z]\w*) = (?:_text|traitlets)/gm)].map(([, name]) => name);
  const properties = [...body.matchAll(/@property\n {4}def (\w+)/g)].map(([, name]) => name);
  const { text } = chapters.find(({ place }) => place === 'reference/python.md');
  const named = [...text.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  assert.ok(traits.length > 10);
  assert.deepEqual(named.toSorted(), [...traits, ...properties].toSorted());
});

test('the preprocessor completes a book as mdBook sends it, chapters below chapters too', () => {
  const chapter = (name, content, ...sub_items) => ({ Chapter: { name, content, path: `reference/${name}.md`, sub_items } });
  const items = [{ PartTitle: 'Part' }, chapter('hosting', '{{#document docs/HOSTING.md}}', chapter('own', '$y$'))];
  const run = (book) =>
    execFileSync(process.execPath, ['scripts/book/preprocess.mjs'], { cwd: root, input: JSON.stringify([{}, book]), stdio: 'pipe' });
  const [part, hosting] = JSON.parse(run({ items })).items;
  assert.deepEqual(part, { PartTitle: 'Part' });
  assert.match(hosting.Chapter.content, /^# Hosting\n/);
  assert.match(hosting.Chapter.sub_items[0].Chapter.content, /^<math>.*<\/math>$/);
  assert.throws(() => run({ items: [chapter('gone', '{{#document docs/NONE.md}}')] }), /NONE\.md/);
});

test('a page comes under the policy, in its language, with contents that lead somewhere', () => {
  assert.ok(!INLINE.test(template));
  const contents =
    '<ol><li class="chapter-item expanded "><li class="part-title">Part</li></li><li><a href="zh/a.html">A</a></li><li><a href="b.html">B</a></li></ol>';
  const page = template.replace('{{language}}', 'en').replace('{{#toc}}{{/toc}}', contents);
  const built = finished(
    page.replace('{{{content}}}', '<pre>x</pre><table><tr><th></th><td style="text-align: right">1</td></tr></table>'),
    'zh/a.html',
  );
  assert.ok(built.includes('<html lang="zh">') && built.includes(`content="${pagePolicy}"`));
  assert.ok(built.includes('<a href="../zh/a.html" aria-current="page">A</a>') && built.includes('<a href="../b.html">B</a>'));
  assert.ok(built.includes('<ol><li class="part-title">Part</li><li>') && built.includes('<td class="right">'));
  assert.ok(built.includes('<pre tabindex="0">x</pre>') && built.includes('<tr><td></td>'));
  assert.ok(!INLINE.test(built));
  assert.ok(finished(page, 'b.html').includes('<html lang="en">'));
  for (const bad of ['<p style="x">', '<script>x</script>', '<style>', '<p onclick="x">']) assert.ok(INLINE.test(bad), bad);
});

test('the page says where the book is in each language, once', () => {
  const page = read('index.html');
  const linked = withHelp(page);
  assert.deepEqual(
    [...linked.matchAll(/<link rel="help" hreflang="(\w+)" href="([^"]+)">/g)].map(([, ...one]) => one),
    [
      ['en', './book/index.html'],
      ['zh', './book/zh/index.html'],
    ],
  );
  assert.equal(withHelp(linked), linked);
  assert.equal(linked.replace(/ *<link rel="help".*\n/g, ''), page);
});

test('the link check finds each kind of wrong link, and no other', () => {
  const site = mkdtempSync(path.join(tmpdir(), 'cam-lucida-links-'));
  mkdirSync(path.join(site, 'book/part'), { recursive: true });
  const write = (place, body) => writeFileSync(path.join(site, place), body);
  write('index.html', '<p id="top">');
  write('book/a.html', '<h1 id="one">');
  const right = '<a href="../a.html#one"></a><a href="#x" id="x"></a><a href="../../index.html?lang=zh#bias">&lt;a href="no.html"&gt;</a>';
  const away = '<a href="https://example.org/no"></a><cam-lucida src="sample:meadow"></cam-lucida><img alt="" src="../../a%20b.png">';
  write('a b.png', '');
  write('book/part/b.html', right + away);
  assert.deepEqual(checkLinks(site, path.join(site, 'book')).wrong, []);
  assert.ok(checkLinks(site, path.join(site, 'book')).named.has(path.join(site, 'a b.png')));
  for (const [link, words] of [
    ['href="gone.html"', 'there is no file gone.html'],
    ['href="../a.html#two"', 'there is no anchor ../a.html#two'],
    ['href="#two"', 'there is no anchor #two'],
    ['href="/index.html"', 'there is no file /index.html'],
    ['href="../../../outside"', 'there is no file ../../../outside'],
    ['href="../part"', 'there is no file ../part'],
    ['id="x" rel="" id="x"', 'two elements have the id "x"'],
  ]) {
    write('book/part/b.html', `<a ${link}></a>`);
    assert.deepEqual(checkLinks(site, path.join(site, 'book')).wrong, [`book/part/b.html: ${words}`]);
  }
  rmSync(site, { recursive: true });
});

test('what is strong is so for Markdown, which wants no punctuation between the stars and a letter', () => {
  for (const { place, text } of chapters) {
    for (const [whole, before, words, after] of text.matchAll(/(.?)\*\*([^*\n]+)\*\*(?=(.?))/g)) {
      assert.ok(!(/^\p{P}/u.test(words) && /[\p{L}\p{N}]/u.test(before)), `${place}: ${whole}`);
      assert.ok(!(/\p{P}$/u.test(words) && /[\p{L}\p{N}]/u.test(after)), `${place}: ${whole}`);
    }
  }
});

test('links between chapters lead to chapters', () => {
  const places = new Set(chapters.map(({ place }) => place));
  for (const { place, text } of chapters) {
    for (const [, target] of text.matchAll(/\]\(([^)\s#]+\.md)(?:#[^)]*)?\)/g))
      assert.ok(places.has(path.posix.join(path.posix.dirname(place), target)), `${place}: ${target}`);
  }
});

test('what can go wrong names tests that exist', () => {
  const { text } = chapters.find(({ place }) => place === 'trust/wrong.md');
  const rows = [...text.matchAll(/^\| (.+) \| `(tests\/[^`]+)` \| (.+) \|$/gm)];
  assert.equal(rows.length, text.match(/^\| (?!---|what is promised)/gm).length);
  assert.ok(rows.length > 25);
  for (const [, promise, file, name] of rows) {
    const titles = file.endsWith('.rs')
      ? [...read(file).matchAll(/^ *#\[test\]\n *fn (\w+)/gm)].map(([, title]) => title)
      : [...read(file).matchAll(/\btest\(\s*(['`])(.+?)\1,/g)].map(([, , title]) => title);
    // A title that a loop completes matches whatever it may be completed to.
    const known = titles.some((title) =>
      new RegExp(
        `^${title
          .split(/\$\{\w+\}/)
          .map(escaped)
          .join('.+')}$`,
      ).test(name),
    );
    assert.ok(known, `“${promise}” is held by no test of ${file} called “${name}”`);
  }
});

test('both languages lead to every lesson, its worksheet and its teacher’s page', () => {
  for (const place of ['teaching/lessons.md', 'zh/lessons.md']) {
    const { text } = chapters.find((one) => one.place === place);
    for (const name of OWN) {
      assert.match(text, new RegExp(`index\\.html\\?(lang=zh&)?lesson=${name}\\)`), name);
      for (const sheet of ['', '&sheet=teacher']) assert.ok(text.includes(`#lessons?lesson=${name}${sheet})`), name);
    }
  }
});
