// Steps: from picture to heatmap. The layout, and who is told what; the controller computes.
import '../../elements/choice.js';
import { classMap, html, live, nothing, styleMap } from '../../elements/element.js';
import { questionChoices, sourceChoices } from '../../elements/game/choices.js';
import '../../elements/heatmap.js';
import { channelOf, colourOf, rangeOf, sidesOf, tableOf } from '../../elements/paint.js';
import { ViewElement } from '../../elements/view.js';
import { f } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { part } from '../../state/preferences.js';
import { coloursOf, methodOf } from '../../state/question.js';
import { CHOSEN } from '../../state/steps.js';
import './bars.js';
import { methodsOf } from './base.js';
import './channels.js';
import { Controller } from './controller.js';
import { enlarged, inColours, inTwoColours } from './drawing.js';
import './formula.js';
import { FORMULAS, PAPERS } from './formulas.js';
import './picture.js';
import sheet from './steps.css';
import { termsAt, weighsPixels } from './sums.js';
import { words } from './words.js';

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Steps, Symbol } from '../../state/steps.js'
 * @import { Base } from './base.js'
 * @import { Look } from './drawing.js'
 *
 * @typedef {{ base: Base, about: About, look: Look }} Context
 */

const TERMS = 5; // of a pixel's sum that are told one by one

/** A sum as a map that is drawn. */
const mapOf = (/** @type {Base} */ { parts: { width, height } }, /** @type {Float64Array} */ sum) => ({
  width,
  height,
  data: Float32Array.from(sum),
});

/** @extends {ViewElement<Steps, Controller>} */
export class StepsView extends ViewElement {
  static sheet = sheet;

  /** @type {{ by: unknown[], bitmap: ImageBitmap } | null} the heatmap, and what it was drawn from */
  #drawn = null;
  /** @type {Look | null} */
  #look = null;

  connectedCallback() {
    super.connectedCallback();
    this.begin(
      () => new Controller(this.parts),
      ({ pictures }) => this.controller.choose({ picture: pictures[0] }),
    );
  }

  /** @returns {Context | null} what is on the screen */
  get context() {
    const [base, about] = [this.controller.base.value, this.page.engine.about.value];
    if (!base || !about) return null;
    this.#look ??= {
      table: tableOf(coloursOf(about, about.style.colormap)),
      sides: /** @type {any} */ (sidesOf(this).map(colourOf)),
    };
    return { base, about, look: this.#look };
  }

  render() {
    const { controller, context } = this;
    const { heading, lead, missing } = words();
    if (controller.missing.value) return html`<p class="hint">${missing}</p>`;
    return html`<div class="room" @symbol-pointed=${(/** @type {CustomEvent} */ { detail }) => (controller.pointedSymbol.value = detail)}
      @symbol-chosen=${(/** @type {CustomEvent} */ { detail }) => controller.show({ symbol: detail })}
      @channel-pointed=${(/** @type {CustomEvent} */ { detail }) => (controller.pointedChannel.value = detail)}
      @channel-chosen=${(/** @type {CustomEvent} */ { detail }) => controller.show({ channel: detail })}
      @channel-toggled=${(/** @type {CustomEvent} */ { detail }) => controller.toggle(detail)}
      @channel-only=${(/** @type {CustomEvent} */ { detail }) => controller.single(detail)}
      @pixel-pointed=${(/** @type {CustomEvent} */ { detail }) => (controller.pointedPixel.value = detail)}
      @pixel-chosen=${(/** @type {CustomEvent} */ { detail }) => controller.show({ pixel: detail })}>
      ${part('lead', () => html`<div class="lead"><h2>${heading}</h2><p>${lead}</p></div>`)}
      <div class="asked">${this.#heatmap(context)}${context ? this.#choices(context) : nothing}</div>
      ${context ? this.#steps(context) : nothing}
      ${context ? part('channels', () => this.#channels(context)) : nothing}
      ${sourceChoices({ page: this.page, asked: this.state.value, seen: controller.base.value, said: words(), choose: (change) => controller.choose(change) })}
    </div>`;
  }

  // The heatmap and what is asked

