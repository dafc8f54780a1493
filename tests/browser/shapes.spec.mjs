// The board of shapes, on a site without the networks that Ask and Caption need: it can be played with, and is painted as the library
// paints what the networks learn from.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './page.mjs';

const root = path.resolve(import.meta.dirname, '../..');

for (const [view, said] of [
  ['ask', 'This site does not have the network that answers questions.'],
  ['caption', 'This site does not have the network that writes captions.'],
])
  test(
    `a link to ${view} says that the network is missing, and the board can be played with`,
    { tag: '@cpu' },
    async ({ lucida, page }) => {
      await lucida.bring([]);
      await lucida.openView(view);
      const shown = page.locator(`cl-${view}`);
      await expect(shown).toContainText(said);
      await shown.locator('[data-class="red hydrant"]').press('Delete');
      await expect(page).toHaveURL(/stickers=/);
      await page.keyboard.press('Control+z');
      await expect(page).toHaveURL(new RegExp(`#${view}$`));
      await shown.getByRole('button', { name: /^Add \w+ car$/ }).click();
      await expect(shown.locator('[data-class$=" car"]')).toBeFocused();
      await expect(lucida.alert).toBeEmpty();
      await expect(lucida.working).toBeHidden();
    },
  );

test('shapes are painted as the library paints them', { tag: '@cpu' }, async ({ lucida, page }) => {
  const golden = readFileSync(path.join(root, 'tests/fixtures/pictures/shapes.png')); // by tests/shapes.rs
  // The module as it stands in the sources: the bundle exports none of it.
  await page.route('**/raw/**', (route) => {
    const file = path.join(root, new URL(route.request().url()).pathname.slice('/raw/'.length));
    route.fulfill({ contentType: file.endsWith('.json') ? 'application/json' : 'text/javascript', body: readFileSync(file) });
  });
  await lucida.openView('bias');
  const { mean, far } = await page.evaluate(async (base64) => {
    const { SHAPES } = await import('/raw/www/scenes/shapes.js');
    const file = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' });
    const side = bitmap.width;
    const read = (draw) => {
      const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
      draw(context);
      return context.getImageData(0, 0, side, side).data;
    };
    const expected = read((context) => context.drawImage(bitmap, 0, 0));
    const drawn = read((context) => {
      context.fillStyle = 'rgb(236 232 222)';
      context.fillRect(0, 0, side, side);
      for (let i = 0; i < 16; i++) {
        context.save();
        context.translate((((i % 4) + 0.5) / 4) * side, ((Math.floor(i / 4) + 0.5) / 4) * side);
        context.rotate((15 * ((i % 3) - 1) * Math.PI) / 180);
        SHAPES.draw(context, SHAPES.classes[8 * i + (i % 8)], 0.22 * side);
        context.restore();
      }
    });
    const differences = drawn.map((value, i) => Math.abs(value - expected[i]));
    return {
      mean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
      far: differences.filter((value) => value > 64).length / differences.length,
    };
  }, golden.toString('base64'));
  // Only the edges differ: two rasterisers.
  expect(mean).toBeLessThan(0.6);
  expect(far).toBeLessThan(0.0001);
});
