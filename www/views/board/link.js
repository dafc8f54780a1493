// The board as its address has it, and as it lies there.
import { checking, linkOf } from '../../scenes/link.js';
import { STARTS } from '../../scenes/starts.js';

export const { begun, laid, stateOf, alike } = linkOf(STARTS);

/**
 * What a state shows, as a scene takes it; `refused` lists what it names and is not there.
 * @param {import('../../state/board.js').Board} state
 * @param {{ classes: string[], models: string[] }} known
 */
export function contentOf(state, { classes, models }) {
  const { check, refused } = checking();
  const content = laid(state, classes, check);
  const chosen = {
    class: check('class', state.class, classes),
    second: check('second', state.second, classes),
    model: check('model', state.model, models),
  };
  if (chosen.class === chosen.second) chosen.second = null;
  return { content, chosen, refused };
}
