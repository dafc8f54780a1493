// Keeps the heatmap up with the question: fetches what is asked about, explains, draws. It knows no document; elements
// read its signals and call `ask`.
import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { cancelled, isPassing } from '../../engine/errors.js';
import { Newest } from '../../engine/newest.js';
import { namesOf, networkOf, sureOf } from '../../state/facts.js';
import { methodOf, requestOf, withBudget } from '../../state/question.js';
import { CONTRAST } from '../../state/target.js';
import { contrasts, fitted, missing } from './adapt.js';
import { contrastFor } from './contrast.js';
import { Drawing } from './drawing.js';
import { Once, unlessAborted, wait } from './once.js';

/**
 * @import { Explain } from '../../state/explain.js'
 * @import { ModelSource, PictureSource } from '../../state/question.js'
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation, Model, Picture } from '../../engine/handles.js'
 * @import { OutputInfo } from '../../engine/protocol.d.ts'
 * @import { Signal } from '@preact/signals-core'
 *
 * @typedef {Model & { source?: ModelSource | null }} SourcedModel
 * @typedef {Picture & { source?: PictureSource | null }} SourcedPicture
 *
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Signal<Explain>} state
 * @property {import('../../state/status.js').Status} status
 * @property {(source: ModelSource | null, signal: AbortSignal) => Promise<SourcedModel | null>} resolveModel null: there is none
 * @property {(source: PictureSource | null, signal: AbortSignal) => Promise<SourcedPicture | null>} resolvePicture null: there is none
 * @property {(explanation: Explanation) => void} [onDrawing] called when an explanation is about to be drawn
 * @property {(explanation: Explanation) => void} onDrawn called when another explanation is on the screen
 * @property {boolean} [strict] whether what is asked counts to the letter: what cannot be had or is not known is an error. Else
 *   something else takes its place, and what is left out is told
 */

const INPUTS = /** @type {const} */ (['model', 'picture']);

/** @typedef {typeof INPUTS[number]} Input */

