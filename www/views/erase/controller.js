// Keeps the erased picture, what the network says of it, its heatmap and the address in step. It knows no document; the element
// reads its signals and calls what was done.
import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { Edits } from '../../elements/board/edits.js';
import { Live } from '../../engine/live.js';
import { t } from '../../i18n/index.js';
import { namesOf, networkOf, sureOf } from '../../state/facts.js';
import { Subject } from '../../sources/subject.js';
import { Repeated } from '../../state/status.js';
import { Erasure } from './erasure.js';
import { answerOf, baseOf } from './answer.js';
import { says, smaller } from './mind.js';
import { Strokes } from './strokes.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Erase, Stroke } from '../../state/erase.js'
 * @import { Answer, Base } from './answer.js'
 * @import { Box } from './erasure.js'
 *
 * @typedef {{ share: number, strokes: readonly Stroke[] }} Record
 *
 * @typedef {object} Own
 * @property {(bitmap: ImageBitmap) => ImageData} [pixelsOf]
 * @property {(answer: Answer) => string} wordsOf what a screen reader hears of an answer
 *
 * @typedef {import('../../sources/subject.js').Parts<Erase> & Own} Parts
 */

const RESTED = 1000; // milliseconds without a change before an answer is read aloud
const WRITTEN = 300; // milliseconds without a change before the strokes go into the state: a long list is written no sooner

