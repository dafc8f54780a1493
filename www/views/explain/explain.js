// Explaining one picture by every means that the engine has: the layout, and who is told what. The controller computes.
import { hides, part } from '../../state/preferences.js';
import { className, modelTitle, titleOf } from '../../i18n/tables.js';
import { f, sentenceOf, t } from '../../i18n/index.js';
import '../../elements/appearance.js';
import '../../elements/classes.js';
import { classMap, html, nothing, repeat } from '../../elements/element.js';
import { ViewElement } from '../../elements/view.js';
import '../../elements/heatmap.js';
import '../../elements/layers.js';
import '../../elements/legend.js';
import { give } from '../../elements/giving.js';
import { lookOf } from '../../elements/look.js';
import '../../elements/method.js';
import '../../elements/model-picker.js';
import { correcting } from '../../elements/own-network.js';
import '../../elements/picture-source.js';
import '../../elements/readout.js';
import '../../elements/save.js';
import '../../elements/window.js';
import { dataOf } from '../../sources/model.js';
import { hashOf } from '../../state/address.js';
import { ERASE } from '../../state/erase.js';
import { BUDGET, methodOf } from '../../state/question.js';
import { contrastedWith } from '../../state/target.js';
import { STEPS } from '../../state/steps.js';
import { TRUST } from '../../state/trust.js';
import { howOf, labelOf, noteOf, numberedName, scoreOf, totalOf } from './caption.js';
import { Controller } from './controller.js';
import sheet from './explain.css';
import { InSight } from './in-sight.js';
import { Previews } from './previews.js';
import './layer-times.js';
import { filesOf } from './saving.js';

/**
 * @import { Explain } from '../../state/explain.js'
 * @import { Explanation } from '../../engine/handles.js'
 * @import { Given } from '../../sources/own.js'
 * @import { ZooEntry } from '../../weights/source.js'
 *
 * @typedef {Pick<Given, 'pictures' | 'model'>} Taken
 */

/** The parts of each column of choices. */
const GROUPS = /** @type {const} */ ([
  ['classes', 'picture', 'network'],
  ['method', 'layers', 'appearance'],
]);

/** @extends {ViewElement<Explain, Controller>} */
export class ExplainView extends ViewElement {
  static sheet = sheet;

  static properties = {
    alone: { state: true },
    held: { state: true },
    original: { state: true },
    zoo: { state: true },
    note: { state: true },
  };

  /** @type {Explanation | null} the one that was rendered last */
  #rendered = null;
  #inSight = new InSight(this, () => this.find('.figures'));

  constructor() {
    super();
    /** Whether the picture is to be shown without the heatmap; and whether only as long as it is pressed. */
    this.alone = false;
    this.held = false;
    /** @type {{ of: Explanation, bitmap: ImageBitmap } | null} */
    this.original = null;
    /** @type {ZooEntry | null} the smallest network for photographs */
    this.zoo = null;
    /** @type {(() => string) | null} what became of a save while the status bar tells of the engine's work */
    this.note = null;
    /** @type {Previews} */
    this.previews = /** @type {any} */ (null);
    /** @type {Map<number, { of: Explanation, get: () => Promise<any> }>} */
    this.maps = new Map();
  }

  get explanation() {
    return this.controller.explanation.value;
  }

  connectedCallback() {
    super.connectedCallback();
    const { page } = this;
    this.begin(
      () =>
        new Controller({
          ...this.parts,
          onDrawn: (explanation) =>
            this.status.announce(() => {
              const classes = explanation.classes ?? [];
              const notes = classes.map((one) => noteOf(one, explanation)).filter(Boolean);
              return t().explain.drawn(
                classes.map((_, i) => labelOf(explanation, i)),
                [...new Set(notes)],
              );
            }),
        }),
      (given) => this.#take(given),
    );
    this.previews ??= new Previews(this.controller);
    this.previews.connect();
    page.embedded.then((embedded) => (this.zoo = embedded?.zoo.find(({ classes }) => classes === 1000) ?? null)).catch(() => {});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.previews.disconnect();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    if (!this.controller.working.value) this.note = null;
  }

