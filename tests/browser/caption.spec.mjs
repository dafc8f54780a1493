// The view Caption: words are buttons, and each has its heatmap. What the network writes is no matter here: the page must show what
// the engine says. Most tests look at a caption of the visitor's own, whose words are known.
import { readFileSync } from 'node:fs';
import { PARTS_OF } from '../../www/state/preferences.js';
import { picture as photo, unless } from './inputs.mjs';
import { expect, test } from './page.mjs';

test.skip(...unless('caption'));

const OWN = 'a red car left of a blue ball';
const LINK = `caption=${OWN.replaceAll(' ', '+')}`;

/** The view, as a person finds what is in it. */
function captionOf(page) {
  const view = page.locator('cl-caption');
  const words = view.locator('cl-caption-words button.word');
  return {
    view,
    words,
    text: async () => (await words.locator('.text').allInnerTexts()).join(' '),
    pressed: async () => (await view.locator('cl-caption-words button.word[aria-pressed=true] .text').allInnerTexts()).join(' '),
    whole: view.getByRole('button', { name: 'Whole caption' }),
    canvas: view.locator('cl-heatmap canvas'),
    title: view.locator('figure.heat .title'),
    note: view.locator('figure.heat .detail'),
    captions: view.locator('cl-caption-alternatives li button'),
    own: view.getByLabel('Your caption, in English'),
    total: view.locator('.total'),
  };
}

async function open({ lucida }, words = LINK, options = {}) {
  await lucida.openView(`caption${words && `?${words}`}`, options);
  await lucida.expectLive('caption');
}

