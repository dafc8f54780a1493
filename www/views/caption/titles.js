// What is said of a heatmap of words.
import { f, t } from '../../i18n/index.js';
import { asWhole, probabilitiesOf, textOf } from './selection.js';

/**
 * @import { Answer } from './answer.js'
 * @import { Heat } from './drawing.js'
 */

/** The words that a drawing is of. */
const wordsOf = (/** @type {Pick<Heat, 'answer' | 'range'>} */ { answer, range }) => textOf(answer.words, range);

/** How probable the caption is. */
export const chanceOf = (/** @type {Answer} */ answer) => f().probability(probabilitiesOf(answer.logs).all);

/** A drawing in words, for its heading. */
export function titleOfHeat(/** @type {Pick<Heat, 'answer' | 'range'>} */ heat) {
  const { word, phrase, whole } = t().caption.heat;
  const { answer, range } = heat;
  if (!range) return whole;
  return range.first === range.last ? word(wordsOf(heat), f().probability(Math.exp(answer.logs[range.first]))) : phrase(wordsOf(heat));
}

/** A drawing in words, for those who cannot see it. */
export const labelOf = (/** @type {Heat} */ heat) => t().caption.heat.label(wordsOf(heat), heat.range === null);

/** Whether nothing speaks for the words of a drawing. */
export const isFlat = (/** @type {Pick<Heat, 'phrase' | 'which'>} */ { phrase, which }) =>
  Boolean(which < (phrase.words?.length ?? 0) ? phrase.words?.[which].class.flat : phrase.flat);

/** What must be known to read a drawing right. */
export function noteOf(/** @type {Pick<Heat, 'answer' | 'range' | 'phrase' | 'which'>} */ { answer, range, phrase, which }) {
  const { flat, alone, without, relation, withoutRelations } = t().caption.heat;
  const { first, last } = asWhole(range, answer.words.length);
  const chosen = answer.words.slice(first, last + 1);
  if (chosen.length === 1 && chosen[0].relation_word) return relation;
  if (isFlat({ phrase, which })) return flat;
  if (chosen.length === 1) return chosen[0].function_word ? alone : '';
  const isLeftOut = (/** @type {number} */ i) => phrase.words?.[i].summed === false;
  const left = chosen.filter((_, i) => isLeftOut(i));
  const of = (/** @type {'function_word' | 'relation_word'} */ kind) => [
    ...new Set(left.filter((one) => one[kind]).map(({ word }) => word)),
  ];
  const [functions, relations] = [of('function_word'), of('relation_word')];
  const notes = [...(functions.length ? [without(functions)] : []), ...(relations.length ? [withoutRelations(relations)] : [])];
  // Of such words alone, the sum is theirs.
  if (chosen.some(({ relation_word: related }, i) => related && !isLeftOut(i))) notes.push(relation);
  return notes.join(t().caption.gap);
}

/** What a screen reader hears of a drawing: of a single word, whose button has just been read, only what must be known. */
export function spokenOf(/** @type {Heat} */ heat) {
  const { range } = heat;
  const single = range && range.first === range.last;
  return [...(single ? [] : [`${labelOf(heat)}.`]), noteOf(heat)].join(' ').trim();
}
