// The Rust engine speaks English; here each of its words has one in the page's other language.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import englishErrors from '../../www/i18n/en/engine-errors.js';
import english from '../../www/i18n/en/tables.js';
import { formatters } from '../../www/i18n/format.js';
import classes from '../../www/i18n/zh/classes.js';
import { COLOURS, KINDS } from '../../www/scenes/shapes.js';
import chineseErrors from '../../www/i18n/zh/errors.js';
import { SENTENCES, TERMS } from '../../www/i18n/zh/phrases.js';
import chinese from '../../www/i18n/zh/tables.js';
import { engineSources, errorsIn, list, methods, networks, phases, readJson, targets, variants } from './rust-sources.mjs';

const sources = engineSources();
const made = errorsIn(sources);
const errors = chineseErrors(formatters('zh-Hans'));
/** What the page says in English otherwise than the engine. */
const advised = englishErrors(formatters('en'));

/** Arguments that only English grammar needs. */
const GRAMMAR = { 'setting-unused': ['verb'] };

/** `{ name: '«name»' }`; reading any other name fails. */
const marked = (names, code) =>
  new Proxy(Object.fromEntries(names.map((name) => [name, `«${name}»`])), {
    get(values, name) {
      assert(name in values, `${code}: the Chinese sentence reads the argument ${String(name)}, which the error does not have`);
      return values[name];
    },
  });

const sameKeys = (found, wanted, what) => assert.deepEqual(Object.keys(found).sort(), [...new Set(wanted)].sort(), what);

test('every error of the engine has a Chinese sentence, and every Chinese sentence an error', () => {
  assert(made.length > 100, `only ${made.length} errors were found in the sources`);
  sameKeys(
    errors,
    made.map(({ code }) => code),
    'codes of www/i18n/zh/errors.js and of the Rust sources',
  );
});

test('what the page says in English otherwise than the engine is an error of the engine, with its arguments and no other', () => {
  for (const [code, say] of Object.entries(advised)) {
    const error = made.find((one) => one.code === code);
    assert(error, `the sources have no error ${code}`);
    const said = say(marked(error.names, code));
    for (const name of error.names) assert(said.includes(`«${name}»`), `${code}: “${said}” leaves out ${name}`);
    assert.match(said, /[.]$/, code);
  }
});