const percent = (share) => (share > 0 && share < 0.0005 ? '<0.1%' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`);
const decimal = (value) => value.toFixed(2).replace('-', '−');

/**
 * Holds what is shown of a caption to what the engine says of the pixels of the board, asked by the test: how probable each word
 * and the end is; the map of each word, from the network whose classes are the words at its place; and that of all, which is their
 * sum without function words and relation words.
 */
async function expectEngine(page) {
  const { words, view, total } = captionOf(page);
  const found = await page.evaluate(async () => {
    const { engine, elements, page: shared } = globalThis.camLucida;
    const element = elements.get('caption');
    const { answer } = element.controller;
    const embedded = await shared.embedded;
    const language = await embedded.load(embedded.doing('image_to_text'));
    const canvas = element.renderRoot.querySelector('cl-shapes').stage.canvas;
    const picture = { pixels: canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height) };
    const [merge, target, preprocess] = ['merges', 'targets', 'preprocess'].map((name) => engine.about.value[name][0]);
    const request = {
      method: engine.about.value.methods[0].name,
      layers: [],
      merge,
      target,
      preprocess,
      smooth: false,
      preset: null,
      settings: {},
      view: null,
    };
    const read = answer.value.words;
    const tokens = read.map(({ token }) => token);
    const { log_probabilities: logs } = await engine.scoreCaption(language, picture, { tokens, preprocess });
    const { phrase } = await answer.value.explain(engine, null, {});
    const map = async (explanation, which) => [...(await engine.rawMap(explanation, which)).data];
    const each = [];
    for (const [place, token] of tokens.entries()) {
      const word = await engine.explain({ model: { language, tokens, place }, picture, request: { ...request, classes: [token] } });
      const { function_word: functional, relation_word: related } = read[place];
      each.push({ named: !functional && !related, shown: await map(phrase, place), expected: await map(word, 0) });
    }
    return { logs, each, sum: await map(phrase, tokens.length) };
  });
  const { logs, each, sum } = found;
  const shares = logs.map((log) => percent(Math.exp(log)));
  expect([...(await words.locator('.share').allTextContents()), await view.locator('.end .share').textContent()]).toEqual(shares);
  const all = logs.reduce((one, other) => one + other, 0);
  await expect(total).toContainText(`probability ${percent(Math.exp(all))}, logarithm ${decimal(all)}.`);
  const close = (shown, expected) => {
    const most = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-12);
    shown.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-4 * most));
  };
  for (const { shown, expected } of each) close(shown, expected);
  const named = each.filter((one) => one.named);
  expect(named.length).toBeGreaterThan(0);
  close(
    sum,
    sum.map((_, i) => named.reduce((total, { shown }) => total + shown[i], 0)),
  );
}

test('a word has its heatmap where it has the focus, and all numbers are the engine’s; the board changes, and they follow', async ({
  lucida,
  page,
}, info) => {
  const messages = await lucida.countMessages();
  const { view, words, title, canvas, pressed, whole, total } = captionOf(page);
  await open({ lucida });
  await expect(whole).toHaveAttribute('aria-pressed', 'true');
  await expect(title).toHaveText('Whole caption: the sum of the words’ maps');
  await expect(total).toHaveText(/^Your caption: probability /);
  const before = await messages();
  expect(before.explain_phrase).toBe(1);
  for (const [at, word] of [
    [1, 'red'],
    [2, 'car'],
    [7, 'ball'],
  ]) {
    await (at === 1 ? words.nth(1).click() : page.keyboard.press(at === 2 ? 'ArrowRight' : 'End'));
    await lucida.expectLive('caption');
    await expect(title).toHaveText(`“${word}”: probability ${await words.nth(at).locator('.share').innerText()}`);
    expect(await pressed()).toBe(word);
  }
  const after = await messages();
  expect([after.explain_phrase, after.draw - before.draw], 'no word is computed again').toEqual([1, 3]);
  await expect(page).toHaveURL(/&words=8$/);
  await expectEngine(page);
  await page.screenshot({ path: info.outputPath('caption.png'), fullPage: true });

  const drawn = await lucida.pixels(canvas);
  await view.locator('[data-class="red hydrant"]').focus();
  await page.keyboard.press('ArrowUp');
  await expect(page).toHaveURL(/stickers=/);
  await lucida.expectLive('caption');
  expect(await lucida.pixels(canvas)).not.toBe(drawn);
  expect(await pressed()).toBe('ball');
  await expectEngine(page);
  expect((await messages()).load_language).toBe(1);
});

test('the network’s own captions: the most probable first, as wide as the search', async ({ lucida, page }) => {
  const { view, text, captions, total } = captionOf(page);
  await lucida.openView('caption');
  const settled = () => expect.poll(() => page.evaluate(() => globalThis.camLucida?.elements.get('caption')?.settled ?? false)).toBe(true);
  await settled();
  await expect(captions).toHaveCount(5);
  await expect(captions.first()).toHaveAttribute('aria-pressed', 'true');
  const written = await page.evaluate(async () => {
    const { engine, elements, page: shared } = globalThis.camLucida;
    const embedded = await shared.embedded;
    const language = await embedded.load(embedded.doing('image_to_text'));
    const { picture, request } = elements.get('caption').controller.answer.value;
    const { captions: found } = await engine.writeCaptions(language, picture, { beam: 5, preprocess: request.preprocess });
    return found.map(({ words, log_probability: log }) => ({ text: words.map(({ word }) => word).join(' '), log }));
  });
  expect(written.map(({ log }) => log)).toEqual(written.map(({ log }) => log).toSorted((a, b) => b - a));
  expect(await captions.locator('.log').allInnerTexts()).toEqual(written.map(({ log }) => decimal(log)));
  expect(await captions.locator('.text').allInnerTexts()).toEqual(written.map((one) => one.text || 'no words'));
  expect(await text()).toBe(written[0].text);

  await captions.nth(2).click();
  await settled();
  await expect(page).toHaveURL(/#caption\?alternative=2$/);
  expect(await text()).toBe(written[2].text);
  if (written[2].text) await expect(total).toContainText(`logarithm ${decimal(written[2].log)}.`);
  await view.getByLabel('Width of the search').selectOption('1');
  await settled();
  await expect(captions).toHaveCount(1);
  await expect(page).toHaveURL(/#caption\?beam=1$/);
});

test('by keyboard alone: Tab, arrows, Shift for a phrase, Escape; and what is shown is said', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { words, title, note, pressed, whole, own } = captionOf(page);
  await open({ lucida }, `${LINK}&words=2-3`);
  expect(await pressed()).toBe('red car');
  await expect(words.and(page.locator('[tabindex="0"]'))).toHaveCount(1); // all words are one stop of the Tab key
  await lucida.tabTo('Whole caption');
  await page.keyboard.press('Shift+Tab');
  expect(await pressed(), 'a phrase stays when the focus comes back').toBe('red car');
  await page.keyboard.press('Home');
  await lucida.expectLive('caption');
  expect(await pressed()).toBe('a');
  await expect(note).toHaveText('This word names nothing that can be seen. Its map says little.');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowRight');
  await lucida.expectLive('caption');
  await expect(title).toHaveText('“red car”: the sum of the words’ maps');
  await expect(lucida.status).toHaveText('Heatmap for “red car”.');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  await lucida.expectLive('caption');
  expect(await pressed()).toBe('a red');
  await expect(note).toHaveText('The sum leaves out “a”, which names nothing that can be seen.');
  await expect(page).toHaveURL(/words=1-2$/);
  await page.keyboard.press('Escape');
  await lucida.expectLive('caption');
  await expect(whole).toHaveAttribute('aria-pressed', 'true');
  expect(await pressed()).toBe('');
  await page.keyboard.press('ArrowRight'); // on from where the focus is
  await lucida.expectLive('caption');
  expect(await pressed()).toBe('red');
  await words.nth(6).click({ modifiers: ['Shift'] });
  await lucida.expectLive('caption');
  expect(await pressed()).toBe('red car left of a blue');
  await expectPhrase(page, 1, 6);

  await lucida.tabTo('Your caption, in English');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('two green hats');
  await page.keyboard.press('Enter');
  await expect(words).toHaveCount(3);
  await lucida.expectLive('caption');
  await expect(own).toBeFocused();
  await expect(lucida.status).toHaveText('Your caption: two green hats.');
  await lucida.tabTo('Back to its own caption', 2);
});

/** The map of a phrase is the sum of its words' maps, without those of function words and relation words. */
async function expectPhrase(page, first, last) {
  const { sum, words } = await page.evaluate(
    async (range) => {
      const { engine, elements } = globalThis.camLucida;
      const { phrase, which } = await elements.get('caption').controller.answer.value.explain(engine, range, {});
      const maps = [];
      for (let i = 0; i <= which; i++) maps.push([...(await engine.rawMap(phrase, i)).data]);
      return { sum: maps.pop(), words: phrase.words.map(({ summed }, i) => ({ summed, map: maps[i] })) };
    },
    { first, last },
  );
  expect(words.map(({ summed }) => summed)).toEqual([true, true, false, false, false, true]); // red car left of a blue
  const expected = sum.map((_, i) => words.reduce((total, { summed, map }) => total + (summed ? map[i] : 0), 0));
  const most = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-12);
  sum.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(1e-4 * most));
}

test('a caption of one’s own is scored; unknown words are underlined, and told', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, words, own, total, captions, text } = captionOf(page);
  await open({ lucida });
  await own.fill('A red zebra, left of a blue ball!');
  await own.press('Enter');
  await expect(words.nth(2)).toHaveClass(/unknown/);
  await lucida.expectLive('caption');
  expect(await text()).toBe('a red zebra left of a blue ball');
  await expect(words.nth(2)).toHaveAttribute('aria-label', /^zebra, <?[\d.]+%, unknown to the network$/);
  await expect(words.nth(0)).toHaveAttribute('aria-label', /^a, <?[\d.]+%, names nothing that can be seen$/);
  await expect(view.locator('cl-caption-own .problem')).toHaveText(
    'The network does not know “zebra”. It reads an unknown word in its place.',
  );
  await expect(total).toHaveText(/^Your caption: probability /);
  await expect(view.locator('cl-caption-alternatives [aria-pressed=true]')).toHaveCount(0);
  await expect(page).toHaveURL(/caption=A\+red\+zebra,\+left/);
  await view.getByText('Words that it knows').click();
  await expect(view.locator('cl-caption-own details')).toContainText(/ball · /);

  // Of unknown words alone it says so, and what was shown is marked.
  await own.fill('zebra');
  await own.press('Enter');
  await expect(view.locator('cl-caption-own .problem')).toHaveText('The network knows none of these words. Use some of those below.');
  await expect(own).toHaveAttribute('aria-invalid', 'true');
  await expect(view.locator('figure.heat')).toHaveClass(/stale/);
  await expect(view.getByRole('button', { name: 'Compute again' })).toBeHidden();
  await expect(lucida.alert).toBeEmpty();
  await view.getByRole('button', { name: 'Back to its own caption' }).click();
  await expect(captions.first()).toHaveAttribute('aria-pressed', 'true');
  await expect(lucida.alert).toBeEmpty();
  await expect(own).toHaveValue('');
  await expect(own).toHaveAttribute('aria-invalid', 'false');
  await expect(view.locator('cl-caption-own .problem')).toBeEmpty();
  await expect(page).toHaveURL(/#caption$/);
});

test('a link brings all of it back; what it names and is not there is told', { tag: '@cpu' }, async ({ lucida, page }) => {
  const state = `scene=lake&beam=3&${LINK}&words=2-3&method=hires-cam&target=log-probability`;
  const { view, canvas, pressed, captions } = captionOf(page);
  await open({ lucida }, state);
  expect(new URL(page.url()).hash).toBe(`#caption?${state}`);
  expect(await pressed()).toBe('red car');
  await expect(captions).toHaveCount(3);
  await view.locator('details.method').evaluate((details) => (details.open = true));
  for (const [label, value] of Object.entries({
    Method: 'hires-cam',
    'What the heatmap explains': 'log-probability',
    'Width of the search': '3',
  }))
    await expect(view.getByLabel(label, { exact: true })).toHaveValue(value);
  const drawn = await lucida.pixels(canvas);
  await page.reload();
  await lucida.expectLive('caption');
  expect(await lucida.pixels(canvas)).toBe(drawn);

  await lucida.follow(`caption?scene=desert&words=99&method=rise&beam=7&${LINK}`);
  for (const one of ['scene=desert', 'words=99', 'method=rise', 'beam=7']) await expect(lucida.alert).toContainText(one);
  await lucida.expectLive('caption');
  await expect(page).toHaveURL(`${lucida.site}#caption?${LINK}`);
});

