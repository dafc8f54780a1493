// What <cam-lucida> shows once it is revealed: the heatmap of what its attributes ask, with a caption. The poster, which is
// slotted, stays until then. The controller of the view Explain computes, to the letter.
import { effect, signal, untracked } from '@preact/signals-core';
import { Element, html, nothing, repeat, styleMap } from '../elements/element.js';
import '../elements/heatmap.js';
import '../elements/legend.js';
import { Telling } from '../elements/telling.js';
import { f, t } from '../i18n/index.js';
import { png } from '../save/picture.js';
import { knowledgeOf } from '../sources/model.js';
import { resolvePicture } from '../sources/picture.js';
import { namedModel } from '../sources/site.js';
import { explain } from '../state/explain.js';
import { Status } from '../state/status.js';
import { howOf, labelOf, noteOf, numberedName, scoreOf } from '../views/explain/caption.js';
import { Controller } from '../views/explain/controller.js';
import sheet from './figure.css';
import { changeFrom, changeOf, questionOf } from './asking.js';
import { faultOf } from './fault.js';
import { givenPicture, isInline } from './given.js';
import { Outcome } from './outcome.js';
import { Progress } from './progress.js';
import { columnsOf } from './properties.js';
import { resultOf } from './result.js';
import { downloads, engine, join, leave, site, use } from './shared.js';
import { learnOnce } from './tongue.js';
import { scriptSentenceOf } from './sentence.js';

/**
 * @import { Explain } from '../state/explain.js'
 * @import { Heatmap } from '../elements/heatmap.js'
 * @import { Given } from './given.js'
 * @import { Result } from './result.js'
 * @import { SourcedModel } from '../sources/model.js'
 * @import { Explanation } from '../engine/handles.js'
 * @import { RawMap } from '../engine/protocol.d.ts'
 */

export class Figure extends Element {
  static sheet = sheet;
  static properties = { revealed: { type: Boolean }, controls: { attribute: false }, panel: { state: true } };

  /** @type {import('@preact/signals-core').Signal<any>} */
  #tongue = signal(null);
  /** That which was asked for last. @type {string | null} */
  #language = null;
  /** @type {(() => void)[]} */
  #effects = [];
  #status = new Status();
  #state = signal(explain.initial);
  #telling = new Telling();
  #progress = new Progress();
  /** With the explanation that it is of. @type {import('@preact/signals-core').Signal<{ of: Explanation, maps: RawMap[], result: Result } | null>} */
  #answer = signal(null);
  /** What the engine is about to get: from then on no other figure lets go of it. */
  #awaited = signal(/** @type {Partial<Record<'model' | 'picture', object | null>>} */ ({}));
  /** The pictures that scripts gave, by the number that the question has of them. @type {Map<string, Given | string>} */
  #given = new Map();

  constructor() {
    super();
    /** Whether the heatmap takes the poster's place. */
    this.revealed = false;
    /** Which choices are offered: words, or empty for all; null: none. @type {string | null} */
    this.controls = null;
    /** What offers them, once it is loaded. @type {typeof import('./controls.js').controls | null} */
    this.panel = null;
    /** Hears what happens. @type {(name: 'load' | 'progress' | 'result' | 'error', detail: any) => void} */
    this.onTold = () => {};
    /** Hears what was chosen by the controls. @type {(change: Partial<Explain>) => void} */
    this.onChosen = () => {};
    this.outcome = new Outcome();
    this.controller = new Controller({
      engine,
      state: this.#state,
      status: this.#status,
      strict: true,
      resolveModel: async (source, aborted) => this.#hold('model', await namedModel(site, source, aborted)),
      resolvePicture: async (source, aborted) => this.#hold('picture', await this.#picture(source, aborted)),
      onDrawing: (explanation) => this.#mapsOf(explanation).catch(() => {}), // read while it is drawn; `#drawn` tells what fails
      onDrawn: (explanation) => this.#drawn(explanation),
    });
  }

  get tongue() {
    return this.#tongue;
  }

  /** The engine's tables; null before it has started. */
  get about() {
    return engine.about.value;
  }

  /** What came of what was asked, once it is drawn; in the style in which it is drawn now. */
  get result() {
    const answer = this.#answer.peek();
    if (!answer) return null;
    const { explanation, drawn } = this.controller;
    if (answer.of === explanation.peek() && answer.result.style !== drawn.peek()) answer.result = this.#resultOf(answer.of, answer.maps);
    return answer.result;
  }

  /** The sticker board, which takes the figure's place. */
  async board(/** @type {string} */ words) {
    const { Live } = await import('./live.js');
    const live = new Live();
    Object.assign(live, { words, controls: this.controls, onTold: this.onTold, spoken: this.tongue });
    return live;
  }

