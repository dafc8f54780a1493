// What each block of the network gives: small heatmaps of the class on the screen, computed when nothing else is to do
// and the panel can be seen, and kept for when the same is asked again.
import { effect, signal, untracked } from '@preact/signals-core';
import { Newest } from '../../engine/newest.js';
import { methodOf, requestOf } from '../../state/question.js';
import { BLOCKS, blocksOf } from './blocks.js';
import { wait } from './once.js';

/**
 * @import { Explanation } from '../../engine/handles.js'
 * @import { About } from '../../engine/protocol.d.ts'
 *
 * @typedef {{ explanation: Explanation, bitmap: ImageBitmap, colormap: string }} Entry
 */

const SIDE = 96; // pixels
const IDLE = 250; // milliseconds after a result before the first is begun
const KEPT = 20 * BLOCKS;
/** Milliseconds of a forward pass from which on previews wait to be asked for: a choice would have to wait for one of them. */
const COSTLY = 200;
const STYLE = { formula: 'blend', opacity: 0.6, threshold: 0 };

/** The method of the previews: the chosen one if it looks at a layer's gradients and needs one pass, else the default. */
export function previewMethod(/** @type {string | null} */ chosen, /** @type {About} */ about) {
  const method = methodOf(about, chosen);
  const suits = method.needs === 'gradients' && method.output === 'map' && !method.settings.length;
  return suits ? method.name : methodOf(about, null).name;
}

export class Previews {
  /** @type {import('@preact/signals-core').Signal<{ name: string, bitmap: ImageBitmap | null }[]>} */
  list = signal([]);
  /** Whether they wait to be asked for. */
  costly = signal(false);
  /** Whether the panel can be seen. */
  seen = signal(false);
  #allowed = signal(/** @type {object | null} */ (null));
  /** @type {Map<string, Entry>} */
  #kept = new Map();
  /** @type {WeakMap<object, number>} */
  #numbers = new WeakMap();
  #number = 0;
  #newest = new Newest();
  #controller;
  #stop = () => {};

  /** @param {import('./controller.js').Controller} controller */
  constructor(controller) {
    this.#controller = controller;
  }

  connect() {
    this.#stop = effect(() => {
      const { explanation, active, settled, model, state, engine, drawn } = this.#controller;
      const [shown, allowed] = [explanation.value, this.#allowed.value];
      const idle = settled && active.value && this.seen.value;
      void drawn.value?.colormap;
      const about = engine.about.value;
      const { method } = state.value;
      if (!shown || !about || shown.model !== model.value || !shown.model.layers) {
        this.list.value = [];
        return this.#newest.abort();
      }
      if (methodOf(about, method).needs === 'nothing') return this.#newest.abort();
      const pass = shown.times?.find((time) => time.name === 'forward')?.milliseconds ?? 0;
      this.costly.value = pass > COSTLY && allowed !== shown.model;
      return untracked(() => {
        this.#show(shown);
        if (idle && !this.costly.value) this.#fill(shown);
        else this.#newest.abort();
      });
    });
  }

  disconnect() {
    this.#stop();
    this.#newest.abort();
  }

  /** Computes them however long it takes. */
  allow() {
    this.#allowed.value = this.#controller.model.peek();
  }

  #show(/** @type {Explanation} */ shown) {
    const blocks = this.costly.value ? [] : blocksOf(shown.model.layers ?? [], shown.model.default_layer);
    this.list.value = blocks.map(({ name }) => ({ name, bitmap: this.#kept.get(this.#key(shown, name))?.bitmap ?? null }));
  }

  #fill(/** @type {Explanation} */ shown) {
    const { engine, drawn } = this.#controller;
    const about = /** @type {About} */ (engine.about.peek());
    const style = { ...STYLE, colormap: drawn.peek()?.colormap ?? about.style.colormap };
    const missing = this.list.peek().filter(({ name }) => this.#kept.get(this.#key(shown, name))?.colormap !== style.colormap);
    if (!missing.length) return this.#newest.abort();
    return this.#newest
      .run(async (aborted) => {
        await wait(IDLE, aborted);
        const options = { signal: aborted, priority: -1, quiet: true };
        for (const { name } of missing) {
          const key = this.#key(shown, name);
          const known = this.#kept.get(key)?.explanation;
          const explanation =
            known ?? (await engine.explain({ model: shown.model, picture: shown.picture, request: this.#request(shown, name) }, options));
          const bitmap = await engine.draw(explanation, style, 0, options);
          this.#kept.delete(key);
          this.#kept.set(key, { explanation, bitmap, colormap: style.colormap });
          for (const old of [...this.#kept.keys()].slice(0, Math.max(this.#kept.size - KEPT, 0))) this.#kept.delete(old);
          this.#show(shown);
        }
      })
      .catch(() => {}); // the result itself is there; a preview that fails stays empty
  }

  /** @returns {import('../../engine/protocol.d.ts').Explain} */
  #request(/** @type {Explanation} */ { request, classes = [] }, /** @type {string} */ layer) {
    const about = /** @type {About} */ (this.#controller.engine.about.peek());
    const question = { ...this.#controller.state.peek(), classes: classes.slice(0, 1).map(({ id }) => id) };
    const method = previewMethod(request.method, about);
    const preset = method === request.method ? request.preset : null;
    const target = request.target;
    return requestOf({ ...question, method, preset, settings: {}, smooth: false, layers: [layer], target }, about, { view: SIDE });
  }

  #key(/** @type {Explanation} */ shown, /** @type {string} */ layer) {
    return JSON.stringify([this.#numbered(shown.model), this.#numbered(shown.picture), this.#request(shown, layer)]);
  }

  #numbered(/** @type {object} */ handle) {
    const number = this.#numbers.get(handle) ?? ++this.#number;
    this.#numbers.set(handle, number);
    return number;
  }
}
