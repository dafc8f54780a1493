// What the values of the axes are called.
import { f, t } from '../../i18n/index.js';
import { className, methodTitle, modelTitle, networkTitle } from '../../i18n/tables.js';

/**
 * @import { Axis } from '../../state/compare.js'
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { Sample } from '../../sources/samples.js'
 * @import { EmbeddedModels } from '../../weights/embedded.js'
 *
 * @typedef {object} Known what the page knows by now
 * @property {About | null} about
 * @property {EmbeddedModels | null} embedded
 * @property {Sample[]} samples
 * @property {SourcedModel | null} reference the first network, whose classes are meant
 */

/** @type {{ [A in Axis]: (value: any, known: Known) => string }} */
const TITLES = {
  picture: (/** @type {import('../../state/question.js').PictureSource} */ source, { samples }) => {
    if (source.kind === 'address') return lastPart(source.url);
    if (source.kind === 'own') return source.name;
    if (source.kind === 'board') return t().page.views.board;
    return samples.find(({ name }) => name === source.name)?.label() ?? source.name;
  },
  network: (/** @type {import('../../state/question.js').ModelSource} */ source, { embedded }) => {
    const list = source.kind === 'embedded' ? embedded?.models : source.kind === 'zoo' ? embedded?.zoo : null;
    const entry = list?.find(({ name }) => name === source.name);
    return entry ? modelTitle(entry) : networkTitle({ network: source.name });
  },
  method: (name, { about }) => (about ? methodTitle(about, name) : name),
  class: (value, { reference }) => {
    const name = (/** @type {number} */ id) => className({ id, name: reference?.labels?.[id] ?? null });
    if (value === null) return t().compare.predicted;
    return f().capital(typeof value === 'number' ? name(value) : t().compare.rather(name(value.id), name(value.rival)));
  },
  layer: (name) => name ?? t().compare.lastLayer,
};

/** @param {Axis} axis @param {any} value @param {Known} known */
export const titleOf = (axis, value, known) => TITLES[axis](value, known);

/** The end of an address, without its percent escapes where they are any. */
function lastPart(/** @type {string} */ url) {
  const part = url.split(/[?#]/)[0].split('/').findLast(Boolean) ?? url;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * A cell by its row and its column.
 * @param {import('./axes.js').Asked} asked
 * @param {[Axis, Axis]} axes
 * @param {Known} known
 */
export const nameOf = (asked, [rows, columns], known) =>
  t().compare.cell(titleOf(rows, asked[rows], known), titleOf(columns, asked[columns], known));
