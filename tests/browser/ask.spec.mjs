// The view Ask: questions about a board of shapes, and what in the picture speaks for each answer.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './page.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const PHOTO = path.join(root, 'tests/fixtures/pictures/photo.png');
const FOUR = 'answer=red,yellow,green,blue';

const shape = (page, name) => page.locator(`cl-ask .sticker[data-class="${name}"]`);
const box = (page) => page.getByLabel('Your question, in English');
const read = (page) => page.locator('cl-ask-question #read');
const bar = (page, name) => page.locator(`cl-ask-answers button[data-answer="${name}"]`);
const cards = (page) => page.locator('cl-ask-card h4');
const figures = (page) => page.locator('cl-ask-card figure.heat');
const stateOf = (page) => page.evaluate(() => globalThis.camLucida.page.states.ask.value);
const classesOf = (page) =>
  page.evaluate(() => globalThis.camLucida.elements.get('ask').controller.board.scene.stickers.map((one) => one.class));
/** What is on the screen, as numbers. */
const answerOf = (page) =>
  page.evaluate(() => {
    const { sums, top, shown, before, question, read: words } = globalThis.camLucida.elements.get('ask').controller.answer.value;
    const plain = ({ layer, scale, maps, of }) => ({
      layer,
      scale,
      of: of.map(({ probability, flat }) => ({ probability, flat })),
      maps: maps.map(({ width, height, data }) => ({ width, height, data: [...data] })),
    });
    return { sums, top, question, words, shown: shown.map(plain), before: before?.map(plain) ?? null };
  });

async function asking({ lucida }, words = FOUR, options = {}) {
  await lucida.openView(`ask${words && `?${words}`}`, options);
  await settled(lucida);
}

const settled = ({ page }) => expect.poll(() => page.evaluate(() => globalThis.camLucida.elements.get('ask')?.settled ?? false)).toBe(true);

const ask = async ({ lucida, page }, question) => {
  await box(page).fill(question);
  await box(page).press('Enter');
  await expect.poll(async () => (await answerOf(page)).question).toBe(question);
  await settled(lucida);
};

test('four answers have a heatmap each, on one colour scale', async ({ lucida, page }, info) => {
  await asking({ lucida });
  await lucida.expectLive('ask', 4);
  await expect(cards(page)).toHaveText([/^red /, /^yellow /, /^green /, /^blue /]);
  const { shown, sums } = await answerOf(page);
  expect(sums).toEqual([['red'], ['yellow'], ['green'], ['blue']]);
  expect(shown).toHaveLength(1);
  const all = shown[0].maps.flatMap(({ data }) => data);
  expect(shown[0].scale).toEqual({ min: Math.min(...all), max: Math.max(...all) });
  const drawn = [];
  for (const figure of await figures(page).all()) drawn.push(await lucida.pixels(figure.locator('canvas')));
  expect(new Set(drawn).size).toBeGreaterThan(1);
  await page.screenshot({ path: info.outputPath('ask.png'), fullPage: true });
});

test('a moved shape and another question are answered anew', async ({ lucida, page }) => {
  await asking({ lucida });
  const before = await answerOf(page);
  const stage = await page.locator('cl-ask .stage').boundingBox();
  await lucida.drag(await lucida.placeOf('red hydrant'), [stage.x + 0.5 * stage.width, stage.y + 0.5 * stage.height]);
  await settled(lucida);
  const moved = await answerOf(page);
  expect(moved.shown[0].maps).not.toEqual(before.shown[0].maps);
  await expect(page).toHaveURL(/stickers=/);
  await ask({ lucida, page }, 'is there a red hydrant?');
  const asked = await answerOf(page);
  expect(asked.top.map(({ probability }) => probability)).not.toEqual(moved.top.map(({ probability }) => probability));
  await expect(page).toHaveURL(/question=is\+there\+a\+red\+hydrant%3F/);
});

