// What views tell of themselves, and whether that meets what a lesson asks for. A condition is data; nothing of it is run.

/**
 * @import { Facts } from '../elements/view.js'
 * @import { View } from '../state/address.js'
 *
 * A share is from 0 to 1; degrees are from 0 to 180.
 * @typedef {'share' | 'count' | 'degrees' | 'names'} Kind
 *
 * @typedef {object} Condition
 * @property {string} fact
 * @property {string} [class]
 * @property {string} [network]
 * @property {number} [below]
 * @property {number} [atLeast]
 * @property {string | string[]} [has]
 * @property {string | string[]} [lacks]
 *
 * `now` is what the view tells at present; null: it does not tell.
 * @typedef {{ met: boolean, now: number | string[] | null }} Judged
 */

/** Each fact: what it is, of what it must be asked, and which views tell it. */
export const FACTS = /** @type {Record<string, { kind: Kind, needs?: 'class', told: readonly View[] }>} */ ({
  /** How sure the network is of a class; of `network`, where the view shows several. */
  score: { kind: 'share', needs: 'class', told: ['board', 'bias', 'explain', 'erase'] },
  /** How many stickers lie on the board; of `class`, where it is named. */
  stickers: { kind: 'count', told: ['board'] },
  /** Of the front sticker of a class: where its middle is, as shares of the board; its width, likewise; how far it is turned. */
  left: { kind: 'share', needs: 'class', told: ['board'] },
  top: { kind: 'share', needs: 'class', told: ['board'] },
  size: { kind: 'share', needs: 'class', told: ['board'] },
  turned: { kind: 'degrees', needs: 'class', told: ['board'] },
  /** The share of the pixels that is erased. */
  erased: { kind: 'share', told: ['erase'] },
  /** What the circle that was revealed last holds of the heatmap. */
  circle: { kind: 'share', told: ['guess'] },
  /** The mean of the points of the circles that were revealed, as a share of 100. */
  points: { kind: 'share', told: ['guess'] },
  /** How many circles were revealed. */
  guesses: { kind: 'count', told: ['guess'] },
  /** The class that the network finds most probable. */
  says: { kind: 'names', told: ['board', 'bias', 'explain', 'erase'] },
  /** The classes whose heatmaps are shown. */
  class: { kind: 'names', told: ['board', 'bias', 'explain', 'compare', 'erase', 'trust'] },
  method: { kind: 'names', told: ['explain', 'compare', 'trust'] },
  layer: { kind: 'names', told: ['explain', 'compare'] },
  network: { kind: 'names', told: ['board', 'bias', 'explain', 'compare', 'erase', 'guess', 'trust'] },
  /** The experiments with the heatmap whose results are complete. */
  experiment: { kind: 'names', told: ['trust'] },
  /** The file of the person who is looked at. */
  person: { kind: 'names', told: ['bias'] },
  /** The networks whose answer is right, or wrong. */
  right: { kind: 'names', told: ['bias'] },
  wrong: { kind: 'names', told: ['bias'] },
});

const all = (/** @type {string | string[] | undefined} */ names) => (names === undefined ? [] : [names].flat());

/**
 * Whether what a view tells meets a condition. What is being computed meets none.
 * @param {Condition} condition
 * @param {Facts | null} facts
 * @returns {Judged}
 */
export function judge(condition, facts) {
  const now = facts?.told[condition.fact]?.(condition) ?? null;
  if (now === null) return { met: false, now };
  const { below = Infinity, atLeast = -Infinity, has, lacks } = condition;
  const holds =
    typeof now === 'number'
      ? now < below && now >= atLeast
      : all(has).every((name) => now.includes(name)) && !all(lacks).some((name) => now.includes(name));
  return { met: holds && Boolean(facts?.settled), now };
}

/** The conditions of a step, all of which are to be met. @returns {Condition[]} */
export const conditionsOf = (/** @type {{ check?: Condition | Condition[] }} */ { check }) => (check === undefined ? [] : [check].flat());
