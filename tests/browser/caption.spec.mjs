// Captions: words are buttons, and each has its heatmap.
import { readFileSync } from 'node:fs';
import { expect, test } from './page.mjs';

const TELEPHONE = { width: 360, height: 740 };

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
    captions: view.locator('cl-caption-alternatives li button'),
    own: view.getByLabel('Your caption, in English'),
    total: view.locator('.total'),
    /** Opens it, with a caption that is sure to have words of each kind where `own` is given. */
    async open(lucida, state = '', options = {}) {
      await lucida.openView(`caption${state && `?${state}`}`, options);
      await lucida.expectLive('caption', 1);
    },
  };
}

const OWN = 'a red car left of a blue ball';
const OWN_LINK = `caption=${OWN.replaceAll(' ', '+')}`;

test('the network writes a caption, and the heatmap of all of it comes with it', async ({ lucida, page }) => {
  const { open, words, whole, title, canvas, captions, total } = captionOf(page);
  await open(lucida);
  expect(await words.count()).toBeGreaterThan(0);
  await expect(whole).toHaveAttribute('aria-pressed', 'true');
  await expect(title).toHaveText('Whole caption: the sum of the words’ maps');
  await expect(captions).toHaveCount(5);
  await expect(captions.first()).toHaveAttribute('aria-pressed', 'true');
  expect(await captions.first().locator('.text').innerText()).toBe((await words.locator('.text').allInnerTexts()).join(' '));
  await expect(total).toHaveText(/^This caption: probability <?[\d.]+%, logarithm −?[\d.]+\.$/);
  expect(await lucida.coloursShown(canvas)).toBeGreaterThan(100);
  const logs = await captions.locator('.log').allInnerTexts();
  const numbers = logs.map((log) => Number(log.replace('−', '-')));
  expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
});

test('a word that has the focus has its heatmap, without another computation', async ({ lucida, page }) => {
  const messages = await lucida.countMessages();
  const { open, words, title, canvas, pressed } = captionOf(page);
  await open(lucida, OWN_LINK);
  const before = await messages();
  expect(before.explain_phrase).toBe(1);
  const drawn = [await lucida.pixels(canvas)];
  await words.nth(1).click();
  await lucida.expectLive('caption', 1);
  await expect(title).toHaveText(/^“red”: probability /);
  drawn.push(await lucida.pixels(canvas));
  await page.keyboard.press('ArrowRight');
  await lucida.expectLive('caption', 1);
  await expect(title).toHaveText(/^“car”: probability /);
  expect(await pressed()).toBe('car');
  drawn.push(await lucida.pixels(canvas));
  await page.keyboard.press('End');
  await lucida.expectLive('caption', 1);
  await expect(title).toHaveText(/^“ball”: probability /);
  drawn.push(await lucida.pixels(canvas));
  expect(new Set(drawn).size).toBe(drawn.length);
  const after = await messages();
  expect(after.explain_phrase).toBe(1);
  expect(after.draw - before.draw).toBe(3);
  await expect(page).toHaveURL(/&words=8$/);
});

test('Shift and arrows choose a phrase, Escape the whole caption', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, view, words, title, pressed, whole } = captionOf(page);
  await open(lucida, OWN_LINK);
  await words.nth(2).click();
  await page.keyboard.press('Shift+ArrowLeft');
  await lucida.expectLive('caption', 1);
  await expect(title).toHaveText('“red car”: the sum of the words’ maps');
  await expect(lucida.status).toHaveText('Heatmap for “red car”.');
  await page.keyboard.press('Shift+ArrowLeft');
  await lucida.expectLive('caption', 1);
  expect(await pressed()).toBe('a red car');
  await expect(view.locator('figure.heat .note')).toHaveText('The sum leaves out “a”, which names nothing that can be seen.');
  await expect(page).toHaveURL(/words=1-3$/);
  await page.keyboard.press('Escape');
  await lucida.expectLive('caption', 1);
  await expect(whole).toHaveAttribute('aria-pressed', 'true');
  expect(await pressed()).toBe('');

  // The focus stays where it is, so the next key leads on from there.
  await page.keyboard.press('ArrowRight');
  await lucida.expectLive('caption', 1);
  expect(await pressed()).toBe('red');
  await words.nth(6).click({ modifiers: ['Shift'] });
  await lucida.expectLive('caption', 1);
  expect(await pressed()).toBe('red car left of a blue');
});

