// Erase: a brush on a picture, and what the network says of what is left. The layout, and who is told what; the controller computes.
import { editOf } from '../../elements/board/keys.js';
import '../../elements/choice.js';
import { classMap, html, nothing } from '../../elements/element.js';
import { sourceChoices } from '../../elements/game/choices.js';
import '../../elements/game/pad.js';
import '../../elements/heatmap.js';
import '../../elements/legend.js';
import { ViewElement } from '../../elements/view.js';
import { f, t } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { FILLS, sizeOf } from '../../state/erase.js';
import { part } from '../../state/preferences.js';
import { drawOf, FOLLOWING } from '../../state/question.js';
import { SIDE } from './answer.js';
import { Controller } from './controller.js';
import sheet from './erase.css';
import { SAYS, says } from './mind.js';
import './scores.js';
import { words } from './words.js';

/**
 * @import { Erase } from '../../state/erase.js'
 * @import { Answer } from './answer.js'
 * @import { Box } from './erasure.js'
 */

/** Of the brush's diameter. */
const BOUNDS = { min: 0.03, max: 0.5 };
const MIDDLE = { x: 0.5, y: 0.5 };
const EDITS = /** @type {const} */ ({ undo: '↶', redo: '↷' });

/** @extends {ViewElement<Erase, Controller>} */
export class EraseView extends ViewElement {
  static sheet = sheet;
  static properties = { place: { state: true } };

  #keys = (/** @type {KeyboardEvent} */ event) => this.#key(event);

  constructor() {
    super();
    /** Where the brush is. */
    this.place = MIDDLE;
  }