test(
  'a worker that dies is replaced, and what finds no room in a small memory is brought again',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { words, title } = captionOf(page);
    await open({ lucida }, LINK, { query: '?memory=0' });
    await lucida.killWorker();
    await words.nth(1).click();
    await lucida.expectLive('caption');
    await expect(title).toHaveText(/^“red”/);
    await lucida.link('bias').click();
    await lucida.expectLive('bias', 2);
    await lucida.link('caption').click();
    await lucida.expectLive('caption');
    await words.nth(2).click();
    await lucida.expectLive('caption');
    await expect(title).toHaveText(/^“car”/);
    await expectEngine(page);
  },
);

test('a picture of one’s own is described, said to be a guess, and never in the link', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, canvas } = captionOf(page);
  await open({ lucida });
  await page.getByRole('button', { name: 'Your own picture' }).click();
  await view.locator('cl-picture-source label.file input').setInputFiles(photo);
  await expect(page).toHaveURL(`${lucida.site}#caption?picture=own:picture.png&${LINK}`);
  await lucida.expectLive('caption');
  await expect(view.locator('cl-shapes')).toContainText('learned from drawn shapes alone');
  const aspect = await view.locator('img.other').evaluate(({ naturalWidth, naturalHeight }) => naturalWidth / naturalHeight);
  expect(await canvas.evaluate(({ width, height }) => width / height)).toBeCloseTo(aspect, 1);
});

