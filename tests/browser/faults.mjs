// What every test of a fault has in common: it says which it brings about, and a witness watches the page meanwhile.
import { test } from '@playwright/test';
import { FAULTS } from './fault-table.mjs';
import { expect } from './page.mjs';

/** To be called where a test brings a fault about: the reporter writes a table of them. */
export function fault(name) {
  if (!Object.hasOwn(FAULTS, name)) throw new Error(`fault-table.mjs knows no fault “${name}”`);
  test.info().annotations.push({ type: 'fault', description: name });
}

/** Holds *Explain* to what it promises, whatever befalls it: right heatmaps or none, and nothing of the visitor's is lost. */
export class Witness {
  /** The right drawing of each class, by computations that nothing disturbs. */
  #right = new Map();

  constructor(lucida) {
    this.lucida = lucida;
    this.page = lucida.page;
  }

  /** Explains by each of these classes, and notes from then on all that is drawn. */
  static async of(lucida, classes) {
    const witness = new Witness(lucida);
    for (const index of classes) {
      await lucida.showClass(index);
      witness.#right.set(index, (await lucida.shown()).pixels);
    }
    expect(new Set(witness.#right.values()).size, 'each class has a drawing of its own').toBe(classes.length);
    await witness.#record();
    return witness;
  }

  /** Runs in the page: every bitmap that goes onto the screen as a heatmap is digested before. */
  async #record() {
    await this.page.evaluate(() => {
      globalThis.drawn = [];
      const { transferFromImageBitmap: transfer } = ImageBitmapRenderingContext.prototype;
      ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (bitmap) {
        if (bitmap && this.canvas.getRootNode().host?.localName === 'cl-heatmap') {
          const { width, height } = bitmap; // it has none when it is on the screen
          const context = new OffscreenCanvas(width, height).getContext('2d');
          context.drawImage(bitmap, 0, 0);
          const { data } = context.getImageData(0, 0, width, height);
          const digest = crypto.subtle
            .digest('SHA-256', data)
            .then((bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join(''));
          globalThis.drawn.push(digest.then((hex) => `${width}×${height} ${hex}`));
        }
        return transfer.call(this, bitmap);
      };
    });
  }

  /** After a fault in what was asked about class `asked`: the page says `words`; all is there that was, and `shown` is on the screen, as out of date. */
  async expectKept({ asked, shown, words = 'The engine stopped.' }) {
    const { lucida, page } = this;
    await expect(lucida.alert).toContainText(words);
    await lucida.expectIdle();
    await lucida.expectPicture();
    expect((await lucida.state()).classes, 'the choice stays').toEqual([asked]);
    expect(await page.evaluate(() => globalThis.camLucida.elements.get('explain').controller.model.value?.network)).toBeTruthy();
    await expect(lucida.heading).toContainText(new RegExp(`class ${shown}\\b`, 'i'));
    expect((await lucida.shown()).pixels, 'the last right result stays').toBe(this.#right.get(shown));
    await expect(lucida.figure).toHaveClass(/stale/);
  }

  /** The next request about class `index` succeeds, by whatever `asks` for it; until then nothing was drawn but what is right. */
  async expectNext(index, asks = () => this.lucida.again.click()) {
    const { lucida, page } = this;
    await asks();
    await lucida.expectClass(index);
    expect((await lucida.shown()).pixels).toBe(this.#right.get(index));
    await expect(lucida.alert).toBeEmpty();
    const drawn = await page.evaluate(() => Promise.all(globalThis.drawn));
    expect(drawn.at(-1), 'the witness sees what is drawn').toBe(this.#right.get(index));
    for (const drawing of drawn) expect([...this.#right.values()]).toContain(drawing);
  }
}
