// What a view is about: a picture and a network, brought to the engine. Where one cannot be had, those before come back.
import { computed, signal } from '@preact/signals-core';
import { cancelled } from '../engine/errors.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Engine } from '../engine/client.js'
 * @import { ModelSource, PictureSource } from '../state/question.js'
 * @import { SourcedModel } from './model.js'
 * @import { SourcedPicture } from './picture.js'
 *
 * null: the first sample, and the default network
 * @typedef {{ picture: PictureSource | null, model: ModelSource | null }} Sources
 */

/**
 * @template {Sources} S
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Signal<S>} state
 * @property {import('../state/status.js').Status} status
 * @property {(source: ModelSource | null, signal: AbortSignal) => Promise<SourcedModel | null>} resolveModel null: there is none
 * @property {(source: PictureSource | null, signal: AbortSignal) => Promise<SourcedPicture | null>} resolvePicture null: there is none
 */

/** @template {Sources} S the state of a view */
export class Subject {
  /** Whether the site brings neither a network nor a picture. */
  missing = signal(false);
  #parts;
  #anew;
  /** @type {S | null} the state before another picture or network was chosen */
  #before = null;

  /**
   * @param {Parts<S>} parts
   * @param {{ picture: Partial<S>, model: Partial<S> }} anew what of the state begins anew with another picture, and with another network
   */
  constructor(parts, anew) {
    this.#parts = parts;
    this.#anew = anew;
  }

  /** What names both. */
  key = computed(() => {
    const { picture, model } = this.#parts.state.value;
    return JSON.stringify([picture, model]);
  });

  /** Another picture or network. */
  choose(/** @type {Partial<S>} */ change) {
    const { state, status } = this.#parts;
    const before = state.peek();
    this.#before ??= before;
    status.clear();
    state.value = { ...before, ...this.#begun(change), ...change };
  }

  #begun(/** @type {Partial<Sources>} */ change) {
    return { ...('picture' in change ? this.#anew.picture : {}), ...('model' in change ? this.#anew.model : {}) };
  }

  /** Both, as they are asked for. Rejects as cancelled where there is none, or where those before are asked for again. */
  async open(/** @type {AbortSignal} */ aborted) {
    const { engine, state, status, resolveModel, resolvePicture } = this.#parts;
    const [key, asked] = [this.key.peek(), state.peek()];
    try {
      const [model, picture] = await Promise.all([resolveModel(asked.model, aborted), resolvePicture(asked.picture, aborted)]);
      this.missing.value = !model || !picture;
      if (!model || !picture) throw cancelled();
      await engine.load(model, { signal: aborted });
      await engine.open(picture, { signal: aborted });
      this.#before = null;
      return { model, picture };
    } catch (error) {
      if (aborted.aborted || error?.name === 'AbortError' || key !== this.key.peek()) throw error;
      const before = this.#before;
      this.#before = null;
      if (!before && !asked.picture && !asked.model) throw error;
      status.fail(error);
      const none = { picture: null, model: null };
      state.value = before ?? { ...state.peek(), ...this.#begun(none), ...none };
      throw cancelled();
    }
  }
}
