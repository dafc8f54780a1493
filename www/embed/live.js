// What <cam-lucida board> shows: the sticker board, whose heatmap follows it. It is the element of the view, without the parts
// that lead to other views.
import { effect, signal, untracked } from '@preact/signals-core';
import { Element, html, nothing } from '../elements/element.js';
import { t } from '../i18n/index.js';
import { board } from '../state/board.js';
import { Status } from '../state/status.js';
import '../views/board/board.js';
import { faultOf } from './fault.js';
import sheet from './figure.css';
import { join, leave, site, use } from './shared.js';
import { scriptSentenceOf } from './sentence.js';

/** Parts of the view that belong to a page; and those that `controls` brings back. */
const BESIDE = ['lead', 'sureness', 'network'];
const CONTROLS = ['palette', 'tools'];

export class Live extends Element {
  static sheet = sheet;
  static properties = { words: {}, controls: { attribute: false } };

  #status = new Status();
  #state = signal(board.initial);
  /** @type {import('@preact/signals-core').Signal<ReadonlySet<string>>} */
  #concealed = signal(new Set());
  /** @type {(() => void)[]} */
  #effects = [];
  /** What the view sees of a page: no lesson runs here. */
  #page = Object.assign(Object.create(site), { learning: signal(null), light: signal(null) });

  constructor() {
    super();
    /** The board, in the words of its link. */
    this.words = '';
    /** Whether stickers may be added and tools are there, where it is not null. @type {string | null} */
    this.controls = null;
    /** @type {any} the language of the element that it is in */
    this.spoken = null;
    /** @type {(name: string, detail: any) => void} */
    this.onTold = () => {};
  }

  get tongue() {
    return this.spoken;
  }

  get concealed() {
    return this.#concealed;
  }

  /** What the heatmaps on the screen are of. */
  get answer() {
    return this.find('cl-board')?.controller?.answer ?? null;
  }

  connectedCallback() {
    super.connectedCallback();
    join(this);
    this.updateComplete.then(() => this.isConnected && this.#follow());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#end();
    leave(this);
  }

  willUpdate(/** @type {Map<string, unknown>} */ changed) {
    if (changed.has('words')) this.#state.value = board.read(new URLSearchParams(this.words.replace(/^#?board\?/, ''))).state;
    this.concealed.value = new Set(this.controls === null ? [...BESIDE, ...CONTROLS] : BESIDE);
  }

  /** Tells each answer of the board, and each failure. */
  #follow() {
    this.#end();
    this.#effects = [
      effect(() => {
        const explanation = this.answer?.value?.explanation;
        if (!explanation) return;
        const { model, classes, top } = explanation;
        untracked(() => {
          use(this, [model]); // a figure beside it may have the same, and go
          this.onTold('result', { classes, top });
        });
      }),
      effect(() => {
        const error = this.#status.failure.value;
        if (error) untracked(() => this.onTold('error', faultOf(error, this.tongue?.peek() ?? null)));
      }),
    ];
  }

  #end() {
    for (const stop of this.#effects.splice(0)) stop();
  }

  render() {
    const error = this.#status.failure.value;
    return html`<div class="body">
      <cl-board .page=${this.#page} .state=${this.#state} .status=${this.#status} active></cl-board>
      ${
        error
          ? html`<div class="over problem" part="error" role="alert"><p>${scriptSentenceOf(error)}</p>
        <button type="button" @click=${() => this.#status.remedy.peek()?.run()}>${t().page.retry}</button></div>`
          : nothing
      }
    </div>`;
  }
}

customElements.define('cl-live', Live);