test('the probable answers are explained without being asked for', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida }, '');
  const { sums, top } = await answerOf(page);
  expect(sums).toEqual(
    top
      .filter(({ probability }, i) => !i || probability >= 0.1)
      .slice(0, 4)
      .map(({ name }) => [name]),
  );
  await lucida.expectLive('ask', sums.length);
  await expect(page.locator('cl-ask-answers button')).toHaveCount(5);
  await expect(page.locator('cl-ask-answers button[aria-pressed=true]')).toHaveCount(sums.length);
  await expect(page).toHaveURL(/#ask$/);
});

test('answers are added, added up and removed, and the link says which', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida }, 'answer=red');
  await lucida.expectLive('ask', 1);
  await expect(page.locator('cl-ask-card .remove')).toBeDisabled();
  await page.locator('cl-ask-answers select').selectOption('yes');
  await lucida.expectLive('ask', 2);
  await page.locator('cl-ask-card').nth(1).locator('select').selectOption('no');
  await expect(cards(page).nth(1)).toContainText('yes + no');
  await settled(lucida);
  const { shown } = await answerOf(page);
  const { top } = await answerOf(page);
  await expect(page).toHaveURL(/answer=red,yes@no$/);
  expect(shown[0].of[1].probability).toBeGreaterThan(0);
  expect(shown[0].of[1].probability).toBeLessThanOrEqual(1);
  await bar(page, top[0].name).click();
  await settled(lucida);
  await expect(bar(page, top[0].name)).toHaveAttribute('aria-pressed', 'true');
  await page.locator('cl-ask-card').first().getByRole('button', { name: 'Remove' }).click();
  await settled(lucida);
  await lucida.expectLive('ask', 2);
  expect((await stateOf(page)).answers).toEqual([['yes', 'no'], [top[0].name]]);
});

test('answers of the question before go with it', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  await page.getByRole('button', { name: 'is there a red hydrant?' }).click();
  await expect.poll(async () => (await answerOf(page)).question).toBe('is there a red hydrant?');
  expect((await stateOf(page)).answers).toEqual([]);
  await expect(page.getByRole('button', { name: 'is there a red hydrant?' })).toHaveAttribute('aria-pressed', 'true');
});

test('unknown words are underlined, and synonyms are shown as they are read', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  await expect(read(page)).toBeEmpty();
  await ask({ lucida, page }, 'What hue is the shiny hydrant?');
  await expect(read(page).locator('u')).toHaveText('shiny');
  await expect(read(page)).toContainText('does not know “shiny”');
  await expect(read(page)).toContainText('reads “hue” as “color”');
  await ask({ lucida, page }, 'what colour is the hydrant?');
  await expect(read(page)).toBeEmpty();
});

test('what is being typed is asked after a pause, and stays as it is typed', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  await box(page).fill('');
  await box(page).pressSequentially('how many red ');
  await expect.poll(async () => (await answerOf(page)).question).toBe('how many red');
  await box(page).pressSequentially('things are there?');
  await expect(box(page)).toHaveValue('how many red things are there?');
  await expect.poll(async () => (await answerOf(page)).question).toBe('how many red things are there?');
});

test('a question of unknown words alone is told beside it, and what is shown is marked', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  const drawn = await lucida.pixels(figures(page).first().locator('canvas'));
  await box(page).fill('zzz qqq');
  await box(page).press('Enter');
  await expect(read(page)).toContainText('knows none of these words');
  await expect(box(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(figures(page).first()).toHaveClass(/stale/);
  await expect(lucida.alert).toBeEmpty();
  await box(page).fill('what color is the hydrant?');
  await box(page).press('Enter');
  await settled(lucida);
  await expect(box(page)).toHaveAttribute('aria-invalid', 'false');
  await page.locator('cl-ask-answers select').waitFor();
  expect((await stateOf(page)).answers).toEqual([]);
  expect(drawn).toContain('×');
});

test('a shape is recoloured by a double click, a colour and a key; undo takes it back', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  const before = await answerOf(page);
  await page.mouse.dblclick(...(await lucida.placeOf('red hydrant')));
  await expect(shape(page, 'orange hydrant')).toHaveCount(1);
  await settled(lucida);
  expect((await answerOf(page)).shown[0].maps).not.toEqual(before.shown[0].maps);
  await page.getByRole('button', { name: 'purple', exact: true }).click();
  await expect(shape(page, 'purple hydrant')).toHaveCount(1);
  await shape(page, 'purple hydrant').press('c');
  await expect(shape(page, 'white hydrant')).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(shape(page, 'white hydrant')).toHaveCount(0);
  while (await page.getByRole('button', { name: 'Undo', exact: true }).isEnabled()) await page.keyboard.press('Control+z');
  expect((await classesOf(page)).toSorted()).toEqual(['blue hydrant', 'green hydrant', 'red hydrant', 'yellow hydrant']);
});

