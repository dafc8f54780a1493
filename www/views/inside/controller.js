// Keeps what a layer puts out for a picture, what its channels are known to answer to, and the address in step. It knows no document.
import { batch, computed, signal } from '@preact/signals-core';
import { pixelsOf as readPixels } from '../../elements/paint.js';
import { Inquiry } from '../../sources/inquiry.js';
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

/** @extends {Inquiry<Inside, Parts>} */
export class Controller extends Inquiry {
  /** The last layer that could be computed. @type {Signal<Seen | null>} */
  seen = signal(null);
  /** @type {Signal<Answers | null>} */
  answers = signal(null);
  /** The layers of the network of which it is known what their channels answer to. @type {Signal<string[]>} */
  described = signal([]);

  /** @param {Parts} parts */
  constructor(parts) {
    super(parts, { picture: {}, model: { layer: null, channel: null } });
  }

  #asked = computed(() => JSON.stringify([this.subject.key.value, this.state.value.layer]));

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
    return this.seen.peek() !== null && this.live.settled;
  }

  read() {
    void this.#asked.value;
  }

  ask(/** @type {Partial<Omit<Inside, 'picture' | 'model'>>} */ change) {
    this.status.recover();
    this.state.value = { ...this.state.peek(), ...('layer' in change ? { channel: null } : {}), ...change };
  }

  async work(/** @type {AbortSignal} */ aborted) {
    const { model, sheet } = await this.#open(aborted);
    aborted.throwIfAborted();
    await this.#know(model, sheet.layer, aborted);
  }

  /** The layer that is asked for. @returns {Promise<Seen>} */
  async #open(/** @type {AbortSignal} */ aborted) {
    const [key, asked] = [this.#asked.peek(), this.state.peek()];
    const known = this.seen.peek();
    if (known?.key === key) return known;
    const { engine, pixelsOf = readPixels } = this.parts;
    const { model, picture } = await this.subject.open(aborted);
    const [preprocess] = /** @type {About} */ (engine.about.peek()).preprocess;
    const layer = this.#layerOf(asked, model);
    const sheet = await engine.activations(model, picture, { preprocess, layer }, { signal: aborted });
    this.#forget(asked, sheet);
    const frame = pixelsOf(await engine.frame({ model, picture, request: { preprocess } }, null, { signal: aborted, quiet: true }));
    aborted.throwIfAborted();
    return (this.seen.value = { key, model, picture, frame, sheet });
  }

  /** A layer that the network does not have is left out. */
  #layerOf(/** @type {Inside} */ { layer }, /** @type {SourcedModel} */ { layers = [], default_layer: standard = '' }) {
    if (layer !== null && !layers.some(({ name }) => name === layer)) {
      this.leaveOut({ change: { layer: null }, refused: [{ name: 'layer', found: layer }] });
    }
    return layer ?? standard;
  }

  /** A channel that the layer does not have is, too, and needs no other sheet. */
  #forget(/** @type {Inside} */ { channel }, /** @type {Sheet} */ { channels }) {
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
