// What is said before the words of a language are loaded.
import english from '../i18n/en/poster.js';
import chinese from '../i18n/zh/poster.js';
import { preferred } from '../i18n/languages.js';

const POSTERS = { en: english, zh: chinese };

/** @typedef {import('../i18n/languages.js').Language} Language */

/** The language of an element: that of the nearest `lang` around it, else the first of the browser's that there is. */
export function languageOf(/** @type {Element} */ element) {
  /** @type {any} */
  let at = element;
  for (; at; at = at.parentNode ?? at.host) if (at.lang) return preferred(at.lang, navigator.languages);
  return preferred(null, navigator.languages);
}

export const posterIn = (/** @type {Language} */ language) => ({ poster: POSTERS[language]() });
