// Look inside: a layer's channels on this picture, and what each answers to. The layout, and who is told what; the controller computes.
import '../../elements/choice.js';
import '../../elements/colour-strip.js';
import { classMap, html, live, nothing, styleMap } from '../../elements/element.js';
import { sourceChoices } from '../../elements/game/choices.js';
import '../../elements/game/shown.js';
import { channelOf, painted, show, tableOf } from '../../elements/paint.js';
import { ViewElement } from '../../elements/view.js';
import { f } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { part } from '../../state/preferences.js';
import { coloursOf } from '../../state/question.js';
import { ORDERS, SCALES } from '../../state/inside.js';
import { cut, enlarged, patchAt, scaleOf, seenBy } from './channels.js';
import { Controller } from './controller.js';
import sheet from './inside.css';
import { knownOf } from './known.js';
import './sheet.js';
import { words } from './words.js';

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Inside } from '../../state/inside.js'
 * @import { Unit } from '../../weights/channels.js'
 * @import { Box } from './channels.js'
 * @import { Answers, Seen } from './controller.js'
 *
 * @typedef {{ seen: Seen, about: About, channel: number }} Context
 */

/** Pixels of the longer side of the picture that is looked at, at least. */
const SIDE = 384;
/** How much of the channel covers the picture. */
const OPACITY = 0.55;
/** How many things are named of what a channel answers to, and the least share of one that is. */
const [NAMED, LEAST] = [3, 0.05];

/** @extends {ViewElement<Inside, Controller>} */
export class InsideView extends ViewElement {
  static sheet = sheet;

  /** What is painted. */
  #painted = '';
  /** @type {{ about: About, table: Float32Array } | null} */
  #colours = null;

  connectedCallback() {
    super.connectedCallback();
    this.begin(
      () => new Controller({ ...this.parts, known: knownOf(this.page) }),
      ({ pictures }) => this.controller.choose({ picture: pictures[0] }),
    );
  }

  /** @returns {Context | null} */
  get context() {
    const { seen, channel } = this.controller;
    const about = this.page.engine.about.value;
    return seen.value && about && channel.value !== null ? { seen: seen.value, about, channel: channel.value } : null;
  }

  /** The colours of the engine's default colour map. */
  #tableOf(/** @type {About} */ about) {
    if (this.#colours?.about !== about) this.#colours = { about, table: tableOf(coloursOf(about, about.style.colormap)) };
    return this.#colours.table;
  }

  render() {
    const { controller, context } = this;
    const { heading, lead, missing } = words();
    if (controller.missing.value) return html`<p class="hint">${missing}</p>`;
    return html`<div class="room">
      ${part('lead', () => html`<div class="lead"><h2>${heading}</h2><p>${lead}</p></div>`)}
      ${context ? this.#choices(context) : nothing}
      ${this.#figure(context)}
      ${part('answers', () => (context ? this.#answers(context) : nothing))}
      ${context ? this.#sheet(context) : nothing}
      ${sourceChoices({ page: this.page, asked: this.state.value, seen: controller.seen.value, said: words(), choose: (change) => controller.choose(change) })}
    </div>`;
  }

  // What is chosen

