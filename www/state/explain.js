// What the view Explain asks, as an address writes it.
import { codec, flag, list, numbers, share, variant, whole, window, words } from './codec.js';
import { QUESTION, STYLE } from './question.js';

/** The kinds of sources, with the names of their fields. */
export const PICTURES = { sample: ['name'], address: ['url'], board: ['board'], own: ['name'] };
export const MODELS = { embedded: ['name'], zoo: ['name'], repository: ['name', 'revision', 'host'], own: ['name'] };

/**
 * @typedef {import('./question.js').Question & import('./question.js').Style
 *   & { window: import('./question.js').Window | null }} Explain `window` is of the picture; null: all of its values
 */

export const explain = codec(/** @type {Explain} */ ({ ...QUESTION, window: null, ...STYLE }), {
  picture: { as: 'picture', kind: variant(PICTURES) },
  window: { as: 'window', kind: window },
  model: { as: 'model', kind: variant(MODELS) },
  classes: { as: 'class', kind: list(whole) },
  method: { as: 'method', kind: words },
  preset: { as: 'preset', kind: words },
  settings: { as: 'set', kind: numbers },
  smooth: { as: 'smooth', kind: flag },
  layers: { as: 'layer', kind: list(words) },
  merge: { as: 'merge', kind: words },
  target: { as: 'target', kind: words },
  preprocess: { as: 'fit', kind: words },
  colormap: { as: 'colormap', kind: words },
  formula: { as: 'overlay', kind: words },
  opacity: { as: 'opacity', kind: share },
  threshold: { as: 'threshold', kind: share },
});
