// What the grid of heatmaps compares, as an address writes it.
import { codec, list, oneOf, share, variant, whole, words } from './codec.js';
import { MODELS, PICTURES } from './explain.js';

/** In the order in which the page offers them. */
export const AXES = /** @type {const} */ (['picture', 'network', 'method', 'class', 'layer']);
export const SCALES = /** @type {const} */ (['own', 'shared']);
export const MEASURES = /** @type {const} */ (['score', 'time', 'focus']);

/** The list that holds the values of an axis. */
export const LISTS = /** @type {const} */ ({
  picture: 'pictures',
  network: 'models',
  method: 'methods',
  class: 'classes',
  layer: 'layers',
});

/**
 * @import { ModelSource, PictureSource } from './question.js'
 *
 * @typedef {typeof AXES[number]} Axis
 * @typedef {typeof MEASURES[number]} Measure
 *
 * Where a network sees more of one class than of another, as a signed map.
 * @typedef {{ id: number, rival: number }} Rivals
 *
 * Of a list that is no axis, the first value holds for all cells. An empty list stands for the default: of an axis those
 * values that suit, else one.
 * @typedef {object} Compare
 * @property {Axis} rows
 * @property {Axis} columns
 * @property {PictureSource[]} pictures
 * @property {ModelSource[]} models
 * @property {string[]} methods
 * @property {(number | null | Rivals)[]} classes ids of the first network; null: what each network predicts
 * @property {(string | null)[]} layers null: each network's default
 * @property {typeof SCALES[number]} scale whether each map has all colours, or all maps have one scale
 * @property {Measure | null} sort by which rows and columns are sorted
 * @property {string | null} colormap
 * @property {number | null} opacity
 */

/** @type {Compare} */
export const COMPARE = Object.freeze({
  rows: 'network',
  columns: 'method',
  pictures: [],
  models: [],
  methods: [],
  classes: [],
  layers: [],
  scale: 'own',
  sort: null,
  colormap: null,
  opacity: null,
});

const NONE = '-';

/**
 * A value, or null.
 * @template T
 * @param {import('./codec.js').Kind<T>} kind
 */
const maybe = (kind) => ({
  write: (/** @type {T | null} */ value) => (value === null ? NONE : kind.write(value)),
  read: (/** @type {string} */ text) => (text === NONE ? null : kind.read(text)),
});

const RIVALS = /^(\d{1,9})-(\d{1,9})$/;

/** A class, or two against each other. */
const classOrRivals = {
  write: (/** @type {number | Rivals} */ value) => (typeof value === 'number' ? whole.write(value) : `${value.id}-${value.rival}`),
  read(/** @type {string} */ text) {
    const [, id, rival] = RIVALS.exec(text) ?? [];
    return id === undefined ? whole.read(text) : { id: Number(id), rival: Number(rival) };
  },
};

/** A layer: one that is called as null is written has a mark before it. */
const layer = {
  write: (/** @type {string} */ name) => (/^:*-$/.test(name) ? `:${name}` : name),
  read: (/** @type {string} */ text) => (/^:+-$/.test(text) ? text.slice(1) : text),
};

export const compare = codec(COMPARE, {
  rows: { as: 'rows', kind: oneOf(AXES) },
  columns: { as: 'columns', kind: oneOf(AXES) },
  pictures: { as: 'picture', kind: list(variant(PICTURES)) },
  models: { as: 'model', kind: list(variant(MODELS)) },
  methods: { as: 'method', kind: list(words) },
  classes: { as: 'class', kind: list(maybe(classOrRivals)) },
  layers: { as: 'layer', kind: list(maybe(layer)) },
  scale: { as: 'scale', kind: oneOf(SCALES) },
  sort: { as: 'sort', kind: oneOf(MEASURES) },
  colormap: { as: 'colormap', kind: words },
  opacity: { as: 'opacity', kind: share },
});
