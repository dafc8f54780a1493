// The languages of the heatmaps of a document.
import { learn, speak } from '../i18n/index.js';

/** @type {Map<string, Promise<import('../i18n/index.js').Spoken>>} */
const learning = new Map();

/** Loads a language once. The first one is that of all that does not know in which element it is. */
export function learnOnce(/** @type {import('../i18n/languages.js').Language} */ language) {
  const known = learning.get(language);
  if (known) return known;
  const first = !learning.size;
  const learnt = Promise.all([learn(language), first ? speak(language) : null]).then(([spoken]) => spoken);
  learning.set(language, learnt);
  learnt.catch(() => learning.delete(language));
  return learnt;
}
