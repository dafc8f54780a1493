// Guess first: where does the network look? The layout, and who is told what; the controller computes.
import { classMap, html, nothing } from '../../elements/element.js';
import '../../elements/game/networks.js';
import '../../elements/game/pad.js';
import '../../elements/legend.js';
import { ViewElement } from '../../elements/view.js';
import { f, t } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { acceptOf } from '../../sources/formats.js';
import { dataOf } from '../../sources/model.js';
import { ownFiles } from '../../sources/own.js';
import { part } from '../../state/preferences.js';
import { drawOf, FOLLOWING } from '../../state/question.js';
import { BOUNDS, Controller } from './controller.js';
import sheet from './guess.css';
import { questionOf } from './question.js';
import { worth } from './results.js';
import { TURNS } from './round.js';
import { siteOf } from './site.js';
import { words } from './words.js';

/**
 * @import { Guess } from '../../state/guess.js'
 * @import { Result } from './controller.js'
 * @import { Seen } from './turn.js'
 */

/** @extends {ViewElement<Guess, Controller>} */
export class GuessView extends ViewElement {
  static sheet = sheet;

  /** What is drawn. @type {ImageData | null} */
  #drawn = null;
  /** The picture whose result was told. */
  #told = '';

  connectedCallback() {
    super.connectedCallback();
    this.begin(
      () => new Controller({ ...this.parts, siteOf }),
      ({ pictures }) => this.#play(pictures),
    );
  }

