// A board of shapes, or another picture in its place: keeps what lies there, its pixels and what the address says of it in
// step. It knows no document.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { checking, linkOf } from '../../scenes/link.js';
import { Scene } from '../../scenes/scene.js';
import { randomShapes, SHAPE_STARTS } from '../../scenes/shape-starts.js';
import { COLOURS, partsOf, shapeOf, SHAPES } from '../../scenes/shapes.js';
import { Announcer } from './announcer.js';
import { Edits } from './edits.js';
import { atNextFrame, Laying } from './laying.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Content } from '../../scenes/scene.js'
 * @import { Laid } from '../../scenes/link.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { PictureSource } from '../../state/question.js'
 * @import { Shown } from '../../state/shapes.js'
 * @import { Painter } from './laying.js'
 *
 * @typedef {object} Parts
 * @property {Signal<any>} state a view's, of which the fields of `Shown` are the board's
 * @property {import('../../state/status.js').Status} status
 * @property {(source: PictureSource, signal: AbortSignal) => Promise<SourcedPicture | null>} resolvePicture
 * @property {() => void} onChange after each change of the picture
 * @property {(how: 'begun' | 'random') => void} [onBegin] when another scene lies there as a whole, within its step of undoing
 * @property {import('./edits.js').Choosing<any>} [choice] what is asked of the board, see Edits
 * @property {(answer: any) => string} wordsOf what a screen reader hears of a result, see Announcer.rest
 * @property {(act: () => void) => () => void} [atFrame] runs something when the screen shows its next frame; gives what cancels it
 */

const { begun, laid, stateOf, alike } = linkOf(SHAPE_STARTS);

