import { effect, untracked } from '@preact/signals-core';
import { t } from '../i18n/index.js';
import { ownFiles } from './own.js';

/** @import { Page } from '../main.js' */

/** Takes files that were dropped or pasted on any view: the view Explain opens and asks about them. */
export async function giveFiles(/** @type {Page} */ page, /** @type {File[]} */ files) {
  await explaining(page);
  takeFiles(
    page,
    () => ownFiles(page).take(files),
    (given) => (ownFiles(page).given.value = given),
  );
}

/** Takes over what `giveFiles` took, now and later, once each; gives what ends that. */
export function takeOver(/** @type {Page} */ page, /** @type {(given: import('./own.js').Given) => void} */ use) {
  const { given } = ownFiles(page);
  return effect(() => {
    const taken = given.value;
    if (!taken) return;
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
 */
export function takeFiles({ statuses: { explain: status } }, take, use) {
  status.clear();
  status.attempt(() => {
    const given = take();
    if (given.waiting.length) status.say(() => t().sources.waitingForWeights(given.waiting));
    if (given.model || given.pictures.length) use(given);
  });
}

/** Goes to the view Explain; it has taken over its address then, which would take the place of what is asked before. */
async function explaining(/** @type {Page} */ page) {
  if (page.view.peek() === 'explain') return;
  page.go('explain');
  await new Promise((resolve) => {
    const stop = effect(() => {
      if (page.view.value === 'explain') queueMicrotask(() => resolve(stop()));
    });
  });
}
