// The page's words. `t()` gives those of the present language; an element that calls it while it renders follows a change.
import { computed, signal } from '@preact/signals-core';
import { formatters } from './format.js';

/** The languages by their tags, each named in itself. */
export const LANGUAGES = { en: 'English', zh: '中文' };

const LOADERS = { en: () => import('./en/index.js'), zh: () => import('./zh/index.js') };
const LOCALES = { en: 'en', zh: 'zh-Hans' };

/** @typedef {keyof typeof LANGUAGES} Language */
/** @typedef {ReturnType<typeof import('./en/index.js').default>} Words */

/** @type {import('@preact/signals-core').Signal<{ language: Language, words: Words, format: import('./format.js').Formatters } | null>} */
const present = signal(null);

/** The present language's tag, for `lang`. */
export const language = computed(() => present.value?.language ?? 'en');
export const locale = computed(() => LOCALES[language.value]);

/** The words of the present language. */
export function t() {
  if (!present.value) throw new Error('speak() comes first');
  return present.value.words;
}

/** The formatters of the present language. */
export function f() {
  if (!present.value) throw new Error('speak() comes first');
  return present.value.format;
}

/** Loads a language and makes it the present one. */
export async function speak(/** @type {Language} */ tag) {
  const { default: words } = await LOADERS[tag]();
  const format = formatters(LOCALES[tag]);
  present.value = { language: tag, words: words(format), format };
}

/** The language to begin with: the one asked for, else the first of the browser's that there is. */
export function preferred(/** @type {string | null} */ asked, /** @type {readonly string[]} */ offered) {
  const known = (/** @type {string} */ tag) =>
    /** @type {Language[]} */ (Object.keys(LANGUAGES)).find((one) => tag.toLowerCase().split('-')[0] === one);
  return (asked && known(asked)) || offered.map(known).find(Boolean) || 'en';
}

/** What an error says in the present language: by its code, else in the engine's own words. */
export function sentenceOf(/** @type {{ code?: string | null, arguments?: Record<string, string>, message: string }} */ error) {
  const { errors, page } = t();
  const say = error.code ? (page.sentences[error.code] ?? errors[error.code]) : undefined;
  return say ? say(error.arguments ?? {}) : whole(grouped(error.message, Object.values(error.arguments ?? {})));
}

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
