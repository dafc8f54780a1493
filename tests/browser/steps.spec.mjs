// Steps: the sum of the channels is the library's map, a channel that is switched off takes exactly its part away, and what is
// pointed at lights up.
import { expect, test } from './page.mjs';

/** In parts of the map's largest value. */
const SAME = 1e-4;

/** The view, as a person finds what is in it. */
function stepsOf(page) {
  const view = page.locator('cl-steps');
  return {
    view,
    symbols: (name) => view.locator(`cl-steps-formula button[data-symbol=${name}]`),
    picture: (name) => view.locator(`cl-steps-picture.${name}`),
    mark: view.locator('cl-steps-bars .mark'),
    told: view.locator('.step'),
    channel: (number) => view.locator(`cl-steps-channels li[data-channel="${number}"]`),
    channels: view.locator('cl-steps-channels li'),
    counting: view.locator('p.counting'),
    cells: view.locator('table.pixel'),
    choose: (name) => view.getByRole('radio', { name, exact: true }).check({ force: true }),
  };
}

/** What the page shows, as numbers. */
const shown = (page) =>
  page.evaluate(() => {
    const { controller } = globalThis.camLucida.elements.get('steps');
    const { base, sum, map, pixel } = controller;
    const { parts, order, added, of, method } = base.value;
    const { channels, width, height } = parts;
    return {
      method,
      of: of.id,
      size: { channels, width, height },
      sum: [...sum.value],
      map: [...map.value],
      order,
      added: [...added],
      pixel: pixel.value,
    };
  });

/** The part of a channel at each pixel, from what the engine gave. */
const partOf = (page, channel) =>
  page.evaluate((k) => {
    const { parts } = globalThis.camLucida.elements.get('steps').controller.base.value;
    const { channels, width, height, activations, weights } = parts;
    const area = width * height;
    return Array.from({ length: area }, (_, i) => weights[weights.length > channels ? k * area + i : k] * activations[k * area + i]);
  }, channel);

/** The largest difference of two maps, in parts of the largest value of the second. */
const difference = (one, other) => {
  expect(one).toHaveLength(other.length);
  return Math.max(...one.map((value, i) => Math.abs(value - other[i]))) / Math.max(...other.map(Math.abs));
};

test('the sum of the channels is the map of the library, for every method that is offered', async ({ lucida, page }) => {
  test.slow();
  await lucida.openView('steps?class=0');
  await lucida.expectLive('steps');
  const offered = await page.evaluate(() =>
    globalThis.camLucida.engine.about.value.methods.filter((method) => method.weighted_sum).map(({ name }) => name),
  );
  expect(offered).toEqual(expect.arrayContaining(['grad-cam', 'grad-cam++', 'cam', 'layer-cam', 'hires-cam', 'score-cam', 'ablation-cam']));
  // Few passes of the methods that take many.
  await page.evaluate(() => {
    const { engine } = globalThis.camLucida;
    const { decompose } = engine;
    engine.decompose = (handle, options) => {
      const few = { max_channels: 6, samples: 2, spread: 0.1, seed: 0 };
      const known = engine.about.value.methods.find(({ name }) => name === handle.request.method).settings.map(({ name }) => name);
      globalThis.asked = { ...handle.request, settings: Object.fromEntries(known.map((name) => [name, few[name]])) };
      return decompose.call(engine, { ...handle, request: globalThis.asked }, options);
    };
  });
  for (const name of offered) {
    await page.evaluate((method) => globalThis.camLucida.elements.get('steps').controller.ask({ method, class: 1 }), name);
    await lucida.expectLive('steps');
    const found = await shown(page);
    expect(found.method).toBe(name);
    const library = await page.evaluate(async () => {
      const { engine, elements } = globalThis.camLucida;
      const { model, picture } = elements.get('steps').controller.base.value;
      const explanation = await engine.explain({ model, picture, request: globalThis.asked });
      return Array.from((await engine.rawMap(explanation)).data);
    });
    expect(Math.max(...library), `${name} is not flat`).toBeGreaterThan(0);
    expect(difference(found.map, library), name).toBeLessThan(SAME);
  }
});

