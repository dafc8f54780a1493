// What <cam-lucida board> shows: the sticker board, whose heatmap follows it. It is the element of the view, in a page of its
// own that has only that view.
import { effect, signal, untracked } from '@preact/signals-core';
import { Element, html, nothing } from '../elements/element.js';
import { sentenceOf, t } from '../i18n/index.js';
import { SITE } from '../site.js';
import { hashOf } from '../state/address.js';
import { board } from '../state/board.js';
import { explain } from '../state/explain.js';
import { hidden } from '../state/preferences.js';
import { Status } from '../state/status.js';
import '../views/board/board.js';
import sheet from './figure.css';
import { join, leave, site } from './shared.js';

/** Parts of the view that belong to a page; and those that `controls` brings back. */
const BESIDE = ['lead', 'sureness', 'network'];
const CONTROLS = ['palette', 'tools'];

export class Live extends Element {
  static sheet = sheet;
  static properties = { words: {}, controls: { attribute: false } };

  #status = new Status();
  #state = signal(board.initial);
  #stop = () => {};
  /** What the view sees of a page. */
  #page = Object.assign(Object.create(site), {
    states: { board: this.#state, explain: signal(explain.initial) },
    /** No lesson runs here. */
    learning: signal(null),
    light: signal(null),
    /** Another view is in the page itself. */
    go: (/** @type {'explain'} */ view, /** @type {any} */ state) => window.open(new URL(hashOf(view, state), SITE), '_blank', 'noopener'),
  });

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
    this.#stop();
    leave(this);
  }

  willUpdate(/** @type {Map<string, unknown>} */ changed) {
    if (changed.has('words')) this.#state.value = board.read(new URLSearchParams(this.words.replace(/^#?board\?/, ''))).state;
    hidden.value = new Set(this.controls === null ? [...BESIDE, ...CONTROLS] : BESIDE);
  }

  /** Tells each answer of the board. */
  #follow() {
    this.#stop();
    this.#stop = effect(() => {
      const explanation = this.answer?.value?.explanation;
      if (explanation) untracked(() => this.onTold('result', { classes: explanation.classes, top: explanation.top }));
    });
  }

  render() {
    const error = this.#status.failure.value;
    return html`<div class="body">
      <cl-board .page=${this.#page} .state=${this.#state} .status=${this.#status} active></cl-board>
      ${
        error
          ? html`<div class="over problem" part="error" role="alert"><p>${sentenceOf(error)}</p>
        <button type="button" @click=${() => this.#status.remedy.peek()?.run()}>${t().page.retry}</button></div>`
          : nothing
      }
    </div>`;
  }
}

customElements.define('cl-live', Live);
