// Keeps the scene, its address, the classes that are explained and the heatmaps in step. It knows no document; the element
// reads its signals and calls what was done.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { Announcer } from '../../elements/board/announcer.js';
import { Edits } from '../../elements/board/edits.js';
import { atNextFrame, Laying } from '../../elements/board/laying.js';
import { nameOf } from '../../elements/board/names.js';
import { t } from '../../i18n/index.js';
import { Scene } from '../../scenes/scene.js';
import { namesOf, sureOf } from '../../state/facts.js';
import { Repeated } from '../../state/status.js';
import { runnerUp, shownOf, stillThere, SUSPECTED } from './choice.js';
import { Following } from './following.js';
import { alike, begun, contentOf, stateOf } from './link.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Painter } from '../../elements/board/laying.js'
 * @import { Engine } from '../../engine/client.js'
 * @import { Content } from '../../scenes/scene.js'
 * @import { Board } from '../../state/board.js'
 * @import { Choice } from './choice.js'
 * @import { Equipment } from './equipment.js'
 * @import { Answer, Mark } from './following.js'
 *
 * @typedef {Equipment & { following: Following }} Equipped
 *
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Signal<Board>} state
 * @property {import('../../state/status.js').Status} status
 * @property {() => Promise<Equipment | null>} load null: there is none
 * @property {(act: () => void) => () => void} [atFrame] runs something when the screen shows its next frame; gives what cancels it
 */

export class Controller extends Laying {
  /** What the board is made of, as soon as it is there. @type {Signal<Equipped | null>} */
  equipment = signal(null);
  /** Whether the site has nothing to make a board of. */
  missing = signal(false);
  /** Whether the view is on the screen: one that is not computes nothing. */
  active = signal(false);
  /** What the heatmaps on the screen are of. */
  answer = computed(() => this.equipment.value?.following.answer.value ?? null);
  /** Whether they are those of the present board. @type {import('@preact/signals-core').ReadonlySignal<Mark>} */
  mark = computed(() => this.equipment.value?.following.mark.value ?? { stale: true, stopped: false });
  /** @type {import('@preact/signals-core').ReadonlySignal<import('../../elements/view.js').Facts | null>} */
  facts = computed(() => {
    const explanation = this.answer.value?.explanation;
    if (!explanation) return null;
    const { stickers } = this.scene.content;
    const front = (/** @type {string | undefined} */ name) => stickers.findLast((one) => one.class === name);
    return {
      settled: !this.mark.value.stale,
      told: {
        score: ({ class: name }) => sureOf(explanation.model, explanation.probabilities, name),
        stickers: ({ class: name }) => stickers.filter((one) => name === undefined || one.class === name).length,
        left: ({ class: name }) => front(name)?.x ?? null,
        top: ({ class: name }) => front(name)?.y ?? null,
        size: ({ class: name }) => front(name)?.size ?? null,
        turned: ({ class: name }) => turnOf(front(name)),
        says: () => namesOf(explanation.top).slice(0, 1),
        class: () => namesOf(explanation.classes),
        network: () => [this.entry.name],
      },
    };
  });
  /** @type {Painter | null} */
  #painter = null;
  /** The state that this view has written itself. @type {unknown} */
  #written = null;
  #cancelWriting = () => {};
  /** The classes on the board when one was chosen by hand: it stays until others lie there. */
  #accepted = '';
  #failures;
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor({ engine, state, status, load, atFrame = atNextFrame }) {
    super(new Scene());
    this.edits = new Edits(this.scene, { get: () => this.#shown, set: (choice) => this.choose(choice) });
    this.engine = engine;
    this.state = state;
    this.status = status;
    this.#failures = new Repeated(status, { words: () => t().board.again, run: () => this.again() });
    this.load = load;
    this.atFrame = atFrame;
    this.announcer = new Announcer(status, this.scene, (/** @type {Answer} */ { explanation }) =>
      t().board.settled(explanation.classes.map((/** @type {any} */ one) => ({ ...one, name: nameOf(one.name) }))),
    );
  }

  /** Whether the heatmaps are those of the present board. */
  get settled() {
    return this.equipment.peek()?.following.live.settled ?? false;
  }

  /** The explanation on the screen. */
  get explanation() {
    return this.answer.peek()?.explanation;
  }

  async open() {
    this.status.busy.value = () => {}; // what is loaded is cancelled by those who load it
    try {
      const found = await this.load();
      this.missing.value = !found;
      if (!found) return;
      const following = new Following(this.engine, found.models, {
        ask: () => this.#ask(),
        reconsider: (answer) => this.#reconsider(answer),
        onFailure: (error) => this.#failures.fail(error),
        onAnswer: () => this.#failures.recover(),
      });
      this.equipment.value = { ...found, following };
    } catch (error) {
      this.status.fail(error, { words: () => t().page.retry, run: () => this.again() });
    } finally {
      if (!this.equipment.peek()) this.status.busy.value = null;
    }
  }

  /** Tries again after a failure. */
  again() {
    this.status.clear();
    if (this.equipment.peek()) this.#touch();
    else this.open();
  }

  /** Begins to follow the state and the scene, as soon as there is something to make a board of. */
  connect(/** @type {Painter} */ painter) {
    this.#painter = painter;
    const { following } = this.#equipped;
    this.#effects = [
      effect(() => {
        const state = this.state.value;
        untracked(() => state !== this.#written && this.#take(state));
      }),
      effect(() => {
        const { content } = this.scene;
        untracked(() => this.#changed(content));
      }),
      effect(() => {
        const { stale } = following.mark.value;
        const answer = following.answer.peek();
        if (!stale && answer && this.active.peek()) this.announcer.rest(answer);
        return () => this.announcer.stop();
      }),
      effect(() => {
        // Of what follows the board nothing is told: but until the first heatmap there is nothing to see instead.
        const waits = this.active.value && !this.answer.value && !this.mark.value.stopped;
        this.status.busy.value = waits ? () => following.live.abort() : null;
      }),
      effect(() => {
        const active = this.active.value;
        if (!active) this.announcer.stop();
        untracked(() => (active ? following.live.resume() : following.live.rest()));
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.status.busy.value = null;
    this.equipment.peek()?.following.live.rest();
  }

  // The state and the scene

  get #equipped() {
    return /** @type {Equipped} */ (this.equipment.peek());
  }

  #touch() {
    this.equipment.peek()?.following.live.touch();
  }

  /** Shows what the address says. */
  #take(/** @type {Board} */ state) {
    const {
      sheet: { classes },
      entries,
    } = this.#equipped;
    const { content, chosen, refused } = contentOf(state, { classes, models: entries.map(({ name }) => name) });
    this.#cancelWriting();
    this.#written = refused.length
      ? { ...state, ...stateOf({ ...content, stickers: /** @type {any} */ (content.stickers) }), ...chosen }
      : state;
    this.state.value = /** @type {any} */ (this.#written);
    const set = () => this.scene.set(content);
    if (!this.scene.content.start) set();
    else if (!alike(/** @type {any} */ (content), this.scene.content)) this.edits.step(set);
    this.#accept();
    this.#touch();
    this.status.refuse(refused);
  }

  #changed(/** @type {Content} */ content) {
    this.#painter?.paint(content);
    this.#touch();
    // Not more often than the screen shows it.
    this.#cancelWriting();
    this.#cancelWriting = this.atFrame(() => this.#write(stateOf(this.scene.content)));
  }

  #write(/** @type {Partial<Board>} */ change) {
    const before = this.state.peek();
    const after = { ...before, ...change };
    // A link to a board that was changed says which class it is about: the first sticker may be another one by now.
    if (after.stickers) after.class ??= this.names[0] ?? null;
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    this.#written = after;
    this.state.value = after;
  }

  // The network and the classes

  /** The network that is asked. */
  get entry() {
    const { models, entries } = this.#equipped;
    const { model } = this.state.value;
    return entries.find(({ name }) => name === model) ?? (entries.includes(models.default) ? models.default : entries[0]);
  }

  chooseModel(/** @type {string} */ name) {
    this.#write({ model: name === this.#equipped.models.default.name ? null : name });
    this.#touch();
  }

  /** The classes as they were chosen. @returns {Choice} */
  get choice() {
    const { class: first, second } = this.state.peek();
    return { class: first, second };
  }

  /** The classes that are explained. */
  get names() {
    return untracked(() => shownOf(this.choice, this.scene.classes));
  }

  /** With the class that is explained where none is chosen. @returns {Choice} */
  get #shown() {
    return { class: this.names[0] ?? null, second: this.choice.second };
  }

  choose(/** @type {Choice} */ choice) {
    this.#accept();
    this.#write(choice);
    this.#touch();
  }

  /** Explains a second class, too, or one alone again. */
  compare() {
    const { class: first, second } = this.choice;
    const { explanation } = this;
    const top = explanation?.top ?? this.scene.classes.map((name) => ({ name }));
    this.choose({ class: first, second: second ? null : runnerUp(top, explanation?.classes[0].name ?? this.names[0]) });
  }

  get #present() {
    return untracked(() => [...this.scene.classes].sort().join());
  }