export class Controller {
  strokes = new Strokes();
  edits = signal(new Edits(this.strokes));
  /** What is erased from. @type {Signal<Base | null>} */
  base = signal(null);
  /** The picture with the strokes on it. @type {Signal<Erasure | null>} */
  erasure = signal(null);
  /** The share of the pixels that is erased now. */
  share = signal(0);
  /** @type {Signal<Answer | null>} what is on the screen */
  answer = signal(null);
  mark = signal({ stale: true, stopped: false });
  active = signal(false);
  /** What lies where the strokes are painted, has changed; `null`: everything. @type {(box: Box | null) => void} */
  onPaint = () => {};
  /** The class that the game is about. */
  class = computed(() => this.state.value.class ?? this.base.value?.predicted ?? null);
  /** @type {import('@preact/signals-core').ReadonlySignal<import('../../elements/view.js').Facts | null>} */
  facts = computed(() => {
    const answer = this.answer.value;
    if (!answer) return null;
    const { base, share, probabilities, explanation } = answer;
    return {
      settled: !this.mark.value.stale && base.key === this.#subject.key.value,
      told: {
        score: ({ class: name }) => sureOf(base.model, probabilities, name),
        erased: () => share,
        says: () => namesOf(explanation.top).slice(0, 1),
        class: () => namesOf(explanation.classes),
        network: () => networkOf(base.model),
      },
    };
  });
  /** The smallest erasures by which a mind was changed. @type {Signal<ReadonlyMap<string, Record>>} */
  #records = signal(new Map());
  record = computed(() => this.#records.value.get(this.#game.value) ?? null);
  #game = computed(() => JSON.stringify([this.base.value?.key, this.class.value]));
  /** @type {readonly Stroke[] | null} those that this view has written into the state, or taken from there */
  #written = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #writing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  #failures;
  #live;
  #subject;
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor(parts) {
    const { engine, state, status } = parts;
    this.parts = parts;
    this.engine = engine;
    this.state = state;
    this.status = status;
    this.#subject = new Subject(parts, { picture: { class: null, strokes: [] }, model: { class: null } });
    this.missing = this.#subject.missing;
    this.#failures = new Repeated(status, { words: () => t().page.retry, run: () => this.again() });
    this.#live = new Live({
      compute: (signal) => this.#compute(signal),
      onResult: (answer) => this.#show(answer),
      onMark: (mark) => (this.mark.value = mark),
      onFailure: (error) => this.#failures.fail(error),
    });
  }

  /** Whether the answer is that of the present strokes. */
  get settled() {
    return this.answer.peek() !== null && this.#live.settled;
  }

  connect() {
    this.#effects = [
      effect(() => {
        const { strokes } = this.state.value;
        untracked(() => strokes !== this.#written && this.#take(strokes));
      }),
      effect(() => {
        void [this.#asked.value, this.strokes.content];
        untracked(() => this.#touch());
      }),
      effect(() => {
        void [this.strokes.content, this.erasure.value];
        untracked(() => this.#changed());
      }),
      effect(() => {
        const active = this.active.value;
        untracked(() => (active ? this.#live.resume() : this.#rest()));
      }),
      effect(() => {
        // Of what follows the brush nothing is told; but until there is a picture there is nothing to see instead.
        const waits = this.active.value && !this.mark.value.stopped && this.base.value?.key !== this.#subject.key.value;
        this.status.busy.value = waits ? () => this.#live.abort() : null;
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.#rest();
    this.status.busy.value = null;
  }

  #asked = computed(() => JSON.stringify([this.#subject.key.value, this.state.value.class]));

  // What is asked

  /** Another picture or network: the strokes on a picture go with it. */
  choose(/** @type {Pick<Partial<Erase>, 'picture' | 'model'>} */ change) {
    this.#write();
    batch(() => {
      if (change.picture) this.#restart([]);
      this.#subject.choose({ ...change, strokes: this.strokes.content });
    });
  }

  ask(/** @type {Pick<Partial<Erase>, 'class' | 'fill' | 'size'>} */ change) {
    this.status.recover();
    this.state.value = { ...this.state.peek(), ...change };
  }

  /** Tries again after a failure. */
  again() {
    this.status.clear();
    this.#touch();
  }

  // What is done to the picture

  begin(/** @type {number} */ x, /** @type {number} */ y) {
    this.edits.peek().begin();
    this.strokes.begin(this.state.peek(), x, y);
  }

  extend(/** @type {number} */ x, /** @type {number} */ y) {
    this.strokes.extend(x, y);
  }

  end() {
    this.edits.peek().end();
  }

  undo() {
    return this.edits.peek().undo();
  }

  redo() {
    return this.edits.peek().redo();
  }

  /** Brings the whole picture back; that can be undone. */
  clear() {
    this.edits.peek().step(() => this.strokes.clear());
  }

  /** Shows the smallest erasure so far; that can be undone, too. */
  showRecord() {
    const { record } = this;
    const found = record.peek();
    if (found) this.edits.peek().step(() => this.strokes.restore(found.strokes));
  }

  #restart(/** @type {readonly Stroke[]} */ strokes) {
    this.#written = strokes;
    this.strokes.restore(strokes);
    this.edits.value = new Edits(this.strokes);
  }

  /** Shows the strokes of an address. */
  #take(/** @type {readonly Stroke[]} */ strokes) {
    clearTimeout(this.#writing);
    this.#written = strokes;
    const { content } = this.strokes;
    if (JSON.stringify(content) === JSON.stringify(strokes)) return this.strokes.restore(strokes);
    const same = this.base.peek()?.key === this.#subject.key.peek();
    if (same && content.length) this.edits.peek().step(() => this.strokes.restore(strokes));
    else this.#restart(strokes); // those of another picture cannot come back
  }

  #changed() {
    const [erasure, strokes] = [this.erasure.peek(), this.strokes.content];
    if (erasure) {
      const box = erasure.paint(strokes);
      this.share.value = erasure.share;
      if (box) this.onPaint(box);
    }
    clearTimeout(this.#writing);
    if (strokes === this.#written) return;
    this.#writing = setTimeout(() => this.#write(), WRITTEN);
  }

  #write() {
    clearTimeout(this.#writing);
    const strokes = this.strokes.content;
    if (strokes === this.#written) return;
    this.#written = strokes;
    this.state.value = { ...this.state.peek(), strokes };
  }

  // What the network says

  #touch() {
    clearTimeout(this.#resting);
    this.#live.touch();
  }

  #rest() {
    clearTimeout(this.#resting);
    this.#write();
    this.#live.rest();
  }

  /** @returns {Promise<Answer>} */
  async #compute(/** @type {AbortSignal} */ signal) {
    const base = await this.#open(signal);
    signal.throwIfAborted();
    const erasure = /** @type {Erasure} */ (this.erasure.peek());
    return answerOf(this.engine, { base, erasure, strokes: this.strokes.content, id: this.#checked(base) }, signal);
  }

  /** The picture and the network that are asked for. @returns {Promise<Base>} */
  async #open(/** @type {AbortSignal} */ signal) {
    const key = this.#subject.key.peek();
    const known = this.base.peek();
    if (known?.key === key) return known;
    const base = await baseOf(this.parts, { key, ...(await this.#subject.open(signal)) }, signal);
    this.base.value = base;
    this.erasure.value = new Erasure(base.pixels);
    this.onPaint(null);
    return base;
  }

  /** The class to explain. One that the network does not have is left out, and told. */
  #checked(/** @type {Base} */ base) {
    const { class: id } = this.state.peek();
    if (id === null || id < base.before.length) return id ?? base.predicted;
    this.status.refuse([{ name: 'class', found: String(id) }]);
    this.state.value = { ...this.state.peek(), class: null };
    return base.predicted;
  }

  #show(/** @type {Answer} */ answer) {
    const before = this.answer.peek();
    this.answer.value = answer;
    if (before && before.bitmap !== answer.bitmap) setTimeout(() => before.bitmap.close()); // until it is rendered, it may still be drawn
    this.#failures.recover();
    const { base, id, share, strokes, probabilities } = answer;
    const { problem } = base.model;
    if (share > 0 && says(problem, base.before, id) && !says(problem, probabilities, id)) {
      const game = JSON.stringify([base.key, id]);
      const records = this.#records.peek();
      this.#records.value = new Map([...records, [game, smaller(records.get(game), { share, strokes })]]);
    }
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.settled && this.status.announce(() => this.parts.wordsOf(answer)), RESTED);
  }
}
