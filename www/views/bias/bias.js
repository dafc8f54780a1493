// Doctor or nurse? The same picture before two networks, one of which has learned the wrong thing.
import { effect, signal, untracked } from '@preact/signals-core';
import { Element, html, repeat } from '../../elements/element.js';
import '../../elements/choice.js';
import '../../elements/heatmap.js';
import '../../elements/legend.js';
import { Newest } from '../../engine/newest.js';
import { FOLLOWING, QUESTION, drawOf, requestOf } from '../../state/question.js';
import { t } from '../../i18n/index.js';
import { people } from '../../scenes/people.js';
import { part } from '../../state/preferences.js';
import sheet from './bias.css';

const NETWORKS = ['people-biased', 'people-balanced'];
const BOTH = 'both';
const PREDICTED = ''; // explains what the network itself says
const VIEW = 512;
const WIDE = '(min-width: 56rem)';

/** @typedef {{ name: string, picture: any, explanation: any, bitmap: ImageBitmap }} Shown one network's answer */

export class Bias extends Element {
  static sheet = sheet;
  static properties = {
    page: { attribute: false },
    state: { attribute: false },
    status: { attribute: false },
    active: { type: Boolean },
    shown: { state: true },
    mark: { state: true },
    pictures: { state: true },
  };

  /** @type {(() => void) | null} */
  #unfollow = null;
  #newest = new Newest();
  /** Aborted when the view leaves the screen. */
  #visit = new AbortController();
  #media = window.matchMedia(WIDE);
  #wide = signal(this.#media.matches);
  #resized = () => (this.#wide.value = this.#media.matches);
  /** @type {Map<string, any>} models as the engine takes them */
  #models = new Map();
  #opened = false;
  /** What was asked last, to tell whether it is still asked. */
  #asked = '';

  constructor() {
    super();
    /** @type {import('../../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** @type {import('@preact/signals-core').Signal<import('../../state/bias.js').Bias>} */
    this.state = /** @type {any} */ (null);
    /** @type {import('../../state/status.js').Status} */
    this.status = /** @type {any} */ (null);
    this.active = false;
    /** @type {Map<string, Shown>} what is on the screen, by the network's name */
    this.shown = new Map();
    this.mark = { stale: true, stopped: false };
    /** @type {any[] | null | undefined} undefined: not known yet; null: there are none */
    this.pictures = undefined;
    this.figures = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#media.addEventListener('change', this.#resized);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#media.removeEventListener('change', this.#resized);
    this.#rest();
  }

  willUpdate(/** @type {Map<string, unknown>} */ changed) {
    if (!changed.has('active')) return;
    if (this.active) this.#wake();
    else this.#rest();
  }

  /** Whether what is on the screen is what is asked for. */
  get settled() {
    return this.shown.size > 0 && !this.mark.stale;
  }

  get explanations() {
    return new Map([...this.shown].map(([name, { explanation }]) => [name, explanation]));
  }

  render() {
    if (this.pictures === null) return html`<p class="hint">${t().bias.missing}</p>`;
    const words = t().bias;
    return html`<div class="room">
      ${part('lead', () => html`<div class="lead"><h2>${words.heading}</h2><p>${words.lead} <strong>${words.ask}</strong></p></div>`)}
      ${part('picture', () => this.#people())}
      <div class="figures" data-count=${this.#networks.length} aria-busy=${this.mark.stale && !this.mark.stopped}>
        ${repeat(
          this.#networks,
          (name) => name,
          (name) => this.#figure(name),
        )}
      </div>
      <div class="question">${part('network', () => this.#offerNetworks())}${part('classes', () => this.#offerClasses())}${this.#legend()}
        <button type="button" class="primary again" ?hidden=${!this.mark.stopped} @click=${() => this.#ask()}>${words.again}</button>
      </div>
      ${part('questions', () => this.#questions())}
    </div>`;
  }

