// Keeps captions and heatmaps up with the picture: writes, scores, explains, draws. It knows no document; the element reads its
// signals and calls what was chosen.
import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { ShapesBoard } from '../../elements/board/shapes-board.js';
import { Live } from '../../engine/live.js';
import { t } from '../../i18n/index.js';
import { range as ranges } from '../../state/caption.js';
import { methodOf, QUESTION, requestOf } from '../../state/question.js';
import { Repeated } from '../../state/status.js';
import { TASKS } from '../index.js';
import { Answer } from './answer.js';
import { Drawing } from './drawing.js';
import { followed, has, same, textOf } from './selection.js';
import { spokenOf } from './titles.js';

/**
 * @import { ReadonlySignal, Signal } from '@preact/signals-core'
 * @import { Engine } from '../../engine/client.js'
 * @import { Language, Picture } from '../../engine/handles.js'
 * @import { About, MethodInfo } from '../../engine/protocol.d.ts'
 * @import { Caption, Range } from '../../state/caption.js'
 * @import { PictureSource } from '../../state/question.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { EmbeddedModels } from '../../weights/embedded.js'
 *
 * @typedef {{ stale: boolean, stopped: boolean }} Mark
 *
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Signal<Caption>} state
 * @property {import('../../state/status.js').Status} status
 * @property {Promise<Pick<EmbeddedModels, 'doing' | 'load'> | null>} embedded
 * @property {(source: PictureSource, signal: AbortSignal) => Promise<SourcedPicture | null>} resolvePicture
 * @property {ReadonlySignal<boolean>} narrow whether the screen is too narrow for two pictures side by side
 */

/** What a caption may be that the network cannot read: it is told where it was typed. */
const UNREADABLE = ['no-known-word', 'text-without-words'];
const VIEW = 384; // pixels of the longer side of a drawing, as the board has

