// What the investigation of a bias shows, as an address writes it.
import { codec, words } from './codec.js';

/**
 * @typedef {object} Bias
 * @property {string | null} person the file of a picture; null: the first
 * @property {string | null} network an embedded network, or `both`; null: as the screen has room
 * @property {string | null} class whose heatmap is shown; null: that of what each network says
 */

/** @type {Bias} */
export const BIAS = Object.freeze({ person: null, network: null, class: null });

export const bias = codec(BIAS, {
  person: { as: 'person', kind: words },
  network: { as: 'network', kind: words },
  class: { as: 'class', kind: words },
});
