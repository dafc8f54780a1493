// Lessons run through: each step's task is really done, in the view that it is about, and the lesson notices. And lessons of others:
// by address, and with mistakes that are told.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OWN } from '../../www/lessons/load.js';
import { LOOKS, expect, test } from './page.mjs';

const lessonOf = (name) => JSON.parse(readFileSync(path.join(import.meta.dirname, `../../www/lessons/${name}.json`), 'utf8'));
const LANGUAGES = ['en', 'zh'];

/** A lesson as a person does it. */
class Pupil {
  constructor(lucida) {
    Object.assign(this, { lucida, page: lucida.page, panel: lucida.page.locator('cl-lesson') });
    this.heading = this.panel.locator('h3');
    this.conditions = this.panel.locator('.checks li');
    this.done = this.panel.locator('.notice .done');
    this.next = this.panel.locator('.next');
  }

  /** What the run says of itself. */
  run() {
    return this.page.evaluate(() => {
      const { run } = document.querySelector('cl-lesson');
      return { at: run.at.value, met: run.met.value, done: [...run.done.value], place: run.place.value, astray: run.astray.value };
    });
  }

  /** The view shows the answer to what is asked. */
  async settled() {
    await expect.poll(() => this.page.evaluate(() => globalThis.camLucida?.page.facts.value?.settled ?? false)).toBe(true);
  }

  /** What the view tells of a condition. */
  fact(condition) {
    return this.page.evaluate((asked) => globalThis.camLucida.page.facts.value.told[asked.fact](asked), condition);
  }

  async guess() {
    const act = this.page.locator('cl-guess .act');
    const before = await this.fact({ fact: 'guesses' });
    if (before) await act.click(); // the next picture
    await act.click();
    await expect.poll(() => this.fact({ fact: 'guesses' })).toBe(before + 1);
  }

  /** Turns a sticker of the board by keys, until the view tells enough of a fact. */
  async turnUntil(name, condition, { key = ']', least }) {
    const sticker = this.page.locator(`cl-board .sticker[data-class="${name}"]`).last();
    await sticker.focus();
    for (let i = 0; i < 30; i++) {
      await this.page.keyboard.press(key);
      await this.settled();
      if ((await this.fact(condition)) >= least) return;
    }
    throw new Error(`${name} is turned, and ${JSON.stringify(condition)} is not reached`);
  }

  /** Draws lines on the picture that is erased from, in shares of its sides. */
  async erase(...lines) {
    const pad = this.page.locator('cl-erase cl-circle-pad');
    await pad.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await pad.locator('.area').boundingBox();
    for (const line of lines) {
      const [first, ...rest] = line.map(([left, top]) => [x + left * width, y + top * height]);
      await this.page.mouse.move(...first);
      await this.page.mouse.down();
      for (const point of rest) await this.page.mouse.move(...point, { steps: 6 });
      await this.page.mouse.up();
    }
  }

  async person(file) {
    await this.page.locator(`cl-bias .people input[value="${file}"]`).check({ force: true });
    await this.settled();
  }

  async method(name) {
    await this.page.locator('cl-explain cl-method select#method').selectOption(name);
    await this.settled();
  }

  async explainClass(id) {
    const search = this.page.locator('cl-explain cl-classes input[role=combobox]');
    await search.fill(String(id));
    await search.press('Enter');
    await this.settled();
  }

  async layer(name) {
    await this.page.locator('cl-explain cl-layers select#layer').selectOption(name);
    await this.settled();
  }
}

const [DOG, BICYCLE, TREE] = [1, 12, 29];