  render() {
    const { page, controller, state } = this;
    const question = state.value;
    const { sections, title } = t().explain;
    const about = page.engine.about.value;
    const [model, picture] = [controller.model.value, controller.picture.value];
    const explanation = controller.explanation.value;
    const [inputs, ways] = GROUPS.map((names) => names.some((name) => !hides(name)));
    const panel = (/** @type {keyof typeof sections} */ name, /** @type {any} */ content) => html`
      <section class="panel ${name}" aria-labelledby="${name}-heading"><h3 id="${name}-heading">${sections[name]}</h3>${content}</section>`;
    return html`
      <h2 class="unseen">${title}</h2>
      <div class=${classMap({ room: true, full: inputs && ways, bare: !inputs && !ways })} @ask=${this.#ask} @files-given=${this.#takeFiles}>
        ${this.#result()}
        <div class="choices inputs" ?hidden=${!inputs}>
          ${part('classes', () =>
            panel(
              'classes',
              html`<cl-classes .model=${model} .explanation=${explanation} .asked=${question.classes}
            .about=${about} .stopped=${controller.stopped.value}></cl-classes>`,
            ),
          )}
          ${part('picture', () =>
            panel(
              'picture',
              html`<cl-picture-source .page=${page} .picture=${picture} .source=${question.picture}
            @picture-chosen=${this.#choosePicture}></cl-picture-source>
          ${question.picture && picture?.range ? html`<cl-window .range=${picture.range} .window=${question.window}></cl-window>` : nothing}`,
            ),
          )}
          ${part('network', () =>
            panel(
              'network',
              html`<cl-model-picker .page=${page} .model=${model} .source=${question.model}
            @model-chosen=${this.#chooseModel}></cl-model-picker>`,
            ),
          )}
        </div>
        <div class="choices ways" ?hidden=${!ways}>
          ${part('method', () =>
            panel(
              'method',
              html`<cl-method .about=${about} .question=${question} .model=${model} .rival=${contrastedWith(explanation?.target)}
            .budget=${BUDGET}></cl-method>`,
            ),
          )}
          ${part('layers', () =>
            panel(
              'layers',
              html`<cl-layers .about=${about} .question=${question} .model=${model} .previews=${this.previews.list.value}
            .costly=${this.previews.costly.value} @seen=${this.#seen} @previews=${this.#allowPreviews}></cl-layers>`,
            ),
          )}
          ${part('appearance', () => panel('appearance', html`<cl-appearance .about=${about} .drawing=${this.#drawing(explanation)}></cl-appearance>`))}
        </div>
      </div>`;
  }

  /** The style as it is asked for, which is drawn an instant later. */
  #drawing(/** @type {Explanation | null} */ explanation) {
    const { method } = this.state.value;
    const about = this.page.engine.about.value;
    return about && this.controller.styleFor(explanation?.output ?? methodOf(about, method).output);
  }

  #result() {
    const { controller } = this;
    const words = t().explain;
    const about = this.page.engine.about.value;
    const explanation = controller.explanation.value;
    const [stale, stopped, drawn, needs] = [
      controller.stale.value,
      controller.stopped.value,
      controller.drawn.value,
      controller.needs.value,
    ];
    const bitmaps = controller.bitmaps.value;
    const classes = explanation?.classes ?? [];
    const shown = this.alone || this.held;
    return html`
      <section class="panel result" aria-labelledby="result-heading">
        <h3 id="result-heading" class="unseen">${words.sections.result}</h3>
        <div class=${classMap({ figures: true, several: classes.length > 1, many: classes.length > 4, small: this.#inSight.small })}>
          ${
            explanation
              ? repeat(
                  classes,
                  (_, i) => i,
                  (one, i) => html`
            <cl-heatmap .bitmap=${bitmaps[i] ?? null} .label=${labelOf(explanation, i)} .heading=${f().capital(numberedName(one))}
              .detail=${f().capital(scoreOf(one, explanation.model.problem))} 
              .note=${noteOf(one, explanation)} .stale=${stale} .stopped=${stopped}>
              <cl-readout .map=${this.#map(explanation, i)} .name=${className(one)} .alone=${shown}
                .original=${this.original?.of === explanation ? this.original.bitmap : null} @hold=${this.#hold}></cl-readout>
            </cl-heatmap>`,
                )
              : html`<cl-heatmap .stale=${controller.busy.value}></cl-heatmap>`
          }
        </div>
        ${explanation ? nothing : html`<p class="empty hint">${needs ? words.needs[needs] : ''}</p>`}
        ${
          explanation && about
            ? html`
          <cl-legend .about=${about} .drawing=${drawn}></cl-legend>
          ${part('caption', () => this.#caption(explanation, about))}
          ${[...(explanation.model.notes ?? []), ...(explanation.picture.notes ?? []), ...(explanation.notes ?? [])].map((note) => html`<p class="assumed hint">${sentenceOf(note)}</p>`)}
          ${this.#corrections()}
          ${this.#doubt()}`
            : nothing
        }
        <div class="acts">
          ${stopped && (!needs || this.status.failure.value) ? html`<button type="button" class="again primary" @click=${() => controller.again()}>${words.again}</button>` : nothing}
          ${explanation ? html`<button type="button" class="alone" aria-pressed=${this.alone} @click=${this.#toggleAlone}>${words.alone}</button>` : nothing}
          ${explanation ? html`<a class="button erase" href=${this.#erasing()}>${words.erase}</a> <a class="button trust" href=${this.#doubting()}>${words.trust}</a> ${this.#steps(explanation)}` : nothing}
          ${part('save', () => html`<cl-save ?disabled=${!explanation} .size=${explanation?.view ?? null} @save=${this.#save}></cl-save><p class="saving hint" role="status">${this.note?.() ?? ''}</p>`)}
        </div>
      </section>`;
  }

  /** The address that erases from this picture, before this network. */
  #erasing() {
    const { picture, model, classes } = this.state.value;
    return hashOf('erase', { ...ERASE, picture, model, class: classes[0] ?? null });
  }

  /** The address that takes this heatmap apart; nothing where its method adds up no channels. */
  #steps(/** @type {Explanation} */ { method }) {
    const info = this.page.engine.about.value?.methods.find(({ name }) => name === method);
    if (!info?.weighted_sum) return nothing;
    const { picture, model, classes, method: asked, layers } = this.state.value;
    const href = hashOf('steps', { ...STEPS, picture, model, class: classes[0] ?? null, method: asked, layer: layers[0] ?? null });
    return html`<a class="button steps" href=${href}>${t().explain.steps}</a>`;
  }

  /** The address of the experiments on this heatmap. */
  #doubting() {
    const { picture, model, classes, method, layers } = this.state.value;
    return hashOf('trust', { ...TRUST, picture, model, class: classes[0] ?? null, method, layer: layers[0] ?? null });
  }

  #caption(/** @type {Explanation} */ explanation, /** @type {import('../../engine/protocol.d.ts').About} */ about) {
    const { caption } = t().explain;
    const { budget, times = [] } = explanation;
    return html`<div class="caption">
      <p class="how">${howOf(explanation, about)}</p>
      ${budget ? html`<p class="budget">${caption.budget(budget.used, budget.of, budget.share)}</p>` : nothing}
      <details><summary class="total">${caption.total(totalOf(explanation), explanation.device ?? about.device.kind)}</summary>
        <ul class="times">${times.map(({ name, milliseconds }) => html`<li>${caption.time(t().tables?.times?.[name] ?? titleOf(name), milliseconds)}</li>`)}</ul>
        <cl-layer-times .model=${explanation.model} .page=${this.page} .status=${this.status}></cl-layer-times></details>
    </div>`;
  }

  /** The way to where a person says otherwise than what was assumed of a network of their own. */
  #corrections() {
    const { model } = /** @type {Explanation} */ (this.controller.explanation.value);
    if (/** @type {any} */ (model).source?.kind !== 'own' || hides('network')) return nothing;
    const ways = correcting(model.notes ?? [], model.variants ?? []).map(
      ({ field, label }) =>
        html`<button type="button" class="correct" @click=${() => this.find('cl-model-picker').show(field)}>${t().explain.correct(label)}</button>`,
    );
    return html`<div class="acts">${ways}</div>`;
  }

  /** A photograph before a network that knows no photographs: it answers all the same. */
  #doubt() {
    const [model, picture] = [this.controller.model.value, this.controller.picture.value];
    if (!model?.source || model.source.kind !== 'embedded' || !picture?.source || ['sample', 'board'].includes(picture.source.kind))
      return nothing;
    const { doubt } = t().explain;
    const { zoo } = this;
    return html`<div class="doubt">
      <p>${dataOf(/** @type {any} */ (model)) === 'people' ? doubt.people : doubt.stickers}</p>
      ${
        zoo
          ? html`<button type="button" class="offer" @click=${() => this.controller.choose('model', { kind: 'zoo', name: zoo.name })}>
        ${doubt.offer(modelTitle(zoo), zoo.bytes)}</button>`
          : nothing
      }
    </div>`;
  }

  /** Gives the map of one class when it is wanted; the same function as long as the explanation is the same. */
  #map(/** @type {Explanation} */ explanation, /** @type {number} */ which) {
    const known = this.maps.get(which);
    if (known?.of === explanation) return known.get;
    const get = () => this.controller.rawMap(explanation, which);
    this.maps.set(which, { of: explanation, get });
    return get;
  }

  #ask(/** @type {CustomEvent<{ change: Partial<Explain>, settle?: number }>} */ { detail: { change, settle = 0 } }) {
    this.controller.ask(change, { settle });
  }

  #choosePicture(/** @type {CustomEvent} */ { detail: { source } }) {
    this.controller.choose('picture', source);
  }

  #chooseModel(/** @type {CustomEvent} */ { detail: { source } }) {
    this.controller.choose('model', source);
  }

  #takeFiles(/** @type {CustomEvent<Taken>} */ { detail }) {
    this.#take(detail);
  }

  /** Of a network and a picture that were given together, the picture is explained by the network. */
  #take(/** @type {Taken} */ { pictures, model }) {
    if (model) this.controller.choose('model', model);
    if (pictures.length) this.controller.choose('picture', pictures[0]);
  }

  #seen(/** @type {CustomEvent<{ seen: boolean }>} */ { detail }) {
    this.previews.seen.value = detail.seen;
  }

  #allowPreviews() {
    this.previews.allow();
  }

  #toggleAlone() {
    this.alone = !this.alone;
    this.#bringOriginal();
  }

  #hold(/** @type {CustomEvent<{ held: boolean }>} */ { detail }) {
    this.held = detail.held;
    if (this.held) this.#bringOriginal();
  }

  async #bringOriginal() {
    const explanation = this.controller.explanation.peek();
    if (!(this.alone || this.held) || !explanation || this.original?.of === explanation) return;
    const bitmap = await this.status.attempt(() => this.controller.original(explanation));
    if (bitmap) this.original = { of: explanation, bitmap };
  }

  async #save(/** @type {CustomEvent<{ what: import('../../elements/save.js').What }>} */ { detail: { what } }) {
    const { page, controller } = this;
    // All that is saved is of what is shown, though a newer choice may be under way.
    const { answered } = controller;
    if (!answered) return;
    const url = new URL(page.address());
    url.hash = hashOf('explain', answered);
    const link = url.href;
    const own = [answered.model, answered.picture].some((source) => source?.kind === 'own');
    const heatmaps = /** @type {NodeListOf<import('../../elements/heatmap.js').Heatmap>} */ (
      this.renderRoot.querySelectorAll('cl-heatmap')
    );
    const drawings = [...heatmaps].map(({ canvas }) => canvas);
    const context = { link, look: lookOf(this), drawings };
    if (controller.working.peek() && !what.startsWith('copy')) this.note = () => t().explain.save.waiting;
    const told = await give(this, what, { link, own, files: () => controller.holding(filesOf(what, controller, context)) });
    this.note = null;
    if (told) this.#say(told);
  }

  /** Says what became of a save, where it is seen: while the engine is at work, the status bar tells of that. */
  #say(/** @type {() => string} */ sentence) {
    if (this.controller.working.peek()) this.note = sentence;
    else this.status.say(sentence);
  }

  updated() {
    // Another picture alone is wanted as soon as there is another explanation; what failed waits to be asked for again.
    const explanation = this.controller.explanation.peek();
    if (explanation === this.#rendered) return;
    this.#rendered = explanation;
    this.#bringOriginal();
  }
}

customElements.define('cl-explain', ExplainView);
