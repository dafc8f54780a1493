// <cam-lucida> in somebody else's page, from another origin.
import { alive, canvas, expect, FIGURE, held, results, SMALL, test, told } from './guide.mjs';
import { policyFor } from './host.mjs';

const FEW_KIB = 16 * 1024; // before it is revealed
const TALL = '<p>Text.</p>'.repeat(100);

test(
  'under a strict policy, from another origin: the heatmap of the picture, and nothing refused',
  { tag: '@cpu' },
  async ({ guide, lucida, page }) => {
    await guide(`${FIGURE}<p>After.</p>`);
    await results(page);
    expect(await page.evaluate(() => globalThis.refused)).toEqual([]);
    expect(await told(page, 'error')).toEqual([]);
    expect(await lucida.coloursShown(canvas(page))).toBeGreaterThan(1000);
    const {
      network,
      classes,
      map,
      picture: { width, height },
    } = await page.evaluate(() => {
      const { map, maps: _, ...result } = document.querySelector('cam-lucida').result;
      return { ...result, map: { ...map, data: Array.from(map.data) } };
    });
    expect([network.name, width, height]).toEqual(['resnet_small', 300, 200]);
    expect(classes[0].probability).toBeGreaterThan(0.5);
    expect(map.data.length).toBe(map.width * map.height);
    expect(Math.max(...map.data)).toBeCloseTo(classes[0].map.max, 5);
    await expect(page.locator('cam-lucida')).toContainText(/Grad-CAM at layer4 of Small ResNet.+ has never seen a photograph/);
  },
);

test(
  'nothing is asked for before it is revealed but its own few KB; then it is, by being seen',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    const { asked, served } = await guide(`${TALL}${FIGURE}`);
    await page.waitForTimeout(1000);
    expect(asked.map(({ path }) => path)).toEqual(['/www/element.js']);
    const body = await asked[0].response.body();
    expect(body.length).toBeLessThan(FEW_KIB);
    expect(served).not.toContain('/picture.png');
    expect(await page.evaluate(() => globalThis.workers.length)).toBe(0);
    await page.locator('cam-lucida').scrollIntoViewIfNeeded();
    await results(page);
  },
);

for (const [how, attributes, reveal] of [
  ['a click', 'reveal="click"', (page) => page.getByRole('button', { name: 'Show the heatmap' }).click()],
  [
    'a call',
    'reveal="manual"',
    (page) =>
      page.evaluate(() =>
        document
          .querySelector('cam-lucida')
          .explain()
          .then(() => {}),
      ),
  ],
]) {
  test(`revealed by ${how} alone`, { tag: '@cpu' }, async ({ guide, page }) => {
    const { asked } = await guide(`<cam-lucida src="/picture.png" ${attributes}></cam-lucida>`);
    await page.waitForTimeout(500);
    expect(asked.length).toBe(1);
    await reveal(page);
    await results(page);
    await expect(canvas(page)).toBeVisible();
  });
}

test('loaded eagerly, the poster stays until the click', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide('<cam-lucida src="/picture.png" poster="/other.png" loading="eager" reveal="click"></cam-lucida>');
  await results(page);
  await expect(canvas(page)).toHaveCount(0);
  await expect(page.locator('cam-lucida [part=poster]')).toBeVisible();
  await page.getByRole('button', { name: 'Show the heatmap' }).click();
  await expect(canvas(page)).toBeVisible();
  expect(await told(page, 'result')).toHaveLength(1);
});

test('with a picture inside, nothing jumps when the heatmap takes its place', { tag: '@cpu' }, async ({ guide, page }) => {
  await page.setViewportSize({ width: 700, height: 900 });
  await guide(
    '<cam-lucida><img src="/picture.png" width="300" height="200" alt="Shapes"><span slot="caption">Figure 1</span></cam-lucida><p id="after">After.</p>',
  );
  const top = () => page.locator('#after').evaluate((one) => one.getBoundingClientRect().top);
  const [before, defined] = [await top(), await page.evaluate(() => performance.now())];
  await results(page);
  await expect(canvas(page)).toBeVisible();
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
  const shifted = await page.evaluate(
    (since) =>
      new Promise((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const { startTime, value } of list.getEntries()) if (startTime > since) sum += value;
        }).observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => resolve(sum), 200);
      }),
    defined,
  );
  expect(shifted).toBeLessThan(0.01);
});

