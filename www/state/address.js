// The page's state and its address, `#view?name=value&…`, each made from the other.
import { ask } from './ask.js';
import { bias } from './bias.js';
import { board } from './board.js';
import { camera } from './camera.js';
import { caption } from './caption.js';
import { compare } from './compare.js';
import { erase } from './erase.js';
import { explain } from './explain.js';
import { guess } from './guess.js';
import { inside } from './inside.js';
import { lessons } from './lessons.js';
import { steps } from './steps.js';
import { trust } from './trust.js';

/** Of each view, in the menu's order. */
export const CODECS = { board, bias, ask, caption, explain, compare, steps, erase, trust, inside, guess, camera, lessons };

/** @typedef {keyof typeof CODECS} View */
/** @typedef {{ [V in View]: typeof CODECS[V]['initial'] }} States */

/**
 * The hash, with its `#`, of a view in a state.
 * @template {View} V
 * @param {V} view
 * @param {States[V]} state
 */
export function hashOf(view, state) {
  const params = new URLSearchParams(CODECS[view].write(/** @type {any} */ (state)));
  // Colons, commas and slashes may stand in a fragment, and a link is for reading, too.
  const words = params.toString().replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%2F/g, '/').replace(/%40/g, '@');
  return words ? `#${view}?${words}` : `#${view}`;
}

/**
 * What a hash says; null where it names no view. `refused` lists what was not understood, which counts as left out.
 * @param {string} hash
 */
export function readHash(hash) {
  const [name, ...rest] = hash.replace(/^#/, '').split('?');
  if (!Object.hasOwn(CODECS, name)) return null;
  const view = /** @type {View} */ (name);
  return { view, ...CODECS[view].read(new URLSearchParams(rest.join('?'))) };
}
