// Captions, and what speaks for each of their words. The controller computes.
import { classMap, html, nothing } from '../../elements/element.js';
import { ViewElement } from '../../elements/view.js';
import '../../elements/board/shapes.js';
import { field } from '../../elements/field.js';
import '../../elements/heatmap.js';
import '../../elements/legend.js';
import { give } from '../../elements/giving.js';
import { lookOf } from '../../elements/look.js';
import { Media } from '../../elements/media.js';
import '../../elements/save.js';
import { f, t } from '../../i18n/index.js';
import { methodTitle, titleOf } from '../../i18n/tables.js';
import { part } from '../../state/preferences.js';
import { drawOf, FOLLOWING, methodOf } from '../../state/question.js';
import './alternatives.js';
import sheet from './caption.css';
import { Controller } from './controller.js';
import './own.js';
import { filesOf } from './saving.js';
import { probabilitiesOf } from './selection.js';
import { chanceOf, isFlat, labelOf, noteOf, titleOfHeat } from './titles.js';
import './words.js';

/**
 * @import { Answer } from './answer.js'
 * @import { Range } from '../../state/caption.js'
 */

const NARROW = '(max-width: 47.99rem)';

/** @extends {ViewElement<import('../../state/caption.js').Caption, Controller>} */
export class CaptionView extends ViewElement {
  static sheet = sheet;

  #narrow = new Media(this, NARROW);