test('a channel that is switched off takes exactly its part away, and nothing is computed again', async ({ lucida, page }) => {
  const { view, channel, channels, counting, choose } = stepsOf(page);
  await lucida.openView('steps?class=0');
  await lucida.expectLive('steps');
  const whole = await shown(page);
  const { channels: count } = whole.size;
  await expect(counting).toHaveText(`Sum of all ${count} channels`);
  await page.evaluate(() => {
    const { engine } = globalThis.camLucida;
    globalThis.calls = 0;
    for (const name of ['explain', 'decompose', 'draw']) engine[name] = () => globalThis.calls++;
  });
  const pixels = () => view.locator('cl-heatmap canvas').evaluate((canvas) => canvas.toDataURL());
  const before = await pixels();
  for (const k of whole.order.slice(0, 2)) {
    const earlier = await shown(page);
    await channel(k).getByRole('checkbox').uncheck();
    const later = await shown(page);
    const part = await partOf(page, k);
    for (const [i, value] of later.sum.entries()) expect(value).toBeCloseTo(earlier.sum[i] - part[i], 12);
    expect(later.map).toEqual(later.sum.map((value) => Math.max(value, 0)));
    await expect(channel(k)).toHaveClass(/off/);
  }
  await expect(counting).toHaveText(`Sum of ${count - 2} of ${count} channels`);
  expect(await pixels()).not.toBe(before);

  await channel(whole.order[2])
    .getByRole('button', { name: `Only channel ${whole.order[2]}` })
    .click();
  const alone = await shown(page);
  const part = await partOf(page, whole.order[2]);
  for (const [i, value] of alone.sum.entries()) expect(value).toBeCloseTo(part[i], 12);
  await expect(counting).toHaveText(`Sum of 1 of ${count} channels`);

  await choose('Without the negative ones');
  const negative = whole.added.filter((value) => value < 0).length;
  expect(negative).toBeGreaterThan(0);
  await expect(counting).toHaveText(`Sum of ${count - negative} of ${count} channels`);
  await choose('Least first');
  const least = whole.order.at(-1);
  await expect(channels.first()).toHaveAttribute('data-channel', String(least));
  await expect(channel(least).getByRole('checkbox')).not.toBeChecked();
  await channel(least).getByRole('checkbox').check();
  await expect(counting).toHaveText(`Sum of ${count - negative + 1} of ${count} channels`);
  await choose('None');
  await expect(view.locator('cl-heatmap')).toContainText('Nothing is above zero');
  await choose('All');
  expect((await shown(page)).sum).toEqual(whole.sum);
  expect(await pixels()).toBe(before);
  expect(await page.evaluate(() => globalThis.calls)).toBe(0);
});

