// A lesson's texts in the language of the page: plain text, in which a blank line begins a paragraph and stars emphasise.
import { html, ifDefined } from '../../elements/element.js';
import { language } from '../../i18n/index.js';

/** @import { Text } from '../../lessons/read.js' */

const PARAGRAPH = /\n\s*\n/;
const EMPHASIS = /\*([^*\n]+)\*/;

/**
 * The words of a text: in the page's language, else in one that it has; `lang` where that is another.
 * @param {Text} text
 * @returns {{ said: string, lang?: string }}
 */
export function spoken(text) {
  if (typeof text === 'string') return { said: text };
  const own = text[language.value];
  if (own !== undefined) return { said: own };
  const [[lang, said]] = Object.entries(text);
  return { said, lang };
}

/** The words alone, where a language cannot be told. */
export const plainly = (/** @type {Text} */ text) => spoken(text).said.replaceAll('*', '');

/** What stars emphasise stands at odd places. */
const emphasised = (/** @type {string} */ said) => said.split(EMPHASIS).map((part, i) => (i % 2 ? html`<em>${part}</em>` : part));

/** A text that stands in a line. */
export function line(/** @type {Text} */ text) {
  const { said, lang } = spoken(text);
  return html`<span lang=${ifDefined(lang)}>${emphasised(said)}</span>`;
}

/** A text of paragraphs. */
export function paragraphs(/** @type {Text} */ text) {
  const { said, lang } = spoken(text);
  return said.split(PARAGRAPH).map((one) => html`<p lang=${ifDefined(lang)}>${emphasised(one)}</p>`);
}
