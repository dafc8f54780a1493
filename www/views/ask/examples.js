// Questions that suit what lies on the board, one of each kind. They are in English, as the network reads them.
import plain from '../../../src/scenes/questions/plain.json' with { type: 'json' };
import { fillOf, partsOf } from '../../scenes/shapes.js';

/**
 * @typedef {import('../../state/board.js').Sticker} Sticker
 * @typedef {Sticker & { colour: string, kind: string, extent: number }} Thing `extent`: the side of a square of its area
 */

/** What is asked of each scene to begin with. @type {Record<string, string>} */
export const QUESTIONS = {
  hydrants: 'what color is the hydrant?',
  street: 'what is left of the bus?',
  balls: 'how many red things are there?',
  table: 'what is the largest thing?',
  lake: 'is the kite right of the boat?',
  unseen: 'what color is the car?',
};

/** How far across something may lie, for its distance along, within so many degrees of a direction. */
const slope = (/** @type {number} */ degrees) => Math.tan((degrees * Math.PI) / 180);
const [CONE, WIDE_CONE] = [slope(plain.cone), slope(plain.wide_cone)];

/** @type {[string, (from: Thing, to: Thing) => [number, number]][]} how far along, and how far across */
const DIRECTIONS = [
  ['left of', (from, to) => [from.x - to.x, to.y - from.y]],
  ['right of', (from, to) => [to.x - from.x, to.y - from.y]],
  ['above', (from, to) => [from.y - to.y, to.x - from.x]],
  ['below', (from, to) => [to.y - from.y, to.x - from.x]],
];

/**
 * @param {readonly Sticker[]} stickers
 * @returns {string[]}
 */
export function examplesOf(stickers) {
  const things = stickers.flatMap((sticker) => {
    const parts = partsOf(sticker.class);
    return parts ? [{ ...sticker, ...parts, extent: sticker.size * Math.sqrt(fillOf(parts.kind)) }] : [];
  });
  if (!things.length) return [];
  const count = (/** @type {'kind' | 'colour'} */ what, /** @type {string} */ name) =>
    things.filter((thing) => thing[what] === name).length;
  const lone = things.filter(({ kind }) => count('kind', kind) === 1);
  const [most] = things.toSorted((a, b) => count('kind', b.kind) - count('kind', a.kind));
  const [often] = things.toSorted((a, b) => count('colour', b.colour) - count('colour', a.colour));
  const named = things.find(({ colour }) => count('colour', colour) === 1);
  return [
    `what color is the ${most.kind}?`,
    `is there ${article(often.colour)} ${often.colour} ${often.kind}?`,
    `how many ${often.colour} things are there?`,
    ...(named ? [`what is the ${named.colour} thing?`] : []),
    ...neighbour(lone, things),
    ...extreme(things),
    ...side(lone),
  ];
}

const article = (/** @type {string} */ word) => (/^[aeiou]/.test(word) ? 'an' : 'a');

/** Of the one thing in whose direction exactly one other lies, and no further one nearly so. */
function neighbour(/** @type {Thing[]} */ lone, /** @type {Thing[]} */ things) {
  for (const from of lone) {
    for (const [words, apart] of DIRECTIONS) {
      const within = (/** @type {Thing} */ to, /** @type {number} */ cone) => {
        const [along, across] = apart(from, to);
        return along > 0 && Math.abs(across) <= cone * along;
      };
      const [there, ...others] = things.filter((to) => to !== from && within(to, WIDE_CONE));
      if (there && !others.length && within(there, CONE) && apart(from, there)[0] >= plain.gap)
        return [`what is ${words} the ${from.kind}?`];
    }
  }
  return [];
}

function extreme(/** @type {Thing[]} */ things) {
  const extents = things.map(({ extent }) => extent).sort((a, b) => b - a);
  return extents.length > 1 && extents[0] >= plain.size_ratio * extents[1] ? ['what is the largest thing?'] : [];
}

function side(/** @type {Thing[]} */ lone) {
  for (const one of lone) {
    const other = lone.find((to) => to !== one && Math.abs(to.x - one.x) >= plain.gap);
    if (other) return [`is the ${one.kind} left of the ${other.kind}?`];
  }
  return [];
}
