// The networks and pictures of the cells, each fetched once. What could not be had is not tried again for every cell.

/**
 * @import { Page } from '../../main.js'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { ModelSource, PictureSource } from '../../state/question.js'
 *
 * @typedef {object} Resolvers
 * @property {(source: ModelSource | null, signal: AbortSignal) => Promise<SourcedModel | null>} model
 * @property {(source: PictureSource | null, signal: AbortSignal) => Promise<SourcedPicture | null>} picture
 */

export class Inputs {
  #resolvers;
  /** @type {Map<string, { found: any } | { error: any }>} */
  #known = new Map();

  constructor(/** @type {Resolvers} */ resolvers) {
    this.#resolvers = resolvers;
  }

  /** @returns {Promise<SourcedModel>} */
  model(/** @type {ModelSource} */ source, /** @type {AbortSignal} */ signal) {
    return this.#get('model', source, signal);
  }

  /** @returns {Promise<SourcedPicture>} */
  picture(/** @type {PictureSource} */ source, /** @type {AbortSignal} */ signal) {
    return this.#get('picture', source, signal);
  }

  /** What is known of a network by now. @returns {SourcedModel | null} */
  knownModel(/** @type {ModelSource} */ source) {
    const known = this.#known.get(JSON.stringify(['model', source]));
    return known && 'found' in known ? known.found : null;
  }

  /** What could not be had is tried again the next time. */
  retry() {
    for (const [key, known] of this.#known) if ('error' in known) this.#known.delete(key);
  }

  /** Forgets all but these pictures. */
  keepPictures(/** @type {PictureSource[]} */ sources) {
    const kept = new Set(sources.map((source) => JSON.stringify(['picture', source])));
    for (const key of this.#known.keys()) if (key.startsWith('["picture"') && !kept.has(key)) this.#known.delete(key);
  }

  /**
   * @param {'model' | 'picture'} kind
   * @param {any} source
   * @param {AbortSignal} signal
   */
  async #get(kind, source, signal) {
    const key = JSON.stringify([kind, source]);
    const known = this.#known.get(key);
    if (known) {
      if ('error' in known) throw known.error;
      return known.found;
    }
    try {
      const found = await this.#resolvers[kind](source, signal);
      this.#known.set(key, { found });
      return found;
    } catch (/** @type {any} */ error) {
      if (error?.name !== 'AbortError') this.#known.set(key, { error });
      throw error;
    }
  }
}
