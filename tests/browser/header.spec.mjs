// The header: which views are in its menu, and that the menu has room.
import { VIEWS } from '../../www/views/index.js';
import { absent } from './inputs.mjs';
import { expect, test } from './page.mjs';

const NAMES = VIEWS.map(({ name }) => name);
const TASKS = VIEWS.flatMap(({ task }) => task ?? []);
const viewOf = (href) => /#(\w+)/.exec(href)[1];
const linksOf = (page) => page.locator('cl-header nav a');
const listed = async (page) => (await linksOf(page).evaluateAll((all) => all.map(({ href }) => href))).map(viewOf);
const prefer = (page, wanted) => page.evaluate((one) => globalThis.camLucida.page.prefer(one), wanted);

test('the menu has a view of words exactly where the site brings its network', { tag: '@cpu' }, async ({ lucida, page }) => {
  expect(TASKS.length).toBeGreaterThan(0);
  await lucida.openView('bias');
  await expect.poll(() => listed(page)).toEqual(NAMES.filter((name) => !absent.includes(name)));
  for (const tasks of [[], TASKS.slice(0, 1), TASKS]) {
    await page.unrouteAll();
    await lucida.bring(tasks);
    await page.reload();
    await expect.poll(() => listed(page)).toEqual(VIEWS.filter(({ task }) => !task || tasks.includes(task)).map(({ name }) => name));
  }
});

test(
  'with every view the menu fits a window of 1280 pixels, in both languages and every theme',
  { tag: '@cpu' },
  async ({ lucida, page }, info) => {
    await lucida.bring(TASKS);
    await lucida.openView('bias');
    await expect(linksOf(page)).toHaveCount(VIEWS.length);
    for (const language of ['en', 'zh']) {
      for (const theme of ['light', 'dark', 'projector']) {
        await prefer(page, { language, theme });
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        for (const width of [1600, 1280]) {
          await page.setViewportSize({ width, height: 720 });
          const said = `${language} ${theme} ${width}`;
          const hidden = () => page.locator('cl-header nav').evaluate((nav) => nav.scrollWidth - nav.clientWidth);
          await expect.poll(hidden, said).toBe(0);
          await lucida.expectFits(said);
          const { height } = await page.locator('cl-header').boundingBox();
          expect(height, `${said}: one line`).toBeLessThan(theme === 'projector' ? 72 : 58);
          await page.locator('cl-header').screenshot({ path: info.outputPath(`header-${language}-${theme}-${width}.png`) });
        }
      }
    }
  },
);

test(
  'on a telephone the menu scrolls: the keys bring each view into sight, and the open one is there',
  { tag: '@cpu' },
  async ({ lucida, page }, info) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await lucida.bring(TASKS);
    await lucida.openView('bias');
    await expect(linksOf(page)).toHaveCount(VIEWS.length);
    /** How far a link is out of the menu's sight, in pixels. */
    const hidden = async (link) => {
      const [{ x, width }, nav] = [await link.boundingBox(), await page.locator('cl-header nav').boundingBox()];
      return Math.max(nav.x - x, x + width - nav.x - nav.width);
    };
    const inSight = (link, said) => expect.poll(() => hidden(link), said).toBeLessThan(1);
    for (const language of ['en', 'zh'])
      for (const theme of ['light', 'projector']) {
        await prefer(page, { language, theme });
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
        await lucida.expectFits(`${language} ${theme}`);
        await page.locator('cl-header .more').focus(); // the button after the menu
        for (let at = VIEWS.length - 1; at >= 0; at--) {
          await page.keyboard.press('Shift+Tab');
          await expect(linksOf(page).nth(at)).toBeFocused();
          await inSight(linksOf(page).nth(at), `${language} ${theme} ${NAMES[at]}`);
        }
        await page.screenshot({
          path: info.outputPath(`header-${language}-${theme}-360.png`),
          clip: { x: 0, y: 0, width: 360, height: 80 },
        });
      }
    // The last one of the menu is in sight when it is opened, by its address too.
    const last = NAMES.at(-1);
    await lucida.link(last).focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`#${last}`));
    await inSight(lucida.link(last), last);
    await page.reload();
    await expect(lucida.link(last)).toHaveAttribute('aria-current', 'page');
    await inSight(lucida.link(last), last);
  },
);
