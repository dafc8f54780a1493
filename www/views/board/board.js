// The sticker board: a scene to play with, and the heatmaps of one or two classes that follow it.
import { editOf, focusedIn } from '../../elements/board/keys.js';
import { nameOf } from '../../elements/board/names.js';
import '../../elements/board/palette.js';
import '../../elements/board/stage.js';
import '../../elements/board/tools.js';
import { classMap, html, nothing } from '../../elements/element.js';
import { field } from '../../elements/field.js';
import { Media } from '../../elements/media.js';
import { ViewElement } from '../../elements/view.js';
import '../../elements/legend.js';
import { FOLLOWING, drawOf } from '../../state/question.js';
import { t } from '../../i18n/index.js';
import { BACKGROUNDS, painter } from '../../scenes/painting.js';
import { STARTS } from '../../scenes/starts.js';
import { writtenBoard } from '../../state/board.js';
import { ERASE } from '../../state/erase.js';
import { hides, part } from '../../state/preferences.js';
import sheet from './board.css';
import { choose, shownOf } from './choice.js';
import { Controller } from './controller.js';
import { loadEquipment } from './equipment.js';
import './heat.js';
import './network.js';
import './sureness.js';

/**
 * @import { Answer } from './following.js'
 * @import { Sticker } from '../../scenes/scene.js'
 */

const NARROW = '(max-width: 39.99rem)';

/** @extends {ViewElement<import('../../state/board.js').Board, Controller>} */
export class Board extends ViewElement {
  static sheet = sheet;

  static properties = {
    arrangement: { state: true },
    plain: { state: true },
    upper: { state: true },
  };

  constructor() {
    super();
    /** @type {'over' | 'beside'} where the heatmap lies on a narrow screen */
    this.arrangement = 'over';
    /** Whether the board is looked at without its heatmap. */
    this.plain = false;
    /** Which of two heatmaps lies over the board. */
    this.upper = 0;
  }

  #narrow = new Media(this, NARROW).matches;
  #keys = (/** @type {KeyboardEvent} */ event) => this.#key(event);
  /** @type {ReturnType<typeof painter> | null} */
  #painter = null;

  /** The explanation on the screen. */
  get explanation() {
    return this.controller.explanation;
  }

  get equipment() {
    return this.controller.equipment.value;
  }

  get scene() {
    return this.controller.scene;
  }

