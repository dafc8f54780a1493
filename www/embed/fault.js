// What went wrong, as the event `error` tells it.
import { speaking } from '../i18n/index.js';
import { scriptSentenceOf } from './sentence.js';

/** @param {any} error @param {import('../i18n/index.js').Spoken | null} spoken */
export const faultOf = (error, spoken) => ({
  code: error.code ?? null,
  kind: error.kind ?? null,
  arguments: error.arguments ?? {},
  message: speaking(spoken, () => scriptSentenceOf(error)),
});
