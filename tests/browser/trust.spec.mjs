// Can you trust it?: the numbers on the page are those of the engine for exactly the pictures that are shown, and nothing old
// counts as present.
import { expect, test } from './page.mjs';

/** Scores of the same pixels. */
const SAME = 1e-4;
/** A blurred pixel is shown in the nearest of 256 colours, but measured as it is; that tells where the score is about to turn. */
const ROUNDED = 5e-3;

/** The view, as a person finds what is in it. */
function trustOf(page) {
  const view = page.locator('cl-trust');
  return {
    view,
    verdict: view.locator('.verdict'),
    shown: (name) => view.locator(`cl-shown.${name}`),
    experiment: (name) => view.getByRole('radio', { name }).check({ force: true }),
    slider: (name) => view.getByRole('slider', { name }),
    compute: view.locator('.compute'),
    cells: view.locator('.scores td'),
  };
}

/** What an experiment has found, without pictures. */
const found = (page, experiment) =>
  page.evaluate(
    (name) =>
      JSON.parse(
        JSON.stringify(globalThis.camLucida.elements.get('trust').controller.foundBy(name), (key, value) =>
          key === 'image' || key === 'trained' ? null : value,
        ),
      ),
    experiment,
  );

/** What the engine says of the class before exactly the pixels of canvases that a selector finds. */
const scoresOf = (page, ...selectors) =>
  page.evaluate(async (wanted) => {
    const { engine, elements } = globalThis.camLucida;
    const element = elements.get('trust');
    const { model, explanation, of } = element.controller.base.value;
    const scores = [];
    for (const selector of wanted) {
      const canvas = element.renderRoot.querySelector(selector).renderRoot.querySelector('canvas');
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const explained = await engine.explain({ model, picture: { pixels }, request: { ...explanation.request, view: null } });
      scores.push(explained.probabilities[of.id]);
    }
    return scores;
  }, selectors);

/** What the engine says of pictures that the test makes of the one that the network sees, and of the picture itself. */
const scoresWithin = (page) =>
  page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { model, picture, explanation, of, frame, missing } = elements.get('trust').controller.base.value;
    const { width, height, data } = frame;
    const mirrored = new Uint8ClampedArray(data.length);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < 4; c++) mirrored[4 * (y * width + x) + c] = data[4 * (y * width + width - 1 - x) + c];
    const score = async (asked) => {
      const request = { ...explanation.request, view: null };
      return (await engine.explain({ model, picture: asked, request })).probabilities[of.id];
    };
    const seen = (pixels) => score({ pixels: new ImageData(pixels, width, height) });
    return {
      side: width,
      whole: await score(picture),
      frame: await seen(data),
      mean: await seen(missing.mean.data),
      blur: await seen(missing.blur.data),
      mirrored: await seen(mirrored),
    };
  });

const decimal = (value) => value.toFixed(2).replace('-', '−');