test('what is pointed at or focused lights up: a symbol its picture, a channel its bar', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, symbols, picture, mark, told, channel } = stepsOf(page);
  await lucida.openView('steps?class=0');
  await lucida.expectLive('steps');
  const lit = (name) => picture(name).locator('figure');
  for (const [name, title, source] of [
    ['activations', 'Activations', 'Zeiler 2014'],
    ['gradients', 'Gradients', 'Simonyan 2014'],
    ['sum', 'Weighted sum', 'Zhou 2016'],
    ['relu', 'ReLU', 'Selvaraju 2017'],
  ]) {
    await symbols(name).first().hover();
    await expect(lit(name)).toHaveClass(/lit/);
    await expect(view.locator('cl-steps-picture figure.lit')).toHaveCount(1);
    await expect(told).toContainText(title);
    await expect(told.getByRole('link')).toHaveText(`Paper: ${source}`);
    await expect(told.getByRole('link')).toHaveAttribute('href', /^https:/);
  }
  await symbols('upsampling').focus();
  await expect(view.locator('.symbol[data-pointed] cl-heatmap')).toHaveCount(1);
  await expect(view.locator('cl-steps-picture figure.lit')).toHaveCount(0);
  await symbols('weights').first().focus();
  await expect(view.locator('figure.weights[data-pointed]')).toHaveCount(1);
  await page.mouse.move(0, 0);

  const { order, size } = await shown(page);
  const across = async () => {
    const [bars, bar] = [await view.locator('cl-steps-bars .bars').boundingBox(), await mark.boundingBox()];
    return Math.round(((bar.x + bar.width / 2 - bars.x) / bars.width) * size.channels - 0.5);
  };
  await channel(order[3]).hover();
  await expect(channel(order[3])).toHaveClass(/lit/);
  await expect(picture('activations')).toContainText(`Activations A of channel ${order[3]}`);
  expect(Math.abs((await across()) - 3)).toBeLessThanOrEqual(1);
  await page.mouse.move(0, 0);
  await expect(channel(order[0])).toHaveClass(/lit/);
  await channel(order[5]).getByRole('checkbox').focus();
  await expect(picture('gradients')).toContainText(`Gradients g of channel ${order[5]}`);
  // And a bar its channel.
  await view.locator('cl-steps-bars').scrollIntoViewIfNeeded(); // the focus has scrolled to the channel
  const { x, y, width, height } = await view.locator('cl-steps-bars .bars').boundingBox();
  await page.mouse.move(x + (1.5 / size.channels) * width, y + height / 2);
  await expect(channel(order[1])).toHaveClass(/lit/);
});

