// Answers in words: the network's are English, and a page in another language says beside them what they mean.
import { t } from '../../i18n/index.js';

/** An answer in the page's language; nothing where that is how it is written anyway. */
export function glossOf(/** @type {string} */ name) {
  const meant = t().classes[name];
  return meant && meant !== name ? meant : '';
}

/** A sum of answers, as the network writes them. */
export const sumOf = (/** @type {readonly string[]} */ names) => names.join(' + ');
