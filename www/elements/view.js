// What all views have in common; see www/views/index.js.
import { effect } from '@preact/signals-core';
import { takeOver } from '../sources/give.js';
import { resolveModel } from '../sources/model.js';
import { resolvePicture } from '../sources/picture.js';
import { PLACES } from '../state/places.js';
import { Element } from './element.js';

/**
 * @import { Taker } from '../sources/give.js'
 * @import { Given } from '../sources/own.js'
 * @import { ModelSource, PictureSource } from '../state/question.js'
 *
 * What a view tells of itself to whoever follows the work there, as a lesson does: each fact by its name, as a function of what is
 * asked of it. www/lessons/facts.js lists them. A number or names; null: not known. `settled`: whether they are those of the present
 * choices.
 * @typedef {{ settled: boolean, told: Record<string, (asked: { class?: string, network?: string }) => number | string[] | null> }} Facts
 */

/**
 * An element of a view: it lays out what its controller computes. `S` is its state, `C` its controller, which the view makes
 * when it is connected.
 * @template S
 * @template {{ active: import('@preact/signals-core').Signal<boolean>, settled: boolean, connect: (...args: any[]) => void, disconnect: () => void,
 * facts?: import('@preact/signals-core').ReadonlySignal<Facts | null> }} C
 */
export class ViewElement extends Element {
  /** @type {import('lit').PropertyDeclarations} */
  static properties = {
    page: { attribute: false },
    state: { attribute: false },
    status: { attribute: false },
    active: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {import('../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** @type {import('@preact/signals-core').Signal<S>} */
    this.state = /** @type {any} */ (null);
    /** @type {import('../state/status.js').Status} */
    this.status = /** @type {any} */ (null);
    /** Whether it is on the screen. */
    this.active = false;
    /** @type {C} */
    this.controller = /** @type {any} */ (null);
    this.addController({ hostUpdated: () => this.#light() });
  }

  #stopLighting = () => {};
  #stopTaking = () => {};
  /** The place that was brought into sight when it was lit. @type {string | null} */
  #brought = null;

  connectedCallback() {
    super.connectedCallback();
    this.#stopLighting = effect(() => {
      this.toggleAttribute('taught', this.page.learning.value !== null); // for sheets: beside a lesson there is less room
      void this.page.light.value;
      this.#light();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopLighting();
    this.controller.disconnect();
    this.#stopTaking();
  }

  /** What a controller is made of, beside what is its own. */
  get parts() {
    const { page, state, status } = this;
    return {
      engine: page.engine,
      state,
      status,
      embedded: page.embedded,
      resolveModel: (/** @type {ModelSource | null} */ source, /** @type {AbortSignal} */ signal) => resolveModel(page, source, signal),
      resolvePicture: (/** @type {PictureSource | null} */ source, /** @type {AbortSignal} */ signal) =>
        resolvePicture(page, source, signal),
    };
  }

  /** The name of the view. */
  get #name() {
    return this.localName.slice('cl-'.length);
  }

  /**
   * Connects the controller, which is made the first time.
   * @param {() => C} make
   * @param {(given: Given) => void} [take] uses files that were given to this view; without it, the view takes none
   */
  begin(make, take) {
    this.controller ??= make();
    this.controller.active.value = this.active;
    this.controller.connect();
    if (take) this.#stopTaking = takeOver(this.page, take, /** @type {Taker} */ (this.#name));
  }

  /** Whether what is on the screen is what is asked for. */
  get settled() {
    return this.controller?.settled ?? false;
  }

  /** What it tells of itself; null where nothing is known yet. @returns {Facts | null} */
  get facts() {
    return this.controller?.facts?.value ?? null;
  }

  /** The places of a name; see www/state/places.js. @returns {HTMLElement[]} */
  #placesOf(/** @type {string | null} */ name) {
    const selector = name === null ? undefined : PLACES[/** @type {keyof typeof PLACES} */ (this.#name)][name];
    return selector ? [.../** @type {NodeListOf<HTMLElement>} */ (this.renderRoot.querySelectorAll(selector))] : [];
  }

  /** Marks what a lesson lights, and nothing else; brings it into sight once. */
  #light() {
    if (!this.hasUpdated) return;
    const name = this.page.light.peek();
    const places = this.active ? this.#placesOf(name) : [];
    for (const lit of this.renderRoot.querySelectorAll('[data-lit]'))
      if (!places.includes(/** @type {any} */ (lit))) lit.removeAttribute('data-lit');
    for (const place of places) place.dataset.lit = '';
    if (name !== this.#brought && (name === null || places.length)) {
      this.#brought = name;
      if (name !== null) this.bring(name);
    }
  }

  /** Brings a place into sight; `focus`: and gives it the focus. */
  bring(/** @type {string} */ name, { focus = false } = {}) {
    const place = this.#placesOf(name).find((one) => one.getClientRects().length);
    if (!place) return;
    if (focus) {
      if (!place.hasAttribute('tabindex')) place.tabIndex = -1;
      place.focus({ preventScroll: true });
    }
    place.scrollIntoView({ block: 'nearest' });
  }

  willUpdate(/** @type {Map<string, unknown>} */ changed) {
    if (changed.has('active')) this.controller.active.value = this.active;
  }
}