export class Controller {
  /** The model of language; null where the site has none, undefined as long as that is not known. @type {Signal<Language | null | undefined>} */
  language = signal(undefined);
  /** What is said of the picture. @type {Signal<Answer | null>} */
  answer = signal(null);
  /** Why a caption of one's own cannot be read. @type {Signal<any>} */
  unread = signal(null);
  /** Whether the view is on the screen: one that is not computes nothing. */
  active = signal(false);
  /** How often the picture has changed. */
  #changes = signal(0);
  /** @type {Signal<Mark>} whether the answer is that of what is asked */
  #mark = signal({ stale: true, stopped: false });
  /** What asks for a new answer. */
  #asked = computed(() => {
    const { beam, which, own, method, target } = this.state.value;
    return JSON.stringify([this.#changes.value, beam, which, own, method, target]);
  });
  /** What asks for another drawing. */
  #look = computed(() => JSON.stringify([this.state.value.words, this.over.value, this.engine.about.value?.style]));
  /** What the answer on its way, or on the screen, was asked by. */
  #taken = '';
  /** Words that were chosen in the caption on the screen: they are looked for in the next one, those of a link are not. @type {Range | null} */
  #followed = null;
  #drawing;
  #failures;
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor({ engine, state, status, embedded, resolvePicture, narrow }) {
    this.engine = engine;
    this.state = state;
    this.status = status;
    this.#failures = new Repeated(status, { words: () => t().caption.again, run: () => this.again() });
    this.embedded = embedded;
    const drawing = (this.#drawing = new Drawing(engine));
    /** The drawing on the screen. */
    this.heat = drawing.heat;
    this.board = new ShapesBoard({
      state,
      status,
      resolvePicture,
      onChange: () => this.#changes.value++,
      wordsOf: (/** @type {Answer} */ answer) => t().caption.settled(textOf(answer.words), answer.own),
    });
    this.live = new Live({
      compute: (signal) => this.#compute(signal),
      onResult: (/** @type {Answer} */ answer) => this.#show(answer),
      onMark: (/** @type {Mark} */ mark) => (this.#mark.value = mark),
      onFailure: (/** @type {any} */ error) => this.#fail(error),
    });
    /** Whether the drawing is of something else than is asked for. @type {ReadonlySignal<Mark>} */
    this.mark = computed(() => {
      const { stale, stopped } = this.#mark.value;
      if (stale) return { stale, stopped };
      const [answer, heat] = [this.answer.value, this.heat.value];
      const there =
        !answer?.words.length || (heat?.answer === answer && heat.over === this.over.value && same(heat.range, this.range.value));
      return { stale: !there, stopped: !there && drawing.failed.value };
    });
    /** Whether the colours lie over the board itself, and not over its picture beside it. */
    this.over = computed(() => narrow.value && this.board.source.value === null);
    /** The words that are looked at; null: all. */
    this.range = computed(() => {
      const { words } = this.state.value;
      return has(this.answer.value?.words.length ?? Infinity, words) ? words : null;
    });
  }

  /** Whether what is on the screen is what is asked for. */
  get settled() {
    return this.answer.peek() !== null && !this.mark.peek().stale;
  }

  /** Begins to follow the state. */
  connect() {
    this.#effects = [
      effect(() => {
        const active = this.active.value;
        const [found, asked] = [this.language.value, this.#asked.value];
        const ready = this.#changes.value > 0;
        untracked(() => {
          if (!active) this.#pause();
          else if (found === undefined) this.#open();
          else if (found && ready) this.#touch(asked);
        });
      }),
      effect(() => {
        void [this.#look.value, this.answer.value, this.active.value];
        untracked(() => this.#draw());
      }),
      effect(() => {
        const [answer, { stale }] = [this.answer.value, this.mark.value];
        if (answer && !stale && this.active.peek()) this.board.announcer.rest(answer);
        return () => this.board.announcer.stop();
      }),
      effect(() => {
        // Until the first caption there is nothing to see instead.
        const waits = this.active.value && this.language.value !== null && !this.answer.value && !this.mark.value.stopped;
        this.status.busy.value = waits ? () => this.live.abort() : null;
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.status.busy.value = null;
    this.#pause();
  }

  #pause() {
    this.live.rest();
    this.#drawing.abort();
    this.board.announcer.stop();
  }

  /** Computes again after a failure. */
  again() {
    this.status.clear();
    this.#failures.forget();
    if (!this.language.peek()) this.#open();
    else if (this.#mark.peek().stale) this.live.touch();
    else this.#draw();
  }

  /** Changes what is asked. */
  ask(/** @type {Partial<Caption>} */ change) {
    this.state.value = { ...this.state.peek(), ...change };
  }

  /** Looks at words, or at the whole caption. */
  select(/** @type {Range | null} */ words) {
    if (same(words, this.state.peek().words)) return;
    this.#followed = words;
    this.ask({ words });
  }

  /** Explains another caption of those that were found, or one of one's own. Where it begins alike, the same words stay looked at. */
  choose(/** @type {{ which: number } | { own: string | null }} */ change) {
    this.status.recover();
    this.ask({ which: 0, own: null, ...change });
  }

  /** The methods that are offered: those that look at the layer in one pass and give a map. @returns {MethodInfo[]} */
  get methods() {
    const { methods = [] } = this.engine.about.value ?? {};
    return methods.filter(({ needs, output, settings }) => needs === 'gradients' && output === 'map' && !settings.length);
  }

  /** What of a word may be explained: contrasts are with classes that nobody has chosen here. */
  get targets() {
    return (this.engine.about.value?.targets ?? []).filter((name) => !name.includes(':'));
  }

  async #open() {
    try {
      const embedded = await this.embedded;
      const entry = embedded?.doing(TASKS.caption);
      this.language.value = embedded && entry ? await embedded.load(entry) : null;
    } catch (error) {
      this.#mark.value = { stale: true, stopped: true };
      this.#fail(error);
    }
  }

  #touch(/** @type {string} */ asked) {
    if (asked !== this.#taken) this.live.touch();
    this.#taken = asked;
    this.live.resume();
  }

  // What is asked

  /** @returns {Promise<Answer>} */
  async #compute(/** @type {AbortSignal} */ signal) {
    const before = this.answer.peek();
    const options = { signal, quiet: before !== null };
    const language = /** @type {Language} */ (this.language.peek());
    await this.engine.loadLanguage(language, options);
    this.#refuse();
    const state = this.state.peek();
    const request = this.#request();
    const { preprocess } = request;
    const [of, picture] = await this.#seen(signal);
    const known = before?.of === of ? before : null;
    try {
      const captions =
        known?.beam === state.beam
          ? known.captions
          : (await this.engine.writeCaptions(language, picture, { beam: state.beam, preprocess }, options)).captions;
      const which = state.which < captions.length ? state.which : 0;
      const { words } = state.own === null ? captions[which] : await this.engine.readCaption(language, state.own, options);
      const tokens = words.map(({ token }) => token);
      const { log_probabilities: logs } = await this.engine.scoreCaption(language, picture, { tokens, preprocess }, options);
      const own = state.own !== null;
      const answer = new Answer({ of, language, picture, request, beam: state.beam, captions, which, own, words, logs });
      if (words.length) await answer.explain(this.engine, null, options);
      return answer;
    } catch (error) {
      if (picture !== before?.picture && 'pixels' in picture) this.engine.release(picture);
      throw error;
    }
  }

  /** Leaves out and tells what a link names that is not offered. */
  #refuse() {
    const { method, target } = this.state.peek();
    const known = { method: this.methods.map(({ name }) => name), target: this.targets };
    const refused = Object.entries({ method, target }).flatMap(([name, found]) => {
      const allowed = known[/** @type {'method' | 'target'} */ (name)];
      return found === null || allowed.includes(found) ? [] : [{ name, found, allowed }];
    });
    if (!refused.length) return;
    this.status.refuse(refused);
    this.ask(Object.fromEntries(refused.map(({ name }) => [name, null])));
  }

  #request() {
    const about = /** @type {About} */ (this.engine.about.peek());
    const { method, target } = this.state.peek();
    return requestOf({ ...QUESTION, method: methodOf(about, method).name, target }, about, { view: VIEW });
  }

  /** The picture, and the number that tells it from others; the same one as before where nothing of it has changed. @returns {Promise<[number, Picture]>} */
  async #seen(/** @type {AbortSignal} */ signal) {
    const before = this.answer.peek();
    const of = this.#changes.peek();
    return [of, before?.of === of ? before.picture : await this.board.picture(signal)];
  }

  /** The words of a new answer that are looked at. */
  #rangeIn(/** @type {Answer} */ answer, /** @type {Answer | null} */ before) {
    const { words } = this.state.peek();
    if (before && words === this.#followed) return followed(words, before.words, answer.words);
    return has(answer.words.length, words) ? words : null;
  }

  /** An answer comes to the screen, and with it the words that are looked at; what its link names and is not there is told. */
  #show(/** @type {Answer} */ answer) {
    const [before, state] = [this.answer.peek(), this.state.peek()];
    const words = this.#rangeIn(answer, before);
    /** @type {import('../../state/status.js').Refused[]} */
    const refused = [];
    const upTo = (/** @type {number} */ first, /** @type {number} */ last) => [last > first ? `${first}–${last}` : String(first)];
    if (state.words && !words && state.words !== this.#followed)
      refused.push({
        name: 'words',
        found: ranges.write(state.words),
        ...(answer.words.length ? { allowed: upTo(1, answer.words.length) } : {}),
      });
    if (!before && state.which !== answer.which)
      refused.push({ name: 'alternative', found: String(state.which), allowed: upTo(0, answer.captions.length - 1) });
    batch(() => {
      this.answer.value = answer;
      if (!same(words, state.words) || state.which !== answer.which) this.ask({ words, which: answer.which });
      this.#taken = this.#asked.peek();
      this.#followed = this.state.peek().words;
    });
    before?.release(this.engine, answer);
    this.unread.value = null;
    this.#failures.recover();
    this.status.refuse(refused);
  }

  // What is drawn

  async #draw() {
    const answer = this.answer.peek();
    if (!answer || !this.active.peek()) return;
    if (!answer.words.length) return this.#drawing.clear();
    const before = this.heat.peek();
    try {
      await this.#drawing.draw(answer, this.range.peek(), { over: this.over.peek() });
      const heat = this.heat.peek();
      if (heat && before?.answer === heat.answer && !same(before.range, heat.range)) this.status.announce(() => spokenOf(heat));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(/** @type {any} */ error) {
    if (error?.name === 'AbortError') return;
    const unread = UNREADABLE.includes(error.code);
    this.unread.value = unread ? error : null;
    this.#failures.fail(error, { shown: unread });
  }
}
