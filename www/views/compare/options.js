// The values from which those of an axis are chosen: what the page has, and what is asked for beside that.
import { f, t } from '../../i18n/index.js';
import { ownFiles } from '../../sources/own.js';
import { LISTS } from '../../state/compare.js';
import { keyOf } from './axes.js';
import { titleOf } from './titles.js';

/**
 * @import { Page } from '../../main.js'
 * @import { Axis, Compare } from '../../state/compare.js'
 * @import { Grid } from './controller.js'
 * @import { Known } from './titles.js'
 *
 * @typedef {{ value: any, title: string, image: string | null, note: string | null }} Option
 */

/** @type {{ [A in Axis]: (page: Page, known: Known) => any[] }} */
const OFFERED = {
  picture: (page, { samples }) => [
    ...ownFiles(page).pictures.value.map(({ name }) => ({ kind: 'own', name })),
    ...samples.map(({ name }) => ({ kind: 'sample', name })),
  ],
  network: (page, { embedded }) => {
    const { model } = page.states.explain.value; // what Explain asks may be the visitor's own
    return [
      ...(model ? [model] : []),
      ...(embedded?.models ?? []).map(({ name }) => ({ kind: 'embedded', name })),
      ...(embedded?.zoo ?? []).map(({ name }) => ({ kind: 'zoo', name })),
    ];
  },
  method: (_, { about }) => (about?.methods ?? []).map(({ name }) => name),
  class: () => [null],
  layer: (_, { reference }) => [null, ...(reference?.layers ?? []).map(({ name }) => name)],
};

/**
 * @param {Axis} axis
 * @param {{ page: Page, state: Compare, grid: Grid | null, known: Known }} context
 * @returns {Option[]}
 */
export function optionsOf(axis, { page, state, grid, known }) {
  const offered = OFFERED[axis](page, known);
  const asked = [...state[LISTS[axis]], ...(grid?.values[axis] ?? [])];
  const all = new Map([...offered, ...asked].map((value) => [keyOf(value), value]));
  return [...all.values()].map((value) => ({
    value,
    title: titleOf(axis, value, known),
    image: axis === 'picture' ? imageOf(value, page, known) : null,
    note: axis === 'network' ? noteOf(value, known) : null,
  }));
}

/** The address of a small picture of a source; null where the page has none. */
export function imageOf(
  /** @type {import('../../state/question.js').PictureSource} */ source,
  /** @type {Page} */ page,
  /** @type {Known} */ { samples },
) {
  if (source.kind === 'address') return source.url;
  if (source.kind === 'sample') return samples.find(({ name }) => name === source.name)?.thumbnail ?? null;
  if (source.kind === 'board') return null;
  const own = ownFiles(page);
  const file = own.pictures.value.find(({ name }) => name === source.name);
  return file ? own.urlOf(file) : null;
}

/** What is to know of a network before it is chosen: what it was made for, or how much is fetched. */
function noteOf(/** @type {import('../../state/question.js').ModelSource} */ source, /** @type {Known} */ { embedded }) {
  if (source.kind === 'embedded') {
    const entry = embedded?.named(source.name);
    return entry ? (t().compare.knows[entry.data] ?? null) : null;
  }
  const entry = source.kind === 'zoo' ? embedded?.zoo.find(({ name }) => name === source.name) : null;
  return entry ? f().bytes(entry.bytes) : null;
}
