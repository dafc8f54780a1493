// Erasing: what the page says of an erased picture is what the engine says of these pixels, and nothing old counts as present.
import { LOOKS, expect, test } from './page.mjs';

/** The view, as a person finds what is in it. */
function eraseOf(page) {
  const view = page.locator('cl-erase');
  return {
    view,
    pad: view.getByRole('application'),
    erased: view.locator('.erased'),
    sure: view.locator('.sure'),
    verdict: view.locator('.verdict'),
    record: view.locator('.record'),
    fill: (name) => view.getByRole('radio', { name }).check({ force: true }),
    undo: view.getByRole('button', { name: 'Undo' }),
    clear: view.getByRole('button', { name: 'Start over' }),
  };
}

/** Draws a line on the picture, in shares of its sides. */
async function draw(lucida, from, to, options) {
  const box = await eraseOf(lucida.page).pad.boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await lucida.drag(at(from), at(to), options);
}

/** What is on the screen, and what the engine says of exactly these pixels, by an explanation of its own. */
const compared = (page) =>
  page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const element = elements.get('erase');
    const { answer, base } = element.controller;
    const canvas = element.renderRoot.querySelector('.picture');
    const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const { model } = base.value;
    const ask = async (picture) => {
      const request = { ...answer.value.explanation.request, view: null };
      return Array.from((await engine.explain({ model, picture, request })).probabilities);
    };
    const before = base.value.pixels.data;
    const changed = pixels.data.filter((_, i) => i % 4 === 0 && [0, 1, 2].some((c) => pixels.data[i + c] !== before[i + c])).length;
    return {
      id: answer.value.id,
      shown: Array.from(answer.value.probabilities),
      before: Array.from(base.value.before),
      engine: await ask({ pixels }),
      whole: await ask(base.value.picture),
      share: answer.value.share,
      changed: changed / (canvas.width * canvas.height),
    };
  });

