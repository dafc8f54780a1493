// Keeps the heatmap up with what the camera sees: one picture at a time, always the newest. It knows no document; the element
// gives it pictures and reads its signals.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { followed } from '../../elements/game/followed.js';
import { cancelled, isPassing } from '../../engine/errors.js';
import { Live } from '../../engine/live.js';
import { t } from '../../i18n/index.js';
import { Repeated } from '../../state/status.js';
import { Listed } from './listed.js';
import { Rate } from './rate.js';

/**
 * @import { ReadonlySignal, Signal } from '@preact/signals-core'
 * @import { Engine } from '../../engine/client.js'
 * @import { Followed } from '../../elements/game/followed.js'
 * @import { CameraStream } from '../../elements/camera-stream.js'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { Camera } from '../../state/camera.js'
 * @import { ModelSource } from '../../state/question.js'
 *
 * `key`: what was asked of which network
 * @typedef {Followed & { key: string, model: SourcedModel, pixels: ImageData }} Answer
 *
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Signal<Camera>} state
 * @property {import('../../state/status.js').Status} status
 * @property {(source: ModelSource | null, signal: AbortSignal) => Promise<SourcedModel | null>} resolveModel null: there is none
 * @property {CameraStream} camera
 * @property {ReadonlySignal<boolean>} seen whether the page is seen
 * @property {(mirrored: boolean, signal: AbortSignal) => Promise<ImageData>} take the camera's next picture
 * @property {(answer: Answer) => string} wordsOf what a screen reader hears of a picture that stands
 */

export class Controller {
  active = signal(false);
  /** Whether the last picture stays. */
  frozen = signal(false);
  /** @type {Signal<Answer | null>} what is on the screen */
  answer = signal(null);
  /** Classes with their probabilities, each in its place as long as it is probable. */
  listed = signal(/** @type {import('./listed.js').Row[]} */ ([]));
  /** Heatmaps a second; null before there are some. @type {Signal<number | null>} */
  rate = signal(null);
  /** Whether the site brings no network. */
  missing = signal(false);
  /** Whether pictures are mirrored, as a mirror shows who stands before it. */
  mirrored = computed(() => this.state.value.mirrored ?? this.parts.camera.facesUser.value);
  /** Whether what is shown answers another question than is asked. */
  behind = computed(() => this.answer.value?.key !== this.#asked.value);
  /** Whether nothing follows the camera, because that failed. */
  stopped = computed(() => this.#stopped.value && this.camera.stream.value !== null);
  #asked = computed(() => JSON.stringify([this.state.value.model, this.state.value.class]));
  #watched = computed(() => this.active.value && !this.state.value.sheet);
  #stopped = signal(false);
  /** The last network that could be had; null: the default one. @type {ModelSource | null} */
  #usable = null;
  #rate = new Rate();
  #listed = new Listed();
  #taking = new AbortController();
  #live;
  #failures;
  /** @type {(() => void)[]} */
  #effects = [];

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.engine = parts.engine;
    this.state = parts.state;
    this.status = parts.status;
    this.camera = parts.camera;
    this.#failures = new Repeated(this.status, { words: () => t().page.retry, run: () => this.again() });
    this.#live = new Live({
      compute: (signal) => this.#compute(signal),
      onResult: (answer) => this.#show(answer),
      onMark: ({ stopped }) => (this.#stopped.value = stopped),
      onFailure: (error) => this.#failures.fail(error),
    });
  }

