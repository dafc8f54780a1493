// How the page looks to a visitor: language, theme and what is hidden, by the address and by the header.
import { withHelp } from '../../scripts/book/build.mjs';
import { PARTS_OF } from '../../www/state/preferences.js';
import { expect, test } from './page.mjs';

// Room for the menu and for what else is in the header, which waits behind a button on narrower screens.
test.use({ viewport: { width: 1680, height: 900 } });

const header = (page) => ({ language: page.getByLabel('Language'), theme: page.getByLabel('Theme') });

/** How much of the page can be seen: elements with something of their own, in all shadow roots. */
const visible = (page) =>
  page.evaluate(() => {
    const count = (root) =>
      [...root.querySelectorAll('*')].reduce(
        (sum, element) => sum + (element.checkVisibility() ? 1 : 0) + (element.shadowRoot ? count(element.shadowRoot) : 0),
        0,
      );
    return count(document.body);
  });

test.describe('in a Chinese browser', () => {
  test.use({ locale: 'zh-CN' });

  test('the page speaks Chinese, and an address that asks for English is followed', { tag: '@cpu' }, async ({ lucida, page }) => {
    await lucida.openView('bias');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
    await expect(page.locator('cl-bias h2')).toHaveText('医生还是护士？');
    await expect(page).toHaveTitle(/^探查偏见/);
    await lucida.openView('bias', { query: '?lang=en' });
    await expect(page.locator('cl-bias h2')).toHaveText('Doctor or nurse?');
  });
});

test(
  'a language is changed in place: nothing is loaded or computed again, and all words follow',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const messages = await lucida.countMessages();
    await lucida.openView('bias');
    await lucida.expectLive('bias', 2);
    const before = await messages();
    await page.evaluate(() => (globalThis.stayed = true));
    await header(page).language.selectOption('zh');
    await expect(page.locator('cl-bias h2')).toHaveText('医生还是护士？');
    await expect(lucida.device).toContainText('正在使用 CPU');
    await expect(page.locator('cl-bias figure.heat .title').first()).toContainText('的把握');
    await expect(page).toHaveURL(/\?lang=zh#bias$/);
    expect(await page.evaluate(() => globalThis.stayed)).toBe(true);
    expect(await messages()).toEqual(before);
    await page.reload();
    await expect(page.locator('cl-bias h2')).toHaveText('医生还是护士？');
  },
);

test('where the site has a book, the header leads to it, in the language of the page', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.route(/\/(index\.html)?(\?.*)?$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: withHelp(await response.text()) });
  });
  await lucida.openView('bias');
  await expect(page.getByRole('link', { name: 'Book' })).toHaveAttribute('href', /\/book\/index\.html$/);
  await header(page).language.selectOption('zh');
  await expect(page.getByRole('link', { name: '手册' })).toHaveAttribute('href', /\/book\/zh\/index\.html$/);
});

test('what the page has said follows the language', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('bias', { query: '?theme=neon' });
  await expect(lucida.alert).toContainText('The page ignores “theme=neon”');
  await header(page).language.selectOption('zh');
  await expect(lucida.alert).toContainText('无法识别链接中的“theme=neon”');
});

test('the theme is that of the address, is changed in place and goes to the address', { tag: '@cpu' }, async ({ lucida, page }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.emulateMedia({ colorScheme: 'light' });
  await lucida.openView('bias', { query: '?theme=dark' });
  const dark = await background();
  await header(page).theme.selectOption('light');
  await expect.poll(background).not.toBe(dark);
  await expect(page).toHaveURL(/\?theme=light#bias$/);
  await header(page).theme.selectOption('auto');
  await expect(page).toHaveURL(/\/#bias$/);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(background).toBe(dark);
});

test('a projector gets larger type, black on white', { tag: '@cpu' }, async ({ lucida, page }) => {
  const look = () =>
    page.evaluate(() => {
      const { backgroundColor, color, fontSize } = getComputedStyle(document.body);
      return { backgroundColor, color, fontSize: parseFloat(fontSize) };
    });
  await page.emulateMedia({ colorScheme: 'dark' });
  await lucida.openView('bias');
  const usual = await look();
  await lucida.openView('bias', { query: '?theme=projector' });
  const { backgroundColor, color, fontSize } = await look();
  expect([backgroundColor, color]).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
  expect(fontSize).toBeGreaterThan(usual.fontSize);
});

for (const [view, count] of [
  ['board', 1],
  ['bias', 2],
  ['explain', 1],
]) {
  test(`each part of the view ${view} can be hidden by its name`, { tag: '@cpu' }, async ({ lucida, page }) => {
    await lucida.openView(view);
    await lucida.expectLive(view, count);
    const all = await visible(page);
    const seen = {};
    for (const part of view === 'bias' ? [...PARTS_OF.frame, ...PARTS_OF[view]] : PARTS_OF[view]) {
      await page.goto('about:blank');
      await page.goto(`${lucida.site}?hide=${part}#${view}`);
      await lucida.expectLive(view, count);
      seen[part] = (await visible(page)) < all;
    }
    expect(
      Object.keys(seen).filter((part) => !seen[part]),
      'parts that hide nothing',
    ).toEqual([]);
  });
}

test('several parts are hidden together, and a name that is none is told', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.goto(`${lucida.site}?hide=header,lead,walls#bias`);
  await lucida.expectLive('bias', 2);
  await expect(page.locator('cl-header')).toHaveCount(0);
  await expect(page.locator('cl-bias .lead')).toHaveCount(0);
  await expect(lucida.alert).toContainText('“hide=walls”');
});

test('going from view to view keeps what each shows, and its part of the address', { tag: '@cpu' }, async ({ lucida, page }) => {
  await lucida.openView('bias?person=person-5.png', { query: '?theme=dark' });
  await lucida.expectLive('bias', 2);
  await lucida.link('board').click();
  await lucida.expectLive('board');
  await lucida.link('bias').click();
  await expect(page).toHaveURL(/\?theme=dark#bias\?person=person-5\.png$/);
  await page.goBack();
  await expect(page.locator('cl-board')).toBeVisible();
  await page.goForward();
  await expect(page).toHaveURL(/#bias\?person=person-5\.png$/);
});

test(
  'a view that cannot be fetched says so, offers to try again, and does not follow elsewhere',
  { tag: '@cpu' },
  async ({ context, lucida, page }) => {
    await lucida.openView('board');
    await lucida.expectLive('board');
    await context.setOffline(true);
    await lucida.link('bias').click();
    await expect(lucida.alert).toContainText('This view did not load. This device is offline');
    await header(page).language.selectOption('en');
    await lucida.link('board').click();
    await expect(page.locator('cl-board')).toBeVisible();
    await expect(lucida.alert).toBeEmpty();
    await lucida.link('bias').click();
    await expect(lucida.alert).toContainText('This view did not load.');
    await context.setOffline(false);
    await lucida.alert.getByRole('button', { name: 'Try again' }).click();
    await lucida.expectLive('bias', 2);
    await expect(lucida.alert).toBeEmpty();
  },
);
