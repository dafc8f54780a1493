// Keeps the board, the question and the heatmaps of its answers in step. It knows no document; the element reads its signals
// and calls what was done.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { ShapesBoard } from '../../elements/board/shapes-board.js';
import { cancelled } from '../../engine/errors.js';
import { Live } from '../../engine/live.js';
import { t } from '../../i18n/index.js';
import { Repeated } from '../../state/status.js';
import { TASKS } from '../index.js';
import { answerOf, offeredMethods } from './asking.js';
import { knownOf } from './choice.js';
import { examplesOf, QUESTIONS } from './examples.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Engine } from '../../engine/client.js'
 * @import { Language, Question } from '../../engine/handles.js'
 * @import { EmbeddedModels } from '../../weights/embedded.js'
 * @import { Ask, Sum } from '../../state/ask.js'
 * @import { Answer } from './asking.js'
 *
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Signal<Ask>} state
 * @property {import('../../state/status.js').Status} status
 * @property {Promise<Pick<EmbeddedModels, 'doing' | 'load'> | null>} embedded
 * @property {import('../../elements/board/shapes-board.js').Parts['resolvePicture']} resolvePicture
 */

/** What a question may be that the network cannot read: it is told where it was typed. */
const UNREADABLE = ['no-known-word', 'text-without-words'];