  /** Whether the answer is that of the picture that stands; while the camera is on, each is followed by another. */
  get settled() {
    return !this.camera.stream.peek() || (this.frozen.peek() && this.#live.settled && !this.behind.peek());
  }

  connect() {
    this.#effects = [
      effect(() => {
        void [this.#asked.value, this.mirrored.value, this.frozen.value];
        untracked(() => this.#live.touch());
      }),
      effect(() => {
        const seen = this.parts.seen.value;
        untracked(() => this.camera.see(seen));
      }),
      effect(() => {
        if (!this.#watched.value) untracked(() => this.camera.stop());
      }),
      effect(() => {
        if (!this.camera.on.value) untracked(() => this.#forget());
      }),
      effect(() => {
        const watched = this.#watched.value;
        untracked(() => (watched ? this.#live.resume() : this.#rest()));
      }),
      effect(() => {
        const on = this.camera.stream.value !== null;
        untracked(() => {
          this.#taking.abort(); // of another one, no picture that is waited for will come; a network that is on its way comes
          this.#clearRate();
          if (on) this.#live.touch();
        });
      }),
      effect(() => {
        const waits = this.#watched.value && this.camera.stream.value && !this.stopped.value && this.behind.value;
        this.status.busy.value = waits ? () => this.#live.abort() : null;
      }),
    ];
  }

  disconnect() {
    for (const stop of this.#effects.splice(0)) stop();
    this.camera.stop();
    this.#rest();
    this.status.busy.value = null;
  }

  /** Turns the camera on. */
  start() {
    this.status.recover();
    return this.camera.start();
  }

  ask(/** @type {Partial<Camera>} */ change) {
    this.status.recover();
    this.state.value = { ...this.state.peek(), ...('model' in change ? { class: null } : {}), ...change };
  }

  /** Tries again after a failure. */
  again() {
    this.status.clear();
    this.#live.touch();
  }

  /** What was seen goes with the camera: the heatmap's bitmap was drawn by an element that is not there any more. */
  #forget() {
    this.answer.value = null;
    this.#listed.clear();
    this.listed.value = [];
    this.frozen.value = false;
  }

  #rest() {
    this.#live.rest();
    this.#clearRate();
  }

  #clearRate() {
    this.#rate.clear();
    this.rate.value = null;
  }

  /** @returns {Promise<Answer>} */
  async #compute(/** @type {AbortSignal} */ signal) {
    const [key, asked] = [this.#asked.peek(), this.state.peek()];
    const model = await this.#open(asked.model, signal);
    signal.throwIfAborted();
    const pixels = await this.#take(signal);
    signal.throwIfAborted();
    const classes = asked.class === null ? [] : [asked.class];
    return { key, model, pixels, ...(await followed(this.engine, { model, pixels, classes }, signal)) };
  }

  /** The picture that is asked about: the camera's next one, or the one that stands. Rejects as cancelled while the camera is off. */
  #take(/** @type {AbortSignal} */ signal) {
    const before = this.answer.peek();
    if (this.frozen.peek() && before) return before.pixels;
    if (!this.camera.stream.peek()) throw cancelled();
    const taking = (this.#taking = new AbortController());
    signal.addEventListener('abort', () => taking.abort(signal.reason));
    return this.parts.take(this.mirrored.peek(), taking.signal);
  }

  /**
   * The network that is asked for; it comes before the camera is on. Where it is refused, the one before comes back; a class
   * that it does not have is left out. Both are told.
   */
  async #open(/** @type {ModelSource | null} */ source, /** @type {AbortSignal} */ signal) {
    try {
      const model = await this.parts.resolveModel(source, signal);
      this.missing.value = !model;
      if (!model) throw cancelled();
      await this.engine.load(model, { signal });
      this.#usable = source;
      this.#check(model);
      return model;
    } catch (/** @type {any} */ error) {
      const others = [this.#usable, this.state.peek().model].map((other) => JSON.stringify(other) !== JSON.stringify(source));
      if (error?.name === 'AbortError' || isPassing(error) || !others[0] || others[1]) throw error;
      this.status.fail(error);
      this.state.value = { ...this.state.peek(), model: this.#usable, class: null };
      throw cancelled();
    }
  }

  #check(/** @type {SourcedModel} */ model) {
    const { class: id } = this.state.peek();
    if (id === null || id < (model.classes ?? 0)) return;
    this.status.refuse([{ name: 'class', found: String(id) }]);
    this.state.value = { ...this.state.peek(), class: null };
    throw cancelled();
  }

  #show(/** @type {Answer} */ answer) {
    const before = this.answer.peek();
    if (this.frozen.peek() && before && answer.pixels !== before.pixels) {
      answer.bitmap.close(); // taken before the picture was to stay
      return;
    }
    this.answer.value = answer;
    if (before) setTimeout(() => before.bitmap.close()); // until it is rendered, it may still be drawn
    this.#failures.recover();
    if (before?.model !== answer.model) this.#listed.clear();
    this.listed.value = this.#listed.of(answer);
    if (this.frozen.peek()) {
      this.status.announce(() => this.parts.wordsOf(answer));
      return;
    }
    this.rate.value = this.#rate.next(performance.now());
    this.#live.touch(); // the next picture
  }
}
