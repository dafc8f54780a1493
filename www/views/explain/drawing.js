// How an explanation is drawn: in the style that is chosen, and anew as soon as another one is.
import { batch, signal } from '@preact/signals-core';
import { Newest } from '../../engine/newest.js';
import { drawOf, methodOf, standardFormula } from '../../state/question.js';

/**
 * @import { Explain } from '../../state/explain.js'
 * @import { Style } from '../../state/question.js'
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation } from '../../engine/handles.js'
 * @import { About, Draw, OutputInfo } from '../../engine/protocol.d.ts'
 * @import { Signal } from '@preact/signals-core'
 *
 * `look` is the style as a state says it, null where nothing was chosen.
 * @typedef {{ bitmaps: ImageBitmap[], style: Draw, look: Style }} Painted
 */

/** Milliseconds that another style may take before what is on the screen counts as out of date. */
const LATE = 500;

export class Drawing {
  /** @type {Signal<Painted | null>} what is on the screen, a bitmap for each class */
  painted = signal(null);
  /** What keeps it from the style that is chosen. @type {Signal<'late' | 'failed' | null>} */
  behind = signal(null);
  /** @type {Record<OutputInfo, string | null>} the overlay that was chosen last for each kind of output */
  #formulas = { map: null, picture: null };
  #draws = new Newest();
  #engine;
  #state;

  /**
   * @param {Engine} engine
   * @param {Signal<Explain>} state
   */
  constructor(engine, state) {
    this.#engine = engine;
    this.#state = state;
  }

  get #about() {
    return /** @type {About} */ (this.#engine.about.peek());
  }

  /** The drawings of all classes, in the style that is wanted when they are done. @returns {Promise<Painted>} */
  async paint(/** @type {Explanation} */ explanation, /** @type {AbortSignal} */ aborted) {
    const output = explanation.output ?? 'map';
    for (;;) {
      const [style, look] = [this.styleFor(output), this.#lookFor(output)];
      const bitmaps = [];
      for (const which of explanation.classes?.keys() ?? []) {
        bitmaps.push(await this.#engine.draw(explanation, style, which, { signal: aborted, priority: 1 }));
      }
      if (JSON.stringify(style) === JSON.stringify(this.styleFor(output))) return { bitmaps, style, look };
    }
  }

  show(/** @type {Painted} */ painted) {
    batch(() => {
      this.painted.value = painted;
      this.behind.value = null;
    });
  }

  /** Draws what is on the screen anew, if it is to look otherwise. Rejects with what kept it from that. */
  async renew(/** @type {Explanation} */ explanation) {
    const style = this.styleFor(explanation.output ?? 'map');
    if (JSON.stringify(style) === JSON.stringify(this.painted.peek()?.style)) {
      this.abort();
      this.behind.value = null;
      return;
    }
    await this.#draws.run(async (aborted) => {
      const late = setTimeout(() => (this.behind.value = 'late'), LATE);
      try {
        const painted = await this.paint(explanation, aborted);
        if (!aborted.aborted) this.show(painted);
      } catch (error) {
        if (!aborted.aborted) this.behind.value = 'failed';
        throw error;
      } finally {
        clearTimeout(late);
      }
    });
  }

  /** Ends what is being drawn anew. */
  abort() {
    this.#draws.abort();
  }

  /** How an output of a kind is drawn. */
  styleFor(/** @type {OutputInfo} */ output) {
    const look = this.#lookFor(output);
    return drawOf({ ...look, formula: look.formula ?? standardFormula(output, this.#about) }, this.#about);
  }

  /** @returns {Style} */
  #lookFor(/** @type {OutputInfo} */ output) {
    const { method, formula, colormap, opacity, threshold } = this.#state.peek();
    return { colormap, opacity, threshold, formula: output === this.#output(method) ? formula : this.#formulas[output] };
  }

  /** @returns {OutputInfo} */
  #output(/** @type {string | null} */ method) {
    return this.#about ? methodOf(this.#about, method).output : 'map';
  }

  /** A method of another kind of output goes over to the overlay that was chosen last for that kind. */
  withFormula(/** @type {Partial<Explain>} */ change) {
    const state = this.#state.peek();
    if (change.method === undefined || change.formula !== undefined) return change;
    const [before, after] = [this.#output(state.method), this.#output(change.method)];
    if (before === after) return change;
    this.#formulas[before] = state.formula;
    return { ...change, formula: this.#formulas[after] };
  }
}
