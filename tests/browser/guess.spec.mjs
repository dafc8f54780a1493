// Guess first: the shares on the page are sums over the raw map, and a round is played by keys and by pointer.
import { expect, test } from './page.mjs';

/** The view, as a person finds what is in it. */
function guessOf(page) {
  const view = page.locator('cl-guess');
  return {
    view,
    pad: view.getByRole('application'),
    act: view.locator('.act'),
    place: view.locator('.place'),
    bars: view.locator('cl-guess-bars dd'),
    points: view.locator('p.points'),
    rows: view.locator('cl-guess-table tbody tr'),
  };
}

const settled = (page) => expect.poll(() => page.evaluate(() => globalThis.camLucida?.elements.get('guess')?.settled ?? false)).toBe(true);

/**
 * What the page found, and the same by plain sums over the raw map of an explanation of its own, interpolated at 128 × 128
 * points: of the circle, of every other circle of its size, and of all.
 */
const measured = (page) =>
  page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { controller } = elements.get('guess');
    const { picture, of } = controller.seen.value;
    const { yours, best, chance } = controller.results.value[controller.at.value];
    const circle = controller.state.value.guesses[controller.at.value];
    const [method, merge, target, preprocess] = [
      engine.about.value.methods[0].name,
      ...['merges', 'targets', 'preprocess'].map((name) => engine.about.value[name][0]),
    ];
    const request = {
      method,
      layers: [],
      merge,
      smooth: false,
      preset: null,
      settings: {},
      classes: [of.id],
      target,
      preprocess,
      view: null,
    };
    const map = await engine.rawMap(await engine.explain({ model: controller.round.value.model, picture, request }));
    const value = (x, y) => {
      const along = (place, count) => {
        const at = Math.min(Math.max(place * count - 0.5, 0), count - 1);
        return [Math.floor(at), Math.min(Math.floor(at) + 1, count - 1), at % 1];
      };
      const [[left, right, across], [above, below, down]] = [along(x, map.width), along(y, map.height)];
      const row = (at) => map.data[at * map.width + left] * (1 - across) + map.data[at * map.width + right] * across;
      return row(above) * (1 - down) + row(below) * down;
    };
    const N = 128;
    const grid = Float64Array.from({ length: N * N }, (_, i) => Math.max(0, value(((i % N) + 0.5) / N, (Math.floor(i / N) + 0.5) / N)));
    const total = grid.reduce((sum, one) => sum + one, 0);
    const radius = (circle.size * N) / 2;
    const within = (column, row) => {
      let sum = 0;
      for (let y = Math.max(0, Math.ceil(row - radius)); y <= Math.min(N - 1, row + radius); y++)
        for (let x = Math.max(0, Math.ceil(column - radius)); x <= Math.min(N - 1, column + radius); x++)
          if ((x - column) ** 2 + (y - row) ** 2 <= radius ** 2) sum += grid[y * N + x];
      return sum / total;
    };
    const all = Array.from(grid, (_, i) => within(i % N, Math.floor(i / N)));
    return {
      found: { yours, best, chance },
      expected: {
        yours: within(Math.floor(circle.x * N), Math.floor(circle.y * N)),
        best: Math.max(...all),
        chance: all.reduce((sum, one) => sum + one, 0) / all.length,
      },
    };
  });