test('shapes are added from the palette in the chosen colour, and by dragging', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  await page.getByRole('button', { name: 'blue', exact: true }).click();
  await page.getByRole('button', { name: 'Add blue car', exact: true }).click();
  await expect(shape(page, 'blue car')).toBeFocused();
  const hat = page.getByRole('button', { name: 'Add blue hat', exact: true });
  await hat.scrollIntoViewIfNeeded();
  const stage = await page.locator('cl-ask .stage').boundingBox();
  const { x, y, width, height } = await hat.boundingBox();
  await lucida.drag([x + width / 2, y + height / 2], [stage.x + 0.5 * stage.width, stage.y + 0.2 * stage.height]);
  await expect(shape(page, 'blue hat')).toHaveCount(1);
  await settled(lucida);
  expect((await stateOf(page)).stickers).toHaveLength(6);
});

test('another scene brings its own question, and so does one of chance', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  await page.getByLabel('Scene', { exact: true }).selectOption('lake');
  await expect(box(page)).toHaveValue('is the kite right of the boat?');
  await settled(lucida);
  await expect(page).toHaveURL(/#ask\?scene=lake$/);
  await page.getByRole('button', { name: 'Random' }).click();
  await settled(lucida);
  const random = await stateOf(page);
  expect(random.stickers.length).toBeGreaterThan(1);
  expect(random.question).toBeTruthy();
  await expect(page.locator('cl-ask-question .examples button[aria-pressed=true]')).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await settled(lucida);
  await expect(box(page)).toHaveValue('is the kite right of the boat?');
});

test('layer4 stands beside head, and what is seen before the question beside what it leaves', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida }, 'answer=red,blue');
  await page.getByLabel('Beside it').selectOption('layer4');
  await lucida.expectLive('ask', 4);
  await settled(lucida);
  const { shown } = await answerOf(page);
  expect(shown.map(({ layer }) => layer)).toEqual(['head', 'layer4']);
  expect(shown[0].scale).not.toEqual(shown[1].scale);
  await page.getByRole('button', { name: 'Before and after the question' }).click();
  await lucida.expectLive('ask', 6);
  await settled(lucida);
  const first = await answerOf(page);
  expect(first.before.map(({ layer }) => layer)).toEqual(['layer4', 'head']);
  await ask({ lucida, page }, 'how many red things are there?');
  const second = await answerOf(page);
  expect(second.before[0].maps, 'no question reaches layer4').toEqual(first.before[0].maps);
  expect(second.before[1].maps).not.toEqual(first.before[1].maps);
  await expect(page).toHaveURL(/beside=layer4&before=1/);
});

test('every state comes back from its link', { tag: '@cpu' }, async ({ lucida, page }) => {
  const words =
    'scene=street&background=plain&stickers=red+car@0.3@0.5@0.4@-10,blue+house@0.7@0.4@0.5@0&question=is+there+a+red+car%3F&answer=yes,no@yes&method=hires-cam&layer=layer4&beside=head&before=1&colormap=viridis';
  await asking({ lucida }, words);
  await expect(page).toHaveURL(`${lucida.site}${lucida.query}#ask?${words}`);
  await lucida.expectLive('ask', 6);
  expect(await classesOf(page)).toEqual(['red car', 'blue house']);
  await expect(page.getByLabel('Method')).toHaveValue('hires-cam');
  await expect(lucida.alert).toBeEmpty();
});

