// Keeps the answers of the networks up with what is asked: fetches, explains, draws. It knows no document; the element
// reads its signals and calls what was chosen.
import { computed, effect, signal, untracked } from '@preact/signals-core';
import { Newest } from '../../engine/newest.js';
import { t } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { figures, people } from '../../scenes/people.js';
import { namesOf, sureOf } from '../../state/facts.js';
import { drawOf, FOLLOWING, QUESTION, requestOf } from '../../state/question.js';

/**
 * @import { Signal } from '@preact/signals-core'
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation } from '../../engine/handles.js'
 * @import { Figures, Person, PersonPicture } from '../../scenes/people.js'
 * @import { Bias } from '../../state/bias.js'
 * @import { EmbeddedModels } from '../../weights/embedded.js'
 *
 * @typedef {{ name: string, picture: PersonPicture, explanation: Explanation, bitmap: ImageBitmap }} Answer one network's
 * @typedef {{ stale: boolean, stopped: boolean }} Mark whether something else is asked for than is shown, and nothing is
 *   under way that would change that
 *
 * @typedef {object} Parts
 * @property {Engine} engine
 * @property {Signal<Bias>} state
 * @property {import('../../state/status.js').Status} status
 * @property {Promise<Pick<EmbeddedModels, 'load' | 'named'> | null>} embedded
 * @property {import('@preact/signals-core').ReadonlySignal<boolean>} wide whether the screen has room for both networks
 */

export const NETWORKS = ['people-biased', 'people-balanced'];
export const BOTH = 'both';
const VIEW = 512;

export class Controller {
  /** @type {Signal<Person[] | null | undefined>} undefined: not known yet; null: there are none */
  people = signal(undefined);
  /** @type {Signal<Figures | null>} what was measured */
  figures = signal(null);
  /** What is on the screen, by the network's name. */
  shown = signal(/** @type {Map<string, Answer>} */ (new Map()));
  /** @type {Signal<Mark>} */
  mark = signal({ stale: true, stopped: false });
  /** Whether the view is on the screen: one that is not computes nothing. */
  active = signal(false);
  person = computed(() => this.people.value?.find(({ about }) => about.file === this.state.value.person) ?? this.people.value?.[0] ?? null);
  /** Those whose hair speaks against their label, one of each: network A learned that every nurse's is long. */
  telling = computed(() => {
    const against = (this.people.value ?? []).filter(({ about }) => (about.label === 'nurse') !== (about.hair === 'long'));
    return this.labels.value.flatMap((label) => against.find(({ about }) => about.label === label) ?? []);
  });
  /** A network's name, or both. */
  network = computed(() => {
    const { network } = this.state.value;
    if (network === BOTH || (network && NETWORKS.includes(network))) return network;
    return this.wide.value ? BOTH : NETWORKS[0];
  });
  /** The names of those to show. */
  networks = computed(() => NETWORKS.filter((name) => [BOTH, name].includes(this.network.value)));
  /** The names of the classes. */
  labels = computed(() => [...new Set((this.people.value ?? []).map(({ about }) => about.label))]);
  /** The class to explain; null: what each network says. */
  class = computed(() => this.labels.value.find((label) => label === this.state.value.class) ?? null);
  /** @type {import('@preact/signals-core').ReadonlySignal<import('../../elements/view.js').Facts | null>} */
  facts = computed(() => {
    const answers = [...this.shown.value.values()];
    if (!answers.length) return null;
    const of = (/** @type {string | undefined} */ name) => answers.find((one) => name === undefined || one.name === name)?.explanation;
    const says = (/** @type {Answer} */ { explanation: { top = [] } }) => top[0].name;
    return {
      settled: !this.mark.value.stale,
      told: {
        score: ({ class: name, network }) => sureOf(of(network)?.model ?? {}, of(network)?.probabilities, name),
        says: ({ network }) => namesOf(of(network)?.top).slice(0, 1),
        class: () => (this.class.value === null ? [] : [this.class.value]),
        network: () => answers.map(({ name }) => name),
        person: () => [answers[0].picture.about.file],
        right: () => answers.filter((one) => says(one) === one.picture.about.label).map(({ name }) => name),
        wrong: () => answers.filter((one) => says(one) !== one.picture.about.label).map(({ name }) => name),
      },
    };
  });
  /** What is asked for, to compare. */
  #question = computed(() => JSON.stringify([this.person.value?.about.file, this.networks.value, this.class.value]));
  /** What was asked last, to tell whether it is still asked. */
  #asked = '';
  #run = 0;
  #newest = new Newest();
  /** Aborted when the view leaves the screen. */
  #visit = new AbortController();
  #stop = () => {};

  /** @param {Parts} parts */
  constructor({ engine, state, status, embedded, wide }) {
    this.engine = engine;
    this.state = state;
    this.status = status;
    this.embedded = embedded;
    this.wide = wide;
  }

  /** Whether what is on the screen is what is asked for. */
  get settled() {
    return this.shown.value.size > 0 && !this.mark.value.stale;
  }

