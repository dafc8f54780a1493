// What becomes of files that were given to the grid: pictures become rows, a network one more network.
import { t } from '../../i18n/index.js';
import { axesOf, withRole } from './axes.js';

/**
 * @import { Given } from '../../sources/own.js'
 * @import { Compare } from '../../state/compare.js'
 */

/** More pictures than these at once are not compared. */
export const MOST = 100;
/** More pictures than these are a contact sheet at first: one heatmap each, the surest first. */
const FEW = 8;

/**
 * The change of the state, null where there is none, and what is told of it.
 * @param {Compare} state
 * @param {Given} given
 * @returns {{ change: Partial<Compare> | null, told: (() => string) | null }}
 */
export function given(state, { pictures, model, waiting }) {
  /** @type {Partial<Compare>} */
  const change = {};
  if (model) change.models = [model];
  if (pictures.length === 1 && !axesOf(state).includes('picture')) change.pictures = pictures;
  else if (pictures.length) {
    change.pictures = pictures.slice(0, MOST);
    Object.assign(change, withRole(state, 'picture', 'rows'));
    if (pictures.length > FEW) Object.assign(change, { columns: 'class', classes: [null], sort: 'score' });
  }
  const told =
    pictures.length > MOST
      ? () => t().compare.many(pictures.length, MOST)
      : waiting.length
        ? () => t().sources.waitingForWeights(waiting)
        : null;
  return { change: Object.keys(change).length ? change : null, told };
}