test('what a link names and is not there is left out and told', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida }, 'answer=red,mauve&layer=layer9&method=tarot&stickers=red+car@0.3@0.5@0.4@0,unicorn@0.3@0.5@0.4@0');
  await expect(lucida.alert).toContainText('“answer=mauve”');
  await expect(lucida.alert).toContainText('“layer=layer9”');
  await expect(lucida.alert).toContainText('“method=tarot”');
  await expect(lucida.alert).toContainText('“stickers=unicorn”');
  await settled(lucida);
  expect(await stateOf(page)).toMatchObject({ answers: [['red']], layer: null });
});

test(
  'a picture of one’s own is asked about, said to be a guess, and never in the link',
  { tag: '@cpu' },
  async ({ lucida, page }, info) => {
    await asking({ lucida }, 'answer=red');
    await page.getByRole('button', { name: 'Your own picture' }).click();
    await expect(page.locator('cl-ask .drawn')).toContainText('learned from drawn shapes alone');
    await page.locator('cl-ask cl-picture-source label.file input').setInputFiles(PHOTO);
    await expect.poll(async () => (await stateOf(page)).picture?.kind).toBe('own');
    await settled(lucida);
    await lucida.expectLive('ask', 1);
    const own = await answerOf(page);
    await expect(page.locator('cl-shapes img.other')).toBeVisible();
    await page.screenshot({ path: info.outputPath('own.png') });
    await page.getByRole('button', { name: 'The board', exact: true }).click();
    await settled(lucida);
    expect((await answerOf(page)).shown[0].maps).not.toEqual(own.shown[0].maps);
    expect((await stateOf(page)).picture).toBe(null);
    await expect(page.locator('cl-ask .stage')).toBeVisible();
  },
);

test('a picture that a link names and this device does not have gives way to the board', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida }, 'picture=own:holiday.png&answer=red');
  await expect(lucida.alert).toContainText('holiday.png');
  await settled(lucida);
  expect((await stateOf(page)).picture).toBe(null);
  await expect(page.locator('cl-ask .stage')).toBeVisible();
});

test('a drag on a slow machine marks what is behind, and computes only the newest board', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.patchWorker();
  const patch = readFileSync(path.join(import.meta.dirname, 'worker-patch.js'), 'utf8');
  const slow = `addEventListener('message', ({ data }) => {
    const end = performance.now() + (data.name === 'explain' && orders.slow || 0);
    while (performance.now() < end);
  });`;
  await page.route('**/www/worker-patch.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `globalThis.orders = {};\n${patch}\n${slow}` }),
  );
  const messages = await lucida.countMessages();
  await asking({ lucida }, 'answer=red');
  await lucida.order({ slow: 400 });
  const before = (await messages()).explain;
  const stage = await page.locator('cl-ask .stage').boundingBox();
  const to = [stage.x + 0.6 * stage.width, stage.y + 0.5 * stage.height];
  await lucida.drag(await lucida.placeOf('red hydrant'), to, { steps: 40, release: false });
  await expect(figures(page).first()).toHaveClass(/stale/);
  await page.mouse.up();
  await settled(lucida);
  await expect(figures(page).first()).not.toHaveClass(/stale/);
  expect((await messages()).explain - before).toBeLessThan(15);
});

test('a worker that dies is replaced, and the next question is answered', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  await lucida.killWorker();
  await ask({ lucida, page }, 'is there a blue hydrant?');
  await lucida.expectLive('ask', (await answerOf(page)).sums.length);
});

