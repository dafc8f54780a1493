// How sure the network is of the most probable classes, before the erasure and now. Pressed, a class is explained.
import { className } from '../../i18n/tables.js';
import { f } from '../../i18n/index.js';
import { Element, classMap, html, repeat, styleMap } from '../../elements/element.js';
import sheet from './scores.css';
import { words } from './words.js';

/** @import { Answer } from './answer.js' */

const MOST = 5;

/** Fires `class-chosen` with the class's id. */
export class Scores extends Element {
  static sheet = sheet;

  static properties = { answer: { attribute: false }, stale: { type: Boolean }, stopped: { type: Boolean } };

  constructor() {
    super();
    /** @type {Answer | null} */
    this.answer = null;
    /** Whether the answer is that of an erasure before. */
    this.stale = false;
    /** Whether nothing newer comes: no bar is drawn of its numbers. */
    this.stopped = false;
  }

  /** The classes that led before, the one that is explained, and the one that leads now. */
  #rows(/** @type {Answer} */ { base, id, probabilities, explanation: { top = [], classes = [] } }) {
    const listed = [...base.top.slice(0, MOST), ...classes, ...top.slice(0, 1)];
    return [...new Map(listed.map((one) => [one.id, one])).values()].map((one) => ({
      id: one.id,
      name: className(one),
      before: base.before[one.id],
      now: probabilities[one.id],
      chosen: one.id === id,
    }));
  }

  render() {
    const { answer } = this;
    const { scores, score, scoreAloud } = words();
    const said = (/** @type {number} */ one) => f().score(one, answer?.base.model.problem);
    return html`<div class=${classMap({ classes: true, stale: this.stale, stopped: this.stopped })} role="group" aria-label=${scores}>
      ${repeat(
        answer ? this.#rows(answer) : [],
        ({ id }) => id,
        ({ id, name, before, now, chosen }) => html`
        <button type="button" class="scored" data-class=${id} aria-pressed=${chosen} aria-label=${scoreAloud(name, said(before), said(now))}
          style=${styleMap({ '--share': now, '--before': before })} @click=${() => this.tell('class-chosen', id)}>
          <span>${f().capital(name)}</span><span class="share">${score(said(before), said(now))}</span>
        </button>`,
      )}
    </div>`;
  }
}

customElements.define('cl-erase-scores', Scores);