test('scores of covers are those of the pictures that are shown, and points of curves agree with them', async ({ lucida, page }) => {
  const { verdict, cells, experiment } = trustOf(page);
  await lucida.openView('trust?class=0&share=0.25');
  await lucida.expectLive('trust');
  const cover = await found(page, 'cover');
  const expected = await scoresWithin(page);
  expect(cover.pixels).toBe(expected.side ** 2 / 4);
  expect(cover.whole).toBeCloseTo(expected.whole, 4);
  expect(expected.frame).toBeCloseTo(expected.whole, 4); // what is shown is what the network sees
  const [without, alone] = await scoresOf(page, '.without', '.alone');
  expect(Math.abs(cover.without - without)).toBeLessThan(SAME);
  expect(Math.abs(cover.alone - alone)).toBeLessThan(SAME);
  expect(cover.elsewhere).toHaveLength(16);
  await expect(cells.nth(0)).toHaveText(decimal(cover.whole));
  await expect(cells.nth(2)).toHaveText(decimal(cover.without));
  await expect(cells.nth(3)).toHaveText(new RegExp(`^${decimal(cover.by_chance[0])} \\(`));
  await expect(verdict).toContainText(
    `Without its hottest 25%, the score for cat goes from ${decimal(cover.whole)} to ${decimal(cover.without)}; a cover of this size elsewhere leaves ${decimal(cover.by_chance[0])} on average (16 places).`,
  );

  await page.evaluate(() => globalThis.camLucida.elements.get('trust').controller.ask({ cover: 'blur' }));
  await lucida.expectLive('trust');
  const blurred = await found(page, 'cover');
  const [withoutBlurred, aloneBlurred] = await scoresOf(page, '.without', '.alone');
  expect(Math.abs(blurred.without - withoutBlurred)).toBeLessThan(ROUNDED);
  expect(Math.abs(blurred.alone - aloneBlurred)).toBeLessThan(ROUNDED);

  await experiment('Curves');
  await lucida.expectLive('trust');
  const { deletion, insertion } = await found(page, 'curves');
  const score = ({ points }, step) => points[step][1];
  expect(deletion.points).toHaveLength(29);
  // A quarter of the pixels: what the covers have measured, on their own way.
  expect(score(deletion, 7)).toBeCloseTo(cover.without, 5);
  expect(score(insertion, 7)).toBeCloseTo(blurred.alone, 5);
  expect(score(deletion, 0)).toBeCloseTo(expected.whole, 4);
  expect(score(insertion, 28)).toBeCloseTo(expected.whole, 4);
  expect(Math.abs(score(deletion, 28) - expected.mean)).toBeLessThan(SAME);
  expect(Math.abs(score(insertion, 0) - expected.blur)).toBeLessThan(ROUNDED);
  const area = ({ points }) => points.slice(1).reduce((sum, [x, y], i) => sum + ((x - points[i][0]) * (y + points[i][1])) / 2, 0);
  expect(deletion.area).toBeCloseTo(area(deletion), 6);
  await expect(verdict).toContainText(`the area under its curve is ${decimal(area(insertion))}.`);
  for (const step of [0, 6, 20]) {
    await page.evaluate((at) => globalThis.camLucida.elements.get('trust').controller.ask({ step: at }), step);
    await expect(trustOf(page).slider('Share of the pixels exchanged')).toHaveValue(String(step));
    await expect(trustOf(page).shown('deletion').locator('.detail')).toHaveText(`Score ${decimal(score(deletion, step))}`);
    const [deleted, inserted] = await scoresOf(page, '.deletion', '.insertion');
    expect(Math.abs(score(deletion, step) - deleted), `deletion ${step}`).toBeLessThan(SAME);
    expect(Math.abs(score(insertion, step) - inserted), `insertion ${step}`).toBeLessThan(ROUNDED);
  }
});

test('without random weights the heatmaps are the same; with all of them guided backpropagation keeps more of its own', async ({
  lucida,
  page,
}) => {
  const { view, verdict, slider, shown } = trustOf(page);
  await lucida.openView('trust?class=0&experiment=weights');
  await lucida.expectLive('trust');
  const { methods, modules, counts, steps } = await found(page, 'weights');
  expect(methods).toEqual(['grad-cam', 'guided-backprop']);
  expect([counts[0], counts[1], counts.at(-1)]).toEqual([0, 1, modules.length]);
  for (const { rank } of steps[0]) expect(rank).toBeCloseTo(1, 6);
  const [cam, guided] = steps.at(-1).map(({ rank }) => rank ?? 0);
  expect(guided).toBeGreaterThan(cam);
  await expect(shown('random').first()).toContainText('Rank correlation 1.00');
  await slider('Modules with random weights').press('End');
  await expect(shown('random').last()).toContainText(`Rank correlation ${decimal(guided)}`);
  await expect(view.locator('.modules')).toHaveText(`${modules.length} of ${modules.length} modules: from the head to ${modules[0]}.`);
  await expect(verdict).toHaveText(
    new RegExp(`^With random weights in ${modules.length} of ${modules.length} modules, .* Guided backpropagation ${decimal(guided)}\\.$`),
  );
});