export class Controller {
  /** Whether the site has no network that answers questions. */
  missing = signal(false);
  /** What is on the screen. @type {Signal<Answer | null>} */
  answer = signal(null);
  mark = signal({ stale: true, stopped: false });
  /** Why the question cannot be read. @type {Signal<any>} */
  unread = signal(null);
  /** Whether the view is on the screen: one that is not computes nothing. */
  active = signal(false);
  board;
  /** The question that is asked. */
  question = computed(() => this.state.value.question ?? QUESTIONS[this.board.scene.content.start] ?? '');
  examples = computed(() => examplesOf(this.board.scene.stickers));
  /** All of the question that costs computing, to tell whether it has changed. */
  #asked = computed(() => {
    const { answers, method, layer, beside, before } = this.state.value;
    return JSON.stringify([this.question.value, answers, method, layer, beside, before]);
  });
  /** @type {Question | null} the question that the engine holds */
  #held = null;
  #live;
  #failures;
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor({ engine, state, status, embedded, resolvePicture }) {
    this.engine = engine;
    this.state = state;
    this.status = status;
    this.#failures = new Repeated(status, { words: () => t().ask.again, run: () => this.again() });
    this.embedded = embedded;
    this.board = new ShapesBoard({
      state,
      status,
      resolvePicture,
      onChange: () => this.#live.touch(),
      onBegin: (how) => this.#begin(how),
      choice: { get: () => this.#choice, set: (choice) => this.ask(choice) },
      wordsOf: (/** @type {Answer} */ answer) => spoken(answer),
    });
    this.#live = new Live({
      compute: (signal) => this.#compute(signal),
      onResult: (answer) => this.#show(answer),
      onMark: (mark) => (this.mark.value = mark),
      onFailure: (error) => this.#fail(error),
    });
  }

  /** Whether the heatmaps are those of the present board and question. */
  get settled() {
    return this.#live.settled && this.answer.peek() !== null && !this.mark.peek().stale;
  }

  connect() {
    this.#effects = [
      effect(() => {
        void this.#asked.value;
        untracked(() => this.#live.touch());
      }),
      effect(() => {
        const active = this.active.value;
        untracked(() => (active ? this.#live.resume() : this.#live.rest()));
      }),
      effect(() => {
        const { stale } = this.mark.value;
        const answer = this.answer.peek();
        if (!stale && answer && this.active.peek()) this.board.announcer.rest(answer);
        return () => this.board.announcer.stop();
      }),
      effect(() => {
        // Of what follows the board nothing is told: but until the first heatmap there is nothing to see instead.
        const waits = this.active.value && !this.answer.value && !this.mark.value.stopped && !this.missing.value;
        this.status.busy.value = waits ? () => this.#live.abort() : null;
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.#live.rest();
    this.status.busy.value = null;
  }

  // What is asked

  ask(/** @type {Partial<Ask>} */ change) {
    this.status.recover();
    this.state.value = { ...this.state.peek(), ...change };
  }

  /** Asks a question; the answers that were chosen for the one before go with it. */
  askQuestion(/** @type {string} */ question) {
    if (question !== this.question.peek()) this.ask({ question, answers: [] });
    else if (this.mark.peek().stopped) this.again();
  }

  /** The answers that are explained: those that are chosen, else those on the screen. @returns {Sum[]} */
  get sums() {
    const { answers } = this.state.value;
    return answers.length ? answers : (this.answer.value?.sums ?? []);
  }

  /** What goes with the board when a step is taken back. */
  get #choice() {
    const { question, answers } = this.state.peek();
    return { question, answers };
  }

  #begin(/** @type {'begun' | 'random'} */ how) {
    const all = untracked(() => this.examples.value);
    const question = how === 'random' ? (all[Math.floor(Math.random() * all.length)] ?? null) : null;
    this.ask({ question, answers: [] });
  }

  /** Tries again after a failure. */
  again() {
    this.status.clear();
    this.#live.touch();
  }

  // The answers

  /** @returns {Promise<Answer>} */
  async #compute(/** @type {AbortSignal} */ signal) {
    if (!this.board.painted) throw cancelled();
    const language = await this.#language(signal);
    const question = this.#question(language);
    signal.throwIfAborted();
    const picture = await this.board.picture(signal);
    const state = this.state.peek();
    const before = this.answer.peek();
    const guess = before?.question === question.question ? before.sums : [];
    try {
      const answer = await answerOf(this.engine, { language, question, picture, state, guess }, signal);
      this.#refuse(answer);
      return answer;
    } finally {
      if ('pixels' in picture) this.engine.release(picture);
    }
  }

  /** @returns {Promise<Language>} */
  async #language(/** @type {AbortSignal} */ signal) {
    const embedded = await this.embedded;
    const entry = embedded?.doing(TASKS.ask);
    if (!embedded || !entry) {
      this.missing.value = true;
      throw cancelled();
    }
    const language = await embedded.load(entry);
    signal.throwIfAborted();
    return language;
  }

  /** The handle of the present question; the engine forgets the one before. */
  #question(/** @type {Language} */ language) {
    const text = untracked(() => this.question.value);
    const held = this.#held;
    if (held?.question === text) return held;
    this.#held = { language, question: text };
    if (held) this.engine.release(held);
    return this.#held;
  }

  /** Leaves out and tells what the link names that is not here. */
  #refuse(/** @type {Answer} */ { answers, layers }) {
    const state = this.state.peek();
    const about = /** @type {import('../../engine/protocol.d.ts').About} */ (this.engine.about.peek());
    const namesOf = (/** @type {{ name: string }[]} */ all) => all.map(({ name }) => name);
    const there = { layer: layers, beside: layers, method: namesOf(offeredMethods(about)), colormap: namesOf(about.colormaps) };
    const absent = /** @type {(keyof typeof there)[]} */ (Object.keys(there)).flatMap((name) => {
      const found = state[name];
      return found === null || there[name].includes(found) ? [] : [{ name, found, allowed: there[name] }];
    });
    const { known, refused } = knownOf(state.answers, answers);
    const missing = [...refused.map((found) => ({ name: 'answer', found, allowed: answers })), ...absent];
    if (!missing.length) return;
    this.state.value = { ...state, answers: known, ...Object.fromEntries(absent.map(({ name }) => [name, null])) };
    this.status.refuse(missing);
  }

  #show(/** @type {Answer} */ answer) {
    this.answer.value = answer;
    this.unread.value = null;
    this.#failures.recover();
  }

  #fail(/** @type {any} */ error) {
    const unread = UNREADABLE.includes(error.code);
    this.unread.value = unread ? error : null;
    this.#failures.fail(error, { shown: unread });
  }
}

/** What a screen reader hears of an answer. */
function spoken(/** @type {Answer} */ { top, shown }) {
  const { settled, flat } = t().ask;
  const nothing = shown[0].of.filter((one) => one.flat).map(({ name }) => name ?? '');
  return [settled(top.slice(0, 3)), ...(nothing.length ? [flat(nothing)] : [])].join(' ');
}
