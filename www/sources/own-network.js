// The visitor's own network: a weight file, and what may come with it: its configuration, its preprocessing, class names.
import { signal } from '@preact/signals-core';
import { EngineError } from '../engine/errors.js';
import { textOf } from '../engine/text-file.js';
import { NOTHING_ENTERED, readEntered } from './entered.js';
import { forgetNetwork, keepNetwork, keptNetwork, newId } from './kept.js';
import { limitsOf } from './limits.js';

/**
 * @import { Engine } from '../engine/client.js'
 * @import { Sorted } from '../weights/sorting.js'
 * @import { Entered } from './entered.js'
 *
 * @typedef {{ kind: 'own', name: string }} OwnSource
 * @typedef {{ weights: File, config: File, preprocessor: File, labels: File }} Files
 * @typedef {{ source: OwnSource, files: any, readonly kept: boolean | null }} OwnModel `kept` is null until
 *   the browser's storage has answered
 *
 * What was asked for last: `refused` is the error with which the engine answered.
 * @typedef {{ source: OwnSource, files: Partial<Files> & { weights: File }, network: string, entered: Entered, refused: any }} Asked
 */

const KINDS = /** @type {const} */ (['weights', 'config', 'preprocessor', 'labels']);
/** Whether a code is of the engine's errors about the names of classes. */
export const isOfLabels = (/** @type {string | undefined} */ code) => /^labels?-/.test(code ?? '');

export class OwnNetwork {
  /** The files that were given, as far as they were: those of the network in use, where the engine refused what came after it. */
  files = signal(/** @type {Partial<Files>} */ ({}));
  /** The architecture that was chosen; empty: the file tells. */
  network = signal('');
  /** What was typed and chosen beside; empty: the files tell. */
  entered = signal(NOTHING_ENTERED);
  /** @type {Asked | null} */
  #asked = null;
  /** What the network in use was asked for by, where it is one of these. @type {Asked | null} */
  #used = null;
  /** The files that the engine refused, without names that do not fit. @type {Partial<Files>} */
  #tried = {};
  /** @type {Map<string, OwnModel>} those that the engine took */
  #taken = new Map();
  /** How often all was forgotten: what was asked for before is not kept afterwards. */
  #forgotten = 0;
  /** What the browser's storage said to the model that came last. @type {import('@preact/signals-core').Signal<{ model: OwnModel, kept: boolean } | null>} */
  #stored = signal(null);

  /**
   * Takes files that were given together. Gives the source to load, or null where the weights that they belong to are
   * still to come.
   * @param {Partial<Sorted>} sorted
   */
  take(sorted) {
    /** @type {Partial<Files>} */
    const given = {};
    for (const kind of KINDS) {
      const several = sorted[kind] ?? [];
      if (several.length > 1) {
        throw new EngineError({ kind: 'weights', code: 'several-files', arguments: { files: several.map(({ name }) => name) } });
      }
      if (several.length) [given[kind]] = several;
    }
    const { refused } = this.#asked ?? {};
    // Names are no reason to try weights again that were refused: they are for the network in use.
    const corrects = given.weights || given.config || refused?.kind === 'labels';
    const present = corrects ? this.latest : this.files.peek();
    // Class names may come before the weights, and may suit the next ones, too. What else came with other weights is theirs.
    const before = given.weights && present.weights ? { labels: given.config ? undefined : present.labels } : present;
    this.files.value = { ...before, ...given };
    // Which of its networks is meant, and how it computes, are questions to each file.
    if (given.weights) this.entered.value = { ...this.entered.peek(), state: '', variant: '' };
    if (given.config) this.network.value = ''; // it names its network; only who chooses another one afterwards knows better
    if (!refused || corrects) return this.#request();
    if (!this.#used) return null;
    this.network.value = this.#used.network;
    this.entered.value = this.#used.entered;
    return this.#request();
  }

  /** The source of what is given and chosen at present, to be loaded, or tried again; null without weights. */
  ask() {
    this.files.value = this.latest;
    return this.#request();
  }

  /** The files that came last, also where the engine refused them. */
  get latest() {
    return this.refused && this.#used ? this.#tried : this.files.peek();
  }

  #request() {
    const { weights, ...others } = this.files.peek();
    if (!weights) return null;
    const source = /** @type {OwnSource} */ ({ kind: 'own', name: weights.name });
    this.#asked = { source, files: { weights, ...others }, network: this.network.peek(), entered: this.entered.peek(), refused: null };
    return source;
  }