  /** Learns a language, and speaks it from then on. */
  async speak(/** @type {import('../i18n/languages.js').Language} */ language) {
    this.#language = language;
    const spoken = await learnOnce(language);
    if (this.#language === language) this.#tongue.value = spoken;
  }

  /**
   * Asks what attributes say.
   * @param {import('./asking.js').Asked} asked
   * @param {Set<string>} changed those that are not what they were
   * @param {string} base
   * @param {Given | null} given a picture that a script gave in place of an address
   */
  inquire(asked, changed, base, given) {
    const change = changeOf(questionOf(asked, base), changed);
    const held = given ?? (isInline(asked.src) ? asked.src : null);
    this.ask(held && changed.has('src') ? { ...change, picture: this.#keep(held) } : change);
  }

  /** Asks something else. */
  ask(/** @type {Partial<Explain>} */ change, settle = 0) {
    this.outcome.begin();
    this.controller.ask(change, { settle });
  }

  /**
   * What comes of what is asked, and of `options` beside it. What failed or was broken off is asked again.
   * @param {import('./asking.js').Options} options
   * @param {AbortSignal} [signal] ends what is under way, too
   * @returns {Promise<Result>}
   */
  async answer(options, signal) {
    try {
      if (Object.keys(options).length) this.ask(changeFrom(options));
    } catch (error) {
      throw this.#errorOf(error);
    }
    const { busy, stopped } = this.controller;
    if (stopped.peek() || (this.#status.failure.peek() && !busy.peek())) this.again();
    const cancel = () => this.#status.busy.peek()?.();
    signal?.addEventListener('abort', cancel);
    try {
      return await this.outcome.wait(signal);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.#effects.length) return; // it was only moved
    join(this);
    const { controller } = this;
    controller.active.value = true;
    controller.connect();
    this.#effects = [
      effect(() => {
        const shown = controller.explanation.value;
        const { model, picture } = this.#awaited.value;
        const held = [shown, shown?.model, shown?.picture, controller.model.value, controller.picture.value, model, picture];
        untracked(() => use(this, held));
      }),
      effect(() => {
        const state = {
          bytes: downloads.progress.value,
          work: engine.work.value,
          busy: controller.busy.value,
          failed: this.#status.failure.peek() !== null,
        };
        const told = this.#progress.next(nameOf(this.#state.peek().model), state);
        if (told) untracked(() => this.onTold('progress', told));
      }),
      effect(() => {
        const [model, picture] = [controller.model.value, controller.picture.value];
        if (model && picture) untracked(() => this.onTold('load', { model, picture }));
      }),
      effect(() => {
        const answer = this.#answer.value;
        if (this.#isSettled && answer?.of === controller.explanation.value) untracked(() => this.outcome.reach(this.result));
      }),
      effect(() => {
        const error = this.#status.failure.value;
        if (error) untracked(() => this.#failed(error));
      }),
    ];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    queueMicrotask(() => this.isConnected || this.#end()); // what is moved is taken out first, too
  }

  #end() {
    for (const stop of this.#effects.splice(0)) stop();
    this.controller.active.value = false;
    this.controller.disconnect();
    this.outcome.fail(new DOMException('removed', 'AbortError'));
    leave(this);
  }

  /** The drawing of one class as PNG. */
  async toBlob({ which = 0 } = {}) {
    await this.updateComplete;
    const heatmap = /** @type {Heatmap | undefined} */ (this.renderRoot.querySelectorAll('cl-heatmap')[which]);
    if (!heatmap || !this.result) throw new DOMException('no heatmap', 'InvalidStateError');
    await heatmap.updateComplete; // only then the canvas has the drawing
    return png(heatmap.canvas);
  }

  /** Asks what was chosen by the controls. */
  choose(/** @type {{ change: Partial<Explain>, settle?: number }} */ { change, settle }) {
    this.ask(change, settle);
    this.onChosen(change);
  }

  render() {
    const { controller } = this;
    const explanation = controller.explanation.value;
    const shown = this.revealed && explanation && this.about;
    return html`
      <div class="body">
        ${shown ? this.#heatmaps(explanation) : html`<slot></slot>`}
        ${this.revealed || this.#status.failure.value ? this.#over(Boolean(shown)) : nothing}
      </div>
      <div class="said">${shown ? this.#said(explanation) : nothing}</div>
      ${shown && this.controls !== null && this.panel ? this.panel(this) : nothing}`;
  }

  willUpdate(/** @type {Map<string, unknown>} */ changed) {
    if (changed.has('controls') && this.controls !== null && !this.panel) {
      import('./controls.js').then(
        ({ controls }) => (this.panel = controls),
        () => {}, // the heatmap goes without
      );
    }
  }

  #heatmaps(/** @type {Explanation} */ explanation) {
    const { controller } = this;
    const { classes = [], model } = explanation;
    const bitmaps = controller.bitmaps.value;
    return html`<div class="heatmaps" style=${styleMap({ '--columns': columnsOf(classes.length) })}>
      ${repeat(
        classes,
        (_, i) => i,
        (one, i) => html`
        <cl-heatmap exportparts="canvas: picture, caption: title" .bitmap=${bitmaps[i] ?? null} .label=${labelOf(explanation, i)}
          .heading=${f().capital(numberedName(one))} .detail=${f().capital(scoreOf(one, model.problem))} .note=${noteOf(one, explanation)}
          .stale=${controller.stale.value} .stopped=${controller.stopped.value}></cl-heatmap>`,
      )}
    </div>`;
  }

  #said(/** @type {Explanation} */ explanation) {
    const about = /** @type {import('../engine/protocol.d.ts').About} */ (this.about);
    // A photograph may be shown to a network that has never seen one: its sureness is not to be taken for knowledge.
    const knowledge = knowledgeOf(/** @type {SourcedModel} */ (explanation.model));
    return html`
      <cl-legend part="legend" .about=${about} .drawing=${this.controller.drawn.value}></cl-legend>
      <p class="how" part="how">${howOf(explanation, about)}${knowledge ? html`<br />${knowledge}` : nothing}</p>`;
  }

  /** What lies over the picture: how far it is, or what failed. */
  #over(/** @type {boolean} */ shown) {
    const error = this.#status.failure.value;
    if (error) {
      return html`<div class="over problem" part="error" role="alert"><p>${scriptSentenceOf(error)}</p>
        <button type="button" @click=${() => this.again()}>${t().page.retry}</button></div>`;
    }
    const busy = this.controller.busy.value;
    const work = this.#telling.workOf(busy ? downloads.progress.value : null, busy ? engine.work.value : null, busy);
    if (!work || shown) return nothing;
    const { phases } = t().page;
    const { done, total } = work.share ?? {};
    return html`<div class="over" part="progress"><p role="status">${phases[work.phase] ?? phases.wait} ${work.words}</p>
      <progress aria-hidden="true" max=${total ?? 1} value=${done ?? nothing}></progress></div>`;
  }

  /** What failed, or was broken off, once more. */
  again() {
    const { controller } = this;
    this.outcome.begin();
    controller.again();
    const explanation = controller.explanation.peek();
    if (controller.settled && explanation && explanation !== this.#answer.peek()?.of) this.#drawn(explanation); // its maps could not be read
  }

  /** @param {any} source @param {AbortSignal} aborted */
  async #picture(source, aborted) {
    if (source?.kind !== 'given') return resolvePicture(site, source, aborted);
    return { source, ...(await givenPicture(/** @type {Given} */ (this.#given.get(source.name)))) };
  }

  /** @template {object | null} T @param {'model' | 'picture'} input @param {T} handle */
  #hold(input, handle) {
    this.#awaited.value = { ...this.#awaited.peek(), [input]: handle };
    return handle;
  }

  /** A source that stands for a picture that a script gave. @returns {any} */
  #keep(/** @type {Given | string} */ given) {
    const name = String(++count);
    this.#given = new Map([[name, given]]);
    return { kind: 'given', name };
  }

  /** Whether what is on the screen is what is asked, in the style that is asked. */
  get #isSettled() {
    const { busy, stale, drawn, explanation } = this.controller;
    void this.#state.value;
    if (busy.value || stale.value || !explanation.value || !drawn.value) return false;
    return JSON.stringify(drawn.value) === JSON.stringify(this.controller.styleFor(explanation.value.output ?? 'map'));
  }

  #resultOf(/** @type {Explanation} */ explanation, /** @type {RawMap[]} */ maps) {
    return resultOf(explanation, maps, { style: this.controller.drawn.peek(), state: this.controller.answered, about: this.about });
  }

  /** The values of each class. */
  #mapsOf(/** @type {Explanation} */ explanation) {
    return Promise.all((explanation.classes ?? []).map((_, which) => this.controller.rawMap(explanation, which)));
  }

  async #drawn(/** @type {Explanation} */ explanation) {
    const { controller } = this;
    try {
      const maps = await this.#mapsOf(explanation);
      if (explanation !== controller.explanation.peek()) return; // overtaken
      const result = this.#resultOf(explanation, maps);
      await this.updateComplete;
      this.#answer.value = { of: explanation, maps, result };
      this.onTold('result', result);
    } catch (error) {
      this.#status.fail(error);
    }
  }

  #failed(/** @type {any} */ error) {
    this.onTold('error', faultOf(error, this.#tongue.peek()));
    this.outcome.fail(this.#errorOf(error));
  }

  #errorOf(/** @type {any} */ error) {
    const { message, ...named } = faultOf(error, this.#tongue.peek());
    return Object.assign(new Error(message), { ...named, cause: error });
  }
}

let count = 0;

/** What events call a network. */
const nameOf = (/** @type {any} */ source) => source?.name ?? '';

customElements.define('cl-figure', Figure);
