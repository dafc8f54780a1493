// Files that mean no good, one after another in one page: each is refused in words, and nothing of the visitor's is lost.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { calling, densenet, headed, mobilenet, repeated, resnext, safetensors, squeezenet, vgg, wide } from './hostile-files.mjs';
import { small } from './inputs.mjs';
import { expect, test } from './page.mjs';
import { drop, inUse, textFile } from './sources.mjs';

const MARKUP = '<img src=x onerror="globalThis.hacked=1">';
/** What gives a terminal orders, and what turns the direction of a text. */
const ORDERS = '\u001b]0;hacked\u0007\u009b31m\u202e';
const CONTROL = /(?!\s)[\p{Cc}\p{Bidi_Control}]/u;
/** By which the engine's memory may grow, however large the files say that they are. */
const ROOM = 64 * 2 ** 20; // bytes

const fixture = (name) => readFileSync(fileURLToPath(new URL(`../fixtures/pictures/${name}`, import.meta.url)));
const weights = (name, buffer, said) => ({ file: { name, mimeType: '', buffer }, said });
const image = (name, buffer, said) => ({ file: { name, mimeType: 'image/png', buffer }, said });
const jpeg = fixture('rgb.jpg');

/** Files, and what is said of each. */
const REFUSED = [
  weights('vgg.safetensors', safetensors(vgg(1)), /classifier\.0\.weight/),
  weights('mobilenet.safetensors', safetensors(mobilenet(0)), /features\.1\.conv/),
  weights('resnext.safetensors', safetensors(resnext(64, 3)), /21 groups/),
  weights('squeezenet.safetensors', safetensors(squeezenet(300)), /224×224/),
  weights('densenet.safetensors', safetensors(densenet(7, 4)), /224×224/),
  weights('repeated-densenet.pth', repeated(densenet(2, 65_536)), /its storage holds 1/),
  weights('wide.pth', repeated(wide(65_536)), /its storage holds 1/),
  weights('names.safetensors', safetensors({ [MARKUP]: [2, 2], [ORDERS]: [1] }), /hacked/),
  weights('dtype.safetensors', safetensors({ a: [1] }, MARKUP), /<img src=x/),
  weights('call.pth', calling(`posix${MARKUP}\nsystem${ORDERS}`, MARKUP), /<img src=x/),
  weights('header.safetensors', headed('{}', 0, 2 ** 40), /header/),
  weights(`${MARKUP}${ORDERS}.safetensors`, headed('{'), /not understood/),
  image('cut.jpg', Buffer.concat([jpeg.subarray(0, jpeg.length / 4), Buffer.from([0xff, 0xd9])]), /cut|incomplete|damaged|truncated|ends/),
  image(`${MARKUP}.png`, Buffer.from('Dear diary, today I saw a dog.'), /The picture cannot be used/),
  image('bomb.png', fixture('bomb.png'), /too large/),
];

/** Files of two GiB that take no room, and what is said of each. */
const SPARSE = [
  ['large.safetensors', '', /header/],
  ['large.pth', '', /The weights cannot be used/],
  ['large.png', 'image/png', /MiB/],
  ['large.txt', 'text/plain', /MiB/],
];

let right;
let shown;

/** The last right result is on the screen; a next request succeeds, and gives another one. */
async function goOn(lucida) {
  expect((await lucida.shown()).pixels).toBe(right[shown]);
  shown = shown === 4 ? 7 : 4;
  await lucida.showClass(shown);
  await expect(lucida.alert).toBeEmpty();
  expect((await lucida.shown()).pixels).toBe(right[shown]);
}

/** What is in the page by now that only markup of others could have brought. */
const foreign = (page) =>
  page.evaluate(() => {
    const all = (root) => [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    const handled = all(document).filter((one) => [...one.attributes].some(({ name }) => name.startsWith('on')));
    return [globalThis.hacked, ...handled.map((one) => one.outerHTML)];
  });

test.beforeEach(async ({ lucida, page }) => {
  await lucida.patchWorker();
  await lucida.showFirst();
  await page.evaluate(() => globalThis.camLucida.elements.get('explain').previews.disconnect());
  right = {};
  for (shown of [7, 4]) {
    await lucida.showClass(shown);
    right[shown] = (await lucida.shown()).pixels;
  }
});

test(
  'a hostile file is refused in words: the worker lives, its memory is bounded, the last result stays',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    const worker = await page.evaluateHandle(() => globalThis.camLucida.engine.worker);
    const { memory } = await lucida.order();
    await page.getByLabel('Architecture').selectOption(''); // recognised from each file
    expect(memory).toBeGreaterThan(0);
    const refused = async (name, give, said) =>
      test.step(name, async () => {
        await give();
        await expect(lucida.alert).not.toBeEmpty();
        await lucida.expectIdle();
        await expect.soft(lucida.alert, name).toHaveText(said, { timeout: 100 });
        expect.soft(CONTROL.test(await lucida.alert.textContent()), name).toBe(false);
        await expect(inUse(page).network).toContainText('small.safetensors');
        await lucida.expectPicture();
        await goOn(lucida);
      });
    for (const { file, said } of REFUSED) await refused(file.name, () => drop(page, [file]), said);
    const sparse = ([name, type]) =>
      page.evaluate(
        ([name, type]) => {
          const piece = new Blob([new Uint8Array(2 ** 20)]); // which the browser keeps once
          const transfer = new DataTransfer();
          transfer.items.add(new File(Array(2048).fill(piece), name, { type }));
          document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
        },
        [name, type],
      );
    for (const [name, type, said] of SPARSE) await refused(name, () => sparse([name, type]), said);
    const long = textFile('names.txt', 'x\n'.repeat(9 << 20));
    await refused('18 MiB of class names', () => drop(page, [long]), /MiB/);
    expect((await lucida.order()).memory - memory).toBeLessThan(ROOM);
    expect(await worker.evaluate((one) => one === globalThis.camLucida.engine.worker)).toBe(true);
    expect(await foreign(page)).toEqual([undefined]);
  },
);

test('names that mean no good are shown as text, and control nothing', { tag: '@cpu' }, async ({ lucida, page }) => {
  const names = Array.from({ length: small.classes }, (_, i) => `${MARKUP}${i}${ORDERS}`).join('\n');
  await drop(page, [textFile(`${MARKUP}.txt`, names)]);
  await expect(lucida.heading).toContainText(MARKUP);
  await expect(lucida.top.first()).toContainText(MARKUP);
  expect.soft(CONTROL.test(await lucida.view.innerText())).toBe(false);
  const config = textFile('config.json', JSON.stringify({ architecture: `${MARKUP}${ORDERS}`, num_classes: 10 }), 'application/json');
  const file = { name: 'small.safetensors', mimeType: '', buffer: readFileSync(small.file) };
  await drop(page, [config, file]);
  await expect(lucida.alert).toContainText('<img src=x');
  expect.soft(CONTROL.test(await lucida.alert.textContent())).toBe(false);
  await lucida.showClass(7);
  expect((await lucida.shown()).pixels).toBe(right[7]);
  expect(await foreign(page)).toEqual([undefined]);
});
