// embed.html: the page in a frame of somebody else's page, and what the two tell each other.
import { host } from './host.mjs';
import { expect, test as base } from './page.mjs';
import { inUse } from './sources.mjs';

const FUZZED = 1000;
const BIAS = '#bias?person=person-3.png&network=people-balanced';

const test = base.extend({
  /** Opens a page around a frame of `address`, in which ORIGIN is that of the page; gives what our site is asked for, and the frame. */
  framed: async ({ page, site }, use) => {
    const hosts = [];
    await use(async (address, { before = '', sandbox = '', allow = 'camera; fullscreen' } = {}) => {
      const files = {};
      const one = await host(files);
      const src = site + address.replace('ORIGIN', encodeURIComponent(one.url));
      const frame = `<iframe id="frame" src="${src}" width="900" height="500" style="border:0; display:block" allow="${allow}" ${sandbox}></iframe>`;
      const script = `addEventListener('message', ({ data, source, origin }) => heard.push({ data, origin, ours: source === document.getElementById('frame').contentWindow }));`;
      files['/'] = `<!doctype html><title>Course</title><script>const heard = []; ${script}</script>${before}${frame}`;
      hosts.push(one);
      const asked = [];
      page.on('request', (request) => request.url().startsWith(site) && asked.push(new URL(request.url()).pathname));
      await page.goto(one.url);
      return { asked, view: page.frameLocator('#frame') };
    });
    await Promise.all(hosts.map((one) => one.close()));
  },
});

const heard = (page, type) => page.evaluate((wanted) => heard.filter(({ data }) => data?.type === wanted), type);
const send = (page, data) => page.evaluate((one) => document.getElementById('frame').contentWindow.postMessage(one, '*'), data);
const ping = (id) => ({ target: 'cam-lucida', version: 1, type: 'ping', id });

test('it opens what the hash says, without header and footer, when it is seen', { tag: '@cpu' }, async ({ framed, page }) => {
  const { asked, view } = await framed(`embed.html?lang=en&hide=lead${BIAS}`, { before: '<div style="height: 3000px"></div>' });
  await expect(view.locator('.poster')).toBeAttached();
  await page.waitForTimeout(1000);
  expect(asked.toSorted()).toEqual(
    ['/embed.html', '/www/embed.js', '/www/frame.css', '/www/icon.svg'].filter((path) => asked.includes(path)),
  );
  await page.locator('#frame').scrollIntoViewIfNeeded();
  await expect(view.locator('cl-bias figure.heat .title')).toContainText('sure');
  await expect(view.locator('cl-bias .people input').nth(3)).toBeChecked();
  await expect(view.locator('cl-header')).toHaveCount(0);
  await expect(view.locator('footer')).toHaveCount(0);
  await expect(view.locator('.poster')).toHaveCount(0);
});

test('asked to wait for a click, or for a message, it does', { tag: '@cpu' }, async ({ framed, page }) => {
  for (const open of [
    (view) => view.getByRole('button', { name: 'Open CAM Lucida here' }).click(),
    () => send(page, { target: 'cam-lucida', version: 1, type: 'load' }),
  ]) {
    const { asked, view } = await framed('embed.html?lang=en&load=click#explain');
    await expect(view.getByRole('button', { name: 'Open CAM Lucida here' })).toBeVisible();
    await page.waitForTimeout(500);
    expect(asked).not.toContain('/www/main.js');
    await open(view);
    await expect(view.locator('cl-explain figure.heat .title')).not.toBeEmpty();
  }
});

test('it speaks the language that is asked for, before it is loaded too', { tag: '@cpu' }, async ({ framed }) => {
  const { view } = await framed('embed.html?lang=zh&load=click#explain');
  await view.getByRole('button', { name: '在此打开 CAM Lucida' }).click();
  await expect(view.locator('cl-explain')).toContainText('Grad-CAM');
  await expect(view.locator('html')).toHaveAttribute('lang', 'zh-Hans');
});

test(
  'it tells its height, which a page around may give it: it settles, and grows and shrinks',
  { tag: '@cpu' },
  async ({ framed, page }, info) => {
    const { view } = await framed('embed.html?lang=en&hide=picture,network,method,layers,appearance#explain', {
      before: '<h1>Unit 4: What does the network look at?</h1><p>Try two classes. What changes, and what stays the same?</p>',
    });
    await page.evaluate(() =>
      addEventListener('message', ({ data }) => {
        if (data.source === 'cam-lucida' && data.type === 'height') document.getElementById('frame').height = data.height;
      }),
    );
    await expect(view.locator('cl-explain figure.heat .title')).not.toBeEmpty();
    await page.waitForTimeout(1500);
    const heights = (await heard(page, 'height')).map(({ data }) => data.height);
    const [frame, scrolled] = [
      await page.locator('#frame').evaluate((one) => one.clientHeight),
      await view.locator('html').evaluate((one) => one.scrollHeight - one.clientHeight),
    ];
    expect(frame).toBe(heights.at(-1));
    expect(scrolled).toBeLessThanOrEqual(0);
    expect(heights.length, `${heights}`).toBeLessThan(15);
    await page.screenshot({ path: info.outputPath('frame.png'), fullPage: true });
    // Narrower, it is another height, and it settles again.
    await page.locator('#frame').evaluate((one) => (one.width = 400));
    await expect.poll(async () => (await heard(page, 'height')).at(-1).data.height).not.toBe(frame);
    await page.waitForTimeout(500);
    const count = (await heard(page, 'height')).length;
    await page.waitForTimeout(500);
    expect((await heard(page, 'height')).length).toBe(count);
  },
);