test('the shares are sums over the raw map, and the heatmap shows only when it is revealed', async ({ lucida, page }) => {
  const { pad, act, place, bars, points } = guessOf(page);
  const canvas = page.locator('cl-guess canvas.picture');
  await lucida.openView('guess');
  await settled(page);
  await expect(place).toHaveText(/Picture 1 of 10\s*Round 1/);
  await expect(canvas).toHaveAttribute('aria-label', 'The picture without its heatmap');
  const plain = await lucida.pixels(canvas);
  await pad.focus();
  for (const key of ['Shift+ArrowRight', 'ArrowRight', 'Shift+ArrowDown', 'Shift+ArrowDown', '+']) await page.keyboard.press(key);
  expect(await lucida.pixels(canvas)).toBe(plain);
  await page.keyboard.press('Enter');
  await settled(page);
  await expect(canvas).toHaveAttribute('aria-label', /^What speaks for “/);
  expect(await lucida.pixels(canvas)).not.toBe(plain);
  await expect(page).toHaveURL(/#guess\?guess=0\.62@0\.7@0\.345&shown=0$/);
  await expect(lucida.status).toHaveText(/^Your circle holds/);
  const said = await lucida.status.innerText(); // the engine is asked next, and is told of in its place
  const { found, expected } = await measured(page);
  for (const name of ['yours', 'best', 'chance']) expect(found[name], name).toBeCloseTo(expected[name], 5);
  const share = (value) => (value < 0.1 ? `${(100 * value).toFixed(1)}%` : `${Math.round(100 * value)}%`);
  await expect(bars).toHaveText(['yours', 'best', 'chance'].map((name) => share(expected[name])));
  const [worth, byChance] = [expected.yours, expected.chance].map((value) => Math.round((100 * value) / expected.best));
  await expect(points).toHaveText(`${worth} of 100 points; a circle anywhere has ${byChance}.`);
  expect(said).toContain(`Your circle holds ${share(expected.yours)} of the heatmap`);

  // Moved after that, the circle stays; the next picture comes without its heatmap.
  await pad.press('ArrowLeft');
  await expect(page).toHaveURL(/guess=0\.62@0\.7@0\.345&shown=0$/);
  await expect(act).toHaveText('Next picture');
  await act.press('Enter');
  await settled(page);
  await expect(place).toContainText('Picture 2 of 10');
  await expect(canvas).toHaveAttribute('aria-label', 'The picture without its heatmap');
});

test('a round is played to its end, and its link shows it again', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, pad, act, rows, place } = guessOf(page);
  await lucida.openView('guess?round=2');
  for (let i = 0; i < 10; i++) {
    await settled(page);
    const { x, y, width, height } = await pad.boundingBox();
    // Where the best circle is: so the guesses are as good as can be.
    const best = await page.evaluate(() => {
      const { controller } = globalThis.camLucida.elements.get('guess');
      return controller.seen.value.energy.of(controller.circle.value).place;
    });
    await page.mouse.click(x + best.x * width, y + best.y * height);
    await act.click();
    await act.click();
  }
  await settled(page);
  await expect(view.locator('.beaten')).toHaveText(
    /^You have (9[5-9]|100) of 100 points on average\. Circles put anywhere would have [1-4]\d\.$/,
  );
  await expect(rows).toHaveCount(10);
  const table = await rows.allInnerTexts();
  expect(table[9]).toMatch(/\d/);
  // The address is written an instant later.
  await expect(page).toHaveURL(({ hash }) => hash.split('@').length === 1 + 2 * 10 && !hash.includes('shown'));
  await page.reload();
  await settled(page);
  await expect(rows).toHaveText(table, { useInnerText: true });
  await view.getByRole('button', { name: 'Show picture 3' }).click();
  await expect(place).toContainText('Picture 3 of 10');
  await expect(act).toHaveText('Back to the result');
  await act.click();
  await view.getByRole('button', { name: 'Next round' }).click();
  await settled(page);
  await expect(page).toHaveURL(/#guess\?round=3$/);
  await expect(place).toHaveText(/Picture 1 of 10\s*Round 3/);

  // Pictures of one's own, dropped together, are a round.
  await page.evaluate(async () => {
    const transfer = new DataTransfer();
    const canvas = new OffscreenCanvas(300, 200);
    for (const name of ['one.png', 'two.png']) {
      canvas.getContext('2d').fillRect(0, 0, 20, 200);
      transfer.items.add(new File([await canvas.convertToBlob()], name, { type: 'image/png' }));
    }
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
  await expect(place).toHaveText(/Picture 1 of 2\s*Your own pictures/);
  await settled(page);
});

test(
  'axe finds nothing to object to, and all fits a telephone, in both languages and every theme',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await lucida.openView('guess');
    await settled(page);
    const prefer = (wanted) => page.evaluate((one) => globalThis.camLucida.page.prefer(one), wanted);
    const play = (hash) => page.evaluate((one) => (location.hash = one), hash);
    expect(await lucida.violations()).toEqual([]);
    await play('guess?guess=0.5@0.5@0.3&shown=0');
    await prefer({ language: 'zh', theme: 'dark' });
    await settled(page);
    expect(await lucida.violations()).toEqual([]);
    await play(`guess?guess=${Array(10).fill('0.5@0.5@0.3')}`);
    await prefer({ language: 'en', theme: 'projector' });
    await settled(page);
    expect(await lucida.violations()).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    for (const [language, theme] of [
      ['en', 'light'],
      ['zh', 'light'],
      ['en', 'projector'],
    ])
      for (const hash of ['guess', 'guess?guess=0.5@0.5@0.3&shown=0', `guess?guess=${Array(10).fill('0.5@0.5@0.3')}`]) {
        await prefer({ language, theme });
        await play(hash);
        await settled(page);
        await lucida.expectFits(`${hash}, ${theme}`);
      }
  },
);