test(
  'all of it is one stop of the Tab key, and the phrase is still there when the focus comes back',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { open, words, pressed, whole } = captionOf(page);
    await open(lucida, `${OWN_LINK}&words=2-3`);
    expect(await pressed()).toBe('red car');
    await expect(words.and(page.locator('[tabindex="0"]'))).toHaveCount(1);
    await whole.focus();
    await page.keyboard.press('Shift+Tab');
    expect(await pressed()).toBe('red car');
    await page.keyboard.press('Tab');
    await expect(whole).toBeFocused();
  },
);

test('the sum of a phrase is that of its words’ maps, without those that name nothing', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open } = captionOf(page);
  await open(lucida, OWN_LINK);
  const { sum, words } = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { answer } = elements.get('caption').controller;
    const { phrase } = await answer.peek().explain(engine, null, {});
    const maps = [];
    for (let i = 0; i <= phrase.words.length; i++) maps.push(Array.from((await engine.rawMap(phrase, i)).data));
    return { sum: maps.pop(), words: phrase.words.map(({ summed }, i) => ({ summed, map: maps[i] })) };
  });
  expect(words.map(({ summed }) => summed)).toEqual([false, true, true, true, false, false, true, true]);
  const expected = sum.map((_, at) => words.reduce((total, { summed, map }) => total + (summed ? map[at] : 0), 0));
  const largest = Math.max(...expected.map(Math.abs));
  sum.forEach((value, at) => expect(Math.abs(value - expected[at])).toBeLessThan(1e-4 * largest + 1e-9));
});

test('a caption of one’s own is scored; a word that the network does not know is underlined', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, view, words, own, total, captions, text } = captionOf(page);
  await open(lucida);
  const written = await text();
  await own.fill('A red zebra, left of a blue ball!');
  await own.press('Enter');
  await lucida.expectLive('caption', 1);
  await expect(words).toHaveCount(8);
  expect(await text()).toBe('a red zebra left of a blue ball');
  await expect(words.nth(2)).toHaveClass(/unknown/);
  await expect(words.nth(2)).toHaveAttribute('aria-label', /^zebra, <?[\d.]+%, unknown to the network$/);
  await expect(view.locator('cl-caption-own .problem')).toHaveText(
    'The network does not know “zebra”. It reads an unknown word in its place.',
  );
  await expect(total).toHaveText(/^Your caption: probability /);
  await expect(view.locator('cl-caption-alternatives [aria-pressed=true]')).toHaveCount(0);
  await expect(page).toHaveURL(/caption=A\+red\+zebra,\+left/);

  await view.getByRole('button', { name: 'Back to its own caption' }).click();
  await lucida.expectLive('caption', 1);
  expect(await text()).toBe(written);
  await captions.nth(2).click();
  await lucida.expectLive('caption', 1);
  expect(await text()).toBe(await captions.nth(2).locator('.text').innerText());
  await expect(page).toHaveURL(/alternative=2$/);
});

test('a caption of unknown words alone is refused in words, and what was shown is marked', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, view, own } = captionOf(page);
  await open(lucida);
  await own.fill('zebra');
  await own.press('Enter');
  await expect(lucida.alert).toContainText('knows none of the words');
  await expect(view.locator('figure.heat')).toHaveClass(/stale/);
  await expect(view.locator('figure.heat .behind')).toHaveText('out of date');
  await view.getByRole('button', { name: 'Back to its own caption' }).click();
  await lucida.expectLive('caption', 1);
  await expect(lucida.alert).toBeEmpty();
});

test('the board changes, and the caption and its heatmap follow', async ({ lucida, page }) => {
  const messages = await lucida.countMessages();
  const { open, view, canvas } = captionOf(page);
  await open(lucida, 'scene=street');
  const before = await messages();
  const drawn = await lucida.pixels(canvas);
  await view.locator('[data-class="blue car"]').focus();
  await page.keyboard.press('ArrowUp');
  await expect(page).toHaveURL(/stickers=/);
  await lucida.expectLive('caption', 1);
  expect(await lucida.pixels(canvas)).not.toBe(drawn);
  const after = await messages();
  expect(after.write_captions).toBeGreaterThan(before.write_captions);
  expect(after.load_language).toBe(1);
  expect(await page.evaluate(() => globalThis.camLucida.elements.get('caption').controller.answer.value.picture.pixels.width)).toBe(384);
});

