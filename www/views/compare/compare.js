// Heatmaps in a grid: any two of picture, network, method, class and layer against each other. The layout, and who is told
// what. The controller computes.
import { classMap, html, nothing, styleMap } from '../../elements/element.js';
import { ViewElement } from '../../elements/view.js';
import { giveFile } from '../../elements/look.js';
import { t } from '../../i18n/index.js';
import { acceptOf } from '../../sources/formats.js';
import { ownFiles } from '../../sources/own.js';
import { samples } from '../../sources/samples.js';
import { AXES, COMPARE } from '../../state/compare.js';
import { coloursOf, drawOf, STYLE } from '../../state/question.js';
import { part } from '../../state/preferences.js';
import './axis-panel.js';
import { axesOf } from './axes.js';
import sheet from './compare.css';
import { Controller } from './controller.js';
import { given } from './given.js';
import './grid.js';
import './grid-look.js';
import { legendsOf } from './legend.js';
import { hrefOf } from './link.js';
import './pair.js';
import { colourOf, sidesOf, tableOf } from '../../elements/paint.js';
import { nameOf, titleOf } from './titles.js';

/**
 * @import { Axis, Compare } from '../../state/compare.js'
 * @import { Cell } from './cell.js'
 * @import { Look } from './grid-cell.js'
 * @import { Known } from './titles.js'
 */

/** The pictures of the examples. */
const EXAMPLES = /** @type {const} */ ({ single: 'single', several: 'meadow' });

/** @extends {ViewElement<Compare, Controller>} */
export class CompareView extends ViewElement {
  static sheet = sheet;
  static properties = {
    opened: { state: true },
    samples: { state: true },
    embedded: { state: true },
    chosen: { state: true },
    saving: { state: true },
  };

  /** @type {Look | null} the same as long as nothing of it changes, so that cells are not drawn again */
  #look = null;
  #lookKey = '';
  /** Whether the end of a run has been told. */
  #told = true;

  constructor() {
    super();
    /** @type {Axis | null} whose panel is open */
    this.opened = null;
    /** @type {import('../../sources/samples.js').Sample[]} */
    this.samples = [];
    /** @type {import('../../weights/embedded.js').EmbeddedModels | null} */
    this.embedded = null;
    /** @type {Cell[]} those to slide, at most two */
    this.chosen = [];
    /** Whether files are being made. */
    this.saving = false;
  }

  connectedCallback() {
    super.connectedCallback();
    const { page, parts } = this;
    const resolvers = { model: parts.resolveModel, picture: parts.resolvePicture };
    this.begin(
      () => new Controller({ ...parts, resolvers }),
      (taken) => this.#take(taken),
    );
    samples().then(
      (all) => (this.samples = all),
      () => {}, // the cells tell
    );
    page.embedded.then(
      (embedded) => (this.embedded = embedded),
      () => {},
    );
  }

  /** @returns {Known} */
  get known() {
    const { about } = this.page.engine;
    return { about: about.value, embedded: this.embedded, samples: this.samples, reference: this.controller.grid.value?.reference ?? null };
  }

  render() {
    const { controller, known } = this;
    const words = t().compare;
    const state = this.state.value;
    const grid = controller.grid.value;
    return html`
      ${part('lead', () => this.#lead())}
      <div class="choices" @compare-ask=${this.#ask} @files-chosen=${(/** @type {CustomEvent} */ { detail: { files } }) => this.#give(files)}>
        ${part('axes', () => this.#axes(state, known))}
        ${part('appearance', () => html`<cl-grid-look .about=${this.page.engine.about.value} .state=${state} .still=${controller.still.value}></cl-grid-look>`)}
      </div>
      ${grid || controller.planning.value ? this.#result() : html`<p class="hint missing">${words.missing}</p>`}
      <cl-pair .sides=${this.#sides()} .look=${this.look} .predicted=${this.#predicted} @pair-closed=${() => (this.chosen = [])}></cl-pair>`;
  }

