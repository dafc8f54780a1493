// A tab behind another one, in Chromium and Firefox: the browser draws no frame of it and holds its timers back to one a second.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import puppeteer from 'puppeteer-core';
import { ENGINES, TABS, test } from './engines.mjs';
import { fault } from './faults.mjs';

const HIDDEN = 12; // seconds
/** Of RISE: more than are computed while the tab is hidden, or before it is. */
const SAMPLES = 1500;

/** Runs in the page: waits for what the engine has computed. */
const settled = async (method) => {
  const view = () => globalThis.camLucida?.elements.get('explain');
  while (!(view()?.settled && view().explanation?.request.method === method)) await new Promise((resolve) => setTimeout(resolve, 50));
  const { engine } = globalThis.camLucida;
  const { model, picture, request } = view().explanation;
  const again = await engine.explain({ model, picture, request });
  const maps = [];
  for (const one of [view().explanation, again]) maps.push(Array.from((await engine.rawMap(one)).data));
  return { same: JSON.stringify(maps[0]) === JSON.stringify(maps[1]), flat: new Set(maps[0]).size < 2 };
};

for (const [name, options] of Object.entries(TABS)) {
  test(`${name}: a tab that is hidden while it computes has its result when it is back`, { tag: '@cpu' }, async ({ site }) => {
    const lacking = ENGINES[name].missing();
    if (lacking && process.env.CI) throw new Error(`CI needs ${name}: install ${lacking}`);
    test.skip(Boolean(lacking), `${name} is not installed (${lacking})`);
    test.setTimeout(240_000);
    const browser = await puppeteer.launch({ headless: true, ...options() });
    try {
      const page = await browser.newPage();
      await page.goto(`${site}?device=cpu#explain?method=rise&set=samples:${SAMPLES},seed:3&class=4`);
      await page.evaluate(async () => {
        while (!(globalThis.camLucida?.engine.work.value?.step?.done > 0)) await new Promise((resolve) => setTimeout(resolve, 20));
        globalThis.seen = { states: [], ticks: 0, frames: 0 };
        document.addEventListener('visibilitychange', () => globalThis.seen.states.push(document.visibilityState));
        setInterval(() => globalThis.seen.ticks++, 50);
        const frame = () => requestAnimationFrame(() => frame(globalThis.seen.frames++));
        frame();
      });
      fault('tab hidden while it computes');
      const other = await browser.newPage();
      await other.bringToFront();
      await expect.poll(() => page.evaluate(() => document.hidden)).toBe(true);
      const before = await page.evaluate(() => ({ ...globalThis.seen }));
      await sleep(1000 * HIDDEN);
      const after = await page.evaluate(() => ({ ...globalThis.seen, hidden: document.hidden }));
      expect(after.hidden).toBe(true);
      expect(after.ticks - before.ticks, 'timers are held back').toBeLessThan(3 * HIDDEN);
      expect(after.frames - before.frames, 'no frames').toBeLessThan(3 * HIDDEN);
      await page.bringToFront();
      expect(await page.evaluate(settled, 'rise')).toEqual({ same: true, flat: false });
      expect(await page.evaluate(() => globalThis.seen.states)).toEqual(['hidden', 'visible']);
      await page.evaluate(() => (location.hash = '#explain?method=grad-cam&class=4'));
      expect(await page.evaluate(settled, 'grad-cam')).toEqual({ same: true, flat: false });
    } finally {
      await browser.close();
    }
  });
}
