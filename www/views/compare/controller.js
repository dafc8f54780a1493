// Keeps the grid up with what is asked: finds the values of its axes, makes its cells, and computes those that are not
// there yet, one after another, the nearest to the screen first. It knows no document.
import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { Newest } from '../../engine/newest.js';
import { answerOf, cellRequest, questionOf } from './answer.js';
import { axesOf, keyOf, placesOf, valuesOf } from './axes.js';
import { Cell } from './cell.js';
import { Inputs } from './inputs.js';
import { nextOf, sorted } from './order.js';
import { rangeOf } from '../../elements/paint.js';
import { namesOf } from '../../state/facts.js';
import { asksClasses, asksLayers, standardClasses, standardLayers, standardMethods, standardModels, standardPictures } from './standard.js';

/**
 * @import { Axis, Compare, Measure } from '../../state/compare.js'
 * @import { Values } from './axes.js'
 * @import { Engine } from '../../engine/client.js'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { EmbeddedModels } from '../../weights/embedded.js'
 * @import { Signal } from '@preact/signals-core'
 *
 * @typedef {object} Grid
 * @property {Axis} rows
 * @property {Axis} columns
 * @property {Values} values
 * @property {Cell[][]} cells row by row, as the values stand
 * @property {SourcedModel | null} reference the first network, whose classes are meant; null where it cannot be had
 *
 * @typedef {{ all: number, done: number, failed: number, cancelled: number, open: number }} Progress
 */

export class Controller {
  /** @type {Signal<Grid | null>} */
  grid = signal(null);
  /** Whether the values of the axes are still being found. */
  planning = signal(false);
  /** Whether the view is on the screen: one that is not computes nothing. */
  active = signal(false);
  #plans = new Newest();
  /** @type {Map<string, ImageData>} pictures as the cells show them */
  #seen = new Map();
  /** @type {{ key: string, classes: number[] } | null} the most probable classes of the last picture */
  #top = null;
  #filling = false;
  /** @type {string | null} */
  #last = null;
  /** @type {(() => void)[]} */
  #effects = [];

  /**
   * @param {object} parts
   * @param {Engine} parts.engine
   * @param {Signal<Compare>} parts.state
   * @param {import('../../state/status.js').Status} parts.status
   * @param {Promise<EmbeddedModels | null>} parts.embedded
   * @param {import('./inputs.js').Resolvers} parts.resolvers
   * @param {() => Promise<any[]>} [parts.pictures] the standard ones
   */
  constructor({ engine, state, status, embedded, resolvers, pictures = standardPictures }) {
    this.engine = engine;
    this.state = state;
    this.status = status;
    this.embedded = embedded;
    this.pictures = pictures;
    this.inputs = new Inputs(resolvers);
    this.cells = computed(() => this.grid.value?.cells.flat() ?? []);
    this.progress = computed(() => count(this.cells.value));
    /** Whether nothing waits or is computed. */
    this.still = computed(() => !this.planning.value && this.progress.value.open === 0);
    /** The scale of all maps, of those that are there; signed ones have one of their own. */
    this.scale = computed(() => scaleOf(this.cells.value, false));
    this.signedScale = computed(() => scaleOf(this.cells.value, true));
    /** The places of rows and columns in order; nothing changes its place before all is there. */
    this.order = computed(() => {
      const cells = this.grid.value?.cells ?? [];
      const measure = this.still.value ? this.state.value.sort : null;
      return { rows: orderOf(cells, measure), columns: orderOf(transposed(cells), measure) };
    });
    /** @type {import('@preact/signals-core').ReadonlySignal<import('../../elements/view.js').Facts | null>} */
    this.facts = computed(() => {
      const values = this.grid.value?.values;
      if (!values) return null;
      return {
        settled: this.still.value,
        told: {
          method: () => values.method,
          network: () => values.network.map(({ name }) => name),
          layer: () => values.layer.flatMap((name) => name ?? []),
          class: () => namesOf(this.cells.value.flatMap((cell) => cell.answer?.of ?? [])),
        },
      };
    });
    /** All that matters to what is computed. */
    this.wanted = computed(() => {
      const { scale, sort, colormap, opacity, ...rest } = this.state.value;
      return JSON.stringify(rest);
    });
  }

