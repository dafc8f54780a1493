// What came of a question: scores and maps as numbers, and what draws them.
import { resultOf } from '../embed/result.js';
import { missing } from '../views/explain/adapt.js';
import { styleFrom } from './asking.js';

/**
 * @import { RawMap } from '../engine/protocol.d.ts'
 * @import { Explanation } from '../engine/handles.js'
 */

/**
 * `run` gives what work with the engine gives, as long as there is one.
 * @typedef {{ state: import('../state/explain.js').Explain, about: import('../engine/protocol.d.ts').About,
 *   run: <T>(work: (engine: import('../engine/client.js').Engine, signal: AbortSignal) => Promise<T>) => Promise<T> }} By
 */

export class Heatmap {
  /** @type {Explanation} */
  #explanation;
  /** @type {By} */
  #by;

  /**
   * @param {Explanation} explanation
   * @param {RawMap[]} maps
   * @param {By} by
   */
  constructor(explanation, maps, by) {
    [this.#explanation, this.#by] = [explanation, by];
    const style = this.#styled({});
    Object.assign(this, resultOf(explanation, maps, { ...by, style }));
  }

  /** Draws the heatmap of a class over the picture; the canvas takes its size. `which` counts the classes that were asked. */
  async draw(/** @type {any} */ canvas, { which = 0, ...style } = {}) {
    const bitmap = await this.#by.run((engine, signal) => {
      const count = this.#explanation.classes?.length ?? 0;
      if (!Number.isInteger(which) || which < 0 || which >= count) throw missing({ name: 'which', found: String(which) });
      return engine.draw(this.#explanation, this.#styled(style), which, { signal, priority: 1 });
    });
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.getContext('2d').drawImage(bitmap, 0, 0);
    bitmap.close();
    return canvas;
  }

  /** The same as a PNG. */
  async toBlob(/** @type {Record<string, any>} */ style = {}) {
    const canvas = new OffscreenCanvas(1, 1);
    await this.draw(canvas, style);
    return canvas.convertToBlob({ type: 'image/png' });
  }

  /** The style of the question, in which `style` changes something. */
  #styled(/** @type {Record<string, any>} */ style) {
    const { colormap, formula: overlay, opacity, threshold } = this.#by.state;
    const asked = Object.fromEntries(Object.entries({ colormap, overlay, opacity, threshold }).filter(([, value]) => value !== null));
    return styleFrom({ ...asked, ...style }, this.#explanation.output ?? 'map', this.#by.about);
  }
}
