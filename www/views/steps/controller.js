// Keeps what is taken apart, what of it counts, and the address in step. It knows no document.
import { computed, signal } from '@preact/signals-core';
import { unfit } from '../../elements/game/asked.js';
import { rangeOf } from '../../elements/paint.js';
import { Inquiry } from '../../sources/inquiry.js';
import { STEPS } from '../../state/steps.js';
import { baseOf, methodsOf } from './base.js';
import { countsBy, rectified, sumOf } from './sums.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { Steps, Symbol } from '../../state/steps.js'
 * @import { Base } from './base.js'
 *
 * @typedef {import('../../sources/subject.js').Parts<Steps> & { pixelsOf?: (bitmap: ImageBitmap) => ImageData }} Parts
 */

/** What a choice of another question leaves behind: it is about the channels and pixels of one heatmap. */
const { channels, except, channel, pixel } = STEPS;
const ANEW = { channels, except, channel, pixel };

/** @extends {Inquiry<Steps, Parts>} */
export class Controller extends Inquiry {
  /** What is taken apart; the last one that could be computed. @type {Signal<Base | null>} */
  base = signal(null);
  /** The symbol and the channel that are pointed at. @type {Signal<Symbol | null>} */
  pointedSymbol = signal(null);
  /** @type {Signal<number | null>} */
  pointedChannel = signal(null);
  /** Column and row of the pixel that is pointed at. @type {Signal<number[] | null>} */
  pointedPixel = signal(null);

  /** @param {Parts} parts */
  constructor(parts) {
    super(parts, { picture: { ...ANEW, class: null }, model: { ...ANEW, class: null, layer: null } });
  }

  #asked = computed(() => {
    const { class: id, method, layer } = this.state.value;
    return JSON.stringify([this.subject.key.value, id, method, layer]);
  });

  /** Whether the heatmap is another one than is asked for. */
  behind = computed(() => this.base.value?.key !== this.#asked.value);

  // What is shown of it

  #chosen = computed(() => {
    const { channels, except } = this.state.value;
    return JSON.stringify([channels, except]);
  });

  /** Whether a channel counts. @type {import('@preact/signals-core').ReadonlySignal<(channel: number) => boolean>} */
  counts = computed(() => {
    void this.#chosen.value;
    const base = this.base.value;
    return base ? countsBy(this.state.peek(), base.added) : () => false;
  });

  /** The sum of the channels that count, before ReLU. */
  sum = computed(() => {
    const base = this.base.value;
    return base ? sumOf(base.parts, this.counts.value) : new Float64Array();
  });

  map = computed(() => rectified(this.sum.value));

  /** The map of all channels. */
  whole = computed(() => {
    const base = this.base.value;
    return base ? rectified(sumOf(base.parts, () => true)) : new Float64Array();
  });

  /** The step that is told. */
  symbol = computed(() => {
    const asked = this.pointedSymbol.value ?? this.state.value.symbol;
    return asked === 'gradients' && this.base.value && !this.base.value.parts.gradients ? 'weights' : asked;
  });

  /** The channel that is shown. @type {import('@preact/signals-core').ReadonlySignal<number>} */
  channel = computed(() => {
    const { channel } = this.state.value;
    const { order = [0], parts = { channels: 1 } } = this.base.value ?? {};
    const known = (/** @type {number | null} */ one) => (one !== null && one < parts.channels ? one : null);
    return known(this.pointedChannel.value) ?? known(channel) ?? order[0];
  });

  /** Column and row of the pixel whose sum is shown: the brightest where none is chosen. @type {import('@preact/signals-core').ReadonlySignal<number[]>} */
  pixel = computed(() => {
    const { width, height } = this.base.value?.parts ?? { width: 1, height: 1 };
    const chosen = this.pointedPixel.value ?? this.state.value.pixel;
    if (chosen && chosen[0] < width && chosen[1] < height) return chosen;
    const whole = this.whole.value;
    const brightest = Math.max(whole.indexOf(rangeOf(whole).max), 0);
    return [brightest % width, Math.floor(brightest / width)];
  });

  /** Whether what is on the screen is what is asked for. */
  get settled() {
    return this.base.peek() !== null && this.live.settled;
  }

  read() {
    void this.#asked.value;
  }

  // What is asked

  /** Another class, method or layer. */
  ask(/** @type {Pick<Partial<Steps>, 'class' | 'method' | 'layer'>} */ change) {
    this.status.recover();
    this.state.value = { ...this.state.peek(), ...ANEW, ...change };
  }

  /** Something else of the same heatmap. */
  show(/** @type {Partial<Omit<Steps, 'picture' | 'model' | 'class' | 'method' | 'layer'>>} */ change) {
    this.state.value = { ...this.state.peek(), ...change };
  }

  /** Switches a channel off, or on again. */
  toggle(/** @type {number} */ channel) {
    const { except } = this.state.peek();
    const others = except.filter((one) => one !== channel);
    this.show({ except: others.length < except.length ? others : [...except, channel].sort((one, other) => one - other) });
  }

  /** Switches all channels off but one. */
  single(/** @type {number} */ channel) {
    this.show({ channels: 'none', except: [channel], channel });
  }

  // What is computed

  /** What is asked for is taken apart. */
  async work(/** @type {AbortSignal} */ aborted) {
    const [key, asked] = [this.#asked.peek(), this.state.peek()];
    if (this.base.peek()?.key === key) return;
    const { model, picture } = await this.subject.open(aborted);
    this.leaveOut(unfit(asked, model, methodsOf(/** @type {About} */ (this.engine.about.peek()))));
    const base = await baseOf(this.parts, { key, model, picture, asked }, aborted);
    aborted.throwIfAborted();
    this.base.value = base;
  }
}