test('a pixel’s number is its sum, by pointer, by keyboard and by finger', { tag: '@cpu' }, async ({ lucida, page, context }) => {
  const { cells, picture } = stepsOf(page);
  await lucida.openView('steps?class=0&pixel=0,0');
  await lucida.expectLive('steps');
  const number = (text) => {
    const [figures, power = ''] = text.replace('−', '-').replaceAll(',', '').split(' × 10⁻');
    return Number(figures) / 10 ** [...power].reduce((all, digit) => 10 * all + '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit), 0);
  };
  const adds = async ([column, row]) => {
    const { sum, map, size } = await shown(page);
    const at = row * size.width + column;
    const [total, after] = [sum[at], map[at]].map((value) => Number(value.toPrecision(3)));
    await expect(cells.locator('caption')).toHaveText(`Pixel in column ${column + 1}, row ${row + 1}`);
    expect(number(await cells.locator('tfoot tr').first().locator('td').last().innerText())).toBeCloseTo(total, 10);
    expect(number(await cells.locator('tfoot tr').last().locator('td').last().innerText())).toBeCloseTo(after, 10);
    const parts = await cells.locator('tbody tr').evaluateAll((rows) => rows.map((one) => one.lastElementChild.textContent));
    const rounded = parts.map(number);
    const largest = Math.max(...rounded.map(Math.abs));
    expect(rounded).toHaveLength(6);
    expect(Math.abs(rounded.reduce((all, one) => all + one, 0) - total)).toBeLessThan(0.05 * largest); // of rounded numbers
  };
  await adds([0, 0]);
  const area = picture('sum').locator('.area');
  await area.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowDown');
  await adds([1, 5]);
  await expect(page).toHaveURL(/pixel=1,5/);
  const { size } = await shown(page);
  const { x, y, width, height } = await area.boundingBox();
  const place = (column, row) => [x + ((column + 0.5) / size.width) * width, y + ((row + 0.5) / size.height) * height];
  await page.mouse.move(...place(4, 2));
  await adds([4, 2]);
  await page.mouse.move(0, 0);
  await adds([1, 5]);
  const session = await context.newCDPSession(page);
  const [left, top] = place(6, 7);
  for (const [type, points] of [
    ['touchStart', [{ x: left, y: top }]],
    ['touchEnd', []],
  ])
    await session.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await expect(page).toHaveURL(/pixel=6,7/);
  await adds([6, 7]);
});

test('keys choose, the link brings all back, in both languages, and Explain leads here', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view, symbols, channel, counting, told, picture } = stepsOf(page);
  await lucida.openView('steps');
  await lucida.expectLive('steps');
  await view.getByLabel('Method').selectOption('layer-cam');
  await view.getByLabel('Layer').selectOption('layer3');
  await lucida.expectLive('steps');
  const { order, size } = await shown(page);
  await symbols('relu').press('Enter');
  await channel(order[0]).getByRole('checkbox').press('Space');
  await channel(order[1])
    .getByRole('button', { name: `Show channel ${order[1]}` })
    .press('Enter');
  await expect(page).toHaveURL(new RegExp(`#steps\\?method=layer-cam&layer=layer3&symbol=relu&except=${order[0]}&channel=${order[1]}$`));
  const sum = (await shown(page)).sum;
  await page.reload();
  await lucida.expectLive('steps');
  expect((await shown(page)).sum).toEqual(sum);
  await expect(counting).toHaveText(`Sum of ${size.channels - 1} of ${size.channels} channels`);
  await expect(told).toContainText('ReLU');
  await expect(picture('activations')).toContainText(`Activations A of channel ${order[1]}`);
  await expect(picture('weights')).toContainText('pixel by pixel');

  await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'zh' }));
  await expect(counting).toHaveText(`${size.channels} 个通道中 ${size.channels - 1} 个之和`);
  await expect(view.getByRole('heading', { name: '步骤：从图片到热力图' })).toBeVisible();
  await expect(told.getByRole('link')).toHaveText('论文：Selvaraju 2017');
  await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'en' }));

  await lucida.showSample('explain?picture=sample:cats&class=0&method=layer-cam&layer=layer3');
  await page.locator('cl-explain').getByRole('link', { name: 'Step by step' }).click();
  await expect(page).toHaveURL(/#steps\?picture=sample:cats&class=0&method=layer-cam&layer=layer3$/);
  await lucida.expectLive('steps');
  const [library, made] = await page.evaluate(async () => {
    const { engine, elements } = globalThis.camLucida;
    const { data } = await engine.rawMap(elements.get('explain').controller.explanation.value);
    return [Array.from(data), Array.from(elements.get('steps').controller.map.value)];
  });
  expect(difference(made, library)).toBeLessThan(SAME);
  await lucida.showSample('explain?method=eigen-cam');
  await expect(page.locator('cl-explain').getByRole('link', { name: 'Step by step' })).toHaveCount(0);
});

test('a method that a network does not have says why, and the next one goes on', { tag: '@cpu' }, async ({ lucida, page }) => {
  const { view } = stepsOf(page);
  await lucida.openView('steps?class=0&layer=layer3&method=cam');
  await expect(lucida.alert).toContainText('CAM explains only the layer that is pooled');
  await page.evaluate(() => globalThis.camLucida.elements.get('steps').controller.ask({ layer: null }));
  await lucida.expectLive('steps');
  await expect(lucida.alert).toBeEmpty();
  await expect(view.locator('cl-steps-formula')).toContainText('W');
});

test(
  'axe finds nothing to object to in any formula, and all fits a telephone, in both languages and every theme',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    test.slow(); // axe looks nine times
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await lucida.openView('steps?class=0');
    await lucida.expectLive('steps');
    await page.locator('cl-steps details').evaluateAll((all) => all.forEach((one) => (one.open = true)));
    for (const method of ['grad-cam++', 'hires-cam', 'ablation-cam']) {
      await page.evaluate((asked) => globalThis.camLucida.elements.get('steps').controller.ask({ method: asked }), method);
      await lucida.expectLive('steps');
      await lucida.expectLooks(method);
    }
  },
);
