// Can you trust it?: four experiments with one heatmap. The layout, and who is told what; the controller computes.
import '../../elements/choice.js';
import { classMap, html, ifDefined, live, nothing, repeat } from '../../elements/element.js';
import { questionChoices, sourceChoices } from '../../elements/game/choices.js';
import '../../elements/game/shown.js';
import '../../elements/heatmap.js';
import '../../elements/legend.js';
import { giveFile } from '../../elements/look.js';
import { rangeOf } from '../../elements/paint.js';
import { ViewElement } from '../../elements/view.js';
import { f } from '../../i18n/index.js';
import { className, methodTitle } from '../../i18n/tables.js';
import { hashOf } from '../../state/address.js';
import { part } from '../../state/preferences.js';
import { BASELINES, EXPERIMENTS, SHARES, shareOf, STEPS } from '../../state/trust.js';
import { drawingOf } from './base.js';
import './chart.js';
import { Controller } from './controller.js';
import { coveredPixels, exchanged, exchangedPixels } from './exchange.js';
import { costOf, PLACES } from './experiments.js';
import { numbersOf } from './saving.js';
import sheet from './trust.css';
import { ranked, variantName, verdictOf } from './verdict.js';
import { words } from './words.js';

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Experiment, Trust } from '../../state/trust.js'
 * @import { Base } from './base.js'
 * @import { Changes, Covers, Curves, Weights } from './experiments.js'
 *
 * @typedef {{ base: Base, about: About }} Context
 */

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** @extends {ViewElement<Trust, Controller>} */
export class TrustView extends ViewElement {
  static sheet = sheet;

  connectedCallback() {
    super.connectedCallback();
    this.begin(
      () => new Controller({ ...this.parts, wordsOf: (experiment) => this.#verdict(experiment) }),
      ({ pictures }) => this.controller.choose({ picture: pictures[0] }),
    );
  }

  /** @returns {Context | null} what the numbers on the screen are of */
  get context() {
    const [base, about] = [this.controller.base.value, this.page.engine.about.value];
    return base && about ? { base, about } : null;
  }

  render() {
    const { controller, context } = this;
    const { heading, lead, missing } = words();
    if (controller.missing.value) return html`<p class="hint">${missing}</p>`;
    return html`<div class="room">
      ${part('lead', () => html`<div class="lead"><h2>${heading}</h2><p>${lead}</p></div>`)}
      <div class="doubted">${this.#heatmap(context)}${context ? this.#choices(context) : nothing}</div>
      ${this.#experiment(context)}
      ${sourceChoices({ page: this.page, asked: this.state.value, seen: controller.base.value, said: words(), choose: (change) => controller.choose(change) })}
    </div>`;
  }

  // What is doubted

  #heatmap(/** @type {Context | null} */ context) {
    const { controller } = this;
    const said = words();
    const stopped = controller.stopped.value && !controller.running.value;
    const behind = controller.behind.value;
    if (!context)
      return html`<div class="figure"><cl-heatmap .stale=${behind} .stopped=${stopped}></cl-heatmap>${this.#again(stopped)}</div>`;
    const { base, about } = context;
    const { of, explanation } = base;
    const name = className(of);
    return html`<div class="figure">
      <cl-heatmap .bitmap=${base.bitmap} .label=${said.heatmap(name)} .heading=${f().capital(name)}
        .detail=${said.scored(f().decimal(of.probability))} .note=${of.flat ? said.flat : ''} .stale=${behind} .stopped=${stopped}></cl-heatmap>
      ${part('caption', () => html`<cl-legend aria-hidden="true" .about=${about} .drawing=${drawingOf(explanation.request.method, about)}></cl-legend><p class="hint">${said.scoreHint}</p>`)}
      ${this.#again(behind && stopped)}
    </div>`;
  }

  #again(/** @type {boolean} */ offered) {
    return html`<button type="button" class="primary again" ?hidden=${!offered} @click=${() => this.controller.again()}>${words().again}</button>`;
  }