  /** Whether the engine did not take what was asked for last: another architecture may change that. */
  get refused() {
    return Boolean(this.#asked?.refused);
  }

  /** Another network is used now: what is given next does not belong to these files. */
  leave() {
    this.files.value = this.latest;
    this.#used = null;
    const { weights, labels } = this.files.peek();
    if (!weights || this.refused) return;
    this.files.value = labels ? { labels } : {};
    this.#asked = null;
  }

  /** Forgets the files, here and in the browser's storage. A network in use stays in use. */
  async forget() {
    this.files.value = {};
    this.#asked = this.#used = null;
    this.#forgotten++;
    this.#stored.value = null;
    await forgetNetwork();
  }

  /**
   * The model of a name, which the engine has taken: the one asked for, one of before, or the one that was kept.
   * @param {string} name
   * @param {Engine} engine
   * @param {AbortSignal} abort
   * @returns {Promise<OwnModel>}
   */
  async resolve(name, engine, abort) {
    const asked = this.#asked;
    if (asked && asked.source.name === name && !asked.refused) return this.#load(asked, engine, abort);
    const taken = this.#taken.get(name);
    if (taken) return taken;
    if (asked?.source.name === name) throw asked.refused;
    const forgotten = this.#forgotten;
    const kept = await keptNetwork();
    if (kept?.name !== name || forgotten !== this.#forgotten)
      throw new EngineError({ kind: 'weights', code: 'own-network-missing', arguments: { name } });
    const { weights, config, preprocessor, labels, network, entered } = kept;
    this.files.value = Object.fromEntries(Object.entries({ weights, config, preprocessor, labels }).filter(([, file]) => file));
    this.network.value = network ?? '';
    this.entered.value = { ...NOTHING_ENTERED, ...entered };
    this.ask();
    return this.#load(/** @type {Asked} */ (/** @type {unknown} */ (this.#asked)), engine, abort);
  }

  async #load(/** @type {Asked} */ asked, /** @type {Engine} */ engine, /** @type {AbortSignal} */ abort) {
    const {
      source,
      files: { weights, config, preprocessor, labels },
      network,
      entered,
    } = asked;
    const before = this.#taken.get(source.name);
    if (before && madeOf.get(before) === asked) return before;
    const forgotten = this.#forgotten;
    const stored = this.#stored;
    try {
      const limits = await limitsOf(engine, abort);
      const [configText, preprocessorText] = await Promise.all(
        [config, preprocessor].map((card) => (card ? textOf(card, 'weights', limits) : null)),
      );
      const { input_sides: sides } = limits;
      /** @type {OwnModel} */
      const model = {
        source,
        files: {
          weights,
          network: network || null,
          config: configText,
          preprocessor: preprocessorText,
          ...(labels ? { labelsFile: labels } : {}),
          ...readEntered(entered, sides),
        },
        get kept() {
          return stored.value?.model === model ? stored.value.kept : null;
        },
      };
      await engine.load(model, { signal: abort });
      madeOf.set(model, asked);
      this.#taken.set(source.name, model);
      if (asked === this.#asked) this.#used = asked;
      if (forgotten === this.#forgotten) this.#keep(model, asked); // goes on beside: it may be many bytes
      return model;
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      asked.refused = understood(error, asked);
      if (asked === this.#asked) this.#giveBack(asked);
      throw asked.refused;
    }
  }

  async #keep(/** @type {OwnModel} */ model, /** @type {Asked} */ { source, files, network, entered }) {
    const { weights, config = null, preprocessor = null, labels = null } = files;
    const forgotten = this.#forgotten;
    const id = newId();
    const kept = await keepNetwork({ id, name: source.name, weights, config, preprocessor, labels, network: network || null, entered });
    if (forgotten === this.#forgotten) this.#stored.value = { model, kept };
  }

  /** What was refused can be tried again otherwise, but names that do not fit are not tried with the next weights. */
  #giveBack(/** @type {Asked} */ { files, refused }) {
    const { labels, ...others } = files;
    this.#tried = refused.kind === 'labels' ? others : files;
    this.files.value = this.#used?.files ?? this.#tried;
  }
}

/** Names that do not fit are told as such. */
function understood(/** @type {any} */ error, /** @type {Asked} */ { files }) {
  if (!files.labels || !isOfLabels(error.code)) return error;
  return new EngineError({ kind: 'labels', code: error.code, arguments: error.arguments, message: error.message });
}

/** @type {WeakMap<OwnModel, Asked>} */
const madeOf = new WeakMap();
