// The view Ask: questions about a board of shapes, and what in the picture speaks for each answer. What the network answers is no
// matter here: the page must show what the engine says.
import { readFileSync } from 'node:fs';
import { PARTS_OF } from '../../www/state/preferences.js';
import { picture as photo, unless } from './inputs.mjs';
import { expect, test } from './page.mjs';

test.skip(...unless('ask'));

const HYDRANTS = ['red hydrant', 'yellow hydrant', 'green hydrant', 'blue hydrant'];
const FOUR = 'answer=red,yellow,green,blue';

/** The view, as a person finds what is in it. */
function askOf(page) {
  const view = page.locator('cl-ask');
  return {
    view,
    box: page.getByLabel('Your question, in English'),
    read: view.locator('cl-ask-question #read'),
    example: (question) => view.getByRole('button', { name: question, exact: true }),
    bars: view.locator('cl-ask-answers button'),
    bar: (answer) => view.locator(`cl-ask-answers button[data-answer="${answer}"]`),
    another: view.locator('cl-ask-answers').getByLabel('+ another answer'),
    cards: view.locator('cl-ask-card'),
    headings: view.locator('cl-ask-card h4'),
    figures: view.locator('cl-ask-card figure.heat'),
    shape: (name) => view.locator(`.sticker[data-class="${name}"]`),
    add: (name) => view.getByRole('button', { name: `Add ${name}`, exact: true }),
    undo: view.getByRole('button', { name: 'Undo', exact: true }),
  };
}

const settled = (page) => expect.poll(() => page.evaluate(() => globalThis.camLucida?.elements.get('ask')?.settled ?? false)).toBe(true);
const stateOf = (page) => page.evaluate(() => globalThis.camLucida.page.states.ask.value);
const shapesOf = (page) =>
  page.evaluate(() =>
    globalThis.camLucida.elements
      .get('ask')
      .controller.board.scene.stickers.map((one) => one.class)
      .sort(),
  );
/** What is on the screen. */
const answerOf = (page) =>
  page.evaluate(() => {
    const { question, sums, top, shown, before } = globalThis.camLucida.elements.get('ask').controller.answer.value;
    const plain = ({ layer, scale, maps }) => ({ layer, scale, maps: maps.map(({ data }) => [...data]) });
    return { question, sums, top: top.map(({ name }) => name), shown: shown.map(plain), before: before?.map(plain) ?? null };
  });

async function open({ lucida, page }, words = FOUR, options = {}) {
  await lucida.openView(`ask${words && `?${words}`}`, options);
  await settled(page);
}

async function ask(page, question) {
  const { box } = askOf(page);
  await box.fill(question);
  await box.press('Enter');
  await expect.poll(async () => (await answerOf(page)).question).toBe(question);
  await settled(page);
}