  /** @returns {import('../../elements/board/stage.js').Stage} */
  get #stage() {
    return this.find('cl-board-stage');
  }

  connectedCallback() {
    super.connectedCallback();
    globalThis.addEventListener('keydown', this.#keys);
    const { page, state, status } = this;
    this.controller ??= new Controller({ engine: page.engine, state, status, load: () => loadEquipment(page.embedded) });
    if (this.#painter) this.controller.connect(this.#painter);
    else if (!this.controller.equipment.peek()) this.controller.open();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    globalThis.removeEventListener('keydown', this.#keys);
  }

  updated() {
    if (this.isConnected && this.equipment && !this.#painter) {
      this.#painter = painter(this.#stage.canvas, this.equipment.sheet);
      this.controller.connect(this.#painter);
    }
  }

  /** Undo and redo, wherever the focus is on the view. */
  #key(/** @type {KeyboardEvent} */ event) {
    const edit = this.active ? editOf(event) : null;
    const path = /** @type {HTMLElement[]} */ (event.composedPath());
    if (!edit || (!path.includes(this) && path[0].localName !== 'body')) return;
    event.preventDefault();
    this.#edit(edit);
  }

  /** The focus does not get lost with a sticker that goes, or on a button that has nothing more to do. */
  async #edit(/** @type {'undo' | 'redo' | 'empty'} */ how) {
    const focused = focusedIn(this.renderRoot);
    this.controller[how]();
    await this.updateComplete;
    const [tools, palette] = [this.find('cl-board-tools'), this.find('cl-board-palette')];
    await Promise.all([this.#stage.updateComplete, tools?.updateComplete]);
    if (focused && (!focused.isConnected || focused.matches(':disabled'))) (focused.isConnected ? tools : (palette ?? tools))?.focus();
  }

  /** The palette's stickers come to the stage. @type {import('../../elements/board/palette.js').Target} */
  #target = {
    add: (name) => this.#stage.choose(this.controller.add(name).id),
    begin: () => this.controller.edits.begin(),
    drag: (id, name, place) => this.#stage.drag(id, name, place),
    drop: (id, kept) => {
      const sticker = this.controller.drop(id, kept);
      if (sticker) this.#stage.choose(sticker.id);
    },
  };

  #removed(/** @type {CustomEvent<{ sticker: Sticker, last: boolean }>} */ { detail: { sticker, last } }) {
    if (last) this.find('cl-board-palette')?.focus();
    this.controller.announcer.removed(sticker);
  }

  #moved(/** @type {CustomEvent<number>} */ { detail }) {
    this.controller.announcer.moved(detail);
  }

  #chooseClass(/** @type {CustomEvent<string>} */ { detail }) {
    this.controller.choose(choose(this.controller.choice, 'class', detail));
  }

  /** Shows the board, the network and the classes in the view that has every method. */
  #examine() {
    const { page } = this;
    // What is chosen there for other pictures and networks stays: but layers are those of a network.
    page.go('explain', { ...page.states.explain.peek(), ...this.#asked(), layers: [] });
  }

  #erase() {
    const { classes, ...asked } = this.#asked();
    this.page.go('erase', { ...ERASE, ...asked, class: classes[0] ?? null });
  }

  /** The board, the network and the classes, as other views ask about them. */
  #asked() {
    const { controller, explanation } = this;
    const { background, stickers } = controller.scene.content;
    const { labels } = explanation?.model ?? {};
    return {
      picture: { kind: 'board', board: writtenBoard({ background, stickers: [...stickers] }) },
      model: { kind: 'embedded', name: controller.entry.name },
      classes: controller.names.map((name) => labels?.indexOf(name) ?? -1).filter((id) => id >= 0),
    };
  }

  get #over() {
    return this.#narrow.value && this.arrangement === 'over';
  }

  #top(/** @type {Answer} */ { heats }) {
    return Math.min(this.upper, heats.length - 1);
  }

  render() {
    const { controller } = this;
    if (controller.missing.value) return html`<p class="hint">${t().board.missing}</p>`;
    const over = this.#over;
    const answer = controller.answer.value;
    const count = over ? 0 : Math.max(answer?.heats.length ?? 1, 1);
    return html`
      <div class=${classMap({ room: true, over, beside: !over, two: count > 1, unlisted: hides('palette'), lone: hides('sureness') && hides('network') })}
          @board-removed=${this.#removed} @board-moved=${this.#moved} @board-class=${this.#chooseClass}>
        ${part('lead', () => this.#lead())}
        ${part('tools', () => this.#scenes())}
        ${this.#narrow.value ? this.#arranging() : nothing}
        ${this.#table(over && !this.plain ? answer : null)}
        ${part('palette', () => this.#palette())}
        ${part('tools', () => this.#tools())}
        ${part('classes', () => this.#classes(answer))}
        ${over ? nothing : this.#figures(answer, count)}
        ${part('caption', () => this.#legend())}
        <div class="aside">${part('sureness', () => this.#sureness(answer))} ${part('network', () => this.#network(answer))}</div>
      </div>`;
  }

  #lead() {
    const { heading, lead } = t().board;
    return html`<div class="lead"><h2>${heading}</h2><p>${lead}</p></div>`;
  }

  #scenes() {
    const { controller } = this;
    const { scene, background, backgrounds } = t().board;
    const { scenes } = t().sources;
    const { content } = controller.scene;
    return html`
      <div class="scenes">
        ${field('scene', scene, {
          value: content.start,
          options: STARTS.map(({ name }) => [name, scenes[name] ?? name]),
          onChange: (name) => controller.begin(name),
        })}
        ${field('background', background, {
          value: content.background,
          options: Object.keys(BACKGROUNDS).map((name) => [name, backgrounds[name]]),
          onChange: (name) => controller.setBackground(name),
        })}
      </div>`;
  }

  #arranging() {
    const { arrangement, peek } = t().board;
    const option = (/** @type {'over' | 'beside'} */ where) => html`
      <button type="button" aria-pressed=${this.arrangement === where} @click=${() => (this.arrangement = where)}>${arrangement[where]}</button>`;
    return html`
      <div class="arranging" role="group" aria-label=${arrangement.heading}>
        ${option('over')} ${option('beside')}
        <button type="button" class="peek" aria-pressed=${this.plain} ?disabled=${!this.#over} @click=${() => (this.plain = !this.plain)}>${peek}</button>
      </div>`;
  }

  /** The stage, with an answer's heatmap over it. */
  #table(/** @type {Answer | null} */ answer) {
    const { scene, edits, chosen, mark } = this.controller;
    return html`
      <cl-board-stage class="table" .scene=${scene} .edits=${edits} .chosen=${chosen}>
        ${answer ? html`<cl-board-heat over .answer=${answer} .which=${this.#top(answer)} .mark=${mark.value}></cl-board-heat>` : nothing}
        ${answer ? html`<div slot="above" class="chips">${answer.heats.map((_, i) => this.#chip(answer, i))}</div>` : nothing}
      </cl-board-stage>`;
  }

  /** What lies over the board is told on the board: where there are two, they are for choosing, too. */
  #chip(/** @type {Answer} */ answer, /** @type {number} */ which) {
    const { name, probability } = answer.explanation.classes[which];
    const words = t().board.sureOf(nameOf(name), probability);
    return answer.heats.length < 2
      ? html`<p class="chip">${words}</p>`
      : html`<button type="button" class="chip" aria-pressed=${which === this.#top(answer)} @click=${() => (this.upper = which)}>${words}</button>`;
  }

  #figures(/** @type {Answer | null} */ answer, /** @type {number} */ count) {
    const mark = this.controller.mark.value;
    return html`
      <div class="figures" data-count=${count}>
        ${Array.from({ length: count }, (_, i) => html`<cl-board-heat .answer=${answer} .which=${i} .mark=${mark}></cl-board-heat>`)}
      </div>`;
  }

  #palette() {
    const { heading, hint } = t().board.palette;
    const { equipment } = this;
    return html`
      <div class="palette">
        <h3>${heading}</h3>
        <p class="hint">${hint}</p>
        ${equipment ? html`<cl-board-palette .sheet=${equipment.sheet} .target=${this.#target}></cl-board-palette>` : nothing}
      </div>`;
  }

  #tools() {
    const { controller } = this;
    const { hint } = t().board;
    const { canUndo, canRedo } = controller.edits;
    const held = controller.chosen.value !== null && controller.scene.get(controller.chosen.value) !== undefined;
    const act = (/** @type {CustomEvent<string>} */ { detail }) => this.#stage.act(detail, { refocus: true });
    return html`
      <cl-board-tools class="bar" .canUndo=${canUndo.value} .canRedo=${canRedo.value} .held=${held} @board-act=${act}
        @board-undo=${() => this.#edit('undo')} @board-redo=${() => this.#edit('redo')} @board-empty=${() => this.#edit('empty')}></cl-board-tools>
      <p class="keys hint">${hint.pointer}
        ${hint.keys.map(([keys, does]) => html`<span>${keys.map((key) => html`<kbd>${key}</kbd> `)}${does}</span> `)}</p>`;
  }

  #classes(/** @type {Answer | null} */ answer) {
    const { controller } = this;
    const { class: label, second: secondLabel, compare, compareLong } = t().board;
    const { second } = this.state.value;
    /** @type {string[]} */
    const labels = answer?.explanation.model.labels ?? this.equipment?.sheet.classes ?? [];
    const [first] = shownOf(this.state.value, controller.scene.classes);
    const shown = first ?? answer?.explanation.classes[0].name ?? '';
    const select = (/** @type {'class' | 'second'} */ which, /** @type {string} */ title, /** @type {string} */ value) =>
      field(which, title, {
        value,
        options: labels.filter((name) => which === 'class' || name !== shown).map((name) => [name, nameOf(name)]),
        onChange: (name) => controller.choose(choose({ class: shown || null, second: controller.choice.second }, which, name)),
      });
    return html`
      <div class="classes">
        ${select('class', label, shown)} ${second === null ? nothing : select('second', secondLabel, second)}
        <button type="button" title=${compareLong} aria-label=${compareLong} aria-pressed=${second !== null} @click=${() => controller.compare()}>${compare}</button>
      </div>`;
  }

  #legend() {
    const about = this.page.engine.about.value;
    return html`
      <div class="legend">
        ${about ? html`<cl-legend aria-hidden="true" .about=${about} .drawing=${drawOf(FOLLOWING, about)}></cl-legend>` : nothing}
        <p class="hint">${t().board.faint}</p>
      </div>`;
  }

  #sureness(/** @type {Answer | null} */ answer) {
    const { heading, hint } = t().board.sureness;
    const { stale, stopped } = this.controller.mark.value;
    return html`
      <section class="sureness">
        <h3>${heading}</h3>
        <cl-board-sureness .answer=${answer} .stale=${stale} .stopped=${stopped}></cl-board-sureness>
        <p class="hint">${hint}</p>
      </section>`;
  }

  #network(/** @type {Answer | null} */ answer) {
    const { controller, equipment } = this;
    const chooseModel = (/** @type {CustomEvent<string>} */ { detail }) => controller.chooseModel(detail);
    return html`
      <section class="network">
        <h3>${t().board.network.heading}</h3>
        <cl-board-network .entries=${equipment?.entries ?? []} .entry=${equipment && controller.entry} .answer=${answer}
          .about=${this.page.engine.about.value} .stopped=${controller.mark.value.stopped} @board-model=${chooseModel}
          @board-again=${() => controller.again()} @board-examine=${this.#examine} @board-erase=${this.#erase}></cl-board-network>
      </section>`;
  }
}

customElements.define('cl-board', Board);
