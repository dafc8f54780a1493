// The most probable answers. Pressed, one gets a heatmap, or loses it.
import { f, t } from '../../i18n/index.js';
import { Element, classMap, html, nothing, repeat, styleMap } from '../../elements/element.js';
import sheet from './answers.css';
import { isShown, MOST } from './choice.js';
import { glossOf } from './words.js';

/**
 * @import { Sum } from '../../state/ask.js'
 * @import { Answer } from './asking.js'
 */

/** Tells `ask-toggle` and `ask-add` with an answer. */
export class Answers extends Element {
  static sheet = sheet;
  static properties = { answer: { attribute: false }, sums: { attribute: false }, stale: { type: Boolean }, stopped: { type: Boolean } };

  constructor() {
    super();
    /** @type {Answer | null} */
    this.answer = null;
    /** Those that are explained. @type {Sum[]} */
    this.sums = [];
    this.stale = false;
    /** Whether nothing newer comes: the numbers answer another question, and no bar is drawn of them. */
    this.stopped = false;
  }

  #add(/** @type {any} */ { target }) {
    const { value } = target;
    target.value = '';
    if (value) this.tell('ask-add', value);
  }

  render() {
    const { answer, sums } = this;
    const words = t().ask;
    if (!answer) return nothing;
    return html`
      <div class=${classMap({ answers: true, stale: this.stale, stopped: this.stopped })} role="group" aria-label=${words.answers}>
        ${repeat(
          answer.top,
          ({ name }) => name,
          ({ name, probability }) => html`
          <button type="button" class="scored" data-answer=${name} aria-pressed=${isShown(sums, name ?? '')} style=${styleMap({ '--share': probability })}
              @click=${() => this.tell('ask-toggle', name)}>
            <span><span lang="en">${name}</span> ${glossOf(name ?? '')}</span> <span class="share">${f().probability(probability)}</span>
          </button>`,
        )}
      </div>
      <label class="add"><span class="unseen">${words.another}</span>
        <select ?disabled=${sums.length >= MOST} @change=${this.#add}>
          <option value="">${sums.length >= MOST ? words.full(MOST) : words.another}</option>
          ${answer.answers
            .filter((name) => !isShown(sums, name))
            .map((name) => html`<option value=${name} lang="en">${[name, glossOf(name)].filter(Boolean).join(' ')}</option>`)}
        </select></label>`;
  }
}

customElements.define('cl-ask-answers', Answers);