/** A page with twelve, each of another picture and class. */
const TWELVE = Array.from({ length: 12 }, (_, i) => `<cam-lucida id="n${i}" src="/picture.png?${i}" classes="${i}"></cam-lucida>`).join('');

test(
  'twelve on a page share one worker and one network; while they compute, the page draws and answers',
  { tag: '@cpu' },
  async ({ guide, lucida, page }) => {
    await lucida.patchWorker({ slow: 300 }); // milliseconds in which the worker does nothing else, for each
    await page.addInitScript(() => {
      let frames = 0;
      const frame = () => requestAnimationFrame(frame, frames++);
      frame();
      document.addEventListener('click', () => globalThis.told.push({ name: 'click' }));
      globalThis.drawn = []; // how many frames there were before each answer
      globalThis.Worker = class extends Worker {
        constructor(...args) {
          super(...args);
          this.addEventListener('message', ({ data: { value } }) => Array.isArray(value?.classes) && globalThis.drawn.push(frames));
        }
      };
    });
    const { asked } = await guide(`<button>Answer</button>${TWELVE}`, { head: SMALL });
    await expect.poll(async () => (await told(page, 'result')).length).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Answer' }).click();
    await results(page, 12);
    const events = await page.evaluate(() => globalThis.told.map(({ name }) => name));
    expect(events.indexOf('click')).toBeLessThan(events.lastIndexOf('result'));
    const drawn = await page.evaluate(() => globalThis.drawn);
    expect(drawn).toHaveLength(12);
    for (const [i, frames] of drawn.entries()) expect(frames, `frames before answer ${i}: ${drawn}`).toBeGreaterThan(drawn[i - 1] ?? 0);

    expect(await page.evaluate(() => globalThis.workers.length)).toBe(1);
    for (const path of ['/web_bg.wasm', '/models/resnet-scenes/model.safetensors', '/models/index.json'])
      expect(
        asked.filter((one) => one.path === path),
        path,
      ).toHaveLength(1);
    const ids = await page.evaluate(() => [...document.querySelectorAll('cam-lucida')].map(({ result }) => result.classes[0].id));
    expect(ids).toEqual(Array.from({ length: 12 }, (_, i) => i));
  },
);

test(
  'of twelve, each that is removed frees what it held, in the worker and in the page; after the last one the worker ends',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    await guide(TWELVE, { head: SMALL });
    await results(page, 12);
    expect(await held(page)).toEqual({ load_model: 1, open_picture: 12, explain: 12 });
    await page.evaluate(() => {
      const all = [...document.querySelectorAll('cam-lucida')];
      globalThis.kept = all.flatMap((one) => [one, one.result, one.result.map.data].map((what) => new WeakRef(what)));
      for (const one of all.slice(1)) one.remove();
    });
    await expect.poll(() => held(page)).toEqual({ load_model: 1, open_picture: 1, explain: 1 });
    const left = async () => {
      await page.requestGC();
      return page.evaluate(() => globalThis.kept.filter((one) => one.deref()).length);
    };
    await expect.poll(left).toBe(3); // the first one, its result and its map
    await page.evaluate(() => document.querySelector('cam-lucida').remove());
    await expect.poll(() => alive(page)).toEqual([false]);
    await expect.poll(left).toBe(0);
  },
);

test(
  'one that is moved keeps all; after the last one the worker ends, and comes back when it is wanted',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    await guide('<cam-lucida id="a" src="/picture.png"></cam-lucida><cam-lucida id="b" src="/other.png"></cam-lucida>', { head: SMALL });
    await results(page, 2);
    await page.evaluate(() => document.getElementById('a').remove());
    await expect.poll(() => held(page)).toEqual({ load_model: 1, open_picture: 1, explain: 1 });
    await page.evaluate(() => document.body.prepend(document.getElementById('b')));
    await page.waitForTimeout(2500);
    expect(await held(page)).toEqual({ load_model: 1, open_picture: 1, explain: 1 });
    expect(await alive(page)).toEqual([true]);
    await page.evaluate(() => document.getElementById('b').remove());
    await expect.poll(() => alive(page)).toEqual([false]);
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<cam-lucida id="c" src="/picture.png"></cam-lucida>'));
    await results(page, 3);
    expect(await page.evaluate(() => globalThis.workers.length)).toBe(2);
  },
);

