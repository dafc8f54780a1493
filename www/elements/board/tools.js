// The tools: buttons for what else takes a pointer or keys.
import { t } from '../../i18n/index.js';
import { Element, html } from '../element.js';
import sheet from './tools.css';

/** What is done to the chosen sticker, see Stage.act. */
const ACTS = { left: '←', up: '↑', down: '↓', right: '→', smaller: '−', larger: '+', back: '↺', forth: '↻', remove: '✕' };
const EDITS = { undo: '↶', redo: '↷' };

export class Tools extends Element {
  static sheet = sheet;

  static properties = {
    canUndo: { type: Boolean },
    canRedo: { type: Boolean },
    held: { type: Boolean },
    heading: { attribute: false },
  };

  constructor() {
    super();
    this.canUndo = false;
    this.canRedo = false;
    /** Whether a sticker is chosen. */
    this.held = false;
    /** What the tools are for; null: the chosen sticker. @type {string | null} */
    this.heading = null;
  }

  focus() {
    this.find('button:not(:disabled)')?.focus();
  }

  render() {
    const {
      tools: { heading, acts },
      empty,
      emptyBoard,
      ...words
    } = t().board;
    const edit = (/** @type {keyof typeof EDITS} */ name, /** @type {boolean} */ possible) => html`
      <button type="button" title=${words[name]} aria-label=${words[name]} ?disabled=${!possible} @click=${() => this.tell(`board-${name}`, null)}>${EDITS[name]}</button>`;
    return html`
      <div class="edits">
        ${edit('undo', this.canUndo)} ${edit('redo', this.canRedo)}
        <button type="button" aria-label=${emptyBoard} @click=${() => this.tell('board-empty', null)}>${empty}</button>
      </div>
      <div class="acts" role="toolbar" aria-label=${this.heading ?? heading}>
        ${Object.entries(ACTS).map(
          ([name, icon]) => html`
          <button type="button" title=${acts[name]} aria-label=${acts[name]} ?disabled=${!this.held} @click=${() => this.tell('board-act', name)}>${icon}</button>`,
        )}
      </div>`;
  }
}

customElements.define('cl-board-tools', Tools);
