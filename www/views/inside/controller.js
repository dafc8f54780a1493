// Keeps what a layer puts out for a picture, what its channels are known to answer to, and the address in step. It knows no document.
import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import { pixelsOf as readPixels } from '../../elements/paint.js';
import { cancelled } from '../../engine/errors.js';
import { Live } from '../../engine/live.js';
import { t } from '../../i18n/index.js';
import { Subject } from '../../sources/subject.js';
import { Repeated } from '../../state/status.js';
import { orderOf, strongestOf } from './channels.js';

/**
 * @import { ReadonlySignal, Signal } from '@preact/signals-core'
 * @import { About, Sheet } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Inside } from '../../state/inside.js'
 * @import { Channels, LayerUnits } from '../../weights/channels.js'
 * @import { Pixels } from '../../elements/paint.js'
 *
 * What a layer puts out: `key` is what it was asked by, `frame` the picture as the network sees it.
 * @typedef {{ key: string, model: SourcedModel, picture: SourcedPicture, frame: Pixels, sheet: Sheet }} Seen
 *
 * What the channels of a layer answer to: `patches` has nine of each channel in a row.
 * @typedef {{ model: SourcedModel, table: Channels, layer: LayerUnits, patches: Pixels }} Answers
 *
 * @typedef {object} Known
 * @property {(model: SourcedModel, signal: AbortSignal) => Promise<Channels | null>} table null: nothing is known of its channels
 * @property {(model: SourcedModel, file: string, signal: AbortSignal) => Promise<Pixels>} patches
 */

/**
 * @typedef {import('../../sources/subject.js').Parts<Inside> & { known: Known, pixelsOf?: (bitmap: ImageBitmap) => ImageData }} Parts
 */

export class Controller {
  /** The last layer that could be computed. @type {Signal<Seen | null>} */
  seen = signal(null);
  /** @type {Signal<Answers | null>} */
  answers = signal(null);
  /** The layers of the network of which it is known what their channels answer to. @type {Signal<string[]>} */
  described = signal([]);
  running = signal(false);
  /** Whether nothing is, because it failed or was cancelled. */
  stopped = signal(false);
  active = signal(false);
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
    this.#subject = new Subject(parts, { picture: {}, model: { layer: null, channel: null } });
    this.missing = this.#subject.missing;
    this.#failures = new Repeated(status, { words: () => t().page.retry, run: () => this.again() });
    this.#live = new Live({
      compute: (aborted) => this.#compute(aborted),
      onResult: () => this.#failures.recover(),
      onMark: ({ stopped }) => (this.stopped.value = stopped),
      onFailure: (error) => this.#failures.fail(error),
    });
  }

  #asked = computed(() => JSON.stringify([this.#subject.key.value, this.state.value.layer]));

  /** Whether the sheet is another one than is asked for. */
  behind = computed(() => this.seen.value?.key !== this.#asked.value);

  /** The channels in the order in which they stand. @type {ReadonlySignal<number[]>} */
  order = computed(() => (this.seen.value ? orderOf(this.seen.value.sheet, this.state.value.order) : []));

  /** The channel that is looked at: the strongest where nobody chose. @type {ReadonlySignal<number | null>} */
  channel = computed(() => {
    const [seen, { channel }] = [this.seen.value, this.state.value];
    if (!seen) return null;
    return channel !== null && channel < seen.sheet.channels ? channel : strongestOf(seen.sheet);
  });

  /** What that channel answers to; null: nobody has looked. */
  unit = computed(() => {
    const [seen, answers, channel] = [this.seen.value, this.answers.value, this.channel.value];
    if (!seen || !answers || channel === null) return null;
    return answers.model === seen.model && answers.layer.name === seen.sheet.layer ? answers.layer.units[channel] : null;
  });

  /** Whether what is on the screen is what is asked for. */
  get settled() {
    return this.seen.peek() !== null && this.#live.settled;
  }

  connect() {
    this.#effects = [
      effect(() => {
        void this.#asked.value;
        untracked(() => this.#touch());
      }),
      effect(() => {
        const active = this.active.value;
        untracked(() => (active ? this.#live.resume() : this.#live.rest()));
      }),
      effect(() => {
        this.status.busy.value = this.active.value && this.running.value ? () => this.#live.abort() : null;
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.#live.rest();
    this.status.busy.value = null;
  }

  /** Another picture, or another network, whose layers are others. */
  choose(/** @type {Pick<Partial<Inside>, 'picture' | 'model'>} */ change) {
    this.#subject.choose(change);
  }

  ask(/** @type {Partial<Omit<Inside, 'picture' | 'model'>>} */ change) {
    this.status.recover();
    this.state.value = { ...this.state.peek(), ...('layer' in change ? { channel: null } : {}), ...change };
  }

  /** Tries again after a failure. */
  again() {
    this.status.clear();
    this.#touch();
  }

  #touch() {
    this.#live.abort();
    this.#live.touch();
  }

  async #compute(/** @type {AbortSignal} */ aborted) {
    this.running.value = true;
    try {
      const { model, sheet } = await this.#open(aborted);
      aborted.throwIfAborted();
      await this.#know(model, sheet.layer, aborted);
    } finally {
      this.running.value = false;
    }
  }

  /** The layer that is asked for. @returns {Promise<Seen>} */
  async #open(/** @type {AbortSignal} */ aborted) {
    const [key, asked] = [this.#asked.peek(), this.state.peek()];
    const known = this.seen.peek();
    if (known?.key === key) return known;
    const { engine, pixelsOf = readPixels } = this.parts;
    const { model, picture } = await this.#subject.open(aborted);
    const [preprocess] = /** @type {About} */ (engine.about.peek()).preprocess;
    const layer = this.#layerOf(asked, model);
    const sheet = await engine.activations(model, picture, { preprocess, layer }, { signal: aborted });
    this.#leaveOut(asked, sheet);
    const frame = pixelsOf(await engine.frame({ model, picture, request: { preprocess } }, null, { signal: aborted, quiet: true }));
    aborted.throwIfAborted();
    return (this.seen.value = { key, model, picture, frame, sheet });
  }

  /** A layer that the network does not have is left out, and told. */
  #layerOf(/** @type {Inside} */ { layer }, /** @type {SourcedModel} */ { layers = [], default_layer: standard = '' }) {
    if (layer === null || layers.some(({ name }) => name === layer)) return layer ?? standard;
    this.status.refuse([{ name: 'layer', found: layer }]);
    this.state.value = { ...this.state.peek(), layer: null };
    throw cancelled(); // the question without it is on its way
  }

  /** So is a channel. */
  #leaveOut(/** @type {Inside} */ { channel }, /** @type {Sheet} */ { channels }) {
    if (channel === null || channel < channels) return;
    this.status.refuse([{ name: 'channel', found: String(channel) }]);
    this.state.value = { ...this.state.peek(), channel: null };
  }

  /** What the channels answer to. Without it, there is the sheet. */
  async #know(/** @type {SourcedModel} */ model, /** @type {string} */ name, /** @type {AbortSignal} */ aborted) {
    const before = this.answers.peek();
    if (before?.model === model && before.layer.name === name) return;
    const { known } = this.parts;
    const table = before?.model === model ? before.table : await known.table(model, aborted);
    const layer = table?.layers.find((one) => one.name === name);
    const patches = layer ? await known.patches(model, layer.sheet, aborted) : null;
    aborted.throwIfAborted();
    batch(() => {
      this.described.value = table?.layers.map((one) => one.name) ?? [];
      this.answers.value = table && layer && patches ? { model, table, layer, patches } : null;
    });
  }
}