test('whatever is asked comes back from the link', { tag: '@cpu' }, async ({ lucida, page }) => {
  const state = `scene=lake&beam=3&${OWN_LINK}&words=2-3&method=hires-cam&target=log-probability`;
  const { open, view, canvas, pressed } = captionOf(page);
  await open(lucida, state);
  expect(new URL(page.url()).hash).toBe(`#caption?${state}`);
  expect(await pressed()).toBe('red car');
  await view.locator('details.method').evaluate((details) => (details.open = true));
  await expect(view.getByLabel('Method', { exact: true })).toHaveValue('hires-cam');
  await expect(view.getByLabel('What the heatmap explains')).toHaveValue('log-probability');
  await expect(view.getByLabel('Width of the search')).toHaveValue('3');
  const drawn = await lucida.pixels(canvas);
  await page.reload();
  await lucida.expectLive('caption', 1);
  expect(await lucida.pixels(canvas)).toBe(drawn);
});

test('what a link names and is not there is told', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open } = captionOf(page);
  await open(lucida, 'scene=desert&words=99&method=rise&beam=7');
  for (const one of ['scene=desert', 'words=99', 'method=rise', 'beam=7']) await expect(lucida.alert).toContainText(one);
  await expect(page).toHaveURL(/#caption$/);
});

test('a worker that dies is replaced, and the next word is drawn', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, words, title } = captionOf(page);
  await open(lucida, OWN_LINK);
  await lucida.killWorker();
  await words.nth(1).click();
  await lucida.expectLive('caption', 1);
  await expect(title).toHaveText(/^“red”/);
});

test('what finds no room in a small memory is brought again', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, words, title } = captionOf(page);
  await open(lucida, OWN_LINK, { query: '?memory=0' });
  await page.evaluate(() => (location.hash = '#bias'));
  await lucida.expectLive('bias', 2);
  await page.evaluate((link) => (location.hash = `#caption?${link}`), OWN_LINK);
  await lucida.expectLive('caption', 1);
  await words.nth(1).click();
  await lucida.expectLive('caption', 1);
  await expect(title).toHaveText(/^“red”/);
});

test('the heatmap of a word lies on the thing that it names', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open } = captionOf(page);
  await open(lucida, `stickers=red+car@0.25@0.5@0.42@0,blue+ball@0.75@0.5@0.36@0&background=plain&${OWN_LINK}`);
  const shares = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { phrase } = await elements.get('caption').controller.answer.peek().explain(engine, null, {});
    const leftOf = async (which) => {
      const { width, data } = await engine.rawMap(phrase, which);
      const energy = data.map((value) => Math.max(value, 0));
      const total = energy.reduce((sum, value) => sum + value, 0);
      return energy.reduce((sum, value, i) => sum + (i % width < width / 2 ? value : 0), 0) / (total || 1);
    };
    return { red: await leftOf(1), car: await leftOf(2), blue: await leftOf(6), ball: await leftOf(7) };
  });
  expect(shares.red).toBeGreaterThan(0.6);
  expect(shares.car).toBeGreaterThan(0.6);
  expect(shares.blue).toBeLessThan(0.4);
  expect(shares.ball).toBeLessThan(0.4);
});

test('a picture of one’s own is described, and it is said what the network learned', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, view, words } = captionOf(page);
  await open(lucida);
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(60, 40);
    const context = canvas.getContext('2d');
    context.fillRect(0, 0, 60, 40);
    const file = new File([await canvas.convertToBlob()], 'mine.png', { type: 'image/png' });
    const transfer = new DataTransfer();
    transfer.items.add(file);
    dispatchEvent(new DragEvent('drop', { dataTransfer: transfer }));
  });
  await expect(page).toHaveURL(/#caption\?picture=own:mine\.png$/);
  await lucida.expectLive('caption', 1);
  await expect(view.locator('cl-shapes')).toContainText('learned from drawn shapes');
  if (await words.count()) {
    const aspect = await view.locator('figure.heat canvas').evaluate(({ width, height }) => width / height);
    expect(aspect).toBeCloseTo(1.5, 1);
  }
});

