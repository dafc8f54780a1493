// Doctor or nurse? The same picture before two networks, one of which has learned the wrong thing. The controller computes.
import { html, repeat } from '../../elements/element.js';
import { ViewElement } from '../../elements/view.js';
import '../../elements/choice.js';
import '../../elements/heatmap.js';
import '../../elements/legend.js';
import { Media } from '../../elements/media.js';
import { f, t } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { part } from '../../state/preferences.js';
import { drawOf, FOLLOWING } from '../../state/question.js';
import sheet from './bias.css';
import { BOTH, Controller, NETWORKS, noteOf, saidOf } from './controller.js';

const PREDICTED = ''; // explains what the network itself says
const WIDE = '(min-width: 56rem)';

/** @extends {ViewElement<import('../../state/bias.js').Bias, Controller>} */
export class BiasView extends ViewElement {
  static sheet = sheet;

  #wide = new Media(this, WIDE);

  connectedCallback() {
    super.connectedCallback();
    this.begin(() => new Controller({ ...this.parts, wide: this.#wide.matches }));
  }

  render() {
    const words = t().bias;
    const { people, networks, mark } = this.controller;
    if (people.value === null) return html`<p class="hint">${words.missing}</p>`;
    const { stale, stopped } = mark.value;
    return html`<div class="room">
      ${part('lead', () => html`<div class="lead"><h2>${words.heading}</h2><p>${words.lead} <strong>${words.ask}</strong></p></div>`)}
      ${part('picture', () => this.#people())}
      <div class="figures" data-count=${networks.value.length} aria-busy=${stale && !stopped}>
        ${repeat(
          networks.value,
          (name) => name,
          (name) => this.#figure(name),
        )}
      </div>
      <div class="question">${part('network', () => this.#offerNetworks())}${part('classes', () => this.#offerClasses())}${this.#legend()}
        <button type="button" class="primary again" ?hidden=${!stopped} @click=${() => this.controller.ask()}>${words.again}</button>
      </div>
      ${part('questions', () => this.#questions())}
    </div>`;
  }

  #people() {
    const { people, person } = this.controller;
    const options = (people.value ?? []).map(({ about, url }) => ({ value: about.file, title: t().bias.person(about), image: url }));
    return html`<cl-choice class="people" .legend=${t().bias.people} .options=${options} .value=${person.value?.about.file ?? ''}
      @choose=${this.#set('person')}></cl-choice>`;
  }

  #offerNetworks() {
    const options = [...NETWORKS.map((value) => ({ value, title: t().bias.network(value) })), { value: BOTH, title: t().bias.both }];
    return html`<cl-choice class="networks" .legend=${t().bias.networks} .options=${options} .value=${this.controller.network.value}
      @choose=${this.#set('network')}></cl-choice>`;
  }

  #offerClasses() {
    const { labels, class: chosen } = this.controller;
    const options = [
      { value: PREDICTED, title: t().bias.prediction },
      ...labels.value.map((value) => ({ value, title: f().capital(className({ id: 0, name: value })) })),
    ];
    return html`<cl-choice class="classes" .legend=${t().bias.classes} .options=${options} .value=${chosen.value ?? PREDICTED}
      @choose=${this.#set('class')}></cl-choice>`;
  }

  #figure(/** @type {string} */ name) {
    const { network, drawing } = t().bias;
    const { stale, stopped } = this.controller.mark.value;
    const answer = this.controller.shown.value.get(name);
    const detail = network(name);
    if (!answer) return html`<cl-heatmap .detail=${detail} .stale=${stale} .stopped=${stopped}></cl-heatmap>`;
    const { picture, explanation, bitmap } = answer;
    const [of] = explanation.classes ?? [];
    return html`<cl-heatmap .bitmap=${bitmap} .detail=${detail} .stale=${stale} .stopped=${stopped} .heading=${saidOf(answer)}
      .label=${drawing(name, className(of), picture.about)} .note=${noteOf(answer)}></cl-heatmap>`;
  }

  #legend() {
    const about = this.page.engine.about.value;
    return about && html`<cl-legend aria-hidden="true" .about=${about} .drawing=${drawOf(FOLLOWING, about)}></cl-legend>`;
  }

  #questions() {
    const words = t().bias;
    const { scenes, models, parts } = this.controller.figures.value ?? { scenes: 0, models: {} };
    const measured = NETWORKS.filter((name) => models[name]);
    return html`<section class="panel questions">
      <h3>${words.look}</h3>
      <p>${words.task}</p>
      <div class="row telling"><span>${words.telling}</span>${this.controller.telling.value.map(
        ({ about }) => html`<button type="button" @click=${() => this.#show(about.file)}>${words.person(about)}</button>`,
      )}</div>
      <ul class="measured" ?hidden=${!measured.length}>${measured.map((name) => html`<li>${words.measured(name, scenes, models[name], parts)}</li>`)}</ul>
      <details>
        <summary>${words.explained}</summary>
        <p>${words.biased}</p>
        <p>${words.balanced}</p>
        <p class="hint">${words.source}</p>
      </details>
    </section>`;
  }

  /** Shows a person, whom the visitor then sees: the figures stand above, on a telephone beyond the screen. */
  #show(/** @type {string} */ person) {
    this.state.value = { ...this.state.value, person };
    this.shadowRoot?.querySelector('.figures')?.scrollIntoView({ block: 'nearest' });
  }

  #set(/** @type {'person' | 'network' | 'class'} */ name) {
    return (/** @type {CustomEvent} */ { detail }) => {
      this.state.value = { ...this.state.value, [name]: detail || null };
    };
  }
}

customElements.define('cl-bias', BiasView);
