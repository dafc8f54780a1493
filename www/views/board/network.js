// The network that looks at the board: which it is, how it was explained, and where more can be found out about it.
import { t } from '../../i18n/index.js';
import { methodTitle, modelTitle } from '../../i18n/tables.js';
import { Element, html } from '../../elements/element.js';
import { methodOf } from '../../state/question.js';
import { field } from '../../elements/field.js';
import sheet from './network.css';

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Entry } from '../../weights/embedded.js'
 * @import { Answer } from './following.js'
 */

export class Network extends Element {
  static sheet = sheet;

  static properties = {
    entries: { attribute: false },
    entry: { attribute: false },
    answer: { attribute: false },
    about: { attribute: false },
    stopped: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {Entry[]} those that can be had */
    this.entries = [];
    /** @type {Entry | null} the one that is asked */
    this.entry = null;
    /** @type {Answer | null} */
    this.answer = null;
    /** @type {About | null} */
    this.about = null;
    /** Whether the last attempt failed, so that nothing is under way. */
    this.stopped = false;
  }

  /** How the heatmaps on the screen were made. */
  #how() {
    const { answer, about } = this;
    if (!answer || !about) return '';
    const { layers, times, device } = answer.explanation;
    return t().board.network.how({
      method: methodTitle(about, methodOf(about, null).name),
      layers,
      milliseconds: times.reduce((/** @type {number} */ sum, /** @type {any} */ { milliseconds }) => sum + milliseconds, 0),
      device,
    });
  }

  render() {
    const {
      network: { label, option },
      examine,
      erase,
      again,
    } = t().board;
    return html`
      ${field('model', label, {
        value: this.entry?.name ?? '',
        options: this.entries.map((entry) => [entry.name, option(modelTitle(entry), entry)]),
        onChange: (name) => this.tell('board-model', name),
      })}
      <p class="hint">${this.#how()}</p>
      <button type="button" class="primary again" ?hidden=${!this.stopped} @click=${() => this.tell('board-again', null)}>${again}</button>
      <button type="button" class="examine" ?disabled=${!this.answer} @click=${() => this.tell('board-examine', null)}>${examine}</button>
      <button type="button" class="erase" ?disabled=${!this.answer} @click=${() => this.tell('board-erase', null)}>${erase}</button>`;
  }
}

customElements.define('cl-board-network', Network);