export class ShapesBoard extends Laying {
  /** The colour in which shapes are offered. */
  #offered = signal(COLOURS[0]);
  /** That of the chosen shape, else the one that was chosen last. */
  colour = computed(() => partsOf(this.held?.class ?? '')?.colour ?? this.#offered.value);
  /** From where the picture is; null: it is the board. */
  source = computed(() => /** @type {Signal<Shown>} */ (this.#state).value.picture);
  /** The picture of that source, as soon as it is there. @type {Signal<SourcedPicture | null>} */
  own = signal(null);
  /** Where that is from. @type {PictureSource | null} */
  #seen = null;
  #state;
  #status;
  #resolve;
  #onChange;
  #onBegin;
  #atFrame;
  /** @type {Painter | null} */
  #painter = null;
  /** What this board has written of itself into the state, or taken from there. @type {string | null} */
  #written = null;
  #cancelWriting = () => {};
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor({ state, status, resolvePicture, onChange, onBegin = () => {}, choice, wordsOf, atFrame = atNextFrame }) {
    super(new Scene());
    this.#state = state;
    this.#status = status;
    this.#resolve = resolvePicture;
    this.#onChange = onChange;
    this.#onBegin = onBegin;
    this.edits = new Edits(this.scene, choice);
    this.#atFrame = atFrame;
    this.announcer = new Announcer(status, this.scene, wordsOf);
  }

  /** Begins to follow the state and the scene. The painter paints what is shown, and gives its pixels. */
  connect(/** @type {Painter} */ painter) {
    this.#painter = painter;
    this.#effects = [
      effect(() => {
        const state = this.#state.value;
        untracked(() => keyOf(state) !== this.#written && this.#take(state));
      }),
      effect(() => {
        const { content } = this.scene;
        untracked(() => this.#changed(content));
      }),
      effect(() => {
        if (!this.source.value) this.own.value = this.#seen = null;
        untracked(() => this.#onChange());
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.announcer.stop();
  }

  /** Whether there is anything to look at. */
  get painted() {
    return this.#painter !== null;
  }

  /**
   * What is to be looked at, as the engine takes pictures. One with `pixels` is of this moment's board: whoever asked for it
   * releases it. Where another picture cannot be had, the one before it stays, or the board takes its place.
   * @returns {Promise<SourcedPicture | { pixels: ImageData }>}
   */
  async picture(/** @type {AbortSignal} */ signal) {
    const source = this.source.peek();
    const board = () => ({ pixels: /** @type {Painter} */ (this.#painter).pixels() });
    if (!source) return board();
    try {
      const found = await this.#resolve(source, signal);
      signal.throwIfAborted();
      if (source === this.source.peek()) [this.own.value, this.#seen] = [found, source];
      return found ?? board();
    } catch (error) {
      if (signal.aborted || source !== this.source.peek()) throw error;
      const before = this.#seen;
      this.#seen = null; // it may be gone by now
      this.choosePicture(before);
      this.#status.fail(error);
      return before ? this.picture(signal) : board();
    }
  }

  /** Looks at a picture of a source; null: at the board. */
  choosePicture(/** @type {PictureSource | null} */ source) {
    this.#status.clear();
    this.#write({ picture: source });
  }

  /** The shape that the tools are for. */
  get held() {
    const { value } = this.chosen;
    return value === null ? undefined : this.scene.get(value);
  }

  /** Shows what the address says. */
  #take(/** @type {Laid} */ state) {
    const { check, refused } = checking();
    const content = laid(state, SHAPES.classes, check);
    this.#cancelWriting();
    this.#written = keyOf(state);
    if (refused.length) this.#write(stateOf({ ...content, stickers: /** @type {any} */ (content.stickers) }));
    const set = () => this.scene.set(content);
    if (!this.scene.content.start) set();
    else if (!alike(/** @type {any} */ (content), this.scene.content)) this.edits.step(set);
    this.#status.refuse(refused);
  }

  #changed(/** @type {Content} */ content) {
    this.#painter?.paint(content);
    if (!this.source.peek()) this.#onChange();
    // Not more often than the screen shows it.
    this.#cancelWriting();
    this.#cancelWriting = this.#atFrame(() => this.#write(stateOf(this.scene.content)));
  }

  #write(/** @type {Partial<Shown>} */ change) {
    const before = this.#state.peek();
    const after = { ...before, ...change };
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    this.#written = keyOf(after);
    this.#state.value = after;
  }

  // What is done to the board

  /** Gives the chosen shape a colour, and offers shapes in it. */
  recolour(/** @type {string} */ colour) {
    this.#offered.value = colour;
    const { held } = this;
    const parts = partsOf(held?.class ?? '');
    if (!held || !parts || parts.colour === colour) return;
    const name = shapeOf(colour, parts.kind);
    this.edits.step(() => this.scene.alter(held.id, { class: name }), `recolour ${held.id}`);
    this.announcer.recoloured(/** @type {any} */ (this.scene.get(held.id)));
  }

  /** Gives the chosen shape the next colour. */
  nextColour() {
    if (this.held) this.recolour(COLOURS[(COLOURS.indexOf(this.colour.peek()) + 1) % COLOURS.length]);
  }

  /** Begins with one of the scenes. */
  begin(/** @type {string} */ name) {
    this.edits.step(() => {
      this.scene.set(begun(name, SHAPES.classes));
      this.#onBegin('begun');
    });
    this.announcer.replaced('begun');
  }

  /** Begins with a scene of chance. */
  shuffle(random = Math.random) {
    const { start } = this.scene.content;
    this.edits.step(() => {
      this.scene.set({ start, touched: true, ...randomShapes(random) });
      this.#onBegin('random');
    });
    this.announcer.replaced('begun');
  }

  undo() {
    if (this.edits.undo()) this.announcer.replaced('undone');
  }

  redo() {
    if (this.edits.redo()) this.announcer.replaced('redone');
  }
}

/** What of a view's state is the board's: the rest is the view's own matter. */
const keyOf = (/** @type {Laid} */ { start, background, stickers }) => JSON.stringify([start, background, stickers]);
