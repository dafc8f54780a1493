// The pictures of a round, and what is asked of each.
import { BACKGROUNDS } from '../../scenes/painting.js';
import { writtenBoard } from '../../state/board.js';
import { randomFrom } from '../../elements/game/random.js';
import { randomBoard, shuffled } from './random.js';

/**
 * @import { Guess } from '../../state/guess.js'
 * @import { PictureSource } from '../../state/question.js'
 * @import { Site } from './site.js'
 *
 * `class` is the name of what the network is asked about; null: about what it says itself.
 * @typedef {{ picture: PictureSource, class: string | null }} Turn
 */

/** How many pictures make a round. */
export const TURNS = 10;

/**
 * A visitor's own pictures; else, for a network of drawn people, those; else boards of stickers. The number of the round decides
 * which, so a class plays the same. None where the site has none.
 * @param {Pick<Guess, 'round' | 'pictures'>} state
 * @param {Site} site
 * @returns {Turn[]}
 */
export function turnsOf({ round, pictures }, { people, stickers }) {
  if (pictures.length) return pictures.slice(0, TURNS).map((picture) => ({ picture, class: null }));
  const random = randomFrom(round);
  if (people)
    return shuffled(people, random)
      .slice(0, TURNS)
      .map(({ name }) => ({ picture: { kind: 'sample', name }, class: null }));
  if (!stickers.length) return [];
  return Array.from({ length: TURNS }, () => {
    const board = randomBoard(stickers, Object.keys(BACKGROUNDS), random);
    const { class: name } = board.stickers[Math.floor(random() * board.stickers.length)];
    return { picture: { kind: 'board', board: writtenBoard(board) }, class: name };
  });
}
