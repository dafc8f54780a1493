// What cannot be used is refused in words, and what was there stays.
import { readFileSync } from 'node:fs';
import { fault } from './faults.mjs';
import { small } from './inputs.mjs';
import { expect, test } from './page.mjs';

test.beforeEach(({ lucida }) => lucida.showFirst());

test('a text file named .png is refused in words and the last result stays', async ({ lucida }) => {
  fault('text in place of a picture');
  const before = await lucida.shown();
  const open = lucida.view.locator('cl-picture-source .open');
  const name = await open.innerText();
  await lucida.pickPicture({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('Dear diary, today I saw a dog.') });
  await expect(lucida.alert).toContainText('The picture cannot be used.');
  await expect(lucida.alert).toHaveText(/PNG|format|picture file/i);
  expect(await lucida.shown()).toEqual(before);
  await expect(open).toHaveText(name);
  expect((await lucida.state()).picture).toEqual({ kind: 'own', name: 'picture.png' });
  await lucida.showClass(4);
  await expect(lucida.alert).toBeEmpty();
});

test('a truncated weight file is refused in words and the old model goes on explaining', async ({ lucida }) => {
  fault('weights cut in half');
  const before = await lucida.shown();
  const open = lucida.view.locator('cl-model-picker .open');
  const inUse = await open.innerText();
  const bytes = readFileSync(small.file);
  const buffer = bytes.subarray(0, bytes.length / 2);
  await lucida.pickWeights({ network: small.network, file: { name: 'half.safetensors', mimeType: '', buffer } });
  await expect(lucida.alert).toContainText('The weights cannot be used.');
  expect(await lucida.shown()).toEqual(before);
  await expect(open).toHaveText(inUse);
  await lucida.showClass(4);
});

test('weights of another architecture are refused, and tried again when the right one is chosen', async ({ lucida, page }) => {
  await lucida.pickWeights({ network: 'resnet50', file: small.file });
  await expect(lucida.alert).toContainText('The weights cannot be used.');
  await page.getByLabel('Architecture').selectOption(small.network);
  await expect(lucida.alert).toBeEmpty();
  await lucida.expectResult();
});
