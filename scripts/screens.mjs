// Pictures of every view, to be looked at before a release: node scripts/screens.mjs [FOLDER] [OUT] [VIEW...]
//
// Each view is opened at the width of a telephone and of a desk, in each language, dark and for a projector; OUT gets a sheet of these
// for each view and width, and each picture beside. What is wider than the screen, or cut off, is told, and the Latin words in Chinese.
import { chromium } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { serve } from './serve.mjs';

const [folder = 'dist', out = 'packed/screens', ...chosen] = process.argv.slice(2);
const WIDTHS = { 360: 740, 1280: 800 };
const LANGUAGES = ['en', 'zh'];
const THEMES = ['dark', 'projector'];
const HIGHEST = 2600; // pixels of a picture: what is further down is left out

/** What is looked at: a name, the query and the hash of its address, and what is done there. */
const SCREENS = [
  { name: 'board', hash: 'board' },
  { name: 'bias', hash: 'bias' },
  { name: 'ask', hash: 'ask?before=1' },
  { name: 'caption', hash: 'caption' },
  { name: 'explain', hash: 'explain?class=0,1' },
  { name: 'compare', hash: 'compare' },
  { name: 'compare-classes', hash: 'compare?rows=class&columns=layer&class=0,1&layer=-,layer3' },
  { name: 'steps', hash: 'steps' },
  { name: 'erase', hash: 'erase?strokes=blur@140@a0a0b0b0c0c0d0d0' },
  { name: 'trust', hash: 'trust' },
  { name: 'trust-curves', hash: 'trust?experiment=curves', press: '.asking button' },
  { name: 'trust-weights', hash: 'trust?experiment=weights', press: '.asking button' },
  { name: 'trust-changes', hash: 'trust?experiment=changes', press: '.asking button' },
  { name: 'inside', hash: 'inside' },
  { name: 'guess', hash: 'guess' },
  { name: 'guess-revealed', hash: 'guess?guess=0.4@0.5@0.4&shown=0' },
  { name: 'camera-off', hash: 'camera' },
  { name: 'camera', hash: 'camera', press: '.start', wait: 2000 },
  { name: 'camera-sheet', hash: 'camera?sheet=1' },
  { name: 'lessons', hash: 'lessons' },
  { name: 'lessons-worksheet', hash: 'lessons?lesson=doctor-or-nurse' },
  { name: 'lessons-teacher', hash: 'lessons?lesson=doctor-or-nurse&sheet=teacher' },
  { name: 'lesson-beside', query: '&lesson=follow-the-cat&step=2', hash: 'board' },
];

/** Runs in the page: the texts that are cut off, and what is wider than the screen. */
function faults() {
  const found = [];
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} pixels wide`);
  const look = (/** @type {ParentNode} */ root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
      if (!text || !element.getClientRects().length) continue;
      const { overflowX, overflowY } = getComputedStyle(element);
      const wide = element.scrollWidth > element.clientWidth + 1 && !['visible', 'auto', 'scroll'].includes(overflowX);
      const high = element.scrollHeight > element.clientHeight + 1 && !['visible', 'auto', 'scroll'].includes(overflowY);
      const unseen = element.clientWidth <= 1;
      if ((wide || high) && !unseen)
        found.push(`cut off in ${element.localName}.${element.className}: ${element.textContent?.trim().slice(0, 60)}`);
    }
  };
  look(document);
  return found;
}

/** Runs in the page: Latin words of the texts that are seen, without those of code. */
function latin() {
  const found = new Set();
  const look = (/** @type {Node} */ node) => {
    if (node.nodeType === 3) for (const [word] of node.textContent?.matchAll(/[A-Za-z][A-Za-z’'.-]{2,}/g) ?? []) found.add(word);
    if (node.nodeType !== 1 && node.nodeType !== 11 && node.nodeType !== 9) return;
    const element = /** @type {Element} */ (node);
    if (['STYLE', 'SCRIPT', 'OPTION', 'CODE', 'INPUT'].includes(element.nodeName) || element.getClientRects?.().length === 0) {
      if (element.nodeName !== 'OPTION' && getComputedStyle(element).display === 'contents') [...element.childNodes].forEach(look);
      else return;
    }
    if (element.shadowRoot) look(element.shadowRoot);
    element.childNodes.forEach(look);
  };
  look(document.body);
  return [...found];
}

const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const flags = ['--no-sandbox', '--disable-features=WebGPU', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
const site = await serve(path.resolve(folder), { port: 0 });
const browser = await chromium.launch({ executablePath, args: flags });
mkdirSync(out, { recursive: true });

/** @returns {Promise<Buffer>} */
async function take(/** @type {typeof SCREENS[number]} */ screen, /** @type {{ width: number, lang: string, theme: string }} */ look) {
  const { width, lang, theme } = look;
  const height = WIDTHS[/** @type {keyof typeof WIDTHS} */ (width)];
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${site.url}?lang=${lang}&theme=${theme}${screen.query ?? ''}#${screen.hash}`);
  const [view] = screen.hash.split('?');
  const settled = () => page.waitForFunction((name) => globalThis.camLucida?.elements.get(name)?.settled, view, { timeout: 60_000 });
  await settled();
  if (screen.press) {
    const button = page.locator(`cl-${view} ${screen.press}`).first();
    if (await button.count()) await button.click();
    if (screen.wait) await page.waitForTimeout(screen.wait);
    else {
      await page.waitForTimeout(300);
      await settled();
    }
  }
  await page.waitForTimeout(500);
  const name = `${screen.name}-${width}-${lang}-${theme}`;
  for (const fault of await page.evaluate(faults)) console.log(`${name}: ${fault}`);
  if (lang === 'zh' && theme === 'dark' && width === 1280) console.log(`${screen.name}: ${(await page.evaluate(latin)).join(' ')}`);
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  const picture = await page.screenshot({
    fullPage: true,
    clip: { x: 0, y: 0, width, height: Math.min(Math.max(whole, height), HIGHEST) },
  });
  writeFileSync(path.join(out, `${name}.png`), picture);
  await context.close();
  return picture;
}

for (const screen of SCREENS) {
  if (chosen.length && !chosen.includes(screen.name)) continue;
  for (const width of Object.keys(WIDTHS).map(Number)) {
    const pictures = [];
    try {
      for (const theme of THEMES) for (const lang of LANGUAGES) pictures.push(await take(screen, { width, lang, theme }));
    } catch (error) {
      console.log(`${screen.name}, ${width}: ${String(error).split('\n')[0]}`);
      continue;
    }
    // A sheet of the four, so that they are looked at together.
    const side = Math.min(width, 800);
    const page = await browser.newPage({ viewport: { width: (width > 800 ? 2 : 4) * (side + 8), height: 600 } });
    const images = pictures.map(
      (one) => `<img width="${side}" style="margin:4px;vertical-align:top" src="data:image/png;base64,${one.toString('base64')}">`,
    );
    await page.setContent(`<body style="margin:0;background:#888;font-size:0">${images.join('')}`);
    writeFileSync(path.join(out, `sheet-${screen.name}-${width}.png`), await page.screenshot({ fullPage: true }));
    await page.close();
  }
}
await browser.close();
await site.close();
