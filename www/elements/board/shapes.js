// The board of shapes with all that changes it: scenes, colours, the shapes that can be had, and the tools. A picture of
// another source takes its place.
import { t } from '../../i18n/index.js';
import { BACKGROUNDS, painter } from '../../scenes/painting.js';
import { SHAPE_STARTS } from '../../scenes/shape-starts.js';
import { COLOURS, cssOf, KINDS, shapeOf, SHAPES } from '../../scenes/shapes.js';
import { hides, part } from '../../state/preferences.js';
import { Element, html, nothing, styleMap } from '../element.js';
import { field } from '../field.js';
import { Media } from '../media.js';
import '../picture-source.js';
import { editOf, focusedIn } from './keys.js';
import { nameOf } from './names.js';
import './palette.js';
import sheet from './shapes.css';
import './stage.js';
import './tools.js';

/**
 * @import { Sticker } from '../../scenes/scene.js'
 * @import { ShapesBoard } from './shapes-board.js'
 */

const NARROW = '(max-width: 39.99rem)';

export class Shapes extends Element {
  static sheet = sheet;
  static properties = {
    page: { attribute: false },
    board: { attribute: false },
    active: { type: Boolean },
    asks: { state: true },
  };

  constructor() {
    super();
    /** @type {import('../../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** @type {ShapesBoard} */
    this.board = /** @type {any} */ (null);
    /** Whether the view is on the screen: only then keys undo and redo, wherever the focus is. */
    this.active = false;
    /** Whether another picture is asked for. */
    this.asks = false;
  }

  /** The picture that takes the board's place, and an address under which it can be shown. @type {{ file: File, url: string } | null} */
  #shown = null;
  /** @type {ReturnType<typeof painter> | null} */
  #painter = null;
  #narrow = new Media(this, NARROW).matches;
  #keys = (/** @type {KeyboardEvent} */ event) => this.#key(event);

  /** @returns {import('./stage.js').Stage} */
  get stage() {
    return this.find('cl-board-stage');
  }

  connectedCallback() {
    super.connectedCallback();
    globalThis.addEventListener('keydown', this.#keys);
    if (this.#painter) this.board.connect(this.#painter);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    globalThis.removeEventListener('keydown', this.#keys);
    this.board.disconnect();
  }

  async firstUpdated() {
    await this.stage.updateComplete;
    if (!this.isConnected) return;
    this.#painter = painter(this.stage.canvas, SHAPES);
    this.board.connect(this.#painter);
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const edit = this.active ? editOf(event) : null;
    if (!edit) return;
    event.preventDefault();
    this.#edit(edit);
  }

  /** The focus does not get lost with a shape that goes, or on a button that has nothing more to do. */
  async #edit(/** @type {'undo' | 'redo' | 'empty'} */ how) {
    const focused = focusedIn(this.renderRoot);
    this.board[how]();
    await this.updateComplete;
    const [tools, palette] = [this.find('cl-board-tools'), this.find('cl-board-palette')];
    await Promise.all([this.stage.updateComplete, tools?.updateComplete]);
    if (focused && (!focused.isConnected || focused.matches(':disabled'))) (focused.isConnected ? tools : (palette ?? tools))?.focus();
  }

  /** The palette's shapes come to the stage. @type {import('./palette.js').Target} */
  #target = {
    add: (name) => this.stage.choose(this.board.add(name).id),
    begin: () => this.board.edits.begin(),
    drag: (id, name, place) => this.stage.drag(id, name, place),
    drop: (id, kept) => {
      const sticker = this.board.drop(id, kept);
      if (sticker) this.stage.choose(sticker.id);
    },
  };

  #removed(/** @type {CustomEvent<{ sticker: Sticker, last: boolean }>} */ { detail: { sticker, last } }) {
    if (last) this.find('cl-board-palette')?.focus();
    this.board.announcer.removed(sticker);
  }

  #stageKey(/** @type {KeyboardEvent} */ event) {
    if (event.key.toLowerCase() !== 'c' || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.board.nextColour();
  }

  render() {
    const { scene, edits, chosen, source } = this.board;
    const { things, keys } = t().shapes;
    const other = this.asks || source.value !== null;
    return html`
      ${part('picture', () => this.#choice(other))}
      ${other ? this.#other() : this.#narrow.value ? nothing : part('tools', () => this.#scenes())}
      <cl-board-stage ?hidden=${other} .scene=${scene} .edits=${edits} .chosen=${chosen} .words=${{ stickers: things, keys }}
          @board-removed=${this.#removed} @board-moved=${(/** @type {CustomEvent<number>} */ { detail }) => this.board.announcer.moved(detail)}
          @keydown=${this.#stageKey} @dblclick=${() => this.board.nextColour()}><slot></slot><slot name="above" slot="above"></slot></cl-board-stage>
      ${other ? nothing : this.#changes()}`;
  }

