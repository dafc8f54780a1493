// What is said of a picture: the captions that were found, the one that is explained, and the explanations of its words.
import { asWhole } from './selection.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Language, Phrase, Picture } from '../../engine/handles.js'
 * @import { CaptionWritten, Explain, WordRead } from '../../engine/protocol.d.ts'
 * @import { TaskOptions } from '../../engine/queue.js'
 * @import { Range } from '../../state/caption.js'
 *
 * @typedef {object} Said
 * @property {number} of tells its picture from others
 * @property {Language} language
 * @property {Picture} picture
 * @property {Explain} request
 * @property {number} beam
 * @property {CaptionWritten[]} captions those that were found, the most probable first
 * @property {number} which of them is explained
 * @property {boolean} own whether it is one of somebody's own instead
 * @property {WordRead[]} words of the caption that is explained
 * @property {number[]} logs natural logarithms of their probabilities, and at last of the end
 */

export class Answer {
  /** @type {Map<string, Phrase>} by their words */
  #phrases = new Map();

  /** @param {Said} said */
  constructor(said) {
    const { of, language, picture, request, beam, captions, which, own, words, logs } = said;
    this.of = of;
    this.language = language;
    this.picture = picture;
    this.request = request;
    this.beam = beam;
    this.captions = captions;
    this.which = which;
    this.own = own;
    this.words = words;
    this.logs = logs;
  }

  /**
   * The explanation that has a heatmap of these words, and its number there. All words are explained in one pass, so a word
   * costs none.
   * @param {Engine} engine
   * @param {Range | null} range null: all
   * @param {TaskOptions} options
   */
  async explain(engine, range, options) {
    const count = this.words.length;
    const place = range === null ? count : range.first === range.last ? range.first : null; // of the heatmap of all, or of one
    const { first, last } = asWhole(place === null ? range : null, count);
    const key = `${first}-${last}`;
    const { language, picture, request } = this;
    const phrase = this.#phrases.get(key) ?? {
      language,
      picture,
      request,
      phrase: { tokens: this.words.map(({ token }) => token), first, last },
    };
    await engine.explain(phrase, options);
    this.#phrases.set(key, phrase);
    return { phrase, which: place ?? last - first + 1 };
  }

  /** The worker need not hold any of it any longer but for what the next answer shares. */
  release(/** @type {Engine} */ engine, /** @type {Answer} */ next) {
    for (const phrase of this.#phrases.values()) engine.release(phrase);
    if (this.picture !== next.picture && 'pixels' in this.picture) engine.release(this.picture);
  }
}