  #choices(/** @type {Context} */ { seen: { model, sheet: layer } }) {
    const said = words();
    const { controller } = this;
    const { order, scale } = this.state.value;
    const asked = this.state.value.layer ?? model.default_layer;
    return html`<div class="choices">
      ${part(
        'layers',
        () => html`<div class="field layers"><label for="layer">${said.layer}</label>
        <select id="layer" autocomplete="off" @change=${(/** @type {any} */ { target: { value } }) => controller.ask({ layer: value === model.default_layer ? null : value })}>
          ${(model.layers ?? []).map(({ name, shape: [channels, height, width] }) => html`<option value=${name} .selected=${live(name === asked)}>${said.layerOf(name, channels, height, width)}</option>`)}
        </select></div>`,
      )}
      ${part(
        'appearance',
        () => html`<cl-choice .legend=${said.order} .options=${ORDERS.map((value) => ({ value, title: said.orders[value] }))} .value=${order}
          @choose=${(/** @type {CustomEvent} */ { detail }) => controller.ask({ order: detail })}></cl-choice>
        <cl-choice .legend=${said.scale} .options=${SCALES.map((value) => ({ value, title: said.scales[value] }))} .value=${scale}
          @choose=${(/** @type {CustomEvent} */ { detail }) => controller.ask({ scale: detail })}></cl-choice>`,
      )}
      ${layer.block > 1 ? html`<p class="hint">${said.blocks(layer.block)}</p>` : nothing}
    </div>`;
  }

  // What is seen

  #figure(/** @type {Context | null} */ context) {
    const { controller } = this;
    const said = words();
    const again = controller.stopped.value && !controller.running.value;
    const { decimal } = f();
    const { width = 1, height = 1 } = context?.seen.picture ?? {};
    const aspect = width / height; // the network may see it squashed
    return html`<figure class=${classMap({ figure: true, stale: controller.behind.value })}>
      <div class="stage"><canvas class="looked" width="1" height="1" style=${styleMap({ 'aspect-ratio': aspect })} role="img" aria-label=${context ? said.figure(context.channel) : said.computing}></canvas>
        ${context ? this.#frame(context) : nothing}</div>
      <figcaption ?hidden=${!context}>
        ${
          context
            ? html`<h3>${said.channel(context.channel, context.seen.sheet.channels)}</h3>
        <p class="numbers">${said.numbers(decimal(context.seen.sheet.max[context.channel]), decimal(context.seen.sheet.mean[context.channel]), decimal(context.seen.sheet.min[context.channel]))}</p>
        ${part('caption', () => this.#legend(context))}`
            : nothing
        }
      </figcaption>
      <button type="button" class="primary again" ?hidden=${!again} @click=${() => controller.again()}>${said.again}</button>
    </figure>`;
  }

  /** The scale of the colours, and what the frame is. */
  #legend(/** @type {Context} */ { seen, about, channel }) {
    const said = words();
    const { min, max } = scaleOf(seen.sheet, channel, this.#shared);
    const { answers } = this.controller;
    return html`<p class="scale" aria-hidden="true"><span>${f().decimal(min)}</span><cl-colour-strip .about=${about} .colormap=${about.style.colormap}></cl-colour-strip><span>${f().decimal(max)}</span></p>
      ${seen.sheet.field ? html`<p class="hint">${this.controller.unit.value ? said.framePatch(answers.value?.table.patch ?? 0) : said.frameField}</p>` : nothing}`;
  }

  get #shared() {
    return this.state.value.scale === 'shared';
  }

  /** The part of the picture that the strongest place looks at: as large as the patches where there are any. @returns {Box | null} */
  #boxOf(/** @type {Context} */ { seen: { sheet: layer }, channel }) {
    const { unit, answers } = this.controller;
    if (!unit.value || !answers.value) return seenBy(layer, channel);
    return patchAt(layer, layer.peaks[channel], answers.value.table.patch);
  }

  #frame(/** @type {Context} */ context) {
    const box = this.#boxOf(context);
    const { sheet: layer } = context.seen;
    if (!box || layer.max[context.channel] <= layer.min[context.channel]) return nothing;
    const [height, width] = layer.input;
    const share = (/** @type {number} */ pixels, /** @type {number} */ whole) => `${(100 * pixels) / whole}%`;
    const place = {
      left: share(box.left, width),
      top: share(box.top, height),
      width: share(box.right - box.left, width),
      height: share(box.bottom - box.top, height),
    };
    return html`<span class="box" style=${styleMap(place)}></span>`;
  }

  #sheet(/** @type {Context} */ { seen, about, channel }) {
    const { controller } = this;
    return html`<cl-inside-sheet class=${classMap({ sheet: true, stale: controller.behind.value })} .layer=${seen.sheet} .order=${controller.order.value} .chosen=${channel} .shared=${this.#shared} .table=${this.#tableOf(about)}
      @channel-chosen=${(/** @type {CustomEvent<number>} */ { detail }) => controller.ask({ channel: detail })}></cl-inside-sheet>`;
  }

  // What it answers to

  #answers(/** @type {Context} */ context) {
    const said = words();
    const { answers, described, unit, running } = this.controller;
    return html`<section class="panel answers" aria-labelledby="answers">
      <h3 id="answers">${said.answers}</h3>
      ${
        unit.value && answers.value
          ? this.#found(context, answers.value, unit.value)
          : html`<p class="hint">${running.value ? said.computing : described.value.length ? said.others(described.value) : said.unknown}</p>`
      }
    </section>`;
  }

  #found(/** @type {Context} */ context, /** @type {Answers} */ { model, table, layer, patches }, /** @type {Unit} */ unit) {
    const said = words();
    const { percent, number } = f();
    const { frame, sheet: own } = context.seen;
    const name = (/** @type {number | null} */ id) => (id === null ? said.backdrop : className({ id, name: model.labels?.[id] ?? null }));
    if (!unit.patches.length) return html`<p class="answer">${said.never(number(table.scenes))}</p>`;
    const share = (/** @type {number} */ count) => percent(count / unit.n);
    const [[first, most], ...rest] = unit.shown;
    const next = rest.slice(0, NAMED - 1).filter(([, count]) => count / unit.n >= LEAST);
    const chance = layer.chance[first ?? layer.chance.length - 1];
    const side = table.patch;
    const peak = patchAt(own, own.peaks[context.channel], side);
    const here = own.max[context.channel];
    return html`<p class="answer">${said.answer(f().capital(name(first)), share(most), number(unit.n))}</p>
      <p class="more">${said.more(
        next.map(([id, count]) => said.share(name(id), share(count))),
        said.share(name(first), percent(chance)),
      )}</p>
      <ul class="patches" aria-label=${said.patches}>${unit.patches.map(([, , , activation, shown], i) => {
        const box = { left: i * side, top: context.channel * side, right: (i + 1) * side, bottom: (context.channel + 1) * side };
        return html`<li><cl-shown .image=${cut(patches, box)} .label=${name(shown)} .heading=${name(shown)} .detail=${f().decimal(activation)}></cl-shown></li>`;
      })}</ul>
      <div class="here">${
        peak && here > 0
          ? html`<cl-shown .image=${cut(frame, peak)} .label=${said.here} .detail=${f().decimal(here)}></cl-shown><p>${said.compared(f().decimal(here), f().decimal(unit.patches[0][3]))}</p>`
          : html`<p>${said.silent}</p>`
      }</div>
      ${part('caption', () => html`<p class="hint">${said.how(number(table.scenes), percent(unit.active), percent(layer.kept))}</p>`)}`;
  }

  updated() {
    const { context } = this;
    if (context) this.#paint(context);
  }

  /** The channel over the picture. */
  #paint(/** @type {Context} */ { seen: { key, frame, sheet: layer }, about, channel }) {
    const wanted = JSON.stringify([key, channel, this.#shared]);
    if (this.#painted === wanted) return;
    this.#painted = wanted;
    const large = enlarged(frame, Math.max(Math.ceil(SIDE / Math.max(frame.width, frame.height)), 1));
    const scale = scaleOf(layer, channel, this.#shared);
    const data = painted(large, channelOf(layer, layer.data, channel), { scale, table: this.#tableOf(about), opacity: OPACITY });
    show(/** @type {HTMLCanvasElement} */ (this.find('canvas.looked')), { ...large, data });
  }
}

customElements.define('cl-inside', InsideView);