export class Controller {
  /** @type {Signal<SourcedModel | null>} what the question is put to; the last one that could be loaded */
  model = signal(null);
  /** @type {Signal<SourcedPicture | null>} */
  picture = signal(null);
  /** @type {Signal<Explanation | null>} what is on the screen, completed */
  explanation = signal(null);
  /** Its drawings, one for each class. */
  bitmaps = computed(() => this.#drawing.painted.value?.bitmaps ?? []);
  /** How they are drawn. */
  drawn = computed(() => this.#drawing.painted.value?.style ?? null);
  /** Whether the view is on the screen: one that is not computes nothing. */
  active = signal(false);
  /** Whether something is being fetched, computed or drawn for the question. */
  busy = signal(false);
  #shown = signal('');
  /** @type {Explain | null} the state that asked for what is on the screen */
  #asked = null;
  /** Numbers of what was chosen: a file may bear the name of the one before. */
  #versions = signal(/** @type {Record<Input, number>} */ ({ model: 0, picture: 0 }));
  /** What the inputs at hand came from. */
  #good = /** @type {Record<Input, { source: any, version: number } | null>} */ ({ model: null, picture: null });
  #once = { model: new Once(), picture: new Once() };
  /** What could not be had the last time. */
  #failed = /** @type {Record<Input, string | null>} */ ({ model: null, picture: null });
  /** What could not be computed the last time. @type {string | null} */
  #refused = null;
  #chosen = 0;
  #settle = 0;
  #run = 0;
  /** @type {Model | null} the network that the present classes and layers were chosen for */
  #before = null;
  /** @type {Pick<Explain, 'classes' | 'target'> | null} what was asked of the picture before, which comes back if the new one cannot be had */
  #left = null;
  #runs = new Newest();
  #drawing;
  /** @type {WeakMap<Explanation, Map<string, Promise<any>>>} */
  #read = new WeakMap();
  /** @type {Set<Promise<any>>} */
  #saves = new Set();
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor({ engine, state, status, resolveModel, resolvePicture, onDrawing = () => {}, onDrawn, strict = false }) {
    this.engine = engine;
    this.state = state;
    this.status = status;
    this.onDrawing = onDrawing;
    this.onDrawn = onDrawn;
    this.strict = strict;
    this.resolve = { model: resolveModel, picture: resolvePicture };
    const drawing = (this.#drawing = new Drawing(engine, state));
    /** The request as it is asked now, all that matters to the computation. A method that there is not is none of those that are. */
    this.wanted = computed(() => {
      const { colormap, formula, opacity, threshold, ...question } = this.state.value;
      const about = this.engine.about.value;
      const { picture, window, model, method } = question;
      const asked = about
        ? { ...requestOf(question, about), method: method ?? methodOf(about, null).name, picture, window, model }
        : question;
      return JSON.stringify([asked, this.#versions.value]);
    });
    /** Whether something else is asked for than is shown. */
    this.stale = computed(() => this.wanted.value !== this.#shown.value || drawing.behind.value !== null);
    /** Whether nothing is under way that would change that. */
    this.stopped = computed(() => this.stale.value && !this.busy.value && drawing.behind.value !== 'late');
    /** @type {import('@preact/signals-core').ReadonlySignal<import('../../elements/view.js').Facts | null>} */
    this.facts = computed(() => {
      const explanation = this.explanation.value;
      if (!explanation) return null;
      const { request, model, probabilities } = explanation;
      return {
        settled: !this.stale.value && !this.busy.value,
        told: {
          score: ({ class: name }) => sureOf(model, probabilities, name),
          says: () => namesOf(explanation.top).slice(0, 1),
          class: () => namesOf(explanation.classes),
          method: () => [request.method],
          layer: () => explanation.layers ?? [],
          network: () => networkOf(/** @type {SourcedModel} */ (model)),
        },
      };
    });
    /** Whether the engine is at work, for whatever view, and tells so. */
    this.working = computed(() => this.engine.work.value !== null);
    /** What is missing before anything can be explained: null when nothing is. */
    this.needs = computed(
      /** @returns {'both' | 'picture' | 'weights' | null} */ () => {
        if (this.busy.value || (this.model.value && this.picture.value)) return null;
        return this.model.value ? 'picture' : this.picture.value ? 'weights' : 'both';
      },
    );
  }

  /** Begins to follow the state. */
  connect() {
    this.#effects = [
      effect(() => {
        const wanted = this.wanted.value;
        const active = this.active.value;
        untracked(() => {
          if (active) this.#start(wanted);
          else this.#pause();
        });
      }),
      effect(() => {
        void [this.state.value, this.engine.about.value, this.explanation.value, this.active.value];
        untracked(() => this.#redraw());
      }),
      effect(() => {
        this.status.busy.value = this.busy.value ? () => this.#cancel() : null;
      }),
    ];
  }

  disconnect() {
    this.#pause();
    for (const stop of this.#effects.splice(0)) stop();
  }

  /** Whether what is shown is what is asked for. */
  get settled() {
    return !this.busy.value && !this.stale.value;
  }

  /**
   * Changes the question. `settle`: milliseconds in which a further change makes this one void, for what is dragged.
   * @param {Partial<Explain>} change
   * @param {{ settle?: number }} options
   */
  ask(change, { settle = 0 } = {}) {
    const before = this.wanted.peek();
    this.status.clear();
    this.#settle = settle;
    this.state.value = { ...this.state.peek(), ...this.#drawing.withFormula(change) };
    const still = this.wanted.peek() === before && before !== this.#shown.peek();
    if (still && this.active.peek() && !this.busy.peek()) this.again();
  }

  /** Computes and draws the latest choices after a failure. */
  again() {
    this.status.clear();
    this.#start(this.wanted.peek());
    this.#redraw();
  }

  /**
   * Another network or picture.
   * @param {Input} input
   * @param {any} source
   */
  choose(input, source) {
    const version = ++this.#chosen;
    if (input === 'model') this.#before ??= this.model.peek();
    const { target, classes } = this.state.peek();
    if (input === 'picture') this.#left ??= { classes, target };
    const rest = input === 'picture' ? { window: null, classes: [], target: contrasts(target) ? CONTRAST : target } : {};
    batch(() => {
      this.#versions.value = { ...this.#versions.peek(), [input]: version };
      this.ask({ [input]: source, ...rest });
    });
  }

  /** What asks for the explanation on the screen, as it is drawn there: not yet a newer choice that is under way. */
  get answered() {
    const { look } = this.#drawing.painted.peek() ?? {};
    return this.#asked && { ...this.#asked, ...look };
  }

  /** The picture alone, as the explanation shows it. */
  original(/** @type {Explanation} */ explanation) {
    return this.#reading(explanation, 'original', () => this.engine.original(explanation, { priority: 1, quiet: true }));
  }

  /** The values of one of its maps. */
  rawMap(/** @type {Explanation} */ explanation, which = 0) {
    return this.#reading(explanation, `map ${which}`, () => this.engine.rawMap(explanation, which, { priority: 1, quiet: true }));
  }

  /**
   * The explanation that a save reads stays with the engine until the save is done.
   * @template T
   * @param {Promise<T>} save
   */
  holding(save) {
    this.#saves.add(save);
    const done = () => this.#saves.delete(save);
    save.then(done, done);
    return save;
  }

  async #release(/** @type {Explanation} */ explanation) {
    await Promise.allSettled(this.#saves);
    this.engine.release(explanation);
  }

  /**
   * @param {Explanation} explanation
   * @param {string} key
   * @param {() => Promise<any>} read
   */
  #reading(explanation, key, read) {
    const all = this.#read.get(explanation) ?? new Map();
    this.#read.set(explanation, all);
    if (!all.has(key)) {
      const reading = read();
      reading.catch(() => all.delete(key));
      all.set(key, reading);
    }
    return all.get(key);
  }

  /** Ends what is under way, as a person asks. An input that is still to come gives way to the one before. */
  #cancel() {
    this.#pause();
    for (const input of INPUTS) {
      const good = this.#good[input];
      if (good && good.version !== this.#versions.peek()[input]) this.#giveWay(input);
    }
  }

  #pause() {
    this.#run++;
    this.#runs.abort();
    this.#drawing.abort();
    this.busy.value = false;
  }

  async #start(/** @type {string} */ wanted) {
    const run = ++this.#run;
    const settle = this.#settle;
    this.#settle = 0;
    if (wanted === this.#shown.peek()) {
      this.#runs.abort();
      this.busy.value = false;
      return;
    }
    this.busy.value = true;
    try {
      await this.#runs.run(async (aborted) => {
        if (settle) await wait(settle, aborted);
        await this.#explain(aborted);
      });
    } catch (/** @type {any} */ error) {
      if (run !== this.#run) return;
      this.#tell(error);
    }
    if (run === this.#run) this.busy.value = false;
  }

  /** Tells a failure. What failed before as well is not told over what has failed since, such as a file that took its place in vain. */
  #tell(/** @type {any} */ error) {
    const asked = this.wanted.peek();
    const known = this.#refused === asked && this.status.failure.peek();
    if (error.name !== 'AbortError') this.#refused = asked;
    if (!known) this.status.fail(error);
  }

  async #explain(/** @type {AbortSignal} */ aborted) {
    const [model, picture] = /** @type {[SourcedModel | null, SourcedPicture | null]} */ (
      await Promise.all(INPUTS.map((input) => this.#input(input, aborted)))
    );
    if (!model || !picture) return;
    if (!this.engine.about.peek()) await this.engine.start({ signal: aborted });
    const about = /** @type {import('../../engine/protocol.d.ts').About} */ (this.engine.about.peek());
    const { change, left } = fitted(this.state.peek(), model, this.#before, about);
    if (this.strict && left.length) throw missing(left[0]);
    this.status.refuse(left);
    this.#before = null;
    if (Object.keys(change).length) this.state.value = { ...this.state.peek(), ...change };
    aborted.throwIfAborted();

    const wanted = this.wanted.peek();
    const asked = this.state.peek();
    const request = withBudget(requestOf(asked, about), about);
    if (contrasts(request.target))
      request.target = await contrastFor(this.engine, { model, picture, request }, this.explanation.peek(), aborted);
    const explained = await this.engine.explain({ model, picture, request }, { signal: aborted });
    const painting = this.#painted(explained, aborted);
    this.onDrawing(explained);
    const painted = await painting;
    const old = this.explanation.peek();
    this.#drawing.abort(); // one that is drawn after its release would have to be computed again
    batch(() => {
      this.#asked = asked;
      this.explanation.value = explained;
      this.#shown.value = wanted;
      this.#drawing.show(painted);
    });
    if (old && old !== explained) this.#release(old);
    this.onDrawn(explained);
  }

  /** The drawings of an explanation; without them nobody needs it. */
  async #painted(/** @type {Explanation} */ explained, /** @type {AbortSignal} */ aborted) {
    try {
      const painted = await this.#drawing.paint(explained, aborted);
      aborted.throwIfAborted();
      return painted;
    } catch (error) {
      this.engine.release(explained);
      throw error;
    }
  }

  /** Where an input is from, and of a picture the values that are shown. @returns {any} */
  #sourceOf(/** @type {Input} */ input) {
    const { window, ...state } = this.state.peek();
    const source = state[input];
    return input === 'picture' && source && window ? { ...source, window } : source;
  }

  /**
   * The network or the picture that is asked about. One that cannot be had, or whose way here a person cancels, leaves the one
   * before in place; the first one of all, the default, unless it may be had later.
   */
  async #input(/** @type {Input} */ input, /** @type {AbortSignal} */ aborted) {
    const source = this.#sourceOf(input);
    const version = this.#versions.peek()[input];
    const key = JSON.stringify([source, version]);
    const good = this.#good[input];
    if (good && JSON.stringify([good.source, good.version]) === key) return this[input].peek();
    try {
      const handle = await unlessAborted(
        this.#once[input].get(key, async (signal) => {
          /** @type {any} */
          const found = await this.resolve[input](/** @type {any} */ (source), signal);
          if (!found) return null;
          return input === 'model' ? this.engine.load(found, { signal }) : this.engine.open(found, { signal });
        }),
        aborted,
      );
      if (!handle) return null;
      this.#good[input] = { source, version };
      if (input === 'picture') this.#left = null;
      this[input].value = handle;
      return handle;
    } catch (/** @type {any} */ error) {
      if (aborted.aborted) throw error;
      const known = this.#failed[input] === key;
      this.#failed[input] = key;
      if (this.strict || (!good && (source === null || isPassing(error)))) {
        // What failed before as well is not told over what has failed since.
        throw known && this.status.failure.peek() ? cancelled() : error;
      }
      this.status.fail(error);
      this.#giveWay(input);
      aborted.throwIfAborted();
      return this[input].peek();
    }
  }

  /** The input before takes the place of one that could not be had; the default, where there was none. */
  #giveWay(/** @type {Input} */ input) {
    const good = this.#good[input];
    const { source, version } = good ?? { source: null, version: 0 };
    const { window = null, ...from } = source ?? {};
    const given = input === 'picture' ? { picture: source && from, window } : { model: source };
    batch(() => {
      this.#versions.value = { ...this.#versions.peek(), [input]: version };
      this.state.value = { ...this.state.peek(), ...given, ...this.#restOf(input, Boolean(good)) };
      if (input === 'picture') this.#left = null;
    });
  }

  /** What else of the question changes with an input that could not be had: what was asked of a network that never came means nothing to another. @returns {Partial<Explain>} */
  #restOf(/** @type {Input} */ input, /** @type {boolean} */ hadOne) {
    if (input === 'picture') return this.#left ?? {};
    const { target } = this.state.peek();
    return hadOne ? {} : { classes: [], layers: [], merge: null, target: contrasts(target) ? CONTRAST : target };
  }

  async #redraw() {
    const explanation = this.explanation.peek();
    if (!explanation || !this.active.peek()) return;
    await this.status.attempt(() => this.#drawing.renew(explanation));
  }

  /** The style in which an output of a kind is asked for. */
  styleFor(/** @type {OutputInfo} */ output) {
    return this.#drawing.styleFor(output);
  }
}
