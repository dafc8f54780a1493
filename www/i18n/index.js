// The page's words. `t()` gives those of the present language; an element that calls it while it renders follows a change.
import { computed, signal } from '@preact/signals-core';
import { formatters } from './format.js';

export { LANGUAGES, preferred } from './languages.js';

/** @typedef {import('./languages.js').Language} Language */
/** @typedef {ReturnType<typeof import('./en/index.js').default>} Words */
/** @typedef {{ language: Language, words: Words, format: import('./format.js').Formatters }} Spoken a language, learnt */

const LOADERS = { en: () => import('./en/index.js'), zh: () => import('./zh/index.js') };
const LOCALES = { en: 'en', zh: 'zh-Hans' };

/** @type {import('@preact/signals-core').Signal<Spoken | null>} the page's language */
const present = signal(null);
/** @type {Spoken | null} that of what is rendered just now, where it is another */
let other = null;

/** The present language's tag, for `lang`. */
export const language = computed(() => present.value?.language ?? 'en');
export const locale = computed(() => LOCALES[language.value]);

function spoken() {
  const found = other ?? present.value;
  if (!found) throw new Error('speak() comes first');
  return found;
}

/** The words of the present language. */
export const t = () => spoken().words;

/** The formatters of the present language. */
export const f = () => spoken().format;

/**
 * The words of a view that come with its script and not with the language: a first visit of another view loads none of them.
 * What it gives is to those words what `t` is to all others.
 * @template T
 * @param {Record<Language, (f: import('./format.js').Formatters) => T>} languages
 */
export function wordsOf(languages) {
  /** @type {Map<Language, T>} */
  const made = new Map();
  return () => {
    const { language, format } = spoken();
    const known = made.get(language) ?? languages[language](format);
    made.set(language, known);
    return known;
  };
}

/** Loads a language. @returns {Promise<Spoken>} */
export async function learn(/** @type {Language} */ tag) {
  const { default: words } = await LOADERS[tag]();
  const format = formatters(LOCALES[tag]);
  return { language: tag, words: words(format), format };
}

/** Loads a language and makes it the present one. */
export async function speak(/** @type {Language} */ tag) {
  present.value = await learn(tag);
}

/**
 * What `work` gives, in a language of its own; null: in the present one. `work` awaits nothing.
 * @template T
 * @param {Spoken | null} own
 * @param {() => T} work
 */
export function speaking(own, work) {
  const before = other;
  other = own ?? before;
  try {
    return work();
  } finally {
    other = before;
  }
}

/** What an error says in the present language: by its code, else in the engine's own words. */
export function sentenceOf(/** @type {{ code?: string | null, arguments?: Record<string, string>, message: string }} */ error) {
  const { errors, page } = t();
  const say = error.code ? (page.sentences[error.code] ?? errors[error.code]) : undefined;
  return quoted(say ? say(error.arguments ?? {}) : whole(grouped(error.message, Object.values(error.arguments ?? {}))));
}

/** What is written between backticks for terminals and logs stands between quotation marks in the page. */
const quoted = (/** @type {string} */ sentence) => sentence.replace(/`([^`]*)`/g, '“$1”');

/** Long numbers among what a clause names, in groups as the language writes them. */
function grouped(/** @type {string} */ clause, /** @type {unknown[]} */ named) {
  const long = new Set(named.filter((one) => /^\d{5,}$/.test(String(one))).map(String));
  return clause.replace(/(?<![\w`“.])\d{5,}(?![\w`”]|\.\d)/g, (digits) => (long.has(digits) ? f().number(BigInt(digits)) : digits));
}

/** The engine's clause as a sentence of its own; a first word that is a name stays as it is: `config.json`, `grad-cam`. */
function whole(/** @type {string} */ clause) {
  const begun = clause.replace(/^[a-z]+(?=[ ,;:])/, (word) => word[0].toUpperCase() + word.slice(1));
  return /[.?!…]$/.test(begun) || !begun ? begun : `${begun}.`;
}
