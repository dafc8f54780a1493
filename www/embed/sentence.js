// What an error says to authors, who call the API or place the element, and have no page to choose in.
import { sentenceOf, t } from '../i18n/index.js';

/** As `sentenceOf`, with advice for authors. */
export function scriptSentenceOf(/** @type {{ code?: string | null, arguments?: Record<string, string>, message: string }} */ error) {
  const { scripts } = t();
  const say = error.code ? scripts.errors[error.code] : undefined;
  return say ? say(error.arguments ?? {}) : sentenceOf(error);
}
