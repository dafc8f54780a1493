// The languages that there are, and which of them is spoken. It loads no words.

/** By their tags, each named in itself. */
export const LANGUAGES = { en: 'English', zh: '中文' };

/** @typedef {keyof typeof LANGUAGES} Language */

/** The language to begin with: the one asked for, else the first of the browser's that there is. */
export function preferred(/** @type {string | null} */ asked, /** @type {readonly string[]} */ offered) {
  const known = (/** @type {string} */ tag) =>
    /** @type {Language[]} */ (Object.keys(LANGUAGES)).find((one) => tag.toLowerCase().split('-')[0] === one);
  return (asked && known(asked)) || offered.map(known).find(Boolean) || 'en';
}
