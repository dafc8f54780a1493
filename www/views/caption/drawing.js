// Draws the words that are looked at.
import { signal } from '@preact/signals-core';
import { Newest } from '../../engine/newest.js';
import { drawOf, FOLLOWING } from '../../state/question.js';
import { blend } from '../../elements/board/blend.js';
import { same } from './selection.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Engine } from '../../engine/client.js'
 * @import { Phrase } from '../../engine/handles.js'
 * @import { About, Draw } from '../../engine/protocol.d.ts'
 * @import { Range } from '../../state/caption.js'
 * @import { Answer } from './answer.js'
 *
 * `over`: whether it is to lie over the board.
 * @typedef {{ answer: Answer, range: Range | null, over: boolean, phrase: Phrase, which: number, style: Draw, bitmap: ImageBitmap }} Heat
 */

export class Drawing {
  /** What is on the screen. @type {Signal<Heat | null>} */
  heat = signal(null);
  /** Whether the last drawing failed. */
  failed = signal(false);
  #engine;
  #draws = new Newest();

  constructor(/** @type {Engine} */ engine) {
    this.#engine = engine;
  }

  abort() {
    this.#draws.abort();
  }

  /** Nothing is on the screen. */
  clear() {
    this.#draws.abort();
    this.heat.value = null;
  }

  /** How it is drawn. Over the board lie the colours alone. */
  styleFor(/** @type {boolean} */ over) {
    const style = drawOf(FOLLOWING, /** @type {About} */ (this.#engine.about.peek()));
    return over ? { ...style, formula: 'heatmap' } : style;
  }

  /**
   * Draws words of an answer; rejects with what kept it from that.
   * @param {Answer} answer
   * @param {Range | null} range
   * @param {{ over: boolean }} options
   */
  async draw(answer, range, { over }) {
    const [heat, style] = [this.heat.peek(), this.styleFor(over)];
    const shown = heat?.answer === answer && same(heat.range, range) && JSON.stringify(heat.style) === JSON.stringify(style);
    this.failed.value = false;
    if (shown) return this.#draws.abort();
    try {
      await this.#draws.run(async (signal) => {
        const options = { signal, quiet: true, priority: 1 };
        const { phrase, which } = await answer.explain(this.#engine, range, options);
        const drawn = await this.#engine.draw(phrase, style, which, options);
        if (signal.aborted) return drawn.close();
        const bitmap = over ? blend(drawn, style.opacity, null) : drawn;
        if (over) drawn.close();
        this.heat.value = { answer, range, over, phrase, which, style, bitmap };
      });
    } catch (/** @type {any} */ error) {
      if (error?.name === 'AbortError') return;
      this.failed.value = true;
      throw error;
    }
  }
}
