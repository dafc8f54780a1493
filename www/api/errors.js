// What went wrong, as scripts get it: a code to act on and a sentence to read.
import { scriptSentenceOf } from '../embed/sentence.js';
import { EngineError } from '../engine/errors.js';
import { speaking } from '../i18n/index.js';

/** `kind` is 'image', 'weights', 'device', 'address' or 'request'; `code` names exactly this fault; `arguments` are what it is about. */
export class CamLucidaError extends Error {
  name = 'CamLucidaError';

  constructor(/** @type {EngineError} */ { kind, code, arguments: named }, /** @type {string} */ sentence) {
    super(sentence);
    this.kind = kind;
    this.code = code;
    this.arguments = named;
  }
}

/**
 * What `work` gives; what it raises with a code is raised as a CamLucidaError in a language, anything else as it is.
 * @template T
 * @param {import('../i18n/index.js').Spoken} spoken
 * @param {() => Promise<T>} work
 */
export async function toldIn(spoken, work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw Object.assign(
      new CamLucidaError(
        error,
        speaking(spoken, () => scriptSentenceOf(error)),
      ),
      { cause: error },
    );
  }
}

export const disposed = () => new EngineError({ kind: 'request', code: 'engine-disposed' });
