// What the table of methods offers: settings, presets, kinds of output, and work that takes many steps.
import { expect, test } from './page.mjs';

const BUDGET = 'How many channels to try';
const MERGE = 'Merge with another layer';

test('every method is offered, in groups with a name', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.open();
  const groups = await lucida.method
    .locator('optgroup')
    .evaluateAll((all) => all.map(({ label, children }) => ({ label, names: [...children].map(({ value }) => value) })));
  const table = await page.evaluate(() => globalThis.camLucida.engine.about.value.methods.map(({ name }) => name));
  expect(groups.flatMap(({ names }) => names).sort()).toEqual(table.sort());
  for (const { label } of groups) expect(label).toMatch(/^[A-Z].* .*/);
});

test('a method of many steps tells how far it is, then shows its map and what its budget left out', async ({ lucida, page }) => {
  await lucida.prepare('score-cam', { [BUDGET]: 2 });
  await page.getByRole('button', { name: MERGE }).click(); // two layers, so that even two channels take several steps
  const steps = await lucida.recordTexts('.steps');
  await lucida.pickPicture();
  await lucida.expectHow(/^Score-CAM at \S+ and/);
  expect([...new Set((await steps()).filter(Boolean))]).toEqual(['2 of 4', '4 of 4']);
  await expect(lucida.view.locator('.budget')).toHaveText(
    /^The method tried 2 of [\d,]+ channels\. They hold \d+\s?% of the activation\.$/,
  );
  expect(await lucida.coloursShown()).toBeGreaterThan(100);
});

test(
  'a method that tries every channel starts with a budget, others with their own defaults',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.prepare('score-cam');
    await expect(page.getByLabel(BUDGET)).toHaveAttribute('placeholder', '64');
    await lucida.set(BUDGET, 5);
    await lucida.method.selectOption('rise');
    await expect(page.getByLabel('Random masks')).toHaveAttribute('placeholder', '1000');
    await lucida.method.selectOption('score-cam');
    await expect(page.getByLabel(BUDGET)).toHaveValue('5');
  },
);

test('what is being typed stays when the page renders meanwhile', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.prepare('score-cam');
  await page.getByLabel(BUDGET).fill('7');
  await lucida.view.locator('cl-method').evaluate(async (method) => {
    method.requestUpdate();
    await method.updateComplete;
  });
  await expect(page.getByLabel(BUDGET)).toHaveValue('7');
});

test('cancelling a method of many steps returns the page to idle at once, and it goes on working', { tag: '@cpu' }, async ({ lucida }) => {
  await lucida.showFirst();
  const before = await lucida.shown();
  await lucida.method.selectOption('rise');
  await expect(lucida.steps).toContainText('of 1,000');
  await lucida.cancel.click();
  await lucida.expectIdle({ timeout: 300 });
  await expect(lucida.status).toHaveText('Cancelled.');
  expect(await lucida.shown()).toEqual(before);

  await lucida.set('Random masks', 2);
  await lucida.expectHow(/^RISE of/);
  expect((await lucida.shown()).pixels).not.toBe(before.pixels);
});

test('a method that gives a signed picture is drawn as one, and a map again as was chosen for maps', async ({ lucida, page }) => {
  const overlay = page.getByLabel('Overlay');
  const others = ['Colour map', 'Opacity', 'Hide values below'].map((label) => page.getByLabel(label));
  await lucida.showFirst();
  await overlay.selectOption('mask-weighted');

  await lucida.method.selectOption('guided-backprop');
  await lucida.expectHow(/^Guided backpropagation of/);
  await expect(lucida.overlay).toHaveAttribute('aria-label', /^Signed picture for class \d/);
  await expect(overlay).toHaveValue('z-score');
  for (const control of others) await expect(control).toBeDisabled();
  expect(await lucida.coloursShown()).toBeGreaterThan(100);
  const { channels, width } = await lucida.rawMap();
  expect([channels, width]).toEqual([3, 224]);

  await lucida.method.selectOption('grad-cam');
  await lucida.expectHow(/^Grad-CAM at /);
  await expect(overlay).toHaveValue('mask-weighted');
  for (const control of others) await expect(control).toBeEnabled();
});

test('settings and presets reach the engine, and what is out of bounds is refused in words', { tag: '@cpu' }, async ({ lucida, page }) => {
  const label = 'Steps from the blank picture to this one';
  await lucida.prepare('integrated-gradients', { [label]: 1 });
  const steps = await lucida.recordTexts('.steps');
  await lucida.pickPicture();
  await lucida.expectHow(/^Integrated gradients of/);
  expect((await steps()).filter(Boolean).at(-1)).toBe('1 of 1');
  const one = await lucida.rawMap();

  await lucida.set(label, 8);
  await expect.poll(async () => (await steps()).filter(Boolean).at(-1)).toBe('8 of 8');
  await lucida.expectResult();
  expect((await lucida.rawMap()).data).not.toEqual(one.data);

  await lucida.set(label, 0);
  await expect(lucida.alert).toContainText('from 1 to 100,000');

  await lucida.method.selectOption('grad-cam++');
  await page.getByLabel('Preset').selectOption('pytorch-grad-cam');
  await lucida.expectHow(/^Grad-CAM\+\+ \(as in the package pytorch-grad-cam\) at /);
});

test("two layers are merged into one map of the picture's size", { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showFirst();
  const merge = page.getByLabel('How to merge the layers’ maps');
  await expect(merge).toBeHidden();
  const first = await page.getByLabel('Layer', { exact: true }).inputValue();
  await page.getByRole('button', { name: MERGE }).click();
  const second = await page.getByLabel('Layer 2', { exact: true }).inputValue();
  expect(second).not.toBe(first);
  await lucida.expectHow(new RegExp(`at ${first} and ${second} \\(mean of the layers\\) of`));
  const mean = await lucida.rawMap();
  expect([mean.channels, mean.height, mean.width]).toEqual([1, 224, 224]);

  await merge.selectOption('max');
  await lucida.expectHow(/\(maximum at each pixel\)/);
  const most = await lucida.rawMap();
  expect(most.data.every((value, i) => value >= mean.data[i] - 1e-6)).toBe(true);
  expect(most.data).not.toEqual(mean.data);

  await page.getByRole('button', { name: 'Remove layer 2' }).click();
  await lucida.expectHow(new RegExp(`at ${first} of`));
  await expect(merge).toBeHidden();
});

test('smoothing averages over copies, of maps only', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.showFirst();
  const plain = await lucida.rawMap();
  const smooth = page.getByLabel('Smooth:');
  await smooth.check();
  await lucida.expectHow(/, smoothed$/);
  const { data } = await lucida.rawMap();
  expect(data).not.toEqual(plain.data);
  expect(Math.max(...data)).toBeLessThanOrEqual(1);

  await lucida.method.selectOption('gradient');
  await lucida.expectHow(/^Gradient of [^,]+$/);
  await expect(smooth).toBeHidden();
});