test(
  'on a telephone the colours lie over the board, and words are pressed for a phrase; wide again, beside it',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const { view, words, pressed, canvas } = captionOf(page);
    await open({ lucida }, `${LINK}&words=8`);
    const drawn = await lucida.pixels(canvas);
    await page.setViewportSize({ width: 360, height: 740 });
    await expect(view.locator('cl-shapes cl-heatmap.overlay')).toHaveCount(1);
    await lucida.expectLive('caption');
    const [stage, heat] = [await view.locator('cl-board-stage canvas').first().boundingBox(), await canvas.boundingBox()];
    expect(Math.abs(stage.width - heat.width) + Math.abs(stage.y - heat.y)).toBeLessThan(2);
    await view.getByRole('button', { name: 'Choose a phrase' }).click();
    await words.nth(1).click();
    await words.nth(2).click();
    await lucida.expectLive('caption');
    expect(await pressed()).toBe('red car');
    await expect(view.locator('.result .title')).toHaveText('“red car”: the sum of the words’ maps');
    await words.nth(7).click();
    await lucida.expectLive('caption');
    expect(await pressed()).toBe('ball');
    await page.setViewportSize({ width: 1280, height: 720 });
    await expect(view.locator('cl-heatmap.beside')).toHaveCount(1);
    await lucida.expectLive('caption');
    expect(await lucida.pixels(canvas)).toBe(drawn);
    expect(errors).toEqual([]);
  },
);