  #people() {
    const options = (this.pictures ?? []).map(({ about, url }) => ({ value: about.file, title: t().bias.person(about), image: url }));
    return html`<cl-choice class="people" .legend=${t().bias.people} .options=${options} .value=${this.#person?.about.file ?? ''}
      @choose=${this.#set('person')}></cl-choice>`;
  }

  #offerNetworks() {
    const options = [...NETWORKS.map((value) => ({ value, title: t().bias.network(value) })), { value: BOTH, title: t().bias.both }];
    return html`<cl-choice class="networks" .legend=${t().bias.networks} .options=${options} .value=${this.#network}
      @choose=${this.#set('network')}></cl-choice>`;
  }

  #offerClasses() {
    const options = [
      { value: PREDICTED, title: t().bias.prediction },
      ...this.#labels.map((value) => ({ value, title: capital(classTitle(value)) })),
    ];
    return html`<cl-choice class="classes" .legend=${t().bias.classes} .options=${options} .value=${this.#class ?? PREDICTED}
      @choose=${this.#set('class')}></cl-choice>`;
  }

  #figure(/** @type {string} */ name) {
    const { network, answer, drawing, flat } = t().bias;
    const shown = this.shown.get(name);
    const detail = network(name);
    if (!shown) return html`<cl-heatmap .detail=${detail} .stale=${this.mark.stale} .stopped=${this.mark.stopped}></cl-heatmap>`;
    const {
      picture: { about },
      explanation: {
        classes: [of],
        top: [said],
      },
      bitmap,
    } = shown;
    return html`<cl-heatmap .bitmap=${bitmap} .detail=${detail} .stale=${this.mark.stale} .stopped=${this.mark.stopped}
      .heading=${answer(classTitle(said.name), said.probability, said.name === about.label)}
      .label=${drawing(name, classTitle(of.name), about)} .note=${of.flat ? flat : ''}></cl-heatmap>`;
  }

  #legend() {
    const about = this.page.engine.about.value;
    return about && html`<cl-legend aria-hidden="true" .about=${about} .drawing=${drawOf(FOLLOWING, about)}></cl-legend>`;
  }

  #questions() {
    const words = t().bias;
    const { scenes, models } = this.figures ?? { scenes: 0, models: {} };
    const measured = NETWORKS.filter((name) => models[name]);
    return html`<section class="panel questions">
      <h3>${words.look}</h3>
      <p>${words.task}</p>
      <ul class="measured" ?hidden=${!measured.length}>${measured.map((name) => html`<li>${words.measured(name, scenes, models[name])}</li>`)}</ul>
      <details>
        <summary>${words.explained}</summary>
        <p>${words.biased}</p>
        <p>${words.balanced}</p>
        <p class="hint">${words.source}</p>
      </details>
    </section>`;
  }

  get #person() {
    return this.pictures?.find(({ about }) => about.file === this.state.value.person) ?? this.pictures?.[0];
  }

  /** A network's name, or both. */
  get #network() {
    const { network } = this.state.value;
    if (network === BOTH || (network && NETWORKS.includes(network))) return network;
    return this.#wide.value ? BOTH : NETWORKS[0];
  }

  /** The names of those to show. */
  get #networks() {
    return NETWORKS.filter((name) => [BOTH, name].includes(this.#network));
  }

  /** @returns {string[]} */
  get #labels() {
    return this.#models.get(NETWORKS[0])?.labels ?? [...new Set((this.pictures ?? []).map(({ about }) => about.label))];
  }

  /** What is asked for, to compare. */
  get #question() {
    return JSON.stringify([this.#person?.about.file, this.#networks, this.#class]);
  }

  get #class() {
    return this.#labels.find((label) => label === this.state.value.class) ?? null;
  }

  #set(/** @type {'person' | 'network' | 'class'} */ name) {
    return (/** @type {CustomEvent} */ { detail }) => {
      this.state.value = { ...this.state.value, [name]: detail || null };
    };
  }

  async #wake() {
    if (!this.#opened && !(await this.#open())) return;
    if (!this.active || this.#unfollow) return;
    this.#visit = new AbortController();
    this.#unfollow = effect(() => {
      const question = this.#question;
      untracked(() => (question !== this.#asked || this.mark.stale) && this.#ask(question));
    });
  }

  #rest() {
    this.#unfollow?.();
    this.#unfollow = null;
    this.#newest.abort();
    this.#visit.abort();
  }

  /** Fetches the pictures, and tells whether there are any. */
  async #open() {
    return this.status.attempt(async () => {
      const embedded = await this.page.embedded;
      const found = NETWORKS.every((name) => embedded?.named(name)) ? await people() : null;
      this.pictures = found?.pictures ?? null;
      this.figures = found?.figures ?? null;
      this.#opened = Boolean(found);
      this.#refuse();
      return this.#opened;
    });
  }

  /** Tells what the link names that is not here. */
  #refuse() {
    const { person, network, class: label } = this.state.value;
    const refused = [
      { name: 'person', found: person, known: this.pictures?.map(({ about }) => about.file) },
      { name: 'network', found: network, known: [...NETWORKS, BOTH] },
      { name: 'class', found: label, known: this.#labels },
    ].filter(({ found, known }) => found !== null && known && !known.includes(found));
    this.status.refuse(/** @type {any} */ (refused));
  }

  /** Computes what is asked for; of several askings the newest counts. */
  async #ask(question = this.#question) {
    const asked = this.#asked !== ''; // else it is only what the view begins with
    this.#asked = question;
    this.mark = { stale: true, stopped: false };
    try {
      const results = await this.#newest.run((signal) => this.#compute(signal));
      this.shown = new Map(results.map((result) => [result.name, result]));
      this.mark = { stale: false, stopped: false };
      this.status.recover();
      if (asked) this.status.announce(() => results.map(said).join(' '));
      this.#loadOthers();
    } catch (error) {
      if (question !== this.#asked || !this.active) return;
      this.mark = { stale: true, stopped: true };
      this.status.fail(error, { words: () => t().page.retry, run: () => this.#ask() });
    }
  }

  /** @returns {Promise<Shown[]>} */
  async #compute(/** @type {AbortSignal} */ signal) {
    const { engine } = this.page;
    const [picture, networks, label] = [this.#person, this.#networks, this.#class];
    const models = await Promise.all(networks.map((name) => this.#model(name, signal)));
    const results = [];
    for (const [i, name] of networks.entries()) {
      const model = models[i];
      await engine.load(model, { signal });
      const about = /** @type {any} */ (engine.about.value);
      const request = requestOf({ ...QUESTION, classes: label ? [model.labels.indexOf(label)] : [] }, about, { view: VIEW });
      const {
        explanation,
        bitmaps: [bitmap],
      } = await engine.glance({ model, picture, request }, drawOf(FOLLOWING, about), { signal, quiet: true });
      results.push({ name, picture, explanation, bitmap });
    }
    return results;
  }

  /** A network's files; both stay with the engine, so that another person costs two passes and no loading. */
  async #model(/** @type {string} */ name, /** @type {AbortSignal} */ signal) {
    const embedded = await this.page.embedded;
    if (!this.#models.has(name)) this.#models.set(name, await embedded?.load(/** @type {any} */ (embedded.named(name))));
    signal.throwIfAborted();
    return this.#models.get(name);
  }

  /** The network that is not on the screen is loaded beforehand. */
  async #loadOthers() {
    const { signal } = this.#visit;
    for (const name of NETWORKS) {
      if (this.shown.has(name)) continue;
      await this.#model(name, signal)
        .then((model) => this.page.engine.load(model, { signal, quiet: true, priority: -1 }))
        .catch(() => {}); // who needs it has the error
    }
  }
}

const classTitle = (/** @type {string} */ name) => t().classes[name] ?? name;
const capital = (/** @type {string} */ words) => words[0].toLocaleUpperCase() + words.slice(1);

function said(
  /** @type {Shown} */ {
    name,
    picture,
    explanation: {
      top: [top],
    },
  },
) {
  const { says, answer } = t().bias;
  return says(name, answer(classTitle(top.name), top.probability, top.name === picture.about.label));
}

customElements.define('cl-bias', Bias);
