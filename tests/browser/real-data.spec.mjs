// Real networks on real photographs, where they are at hand.
import { noRealData, real } from './inputs.mjs';
import { expect, test } from './page.mjs';

test.skip(!real, noRealData);

/** The share of the heatmap's mass that lies in the upper half, upsampled and scaled as it is drawn. */
function upperHalf({ height, width, data }, side = 224) {
  const axis = (size) =>
    Array.from({ length: side }, (_, i) => {
      const at = Math.min(Math.max(((i + 0.5) * size) / side - 0.5, 0), size - 1);
      const low = Math.min(Math.floor(at), size - 2);
      return { low, share: at - low };
    });
  const [rows, columns] = [axis(height), axis(width)];
  const drawn = rows.flatMap((y) =>
    columns.map((x) => {
      const row = (i) => data[i * width + x.low] * (1 - x.share) + data[i * width + x.low + 1] * x.share;
      return row(y.low) * (1 - y.share) + row(y.low + 1) * y.share;
    }),
  );
  const lowest = drawn.reduce((min, value) => Math.min(min, value), Infinity);
  const mass = (values) => values.reduce((sum, value) => sum + value - lowest, 0);
  return mass(drawn.slice(0, drawn.length / 2)) / mass(drawn);
}

test('SqueezeNet names the flamingo', async ({ lucida, page }) => {
  await lucida.open();
  await lucida.pickLabels(real.labels);
  await lucida.pickWeights({ network: 'squeezenet1_1', file: real.squeezenet });
  await lucida.pickPicture(real.flamingo);
  await lucida.expectPicture('flamingo.jpg');
  await lucida.expectResult();
  await expect(lucida.heading).toContainText(/flamingo \(class 130\)/i);
  const probability = await page.evaluate(() => globalThis.camLucida.elements.get('explain').explanation.probabilities[130]);
  expect(probability).toBeGreaterThan(0.95);
});

test('MobileNetV2 finds the dog above and the cat below', async ({ lucida, page }, info) => {
  await lucida.open();
  await lucida.pickLabels(real.labels);
  await lucida.pickWeights({ network: 'mobilenet_v2', file: real.mobilenet });
  await lucida.pickPicture(real.dogAndCat);
  await lucida.expectPicture('dog-and-cat.png');
  await lucida.expectClass(243);
  await page.screenshot({ path: info.outputPath('dog.png'), fullPage: true });
  const dog = upperHalf(await lucida.rawMap());

  await lucida.showClass(281);
  await page.screenshot({ path: info.outputPath('cat.png'), fullPage: true });
  const cat = upperHalf(await lucida.rawMap());
  console.log(`of the dog's map ${dog.toFixed(3)} lies in the upper half, of the cat's ${cat.toFixed(3)}`);
  // The figures of the data's README, made with pytorch-grad-cam: 78 % and 2 %.
  expect(Math.abs(dog - 0.78)).toBeLessThan(0.03);
  expect(Math.abs(cat - 0.02)).toBeLessThan(0.03);
});