test('a ping is answered, to the origin that is told alone', { tag: '@cpu' }, async ({ framed, page, site }) => {
  await framed('embed.html?load=click#explain');
  await send(page, ping('one'));
  await expect
    .poll(() => heard(page, 'pong'))
    .toEqual([
      { data: { source: 'cam-lucida', version: 1, type: 'pong', id: 'one', ignored: 0 }, origin: new URL(site).origin, ours: true },
    ]);
  for (const [told, answers] of [
    ['ORIGIN', 1],
    ['https://somebody.example', 0],
    ['nonsense', 0],
  ]) {
    await framed(`embed.html?load=click&origin=${told}#explain`);
    await expect(page.frameLocator('#frame').locator('.poster')).toBeVisible();
    await send(page, ping(1));
    await page.waitForTimeout(300);
    expect(await heard(page, 'pong'), told).toHaveLength(answers);
  }
});

test(
  `of ${FUZZED} messages that are none, each is ignored and counted, and the view goes on`,
  { tag: '@cpu' },
  async ({ framed, page }) => {
    const { view } = await framed(`embed.html?lang=en${BIAS}`);
    await expect(view.locator('cl-bias figure.heat .title')).toContainText('sure');
    const address = await view.locator('html').evaluate(() => location.href);
    await page.evaluate((count) => {
      let seed = 17;
      const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
      const one = (all) => all[random(all.length)];
      const values = () =>
        one([
          null,
          true,
          0,
          -1,
          NaN,
          '',
          'ping',
          'load',
          'x'.repeat(1000),
          [],
          {},
          [[]],
          new Date(0),
          new ArrayBuffer(8),
          10n,
          undefined,
          '<img src=x onerror=alert(1)>',
          '__proto__',
          { toString: 1 },
          new Map([[1, 2]]),
        ]);
      const nearly = () => {
        const message = {
          target: 'cam-lucida',
          version: 1,
          type: one(['ping', 'load', 'height', 'eval', 'constructor', '__proto__']),
          id: values(),
        };
        // In one place at least it is wrong.
        const wrong = one(['target', 'version', 'type', 'id']);
        if (wrong === 'id') return { ...message, id: one([{}, [], true, NaN, Infinity, 'x'.repeat(65), 10n]) };
        return { ...message, [wrong]: one([undefined, null, 2, '1', 'PING', {}, ['ping'], 'camlucida']) };
      };
      const { contentWindow } = document.getElementById('frame');
      for (let i = 0; i < count; i++) contentWindow.postMessage(random(2) ? values() : nearly(), '*');
    }, FUZZED);
    await send(page, ping('after'));
    await expect.poll(async () => (await heard(page, 'pong')).map(({ data }) => [data.id, data.ignored])).toEqual([['after', FUZZED]]);
    expect(await view.locator('html').evaluate(() => location.href)).toBe(address);
    await view.locator('cl-bias .people input').nth(1).check();
    await expect(view.locator('cl-bias figure.heat .title')).toContainText('sure');
    await expect(view.locator('cl-status [role=alert]')).toBeEmpty();
  },
);

test('another window than the host is not heard', { tag: '@cpu' }, async ({ framed, page, site }) => {
  await framed('embed.html?load=click#explain', {
    before: `<iframe id="other" srcdoc="<script>onmessage = () => parent.frames[1].postMessage({ target: 'cam-lucida', version: 1, type: 'ping', id: 'sly' }, '*')</script>"></iframe>`,
  });
  expect(site).toBeTruthy();
  await expect(page.frameLocator('#frame').locator('.poster')).toBeVisible();
  await page.evaluate(() => document.getElementById('other').contentWindow.postMessage('go', '*'));
  await page.waitForTimeout(300);
  await send(page, ping('host'));
  await expect.poll(async () => (await heard(page, 'pong')).map(({ data }) => [data.id, data.ignored])).toEqual([['host', 1]]);
});

test('in a sandbox without an origin of its own it computes all the same', { tag: '@cpu' }, async ({ framed }) => {
  const { view } = await framed('embed.html?lang=en#explain', { sandbox: 'sandbox="allow-scripts"' });
  await expect(view.locator('cl-explain figure.heat .title')).not.toBeEmpty();
});

test('the camera takes a picture in the frame, where the page around allows it', { tag: '@cpu' }, async ({ context, framed }) => {
  await context.grantPermissions(['camera']); // the visitor would not mind
  const open = async (options) => {
    const { view } = await framed('embed.html?lang=en#explain', options);
    await expect(view.locator('cl-explain figure.heat .title')).not.toBeEmpty();
    await view.getByRole('button', { name: 'Camera', exact: true }).click();
    return { view, dialog: view.getByRole('dialog') };
  };
  const { view, dialog } = await open();
  await dialog.getByRole('button', { name: 'Take the picture' }).click();
  await expect(dialog).toBeHidden();
  await expect(inUse(view).picture).toContainText('camera.jpg');
  await expect(view.locator('cl-explain figure.heat.stale')).toHaveCount(0);

  const other = await open({ allow: 'fullscreen' });
  await expect(other.dialog.getByRole('alert')).toHaveText(/This page may not use the camera/);
});

test('the dialog Share gives the code of it', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('bias?network=people-balanced');
  await lucida.share();
  const code = await page.getByLabel('Code to embed the page').inputValue();
  expect(code).toContain(`src="${lucida.site}embed.html?lang=en#bias?network=people-balanced"`);
});
