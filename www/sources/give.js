import { effect, untracked } from '@preact/signals-core';
import { t } from '../i18n/index.js';
import { sortFiles } from '../weights/sorting.js';
import { ownFiles } from './own.js';

/** @import { Page } from '../main.js' */

/** The views that take pictures of one's own; only the first two take networks, too. */
const TAKERS = /** @type {const} */ (['explain', 'compare', 'ask', 'caption', 'steps', 'erase', 'trust', 'inside', 'guess']);

/** @typedef {typeof TAKERS[number]} Taker */

/**
 * Takes files that were dropped or pasted on any view. Explain opens and asks about them, but where a view is open that takes
 * such files; Compare opens for several pictures on a view that takes none.
 */
export async function giveFiles(/** @type {Page} */ page, /** @type {File[]} */ files) {
  const view = takerOf(page.view.peek(), files);
  await opening(page, view);
  takeFiles(
    page,
    () => ownFiles(page).take(files),
    (given) => (ownFiles(page).given.value = { ...given, view }),
    view,
  );
}

/** The view that takes files which were given while another one, or the same, is open. @returns {Taker} */
export function takerOf(/** @type {import('../state/address.js').View} */ view, /** @type {File[]} */ files) {
  const { pictures, ...others } = sortFiles(files);
  const alone = !Object.values(others).some((given) => given.length);
  const taker = TAKERS.find((one) => one === view);
  const several = taker === 'guess'; // a round may be of any pictures
  if (taker === 'explain' || taker === 'compare' || (taker && alone && (several || pictures.length === 1))) return taker;
  return pictures.length > 1 ? 'compare' : 'explain';
}

/** Takes over what `giveFiles` took for a view, now and later, once each; gives what ends that. */
export function takeOver(
  /** @type {Page} */ page,
  /** @type {(given: import('./own.js').Given) => void} */ use,
  /** @type {Taker} */ view,
) {
  const { given } = ownFiles(page);
  return effect(() => {
    const taken = given.value;
    if (!taken || (taken.view ?? 'explain') !== view) return;
    untracked(() => {
      given.value = null;
      use(taken);
    });
  });
}

/**
 * Calls `use` with what `take` gives to ask about; tells what waits for its weights, and what was refused.
 * @param {Page} page
 * @param {() => import('./own.js').Given} take
 * @param {(given: import('./own.js').Given) => void} use
 * @param {Taker} view which tells
 */
export function takeFiles({ statuses }, take, use, view = 'explain') {
  const status = statuses[view];
  status.clear();
  status.attempt(() => {
    const given = take();
    if (given.waiting.length) status.say(() => t().sources.waitingForWeights(given.waiting));
    if (given.model || given.pictures.length) use(given);
  });
}

/** Goes to a view; it has taken over its address then, which would take the place of what is asked before. */
async function opening(/** @type {Page} */ page, /** @type {Taker} */ view) {
  if (page.view.peek() === view) return;
  page.go(view);
  await new Promise((resolve) => {
    const stop = effect(() => {
      if (page.view.value === view) queueMicrotask(() => resolve(stop()));
    });
  });
}
