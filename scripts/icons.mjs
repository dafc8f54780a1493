// Draws the icons of an installed page from www/icon.svg, in Chromium: node scripts/icons.mjs. To be run when the drawing changes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';

const www = path.resolve(import.meta.dirname, '../www');
const drawing = readFileSync(path.join(www, 'icon.svg'), 'utf8');
/** Systems cut a shape out of this one: it fills its square. */
const square = drawing.replace(/ rx="\d+"/, '');

const executablePath = process.env.CHROMIUM ?? execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const [name, svg, size] of [
  ['icon-192', drawing, 192],
  ['icon-square', square, 512],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${svg}`);
  await page.screenshot({ path: path.join(www, `${name}.png`), omitBackground: true });
  await page.close();
}
await browser.close();