/** What is done in each step that has a check, by the step's number. */
const ACTS = {
  'follow-the-cat': {
    0: async (pupil) => {
      for (let i = 0; i < 3; i++) await pupil.guess();
    },
    1: async ({ lucida }) => lucida.drag(await lucida.placeOf('cat'), await lucida.onBoard(0.82, 0.5)),
    2: ({ page }) => page.locator('cl-board select#class').selectOption('dog'),
    4: async ({ lucida }) => lucida.drag(await lucida.placeOf('tree'), await lucida.onBoard(0.42, 0.47)),
    5: (pupil) => pupil.turnUntil('cat', { fact: 'turned', class: 'cat' }, { least: 160 }),
    6: (pupil) => pupil.turnUntil('banana', { fact: 'score', class: 'cat' }, { least: 0.5 }),
  },
  'what-does-it-miss': {
    1: (pupil) =>
      pupil.erase([
        [0.2, 0.5],
        [0.27, 0.5],
      ]),
    2: (pupil) =>
      pupil.erase([
        [0.12, 0.42],
        [0.17, 0.5],
        [0.11, 0.5],
        [0.17, 0.42],
      ]),
    3: (pupil) =>
      pupil.erase(
        [
          [0.75, 0.05],
          [0.75, 0.95],
        ],
        [
          [0, 0.05],
          [0.6, 0.05],
        ],
        [
          [0, 0.97],
          [0.6, 0.97],
        ],
      ),
    5: (pupil) =>
      pupil.erase([
        [0.6, 0.18],
        [0.64, 0.24],
      ]),
    6: (pupil) => pupil.method('grad-cam++'),
    8: () => {}, // the grid fills by itself
  },
  'doctor-or-nurse': {
    1: (pupil) => pupil.person('person-1.png'),
    3: (pupil) => pupil.person('person-3.png'),
    5: (pupil) => pupil.person('person-2.png'),
  },
  'do-not-believe-your-eyes': {
    1: (pupil) => pupil.explainClass(BICYCLE),
    2: async (pupil) => {
      await pupil.method('grad-cam');
      await pupil.explainClass(DOG);
    },
    4: (pupil) => pupil.explainClass(TREE),
    5: (pupil) => pupil.method('grad-cam'),
    6: (pupil) => pupil.layer('layer1'),
    7: ({ page }) =>
      page
        .locator('cl-trust')
        .getByRole('radio', { name: /Random weights|随机权重/ })
        .check({ force: true }),
    8: (pupil) => pupil.turnUntil('house', { fact: 'score', class: 'clock' }, { least: 0.8 }),
  },
};

/** A text without the stars that emphasise; of several paragraphs the first. */
const plain = (text) => text.split('\n\n')[0].replaceAll('*', '');

for (const name of OWN)
  for (const language of LANGUAGES)
    test(`${name} is run through, ${language}`, { tag: '@cpu' }, async ({ lucida, page }) => {
      test.setTimeout(4 * 60_000);
      const { steps } = lessonOf(name);
      const pupil = new Pupil(lucida);
      const { panel } = pupil;
      await page.goto(`${lucida.site}?lang=${language}#lessons`);
      await page.locator('cl-lessons .cards .start').nth(OWN.indexOf(name)).click();

      for (const [i, step] of steps.entries()) {
        await test.step(`step ${i + 1}`, async () => {
          await expect(pupil.heading).toContainText(plain(step.title[language]));
          expect((await pupil.run()).at).toBe(i);
          await expect(page).toHaveURL(new RegExp(`[?&]lesson=${name}${i ? `&step=${i + 1}` : ''}#`));
          await expect(panel.locator('.words p').first()).toHaveText(plain(step.words[language]));
          await expect(pupil.next.or(panel.locator('.end'))).toBeEnabled(); // it never locks
          expect((await pupil.run()).astray).toBe(false);
          await pupil.settled();
          if (step.light) await expect(page.locator(`cl-${(await pupil.run()).place} [data-lit]`).first()).toBeVisible();

          if (step.check) {
            const act = ACTS[name][i];
            const byItself = act.length === 0;
            const conditions = [step.check].flat();
            await expect(pupil.conditions).toHaveCount(conditions.length);
            if (!byItself) await expect(pupil.done).toHaveCount(0);
            await act(pupil);
            await expect(pupil.done, `step ${i + 1}`).toBeVisible();
            await expect(panel.locator('.checks li.met')).toHaveCount(conditions.length);
            for (const [n, text] of (await pupil.conditions.locator('.now').allInnerTexts()).entries())
              expect(text, `condition ${n}`).not.toBe('');
          }
          if (step.after) await expect(panel.locator('.notice')).toContainText(plain(step.after[language]));
          if (step.question?.answers) {
            const radios = panel.locator('.question input');
            const { answers } = step.question;
            const right = answers.findIndex((one) => one.right);
            for (const [n, answer] of [...answers.entries()].toSorted(([one], [other]) => (one === right) - (other === right))) {
              await radios.nth(n).check();
              await expect(panel.locator('.reply')).not.toBeEmpty();
              if (answer.reply) await expect(panel.locator('.reply')).toContainText(plain(answer.reply[language]));
            }
          }
          if (step.check || step.question?.answers) expect((await pupil.run()).done).toContain(i);
          const goesOn = step.check && !step.after && !step.question;
          if (i < steps.length - 1 && !goesOn) await pupil.next.click();
          if (!goesOn && i < steps.length - 1) await expect(pupil.heading).toBeFocused();
        });
      }
      await panel.locator('.end').click();
      await expect(panel).toHaveCount(0);
      await expect(page).not.toHaveURL(/lesson=/);
    });

