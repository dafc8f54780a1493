// Which values the rows and columns of the grid have, and what each cell asks. Pure.
import { AXES, COMPARE, LISTS } from '../../state/compare.js';

/**
 * @import { Axis, Compare, Rivals } from '../../state/compare.js'
 * @import { ModelSource, PictureSource } from '../../state/question.js'
 *
 * @typedef {{ picture: PictureSource, network: ModelSource, method: string, class: number | null | Rivals, layer: string | null }} Asked
 * @typedef {{ [A in Axis]: Asked[A][] }} Values of each axis, at least one
 * @typedef {{ key: string, asked: Asked, row: number, column: number }} Place a cell of the grid
 */

/** The axes of the rows and of the columns; a link may name the same twice. @returns {[Axis, Axis]} */
export function axesOf(/** @type {Pick<Compare, 'rows' | 'columns'>} */ { rows, columns }) {
  if (rows !== columns) return [rows, columns];
  return [rows, rows === COMPARE.columns ? COMPARE.rows : COMPARE.columns];
}

/** What tells one value from another. */
export const keyOf = (/** @type {unknown} */ value) => JSON.stringify(value);

/**
 * The values of each axis. One that is no axis of the grid has a single one.
 * @param {Compare} state
 * @param {Values} standard what suits as an axis, the best first
 * @returns {Values}
 */
export function valuesOf(state, standard) {
  const axes = axesOf(state);
  const of = (/** @type {Axis} */ axis) => {
    const asked = /** @type {any[]} */ (state[LISTS[axis]]);
    const all = asked.length ? unique(asked) : standard[axis];
    return axes.includes(axis) ? all : all.slice(0, 1);
  };
  return /** @type {any} */ (Object.fromEntries(AXES.map((axis) => [axis, of(axis)])));
}

/**
 * The cells, row by row.
 * @param {Compare} state
 * @param {Values} values
 * @returns {Place[]}
 */
export function placesOf(state, values) {
  const [rows, columns] = axesOf(state);
  const fixed = Object.fromEntries(AXES.map((axis) => [axis, values[axis][0]]));
  return values[rows].flatMap((one, row) =>
    values[columns].map((other, column) => {
      const asked = /** @type {Asked} */ ({ ...fixed, [rows]: one, [columns]: other });
      return { key: placeKey(asked, values), asked, row, column };
    }),
  );
}

/** A class is an id of the first network: the same id of another first network is another class. */
function placeKey(/** @type {Asked} */ asked, /** @type {Values} */ values) {
  return keyOf([...AXES.map((axis) => asked[axis]), asked.class === null ? null : values.network[0]]);
}

/** The axes when one of them takes a role: the other role goes to the axis that was there, or to one that is free. */
export function withRole(/** @type {Compare} */ state, /** @type {Axis} */ axis, /** @type {'rows' | 'columns' | null} */ role) {
  const [rows, columns] = axesOf(state);
  const free = AXES.find((one) => one !== rows && one !== columns && one !== axis);
  if (role === null)
    return { rows: rows === axis ? /** @type {Axis} */ (free) : rows, columns: columns === axis ? /** @type {Axis} */ (free) : columns };
  if (role === 'rows') return { rows: axis, columns: columns === axis ? rows : columns };
  return { rows: rows === axis ? columns : rows, columns: axis };
}

/** @template T @param {T[]} values @returns {T[]} */
function unique(values) {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}
