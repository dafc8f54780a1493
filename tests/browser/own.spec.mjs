// The visitor's own network: its files may be given together, and what they do not say can be typed.
import { readFileSync } from 'node:fs';
import { colours, picture, small, stateDict } from './inputs.mjs';
import { expect, test } from './page.mjs';

const config = { name: 'config.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ architecture: small.network, num_classes: 10 })) };
const names = { name: 'names.txt', mimeType: 'text/plain', buffer: Buffer.from(Array.from({ length: 10 }, (_, i) => `thing ${i}`).join('\n')) };
const weights = { name: 'small.safetensors', mimeType: '', buffer: readFileSync(small.file) };
const image = { name: 'picture.png', mimeType: 'image/png', buffer: readFileSync(picture) };

/** Drops files on the page, all at once. */
async function drop(page, files) {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, type: mimeType, base64: buffer.toString('base64') }));
  await page.evaluate(async (all) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of all) {
      const bytes = await (await fetch(`data:application/octet-stream;base64,${base64}`)).arrayBuffer();
      transfer.items.add(new File([bytes], name, { type }));
    }
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, given);
}

const choose = (page, files) => page.getByLabel('Choose a weight file').setInputFiles(files);

test.beforeEach(({ lucida }) => lucida.open());

test('a weight file is recognised without being told its architecture', { tag: '@cpu' }, async ({ lucida, page }) => {
  await expect(page.getByLabel('Architecture').locator('option').first()).toHaveText('Recognise it from the file');
  await expect(page.getByLabel('Architecture')).toHaveValue('');
  await choose(page, small.file);
  await expect(page.locator('#weights-open')).toContainText('10 classes');
  await lucida.pickPicture();
  await lucida.expectResult();
});

test('the same weights draw the same heatmap from either of PyTorch’s formats', { tag: '@cpu' }, async ({ lucida, page }) => {
  await choose(page, small.file);
  await lucida.pickPicture();
  await lucida.showClass(4);
  const { pixels } = await lucida.shown();
  for (const [name, file] of [['small.pth', small.zipped], ['small-legacy.pth', small.legacy]]) {
    await drop(page, [{ name, mimeType: '', buffer: readFileSync(file) }]);
    await expect(page.locator('#weights-open')).toContainText(`${name}, 10 classes`);
    await lucida.showClass(4);
    expect((await lucida.shown()).pixels).toBe(pixels);
  }
});

test('a file of PyTorch of another network is named as such', { tag: '@cpu' }, async ({ lucida, page }) => {
  await drop(page, [{ name: 'module.pth', mimeType: '', buffer: readFileSync(stateDict) }]);
  await expect(lucida.alert).toContainText('The weights cannot be used.');
  await expect(lucida.alert).toContainText('holds `bn1.bias` and 9 more');
});

test('weights, configuration, class names and a picture that are dropped together belong together', { tag: '@cpu' }, async ({ lucida, page }) => {
  await drop(page, [image, names, config, weights]);
  await expect(page.locator('#weights-open')).toContainText('small.safetensors, 10 classes');
  await expect(page.locator('#picture-name')).toContainText('picture.png');
  await lucida.expectResult();
  await expect(lucida.caption).toHaveText(/^\s*thing \d, class/);
});

test('the network of a configuration counts, whatever architecture was chosen before', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.getByLabel('Architecture').selectOption('resnet50');
  await choose(page, [weights, config]);
  await expect(page.locator('#weights-open')).toContainText('10 classes');
  await expect(lucida.alert).toBeEmpty();
});

test('a configuration counts for the weights that it came with, and no longer', { tag: '@cpu' }, async ({ lucida, page }) => {
  const wrong = { ...config, buffer: Buffer.from(JSON.stringify({ architecture: small.network, num_classes: 9 })) };
  await choose(page, [weights, wrong]);
  await expect(lucida.alert).toContainText('The weights cannot be used.');
  await choose(page, weights);
  await expect(page.locator('#weights-open')).toContainText('10 classes');
  await expect(lucida.alert).toBeEmpty();
});

test('an architecture that is chosen after a configuration counts more', { tag: '@cpu' }, async ({ lucida, page }) => {
  await choose(page, [weights, { ...config, buffer: Buffer.from('{ "architecture": "resnet18" }') }]);
  await expect(lucida.alert).toContainText('The weights cannot be used.');
  await page.getByLabel('Architecture').selectOption(small.network);
  await expect(page.locator('#weights-open')).toContainText('10 classes');
  await expect(lucida.alert).toBeEmpty();
});

test('a configuration that comes first waits for its weights', { tag: '@cpu' }, async ({ lucida, page }) => {
  await drop(page, [config]);
  await expect(lucida.status).toHaveText('config.json: now choose the weight file that this belongs to.');
  await drop(page, [weights]);
  await expect(page.locator('#weights-open')).toContainText('10 classes');
});

test('two weight files at once are refused by name', { tag: '@cpu' }, async ({ lucida, page }) => {
  await choose(page, [small.file, colours.file]);
  await expect(lucida.alert).toContainText('small.safetensors and colours.safetensors were given together');
  await expect(page.locator('#weights-open')).toBeHidden();
});

test('preprocessing that cannot be meant is named, and what is right is taken at once', { tag: '@cpu' }, async ({ lucida, page }) => {
  await page.getByText('Preprocessing', { exact: true }).click();
  const [side, mean, std] = [page.getByLabel('Side of the input'), page.getByLabel('Mean of red'), page.getByLabel('Standard deviation of red')];
  await std.fill('0.2, 0, 0.2');
  await choose(page, [weights, config]);
  await expect(lucida.alert).toContainText('“0.2, 0, 0.2” is not a standard deviation: write three numbers above 0');
  await expect(std).toHaveAttribute('aria-invalid', 'true');
  await std.fill('0.2 0.2 0.2');
  await std.press('Enter');
  await expect(page.locator('#weights-open')).toContainText('10 classes');
  await expect(std).toHaveAttribute('aria-invalid', 'false');
  for (const [input, value, said] of [
    [mean, '0.5', '“0.5” is not a mean: write three numbers'],
    [side, '12', 'a whole number of pixels from 32 to 2,048'],
  ]) {
    await input.fill(value);
    await input.press('Enter');
    await expect(lucida.alert).toContainText(said);
    await input.fill('');
    await input.press('Enter');
    await expect(lucida.alert).toBeEmpty();
  }
});