test(
  'the view left and entered again shows the same, and a question asked twice is one to the engine',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const messages = await lucida.countMessages();
    await asking({ lucida });
    expect((await messages()).load_language).toBe(1);
    expect((await messages()).ask).toBe(1);
    await page.getByRole('link', { name: 'Sticker board' }).click();
    await lucida.expectLive('board');
    await page.getByRole('link', { name: 'Ask', exact: true }).click();
    await lucida.expectLive('ask', 4);
    expect((await messages()).load_language).toBe(1);
    expect((await messages()).ask).toBe(1);
  },
);

test('the heatmaps are saved as one picture, and the numbers as JSON', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida }, 'answer=red,yellow@blue&beside=layer4');
  const save = async (name) => {
    await page.locator('cl-ask cl-save #open').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const grid = await save('With legend and caption');
  expect(grid.name).toBe('what-color-is-the-hydrant.png');
  expect(grid.bytes.subarray(1, 4).toString()).toBe('PNG');
  const { bytes } = await save('Result with all settings');
  const result = JSON.parse(bytes);
  const { shown } = await answerOf(page);
  expect(result.question).toBe('what color is the hydrant?');
  expect(result.maps.map(({ answer, layer }) => [answer, layer])).toEqual([
    [['red'], 'head'],
    [['yellow', 'blue'], 'head'],
    [['red'], 'layer4'],
    [['yellow', 'blue'], 'layer4'],
  ]);
  expect(result.maps[0].values).toEqual(shown[0].maps[0].data);
  expect(result.link).toContain('#ask?answer=red,yellow@blue&beside=layer4');
});

test('a site without the network says so, and its board works', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.route('**/models/index.json', async (route) => {
    const { language, ...index } = await (await route.fetch()).json();
    await route.fulfill({ json: index });
  });
  await lucida.openView('ask');
  await expect(page.locator('cl-ask .missing')).toContainText('does not have the network');
  await page.getByRole('button', { name: 'Add red car', exact: true }).click();
  await expect(shape(page, 'red car')).toBeFocused();
  await expect(lucida.alert).toBeEmpty();
  await expect(lucida.working).toBeHidden();
});

test('shapes are painted as the library paints them', { tag: '@cpu' }, async ({ lucida, page }) => {
  const golden = path.join(root, 'tests/fixtures/pictures/shapes.png');
  expect(existsSync(golden), golden).toBe(true);
  // The module as it stands in the sources: the bundle exports none of it.
  await page.route('**/raw/**', (route) => {
    const file = path.join(root, new URL(route.request().url()).pathname.slice('/raw/'.length));
    route.fulfill({ contentType: file.endsWith('.json') ? 'application/json' : 'text/javascript', body: readFileSync(file) });
  });
  await lucida.openView('ask');
  const { mean, far } = await page.evaluate(async (base64) => {
    const { SHAPES } = await import('/raw/www/scenes/shapes.js');
    const file = await (await fetch(`data:image/png;base64,${base64}`)).blob();
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
    const side = bitmap.width;
    const read = (draw) => {
      const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
      draw(context);
      return context.getImageData(0, 0, side, side).data;
    };
    const expected = read((context) => context.drawImage(bitmap, 0, 0));
    const drawn = read((context) => {
      context.fillStyle = 'rgb(236 232 222)';
      context.fillRect(0, 0, side, side);
      for (let i = 0; i < 16; i++) {
        context.save();
        context.translate((((i % 4) + 0.5) / 4) * side, ((Math.floor(i / 4) + 0.5) / 4) * side);
        context.rotate((15 * ((i % 3) - 1) * Math.PI) / 180);
        SHAPES.draw(context, SHAPES.classes[8 * i + (i % 8)], 0.22 * side);
        context.restore();
      }
    });
    const differences = drawn.map((value, i) => Math.abs(value - expected[i]));
    return {
      mean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
      far: differences.filter((value) => value > 64).length / differences.length,
    };
  }, readFileSync(golden).toString('base64'));
  // Only the edges differ: two rasterisers.
  expect(mean).toBeLessThan(0.6);
  expect(far).toBeLessThan(0.0001);
});

