// The heatmaps that follow the board: asks the engine for those of the present board, as long as the view is on the screen.
import { signal } from '@preact/signals-core';
import { Live } from '../../engine/live.js';
import { FOLLOWING, QUESTION, drawOf, requestOf } from '../../state/question.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Entry } from '../../weights/embedded.js'
 *
 * @typedef {object} Asked what the heatmaps are to be of
 * @property {Entry} entry the network
 * @property {string[]} present the classes on the board
 * @property {string[]} names the classes to be explained; none: the most probable
 * @property {ImageData} pixels
 *
 * @typedef {object} Answer
 * @property {string[]} present
 * @property {number} opacity
 * @property {any} explanation
 * @property {ImageBitmap[]} heats the colours alone, of each class
 *
 * @typedef {{ stale: boolean, stopped: boolean }} Mark
 */

export class Following {
  /** What is on the screen. @type {import('@preact/signals-core').Signal<Answer | null>} */
  answer = signal(null);
  /** Whether it is that of the present board. @type {import('@preact/signals-core').Signal<Mark>} */
  mark = signal({ stale: true, stopped: false });
  #engine;
  #models;
  #ask;
  #reconsider;
  live;

  /**
   * @param {Engine} engine
   * @param {import('../../weights/embedded.js').EmbeddedModels} models
   * @param {object} ways
   * @param {() => Asked} ways.ask what the board is now
   * @param {(answer: Answer) => boolean} ways.reconsider whether something else is to be explained instead
   * @param {(error: any) => void} ways.onFailure
   * @param {() => void} ways.onAnswer
   */
  constructor(engine, models, { ask, reconsider, onFailure, onAnswer }) {
    this.#engine = engine;
    this.#models = models;
    this.#ask = ask;
    this.#reconsider = reconsider;
    this.live = new Live({
      compute: (signal) => this.#answer(signal),
      onResult: (/** @type {Answer} */ answer) => {
        const before = this.answer.peek();
        this.answer.value = answer;
        if (before) setTimeout(() => close(before)); // until the elements have rendered, they may still draw it
        onAnswer();
      },
      onMark: (/** @type {Mark} */ mark) => (this.mark.value = mark),
      onFailure,
    });
  }

  /** @returns {Promise<Answer>} */
  async #answer(/** @type {AbortSignal} */ signal) {
    const engine = this.#engine;
    for (;;) {
      const { entry } = this.#ask();
      const model = await this.#models.load(entry);
      signal.throwIfAborted();
      if (!model.labels) await engine.load(model, { signal, quiet: true });
      const { present, names, pixels } = this.#ask(); // the board as it is now that everything is there
      const about = /** @type {any} */ (engine.about.value);
      const picture = { pixels };
      const classes = names.map((name) => model.labels.indexOf(name)).filter((id) => id >= 0);
      const request = requestOf({ ...QUESTION, classes }, about, { view: pixels.width }); // drawn as large as it is, a board need not be scaled
      const style = drawOf(FOLLOWING, about);
      try {
        const { explanation, bitmaps } = await engine.glance(
          /** @type {any} */ ({ model, picture, request }),
          { ...style, formula: 'heatmap' },
          { signal, quiet: true },
        );
        const answer = { present, opacity: style.opacity, explanation, heats: bitmaps };
        if (!this.#reconsider(answer)) return answer;
        close(answer);
      } finally {
        engine.release(picture);
      }
    }
  }
}

function close(/** @type {Answer} */ { heats }) {
  for (const heat of heats) heat.close();
}
