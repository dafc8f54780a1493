// What the colours of the cells mean, on the screen and in what is saved.
import { f, t } from '../../i18n/index.js';
import { coloursOf } from '../../state/question.js';

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Compare } from '../../state/compare.js'
 * @import { Grid } from './controller.js'
 * @import { Scale } from '../../elements/paint.js'
 *
 * @typedef {{ colours: string[], ends: string[] }} Legend from low to high
 */

/**
 * One for maps and one for signed maps, where there are any.
 * @param {{ grid: Grid | null, state: Compare, about: About, colormap: string, scale: Scale, sides: string[], paper: string }} what
 * @returns {Legend[]}
 */
export function legendsOf({ grid, state, about, colormap, scale: { min, max }, sides, paper }) {
  const words = t().compare;
  const classes = grid?.values.class ?? [];
  const pairs = classes.filter((one) => one !== null && typeof one !== 'number').length;
  const written = (/** @type {number} */ value) => f().number(Number(value.toPrecision(3)));
  const shared = state.scale === 'shared' && max > min;
  const ends = words.ends[state.scale].map((end, i) => (shared ? words.ranged(end, written([min, max][i])) : end));
  const plain = { colours: coloursOf(about, colormap), ends };
  const signed = { colours: [sides[0], paper, sides[1]], ends: words.signedEnds };
  return [...(pairs < classes.length || !pairs ? [plain] : []), ...(pairs ? [signed] : [])];
}