  connectedCallback() {
    super.connectedCallback();
    this.begin(
      () => new Controller({ ...this.parts, narrow: this.#narrow.matches }),
      ({ pictures }) => this.controller.board.choosePicture(pictures[0]),
    );
  }

  render() {
    const { controller, page } = this;
    const { answer, board, language, over, mark } = controller;
    const words = t().caption;
    const missing = language.value === null;
    return html`<div class="room">
      ${part('lead', () => html`<div class="lead"><h2>${words.heading}</h2><p>${words.lead}</p><p class="hint">${words.english}</p></div>`)}
      ${missing ? html`<p class="said hint">${words.missing}</p>` : html`<div class=${classMap({ said: true, stale: mark.value.stale })}>${answer.value ? this.#caption(answer.value) : nothing}</div>`}
      <cl-shapes class="board" .page=${page} .board=${board} .active=${this.active}>${over.value && this.#drawn ? this.#heat('overlay') : nothing}</cl-shapes>
      ${missing ? nothing : this.#result()}
    </div>`;
  }

  #caption(/** @type {Answer} */ answer) {
    const { controller } = this;
    if (!answer.words.length) return html`<p>${t().caption.empty}</p>`;
    return html`<cl-caption-words .words=${answer.words} .logs=${answer.logs} .range=${controller.range.value}
      @words-chosen=${(/** @type {CustomEvent<Range | null>} */ { detail }) => controller.select(detail)}></cl-caption-words>`;
  }

  #result() {
    const { controller } = this;
    const { answer, heat, mark, over } = controller;
    const words = t().caption;
    return html`
      <section class="result" aria-labelledby="result-heading">
        <h3 id="result-heading" class="unseen">${words.result}</h3>
        ${over.value ? this.#told() : this.#heat('beside')}
        ${answer.value ? this.#total(answer.value) : nothing}
        ${part('caption', () => this.#legend())}
        <div class="acts">
          <button type="button" class="primary again" ?hidden=${!mark.value.stopped || controller.unread.value !== null} @click=${() => controller.again()}>${words.again}</button>
          ${part('save', () => html`<cl-save ?disabled=${!heat.value || mark.value.stale} .size=${heat.value?.phrase.view ?? null} @save=${this.#save}></cl-save>`)}
        </div>
      </section>
      <div class="aside">
        ${part('alternatives', () => this.#alternatives(answer.value))} ${part('own', () => this.#own(answer.value))} ${part('method', () => this.#method())}
      </div>`;
  }

  #total(/** @type {Answer} */ answer) {
    const { mark } = this.controller;
    const said = t().caption.total(chanceOf(answer), f().decimal(probabilitiesOf(answer.logs).total), answer.own);
    return html`<p class=${classMap({ total: true, stale: mark.value.stale })}>${said}</p>`;
  }

  /** What is drawn, if it is to lie where it would now: a bitmap is gone where another canvas has taken it over. */
  get #drawn() {
    const { heat, over } = this.controller;
    return heat.value?.over === over.value ? heat.value : null;
  }

  #heat(/** @type {'overlay' | 'beside'} */ where) {
    const { stale, stopped } = this.controller.mark.value;
    const drawn = this.#drawn;
    if (!drawn) return html`<cl-heatmap class=${where} .stale=${stale} .stopped=${stopped}></cl-heatmap>`;
    const [heading, note] = where === 'overlay' ? ['', ''] : [titleOfHeat(drawn), noteOf(drawn)];
    const flat = isFlat(drawn);
    return html`<cl-heatmap class=${where} .bitmap=${drawn.bitmap} .label=${labelOf(drawn)} .heading=${heading}
      .detail=${flat ? '' : note} .note=${flat ? note : ''} .stale=${stale} .stopped=${stopped}></cl-heatmap>`;
  }

  /** What is said of a drawing that lies over the board, where there is no room for it. */
  #told() {
    const { value } = this.controller.heat;
    return value ? html`<div><p class="title">${titleOfHeat(value)}</p><p class="hint">${noteOf(value)}</p></div>` : nothing;
  }

  #legend() {
    const about = this.page.engine.about.value;
    return about && html`<cl-legend aria-hidden="true" .about=${about} .drawing=${drawOf(FOLLOWING, about)}></cl-legend>`;
  }

  #alternatives(/** @type {Answer | null} */ answer) {
    const { controller } = this;
    return html`<section class="panel">
      <h3>${t().caption.alternatives.heading}</h3>
      <cl-caption-alternatives .captions=${answer?.captions ?? []} .which=${answer && !answer.own ? answer.which : null} .beam=${this.state.value.beam}
        @caption-chosen=${(/** @type {CustomEvent<number>} */ { detail }) => controller.choose({ which: detail })}
        @beam-chosen=${(/** @type {CustomEvent<number>} */ { detail }) => controller.ask({ beam: detail, which: 0 })}></cl-caption-alternatives>
    </section>`;
  }

  #own(/** @type {Answer | null} */ answer) {
    const { controller } = this;
    return html`<section class="panel">
      <h3>${t().caption.own.heading}</h3>
      <cl-caption-own .asked=${this.state.value.own} .unread=${controller.unread.value !== null} .words=${answer?.own && controller.unread.value === null ? answer.words : []} .known=${controller.language.value?.words ?? []}
        @own-caption=${(/** @type {CustomEvent<string | null>} */ { detail }) => controller.choose({ own: detail })}></cl-caption-own>
    </section>`;
  }

  #method() {
    const about = this.page.engine.about.value;
    if (!about) return nothing;
    const { controller } = this;
    const { method, target } = this.state.value;
    const words = t().caption.method;
    return html`<section class="panel"><details class="method">
      <summary>${words.heading}</summary>
      <div>
        ${field('method', words.method, {
          value: methodOf(about, method).name,
          options: controller.methods.map(({ name }) => [name, methodTitle(about, name)]),
          onChange: (name) => controller.ask({ method: name === about.methods[0].name ? null : name }),
        })}
        ${field('target', words.target, {
          value: target ?? about.targets[0],
          options: controller.targets.map((name) => [name, titleOf(name)]),
          onChange: (name) => controller.ask({ target: name === about.targets[0] ? null : name }),
        })}
      </div>
      <p class="hint">${words.hint}</p>
    </details></section>`;
  }

  async #save(/** @type {CustomEvent<{ what: import('../../elements/save.js').What }>} */ { detail: { what } }) {
    const { controller, page, status } = this;
    const link = page.address();
    const own = controller.board.source.peek()?.kind === 'own';
    const told = await give(this, what, { link, own, files: () => filesOf(what, controller, { link, look: lookOf(this) }) });
    if (told) status.say(told);
  }
}

customElements.define('cl-caption', CaptionView);
