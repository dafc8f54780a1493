// What a screen reader hears of the board: what is done to it at once, and the result when it has come to rest.
import { t } from '../../i18n/index.js';
import { nameOf } from './names.js';

/**
 * @import { Scene, Sticker } from '../../scenes/scene.js'
 * @import { Status } from '../../state/status.js'
 */

const RESTED = 1000; // milliseconds without a change before the result is read aloud
const READ = 6000; // milliseconds that it takes to read a sentence

/** @template Answer what comes of the board */
export class Announcer {
  #status;
  #scene;
  #wordsOf;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  /** The sticker that was moved by keys since the result was read aloud. @type {number | null} */
  #moved = null;

  /**
   * @param {Status} status
   * @param {Scene} scene
   * @param {(answer: Answer) => string} wordsOf the result in words
   */
  constructor(status, scene, wordsOf) {
    this.#status = status;
    this.#scene = scene;
    this.#wordsOf = wordsOf;
  }

  added(/** @type {Readonly<Sticker>} */ sticker) {
    this.#status.announce(() => t().board.added(worded(sticker)));
  }

  removed(/** @type {Readonly<Sticker>} */ sticker) {
    this.#status.announce(() => t().board.removed(nameOf(sticker.class)));
  }

  recoloured(/** @type {Readonly<Sticker>} */ sticker) {
    this.#status.announce(() => t().board.recoloured(nameOf(sticker.class)));
  }

  emptied() {
    this.#status.announce(() => t().board.emptied);
  }

  /** Another board lies there as a whole. */
  replaced(/** @type {'begun' | 'undone' | 'redone'} */ how) {
    const { classes } = this.#scene;
    this.#status.announce(() => t().board[how](classes.map(nameOf)));
  }

  /** Where the sticker lies is told with the next result: keys are pressed faster than sentences are read. */
  moved(/** @type {number} */ id) {
    this.#moved = id;
  }

  /** Tells the result, unless `stop()` is called soon. */
  rest(/** @type {Answer} */ answer) {
    this.#resting = setTimeout(() => this.#tell(answer), RESTED);
  }

  stop() {
    clearTimeout(this.#resting);
  }

  #tell(/** @type {Answer} */ answer, waited = false) {
    const { sentence, aloud } = this.#status;
    // What was said for all to see is not overwritten before it was read.
    if (sentence.peek() && !aloud.peek() && !waited) {
      this.#resting = setTimeout(() => this.#tell(answer, true), READ);
      return;
    }
    const moved = this.#moved === null ? undefined : this.#scene.get(this.#moved);
    this.#moved = null;
    this.#status.announce(() => [...(moved ? [t().board.moved(worded(moved))] : []), this.#wordsOf(answer)].join(' '));
  }
}

const worded = (/** @type {Readonly<Sticker>} */ sticker) => ({ ...sticker, class: nameOf(sticker.class) });