test('in Chinese the page speaks Chinese; captions stay English, and that is said', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, words } = captionOf(page);
  await open({ lucida }, LINK, { query: '?lang=zh' });
  await expect(view.locator('.lead')).toContainText('网络只会读写英语');
  await expect(words.nth(1)).toHaveAttribute('lang', 'en');
  await expect(words.nth(1).locator('.text')).toHaveText('red');
  await words.nth(1).click();
  await lucida.expectLive('caption');
  await expect(view.locator('figure.heat .title')).toHaveText(/^“red”：概率为 /);
});

test(
  'all words are saved as one picture, their numbers as JSON, and parts are hidden by their names',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { view } = captionOf(page);
    await open({ lucida });
    const save = async (name) => {
      await view.getByRole('button', { name: 'Save' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        view.locator('cl-save').getByText(name, { exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const grid = await save('With legend and caption');
    expect(grid.name).toBe('caption-words.png');
    expect(grid.bytes.readUInt32BE(16), 'five words in a row').toBeGreaterThan(1000);
    const { name, bytes } = await save('Result with all settings');
    expect(name).toBe('caption.json');
    const result = JSON.parse(bytes);
    expect(result.words.map(({ word }) => word).join(' ')).toBe(OWN);
    expect(result.captions).toHaveLength(5);
    const total = result.words.reduce((sum, word) => sum + word.log_probability, result.end.log_probability);
    expect(total).toBeCloseTo(result.log_probability, 6);

    const parts = {
      lead: '.lead',
      picture: 'cl-shapes .choice',
      palette: 'cl-board-palette',
      tools: 'cl-board-tools',
      caption: 'cl-legend',
      alternatives: 'cl-caption-alternatives',
      own: 'cl-caption-own',
      method: 'details.method',
      save: 'cl-save',
    };
    expect(Object.keys(parts)).toEqual(PARTS_OF.caption);
    for (const part of Object.values(parts)) await expect(view.locator(part)).toHaveCount(1);
    await page.goto('about:blank');
    await page.goto(`${lucida.site}?hide=${Object.keys(parts)}#caption?${LINK}`);
    await lucida.expectLive('caption');
    for (const part of Object.values(parts)) await expect(view.locator(part)).toHaveCount(0);
  },
);

test('the heatmap of a word lies on the thing that it names', { tag: '@cpu' }, async ({ lucida, page }) => {
  await open({ lucida }, `stickers=red+car@0.25@0.5@0.42@0,blue+ball@0.75@0.5@0.36@0&background=plain&${LINK}`);
  const shares = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { phrase } = await elements.get('caption').controller.answer.value.explain(engine, null, {});
    const leftOf = async (which) => {
      const { width, data } = await engine.rawMap(phrase, which);
      const energy = data.map((value) => Math.max(value, 0));
      const total = energy.reduce((sum, value) => sum + value, 0);
      return energy.reduce((sum, value, i) => sum + (i % width < width / 2 ? value : 0), 0) / (total || 1);
    };
    return { red: await leftOf(1), car: await leftOf(2), blue: await leftOf(6), ball: await leftOf(7) };
  });
  for (const word of ['red', 'car']) expect(shares[word], word).toBeGreaterThan(0.6);
  for (const word of ['blue', 'ball']) expect(shares[word], word).toBeLessThan(0.4);
});

test('a word of any length fits a telephone', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open({ lucida }, `caption=${'abcdefghijkl'.repeat(14)}+red+car`);
  await expect(captionOf(page).words).toHaveCount(3);
  await lucida.expectFits();
});