test('small changes are undone before heatmaps are compared', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, verdict } = trustOf(page);
  await lucida.openView('trust?class=0&experiment=changes');
  await lucida.expectLive('trust');
  const { changed } = await found(page, 'changes');
  const expected = await scoresWithin(page);
  expect(changed).toHaveLength(7);
  const mirrored = changed.find(({ variant }) => variant.kind === 'mirrored');
  expect(mirrored.probability).toBeCloseTo(expected.mirrored, 4);
  await expect(view.locator('.changed li')).toHaveCount(7);
  await expect(view.locator('.changed li').nth(3).locator('.title')).toHaveText('Mirrored');
  await expect(view.locator('.changed li').nth(3).locator('.detail')).toHaveText(
    `Rank correlation ${decimal(mirrored.rank)}, score ${decimal(mirrored.probability)}`,
  );
  const ranks = changed.map(({ rank }) => rank);
  await expect(verdict).toContainText(`lies between ${decimal(Math.min(...ranks))} (`);
  // A heatmap that is not turned back is another one.
  const turned = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { model, explanation, frame } = elements.get('trust').controller.base.value;
    const { width, height, data } = frame;
    const pixels = new ImageData(width, height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < 4; c++) pixels.data[4 * (y * width + x) + c] = data[4 * (y * width + width - 1 - x) + c];
    const other = await engine.explain({ model, picture: { pixels }, request: { ...explanation.request, classes: [0] } });
    const ranks = {};
    for (const mirrored of [true, false])
      ranks[mirrored] = (
        await engine.compare(explanation, other, { which: [0, 0], side: width, mirrored, right: 0, down: 0 })
      ).rank_of_magnitudes;
    return ranks;
  });
  expect(turned.true).toBeCloseTo(mirrored.rank, 6);
  expect(turned.false).toBeLessThan(turned.true);
});

test('a cancelled experiment gives way at its next step, keeps nothing wrong, and goes on', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { verdict, compute, experiment } = trustOf(page);
  await lucida.openView('trust?class=0');
  await lucida.expectLive('trust');
  await page.evaluate(() => {
    const { engine } = globalThis.camLucida;
    globalThis.before = engine.worker;
    globalThis.stepsAfter = null;
    engine.worker.addEventListener('message', ({ data }) => data.progress && globalThis.stepsAfter !== null && globalThis.stepsAfter++);
    const stop = engine.work.subscribe((work) => {
      if (work?.step?.method !== 'deletion' || work.step.done < 2) return;
      queueMicrotask(() => stop());
      globalThis.stepsAfter = 0;
      document.querySelector('cl-shell').renderRoot.querySelector('cl-status').renderRoot.querySelector('.cancel').click();
    });
  });
  await experiment('Curves');
  await expect(lucida.status).toHaveText('Cancelled.');
  await expect(compute).toHaveText('Go on');
  // The engine is free again, and the same; it has done no step but the one that it was at.
  const after = await page.evaluate(async () => {
    await globalThis.camLucida.engine.start();
    return { steps: globalThis.stepsAfter, same: globalThis.camLucida.engine.worker === globalThis.before };
  });
  expect(after).toEqual({ steps: expect.any(Number), same: true });
  expect(after.steps).toBeLessThanOrEqual(1);
  expect(await found(page, 'curves')).toBeNull();
  await expect(verdict).toBeHidden();
  await compute.click();
  await lucida.expectLive('trust');
  await expect(verdict).toContainText('Deletion takes the score for cat from');
});

test('numbers that are behind are marked, and the picture goes ahead of them', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, verdict, slider, shown, cells } = trustOf(page);
  await lucida.openView('trust?class=0');
  await lucida.expectLive('trust');
  const release = await lucida.hold('measureCover', 'explain');
  const before = await cells.nth(2).innerText();
  await slider('Share of the pixels').press('ArrowRight');
  await expect(shown('without')).toContainText('Without the hottest 21%');
  await expect(shown('without').locator('figure')).toHaveClass(/stale/);
  await expect(view.locator('.scores')).toHaveClass(/stale/);
  await expect(view.locator('.scores tbody tr').nth(1)).toContainText('Without the hottest 20%'); // of what they are
  await expect(cells.nth(2)).toHaveText(before);
  await expect(verdict).toHaveText('Computing…');
  // Of another class nothing that was measured stays.
  await page.evaluate(() => globalThis.camLucida.elements.get('trust').controller.ask({ class: 1 }));
  await expect(view.locator('.scores')).toHaveCount(0);
  await expect(view.locator('figure.heat')).toHaveClass(/stale/);
  await release();
  await lucida.expectLive('trust');
  await expect(verdict).toContainText('Without its hottest 21%, the score for dog');
});