test(
  'attributes are properties, changes in one go are one question, and a look computes nothing',
  { tag: '@cpu' },
  async ({ guide, lucida, page }) => {
    await guide(FIGURE);
    await results(page);
    const asked = await page.evaluate(() => {
      globalThis.workers[0].asked.length = 0;
      const one = document.querySelector('cam-lucida');
      Object.assign(one, { classes: ['cat', 4], method: 'layer-cam', layer: 'layer3' });
      return [one.getAttribute('classes'), one.getAttribute('method'), one.opacity, one.reveal];
    });
    expect(asked).toEqual(['cat,4', 'layer-cam', null, 'view']);
    await results(page, 2);
    const { classes, method, layers } = await page.evaluate(() => ({
      ...document.querySelector('cam-lucida').result,
      map: null,
      maps: null,
    }));
    expect([classes.map(({ name }) => name), method, layers]).toEqual([['cat', 'elephant'], 'layer-cam', ['layer3']]);
    await expect(canvas(page)).toHaveCount(2);
    const calls = () => page.evaluate(() => globalThis.workers[0].asked);
    expect((await calls()).filter((name) => name === 'explain')).toHaveLength(1);

    const before = await lucida.pixels(canvas(page).first());
    await page.evaluate(() => {
      globalThis.workers[0].asked.length = 0;
      return document
        .querySelector('cam-lucida')
        .explain({ opacity: 1, colormap: 'viridis' })
        .then(() => {});
    });
    expect(await calls()).toEqual(['draw', 'draw']);
    expect(await lucida.pixels(canvas(page).first())).not.toBe(before);
    await expect(page.locator('cam-lucida')).toHaveAttribute('opacity', '1');
  },
);

test(
  'a script gives a picture, gets scores and map, and a PNG; what is overtaken or aborted says so',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    await guide('<cam-lucida reveal="manual"></cam-lucida>');
    const found = await page.evaluate(async () => {
      const one = document.querySelector('cam-lucida');
      const drawn = new OffscreenCanvas(64, 48);
      drawn.getContext('2d').fillRect(8, 8, 20, 20);
      const image = new Image();
      image.src = '/picture.png';
      const blob = await (await fetch('/picture.png')).blob();
      const sizes = [];
      for (const src of [drawn, image, blob, await createImageBitmap(blob, 0, 0, 50, 60)]) {
        const { picture, map } = await one.explain({ src, class: 'dog', method: 'grad-cam++' });
        sizes.push([picture.width, picture.height, map.data.length > 0]);
      }
      const png = await one.toBlob();
      const bitmap = await createImageBitmap(png);
      const aborted = await one.explain({ method: 'rise', signal: AbortSignal.timeout(50) }).then(
        () => 'done',
        ({ name }) => name,
      );
      const refused = await one.explain({ method: 'crystal-ball' }).then(
        () => 'done',
        ({ code, message }) => [code, message],
      );
      return { sizes, type: png.type, size: [bitmap.width, bitmap.height], aborted, refused };
    });
    expect(found.sizes).toEqual([
      [64, 48, true],
      [300, 200, true],
      [300, 200, true],
      [50, 60, true],
    ]);
    expect(found.type).toBe('image/png');
    expect(found.size[1]).toBeGreaterThan(found.size[0]);
    expect(found.aborted).toBe('TimeoutError');
    expect(found.refused).toEqual(['method-missing', 'There is no method “crystal-ball”.']);
  },
);

test('one that goes while it loads starts nothing, and says so to who waits', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide('<cam-lucida reveal="manual"></cam-lucida>');
  const said = await page.evaluate(async () => {
    const one = document.querySelector('cam-lucida');
    const waiting = one.explain().catch(({ name }) => name);
    one.remove();
    return waiting;
  });
  expect(said).toBe('AbortError');
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => globalThis.workers.length)).toBe(0);
});

