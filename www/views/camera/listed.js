// Which classes are listed beside the camera: the most probable ones, each in its place, for what jumps cannot be read.

/**
 * @import { Followed } from '../../elements/game/followed.js'
 * @import { Class } from '../../engine/protocol.d.ts'
 *
 * @typedef {{ one: Pick<Class, 'id' | 'name'>, probability: number }} Row
 */

const MOST = 5;

export class Listed {
  /** @type {Pick<Class, 'id' | 'name'>[]} */
  #places = [];

  /** @returns {Row[]} */
  of(/** @type {Pick<Followed, 'of' | 'probabilities' | 'explanation'>} */ { of, probabilities, explanation: { top = [] } }) {
    const wanted = [...new Map([of, ...top].map((one) => [one.id, one])).values()].slice(0, MOST);
    const fresh = wanted.filter(({ id }) => !this.#places.some((one) => one.id === id));
    const kept = this.#places.map((place) => (wanted.some(({ id }) => id === place.id) ? place : fresh.shift()));
    this.#places = [...kept, ...fresh].filter((one) => one !== undefined);
    return this.#places.map((one) => ({ one, probability: probabilities[one.id] }));
  }

  clear() {
    this.#places = [];
  }
}