  connectedCallback() {
    super.connectedCallback();
    this.begin(
      () =>
        Object.assign(new Controller({ ...this.parts, wordsOf: told }), { onPaint: (/** @type {Box | null} */ box) => this.#paint(box) }),
      ({ pictures }) => this.controller.choose({ picture: pictures[0] }),
    );
    globalThis.addEventListener('keydown', this.#keys);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    globalThis.removeEventListener('keydown', this.#keys);
  }

  firstUpdated() {
    this.#paint(null);
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const edit = this.active ? editOf(event) : null;
    if (!edit) return;
    event.preventDefault();
    this.controller[edit]();
  }

  /** Shows a part of what is left of the picture; null: all of it. */
  #paint(/** @type {Box | null} */ box) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.find('.picture'));
    const erasure = this.controller.erasure.peek();
    if (!canvas || !erasure) return;
    const { data, width, height } = erasure;
    const whole = !box || canvas.width !== width || canvas.height !== height;
    if (whole) Object.assign(canvas, { width, height });
    const { left, top, right, bottom } = whole ? { left: 0, top: 0, right: width, bottom: height } : /** @type {Box} */ (box);
    const image = new ImageData(/** @type {Uint8ClampedArray<ArrayBuffer>} */ (data), width, height);
    canvas.getContext('2d')?.putImageData(image, 0, 0, left, top, right - left, bottom - top);
  }

  render() {
    const { controller } = this;
    const { heading, lead, missing } = words();
    if (controller.missing.value) return html`<p class="hint">${missing}</p>`;
    return html`<div class="room">
      ${part('lead', () => html`<div class="lead"><h2>${heading}</h2><p>${lead}</p></div>`)}
      ${this.#table()}
      ${part('tools', () => this.#tools())}
      <div class="middle">${this.#figure()}
        ${this.#sources()}
      </div>
      <div class="side">
        ${this.#game()}
        ${part('classes', () => this.#scores())}
      </div>
    </div>`;
  }

  #table() {
    const { controller } = this;
    const { pad } = words();
    const { size } = this.state.value;
    const erasure = controller.erasure.value;
    const percent = f().percent;
    return html`<cl-circle-pad class="table" .circle=${erasure ? { ...this.place, size } : null} .width=${erasure?.width ?? 1} .height=${erasure?.height ?? 1} .bounds=${BOUNDS}
        .hovers=${true} .label=${pad.label} .keys=${pad.keys} .said=${(/** @type {any} */ circle) => pad.at(percent(circle.x), percent(circle.y), percent(circle.size))}
        @circle-begun=${this.#begin} @circle-moved=${this.#move} @circle-ended=${() => controller.end()}
        @circle-sized=${(/** @type {CustomEvent<number>} */ { detail }) => this.#size(detail)}>
      <canvas class="picture" width="1" height="1" role="img" aria-label=${pad.canvas(f().probability(controller.share.value))}></canvas>
    </cl-circle-pad>`;
  }

  #tools() {
    const { fills, fillHints, brush, size: label, clear, pad, ...said } = words();
    const { controller } = this;
    const { fill, size } = this.state.value;
    const edits = controller.edits.value;
    const possible = { undo: edits.canUndo.value, redo: edits.canRedo.value };
    return html`<div class="tools">
      <cl-choice class="fills" .legend=${brush} .options=${FILLS.map((value) => ({ value, title: fills[value] }))} .value=${fill}
        @choose=${(/** @type {CustomEvent} */ { detail }) => controller.ask({ fill: detail })}></cl-choice>
      <p class="hint">${fillHints[fill]}</p>
      <div class="row">
        <div class="field"><label for="size">${label}<span class="value">${f().percent(size)}</span></label>
          <input id="size" type="range" min=${BOUNDS.min} max=${BOUNDS.max} step="0.01" autocomplete="off" .value=${String(size)}
            @input=${(/** @type {any} */ { target }) => this.#size(target.valueAsNumber)}></div>
        ${Object.entries(EDITS).map(([name, icon]) => {
          const edit = /** @type {keyof typeof EDITS} */ (name);
          return html`<button type="button" class=${name} title=${said[edit]} aria-label=${said[edit]} ?disabled=${!possible[edit]} @click=${(/** @type {Event} */ { currentTarget }) => this.#edit(edit, currentTarget)}>${icon}</button>`;
        })}
        <button type="button" class="clear" @click=${() => controller.clear()}>${clear}</button>
      </div>
      <p class="keys hint" aria-hidden="true">${pad.shortcuts.map((one) => html`<span>${one}</span> `)}</p>
    </div>`;
  }

  #figure() {
    const { heatmap, fainter, flat, again } = words();
    const { stale, stopped } = this.controller.mark.value;
    const answer = this.controller.answer.value;
    const about = this.page.engine.about.value;
    const [of] = answer?.explanation.classes ?? [];
    return html`<div class="figure">
      <cl-heatmap .bitmap=${answer?.bitmap ?? null} .label=${answer && of ? heatmap(className(of), f().probability(answer.share)) : ''}
        .heading=${of ? f().capital(t().explain.outputs.map(className(of))) : ''} .note=${of?.flat ? flat : ''} .stale=${stale} .stopped=${stopped}></cl-heatmap>
      ${part('caption', () => html`${about ? html`<cl-legend aria-hidden="true" .about=${about} .drawing=${drawOf(FOLLOWING, about)}></cl-legend>` : nothing}<p class="hint">${fainter}</p>`)}
      <button type="button" class="primary again" ?hidden=${!stopped} @click=${() => this.controller.again()}>${again}</button>
    </div>`;
  }

  #game() {
    const { game } = words();
    const { controller } = this;
    const answer = controller.answer.value;
    const { stale } = controller.mark.value;
    const [of] = answer?.explanation.classes ?? [];
    if (!answer || !of) return html`<section class="panel game"><h3>${game.heading}</h3><p class="hint">${game.computing}</p></section>`;
    const { base, id, share } = answer;
    const name = className(of);
    const { problem } = base.model;
    const playable = says(problem, base.before, id);
    const goal = problem === 'multi-label' ? game.goal['multi-label'](name, f().percent(SAYS)) : game.goal['single-label'](name);
    const record = controller.record.value;
    return html`<section class="panel game">
      <h3>${game.heading}</h3>
      <p class="goal">${playable ? goal : game.never(name)}</p>
      <dl class=${classMap({ stale })}>
        <div><dt>${game.erased}</dt><dd class="erased">${f().probability(controller.share.value)}</dd></div>
        <div><dt>${f().capital(name)}</dt><dd class="sure">${words().score(f().score(base.before[id], problem), f().score(answer.probabilities[id], problem))}</dd></div>
      </dl>
      <p class=${classMap({ verdict: true, changed: !stale && changed(answer) })} ?hidden=${!playable}>${stale ? game.computing : verdictOf(answer)}</p>
      ${
        record
          ? html`<p class="record">${game.record(f().probability(record.share))}
        <button type="button" class="quiet show" ?disabled=${record.share === share} @click=${() => controller.showRecord()}>${game.show}</button></p>`
          : nothing
      }
      <p class="hint">${game.counts}</p>
    </section>`;
  }

  #scores() {
    const { scores, scoresHint } = words();
    const { controller } = this;
    const { stale, stopped } = controller.mark.value;
    return html`<section class="panel scores"><h3>${scores}</h3>
      <cl-erase-scores .answer=${controller.answer.value} .stale=${stale} .stopped=${stopped}
        @class-chosen=${(/** @type {CustomEvent<number>} */ { detail }) => controller.ask({ class: detail })}></cl-erase-scores>
      <p class="hint">${scoresHint}</p></section>`;
  }

  #sources() {
    const { networkLabel: network, picture, reduced } = words();
    return sourceChoices({
      page: this.page,
      asked: this.state.value,
      seen: this.controller.base.value,
      said: { network, picture, reduced: reduced(SIDE) },
      choose: (change) => this.controller.choose(change),
    });
  }

  /** A button that can be pressed no longer gives the focus to the picture. */
  async #edit(/** @type {keyof typeof EDITS} */ name, /** @type {any} */ button) {
    this.controller[name]();
    await this.updateComplete;
    if (button.disabled) this.find('cl-circle-pad').focus();
  }

  #begin(/** @type {CustomEvent<{ x: number, y: number }>} */ { detail: { x, y } }) {
    if (!this.controller.erasure.peek()) return;
    this.place = { x, y };
    this.controller.begin(x, y);
  }

  #move(/** @type {CustomEvent<{ x: number, y: number, pressed: boolean }>} */ { detail: { x, y, pressed } }) {
    this.place = { x, y };
    if (pressed) this.controller.extend(x, y);
  }

  #size(/** @type {number} */ size) {
    this.controller.ask({ size: sizeOf(size) });
  }
}

/** Whether the network said the class of the whole picture, and says it no longer. */
const changed = (/** @type {Answer} */ { base, id, probabilities }) =>
  says(base.model.problem, base.before, id) && !says(base.model.problem, probabilities, id);

const verdictOf = (/** @type {Answer} */ answer) =>
  changed(answer) ? words().game.changed(f().probability(answer.share)) : words().game.stays;

/** What a screen reader hears of an answer. */
function told(/** @type {Answer} */ answer) {
  const { base, id, share, probabilities, explanation } = answer;
  const said = (/** @type {number} */ score) => f().score(score, base.model.problem);
  const [of] = explanation.classes ?? [];
  const erased = f().probability(share);
  return words().told(erased, of ? className(of) : '', said(base.before[id]), said(probabilities[id]), verdictOf(answer));
}

customElements.define('cl-erase', EraseView);