const percent = (share) => (share > 0 && share < 0.0005 ? '<0.1%' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`);

/**
 * Holds all that is shown to what the engine says of the pixels of the board, asked by a question and explanations of the
 * test's own: the five answers, each card's probability, the values of its maps, and the one scale of a layer.
 */
async function expectEngine(page) {
  const { bars, headings } = askOf(page);
  const found = await page.evaluate(async () => {
    const { engine, elements, page: shared } = globalThis.camLucida;
    const element = elements.get('ask');
    const { question, sums, shown } = element.controller.answer.value;
    const embedded = await shared.embedded;
    const language = await embedded.load(embedded.doing('visual_question_answering'));
    const model = await engine.load({ language, question });
    const canvas = element.renderRoot.querySelector('cl-shapes').stage.canvas;
    const picture = { pixels: canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height) };
    const [merge, target, preprocess] = ['merges', 'targets', 'preprocess'].map((name) => engine.about.value[name][0]);
    const request = {
      method: engine.about.value.methods[0].name,
      merge,
      target,
      preprocess,
      smooth: false,
      preset: null,
      settings: {},
      view: null,
    };
    const layers = [];
    let probabilities = [];
    for (const { layer, scale, maps } of shown) {
      const classes = sums.map((sum) => sum.map((name) => model.labels.indexOf(name)));
      const explanation = await engine.explain({ model, picture, request: { ...request, classes, layers: [layer] } });
      probabilities = [...explanation.probabilities];
      const expected = [];
      for (const which of sums.keys()) expected.push([...(await engine.rawMap(explanation, which)).data]);
      layers.push({ scale, maps: maps.map(({ data }) => [...data]), expected });
    }
    return { sums, probabilities, labels: model.labels, layers };
  });
  const { sums, probabilities, labels, layers } = found;
  const share = (names) => names.reduce((sum, name) => sum + probabilities[labels.indexOf(name)], 0);
  expect(share(labels)).toBeCloseTo(1, 4);
  const best = labels.toSorted((a, b) => share([b]) - share([a])).slice(0, 5);
  expect(await bars.locator('[lang=en]').allTextContents()).toEqual(best);
  expect(await bars.locator('.share').allTextContents()).toEqual(best.map((name) => percent(share([name]))));
  expect(await headings.locator('[lang=en]').allTextContents()).toEqual(sums.map((sum) => sum.join(' + ')));
  expect(await headings.locator('.share').allTextContents()).toEqual(sums.map((sum) => percent(share(sum))));
  for (const { scale, maps, expected } of layers) {
    const all = expected.flat();
    const most = all.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const off = maps.flat().reduce((max, value, i) => Math.max(max, Math.abs(value - all[i])), 0);
    expect(off).toBeLessThanOrEqual(1e-5 * most);
    expect(scale).toEqual({ min: Math.min(...maps.flat()), max: Math.max(...maps.flat()) });
  }
}

test('the paper’s question opens the view; answers, probabilities and maps are the engine’s, and follow board and question', async ({
  lucida,
  page,
}, info) => {
  const { box, bars, cards, example } = askOf(page);
  await open({ lucida, page }, '');
  await expect(box).toHaveValue('what color is the hydrant?');
  await expect(example('what color is the hydrant?')).toHaveAttribute('aria-pressed', 'true');
  expect(await shapesOf(page)).toEqual(HYDRANTS.toSorted());
  await expect(bars).toHaveCount(5);
  // As long as nobody chooses, the probable answers have a heatmap.
  expect(await cards.count()).toBeGreaterThanOrEqual(1);
  expect(await cards.count()).toBeLessThanOrEqual(4);
  await expectEngine(page);

  await lucida.follow(`ask?${FOUR}`);
  await lucida.expectLive('ask', 4);
  expect((await answerOf(page)).sums).toEqual([['red'], ['yellow'], ['green'], ['blue']]);
  await expectEngine(page);
  await page.screenshot({ path: info.outputPath('ask.png'), fullPage: true });

  const before = await answerOf(page);
  const stage = await page.locator('cl-ask .stage').boundingBox();
  await lucida.drag(await lucida.placeOf('red hydrant'), [stage.x + 0.5 * stage.width, stage.y + 0.5 * stage.height]);
  await settled(page);
  await expect(page).toHaveURL(/stickers=/);
  expect((await answerOf(page)).shown[0].maps).not.toEqual(before.shown[0].maps);
  await expectEngine(page);
  await ask(page, 'is there a red hydrant?');
  await expect(page).toHaveURL(/question=is\+there\+a\+red\+hydrant%3F$/); // the answers of the question before go with it
  await expectEngine(page);
});

test('a heatmap alone is drawn as the engine draws it', async ({ lucida, page }) => {
  await open({ lucida, page }, 'answer=red');
  const off = await page.evaluate(async () => {
    const { engine, elements, page: shared } = globalThis.camLucida;
    const { question, picture: pixels } = elements.get('ask').controller.answer.value;
    const embedded = await shared.embedded;
    const language = await embedded.load(embedded.doing('visual_question_answering'));
    const model = await engine.load({ language, question });
    const { methods, merges, targets, preprocess, style } = engine.about.value;
    const asked = { method: methods[0].name, layers: [], merge: merges[0], target: targets[0], preprocess: preprocess[0] };
    const request = { ...asked, smooth: false, preset: null, settings: {}, classes: [model.labels.indexOf('red')], view: pixels.width };
    const read = async (source) => {
      const bitmap = await createImageBitmap(source);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
    };
    const card = elements.get('ask').renderRoot.querySelector('cl-ask-card');
    const shown = await read(card.renderRoot.querySelector('cl-heatmap').canvas);
    const drawn = await read(await engine.draw(await engine.explain({ model, picture: { pixels }, request }), style, 0));
    return shown.length === drawn.length ? shown.reduce((most, value, i) => Math.max(most, Math.abs(value - drawn[i])), 0) : Infinity;
  });
  expect(off).toBeLessThanOrEqual(6); // the engine's tables have 256 colours, the page has 17 and mixes
});

test('answers are chosen, added up and removed: up to four, never none', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { bars, bar, another, cards, headings } = askOf(page);
  await open({ lucida, page }, 'answer=red');
  await lucida.expectLive('ask', 1);
  const remove = (which) => cards.nth(which).getByRole('button', { name: 'Remove' });
  await expect(remove(0)).toBeDisabled();
  await another.selectOption('yes');
  await lucida.expectLive('ask', 2);
  await cards.nth(1).getByLabel('Add the score of another answer').selectOption('no');
  await expect(headings.nth(1)).toContainText('yes + no');
  await settled(page);
  await expect(page).toHaveURL(/answer=red,yes@no$/);
  await expect(cards.nth(1)).toContainText('The scores of these answers add up');
  await expectEngine(page);

  // Whatever the network finds most probable: pressed, it has a heatmap, and pressed again none.
  const name = (await answerOf(page)).top.find((one) => !['red', 'yes', 'no', '5'].includes(one));
  await bar(name).click();
  await lucida.expectLive('ask', 3);
  await expect(bar(name)).toHaveAttribute('aria-pressed', 'true');
  await another.selectOption('5');
  await lucida.expectLive('ask', 4);
  await expect(another).toBeDisabled();
  await expect(another).toContainText('4 heatmaps at most');
  await bar(name).click();
  await lucida.expectLive('ask', 3);
  await remove(0).click();
  await lucida.expectLive('ask', 2);
  expect((await stateOf(page)).answers).toEqual([['yes', 'no'], ['5']]);
  await expect(bars).toHaveCount(5);
  await expectEngine(page);
});

test(
  'the question: examples, a pause while typing, words that are not known or read as others',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { box, read, example, figures } = askOf(page);
    await open({ lucida, page });
    await expect(read).toBeEmpty();
    await example('is there a red hydrant?').click();
    await expect(box).toHaveValue('is there a red hydrant?');
    await expect.poll(async () => (await answerOf(page)).question).toBe('is there a red hydrant?');
    expect((await stateOf(page)).answers).toEqual([]);
    await expect(example('is there a red hydrant?')).toHaveAttribute('aria-pressed', 'true');

    await ask(page, 'What hue is the shiny hydrant?');
    await expect(read.locator('u')).toHaveText('shiny');
    await expect(read.locator('.other')).toHaveText(/hue\s+color/);
    await expect(read).toContainText('The network does not know “shiny”. It reads it as an unknown word.');
    await expect(read).toContainText('It reads “hue” as “color”.');

    await box.fill('');
    await box.pressSequentially('how many red ');
    await expect.poll(async () => (await answerOf(page)).question).toBe('how many red');
    await expect(box).toHaveValue('how many red ');
    await box.pressSequentially('things are there?');
    await expect.poll(async () => (await answerOf(page)).question).toBe('how many red things are there?');
    await expect(read).toBeEmpty();

    // A question of unknown words alone is told beside it, and what is shown is marked.
    await box.fill('zzz qqq');
    await box.press('Enter');
    await expect(read).toContainText('The network knows none of these words.');
    await expect(box).toHaveAttribute('aria-invalid', 'true');
    await expect(figures.first()).toHaveClass(/stale/);
    const bars = page.locator('cl-ask-answers [data-answer]');
    for (const bar of await bars.all()) await expect(bar).toHaveCSS('background-size', '0px 100%');
    await expect(lucida.alert).toBeEmpty();
    await ask(page, 'what colour is the hydrant?');
    await expect(box).toHaveAttribute('aria-invalid', 'false');
    await expect(bars.first()).not.toHaveCSS('background-size', '0px 100%');
    await expect(figures.first()).not.toHaveClass(/stale/);
  },
);

test('shapes are recoloured and added, scenes bring their questions, and all is taken back', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, box, shape, add, undo } = askOf(page);
  await open({ lucida, page });
  const before = await answerOf(page);
  await page.mouse.dblclick(...(await lucida.placeOf('red hydrant')));
  await expect(shape('orange hydrant')).toHaveCount(1);
  await settled(page);
  expect((await answerOf(page)).shown[0].maps).not.toEqual(before.shown[0].maps);
  await view.getByRole('button', { name: 'purple', exact: true }).click();
  await expect(shape('purple hydrant')).toHaveCount(1);
  await shape('purple hydrant').press('c');
  await expect(shape('white hydrant')).toHaveCount(1);
  await add('white car').click();
  await expect(shape('white car')).toBeFocused();
  const hat = add('white hat');
  await hat.scrollIntoViewIfNeeded();
  const [stage, { x, y, width, height }] = [await view.locator('.stage').boundingBox(), await hat.boundingBox()];
  await lucida.drag([x + width / 2, y + height / 2], [stage.x + 0.5 * stage.width, stage.y + 0.2 * stage.height]);
  await expect(shape('white hat')).toHaveCount(1);
  await settled(page);
  expect((await stateOf(page)).stickers).toHaveLength(6);
  const scene = view.getByLabel('Scene', { exact: true });
  await expect(scene.locator('option:checked')).toHaveText('A scene of your own');
  while (await undo.isEnabled()) await page.keyboard.press('Control+z');
  await expect(scene.locator('option:checked')).toHaveText(/hydrant/);
  await settled(page);
  expect(await shapesOf(page)).toEqual(HYDRANTS.toSorted());
  expect((await answerOf(page)).shown[0].maps).toEqual(before.shown[0].maps);

  await scene.selectOption('lake');
  await expect(box).toHaveValue('is the kite right of the boat?');
  await expect(page).toHaveURL(/#ask\?scene=lake$/);
  await view.getByRole('button', { name: 'Random' }).click();
  await settled(page);
  const { stickers, question } = await stateOf(page);
  expect(stickers.length).toBeGreaterThan(1);
  await expect(box).toHaveValue(question);
  await expect(view.locator('cl-ask-question .examples button[aria-pressed=true]')).toHaveText(question);
  await page.keyboard.press('Control+z');
  await expect(box).toHaveValue('is the kite right of the boat?');
  await settled(page);
});

test(
  'layer4 stands beside head, and what was there before the question beside what it leaves',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { view } = askOf(page);
    await open({ lucida, page }, 'answer=red,blue');
    await view.getByLabel('Beside it').selectOption('layer4');
    await lucida.expectLive('ask', 4);
    expect((await answerOf(page)).shown.map(({ layer }) => layer)).toEqual(['head', 'layer4']);
    await expectEngine(page);
    await view.getByRole('button', { name: 'Before and after the question' }).click();
    await lucida.expectLive('ask', 6);
    await settled(page);
    await expect(page).toHaveURL(/answer=red,blue&beside=layer4&before=1$/);
    const first = await answerOf(page);
    expect(first.before.map(({ layer }) => layer)).toEqual(['layer4', 'head']);
    await ask(page, 'how many red things are there?');
    const second = await answerOf(page);
    expect(second.before[0].maps, 'no question reaches layer4').toEqual(first.before[0].maps);
    expect(second.before[1].maps).not.toEqual(first.before[1].maps);
  },
);

test('a link brings all of it back; what it names and is not there is told', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, box, headings } = askOf(page);
  const words =
    'scene=street&background=plain&stickers=red+car@0.3@0.5@0.4@-10,blue+house@0.7@0.4@0.5@0&question=is+there+a+red+car%3F&answer=yes,no@yes&method=hires-cam&layer=layer4&beside=head&before=1&colormap=viridis';
  await open({ lucida, page }, words);
  await lucida.expectLive('ask', 6);
  await expect(page).toHaveURL(`${lucida.site}#ask?${words}`);
  expect(await shapesOf(page)).toEqual(['blue house', 'red car']);
  await expect(box).toHaveValue('is there a red car?');
  await expect(headings).toContainText(['yes', 'no + yes']);
  for (const [label, value] of Object.entries({ Method: 'hires-cam', Layer: 'layer4', 'Beside it': 'head' }))
    await expect(view.getByLabel(label, { exact: true })).toHaveValue(value);
  await expect(lucida.alert).toBeEmpty();
  const shown = await answerOf(page);
  await page.reload();
  await lucida.expectLive('ask', 6);
  expect(await answerOf(page)).toEqual(shown);

  await lucida.follow('ask?answer=red,mauve&layer=layer9&method=tarot&stickers=red+car@0.3@0.5@0.4@0,unicorn@0.3@0.5@0.4@0');
  for (const told of ['answer=mauve', 'layer=layer9', 'method=tarot', 'stickers=unicorn'])
    await expect(lucida.alert).toContainText(`“${told}”`);
  await settled(page);
  expect(await stateOf(page)).toMatchObject({ answers: [['red']], layer: null, method: null });
});

