// Which classes a search finds. Pure.

/** @typedef {{ id: number, said: string, key: string }} Entry `key`: all that may be searched, in lower case */

/**
 * Those in which every word stands; first the one of that number, then those in which the words begin words.
 * @param {Entry[]} entries
 * @param {string} words
 */
export function find(entries, words) {
  const exact = entries.find(({ id }) => String(id) === words.trim());
  const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
  const atWord = (/** @type {Entry} */ { key }) => Number(parts.every((part) => ` ${key}`.includes(` ${part}`)));
  const found = entries
    .filter((entry) => entry !== exact && parts.every((part) => entry.key.includes(part)))
    .sort((a, b) => atWord(b) - atWord(a)); // “cat” means the tiger cat before the oystercatcher
  return exact ? [exact, ...found] : found;
}
