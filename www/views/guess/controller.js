// Keeps the pictures of a round, what the network sees in each, and the guesses in step. It knows no document.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { cancelled } from '../../engine/errors.js';
import { t } from '../../i18n/index.js';
import { networkOf } from '../../state/facts.js';
import { fine, GUESS } from '../../state/guess.js';
import { pointsOf } from './energy.js';
import { turnsOf } from './round.js';
import { seenOf } from './turn.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Engine } from '../../engine/client.js'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Circle } from '../../elements/game/keys.js'
 * @import { Guess } from '../../state/guess.js'
 * @import { ModelSource, PictureSource } from '../../state/question.js'
 * @import { Found } from './energy.js'
 * @import { Turn } from './round.js'
 * @import { Seen } from './turn.js'
 *
 * @typedef {{ turns: Turn[], model: SourcedModel, key: string }} Round
 * @typedef {Found & { points: number, byChance: number }} Result
 * @typedef {{ yours: number, best: number, chance: number, points: number, byChance: number, count: number }} Mean
 *
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Signal<Guess>} state
 * @property {import('../../state/status.js').Status} status
 * @property {(source: ModelSource | null, signal: AbortSignal) => Promise<SourcedModel | null>} resolveModel null: there is none
 * @property {(source: PictureSource, signal: AbortSignal) => Promise<SourcedPicture | null>} resolvePicture
 * @property {(model: SourcedModel) => Promise<import('./site.js').Site>} siteOf what the site has for a network
 * @property {(bitmap: ImageBitmap) => ImageData} [pixelsOf]
 */

/** Of the circle's diameter: larger ones than half a picture hold much wherever they are. */
export const BOUNDS = { min: 0.1, max: 0.5 };
/** @type {Circle} */
const BEGIN = { x: 0.5, y: 0.5, size: 0.3 };