  /** What changes the board; on a phone it is out of the way of the heatmaps. */
  #changes() {
    const tools = html`${part('palette', () => this.#palette())} ${part('tools', () => this.#tools())}`;
    if (!this.#narrow.value) return tools;
    if (hides('palette') && hides('tools')) return nothing;
    return html`<details><summary>${t().shapes.change}</summary><div class="changes">${part('tools', () => this.#scenes())} ${tools}</div></details>`;
  }

  /** The board, or another picture. */
  #choice(/** @type {boolean} */ other) {
    const { show, board, own } = t().shapes;
    const back = () => {
      this.asks = false;
      this.board.choosePicture(null);
    };
    return html`
      <div class="choice" role="group" aria-label=${show}>
        <button type="button" aria-pressed=${!other} @click=${back}>${board}</button>
        <button type="button" class="own" aria-pressed=${other} @click=${() => (this.asks = true)}>${own}</button>
      </div>`;
  }

  #other() {
    const { drawn, picture } = t().shapes;
    const { own, source } = this.board;
    const url = this.#urlOf(own.value?.file ?? null);
    return html`
      <p class="hint drawn">${drawn}</p>
      ${url ? html`<img class="other" src=${url} alt=${picture(own.value?.file.name ?? '')}>` : nothing}
      <cl-picture-source .page=${this.page} .lone=${true} .picture=${own.value} .source=${source.value}
        @picture-chosen=${(/** @type {CustomEvent} */ { detail }) => this.board.choosePicture(detail.source)}></cl-picture-source>`;
  }

  #urlOf(/** @type {File | null} */ file) {
    if (file !== (this.#shown?.file ?? null)) {
      if (this.#shown) URL.revokeObjectURL(this.#shown.url);
      this.#shown = file && { file, url: URL.createObjectURL(file) };
    }
    return this.#shown?.url;
  }

  #scenes() {
    const { board } = this;
    const { scene, background, backgrounds } = t().board;
    const { starts, changed, random } = t().shapes;
    const { start, touched, background: lying } = board.scene.content;
    return html`
      <div class="scenes">
        ${field('scene', scene, {
          value: touched ? '' : start,
          options: [
            ...(touched ? [/** @type {[string, string]} */ (['', changed])] : []),
            ...SHAPE_STARTS.map(({ name }) => /** @type {[string, string]} */ ([name, starts[name]])),
          ],
          onChange: (name) => name && board.begin(name),
        })}
        ${field('background', background, {
          value: lying,
          options: Object.keys(BACKGROUNDS).map((name) => [name, backgrounds[name]]),
          onChange: (name) => board.setBackground(name),
        })}
        <button type="button" class="random" @click=${() => board.shuffle()}>${random}</button>
      </div>`;
  }

  #palette() {
    const { colours, palette } = t().shapes;
    const { board } = this;
    const colour = board.colour.value;
    return html`
      <div class="colours" role="group" aria-label=${colours}>
        ${COLOURS.map(
          (one) => html`
          <button type="button" title=${nameOf(one)} aria-label=${nameOf(one)} aria-pressed=${one === colour} data-colour=${one}
            style=${styleMap({ '--colour': cssOf(one) })} @click=${() => board.recolour(one)}></button>`,
        )}
      </div>
      <cl-board-palette .sheet=${SHAPES} .offered=${KINDS.map((kind) => shapeOf(colour, kind))} .heading=${palette} .target=${this.#target}></cl-board-palette>`;
  }

  #tools() {
    const { chosen, pointer, hints } = t().shapes;
    const { edits, held } = this.board;
    const act = (/** @type {CustomEvent<string>} */ { detail }) => this.stage.act(detail, { refocus: true });
    return html`
      <cl-board-tools .canUndo=${edits.canUndo.value} .canRedo=${edits.canRedo.value} .held=${held !== undefined} .heading=${chosen} @board-act=${act}
        @board-undo=${() => this.#edit('undo')} @board-redo=${() => this.#edit('redo')} @board-empty=${() => this.#edit('empty')}></cl-board-tools>
      <p class="keys hint">${pointer}
        ${Object.entries(hints).map(([keys, does]) => html`<span>${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}${does}</span> `)}</p>`;
  }
}

customElements.define('cl-shapes', Shapes);