// Lessons of others

const ADDRESS = 'https://lessons.example/mine.json';

/** A server that gives one lesson, and lets every site read it; tells how often it was asked. */
async function serving(page, body) {
  const asked = [];
  await page.route(`${ADDRESS}**`, (route) => {
    asked.push(route.request().url());
    return route.fulfill({
      contentType: 'application/json',
      headers: { 'access-control-allow-origin': '*' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  });
  return asked;
}

const MINE = {
  title: 'Hide and seek',
  steps: [
    {
      title: 'One',
      words: 'The <b>first</b> step, *really*.\n\nA second paragraph.',
      state: '#board?scene=hiding&class=cat',
      light: 'stage',
    },
    { title: 'Two', words: 'w', check: { fact: 'stickers', class: 'cat', below: 1 } },
    { title: { zh: '第三步' }, words: 'w' },
  ],
};

test('a lesson of somebody else is fetched when its link is opened, and is text alone', { tag: '@cpu' }, async ({ lucida, page }) => {
  const refused = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  const asked = await serving(page, MINE);
  await page.goto(`${lucida.site}?lang=en#lessons`);
  await expect(page.locator('cl-lessons .cards .start')).toHaveCount(OWN.length);
  expect(asked).toEqual([]);
  await page.getByLabel('Address of the lesson').fill(ADDRESS);
  await page.getByLabel('Address of the lesson').press('Enter');
  const pupil = new Pupil(lucida);
  await expect(pupil.heading).toHaveText('One');
  expect(asked).toEqual([ADDRESS]);
  await expect(page).toHaveURL(/#board\?scene=hiding/);
  await expect(pupil.panel.locator('.words p')).toHaveText(['The <b>first</b> step, really.', 'A second paragraph.']);
  await expect(pupil.panel.locator('.words em')).toHaveText('really');
  await expect(pupil.panel.locator('.words b')).toHaveCount(0);

  // It is noticed without a way to say so, and goes on by itself.
  await pupil.next.click();
  await expect(pupil.heading).toHaveText('Two');
  await pupil.settled();
  await expect(pupil.done).toHaveCount(0);
  await page.locator('cl-board .sticker[data-class="cat"]').press('Delete');
  await expect(pupil.done).toContainText('The next step comes by itself');
  await expect(pupil.heading).toHaveText('第三步');
  await expect(pupil.heading.locator('span')).toHaveAttribute('lang', 'zh');
  await expect(page).toHaveURL(/step=3/);

  // The link says the step, and what was made of it; so does Share.
  await lucida.share();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  expect(new URL(link).searchParams.get('lesson')).toBe(ADDRESS);
  expect(new URL(link).searchParams.get('step')).toBe('3');
  await page.goto('about:blank');
  await page.goto(link);
  await expect(pupil.heading).toHaveText('第三步');
  await expect(page.locator('cl-board .sticker')).toHaveCount(2); // without the cat
  await pupil.panel.locator('.back').click();
  await pupil.settled();
  await expect(pupil.done).toBeVisible(); // what is there counts, whoever made it
  expect(refused).toEqual([]);
});

test('a broken lesson says what is wrong where, in both languages, and can be tried again', { tag: '@cpu' }, async ({ lucida, page }) => {
  const broken = structuredClone(MINE);
  broken.steps[1].check.below = '1';
  broken.steps[0].state = '#bord';
  broken.steps[2].minuts = 3;
  let body = JSON.stringify(broken);
  await page.route(ADDRESS, (route) =>
    route.fulfill({ headers: { 'access-control-allow-origin': '*' }, contentType: 'application/json', body }),
  );
  const failure = page.locator('cl-lesson .failure');
  await page.goto(`${lucida.site}?lang=en&lesson=${ADDRESS}`);
  await expect(failure).toContainText('mine.json is not a lesson yet. 2 things are wrong.');
  await expect(failure.locator('li')).toHaveText([
    '/steps/1/check/below: Found text; allowed is a number.',
    /^\/steps\/2: “minuts” is not known here\. Allowed are title, phase, minutes, /,
  ]);
  await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'zh' }));
  await expect(failure.locator('li').first()).toHaveText('/steps/1/check/below：这里是文字，应当是数字。');
  await page.evaluate(() => globalThis.camLucida.page.prefer({ language: 'en' }));

  // What the schema cannot know comes next.
  broken.steps[1].check.below = 1;
  delete broken.steps[2].minuts;
  body = JSON.stringify(broken);
  await page.locator('cl-lesson .again').click();
  await expect(failure.locator('li').first()).toContainText('/steps/0/state: “#bord” names no view. Views are board, bias,');
  body = body.slice(0, -9);
  await page.locator('cl-lesson .again').click();
  await expect(failure.locator('li')).toHaveText([/^The file: This is not JSON\. The browser says: .*JSON/]);
  body = JSON.stringify(MINE);
  await page.locator('cl-lesson .again').click();
  await expect(new Pupil(lucida).heading).toHaveText('One');

  await page.goto(`${lucida.site}?lang=en&lesson=follow-the-dog`);
  await expect(failure).toContainText('There is no lesson “follow-the-dog”. There are follow-the-cat,');
  await page.route('https://lessons.example/gone.json', (route) =>
    route.fulfill({ status: 404, headers: { 'access-control-allow-origin': '*' }, body: '' }),
  );
  await page.goto(`${lucida.site}?lang=en&lesson=https://lessons.example/gone.json`);
  await expect(failure).toContainText('gone.json did not load (404): the file does not exist.');
  await page.locator('cl-lesson .close').click();
  await expect(page.locator('cl-lesson')).toHaveCount(0);
});

test(
  'lessons and their schema are kept for offline use, and a first visit fetches none',
  { tag: '@cpu' },
  async ({ lucida, page, request }) => {
    const listed = await (await request.get(`${lucida.site}sw.js`)).text();
    for (const name of [...OWN, 'lesson.schema']) expect(listed).toContain(`"www/lessons/${name}.json"`);
    const fetched = [];
    page.on('request', (one) => fetched.push(one.url()));
    await lucida.openView('board');
    await lucida.expectLive('board');
    expect(fetched.filter((url) => /lesson|panel/.test(url))).toEqual([]);
  },
);

// How it is shown

const LINK = 'lesson=follow-the-cat&step=5#board?scene=hiding&class=cat';

test(
  'axe finds nothing to object to in a lesson, its view and its sheets, and all fits a telephone',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const pupil = new Pupil(lucida);
    for (const { theme, lang } of LOOKS) {
      await page.goto(`${lucida.site}?lang=${lang}&theme=${theme}&${LINK}`);
      await pupil.settled();
      await expect(page.locator('cl-board [data-lit]')).toBeVisible();
      expect(await lucida.violations(), `${lang} ${theme}`).toEqual([]);
      await page.goto(`${lucida.site}?lang=${lang}&theme=${theme}&lesson=doctor-or-nurse&step=5#bias?network=both`);
      await pupil.panel.locator('.question input').first().check();
      await pupil.panel.locator('.steps summary').click();
      expect(await lucida.violations(), `question ${lang} ${theme}`).toEqual([]);
      for (const hash of ['lessons', 'lessons?lesson=follow-the-cat', 'lessons?lesson=follow-the-cat&sheet=teacher']) {
        await page.goto(`${lucida.site}?lang=${lang}&theme=${theme}#${hash}`);
        await expect.poll(() => page.evaluate(() => globalThis.camLucida?.elements.get('lessons')?.settled ?? false)).toBe(true);
        expect(await lucida.violations(), `${hash} ${lang} ${theme}`).toEqual([]);
      }
    }
    await page.setViewportSize({ width: 360, height: 740 });
    for (const lang of LANGUAGES) {
      for (const address of [`&${LINK}`, '#lessons', '#lessons?lesson=follow-the-cat', '#lessons?lesson=follow-the-cat&sheet=teacher']) {
        await page.goto(`${lucida.site}?lang=${lang}${address}`);
        await expect(
          page.locator(address.includes('lesson=follow-the-cat&step') ? 'cl-lesson h3' : 'cl-lessons h2, cl-lesson-sheet h2').first(),
        ).toBeVisible();
        await lucida.expectFits(`${lang} ${address}`);
        for (const plan of await page.locator('cl-lesson-sheet .scroll').all())
          expect(await plan.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
      }
    }
    // On a telephone the panel covers less than half, and the words can be folded away.
    await page.goto(`${lucida.site}?lang=en&${LINK}`);
    await pupil.settled();
    const open = await pupil.panel.boundingBox();
    expect(open.height).toBeLessThan(0.5 * 740);
    expect(open.y + open.height).toBeLessThanOrEqual(741);
    await pupil.panel.locator('.fold').click();
    await expect(pupil.panel.locator('.words')).toBeHidden();
    await expect(pupil.conditions.first()).toBeVisible();
    expect((await pupil.panel.boundingBox()).height).toBeLessThan(open.height);
  },
);

test('a lesson is done by keyboard alone, and says aloud what it notices', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const pupil = new Pupil(lucida);
  const { panel } = pupil;
  await page.goto(`${lucida.site}?lang=en&lesson=follow-the-cat&step=2`);
  await pupil.settled();
  await expect(panel.locator('[aria-live=polite]').first()).toHaveText('Step 2 of 8: Move the cat');
  await panel.locator('.show').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('cl-board .table')).toBeFocused();
  await page.keyboard.press('Tab'); // into the place that was shown
  await expect(page.locator('cl-board .sticker').first()).toBeFocused();
  const cat = page.locator('cl-board .sticker[data-class="cat"]');
  await cat.focus();
  for (let i = 0; i < 60 && (await pupil.fact({ fact: 'left', class: 'cat' })) < 0.76; i++) await page.keyboard.press('ArrowRight');
  await expect(panel.locator('[role=status].notice')).toContainText('Done.');
  await expect(cat).toBeFocused(); // nothing is taken away
  await panel.locator('.next').focus();
  await page.keyboard.press('Enter');
  await expect(pupil.heading).toBeFocused();
  await expect(panel.locator('[aria-live=polite]').first()).toHaveText('Step 3 of 8: Ask for another thing');
  // The way back has each step, with what was made there.
  await page.goBack();
  await expect(pupil.heading).toContainText('Move the cat');
  await pupil.settled();
  expect(await pupil.fact({ fact: 'left', class: 'cat' })).toBeGreaterThan(0.75);
});