  connect() {
    this.#effects = [
      effect(() => {
        void this.wanted.value;
        const active = this.active.value;
        untracked(() => (active ? this.plan() : this.#pause()));
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.#pause();
  }

  /** Whether what is shown is what is asked for, and nothing is under way. */
  get settled() {
    return this.grid.value !== null && this.still.value;
  }

  /** The most probable classes of the last picture that the first network was asked about. */
  get top() {
    return this.#top?.classes ?? [];
  }

  ask(/** @type {Partial<Compare>} */ change) {
    this.status.clear();
    this.state.value = { ...this.state.peek(), ...change };
  }

  /** Cells that are being computed or wait are not wanted any more; all, or some. */
  cancel(/** @type {Cell[]} */ cells = this.cells.peek()) {
    batch(() => cells.forEach((cell) => cell.cancel()));
  }

  /** Cells that were cancelled or failed are wanted again; all, or some. */
  again(/** @type {Cell[]} */ cells = this.cells.peek()) {
    this.status.clear();
    this.inputs.retry();
    batch(() => cells.forEach((cell) => cell.again()));
    if (this.grid.peek()) this.#fill();
    else this.plan();
  }

  /** Finds the values of the axes, and makes the cells of the grid. */
  async plan() {
    this.planning.value = true;
    try {
      const grid = await this.#plans.run((signal) => this.#planned(signal));
      batch(() => {
        this.#replace(grid);
        this.planning.value = false;
      });
      this.#fill();
    } catch (/** @type {any} */ error) {
      if (error?.name === 'AbortError') return;
      batch(() => {
        this.planning.value = false;
        this.#replace(null);
      });
      this.status.fail(error);
    }
  }

  /** @returns {Promise<Grid | null>} */
  async #planned(/** @type {AbortSignal} */ signal) {
    const state = this.state.peek();
    if (!this.engine.about.peek()) await this.engine.start({ signal });
    const about = /** @type {import('../../engine/protocol.d.ts').About} */ (this.engine.about.peek());
    const [embedded, pictures] = await Promise.all([this.embedded, state.pictures.length ? state.pictures : this.pictures()]);
    signal.throwIfAborted();
    const models = state.models.length ? state.models : standardModels(embedded, pictures[0]);
    if (!models.length || !pictures.length) return null;
    // Its cells tell why a network cannot be had; only an axis that asks it cannot do without.
    const asks = { class: asksClasses(state), layer: asksLayers(state) };
    const needed = asks.layer || (asks.class && axesOf(state).includes('class'));
    const unlessNeeded = (/** @type {any} */ error) => {
      if (error?.name === 'AbortError' || needed) throw error;
      return null;
    };
    const reference = await this.#reference(models[0], signal).catch(unlessNeeded);
    const classes = asks.class && reference ? await this.#classes(reference, pictures[0], signal).catch(unlessNeeded) : null;
    const values = valuesOf(state, {
      picture: pictures,
      network: models,
      method: standardMethods(about),
      class: classes ?? [null],
      layer: asks.layer ? standardLayers(reference) : [null],
    });
    const [rows, columns] = axesOf(state);
    const known = new Map(this.cells.peek().map((cell) => [cell.key, cell]));
    /** @type {Cell[][]} */
    const cells = values[rows].map(() => []);
    for (const { key, asked, row, column } of placesOf(state, values)) cells[row][column] = known.get(key) ?? new Cell(key, asked);
    return { rows, columns, values, cells, reference };
  }

  async #reference(/** @type {import('../../state/question.js').ModelSource} */ source, /** @type {AbortSignal} */ signal) {
    const model = await this.inputs.model(source, signal);
    if (!model.layers) await this.engine.load(model, { signal, quiet: true }); // else it need not wait for a cell
    return model;
  }

  /**
   * @param {SourcedModel} model
   * @param {import('../../state/question.js').PictureSource} source
   * @param {AbortSignal} signal
   */
  async #classes(model, source, signal) {
    const picture = await this.inputs.picture(source, signal);
    const key = keyOf([model.source, source]);
    if (this.#top?.key !== key) this.#top = { key, classes: await standardClasses(this.engine, { model, picture }, signal) };
    return this.#top.classes;
  }

  /** Cells that are asked for no longer end; those that still are stay as they are. */
  #replace(/** @type {Grid | null} */ grid) {
    const kept = new Set(grid?.cells.flat());
    for (const cell of this.cells.peek()) if (!kept.has(cell)) cell.cancel();
    this.grid.value = grid;
    const pictures = grid?.values.picture ?? [];
    this.inputs.keepPictures(pictures);
    const keys = new Set(pictures.map(keyOf));
    for (const key of this.#seen.keys()) if (!keys.has(key)) this.#seen.delete(key);
  }

  #pause() {
    this.#plans.abort();
    batch(() => this.cells.peek().forEach((cell) => cell.pause()));
  }

  async #fill() {
    if (this.#filling) return;
    this.#filling = true;
    try {
      for (;;) {
        const waiting = this.cells.peek().filter((cell) => cell.state.peek().name === 'waiting');
        const cell = this.active.peek() ? nextOf(waiting, this.#last) : null;
        if (!cell) return;
        this.#last = cell.network;
        await cell.run((signal) => this.#compute(cell, signal));
      }
    } catch {
      this.cancel(); // the page's own Cancel ends whatever is under way
    } finally {
      this.#filling = false;
    }
  }

  async #compute(/** @type {Cell} */ { asked }, /** @type {AbortSignal} */ signal) {
    const about = /** @type {import('../../engine/protocol.d.ts').About} */ (this.engine.about.peek());
    const [model, picture] = [await this.inputs.model(asked.network, signal), await this.inputs.picture(asked.picture, signal)];
    await this.engine.load(model, { signal, quiet: true });
    const reference = this.grid.peek()?.reference ?? null;
    const request = cellRequest(questionOf(asked, { model, reference, about }), about);
    const key = keyOf(asked.picture);
    const answer = await answerOf(this.engine, { model, picture, request }, { signal, seen: this.#seen.get(key) ?? null });
    this.#seen.set(key, answer.picture);
    return answer;
  }
}

/** The range of all maps of a kind. */
function scaleOf(/** @type {Cell[]} */ cells, /** @type {boolean} */ signed) {
  const answers = cells.flatMap(({ answer }) => (answer && !answer.drawing && answer.signed === signed ? [answer] : []));
  return rangeOf(answers.flatMap(({ range: { min, max } }) => [min, max]));
}

/** @returns {Progress} */
function count(/** @type {Cell[]} */ cells) {
  const names = cells.map((cell) => cell.state.value.name);
  const of = (/** @type {string[]} */ ...wanted) => names.filter((name) => wanted.includes(name)).length;
  return { all: cells.length, done: of('done'), failed: of('failed'), cancelled: of('cancelled'), open: of('waiting', 'running') };
}

function orderOf(/** @type {Cell[][]} */ lines, /** @type {Measure | null} */ measure) {
  if (!measure) return lines.map((_, i) => i);
  return sorted(
    lines.map((cells) => cells.map(({ answer }) => answer?.measures[measure] ?? null)),
    measure,
  );
}

const transposed = (/** @type {Cell[][]} */ cells) => (cells[0] ?? []).map((_, column) => cells.map((row) => row[column]));