test('the network is given exactly the pixels of the board', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  const differs = await page.locator('cl-ask .stage canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const given = globalThis.camLucida.elements.get('ask').controller.answer.value.picture.data;
    return data.length === given.length ? data.findIndex((value, i) => value !== given[i]) : 'in size';
  });
  expect(differs).toBe(-1);
});

test('the board is played by keyboard, and what is shown is said', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida });
  await shape(page, 'red hydrant').focus();
  const before = (await stateOf(page)).stickers;
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('+');
  await settled(lucida);
  expect(before).toBe(null);
  expect((await stateOf(page)).stickers[0]).toMatchObject({ class: 'red hydrant', x: 0.28, size: 0.484 });
  await expect(lucida.status).toContainText(/Red hydrant, 28% from the left.*Answers: /);
  await expect(page.getByRole('img', { name: /What speaks for “red” as the answer to “what color is the hydrant\?”/ })).toBeVisible();
});

for (const [lang, theme] of [
  ['en', 'light'],
  ['zh', 'dark'],
]) {
  test(`a telephone of 360 pixels shows all of it without scrolling sideways, ${lang}`, { tag: '@cpu' }, async ({ lucida, page }, info) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await asking({ lucida }, `${FOUR}&before=1`, { query: `?lang=${lang}&theme=${theme}` });
    await lucida.expectLive('ask', 6);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    const stage = await page.locator('cl-ask .stage').boundingBox();
    expect(stage.width).toBeGreaterThan(320);
    const heat = await figures(page).first().boundingBox();
    expect(heat.y).toBeLessThan(740);
    expect((await page.locator('cl-ask cl-ask-answers').boundingBox()).y, 'the heatmaps come before the list').toBeGreaterThan(heat.y);
    await page.screenshot({ path: info.outputPath(`ask-${lang}.png`), fullPage: true });
  });

  test(`axe finds nothing to object to, ${lang}, ${theme}`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await asking({ lucida }, 'answer=red,yellow@blue&before=1&question=what+hue+is+the+gizmo', { query: `?lang=${lang}&theme=${theme}` });
    await lucida.expectLive('ask', 4);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
  });
}

test('parts of the view are hidden by their names', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida }, FOUR, { query: '?hide=lead,question,palette,tools,classes,method,layers,save,picture,caption' });
  await lucida.expectLive('ask', 4);
  for (const part of [
    '.lead',
    'cl-ask-question',
    'cl-board-palette',
    'cl-board-tools',
    'cl-ask-answers',
    'cl-ask-how select',
    'cl-save',
    '.choice',
    '.legend',
  ])
    await expect(page.locator(`cl-ask ${part}`)).toHaveCount(0);
});

test('each hydrant’s colour is an answer, and the heatmap of each lies on its own hydrant', { tag: '@cpu' }, async ({ lucida, page }) => {
  await asking({ lucida }, '');
  const { sums, shown } = await answerOf(page);
  const colours = ['blue', 'green', 'red', 'yellow'];
  expect(sums.flat().toSorted()).toEqual(colours);
  const stickers = await page.evaluate(() => globalThis.camLucida.elements.get('ask').controller.board.scene.stickers);
  for (const [which, [answer]] of sums.entries()) {
    const { width, height, data } = shown[0].maps[which];
    const on = ({ x, y, size }) =>
      data.reduce((sum, value, i) => {
        const [u, v] = [((i % width) + 0.5) / width, (Math.floor(i / width) + 0.5) / height];
        return sum + (Math.abs(u - x) < size / 2 && Math.abs(v - y) < size / 2 ? Math.max(value, 0) : 0);
      }, 0);
    const masses = Object.fromEntries(stickers.map((one) => [one.class.split(' ')[0], on(one)]));
    const all = Object.values(masses).reduce((sum, value) => sum + value, 0);
    expect(masses[answer] / all, `${answer}: ${JSON.stringify(masses)}`).toBeGreaterThan(0.6);
  }
});