test('no sentence of the page advises flags, commands or names in code of the command line', () => {
  const OF_TERMINALS = /(?:^|[\s(（`])--[a-z]|\bcam-lucida \w|\bas a \w*Model\b|\b(?:target|choose) `?(?:logit|grad-cam|squash)|`value`/;
  const found = (code, sentence) => (OF_TERMINALS.test(sentence) ? [`${code}: ${sentence}`] : []);
  assert.equal(found('', 'choose one of them (--state NAME)').length, 1);
  assert.deepEqual(
    made.flatMap(({ code, names, sentence }) => found(code, advised[code]?.(marked(names, code)) ?? sentence ?? '')),
    [],
  );
  assert.deepEqual(
    made.flatMap(({ code, names }) => found(code, errors[code](marked(names, code)))),
    [],
  );
});

test('what a decoder says in English stands in brackets as its own words; long numbers are in groups, exactly', () => {
  const decoder = 'Format error decoding Jpeg: I/O errors';
  assert.equal(
    errors['picture-damaged']({ format: 'JPEG', found: decoder }),
    `JPEG 文件已损坏或不完整（解码器的原文：“${decoder}”）；请重新保存。`,
  );
  assert.equal(
    errors['picture-damaged']({ format: 'JPEG', found: 'its end is missing' }),
    'JPEG 文件已损坏或不完整（缺少文件结尾）；请重新保存。',
  );
  assert.match(errors['pickle-length']({ bytes: '506381209866536711', max: '64' }), /506,381,209,866,536,711/);
});

test('a Chinese sentence says each argument of its error and no other', () => {
  for (const { code, names } of made) {
    const said = errors[code](marked(names, code));
    for (const name of names) {
      if (!GRAMMAR[code]?.includes(name)) assert(said.includes(`«${name}»`), `${code}: “${said}” leaves out ${name}`);
    }
  }
});

test('phrases that errors carry as arguments are those of the sources', () => {
  const code = sources.map((source) => source.code).join('\n');
  for (const term of Object.keys(TERMS)) assert(code.includes(`"${term}"`), `no source says “${term}”`);
  const carried = [
    /\bunknown(?:_variant)?\(\s*"([^"]+)"/g,
    /\bcheck_finite\([^"()]+, "([^"]+)"/g,
    /\bkept\([^"()]+, "([^"]+)"/g,
    /=> another_format\("([^"]+)"/g,
    /\(\d+, b"[^"]+", "(a [^"]+)"\)/g,
    /=> "(an? [^"]+)",/g,
  ];
  for (const pattern of carried) {
    for (const [, term] of code.matchAll(pattern)) assert(term in TERMS, `“${term}” has no Chinese phrase`);
  }
  for (const form of [
    'did you mean `{name}`? Choose one of',
    'holds `{first}`{}',
    ' and {more} more',
    'the text “{}{more}”',
    'the bytes {}{more}',
    'a dict of {}',
  ]) {
    assert(code.includes(`"${form}"`), `no source says “${form}” any more: follow it in www/i18n/zh/phrases.js`);
  }
  for (const [name, sentence] of Object.entries(SENTENCES)) {
    assert.deepEqual(
      made.filter((error) => error.code === name).map((error) => error.sentence),
      [sentence],
      name,
    );
  }
});

test('an error within an error is said in Chinese too', () => {
  const missing = 'tensor `fc.bias` is missing; the file holds `conv1.weight` and 3 more';
  assert.equal(
    errors['network-misfit']({ difference: missing }),
    '缺少张量“fc.bias”；文件中有“conv1.weight”等 4 个张量。这个文件是否属于另一个网络？',
  );
  assert.equal(
    errors['other-network']({
      difference: 'tensor `a` has shape [2, 3], but this network needs [4, 3]',
      title: 'ResNet, small',
      network: 'resnet_small',
      wanted: 'VGG-16',
    }),
    '张量“a”的形状是 [2, 3]，而这个网络需要 [4, 3]。这个文件适合小型 ResNet（resnet_small），不适合 VGG-16。',
  );
  const unknown = { what: 'method', found: 'cat', hint: 'did you mean `cam`? Choose one of', allowed: 'cam, rise and 20 more' };
  assert.equal(errors['unknown-name'](unknown), '未知的方法“cat”；是不是想写“cam”？可选的有：cam、rise等（另有 20 个）。');
  assert.equal(
    errors['card-network']({ file: 'config.json', cause: 'unknown network `x`; choose one of: a, b' }),
    'config.json：未知的网络“x”；可选的有：a、b。',
  );
  assert.equal(errors['network-misfit']({ difference: 'an error unknown here' }), 'an error unknown here。这个文件是否属于另一个网络？');
});

test('Chinese errors end as sentences', () => {
  for (const { code, names } of made) assert.match(errors[code](marked(names, code)), /[。？]$/, code);
});

test('Chinese words keep a space from Latin ones and use full-width punctuation', () => {
  const said = [
    ...made.map(({ code, names }) => errors[code](marked(names, code))),
    ...JSON.stringify([chinese, classes])
      .match(/"(?:\\.|[^"\\])*"/g)
      .map((text) => JSON.parse(text)),
  ];
  for (const text of said) {
    assert.doesNotMatch(text, /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u, text);
    assert.doesNotMatch(text, /\p{Script=Han}[,;:?!.]|[,;:?!]\p{Script=Han}|\p{Script=Han} +\p{Script=Han}/u, text);
  }
});

test('every method has a Chinese title and summary, and each of its settings and presets Chinese words', () => {
  const known = methods();
  sameKeys(
    chinese.methods,
    known.map(({ name }) => name),
    'methods',
  );
  for (const { name, settings, presets } of known) {
    const { title, summary, settings: said, presets: called } = chinese.methods[name];
    assert(title && summary, `${name}: title or summary is missing`);
    sameKeys(said, settings, `settings of ${name}`);
    sameKeys(called, presets, `presets of ${name}`);
  }
});

test('every preset has an English title', () => {
  const known = methods().filter(({ presets }) => presets.length > 0);
  sameKeys(
    english.methods,
    known.map(({ name }) => name),
    'methods with presets',
  );
  for (const { name, presets } of known) sameKeys(english.methods[name].presets, presets, `presets of ${name}`);
});

test('targets, preprocessing, overlays, merges, colour maps and phases have titles in both languages', () => {
  const titled = [
    ...targets(),
    ...variants('src/picture/preprocess.rs', 'Preprocess'),
    ...variants('src/render/style.rs', 'Formula'),
    ...variants('src/cam/explainer.rs', 'Merge'),
  ];
  assert.equal(new Set(titled).size, titled.length, 'two tables share a name, so titles need a table each');
  for (const tables of [english, chinese]) {
    sameKeys(tables.titles, titled, 'titles');
    sameKeys(tables.colormaps, variants('src/render/colormap.rs', 'Colormap'), 'colour maps');
    sameKeys(tables.times, phases(), 'phases');
  }
});

test('a network whose title has English words has a Chinese title', () => {
  const known = networks();
  assert(known.length > 30, `only ${known.length} networks were found in the sources`);
  const inWords = known.filter(({ title }) => /, small$| of another size$| of TensorFlow$/.test(title));
  sameKeys(
    chinese.networks,
    inWords.map(({ name }) => name),
    'networks',
  );
  const others = known.filter((network) => !inWords.includes(network));
  for (const { title } of others) assert.match(title, /^(?:[A-Z]\w*[A-Z]\w*|Inception)(?:[- ](?:[vV]?[\d.]+|BN|×[\d.]+))*$/, title);
});

test('every class of the page’s own networks, every sticker, every shape and every such network has a Chinese name', () => {
  const configs = list('models')
    .filter((name) => !name.endsWith('.json'))
    .map((name) => readJson(`models/${name}/config.json`));
  const named = configs.flatMap(({ id2label }) => Object.values(id2label ?? {}));
  const stickers = readJson('www/stickers/index.json').stickers.map((sticker) => sticker.class);
  // A network that answers questions says colours, kinds, yes or no, and small numbers; one of a single output yes, no, or a value.
  const said = [...COLOURS, ...KINDS, 'yes', 'no', 'value', 'mean activation', ...Array.from({ length: 6 }, (_, count) => String(count))];
  sameKeys(classes, [...named, ...stickers, ...said], 'classes');
  sameKeys(
    chinese.models,
    readJson('models/index.json').models.map(({ name }) => name),
    'models',
  );
});

test('the tables of both languages have the same parts', () => {
  assert.deepEqual(Object.keys(chinese), Object.keys(english));
});

test('titles of the zoo are proper names, set as Chinese sets them', () => {
  const { zoo } = readJson('models/index.json');
  for (const { title } of zoo) assert.match(chinese.published(title), /^[A-Z][^(),]*(（[^(),]+）)?$/);
  assert.equal(chinese.published('ResNet-50 (torchvision, ImageNet)'), 'ResNet-50（torchvision，ImageNet）');
});