  render() {
    const { controller } = this;
    const { heading, lead, missing } = words();
    if (controller.missing.value) return html`<p class="hint">${missing}</p>`;
    const ended = controller.turns.value > 0 && controller.at.value >= controller.turns.value;
    return html`<div class=${classMap({ room: true, over: ended })}>
      ${part('lead', () => html`<div class="lead"><h2>${heading}</h2><p>${lead}</p></div>`)}
      ${ended ? this.#ended() : html`${this.#question()}${this.#table()}${this.#asking()}`}
      <div class="side">
        ${
          ended || !this.state.value.guesses.length
            ? nothing
            : html`<section class="panel so-far"><h3>${words().results}</h3>${this.#results()}
          <button type="button" class="restart" @click=${() => controller.begin({})}>${words().restart}</button></section>`
        }
        ${part('network', () => this.#network())}
        ${part('picture', () => this.#pictures())}
      </div>
    </div>`;
  }

  #table() {
    const { controller } = this;
    const { pad, picture, heatmap, you, bestShort } = words();
    const { at, guesses } = { at: controller.at.value, guesses: this.state.value.guesses };
    const [seen, revealed] = [controller.seen.value, controller.revealed.value];
    const result = revealed ? controller.results.value[at] : null;
    const { percent } = f();
    const circle = revealed ? guesses[at] : controller.circle.value;
    return html`<div class="table">
      <cl-circle-pad .circle=${seen ? circle : null} .marks=${result ? [{ ...result.place, size: circle.size, name: bestShort }] : []} .name=${revealed ? you : ''} .bounds=${BOUNDS}
          .width=${seen?.original.width ?? 1} .height=${seen?.original.height ?? 1} .fixed=${revealed} .label=${pad.label} .keys=${pad.keys}
          .said=${(/** @type {any} */ moved) => pad.at(percent(moved.x), percent(moved.y), percent(moved.size))}
          @circle-begun=${this.#place} @circle-moved=${this.#place} @circle-confirmed=${() => this.#act()}
          @circle-sized=${(/** @type {CustomEvent<number>} */ { detail }) => controller.move({ size: detail })}>
        <canvas class="picture" width="1" height="1" role="img" aria-label=${revealed && seen ? heatmap(className(seen.of)) : picture}></canvas>
      </cl-circle-pad>
      <p class="keys hint" aria-hidden="true">${pad.shortcuts.map((one) => html`<span>${one}</span> `)}</p>
    </div>`;
  }

  #question() {
    const said = words();
    const { controller } = this;
    const { round, pictures } = this.state.value;
    const [seen, turns] = [controller.seen.value, controller.turns.value];
    const sentence = seen
      ? questionOf(seen)
      : controller.failed.value
        ? said.lost
        : controller.round.value && !turns
          ? said.empty
          : said.waiting;
    return html`<div class="question">
      <p class="place">${turns ? said.place(controller.at.value + 1, turns) : nothing}<span class="hint">${pictures.length ? said.ownRound : said.round(round)}</span></p>
      <p class="asked" role="status">${sentence}</p></div>`;
  }

  #asking() {
    const { again, awaited } = words();
    const { controller } = this;
    return html`<section class="panel asking">
      ${controller.revealed.value ? this.#found(controller.seen.value, controller.results.value[controller.at.value] ?? null) : this.#sizing()}
      <div class="acts">
        ${controller.stopped.value ? html`<button type="button" class="again" @click=${() => controller.again()}>${again}</button>` : nothing}
        <button type="button" class="primary act" ?disabled=${!controller.turns.value} @click=${() => this.#act()}>${this.#actWords()}</button>
      </div>
      <p class="awaited hint" role="status" ?hidden=${!controller.awaited.value}>${awaited}</p>
    </section>`;
  }

  #sizing() {
    const { controller } = this;
    const { size } = controller.circle.value;
    return html`<div class="field"><label for="size">${words().size}<span class="value">${f().percent(size)}</span></label>
      <input id="size" type="range" min=${BOUNDS.min} max=${BOUNDS.max} step="0.01" autocomplete="off" .value=${String(size)}
        @input=${(/** @type {any} */ { target }) => controller.move({ size: target.valueAsNumber })}></div>`;
  }

  /** What the one button of a picture does. */
  #actWords() {
    const { reveal, next, result, back, skip } = words();
    const { controller } = this;
    const [all, played] = [controller.turns.value, this.state.value.guesses.length];
    if (!controller.revealed.value) return controller.failed.value ? skip : reveal;
    return played < all ? next : controller.at.value === all - 1 ? result : back;
  }

  #act() {
    const { controller } = this;
    if (controller.revealed.peek()) controller.next();
    else controller.reveal();
  }

  #found(/** @type {Seen | null} */ seen, /** @type {Result | null} */ result) {
    const said = words();
    const about = this.page.engine.about.value;
    if (!seen) return nothing;
    if (!result) return html`<p class="flat">${said.flat}</p>`;
    return html`<cl-guess-bars .result=${result}></cl-guess-bars>
      <p class="points">${said.points(worth(result.points), worth(result.byChance))}</p>
      ${part(
        'caption',
        () => html`${about ? html`<cl-legend aria-hidden="true" .about=${about} .drawing=${drawOf(FOLLOWING, about)}></cl-legend>` : nothing}
        <p class="hint">${[said.dashed, said.meaning, said.anywhere].join(t().sources.gap)}</p>`,
      )}`;
  }

  #ended() {
    const said = words();
    const { controller } = this;
    const { round, pictures } = this.state.value;
    const mean = controller.mean.value;
    return html`<section class="panel ended">
      <h3>${said.whole}<span class="hint">${pictures.length ? said.ownRound : said.round(round)}</span></h3>
      <p class="beaten" role="status">${mean ? said.beaten(worth(mean.points), worth(mean.byChance)) : said.waiting}</p>
      ${this.#results()}
      <p class="hint">${[said.meaning, said.anywhere].join(t().sources.gap)}</p>
      <div class="acts">
        ${pictures.length ? nothing : html`<button type="button" class="primary more" @click=${() => controller.begin({ round: round + 1 })}>${said.more}</button>`}
        <button type="button" class="restart" @click=${() => controller.begin({})}>${said.restart}</button>
      </div>
    </section>`;
  }

  #results() {
    const { controller } = this;
    const results = controller.results.value;
    const names = results.map((_, i) => controller.nameIn(i));
    return html`<cl-guess-table .results=${results} .names=${names.map((of) => of && className(of))} .mean=${controller.mean.value} .at=${controller.at.value}
      @turn-shown=${(/** @type {CustomEvent<number>} */ { detail }) => controller.show(detail)}></cl-guess-table>`;
  }

  #network() {
    const { network, unsuited } = words();
    const { controller } = this;
    const model = controller.round.value?.model ?? null;
    const photographs = model !== null && dataOf(model) === 'photographs' && !this.state.value.pictures.length;
    return html`<cl-networks .page=${this.page} .source=${this.state.value.model} .model=${model} .label=${network}
      @model-chosen=${(/** @type {CustomEvent} */ { detail: { source } }) => controller.begin({ model: source })}></cl-networks>
      ${photographs ? html`<p class="unsuited">${unsuited}</p>` : nothing}`;
  }

  #pictures() {
    const { pictures, choose, chosen, leave } = words();
    return html`<section class="own" aria-label=${pictures}>
      <label class="file button"><input type="file" accept=${acceptOf(this.page.engine.about.value)} multiple aria-describedby="chosen" @change=${this.#pick}><span>${choose}</span></label>
      <p id="chosen" class="hint">${chosen(TURNS)}</p>
      ${this.state.value.pictures.length ? html`<button type="button" class="leave" @click=${() => this.controller.begin({ pictures: [] })}>${leave}</button>` : nothing}
    </section>`;
  }

  #pick(/** @type {any} */ { target }) {
    const files = [...target.files];
    target.value = ''; // so that the same files can be chosen again
    if (files.length) this.status.attempt(() => this.#play(ownFiles(this.page).take(files).pictures));
  }

  #play(/** @type {Guess['pictures']} */ pictures) {
    if (pictures.length) this.controller.begin({ pictures: pictures.slice(0, TURNS) });
  }

  #place(/** @type {CustomEvent<{ x: number, y: number, pressed?: boolean }>} */ { detail: { x, y } }) {
    this.controller.move({ x, y });
  }

  updated() {
    const { controller } = this;
    const [seen, revealed] = [controller.seen.peek(), controller.revealed.peek()];
    this.#draw(seen && (revealed ? seen.overlay : seen.original));
    // What is revealed, for those who listen.
    const told = revealed && seen ? `${controller.round.peek()?.key} ${controller.at.peek()}` : '';
    const result = controller.results.peek()[controller.at.peek()];
    if (told && told !== this.#told && result) this.status.announce(() => spoken(result));
    this.#told = told;
  }

  #draw(/** @type {ImageData | null} */ image) {
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.find('.picture'));
    if (!canvas || (image === this.#drawn && canvas.width > 1)) return;
    this.#drawn = image;
    Object.assign(canvas, { width: image?.width ?? 1, height: image?.height ?? 1 });
    if (image) canvas.getContext('2d')?.putImageData(image, 0, 0);
  }
}

/** What a screen reader hears of a result. */
function spoken(/** @type {Result} */ { yours, best, chance, points, byChance }) {
  const said = words();
  const share = f().probability;
  return said.told(share(yours), share(best), share(chance), said.points(worth(points), worth(byChance)));
}

customElements.define('cl-guess', GuessView);
