// A board as its address has it, and as it lies there.
import { BACKGROUNDS } from './painting.js';

/**
 * @import { Board } from '../state/board.js'
 * @import { Content } from './scene.js'
 *
 * @typedef {Pick<Board, 'start' | 'background' | 'stickers'>} Laid
 * @typedef {{ name: string, background: string, stickers: readonly Omit<import('./scene.js').Sticker, 'id'>[] }} Start
 * @typedef {(name: string, found: string | null, allowed: string[]) => string | null} Check gives what is allowed, else null
 */

/** The boards that begin with one of `starts`, by default with the first. */
export function linkOf(/** @type {readonly Start[]} */ starts) {
  const startOf = (/** @type {string | null} */ name) => starts.find((one) => one.name === name) ?? starts[0];

  /** A start as a scene takes it, of the stickers that there are. */
  function begun(/** @type {string} */ name, /** @type {string[]} */ classes) {
    const { background, stickers, ...start } = startOf(name);
    return { start: start.name, touched: false, background, stickers: stickers.filter((sticker) => classes.includes(sticker.class)) };
  }

  /** What a state shows, as a scene takes it. */
  function laid(/** @type {Laid} */ state, /** @type {string[]} */ classes, /** @type {Check} */ check) {
    const names = starts.map(({ name }) => name);
    const content = begun(check('scene', state.start, names) ?? names[0], classes);
    content.background = check('background', state.background, Object.keys(BACKGROUNDS)) ?? content.background;
    if (state.stickers) {
      const known = state.stickers.filter((sticker) => check('stickers', sticker.class, classes) !== null);
      // Where none is, the scene has its own: an empty board is one that says so.
      if (known.length || !state.stickers.length) Object.assign(content, { touched: true, stickers: known });
    }
    return content;
  }

  /**
   * What the address says of a content: nothing that its start says anyway.
   * @param {Content} content
   * @returns {Laid}
   */
  function stateOf({ start, touched, background, stickers }) {
    const { name, background: usual } = startOf(start);
    return {
      start: name === starts[0].name ? null : name,
      background: background === usual ? null : background,
      stickers: touched ? stickers.map(({ id, ...sticker }) => sticker) : null,
    };
  }

  /** Whether two boards look alike. */
  const alike = (/** @type {Content} */ one, /** @type {Content} */ other) =>
    JSON.stringify(stateOf(one)) === JSON.stringify(stateOf(other));

  return { begun, laid, stateOf, alike };
}

/**
 * Checks what a link names, and lists in `refused` what is not there.
 * @returns {{ check: Check, refused: import('../state/status.js').Refused[] }}
 */
export function checking() {
  /** @type {import('../state/status.js').Refused[]} */
  const refused = [];
  return {
    refused,
    check(name, found, allowed) {
      if (found === null || allowed.includes(found)) return found;
      refused.push({ name, found, allowed });
      return null;
    },
  };
}
