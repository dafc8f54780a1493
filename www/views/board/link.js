// The board as its address has it, and as it lies there.
import { BACKGROUNDS } from '../../scenes/painting.js';
import { STARTS } from '../../scenes/starts.js';

/**
 * @import { Board } from '../../state/board.js'
 * @import { Content } from '../../scenes/scene.js'
 */

const startOf = (/** @type {string | null} */ name) => STARTS.find((one) => one.name === name) ?? STARTS[0];

/** A start as a scene takes it, of the stickers that there are. */
export function begun(/** @type {string} */ name, /** @type {string[]} */ classes) {
  const { background, stickers, ...start } = startOf(name);
  return { start: start.name, touched: false, background, stickers: stickers.filter((sticker) => classes.includes(sticker.class)) };
}

/**
 * What a state shows, as a scene takes it; `refused` lists what it names and is not there.
 * @param {Board} state
 * @param {{ classes: string[], models: string[] }} known
 */
export function contentOf(state, { classes, models }) {
  /** @type {{ name: string, found: string }[]} */
  const refused = [];
  const check = (/** @type {string} */ name, /** @type {string | null} */ found, /** @type {string[]} */ allowed) => {
    if (found === null || allowed.includes(found)) return found;
    refused.push({ name, found });
    return null;
  };
  const start =
    check(
      'scene',
      state.start,
      STARTS.map(({ name }) => name),
    ) ?? STARTS[0].name;
  const content = begun(start, classes);
  content.background = check('background', state.background, Object.keys(BACKGROUNDS)) ?? content.background;
  if (state.stickers) {
    const known = state.stickers.filter((sticker) => check('stickers', sticker.class, classes) !== null);
    // Where none is, the scene has its own: an empty board is one that says so.
    if (known.length || !state.stickers.length) Object.assign(content, { touched: true, stickers: known });
  }
  const chosen = {
    class: check('class', state.class, classes),
    second: check('second', state.second, classes),
    model: check('model', state.model, models),
  };
  if (chosen.class === chosen.second) chosen.second = null;
  return { content, chosen, refused };
}

/**
 * What the address says of a content: nothing that its start says anyway.
 * @param {Content} content
 * @returns {Pick<Board, 'start' | 'background' | 'stickers'>}
 */
export function stateOf({ start, touched, background, stickers }) {
  const { name, background: usual } = startOf(start);
  return {
    start: name === STARTS[0].name ? null : name,
    background: background === usual ? null : background,
    stickers: touched ? stickers.map(({ id, ...sticker }) => sticker) : null,
  };
}

/** Whether two boards look alike. */
export const alike = (/** @type {Content} */ one, /** @type {Content} */ other) =>
  JSON.stringify(stateOf(one)) === JSON.stringify(stateOf(other));