  #heatmap(/** @type {Context | null} */ context) {
    const { controller } = this;
    const said = words();
    const stopped = controller.stopped.value && !controller.running.value;
    const behind = controller.behind.value;
    const again = html`<button type="button" class="primary again" ?hidden=${!(behind && stopped)} @click=${() => controller.again()}>${said.again}</button>`;
    if (!context) return html`<div class="figure"><cl-heatmap .stale=${behind} .stopped=${stopped}></cl-heatmap>${again}</div>`;
    const { base } = context;
    const name = className(base.of);
    const all = base.parts.channels;
    const counting = base.order.filter(controller.counts.value).length;
    const { min, max } = rangeOf(controller.map.value);
    return html`<div class="figure">
      <div class="symbol" ?data-pointed=${controller.symbol.value === 'upsampling'}>
        <cl-heatmap .bitmap=${this.#bitmap(context)} .label=${said.heatmap(name)} .heading=${f().capital(name)} .detail=${said.scored(f().decimal(base.of.probability))}
          .note=${max > min ? '' : said.flat} .stale=${behind} .stopped=${stopped}></cl-heatmap></div>
      ${part(
        'caption',
        () => html`<p class="counting">${counting === all ? said.whole(all) : said.some(counting, all)}</p>
        ${base.budget ? html`<p class="hint">${said.budget(base.budget.used, base.budget.of)}</p>` : nothing}`,
      )}
      ${again}
    </div>`;
  }

  /** The map that counts, over the picture; the same bitmap as long as it is the same. */
  #bitmap(/** @type {Context} */ { base, look }) {
    const { map } = this.controller;
    const scale = this.#scale();
    const by = [map.value, base.ground, scale.max];
    if (!this.#drawn?.by.every((one, i) => one === by[i]))
      this.#drawn = { by, bitmap: enlarged(mapOf(base, map.value), base.ground, look, scale) };
    return /** @type {{ bitmap: ImageBitmap }} */ (this.#drawn).bitmap;
  }

  /** Of the map's colours. */
  #scale() {
    const { whole, map } = this.controller;
    return rangeOf(this.state.value.own ? map.value : whole.value);
  }

  #choices(/** @type {Context} */ { base, about }) {
    const { model, of } = base;
    return questionChoices({
      asked: this.state.value,
      model,
      of,
      top: base.top,
      about,
      methods: methodsOf(about),
      ask: (change) => this.controller.ask(change),
    });
  }

  // The steps

  #steps(/** @type {Context} */ context) {
    const { controller } = this;
    const said = words();
    const { method } = context.base;
    const lit = controller.symbol.value;
    const { source, paper } =
      lit === 'weights' ? { source: methodOf(context.about, method).source, paper: FORMULAS[method].paper } : PAPERS[lit];
    return html`<section class="panel steps" aria-label=${said.formula}>
      <div class="told">
        <cl-steps-formula .lines=${FORMULAS[method].lines} .symbol=${this.state.value.symbol} .lit=${lit} .label=${said.formula}
          .names=${(/** @type {Symbol} */ symbol, /** @type {string} */ mark) => said.symbol(mark, said.steps[symbol].name)}></cl-steps-formula>
        <div class="step"><h3>${said.steps[lit].name}</h3>
          <p>${lit === 'weights' ? said.weights[method] : said.steps[lit].said}</p>
          <p class="hint"><a href=${paper} target="_blank" rel="noreferrer">${said.paper(source)}</a></p></div>
      </div>
      <div class="pictures" role="group" aria-label=${said.pictures}>${this.#pictures(context, lit)}</div>
    </section>`;
  }

  #pictures(/** @type {Context} */ { base, look }, /** @type {Symbol} */ lit) {
    const { controller } = this;
    const said = words();
    const { parts, ground } = base;
    const { activations, gradients, weights } = parts;
    const { channel: shown, pixel: place, sum: added, map: mapped } = controller;
    const [channel, pixel, sum, map] = [shown.value, place.value, added.value, mapped.value];
    const aspect = ground.width / ground.height;
    const picture = (
      /** @type {Symbol} */ symbol,
      /** @type {import('../../elements/paint.js').Pixels} */ image,
      /** @type {string} */ label,
      /** @type {import('./drawing.js').RawMap} */ { data },
    ) => {
      const { min, max } = rangeOf(data);
      return html`<cl-steps-picture class=${symbol} .image=${image} .aspect=${aspect} .label=${label} .heading=${label} .detail=${said.range(f().figures(min), f().figures(max))}
        .lit=${symbol === lit} .pixel=${pixel} .reads=${symbol === 'sum'} .keys=${said.pixelHint}
        .said=${said.read(pixel[0] + 1, pixel[1] + 1, ...this.#at(pixel, base))}></cl-steps-picture>`;
    };
    const activation = channelOf(parts, activations, channel);
    const gradient = gradients && channelOf(parts, gradients, channel);
    const weight = weighsPixels(parts) ? channelOf(parts, weights, channel) : null;
    const [sums, rest] = [mapOf(base, sum), mapOf(base, map)];
    return html`
      ${picture('activations', inColours(activation, look), said.activationsOf(channel), activation)}
      ${gradient ? picture('gradients', inTwoColours(gradient, look), said.gradientsOf(channel), gradient) : nothing}
      ${weight ? picture('weights', inTwoColours(weight, look), said.weightsOf(channel), weight) : nothing}
      <figure class="weights bars" ?data-pointed=${lit === 'weights'}>
        <cl-steps-bars style=${styleMap({ 'aspect-ratio': aspect })} .weights=${base.weights} .order=${base.order} .counts=${controller.counts.value} .channel=${channel} .label=${said.barsOf(parts.channels)}></cl-steps-bars>
        <figcaption><p class="title">${said.channel(channel)}</p>
          <p class="hint">${(weight ? said.weighsOnAverage : said.weighs)(f().figures(base.weights[channel]))}</p></figcaption></figure>
      ${picture('sum', inTwoColours(sums, look, this.#signedScale()), said.sum, sums)}
      ${picture('relu', inColours(rest, look, this.#scale()), said.map, rest)}
      ${this.#pixel(base, pixel)}`;
  }

  /** Of the sum's colours: those of the whole sum. */
  #signedScale() {
    if (this.state.value.own) return null;
    const { sum, whole } = this.controller;
    const { min, max } = rangeOf(sum.value);
    return { min: Math.min(min, 0), max: Math.max(max, rangeOf(whole.value).max) };
  }

  /** What a pixel's sum is, and its value in the map, in words. @returns {[string, string]} */
  #at(/** @type {number[]} */ [column, row], /** @type {Base} */ { parts }) {
    const at = row * parts.width + column;
    return [f().figures(this.controller.sum.value[at]), f().figures(this.controller.map.value[at])];
  }

  #pixel(/** @type {Base} */ base, /** @type {number[]} */ pixel) {
    const said = words();
    const [column, row] = pixel;
    const { counts } = this.controller;
    const { terms, others, rest } = termsAt(base.parts, counts.value, row * base.parts.width + column, TERMS);
    const [sum, map] = this.#at(pixel, base);
    return html`<table class=${classMap({ pixel: true, wide: weighsPixels(base.parts) })}>
      <caption>${said.pixel(column + 1, row + 1)}</caption>
      <thead><tr><td></td><th scope="col">${'w'}</th><th scope="col">${'A'}</th><th scope="col">${said.product}</th></tr></thead>
      <tbody>${terms.map(
        ({ channel, weight, activation, part: product }) =>
          html`<tr><th scope="row">${said.channel(channel)}</th><td>${f().figures(weight)}</td><td>${f().figures(activation)}</td><td>${f().figures(product)}</td></tr>`,
      )}
        ${others ? html`<tr><th scope="row">${said.others(others)}</th><td></td><td></td><td>${f().figures(rest)}</td></tr>` : nothing}</tbody>
      <tfoot><tr class="sum"><th scope="row">${said.total}</th><td></td><td></td><td>${sum}</td></tr>
        <tr><th scope="row">${said.after}</th><td></td><td></td><td>${map}</td></tr></tfoot>
    </table>`;
  }

  // The channels

  #channels(/** @type {Context} */ { base, look }) {
    const { controller } = this;
    const said = words();
    const { channels, least, own } = this.state.value;
    return html`<section class="panel channels" aria-labelledby="list">
      <h3 id="list">${said.list}</h3>
      <div class="row">
        <cl-choice class="counting" .legend=${said.counting} .options=${CHOSEN.map((value) => ({ value, title: said.chosen[value] }))} .value=${channels}
          @choose=${(/** @type {CustomEvent} */ { detail }) => controller.show({ channels: detail, except: [] })}></cl-choice>
        <cl-choice class="order" .legend=${said.first} .options=${['most', 'least'].map((value) => ({ value, title: said.orders[/** @type {'most' | 'least'} */ (value)] }))} .value=${least ? 'least' : 'most'}
          @choose=${(/** @type {CustomEvent} */ { detail }) => controller.show({ least: detail === 'least' })}></cl-choice>
        <label class="check"><input type="checkbox" class="own" .checked=${live(own)} @change=${(/** @type {any} */ { target }) => controller.show({ own: target.checked })}>${said.own}</label>
      </div>
      ${part('caption', () => html`<p class="hint">${said.listHint}</p>`)}
      <cl-steps-channels .base=${base} .look=${look} .counts=${controller.counts.value} .channel=${controller.channel.value} .least=${least}
        .aspect=${base.ground.width / base.ground.height}></cl-steps-channels>
    </section>`;
  }
}

customElements.define('cl-steps', StepsView);