test('all of it can be done by keyboard, and what comes of it is said', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { box, bar } = askOf(page);
  await open({ lucida, page });
  await lucida.tabTo(/^red hydrant, /i);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('+');
  await settled(page);
  expect((await stateOf(page)).stickers[0]).toMatchObject({ class: 'red hydrant', x: 0.28, size: 0.484 });
  await expect(lucida.status).toHaveText(/^Red hydrant, 28% from the left.*Answers: /);
  await page.keyboard.press('c');
  await expect(lucida.status).toContainText('orange hydrant');
  await lucida.tabTo('Add blue hydrant', 40); // in the colour of the last shape that had the focus
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect.poll(() => lucida.focused()).toMatch(/^blue car, /i);
  await page.keyboard.press('Control+z');
  await settled(page);

  await lucida.tabTo('Your question, in English');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('is there a blue hydrant?');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await answerOf(page)).question).toBe('is there a blue hydrant?');
  await settled(page);
  await expect(box).toBeFocused();
  const { top, sums } = await answerOf(page);
  const name = top.find((one) => !sums.flat().includes(one));
  await lucida.tabTo(new RegExp(`^${name}\\b`));
  await page.keyboard.press('Enter');
  await expect(bar(name)).toHaveAttribute('aria-pressed', 'true');
  await settled(page);
  expect((await answerOf(page)).sums).toContainEqual([name]);
  await lucida.tabTo('Before and after the question');
  await page.keyboard.press('Space');
  await settled(page);
  expect((await answerOf(page)).before).toHaveLength(2);
  await expect(
    page.getByRole('img', { name: `What speaks for “${name}” as the answer to “is there a blue hydrant?”: heatmap at head` }),
  ).toBeVisible();
});

