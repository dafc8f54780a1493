import { effect, untracked } from '@preact/signals-core';
import { t } from '../i18n/index.js';
import { sortFiles } from '../weights/sorting.js';
import { ownFiles } from './own.js';

/** @import { Page } from '../main.js' */

/**
 * Takes files that were dropped or pasted on any view. The view Explain opens and asks about them; Compare where it is open,
 * and for several pictures on a view that explains only its own.
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

/** @returns {'explain' | 'compare'} */
function takerOf(/** @type {import('../state/address.js').View} */ view, /** @type {File[]} */ files) {
  if (view === 'explain' || view === 'compare') return view;
  return sortFiles(files).pictures.length > 1 ? 'compare' : 'explain';
}

/** Takes over what `giveFiles` took for a view, now and later, once each; gives what ends that. */
export function takeOver(
  /** @type {Page} */ page,
  /** @type {(given: import('./own.js').Given) => void} */ use,
  /** @type {'explain' | 'compare'} */ view = 'explain',
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
 * @param {'explain' | 'compare'} view which tells
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
async function opening(/** @type {Page} */ page, /** @type {'explain' | 'compare'} */ view) {
  if (page.view.peek() === view) return;
  page.go(view);
  await new Promise((resolve) => {
    const stop = effect(() => {
      if (page.view.value === view) queueMicrotask(() => resolve(stop()));
    });
  });
}
