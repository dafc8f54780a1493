// Keeps what is taken apart, what of it counts, and the address in step. It knows no document.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { unfit } from '../../elements/game/asked.js';
import { rangeOf } from '../../elements/paint.js';
import { cancelled } from '../../engine/errors.js';
import { Live } from '../../engine/live.js';
import { t } from '../../i18n/index.js';
import { Repeated } from '../../state/status.js';
import { Subject } from '../../sources/subject.js';
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

export class Controller {
  /** What is taken apart; the last one that could be computed. @type {Signal<Base | null>} */
  base = signal(null);
  /** Whether something is being fetched or computed. */
  running = signal(false);
  /** Whether nothing is, because it failed or was cancelled. */
  stopped = signal(false);
  active = signal(false);
  /** The symbol and the channel that are pointed at. @type {Signal<Symbol | null>} */
  pointedSymbol = signal(null);
  /** @type {Signal<number | null>} */
  pointedChannel = signal(null);
  /** Column and row of the pixel that is pointed at. @type {Signal<number[] | null>} */
  pointedPixel = signal(null);
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
    this.#subject = new Subject(parts, { picture: { ...ANEW, class: null }, model: { ...ANEW, class: null, layer: null } });
    this.missing = this.#subject.missing;
    this.#failures = new Repeated(status, { words: () => t().page.retry, run: () => this.again() });
    this.#live = new Live({
      compute: (aborted) => this.#compute(aborted),
      onResult: () => this.#failures.recover(),
      onMark: ({ stopped }) => (this.stopped.value = stopped),
      onFailure: (error) => this.#failures.fail(error),
    });
  }

  #asked = computed(() => {
    const { class: id, method, layer } = this.state.value;
    return JSON.stringify([this.#subject.key.value, id, method, layer]);
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
    return this.base.peek() !== null && this.#live.settled;
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

  // What is asked

  /** Another picture or network. */
  choose(/** @type {Pick<Partial<Steps>, 'picture' | 'model'>} */ change) {
    this.#subject.choose(change);
  }

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

  /** Tries again after a failure. */
  again() {
    this.status.clear();
    this.#touch();
  }

  // What is computed

  #touch() {
    this.#live.abort();
    this.#live.touch();
  }

  async #compute(/** @type {AbortSignal} */ aborted) {
    this.running.value = true;
    try {
      await this.#open(aborted);
    } finally {
      this.running.value = false;
    }
  }

  /** What is asked for is taken apart. */
  async #open(/** @type {AbortSignal} */ aborted) {
    const [key, asked] = [this.#asked.peek(), this.state.peek()];
    if (this.base.peek()?.key === key) return;
    const { model, picture } = await this.#subject.open(aborted);
    this.#leaveOut(asked, model);
    const base = await baseOf(this.parts, { key, model, picture, asked }, aborted);
    aborted.throwIfAborted();
    this.base.value = base;
  }

  /** What neither the engine nor the network has is left out, and told. */
  #leaveOut(/** @type {Steps} */ asked, /** @type {SourcedModel} */ model) {
    const { change, refused } = unfit(asked, model, methodsOf(/** @type {About} */ (this.engine.about.peek())));
    if (!refused.length) return;
    this.status.refuse(refused);
    this.state.value = { ...this.state.peek(), ...change };
    throw cancelled(); // the question without them is on its way
  }
}