const percent = (share) => (share > 0 && share < 0.0005 ? '<0.1%' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`);

test('the score of an erased picture is that of an explanation of it, and an old one is marked', async ({ lucida, page }) => {
  const { view, erased, sure, verdict, record, fill, undo } = eraseOf(page);
  await lucida.openView('erase?class=0');
  const figures = await lucida.expectLive('erase');
  const untouched = await compared(page);
  expect(untouched.shown).toEqual(untouched.engine);
  expect(untouched.shown).toEqual(untouched.whole); // as Explain asks about the same file
  expect(untouched.before).toEqual(untouched.whole);
  await expect(sure).toHaveText('100% → 100%');
  await expect(verdict).toHaveText('It has not changed its mind.');

  // Grey over the cat: no pixel of it was of this grey, so all that are erased have changed.
  await fill('Grey');
  await draw(lucida, [0.15, 0.5], [0.4, 0.5]);
  await lucida.expectLive('erase');
  const grey = await compared(page);
  expect(grey.shown).toEqual(grey.engine);
  expect(grey.share).toBeCloseTo(grey.changed, 6);
  await expect(erased).toHaveText(percent(grey.changed));
  await expect(sure).toHaveText(`${percent(grey.whole[0])} → ${percent(grey.engine[0])}`);
  expect(grey.engine[0]).toBeLessThan(0.5);
  await expect(verdict).toHaveText(`It has changed its mind, with ${percent(grey.share)} of the pixels erased.`);
  // The brush passed smaller erasures that had changed it already; the smallest can be shown.
  const smallest = parseFloat((await record.innerText()).match(/([\d.]+)%/)[1]) / 100;
  expect(smallest).toBeLessThanOrEqual(grey.share + 0.001);
  if (smallest < grey.share - 0.001) {
    await view.getByRole('button', { name: 'Show it' }).click();
    await lucida.expectLive('erase');
    const shown = await compared(page);
    expect(shown.share).toBeCloseTo(smallest, 2);
    expect(shown.engine[0]).toBeLessThan(0.5);
    await undo.click();
    await lucida.expectLive('erase');
  }

  // While the engine is busy, the picture follows the brush; score, verdict and heatmap say that they do not.
  const release = await lucida.hold('explain');
  await draw(lucida, [0.15, 0.6], [0.4, 0.6], { steps: 4 });
  await expect(figures.first()).toHaveClass(/stale/);
  await expect(verdict).toHaveText('Computing…');
  await expect(erased).not.toHaveText(percent(grey.share));
  await release();
  await lucida.expectLive('erase');
  const more = await compared(page);
  expect(more.shown).toEqual(more.engine);
  await expect(record).toContainText(percent(smallest)); // the smaller one stays
});

test('a finger erases, and scrolls nothing meanwhile', { tag: '@cpu' }, async ({ lucida, page, context }) => {
  const { pad, erased } = eraseOf(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await lucida.openView('erase');
  await lucida.expectLive('erase');
  const { x, y, width, height } = await pad.boundingBox();
  const session = await context.newCDPSession(page);
  const touch = (type, ...places) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: places.map(([left, top]) => ({ x: x + left * width, y: y + top * height })),
    });
  await touch('touchStart', [0.3, 0.3]);
  for (const down of [0.4, 0.5, 0.6, 0.7]) await touch('touchMove', [0.3, down]);
  await touch('touchEnd');
  await lucida.expectLive('erase');
  expect(await page.evaluate(() => scrollY)).toBe(0);
  await expect(erased).not.toHaveText('0%');
  const { share, changed, shown, engine } = await compared(page);
  expect(share).toBeGreaterThan(0.03); // a line of 14 % by more than 40 %
  expect(changed).toBeGreaterThan(0.01);
  expect(shown).toEqual(engine);
});

test('every brush gives the engine what it shows, and all can be undone', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { pad, fill, undo, clear } = eraseOf(page);
  await lucida.openView('erase?class=0');
  await lucida.expectLive('erase');
  const untouched = await compared(page);
  let last = null;
  for (const name of ['Blur', 'Bring back', 'Background']) {
    await fill(name);
    await draw(lucida, [0.6, 0.7], [0.7, 0.8], { steps: 3 });
    await lucida.expectLive('erase');
    last = await compared(page);
    expect(last.shown, name).toEqual(last.engine);
    expect(last.share > 0, name).toBe(name !== 'Bring back');
  }
  await clear.click();
  await lucida.expectLive('erase');
  expect((await compared(page)).shown).toEqual(untouched.shown);
  await page.keyboard.press('Control+z');
  await lucida.expectLive('erase');
  expect((await compared(page)).shown).toEqual(last.shown);
  for (let i = 0; i < 3; i++) await undo.click();
  await lucida.expectLive('erase');
  expect((await compared(page)).shown).toEqual(untouched.shown);
  await expect(undo).toBeDisabled();
  await expect(pad).toBeFocused();
});

test(
  'keys erase, the link keeps the erasure, and boards and explained pictures are erased from',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const { pad, erased, verdict } = eraseOf(page);
    await lucida.openView('erase?class=0&brush=grey');
    await lucida.expectLive('erase');
    await pad.focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('+');
    await page.keyboard.down(' ');
    for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowRight');
    await page.keyboard.up(' ');
    await page.keyboard.press('ArrowDown'); // lifted, the brush erases nothing
    await lucida.expectLive('erase');
    await expect(page).toHaveURL(/#erase\?class=0&brush=grey&size=0\.161&strokes=grey@161@\w+$/);
    await expect(page.locator('cl-erase cl-circle-pad [aria-live]')).toHaveText('34% from the left, 52% from the top, size 16%');
    const found = await compared(page);
    expect(found.shown).toEqual(found.engine);
    await expect(lucida.status).toHaveText(/^\d+(\.\d)?% erased\. Cat: 100% before, now /);
    const said = [await erased.innerText(), await verdict.innerText()];
    await page.reload();
    await lucida.expectLive('erase');
    expect([await erased.innerText(), await verdict.innerText()]).toEqual(said);
    expect((await compared(page)).shown).toEqual(found.shown);

    await lucida.link('board').click();
    await lucida.expectLive('board');
    await page.getByRole('button', { name: 'Erase parts of this board' }).click();
    await expect(page).toHaveURL(/#erase\?picture=board:.*class=0/);
    await lucida.expectLive('erase');
    await expect(erased).toHaveText('0.0%');
    await lucida.link('explain').click();
    await lucida.expectResult();
    await page.locator('cl-explain cl-picture-source .samples button').nth(1).click();
    await lucida.expectResult();
    await page.locator('cl-explain').getByRole('link', { name: 'Erase', exact: true }).click();
    await expect(page).toHaveURL(/#erase\?picture=sample:cats/);
    await lucida.expectLive('erase');

    // A picture that is dropped here is erased from here.
    await page.evaluate(async () => {
      const transfer = new DataTransfer();
      const canvas = new OffscreenCanvas(900, 300);
      canvas.getContext('2d').fillRect(0, 0, 450, 300);
      transfer.items.add(new File([await canvas.convertToBlob()], 'mine.png', { type: 'image/png' }));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
    });
    await expect(page).toHaveURL(/#erase\?picture=own:mine\.png/);
    await lucida.expectLive('erase');
    expect(await page.locator('cl-erase .picture').evaluate(({ width, height }) => [width, height])).toEqual([512, 171]);
  },
);

test(
  'axe finds nothing to object to, and all fits a telephone, in both languages and every theme',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await lucida.openView('erase?class=0&brush=grey&strokes=grey@300@9y9yiahi');
    await lucida.expectLive('erase');
    await page.locator('cl-erase details').evaluateAll((all) => all.forEach((one) => (one.open = true)));
    for (const { theme, lang: language } of LOOKS) {
      await page.evaluate((wanted) => globalThis.camLucida.page.prefer(wanted), { language, theme });
      expect(await lucida.violations(), theme).toEqual([]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    for (const language of ['en', 'zh']) {
      await page.evaluate((wanted) => globalThis.camLucida.page.prefer(wanted), { language, theme: 'light' });
      await lucida.expectFits(language);
      // The heatmap and its numbers are in sight under the picture.
      const { y, height } = await page.locator('cl-erase .figure canvas').boundingBox();
      expect(y + height, language).toBeLessThan(740);
    }
  },
);
