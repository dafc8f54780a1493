// What is embedded, in Chromium, Firefox and WebKit: the element under a strict policy, from another origin, and the frame.
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { ENGINES, test } from './engines.mjs';
import { host, pageWith, policyFor } from './host.mjs';
import { picture } from './inputs.mjs';

const LIKE = 1e-3; // of the map's maximum

/** Waits in the page; it brings all that it needs. */
const element = async () => {
  const one = document.querySelector('cam-lucida');
  await customElements.whenDefined('cam-lucida');
  const refused = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    refused.push(`${effectiveDirective} ${blockedURI}`),
  );
  const told = [];
  for (const name of ['load', 'result', 'error']) one.addEventListener(name, () => told.push(name));
  const { classes, map, network } = await one.explain({ classes: ['elephant'], opacity: 0.6 });
  const canvas = one.shadowRoot
    .querySelector('figure')
    .firstElementChild.shadowRoot.querySelector('.heatmaps > *')
    .shadowRoot.querySelector('canvas');
  const { size, type } = await one.toBlob();
  return { classes, network: network.name, map: Array.from(map.data), size, type, told, refused, drawn: canvas.width };
};

const frame = () =>
  new Promise((resolve, reject) => {
    const heard = [];
    addEventListener('message', ({ data }) => {
      heard.push(data);
      if (data.type === 'height' && data.height > 300)
        document.getElementById('frame').contentWindow.postMessage({ target: 'cam-lucida', version: 1, type: 'ping', id: 7 }, '*');
      if (data.type === 'pong') resolve(heard);
    });
    const tick = setInterval(
      () => document.getElementById('frame').contentWindow.postMessage({ target: 'cam-lucida', version: 1, type: 'load' }, '*'),
      200,
    );
    setTimeout(() => clearInterval(tick), 20_000);
    setTimeout(() => reject(new Error(`no answer: ${JSON.stringify(heard)}`)), 60_000);
  });

let first = null; // the map of the first engine

for (const [name, { missing, open }] of Object.entries(ENGINES)) {
  test(`${name}: the element from another origin under a strict policy, and the frame`, { tag: '@cpu' }, async ({ site }) => {
    const lacking = missing();
    if (lacking && process.env.CI) throw new Error(`CI needs ${name}: install ${lacking}`);
    test.skip(Boolean(lacking), `${name} is not installed (${lacking})`);
    test.setTimeout(180_000);
    const guide = await host(
      {
        '/': pageWith(site, '<cam-lucida src="/picture.png" reveal="manual"></cam-lucida>'),
        '/picture.png': readFileSync(picture),
        '/frame': {
          body: `<!doctype html><title>Course</title><iframe id="frame" src="${site}embed.html?lang=en&load=click#explain" width="900" height="500"></iframe>`,
          headers: { 'content-security-policy': '' },
        },
      },
      { headers: { 'content-security-policy': policyFor(new URL(site).origin) } },
    );
    const page = await open(guide.url);
    try {
      const { classes, map, network, size, type, told, refused, drawn } = await test.step('element', () => page.run(element));
      expect([network, classes.map(({ name: one }) => one), refused]).toEqual(['resnet_small', ['elephant'], []]);
      expect(told.filter((one) => one !== 'load')).toEqual(['result']);
      expect(type).toBe('image/png');
      expect(size).toBeGreaterThan(1000);
      expect(drawn).toBeGreaterThan(100);
      first ??= map;
      const worst = Math.max(...map.map((value, i) => Math.abs(value - first[i]))) / Math.max(...first);
      expect(worst).toBeLessThan(LIKE);

      await page.go(`${guide.url}/frame`);
      const heard = await test.step('frame', () => page.run(frame));
      expect(heard.map(({ type: one }) => one)).toContain('ready');
      expect(heard.at(-1)).toMatchObject({ source: 'cam-lucida', version: 1, type: 'pong', id: 7 });
    } finally {
      await page.close();
      await guide.close();
    }
  });
}