  /** Begins to follow the state. */
  connect() {
    this.#stop = effect(() => {
      const [active, found, question] = [this.active.value, this.people.value, this.#question.value];
      void this.state.value; // a link may name what is no question here
      untracked(() => {
        this.#leave();
        if (!active) this.#rest();
        else if (!found) this.#open();
        else if (this.#refuse())
          return; // the state that is left is followed next
        else if (question !== this.#asked || this.mark.value.stale) this.ask();
      });
    });
  }

  disconnect() {
    this.#stop();
    this.#rest();
  }

  /** An answer leaves the screen with its figure: the canvas has taken over the bitmap, and no other can draw it. */
  #leave() {
    const left = [...this.shown.value].filter(([name]) => this.networks.value.includes(name));
    if (left.length === this.shown.value.size) return;
    this.shown.value = new Map(left);
    this.mark.value = { ...this.mark.value, stale: true };
  }

  #rest() {
    this.#newest.abort();
    this.#visit.abort();
  }

  /** Fetches the list of pictures, unless there is none. */
  async #open() {
    if (this.people.peek() === null) return;
    await this.status.attempt(async () => {
      const embedded = await this.embedded;
      const complete = NETWORKS.every((name) => embedded?.named(name));
      const [found, measured] = complete ? await Promise.all([people(), figures()]) : [null, null];
      this.figures.value = measured;
      this.people.value = found;
    });
  }

  /** Leaves out and tells what the link names that is not here; gives whether there was any. */
  #refuse() {
    const { person, network, class: label } = this.state.peek();
    /** @type {[string, string | null, string[]][]} */
    const named = [
      ['person', person, (this.people.peek() ?? []).map(({ about }) => about.file)],
      ['network', network, [...NETWORKS, BOTH]],
      ['class', label, this.labels.peek()],
    ];
    const refused = named.flatMap(([name, found, known]) => (found === null || known.includes(found) ? [] : [{ name, found }]));
    this.status.refuse(refused);
    if (refused.length) this.state.value = { ...this.state.peek(), ...Object.fromEntries(refused.map(({ name }) => [name, null])) };
    return refused.length > 0;
  }

  /** Computes what is asked for; of several askings the newest counts. */
  async ask() {
    const question = this.#question.peek();
    const first = this.#asked === ''; // it is only what the view begins with
    this.#asked = question;
    const run = ++this.#run;
    this.#visit.abort();
    this.#visit = new AbortController();
    this.mark.value = { stale: true, stopped: false };
    try {
      const answers = await this.#newest.run((signal) => this.#compute(signal));
      this.shown.value = new Map(answers.map((answer) => [answer.name, answer]));
      this.mark.value = { stale: false, stopped: false };
      this.status.recover();
      if (!first) this.status.announce(() => answers.map(said).join(' '));
      this.#loadOthers();
    } catch (error) {
      if (run !== this.#run || !this.active.peek()) return;
      this.mark.value = { stale: true, stopped: true };
      this.status.fail(error, { words: () => t().page.retry, run: () => this.ask() });
    }
  }

  /** @returns {Promise<Answer[]>} */
  async #compute(/** @type {AbortSignal} */ signal) {
    const { engine } = this;
    const [person, names, label] = [/** @type {Person} */ (this.person.peek()), this.networks.peek(), this.class.peek()];
    const [picture, ...models] = await Promise.all([person.picture(), ...names.map((name) => this.#model(name, signal))]);
    const answers = [];
    for (const [i, name] of names.entries()) {
      const model = models[i];
      await engine.load(model, { signal });
      const about = /** @type {import('../../engine/protocol.d.ts').About} */ (engine.about.peek());
      const request = requestOf({ ...QUESTION, classes: label ? [model.labels.indexOf(label)] : [] }, about, { view: VIEW });
      const { explanation, bitmaps } = await engine.glance({ model, picture, request }, drawOf(FOLLOWING, about), { signal, quiet: true });
      answers.push({ name, picture, explanation, bitmap: bitmaps[0] });
    }
    return answers;
  }

  /** A network's files; both stay with the engine, so that another person costs two passes and no loading. */
  async #model(/** @type {string} */ name, /** @type {AbortSignal} */ signal) {
    const embedded = await this.embedded;
    const model = await embedded?.load(/** @type {any} */ (embedded.named(name)));
    signal.throwIfAborted();
    return model;
  }

  /** The network that is not on the screen is loaded beforehand. */
  async #loadOthers() {
    const { signal } = this.#visit;
    for (const name of NETWORKS) {
      if (this.shown.peek().has(name)) continue;
      await this.#model(name, signal)
        .then((model) => this.engine.load(model, { signal, quiet: true, priority: -1 }))
        .catch(() => {}); // who needs it has the error
    }
  }
}

/** Of an answer: what the network says, how sure it is, and whether that is right. */
export function saidOf(/** @type {Answer} */ { picture, explanation: { top = [] } }) {
  return t().bias.answer(className(top[0]), top[0].probability, top[0].name === picture.about.label);
}

/** What must be known to read a heatmap right. */
export function noteOf(/** @type {Answer} */ { explanation: { classes = [] } }) {
  return classes[0]?.flat ? t().bias.flat : '';
}

const said = (/** @type {Answer} */ answer) => t().bias.says(answer.name, saidOf(answer), noteOf(answer));