test('keys choose, the link brings all back, and Explain leads here', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, verdict, slider } = trustOf(page);
  await lucida.openView('trust');
  await lucida.expectLive('trust');
  await view.getByRole('radio', { name: 'Cover' }).focus();
  await page.keyboard.press('ArrowRight');
  await lucida.expectLive('trust');
  await slider('Share of the pixels exchanged').press('ArrowRight');
  await view.getByLabel('Method').selectOption('layer-cam');
  await view.getByLabel('Layer').selectOption('layer3');
  await lucida.expectLive('trust');
  await expect(page).toHaveURL(/#trust\?method=layer-cam&layer=layer3&experiment=curves&step=7$/);
  const said = await verdict.innerText();
  await page.reload();
  await lucida.expectLive('trust');
  await expect(verdict).toHaveText(said);
  await expect(slider('Share of the pixels exchanged')).toHaveValue('7');

  await lucida.showSample('explain?picture=sample:cats&class=0&method=layer-cam&layer=layer3');
  await page.locator('cl-explain').getByRole('link', { name: 'Can you trust it?' }).click();
  await expect(page).toHaveURL(/#trust\?picture=sample:cats&class=0&method=layer-cam&layer=layer3$/);
  await lucida.expectLive('trust');
  const [one, other] = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const [explained, doubted] = [elements.get('explain').controller, elements.get('trust').controller];
    const maps = [await engine.rawMap(explained.explanation.value), await engine.rawMap(doubted.base.value.explanation)];
    return maps.map(({ data }) => Array.from(data));
  });
  expect(other).toEqual(one);

  // A picture of one's own, which the network sees squashed.
  await page.evaluate(async () => {
    const transfer = new DataTransfer();
    const canvas = new OffscreenCanvas(300, 100);
    const context = canvas.getContext('2d');
    context.fillStyle = 'red';
    context.fillRect(0, 0, 150, 100);
    transfer.items.add(new File([await canvas.convertToBlob()], 'mine.png', { type: 'image/png' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await expect(page).toHaveURL(/#trust\?picture=own:mine\.png/);
  await lucida.expectLive('trust');
  const { width, height } = await trustOf(page).shown('without').locator('canvas').boundingBox();
  expect(width / height).toBeCloseTo(3, 1);
});

test('what was measured is saved with its link', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view } = trustOf(page);
  await lucida.openView('trust?class=0');
  await lucida.expectLive('trust');
  const [download] = await Promise.all([page.waitForEvent('download'), view.getByRole('button', { name: 'Save the numbers' }).click()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const saved = JSON.parse(Buffer.concat(chunks).toString());
  const { without, elsewhere } = await found(page, 'cover');
  expect(saved).toMatchObject({
    class: { id: 0, name: 'cat' },
    method: 'grad-cam',
    cover: { baseline: 'mean', share: 0.2, without, elsewhere },
  });
  expect(saved.link).toMatch(/#trust\?class=0$/);
});

test(
  'axe finds nothing to object to in any experiment, and all fits a telephone, in both languages and every theme',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await lucida.openView('trust?class=0&fresh=4');
    await lucida.expectLive('trust');
    await page.locator('cl-trust details').evaluateAll((all) => all.forEach((one) => (one.open = true)));
    for (const experiment of ['cover', 'curves', 'weights', 'changes']) {
      await page.evaluate((asked) => globalThis.camLucida.elements.get('trust').controller.ask({ experiment: asked }), experiment);
      await lucida.expectLive('trust');
      await lucida.expectLooks(experiment);
    }
  },
);