  #choices(/** @type {Context} */ { base, about }) {
    const { model, of } = base;
    return questionChoices({
      asked: this.state.value,
      model,
      of,
      top: base.explanation.top ?? [],
      about,
      methods: about.methods,
      ask: (change) => this.controller.ask(change),
    });
  }

  // The experiment that is looked at

  #experiment(/** @type {Context | null} */ context) {
    const said = words();
    const { experiment } = this.state.value;
    const usable = context && !context.base.of.flat && !this.controller.behind.value;
    return html`<section class="panel experiment" aria-labelledby="question">
      <cl-choice .legend=${said.experiment} .options=${EXPERIMENTS.map((value) => ({ value, title: said.experiments[value] }))} .value=${experiment}
        @choose=${(/** @type {CustomEvent} */ { detail }) => this.controller.ask({ experiment: detail })}></cl-choice>
      <h3 id="question">${said.questions[experiment]}</h3>
      ${usable ? this.#body(experiment, context) : html`<p class="hint">${context?.base.of.flat ? said.flat : said.computing}</p>`}
    </section>`;
  }

  #body(/** @type {Experiment} */ experiment, /** @type {Context} */ context) {
    const said = words();
    const { controller } = this;
    const bodies = {
      cover: () => this.#cover(context),
      curves: () => this.#curves(context),
      weights: () => this.#weights(context),
      changes: () => this.#changes(context),
    };
    const verdict = this.#verdict(experiment);
    return html`
      <div class="told"><p class="verdict" ?hidden=${controller.waits.value}>${verdict || said.computing}</p>${verdict ? nothing : this.#asking(experiment, context)}</div>
      ${bodies[experiment]()}
      ${part('save', () => html`<button type="button" class="save" ?disabled=${!controller.isDone(experiment)} @click=${() => this.#save(context)}>${said.save}</button>`)}`;
  }

  /** What was measured, when it is all there; else nothing. @returns {string} */
  #verdict(/** @type {Experiment} */ experiment) {
    const found = this.controller.foundBy(experiment);
    const { context } = this;
    return found && context && this.controller.isDone(experiment) ? verdictOf(experiment, found, context) : '';
  }

  /** How far it is, or a button that begins it. */
  #asking(/** @type {Experiment} */ experiment, /** @type {Context} */ { base, about }) {
    const { controller } = this;
    const said = words();
    if (controller.waits.value) {
      const cost = costOf(experiment, base, about);
      const unit = experiment === 'cover' || experiment === 'curves' ? said.costs.passes : said.costs.heatmaps;
      return html`<div class="asking"><button type="button" class="primary compute" @click=${() => controller.compute()}>${controller.stopped.value ? said.resume : said.compute}</button>
        <p class="hint">${unit(cost)}</p></div>`;
    }
    const { done, total } = this.#progress(experiment, about);
    return html`<progress aria-label=${said.progress} max=${ifDefined(total)} value=${ifDefined(done)}></progress>`;
  }

  /** @returns {{ done?: number, total?: number }} */
  #progress(/** @type {Experiment} */ experiment, /** @type {About} */ about) {
    const { controller, page } = this;
    if (experiment === 'weights') {
      const found = controller.foundBy('weights');
      return found ? { done: found.steps.filter((step) => step !== null).length, total: found.steps.length } : {};
    }
    const base = controller.base.value;
    if (experiment === 'changes')
      return { done: controller.foundBy('changes')?.changed.length ?? 0, total: base ? costOf('changes', base, about) : undefined };
    const { step = null } = page.engine.work.value ?? {};
    return step ? { done: step.done, total: step.total } : {};
  }

  #slider(
    /** @type {{ id: string, label: string, value: number, min: number, max: number, step: number, said: string, change: (value: number) => void }} */ a,
  ) {
    return html`<div class="field"><label for=${a.id}>${a.label}<span class="value">${a.said}</span></label>
      <input id=${a.id} type="range" min=${a.min} max=${a.max} step=${a.step} autocomplete="off" aria-valuetext=${a.said} .value=${live(String(a.value))}
        @input=${(/** @type {any} */ { target }) => a.change(target.valueAsNumber)}></div>`;
  }

  // Cover

  #cover(/** @type {Context} */ { base }) {
    const { controller } = this;
    const said = words().cover;
    const { share, cover } = this.state.value;
    const { frame, missing, ranking, aspect } = base;
    const count = coveredPixels(share, ranking.length);
    const found = controller.foundBy('cover');
    const stale = !controller.isDone('cover');
    const score = (/** @type {number | undefined} */ value) => (value === undefined ? '' : words().scored(f().decimal(value)));
    const headings = { without: said.without(f().percent(share)), alone: said.alone(f().percent(share)) };
    const picture = (/** @type {'without' | 'alone'} */ which) => {
      const [from, to] = which === 'without' ? [frame, missing[cover]] : [missing[cover], frame];
      return html`<cl-shown class=${which} .image=${exchanged(from, to, ranking, count)} .aspect=${aspect} .label=${headings[which]} .heading=${headings[which]}
        .detail=${score(found?.[which])} .stale=${stale}></cl-shown>`;
    };
    return html`<div class="row">
      ${this.#slider({ id: 'share', label: said.share, value: share, ...SHARES, step: 0.01, said: f().percent(share), change: (value) => controller.ask({ share: shareOf(value) }) })}
      <div class="field"><label for="baseline">${said.baseline}</label>
        <select id="baseline" autocomplete="off" @change=${(/** @type {any} */ { target }) => controller.ask({ cover: target.value })}>
          ${BASELINES.map((name) => html`<option value=${name} .selected=${live(name === cover)}>${said.baselines[name]}</option>`)}
        </select></div></div>
      ${spread(html`<div class="pictures">${picture('without')}${picture('alone')}</div>`, found ? this.#scores(found, base, stale) : nothing, said.hint(PLACES))}`;
  }

  #scores(/** @type {Covers} */ found, /** @type {Base} */ base, /** @type {boolean} */ stale) {
    const said = words().cover;
    const { whole, without, alone, elsewhere, share, by_chance: byChance } = found;
    const chance = (/** @type {0 | 1} */ which) => {
      const { min, max } = rangeOf(elsewhere.map((pair) => pair[which]));
      return said.range(f().decimal(/** @type {[number, number]} */ (byChance)[which]), f().decimal(min), f().decimal(max));
    };
    const row = (/** @type {string} */ name, /** @type {number} */ value, /** @type {string} */ other) =>
      html`<tr><th scope="row">${name}</th><td>${f().decimal(value)}</td><td>${other}</td></tr>`;
    return html`<table class=${classMap({ scores: true, stale })}>
      <thead><tr><th scope="col">${f().capital(className(base.of))}</th><th scope="col">${words().score}</th><th scope="col">${said.elsewhere}</th></tr></thead>
      <tbody>${row(said.whole, whole, '')}${row(said.without(f().percent(share)), without, chance(0))}${row(said.alone(f().percent(share)), alone, chance(1))}</tbody>
    </table>`;
  }

  // Curves

  #curves(/** @type {Context} */ { base }) {
    const { controller } = this;
    const said = words().curves;
    const found = controller.foundBy('curves');
    const { step } = this.state.value;
    const { frame, missing, ranking, aspect } = base;
    const count = exchangedPixels(step, STEPS, ranking.length);
    const share = f().percent(count / ranking.length);
    const score = (/** @type {'deletion' | 'insertion'} */ which) =>
      found ? words().scored(f().decimal(found[which].points[step][1])) : '';
    const headings = { deletion: said.deleted(share), insertion: said.inserted(share) };
    const picture = (/** @type {'deletion' | 'insertion'} */ which) => {
      const [from, to] = which === 'deletion' ? [frame, missing.mean] : [missing.blur, frame];
      return html`<cl-shown class=${which} .image=${exchanged(from, to, ranking, count)} .aspect=${aspect} .label=${headings[which]} .heading=${headings[which]}
        .detail=${score(which)}></cl-shown>`;
    };
    return html`${this.#slider({ id: 'step', label: said.step, value: step, min: 0, max: STEPS, step: 1, said: share, change: (value) => controller.ask({ step: value }) })}
      ${spread(html`<div class="pictures">${picture('deletion')}${picture('insertion')}</div>`, found ? this.#curveChart(found, step) : nothing, said.hint)}`;
  }

  #curveChart(/** @type {Curves} */ { deletion, insertion }, /** @type {number} */ step) {
    const said = words().curves;
    const [areaOfDeletion, areaOfInsertion] = [deletion, insertion].map(({ area }) => f().decimal(area));
    const lines = [
      { name: said.area(said.deletion, areaOfDeletion), points: deletion.points },
      { name: said.area(said.insertion, areaOfInsertion), points: insertion.points },
    ];
    const across = { label: said.across, ticks: QUARTERS.map((at) => ({ at, words: f().percent(at) })) };
    return html`<cl-trust-chart .lines=${lines} .across=${across} .up=${upTo(words().score, [0, 0.5, 1])} .at=${deletion.points[step][0]}
      .label=${said.chart(areaOfDeletion, areaOfInsertion)}></cl-trust-chart>`;
  }

  // Random weights

  #weights(/** @type {Context} */ { base, about }) {
    const { controller } = this;
    const said = words().weights;
    const found = controller.foundBy('weights');
    if (!found) return part('caption', () => html`<p class="hint">${said.hint}</p>`);
    const { counts, modules, methods, steps, trained } = found;
    const step = Math.min(this.state.value.fresh, counts.length - 1);
    const count = counts[step];
    const maps = steps[step];
    const rank = (/** @type {number} */ i) =>
      maps === null ? said.absent : maps[i].rank === null ? said.unranked : said.rank(ranked(maps[i].rank));
    const row = (/** @type {string} */ method, /** @type {number} */ i) => {
      const title = methodTitle(about, method);
      return html`<section class="method" data-method=${method} aria-label=${title}><h4>${title}</h4><div class="pictures">
        <cl-shown class="trained" .image=${trained[i]} .aspect=${base.aspect} .smooth=${true} .label=${said.picture(title, said.trained)} .heading=${said.trained}></cl-shown>
        <cl-shown class="random" .image=${maps?.[i].image ?? null} .aspect=${base.aspect} .smooth=${true} .label=${said.picture(title, said.random(count))} .heading=${said.random(count)} .detail=${rank(i)}></cl-shown>
      </div></section>`;
    };
    return html`${this.#slider({ id: 'fresh', label: said.fresh, value: step, min: 0, max: counts.length - 1, step: 1, said: said.value(count, modules.length), change: (value) => controller.ask({ fresh: value }) })}
      <p class="modules">${count ? said.some(count, modules.length, modules[modules.length - count]) : said.none}</p>
      ${spread(html`<div class="methods">${methods.map(row)}</div>`, this.#rankChart(found, step, about), said.hint)}`;
  }

  #rankChart(/** @type {Weights} */ { counts, methods, modules, steps }, /** @type {number} */ step, /** @type {About} */ about) {
    const said = words().weights;
    const lines = methods.map((method, i) => ({
      name: said.likeness(methodTitle(about, method), ranked(steps[step]?.[i].rank ?? null)),
      points: steps.map((maps, at) => {
        const rank = maps?.[i].rank ?? null;
        return rank === null ? null : /** @type {const} */ ([counts[at], rank]);
      }),
    }));
    const lowest = Math.min(0, ...lines.flatMap(({ points }) => points.map((point) => point?.[1] ?? 0)));
    const across = {
      label: said.across,
      ticks: [0, ...(modules.length > 1 ? [Math.round(modules.length / 2)] : []), modules.length].map((at) => ({
        at,
        words: f().number(at),
      })),
    };
    return html`<cl-trust-chart .lines=${lines} .across=${across} .up=${upTo(
      said.up,
      [-1, -0.5, 0, 0.5, 1].filter((at) => at > lowest - 0.5),
    )} .at=${counts[step]} .label=${said.chart}></cl-trust-chart>`;
  }

  // Small changes

  #changes(/** @type {Context} */ { base }) {
    const said = words().changes;
    const { changed } = this.controller.foundBy('changes') ?? /** @type {Changes} */ ({ changed: [] });
    return html`<ul class="changed" aria-label=${said.list}>${repeat(
      changed,
      ({ variant }) => JSON.stringify(variant),
      ({ variant, image, rank, probability }) => {
        const name = variantName(variant);
        const score = f().decimal(probability);
        return html`<li><cl-shown .image=${image} .aspect=${base.aspect} .smooth=${true} .label=${name} .heading=${name}
          .detail=${rank === null ? said.flat(score) : said.numbers(ranked(rank), score)}></cl-shown></li>`;
      },
    )}</ul>
    ${part('caption', () => html`<p class="hint">${said.hint}</p>`)}`;
  }

  #save(/** @type {Context} */ { base, about }) {
    const url = new URL(this.page.address());
    url.hash = hashOf('trust', this.state.peek());
    const text = `${JSON.stringify(numbersOf(base, this.controller.findings, { about, link: url.href }), null, 2)}\n`;
    const name = 'trust.json';
    giveFile(this, new Blob([text], { type: 'application/json' }), name);
    this.status.say(() => words().saved(name));
  }
}

/** Pictures, and beside them numbers with what must be known to read them. */
const spread = (/** @type {unknown} */ pictures, /** @type {unknown} */ numbers, /** @type {string} */ hint) =>
  html`<div class="spread">${pictures}<div class="numbers">${numbers}${part('caption', () => html`<p class="hint">${hint}</p>`)}</div></div>`;

/** An axis upwards with these ticks. */
const upTo = (/** @type {string} */ label, /** @type {number[]} */ ticks) => ({
  label,
  ticks: ticks.map((at) => ({ at, words: f().decimal(at) })),
});

customElements.define('cl-trust', TrustView);