test(
  'in Chinese the page speaks Chinese; questions and answers stay English, and that is said',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { view, bars } = askOf(page);
    await open({ lucida, page }, 'answer=red', { query: '?lang=zh' });
    await expect(view.locator('h2')).toHaveText('就图片提问');
    const box = view.getByLabel('您的问题（英文）');
    await expect(box).toHaveValue('what color is the hydrant?');
    await expect(box).toHaveAttribute('lang', 'en');
    await expect(view).toContainText('网络只读写英文');
    await expect(view.locator('cl-ask-card [lang=en]').first()).toHaveText('red');
    await expect(bars.locator('[lang=en]')).toHaveCount(5);
    await expect(view.locator('cl-ask-answers option[value=yes]')).toHaveText('yes 是');
    await expect(view.getByRole('img', { name: '问题“what color is the hydrant?”的答案“red”由图片的哪些部分支持' })).toBeVisible();
  },
);

test('a picture of one’s own is asked about, said to be a guess, and never in the link', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view } = askOf(page);
  await open({ lucida, page }, 'answer=red');
  const board = await answerOf(page);
  await page.getByRole('button', { name: 'Your own picture' }).click();
  await expect(view.locator('.drawn')).toContainText('learned from drawn shapes alone');
  await view.locator('cl-picture-source label.file input').setInputFiles(photo);
  await expect(page).toHaveURL(/picture=own:picture\.png&answer=red$/);
  await settled(page);
  await expect(view.locator('img.other')).toBeVisible();
  expect((await answerOf(page)).shown[0].maps).not.toEqual(board.shown[0].maps);
  await page.getByRole('button', { name: 'The board', exact: true }).click();
  await settled(page);
  expect((await answerOf(page)).shown).toEqual(board.shown);
  expect((await stateOf(page)).picture).toBe(null);

  // Who has it not is told, and sees the board.
  await lucida.follow('ask?picture=own:holiday.png&answer=red');
  await expect(lucida.alert).toContainText('holiday.png');
  await settled(page);
  expect((await answerOf(page)).shown).toEqual(board.shown);
});