export class Controller {
  /** @type {Signal<Round | null>} */
  round = signal(null);
  /** What is seen in the pictures, and of those that could not be had the error. @type {Signal<ReadonlyMap<number, Seen | Error>>} */
  #seen = signal(new Map());
  /** The circle that is being drawn. */
  circle = signal(BEGIN);
  /** Whether the site brings no network. */
  missing = signal(false);
  /** Whether nothing is under way, because it failed or was cancelled. */
  stopped = signal(false);
  active = signal(false);
  /** Whether the circle is to be revealed as soon as the network has answered. */
  awaited = signal(false);
  turns = computed(() => this.round.value?.turns.length ?? 0);
  /** Which picture is on the screen; as many as there are: the result is. */
  at = computed(() => {
    const { shown, guesses } = this.state.value;
    return shown !== null && shown < guesses.length ? shown : Math.min(guesses.length, this.turns.value);
  });
  /** Whether what is on the screen was revealed. */
  revealed = computed(() => this.at.value < Math.min(this.state.value.guesses.length, this.turns.value));
  /** What is seen in the picture on the screen, as soon as it is known. @type {import('@preact/signals-core').ReadonlySignal<Seen | null>} */
  seen = computed(() => seenIn(this.#seen.value.get(this.at.value)));
  failed = computed(() => this.#seen.value.get(this.at.value) instanceof Error);
  /** Of each guess, what it holds; null: not known yet, or nothing to hold. @type {import('@preact/signals-core').ReadonlySignal<(Result | null)[]>} */
  results = computed(() => this.state.value.guesses.slice(0, this.turns.value || undefined).map((circle, i) => this.#resultOf(i, circle)));
  /** @type {import('@preact/signals-core').ReadonlySignal<Mean | null>} over all guesses that could be measured */
  mean = computed(() => meanOf(this.results.value));
  /** @type {import('@preact/signals-core').ReadonlySignal<import('../../elements/view.js').Facts | null>} */
  facts = computed(() => {
    const round = this.round.value;
    const results = this.results.value;
    if (!round) return null;
    return {
      settled: round.key === this.#key.value,
      told: {
        guesses: () => results.length,
        circle: () => results.at(-1)?.yours ?? null,
        points: () => (this.mean.value ? this.mean.value.points / 100 : null),
        network: () => networkOf(round.model),
      },
    };
  });
  #key = computed(() => {
    const { round, model, pictures } = this.state.value;
    return JSON.stringify([round, model, pictures]);
  });
  /** @type {WeakMap<Seen, Map<string, Result>>} */
  #known = new WeakMap();
  /** What was asked with the round before, which comes back if its network cannot be had. @type {Guess | null} */
  #before = null;
  #run = new AbortController();
  #running = false;
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.state = parts.state;
    this.status = parts.status;
  }

  /** Whether all that is on the screen is known. */
  get settled() {
    const round = this.round.peek();
    if (!round || round.key !== this.#key.peek() || this.awaited.peek()) return false;
    const needed = this.at.peek() < round.turns.length ? [this.at.peek()] : round.turns.keys();
    return [...needed].every((i) => this.#seen.peek().has(i));
  }

  connect() {
    this.#effects = [
      effect(() => {
        void [this.#key.value, this.at.value];
        const active = this.active.value;
        untracked(() => (active ? this.#follow() : this.#run.abort()));
      }),
      effect(() => {
        const waits = this.active.value && !this.stopped.value && this.round.value?.key !== this.#key.value;
        this.status.busy.value = waits ? () => this.#run.abort() : null;
      }),
      effect(() => {
        const known = this.seen.value;
        if (known && this.awaited.value) untracked(() => this.reveal());
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.#run.abort();
    this.status.busy.value = null;
  }

  // What is done

  move(/** @type {Partial<Circle>} */ change) {
    if (this.revealed.peek()) return;
    const circle = { ...this.circle.peek(), ...change };
    this.circle.value = { x: fine(circle.x), y: fine(circle.y), size: fine(circle.size) };
  }

  /** Keeps the circle as the guess, and shows the heatmap: now, or as soon as it is there. */
  reveal() {
    const at = this.at.peek();
    if (this.revealed.peek() || at >= this.turns.peek()) return;
    const failed = this.failed.peek(); // without a picture there is nothing to reveal
    this.awaited.value = !failed && !this.seen.peek();
    if (this.awaited.peek()) return;
    this.#ask({ guesses: [...this.state.peek().guesses, this.circle.peek()], shown: failed ? null : at });
  }

  /** The next picture, after the last one the result. */
  next() {
    this.circle.value = { ...BEGIN, size: this.circle.peek().size };
    this.#ask({ shown: null });
  }

  /** Looks at a picture that was revealed. */
  show(/** @type {number} */ which) {
    this.#ask({ shown: which });
  }

  /** Another round: of other pictures, of one's own, or by another network. */
  begin(/** @type {Partial<Guess>} */ change) {
    this.#before ??= this.state.peek();
    this.status.clear();
    this.awaited.value = false;
    this.circle.value = BEGIN;
    const { round, model, pictures } = this.state.peek();
    this.state.value = { ...GUESS, round, model, pictures, ...change };
  }

  /** Tries again after a failure. */
  again() {
    this.status.clear();
    this.#seen.value = new Map([...this.#seen.peek()].filter(([, seen]) => !(seen instanceof Error)));
    this.#follow();
  }

  #ask(/** @type {Partial<Guess>} */ change) {
    this.status.recover();
    this.state.value = { ...this.state.peek(), ...change };
  }

  // What the network sees

  async #follow() {
    this.stopped.value = false;
    if (this.round.peek()?.key !== this.#key.peek()) this.#run.abort();
    if (this.#running) return;
    this.#running = true;
    while (this.active.peek() && !this.stopped.peek()) {
      const run = (this.#run = new AbortController());
      const key = this.#key.peek();
      try {
        if (!(await this.#step(run.signal))) break;
      } catch (error) {
        if (key !== this.#key.peek()) continue; // another round was asked for
        this.stopped.value = true;
        this.status.fail(error, { words: () => t().page.retry, run: () => this.again() });
      }
    }
    this.#running = false;
  }

  /** Does what is to be done next; gives whether there was anything. */
  async #step(/** @type {AbortSignal} */ signal) {
    const round = this.round.peek();
    if (round?.key !== this.#key.peek()) return this.#open(signal);
    const next = this.#next(round);
    if (next === undefined) return false;
    const turn = round.turns[next];
    const seen = await this.#look(round, turn, signal).catch((error) => {
      if (signal.aborted || error?.name === 'AbortError' || error?.fatal) throw error;
      this.status.fail(error);
      return error;
    });
    signal.throwIfAborted();
    this.#seen.value = new Map([...this.#seen.peek(), [next, seen]]);
    return true;
  }

  /** The picture on the screen comes first, then those that were revealed, then the next one. */
  #next(/** @type {Round} */ { turns }) {
    const [at, { length }] = [this.at.peek(), this.state.peek().guesses];
    return [at, ...Array(length).keys(), at + 1].find((i) => i < turns.length && !this.#seen.peek().has(i));
  }

  async #look(/** @type {Round} */ { model }, /** @type {Turn} */ turn, /** @type {AbortSignal} */ signal) {
    const picture = await this.parts.resolvePicture(turn.picture, signal);
    if (!picture) throw cancelled();
    return seenOf(this.parts, { model, picture, class: turn.class }, signal);
  }

  async #open(/** @type {AbortSignal} */ signal) {
    const { engine, resolveModel, siteOf } = this.parts;
    const [key, state] = [this.#key.peek(), this.state.peek()];
    try {
      const model = await resolveModel(state.model, signal);
      this.missing.value = !model;
      if (!model) return false;
      await engine.load(model, { signal });
      const site = await siteOf(model);
      signal.throwIfAborted();
      this.#before = null;
      this.#seen.value = new Map();
      this.round.value = { key, model, turns: turnsOf(state, site) };
    } catch (error) {
      const before = this.#before;
      this.#before = null;
      if (signal.aborted || error?.name === 'AbortError' || (!before && !state.model)) throw error;
      this.status.fail(error);
      this.state.value = before ?? { ...state, model: null };
    }
    return true;
  }

  /** The class that the heatmap of a picture speaks for; null: not known yet. */
  nameIn(/** @type {number} */ which) {
    return seenIn(this.#seen.value.get(which))?.of ?? null;
  }

  /** @returns {Result | null} */
  #resultOf(/** @type {number} */ which, /** @type {Circle} */ circle) {
    const seen = seenIn(this.#seen.value.get(which));
    if (!seen || seen.energy.flat) return null;
    const known = this.#known.get(seen) ?? new Map();
    this.#known.set(seen, known);
    const key = JSON.stringify(circle);
    if (!known.has(key)) {
      const found = seen.energy.of(circle);
      known.set(key, { ...found, points: pointsOf(found, found.yours), byChance: pointsOf(found, found.chance) });
    }
    return known.get(key) ?? null;
  }
}

const seenIn = (/** @type {Seen | Error | undefined} */ found) => (found instanceof Error ? null : (found ?? null));

/** @returns {Mean | null} */
function meanOf(/** @type {(Result | null)[]} */ results) {
  const measured = results.filter((one) => one !== null);
  if (!measured.length) return null;
  const of = (/** @type {'yours' | 'best' | 'chance' | 'points' | 'byChance'} */ name) =>
    measured.reduce((sum, one) => sum + one[name], 0) / measured.length;
  return {
    yours: of('yours'),
    best: of('best'),
    chance: of('chance'),
    points: of('points'),
    byChance: of('byChance'),
    count: measured.length,
  };
}