test('on a telephone the colours lie over the board, and words are pressed for a phrase', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.setViewportSize(TELEPHONE);
  const { open, view, words, pressed } = captionOf(page);
  await open(lucida, OWN_LINK);
  await expect(view.locator('cl-shapes cl-heatmap.overlay')).toHaveCount(1);
  const [stage, heat] = [
    await view.locator('cl-board-stage canvas').first().boundingBox(),
    await view.locator('cl-heatmap canvas').boundingBox(),
  ];
  expect(Math.abs(stage.width - heat.width) + Math.abs(stage.y - heat.y)).toBeLessThan(2);
  await view.getByRole('button', { name: 'Choose a phrase' }).click();
  await words.nth(1).click();
  await words.nth(2).click();
  await lucida.expectLive('caption', 1);
  expect(await pressed()).toBe('red car');
  await expect(view.locator('.result .title')).toHaveText('“red car”: the sum of the words’ maps');
  await words.nth(7).click();
  await lucida.expectLive('caption', 1);
  expect(await pressed()).toBe('ball');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test('a window that becomes narrow, and wide again, has its heatmap each time', { tag: '@cpu' }, async ({ lucida, page }) => {
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const { open, view, canvas } = captionOf(page);
  await open(lucida, OWN_LINK);
  const drawn = await lucida.pixels(canvas);
  await page.setViewportSize(TELEPHONE);
  await expect(view.locator('cl-shapes cl-heatmap.overlay')).toHaveCount(1);
  await lucida.expectLive('caption', 1);
  await page.setViewportSize({ width: 1280, height: 720 });
  await expect(view.locator('cl-heatmap.beside')).toHaveCount(1);
  await lucida.expectLive('caption', 1);
  expect(await lucida.pixels(canvas)).toBe(drawn);
  expect(errors).toEqual([]);
});

test('in Chinese the page speaks Chinese, and the caption stays English and says so', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, view, words } = captionOf(page);
  await open(lucida, OWN_LINK, { query: '?lang=zh' });
  await expect(view.locator('.lead')).toContainText('网络只会读写英语');
  await expect(words.nth(1)).toHaveAttribute('lang', 'en');
  await expect(words.nth(1).locator('.text')).toHaveText('red');
  await words.nth(1).click();
  await lucida.expectLive('caption', 1);
  await expect(view.locator('figure.heat .title')).toHaveText(/^“red”：概率为 /);
});

test('all words are saved as one picture, and their numbers as JSON', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { open, view } = captionOf(page);
  await open(lucida, OWN_LINK);
  const saved = async (name) => {
    await view.getByRole('button', { name: 'Save' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), view.locator('cl-save').getByText(name, { exact: true }).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const grid = await saved('With legend and caption');
  expect(grid.name).toBe('caption-words.png');
  expect(grid.bytes.readUInt32BE(16)).toBeGreaterThan(1000);
  const { name, bytes } = await saved('Result with all settings');
  expect(name).toBe('caption.json');
  const result = JSON.parse(bytes.toString());
  expect(result.words.map(({ word }) => word).join(' ')).toBe(OWN);
  expect(result.sum.shape).toEqual([1, 12, 12]);
  const total = result.words.reduce((sum, word) => sum + word.log_probability, result.end.log_probability);
  expect(total).toBeCloseTo(result.log_probability, 6);
  expect(result.captions).toHaveLength(5);
});

test('where the site has no such network the view says so, and the board can be played with', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.route('**/models/index.json', async (route) => {
    const index = await (await route.fetch()).json();
    await route.fulfill({ json: { ...index, language: null } });
  });
  await lucida.openView('caption');
  const { view } = captionOf(page);
  await expect(view.locator('.said')).toContainText('This site does not have the network that writes captions.');
  await view.locator('[data-class="red hydrant"]').focus();
  await page.keyboard.press('Delete');
  await expect(page).toHaveURL(/stickers=/);
  await expect(lucida.working).toBeHidden();
});