  /** The classes that are chosen stay as long as the same ones lie there. */
  #accept() {
    this.#accepted = this.#present;
  }

  // The heatmaps

  #ask() {
    const painter = /** @type {Painter} */ (this.#painter);
    return untracked(() => ({ entry: this.entry, present: this.scene.classes, names: this.names, pixels: painter.pixels() }));
  }

  /** A class that went away is explained no longer, unless the network goes on seeing it. */
  #reconsider(/** @type {Answer} */ { present, explanation }) {
    if (this.#present === this.#accepted) return false;
    const { labels } = explanation.model;
    const isGone = (/** @type {string} */ name) => explanation.probabilities[labels.indexOf(name)] < SUSPECTED;
    const before = this.choice;
    const choice = stillThere(before, present, isGone);
    if (choice.class === before.class && choice.second === before.second) return false;
    this.#write(choice);
    this.edits.amend();
    return true;
  }

  // What is done to the board

  /** Begins with one of the scenes. */
  begin(/** @type {string} */ name) {
    this.edits.step(() => {
      this.scene.set(begun(name, this.#equipped.sheet.classes));
      // All that lay there is gone, so what is explained now lies there for certain.
      this.choose(stillThere(this.choice, this.scene.classes, () => true));
    });
    this.announcer.replaced('begun');
  }

  undo() {
    if (this.edits.undo()) this.#restored('undone');
  }

  redo() {
    if (this.edits.redo()) this.#restored('redone');
  }

  #restored(/** @type {'undone' | 'redone'} */ how) {
    this.#accept();
    this.announcer.replaced(how);
  }
}

/** How far a sticker is turned from upright, in degrees. */
function turnOf(/** @type {{ angle: number } | undefined} */ sticker) {
  if (!sticker) return null;
  const turn = Math.abs(sticker.angle) % 360;
  return Math.min(turn, 360 - turn);
}
