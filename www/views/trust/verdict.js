// What the experiments measured, as sentences with the numbers in them.
import { rangeOf } from '../../elements/paint.js';
import { f } from '../../i18n/index.js';
import { className, methodTitle } from '../../i18n/tables.js';
import { words } from './words.js';

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Experiment } from '../../state/trust.js'
 * @import { Base } from './base.js'
 * @import { Findings, Likeness } from './experiments.js'
 * @import { Variant } from './variants.js'
 *
 * @typedef {{ base: Base, about: About }} Context
 */

/** A rank correlation, or a dash where there is none. */
export const ranked = (/** @type {number | null} */ rank) => (rank === null ? '–' : f().decimal(rank));

/** What a small change is called. */
export function variantName(/** @type {Variant} */ variant) {
  const said = words().changes;
  if (variant.kind === 'mirrored') return said.mirrored;
  return variant.kind === 'moved' ? said.moved(variant.by) : said.noisy(f().percent(variant.by));
}

/** @type {{ [E in Experiment]: (found: Findings[E], context: Context) => string }} */
const VERDICT = {
  cover({ share, whole, without, alone, elsewhere, by_chance: byChance }, { base }) {
    const say = f().decimal;
    const [lost, kept] = /** @type {[number, number]} */ (byChance).map(say);
    return words().cover.said({
      name: className(base.of),
      share: f().percent(share),
      whole: say(whole),
      without: say(without),
      alone: say(alone),
      lost,
      kept,
      places: elsewhere.length,
    });
  },

  curves({ deletion, insertion }, { base }) {
    const ends = (/** @type {import('../../engine/protocol.d.ts').CurveMeasured} */ { points }) =>
      [points[0], points[points.length - 1]].map(([, score]) => f().decimal(score));
    const [[whole, deleted], [blurred, inserted]] = [ends(deletion), ends(insertion)];
    return words().curves.said({
      name: className(base.of),
      whole,
      deleted,
      deletion: f().decimal(deletion.area),
      blurred,
      inserted,
      insertion: f().decimal(insertion.area),
    });
  },

  weights({ methods, modules, counts, steps }, { about }) {
    const last = steps.findLastIndex((step) => step !== null);
    const maps = /** @type {Likeness[]} */ (steps[last]);
    const said = words().weights;
    const ranks = methods.map((method, i) => said.likeness(methodTitle(about, method), ranked(maps[i].rank)));
    return said.said(counts[last], modules.length, ranks);
  },

  changes({ changed }, { base }) {
    const said = words().changes;
    const compared = changed.filter(({ rank }) => rank !== null).sort((one, other) => Number(one.rank) - Number(other.rank));
    if (!compared.length) return said.saidFlat(changed.length);
    const [lowest, highest] = [compared[0], compared[compared.length - 1]];
    const { min: low, max: high } = rangeOf(changed.map(({ probability }) => probability));
    return said.said({
      count: changed.length,
      low: ranked(lowest.rank),
      lowest: variantName(lowest.variant),
      high: ranked(highest.rank),
      highest: variantName(highest.variant),
      name: className(base.of),
      min: f().decimal(low),
      max: f().decimal(high),
    });
  },
};

/**
 * What an experiment measured.
 * @template {Experiment} E
 * @param {E} experiment
 * @param {Findings[E]} found
 * @param {Context} context
 */
export const verdictOf = (experiment, found, context) => VERDICT[experiment](found, context);