test('worksheet and teacher’s page print on white A4, whatever the theme', { tag: '@cpu' }, async ({ lucida, page }) => {
  for (const sheet of ['worksheet', 'teacher']) {
    await page.goto(`${lucida.site}?lang=en&theme=dark#lessons?lesson=what-does-it-miss&sheet=${sheet}`);
    await expect(page.locator('cl-lesson-sheet h2')).toHaveText('What does it miss?');
    await expect(page.locator('cl-lesson-sheet .where')).not.toContainText('theme');
    if (sheet === 'teacher') {
      const times = await page.locator('.plan .when').allInnerTexts();
      expect([times[0], times.at(-1)]).toEqual(['0–4', '42–45']);
      await expect(page.locator('.plan caption')).toHaveText('45 minutes in all');
    } else await expect(page.locator('cl-lesson-sheet .line').first()).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    for (const hidden of ['cl-header', 'cl-shell footer', 'cl-lessons .ways']) await expect(page.locator(hidden)).toBeHidden();
    expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe('rgb(255, 255, 255)');
    const pdf = await page.pdf({ format: 'A4' });
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
    expect(pages, sheet).toBeLessThanOrEqual(sheet === 'worksheet' ? 3 : 4);
    await page.emulateMedia({ media: null });
  }
});