test('one that goes takes nothing from another that waits for the same network', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide(
    '<cam-lucida id="a" src="/picture.png" model="vgg-scenes"></cam-lucida><cam-lucida id="busy" src="/other.png"></cam-lucida>',
    { head: SMALL },
  );
  await results(page, 2);
  await page.evaluate(async () => {
    const busy = document.getElementById('busy');
    const begun = new Promise((resolve) => busy.addEventListener('progress', ({ detail: { step } }) => step > 1 && resolve()));
    busy.explain({ method: 'rise', settings: { samples: 400 } });
    await begun;
    document.body.insertAdjacentElement(
      'beforeend',
      Object.assign(document.createElement('cam-lucida'), { id: 'b', src: '/picture.png', model: 'vgg-scenes' }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200)); // it waits for its turn
    document.getElementById('a').remove();
  });
  await expect.poll(async () => (await told(page, 'result')).map(({ id }) => id)).toContain('b');
});

test('what failed frees all that it held when it is removed', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide(
    '<cam-lucida id="a" src="/picture.png"></cam-lucida><cam-lucida id="b" src="/other.png" model="vgg-scenes" classes="unicorn"></cam-lucida>',
    {
      head: SMALL,
    },
  );
  await results(page);
  await expect.poll(() => told(page, 'error')).toHaveLength(1);
  expect(await held(page)).toEqual({ load_model: 2, open_picture: 2, explain: 1 });
  await page.evaluate(() => document.getElementById('b').remove());
  await expect.poll(() => held(page)).toEqual({ load_model: 1, open_picture: 1, explain: 1 });
});

test(
  'a script asks again after a failure; a signal ends what it was given for and nothing later; a PNG waits for the drawing',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    await guide('<cam-lucida src="/none.png" loading="eager" reveal="manual"></cam-lucida>');
    await expect.poll(() => told(page, 'error')).toHaveLength(1);
    const found = await page.evaluate(async () => {
      const one = document.querySelector('cam-lucida');
      const codeOf = (asked) =>
        asked.then(
          () => 'done',
          ({ code, name }) => code ?? name,
        );
      const again = await codeOf(one.explain());
      one.src = '/picture.png';
      await new Promise((resolve) => one.addEventListener('result', resolve, { once: true }));
      const { size } = await one.toBlob();
      const late = new AbortController();
      await one.explain({ signal: late.signal });
      const rise = one.explain({ method: 'rise', settings: { samples: 300 }, overlay: 'heatmap' });
      late.abort();
      const { method, settings, style, link } = await rise;
      const styled = await one.explain({ opacity: 0.25 });
      const unknown = await codeOf(one.explain({ metod: 'rise' }));
      return {
        again,
        size,
        method,
        samples: settings.samples,
        overlay: style.formula,
        link,
        styled: [styled.style.opacity, styled.link],
        unknown,
      };
    });
    expect(found).toMatchObject({ again: 'fetch-status', method: 'rise', samples: 300, overlay: 'heatmap', unknown: 'option-missing' });
    expect(found.size).toBeGreaterThan(1000);
    expect(found.link).toContain('overlay=heatmap');
    expect(found.styled[0]).toBe(0.25);
    expect(found.styled[1]).toContain('opacity=0.25');
  },
);

test(
  'the picture may be in a paragraph; one that a script gave can be taken back; classes by name go to another network',
  { tag: '@cpu' },
  async ({ guide, page }) => {
    await guide('<cam-lucida classes="dog"><p><img src="/picture.png" alt="Shapes"></p></cam-lucida>');
    await results(page);
    const sizes = await page.evaluate(async () => {
      const one = document.querySelector('cam-lucida');
      const size = ({ picture: { width, height } }) => [width, height];
      const first = size(one.result);
      const drawn = new OffscreenCanvas(64, 48);
      drawn.getContext('2d').fillRect(8, 8, 20, 20);
      const given = size(await one.explain({ src: drawn }));
      one.src = null;
      return [first, given, size(await one.explain())];
    });
    expect(sizes).toEqual([
      [300, 200],
      [64, 48],
      [300, 200],
    ]);
    const refused = await page.evaluate(() =>
      document
        .querySelector('cam-lucida')
        .explain({ model: 'people-biased' })
        .catch(({ code, arguments: named }) => [code, named.name]),
    );
    expect(refused).toEqual(['class-missing', 'dog']);
  },
);

