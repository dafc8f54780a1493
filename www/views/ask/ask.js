// Questions about a board of shapes: the answers, and what in the picture speaks for each. The controller computes.
import { computed } from '@preact/signals-core';
import { html, nothing } from '../../elements/element.js';
import { ViewElement } from '../../elements/view.js';
import '../../elements/board/shapes.js';
import '../../elements/legend.js';
import { give } from '../../elements/giving.js';
import { lookOf } from '../../elements/look.js';
import { tableOf } from '../../elements/paint.js';
import '../../elements/save.js';
import { t } from '../../i18n/index.js';
import { part } from '../../state/preferences.js';
import { coloursOf, drawOf, STYLE } from '../../state/question.js';
import './answers.js';
import sheet from './ask.css';
import './before.js';
import './card.js';
import { added, summed, toggled, without } from './choice.js';
import { Controller } from './controller.js';
import './how.js';
import './question.js';
import { fileOf, OFFERED } from './saving.js';

/**
 * @import { Ask, Sum } from '../../state/ask.js'
 * @import { Answer } from './asking.js'
 */

/** @extends {ViewElement<Ask, Controller>} */
export class AskView extends ViewElement {
  static sheet = sheet;

  #colormap = computed(() => this.state.value.colormap);
  #opacity = computed(() => this.state.value.opacity);
  /** How the heatmaps are drawn: as this and `#look`, the same object as long as nothing of it changes. */
  #style = computed(() => {
    const about = this.page.engine.about.value;
    return about && drawOf({ ...STYLE, colormap: this.#colormap.value, opacity: this.#opacity.value }, about);
  });
  #look = computed(() => {
    const [style, about] = [this.#style.value, this.page.engine.about.value];
    return style && about && { table: tableOf(coloursOf(about, style.colormap)), opacity: style.opacity };
  });

  connectedCallback() {
    super.connectedCallback();
    this.begin(
      () => new Controller(this.parts),
      ({ pictures }) => this.controller.board.choosePicture(pictures[0]),
    );
  }

  #change(/** @type {Sum[]} */ answers) {
    this.controller.ask({ answers });
  }

  render() {
    const { controller } = this;
    const words = t().ask;
    const answer = controller.answer.value;
    return html`
      <div class="room" @ask-question=${(/** @type {CustomEvent<string>} */ { detail }) => controller.askQuestion(detail)}
          @ask-toggle=${(/** @type {CustomEvent<string>} */ { detail }) => this.#change(toggled(controller.sums, detail))}
          @ask-add=${(/** @type {CustomEvent<string>} */ { detail }) => this.#change(added(controller.sums, detail))}
          @ask-sum=${(/** @type {CustomEvent<{ which: number, name: string }>} */ { detail }) => this.#change(summed(controller.sums, detail.which, detail.name))}
          @ask-remove=${(/** @type {CustomEvent<number>} */ { detail }) => this.#change(without(controller.sums, detail))}
          @ask-change=${(/** @type {CustomEvent<Partial<Ask>>} */ { detail }) => controller.ask(detail)}>
        ${part('lead', () => html`<div class="lead"><h2>${words.heading}</h2><p>${words.lead}</p></div>`)}
        <cl-shapes class="board" .page=${this.page} .board=${controller.board} .active=${this.active}></cl-shapes>
        ${part('question', () => this.#question(answer))}
        ${controller.missing.value ? html`<p class="missing">${words.missing}</p>` : this.#answers(answer)}
      </div>`;
  }

  #question(/** @type {Answer | null} */ answer) {
    const { question, examples, unread } = this.controller;
    const asked = question.value;
    return html`<cl-ask-question class="question" .question=${asked} .read=${answer?.question === asked ? answer.read : []}
      .unread=${unread.value !== null} .examples=${examples.value} .known=${answer?.words ?? 0}></cl-ask-question>`;
  }

  #answers(/** @type {Answer | null} */ answer) {
    const { controller } = this;
    const { stale, stopped } = controller.mark.value;
    const look = this.#look.value;
    const words = t().ask;
    return html`
      ${part(
        'classes',
        () => html`<section class="answers"><h3>${words.answers}</h3>
          <cl-ask-answers .answer=${answer} .sums=${controller.sums} .stale=${stale} .stopped=${stopped}></cl-ask-answers>
          <p class="hint">${words.press}</p></section>`,
      )}
      <div class="results" aria-busy=${stale && !stopped}>
        ${this.#cards(answer)}
        ${part('caption', () => this.#caption(answer))}
        ${answer?.before && look ? html`<cl-ask-before .answer=${answer} .look=${look} .mark=${controller.mark.value}></cl-ask-before>` : nothing}
        <button type="button" class="primary again" ?hidden=${!stopped || controller.unread.value !== null} @click=${() => controller.again()}>${words.again}</button>
      </div>
      <div class="how">
        <cl-ask-how .about=${this.page.engine.about.value} .state=${this.state.value} .answer=${answer}></cl-ask-how>
        ${part('save', () => html`<cl-save .disabled=${!answer || stale} .offered=${OFFERED} @save=${this.#save}></cl-save>`)}
      </div>`;
  }

  #cards(/** @type {Answer | null} */ answer) {
    const mark = this.controller.mark.value;
    const look = this.#look.value;
    if (!answer || !look)
      return html`<div class="cards" data-count="1"><cl-heatmap .stale=${mark.stale} .stopped=${mark.stopped}></cl-heatmap></div>`;
    const { sums, shown } = answer;
    return html`
      <div class="cards" data-count=${sums.length} data-layers=${shown.length}>
        ${sums.map(
          (_, which) =>
            html`<cl-ask-card .answer=${answer} .which=${which} .look=${look} .mark=${mark} .lone=${sums.length < 2}></cl-ask-card>`,
        )}
      </div>`;
  }

  #caption(/** @type {Answer | null} */ answer) {
    const { scale } = t().ask;
    const style = this.#style.value;
    if (!style || !answer) return nothing;
    return html`
      <div class="legend"><cl-legend aria-hidden="true" .about=${this.page.engine.about.value} .drawing=${style}></cl-legend>
        <p class="hint">${scale(answer.sums.length, answer.shown.length)}</p></div>`;
  }

  async #save(/** @type {CustomEvent<{ what: import('../../elements/save.js').What }>} */ { detail: { what } }) {
    const { controller, page, status } = this;
    const answer = controller.answer.peek();
    const [style, look, about] = [this.#style.peek(), this.#look.peek(), page.engine.about.peek()];
    if (!answer || !style || !look || !about) return;
    const link = page.address();
    const own = controller.board.source.peek()?.kind === 'own';
    const files = async () => [await fileOf(what, answer, { look, style, about, link, page: lookOf(this) })];
    const told = await give(this, what, { link, own, files });
    if (told) status.say(told);
  }
}

customElements.define('cl-ask', AskView);