  #lead() {
    const words = t().compare;
    const example = (/** @type {keyof typeof EXAMPLES} */ name) => html`<button type="button" data-example=${name}
      @click=${() => this.#example(EXAMPLES[name])}>${words.example[name]}</button>`;
    return html`<div class="lead">
      <div><h2>${words.heading}</h2><p class="hint">${words.lead}</p></div>
      <div class="examples" role="group" aria-label=${words.examples}>${example('single')}${example('several')}
        <label class="file button"><input type="file" accept=${acceptOf(this.page.engine.about.value)} multiple @change=${this.#pick}><span>${words.pictures}</span></label>
      </div></div>`;
  }

  #axes(/** @type {Compare} */ state, /** @type {Known} */ known) {
    const words = t().compare;
    const { page, opened } = this;
    const grid = this.controller.grid.value;
    const [rows, columns] = axesOf(state);
    const card = (/** @type {Axis} */ axis) => {
      const values = grid?.values[axis] ?? [];
      const role = axis === rows ? words.rows : axis === columns ? words.columns : '';
      const several = role && values.length !== 1;
      return html`<button type="button" class=${classMap({ card: true, axis: Boolean(role) })} data-axis=${axis} aria-expanded=${opened === axis} aria-controls="panel"
        @click=${() => (this.opened = opened === axis ? null : axis)}>
        <span class="name">${words.axes[axis]}${role ? html` <span class="role">${role}</span>` : nothing}</span>
        <span class="what">${!values.length ? nothing : several ? words.counts[axis](values.length) : titleOf(axis, values[0], known)}</span></button>`;
    };
    return html`<section class="axes" aria-label=${words.choices}>
      <div class="cards">${AXES.map(card)}<button type="button" class="swap" aria-label=${words.swap} title=${words.swap} @click=${() => this.controller.ask({ rows: columns, columns: rows })}><span aria-hidden="true">⇄</span></button></div>
      <div id="panel" ?hidden=${!opened}>${opened ? html`<cl-axis-panel .page=${page} .axis=${opened} .state=${state} .grid=${grid} .known=${known} .top=${this.controller.top}></cl-axis-panel>` : nothing}</div>
    </section>`;
  }

  #result() {
    const { controller, known } = this;
    const words = t().compare;
    const [one] = this.chosen;
    return html`<section class="result" aria-label=${words.grids}
        @cell-cancel=${(/** @type {CustomEvent} */ { detail: { cell } }) => controller.cancel([cell])}
        @cell-again=${(/** @type {CustomEvent} */ { detail: { cell } }) => controller.again([cell])}
        @cell-chosen=${(/** @type {CustomEvent} */ { detail: { cell } }) => this.#choose(cell)}
        @row-cancel=${(/** @type {CustomEvent} */ { detail: { cells } }) => controller.cancel(cells)}>
      ${this.#progress()}
      ${one ? html`<div class="one"><p role="status">${words.one(nameOf(one.asked, axesOf(this.state.value), known))}</p><button type="button" class="quiet" @click=${() => (this.chosen = [])}>${words.leave}</button></div>` : nothing}
      <cl-grid .page=${this.page} .grid=${controller.grid.value} .order=${controller.order.value} .known=${known} .look=${this.look}
        .state=${this.state.value} .chosen=${this.chosen} .step=${this.page.engine.work.value?.step ?? null}></cl-grid>
      ${this.#legends()}
    </section>`;
  }

  #progress() {
    const words = t().compare;
    const { controller, saving } = this;
    const { all, done, failed, cancelled, open } = controller.progress.value;
    const ended = all - open;
    return html`<div class="progress">
      ${
        open || controller.planning.value
          ? html`<progress aria-label=${words.filling} max=${all || nothing} value=${all ? ended : nothing}></progress>
        <span class="count">${words.progress(ended, all)}</span>
        <button type="button" class="cancel-all" ?disabled=${!open} @click=${() => controller.cancel()}>${words.cancelAll}</button>`
          : html`<p class="count">${words.settled(done, failed, cancelled)}</p>
        ${cancelled ? html`<button type="button" class="resume" @click=${() => controller.again()}>${words.resume}</button>` : nothing}
        ${part(
          'save',
          () => html`<span class="save">
          <button type="button" class="save-grid" ?disabled=${!done || saving} @click=${() => this.#save('grid')}>${words.saveGrid}</button>
          <button type="button" class="save-all" ?disabled=${!done || saving} @click=${() => this.#save('all')}>${words.saveAll}</button></span>`,
        )}`
      }
    </div>`;
  }

  #legends() {
    return this.legends('transparent').map(({ colours, ends: [low, high] }) => {
      const background = `linear-gradient(90deg, ${colours.join(', ')})`;
      return html`<div class="legend"><span>${low}</span><span class="strip" aria-hidden="true" style=${styleMap({ background })}></span><span>${high}</span></div>`;
    });
  }

  /** What the colours of the cells mean; a signed map shows the `paper` where it is zero. */
  legends(/** @type {string} */ paper) {
    const about = this.page.engine.about.value;
    if (!about) return [];
    const { grid, scale } = this.controller;
    const { colormap } = this.#style();
    return legendsOf({ grid: grid.value, state: this.state.value, about, colormap, scale: scale.value, sides: sidesOf(this), paper });
  }

  #style() {
    const { colormap, opacity } = this.state.value;
    return drawOf(
      { ...STYLE, colormap, opacity },
      /** @type {import('../../engine/protocol.d.ts').About} */ (this.page.engine.about.value),
    );
  }

  /** How cells are drawn. @returns {Look | null} */
  get look() {
    const about = this.page.engine.about.value;
    if (!about) return null;
    const { colormap, opacity } = this.#style();
    const shared = this.state.value.scale === 'shared';
    const scaleOf = (/** @type {import('../../elements/paint.js').Scale} */ { min, max }) => (shared && max > min ? { min, max } : null);
    const [scale, signedScale] = [scaleOf(this.controller.scale.value), scaleOf(this.controller.signedScale.value)];
    const key = JSON.stringify([colormap, opacity, scale, signedScale]);
    if (key === this.#lookKey) return this.#look;
    this.#lookKey = key;
    this.#look = {
      scale,
      signedScale,
      table: tableOf(coloursOf(about, colormap)),
      sides: /** @type {any} */ (sidesOf(this).map(colourOf)),
      opacity,
    };
    return this.#look;
  }

  /** Whether the networks say themselves which class is explained. */
  get #predicted() {
    return this.controller.grid.value?.values.class.includes(null) ?? false;
  }

  #sides() {
    const axes = axesOf(this.state.value);
    return this.chosen.map((cell) => ({ cell, name: nameOf(cell.asked, axes, this.known), href: hrefOf(cell, this.state.value) ?? '' }));
  }

  async #choose(/** @type {Cell} */ cell) {
    this.chosen = this.chosen.includes(cell) ? this.chosen.filter((one) => one !== cell) : [...this.chosen, cell].slice(-2);
    if (this.chosen.length < 2) return;
    await this.updateComplete;
    this.find('cl-pair').show();
  }

  #ask(/** @type {CustomEvent<Partial<Compare>>} */ { detail }) {
    this.controller.ask(detail);
  }

  #example(/** @type {string} */ picture) {
    const { colormap, opacity, scale } = this.state.value;
    this.opened = null;
    this.controller.ask({ ...COMPARE, colormap, opacity, scale, pictures: [{ kind: 'sample', name: picture }] });
  }

  #pick(/** @type {any} */ { target }) {
    const files = [...target.files];
    target.value = '';
    if (files.length) this.#give(files);
  }

  #give(/** @type {File[]} */ files) {
    this.status.clear();
    this.status.attempt(() => this.#take(ownFiles(this.page).take(files)));
  }

  #take(/** @type {import('../../sources/own.js').Given} */ taken) {
    const { change, told } = given(this.state.peek(), taken);
    if (change) this.controller.ask(change);
    if (told) this.status.say(told);
  }

  async #save(/** @type {'grid' | 'all'} */ what) {
    this.saving = true;
    this.status.say(() => t().compare.saving);
    await this.status.attempt(async () => {
      const { filesOf } = await import('./saving.js');
      const { blob, name } = await filesOf(what, this);
      giveFile(this, blob, name);
      this.status.say(() => t().compare.saved(name));
    });
    this.saving = false;
  }

  updated() {
    // What the end of a run is, for those who listen.
    const still = this.settled;
    if (still && !this.#told) {
      const { done, failed } = this.controller.progress.peek();
      this.status.announce(() => t().compare.finished(done, failed));
    }
    this.#told = still;
  }
}

customElements.define('cl-compare', CompareView);