test('events: load once, progress as transformers.js tells it, then the result', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide(FIGURE);
  await results(page);
  const all = await page.evaluate(() => globalThis.told.map(({ name, status }) => status ?? name));
  expect(all.filter((one) => one === 'load')).toHaveLength(1);
  expect(all[0]).toBe('initiate');
  expect(all).toContain('compute');
  expect(all.indexOf('load')).toBeLessThan(all.indexOf('result'));
  expect(all.filter((one) => one === 'error')).toEqual([]);
});

test(
  'what cannot be had is told in words, with a code, and asked for again by a button',
  { tag: '@cpu' },
  async ({ guide, page, site }) => {
    await guide('<cam-lucida src="/none.png"></cam-lucida>');
    await expect.poll(() => told(page, 'error')).toHaveLength(1);
    expect((await told(page, 'error'))[0].code).toBe('fetch-status');
    const error = page.locator('cam-lucida [role=alert]');
    await expect(error).toContainText('none.png did not load (404)');
    await page.evaluate(() => (document.querySelector('cam-lucida').src = '/picture.png'));
    await results(page);
    await expect(error).toHaveCount(0);
    // The network is refused; nothing else takes its place.
    await page.evaluate(() => (document.querySelector('cam-lucida').model = 'no-such-network'));
    await expect(error).toContainText('no network “no-such-network”');
    await page.route(`${site}models/vgg-scenes/model.safetensors`, (route) => route.abort());
    await page.evaluate(() => (document.querySelector('cam-lucida').model = 'vgg-scenes'));
    await expect(error).toContainText('did not load');
    await page.unroute(`${site}models/vgg-scenes/model.safetensors`);
    await error.getByRole('button').click();
    await results(page, 2);
  },
);

for (const [what, lacking, said] of [
  ['a worker', (policy) => policy.replace('worker-src blob:', "worker-src 'none'"), 'worker-src blob:'],
  ['WebAssembly', (policy) => policy.replace(" 'wasm-unsafe-eval'", ''), 'engine'],
]) {
  test(`a policy that forbids ${what} is told`, { tag: '@cpu' }, async ({ guide, page, site }) => {
    await guide(FIGURE, { policy: lacking(policyFor(new URL(site).origin)) });
    await expect.poll(() => told(page, 'error')).toHaveLength(1);
    await expect(page.locator('cam-lucida [role=alert]')).toContainText(said);
  });
}

test('in a page that demands Trusted Types', { tag: '@cpu' }, async ({ guide, page, site }) => {
  const more = "require-trusted-types-for 'script'; trusted-types cam-lucida lit-html";
  await guide(FIGURE, { policy: policyFor(new URL(site).origin, more) });
  await results(page);
  expect(await page.evaluate(() => globalThis.refused)).toEqual([]);
});

test('in a shadow root, in two languages, in light and dark', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide(
    '<div id="room"></div><div lang="zh"><cam-lucida id="zh" src="/picture.png" theme="dark" controls="class"></cam-lucida></div>',
  );
  await page.evaluate(() => {
    const root = document.getElementById('room').attachShadow({ mode: 'open' });
    const one = document.createElement('cam-lucida');
    Object.assign(one, { src: '/picture.png', controls: true });
    root.append(one);
  });
  await expect(page.locator('#zh')).toContainText('有');
  await expect(page.locator('#zh')).toContainText('大象');
  await expect(page.locator('#room cam-lucida')).toContainText('Elephant');
  await expect(page.locator('#room cam-lucida .controls > details')).toHaveCount(4);
  await expect(page.locator('#zh .controls > details')).toHaveCount(1);
  const scheme = (selector) => page.locator(selector).evaluate((one) => getComputedStyle(one).colorScheme);
  expect([await scheme('#zh'), await scheme('#room cam-lucida')]).toEqual(['dark', 'normal']);
  await page.evaluate(() => (document.getElementById('zh').lang = 'en'));
  await expect(page.locator('#zh')).toContainText('Elephant');
});

test('the controls choose, and the attributes follow', { tag: '@cpu' }, async ({ guide, page }) => {
  await guide('<cam-lucida src="/picture.png" controls></cam-lucida>');
  await results(page);
  await page.locator('cam-lucida .controls > details').first().locator('summary').click();
  await page.locator('cam-lucida button.class').nth(1).click();
  await results(page, 2);
  const [attribute, id] = await page.evaluate(() => {
    const one = document.querySelector('cam-lucida');
    return [one.getAttribute('classes'), one.result.classes[0].id];
  });
  expect(attribute).toBe(String(id));
  await page.locator('cam-lucida .controls > details').nth(1).locator('summary').first().click();
  await page.locator('cam-lucida').getByLabel('Method', { exact: true }).selectOption('layer-cam');
  await results(page, 3);
  await expect(page.locator('cam-lucida')).toHaveAttribute('method', 'layer-cam');
});