test(
  'on a slow machine what is behind is marked, and only the newest board is computed; a worker that dies is replaced',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { figures } = askOf(page);
    await lucida.patchWorker();
    const messages = await lucida.countMessages();
    await open({ lucida, page }, 'answer=red');
    await lucida.order({ slow: 400 });
    const before = await messages();
    const stage = await page.locator('cl-ask .stage').boundingBox();
    const to = [stage.x + 0.6 * stage.width, stage.y + 0.5 * stage.height];
    await lucida.drag(await lucida.placeOf('red hydrant'), to, { steps: 40, release: false });
    await expect(figures.first()).toHaveClass(/stale/);
    await page.mouse.up();
    await settled(page);
    await expect(figures.first()).not.toHaveClass(/stale/);
    const after = await messages();
    expect(after.explain - before.explain).toBeLessThan(15);
    expect([after.load_language, after.ask], 'network and question are brought once').toEqual([1, 1]);

    await lucida.link('board').click();
    await lucida.expectLive('board');
    await lucida.link('ask').click();
    await lucida.expectLive('ask', 1);
    expect((await messages()).ask).toBe(1);
    await lucida.killWorker();
    await ask(page, 'is there a blue hydrant?');
    await expectEngine(page);
  },
);

test(
  'the heatmaps are saved as one picture, the numbers as JSON, and parts are hidden by their names',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { view } = askOf(page);
    await open({ lucida, page }, 'answer=red,yellow@blue&beside=layer4');
    const save = async (name) => {
      await view.locator('cl-save #open').click();
      const [download] = await Promise.all([page.waitForEvent('download'), view.getByRole('button', { name }).click()]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    };
    const grid = await save('With legend and caption');
    expect(grid.name).toBe('what-color-is-the-hydrant.png');
    expect(grid.bytes.readUInt32BE(16), 'two answers beside each other').toBeGreaterThan(500);
    await expect(lucida.status).toHaveText('Saved: what-color-is-the-hydrant.png.');
    const result = JSON.parse((await save('Result with all settings')).bytes);
    const { shown } = await answerOf(page);
    expect(result.question).toBe('what color is the hydrant?');
    expect(result.link).toContain('#ask?answer=red,yellow@blue&beside=layer4');
    expect(result.maps.map(({ answer, layer }) => [answer, layer])).toEqual(
      ['head', 'layer4'].flatMap((layer) => [['red'], ['yellow', 'blue']].map((answer) => [answer, layer])),
    );
    expect(result.maps.map(({ values }) => values)).toEqual(shown.flatMap(({ maps }) => maps));

    const parts = {
      lead: '.lead',
      picture: 'cl-shapes .choice',
      palette: 'cl-board-palette',
      tools: 'cl-board-tools',
      question: 'cl-ask-question',
      classes: 'cl-ask-answers',
      method: '#method',
      layers: '#layer',
      caption: '.legend',
      save: 'cl-save',
    };
    expect(Object.keys(parts)).toEqual(PARTS_OF.ask);
    for (const part of Object.values(parts)) await expect(view.locator(part)).toHaveCount(1);
    await page.goto('about:blank');
    await page.goto(`${lucida.site}?hide=${Object.keys(parts)}#ask?${FOUR}`);
    await lucida.expectLive('ask', 4);
    for (const part of Object.values(parts)) await expect(view.locator(part)).toHaveCount(0);
    expect(await page.locator('cl-ask .before').count(), 'with the layers').toBe(0);
  },
);

test('the colour of each hydrant is an answer, and its heatmap lies on its own hydrant', { tag: '@cpu' }, async ({ lucida, page }) => {
  await open({ lucida, page }, '');
  const { sums, shown } = await answerOf(page);
  expect(sums.flat().toSorted()).toEqual(['blue', 'green', 'red', 'yellow']);
  const stickers = await page.evaluate(() => globalThis.camLucida.elements.get('ask').controller.board.scene.stickers);
  for (const [which, [answer]] of sums.entries()) {
    const map = shown[0].maps[which];
    const side = Math.sqrt(map.length);
    const on = ({ x, y, size }) =>
      map.reduce((sum, value, i) => {
        const [u, v] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side];
        return sum + (Math.abs(u - x) < size / 2 && Math.abs(v - y) < size / 2 ? Math.max(value, 0) : 0);
      }, 0);
    const masses = Object.fromEntries(stickers.map((one) => [one.class.split(' ')[0], on(one)]));
    const all = Object.values(masses).reduce((sum, value) => sum + value, 0);
    expect(masses[answer] / all, `${answer}: ${JSON.stringify(masses)}`).toBeGreaterThan(0.6);
  }
});
