// Camera: what a camera sees, with its heatmap, picture after picture. The layout, and who is told what; the controller computes.
import '../../elements/camera-choice.js';
import { CameraStream } from '../../elements/camera-stream.js';
import { classMap, html, nothing, repeat, styleMap } from '../../elements/element.js';
import '../../elements/game/networks.js';
import '../../elements/heatmap.js';
import '../../elements/legend.js';
import { ViewElement } from '../../elements/view.js';
import { f, t } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { giveFiles } from '../../sources/give.js';
import { dataOf } from '../../sources/model.js';
import { CODECS, hashOf } from '../../state/address.js';
import { part } from '../../state/preferences.js';
import { drawOf, FOLLOWING } from '../../state/question.js';
import sheet from './camera.css';
import { Controller } from './controller.js';
import { nextSquare, SIDE } from './frames.js';
import './sheet.js';
import { words } from './words.js';

/**
 * @import { Camera } from '../../state/camera.js'
 * @import { Answer } from './controller.js'
 */

/** @extends {ViewElement<Camera, Controller>} */
export class CameraView extends ViewElement {
  static sheet = sheet;

  #context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })
  );

  connectedCallback() {
    super.connectedCallback();
    const take = async (/** @type {boolean} */ mirrored, /** @type {AbortSignal} */ signal) => {
      await this.updateComplete;
      signal.throwIfAborted();
      /** @type {HTMLVideoElement} */
      const video = this.find('video');
      if (video.paused) await video.play(); // one that plays by itself would pause where it is scrolled away
      return nextSquare(video, this.#context, mirrored, signal);
    };
    const camera = new CameraStream();
    this.begin(() => new Controller({ ...this.parts, camera, seen: this.page.seen, take, wordsOf: told }));
  }

  updated() {
    this.controller.camera.showIn(this.find('video'));
  }

  render() {
    const { controller } = this;
    const said = words();
    if (this.state.value.sheet) return this.#sheet();
    if (controller.missing.value) return html`<p class="hint">${said.missing}</p>`;
    return html`<div class="room">
      ${part('lead', () => html`<div class="lead"><h2>${said.heading}</h2><p>${said.lead}</p></div>`)}
      <div class="figure">
        ${controller.camera.on.value ? this.#live() : this.#off()}
        <p class="hint stays">${said.stays}</p>
      </div>
      <div class="side">
        ${part('classes', () => this.#scores())}
        <cl-camera-choice .camera=${controller.camera}></cl-camera-choice>
        ${part('network', () => this.#network())}
        <p class="sheets"><a href=${hashOf('camera', { ...this.state.value, sheet: true })}>${said.sheet}</a></p>
        <p class="hint">${said.sheetHint}</p>
      </div>
    </div>`;
  }

  #off() {
    const said = words();
    const trouble = this.controller.camera.trouble.value;
    const { camera } = t().sources;
    return html`<div class="off">
      ${trouble ? html`<p role="alert" class="problem">${camera.trouble[trouble]}</p>` : html`<p class="hint">${said.starting}</p>`}
      <button type="button" class="primary start" @click=${() => this.controller.start()}>${camera.start}</button>
      ${trouble ? html`<a href=${hashOf('explain', this.page.states.explain.value)}>${camera.chooseFile}</a>` : nothing}
    </div>`;
  }

  #live() {
    const { fainter } = words();
    const about = this.page.engine.about.value;
    return html`
      <div class="seen">
        <video class=${classMap({ mirrored: this.controller.mirrored.value })} playsinline .muted=${true} aria-hidden="true"></video>
        ${this.#heatmap()}
      </div>
      <p class="said"><span class="rate">${this.#pace()}</span></p>
      ${this.#buttons()}
      ${part(
        'caption',
        () => html`
          ${about ? html`<cl-legend aria-hidden="true" .about=${about} .drawing=${drawOf(FOLLOWING, about)}></cl-legend>` : nothing}
          <p class="hint">${fainter}</p>`,
      )}`;
  }

  #heatmap() {
    const { answer, behind, stopped, frozen, camera } = this.controller;
    const [shown, paused] = [answer.value, !camera.stream.value && !frozen.value];
    const name = shown && className(shown.of);
    return html`<cl-heatmap .bitmap=${shown?.bitmap ?? null} .label=${name === null ? '' : words().heatmap(name)}
      .heading=${name === null ? '' : f().capital(t().explain.outputs.map(name))}
      .stale=${behind.value || stopped.value || paused} .stopped=${stopped.value}></cl-heatmap>`;
  }

  /** How many heatmaps come a second, or why none does. */
  #pace() {
    const said = words();
    const { frozen, camera, rate } = this.controller;
    if (frozen.value) return said.frozen;
    if (!camera.stream.value) return said.returning;
    if (rate.value === null) return nothing;
    return said.rate(f().number(rate.value < 10 ? Math.round(10 * rate.value) / 10 : Math.round(rate.value)));
  }

  #buttons() {
    const said = words();
    const { controller } = this;
    const [none, frozen] = [!controller.answer.value, controller.frozen.value];
    return html`<div class="row">
      <button type="button" class="primary freeze" aria-pressed=${frozen} ?disabled=${none}
        @click=${() => (controller.frozen.value = !frozen)}>${frozen ? said.goOn : said.freeze}</button>
      <button type="button" class="examine" ?disabled=${none} @click=${() => this.#examine()}>${said.examine}</button>
      <button type="button" class="stop" @click=${() => controller.camera.stop()}>${said.stop}</button>
      <label class="check">
        <input type="checkbox" name="mirrored" autocomplete="off" ?disabled=${frozen} .checked=${controller.mirrored.value}
          @change=${(/** @type {any} */ { target }) => controller.ask({ mirrored: target.checked })}>${said.mirrored}</label>
      <button type="button" class="again" ?hidden=${!controller.stopped.value} @click=${() => controller.again()}>${said.again}</button>
    </div>`;
  }

  #scores() {
    const said = words();
    const { controller } = this;
    const { class: chosen } = this.state.value;
    return html`<section class="panel scores">
      <h3>${said.scores}</h3>
      <div class=${classMap({ classes: true, stale: controller.behind.value, stopped: controller.stopped.value })} role="group" aria-label=${said.scores}>
        <button type="button" class="surest" aria-pressed=${chosen === null}
          @click=${() => controller.ask({ class: null })}>${said.surest}</button>
        ${repeat(
          controller.listed.value,
          ({ one }) => one.id,
          (row) => this.#score(row),
        )}
      </div>
      <p class="hint">${said.scoresHint}</p>
    </section>`;
  }

  #score(/** @type {import('./listed.js').Row} */ { one, probability }) {
    const { controller } = this;
    const [name, score] = [className(one), f().score(probability, controller.answer.value?.model.problem)];
    return html`<button type="button" class="scored" data-class=${one.id} style=${styleMap({ '--share': probability })}
        aria-pressed=${this.state.value.class === one.id} aria-label=${words().scoreAloud(name, score)}
        @click=${() => controller.ask({ class: one.id })}>
      <span>${f().capital(name)}</span><span class="share">${score}</span></button>`;
  }

  #network() {
    const { networkLabel, knows } = words();
    const { controller } = this;
    const model = controller.answer.value?.model ?? null;
    const data = model && !controller.behind.value ? dataOf(model) : null;
    return html`<cl-networks .page=${this.page} .source=${this.state.value.model} .model=${model} .label=${networkLabel}
        @model-chosen=${(/** @type {CustomEvent} */ { detail: { source } }) => controller.ask({ model: source })}></cl-networks>
      ${data && Object.hasOwn(knows, data) ? html`<p class="hint knows">${knows[/** @type {keyof typeof knows} */ (data)]}</p>` : nothing}`;
  }

  #sheet() {
    const said = words();
    return html`<div class="sheet">
      <div class="lead"><h2>${said.sheet}</h2><p>${said.sheetLead}</p></div>
      <div class="row">
        <button type="button" class="primary print" @click=${() => globalThis.print()}>${said.print}</button>
        <a class="back" href=${hashOf('camera', { ...this.state.value, sheet: false })}>${said.back}</a>
      </div>
      <cl-sticker-sheet></cl-sticker-sheet>
    </div>`;
  }

  /** Opens the picture in Explain, asked about as here. */
  async #examine() {
    const { pixels } = /** @type {Answer} */ (this.controller.answer.peek());
    const { model, class: id } = this.state.peek();
    const canvas = new OffscreenCanvas(pixels.width, pixels.height);
    canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    const blob = await canvas.convertToBlob();
    const { explain } = this.page.states;
    explain.value = { ...CODECS.explain.initial, model };
    await giveFiles(this.page, [new File([blob], words().file, { type: blob.type })]);
    if (id !== null) explain.value = { ...explain.peek(), classes: [id] }; // a new picture is asked about its most probable class
  }
}

/** What a screen reader hears of a picture that stands. */
const told = (/** @type {Answer} */ { of, model }) => words().told(className(of), f().score(of.probability, model.problem));

customElements.define('cl-camera', CameraView);