test('two versions live side by side, each under its own name', { tag: '@cpu' }, async ({ guide, page, site }) => {
  // The second version: another folder, and another stamp.
  await page.route('**/next/**', async (route) => {
    const response = await route.fetch({ url: route.request().url().replace('/next/', '/') });
    if (!route.request().url().includes('/www/element')) return route.fulfill({ response });
    return route.fulfill({ response, body: (await response.text()).replace(/\bcl-[\da-f]{6}-/g, 'cl-ffffff-') });
  });
  const next = ['?tag=cam-lucida-next', ''].map((query) => `<script type="module" src="${site}next/www/element.js${query}"></script>`);
  await guide(`${FIGURE}<cam-lucida-next id="next" src="/picture.png"></cam-lucida-next>${next.join('')}`, {
    head: SMALL.replace('cam-lucida', 'cam-lucida, cam-lucida-next'),
  });
  await results(page, 2);
  expect(await told(page, 'error')).toEqual([]);
  const inner = (selector) => page.locator(selector).evaluate((one) => one.shadowRoot.querySelector('figure').firstElementChild.localName);
  expect(await inner('#next')).toBe('cl-ffffff-figure');
  expect(await inner('#one')).toMatch(/^cl-[\da-f]{6}-figure$/);
});

test('a board is live: its heatmap follows what is dragged', { tag: '@cpu' }, async ({ guide, lucida, page, site }) => {
  const origin = new URL(site).origin;
  const policy = policyFor(origin, `style-src 'none'`).replace("img-src 'self'", `img-src 'self' ${origin}`);
  await guide('<cam-lucida board="scene=meadow&class=dog"></cam-lucida>', { policy });
  await results(page);
  const heat = page.locator('cam-lucida figure.heat canvas').first();
  const before = await lucida.pixels(heat);
  const sticker = page.locator('cam-lucida .sticker[data-class="dog"]');
  const { x, y, width, height } = await sticker.boundingBox();
  const place = [x + width / 2, y + height / 2];
  await lucida.drag(place, [place[0] - 120, place[1] - 40]);
  await expect.poll(() => lucida.pixels(heat)).not.toBe(before);
  await expect(page.locator('cam-lucida figure.heat .title').first()).toContainText(/dog/i);
  expect(await page.evaluate(() => globalThis.refused)).toEqual([]);
  // Its attributes are followed.
  await expect(page.locator('cam-lucida .palette')).toHaveCount(0);
  await page.evaluate(() => Object.assign(document.querySelector('cam-lucida'), { controls: true, lang: 'zh' }));
  await expect(page.locator('cam-lucida .palette[role=toolbar]')).toBeVisible();
  await expect(page.locator('cam-lucida figure.heat .title').first()).toContainText('狗');
  await page.evaluate(() => (document.querySelector('cam-lucida').board = 'scene=meadow&class=cat'));
  await expect(page.locator('cam-lucida figure.heat .title').first()).toContainText('猫');
  await page.screenshot({ path: process.env.CAM_LUCIDA_SHOT ?? test.info().outputPath('board.png') });
});

test('two boards on a page: each has the parts and the language that it is asked for', { tag: '@cpu' }, async ({ guide, page, site }) => {
  const origin = new URL(site).origin;
  const policy = policyFor(origin).replace("img-src 'self'", `img-src 'self' ${origin}`);
  await guide(
    '<cam-lucida id="a" board="scene=meadow" controls></cam-lucida><cam-lucida id="b" lang="zh" board="scene=meadow"></cam-lucida>',
    {
      policy,
    },
  );
  await expect(page.locator('#a figure.heat .title').first()).toContainText('sure');
  await expect(page.locator('#b figure.heat .title').first()).toContainText('把握');
  await expect(page.locator('#a .palette[role=toolbar]')).toBeVisible();
  await expect(page.locator('#b .palette')).toHaveCount(0);
});
