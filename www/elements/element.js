// What every element of the page is made of: Lit, signals that it follows, and the sheet that all have in common.
import { SignalWatcher } from '@lit-labs/preact-signals';
import { LitElement, unsafeCSS } from 'lit';
import { speaking } from '../i18n/index.js';
import { hiding } from '../state/preferences.js';
import controls from '../styles/controls.css';

const shared = unsafeCSS(controls);

/** An element renders from its properties and from signals, and never looks for anything outside itself. */
export class Element extends SignalWatcher(LitElement) {
  /** The element's own sheet, as text. */
  static sheet = '';

  static get styles() {
    return [shared, unsafeCSS(this.sheet)];
  }

  /** The language of the element that it is in, where that has one of its own. @returns {import('@preact/signals-core').Signal<import('../i18n/index.js').Spoken> | null} */
  get tongue() {
    return /** @type {any} */ (this.getRootNode()).host?.tongue ?? null;
  }

  /** The parts that are hidden in the element that it is in, where that says it. @returns {import('@preact/signals-core').Signal<ReadonlySet<string>> | null} */
  get concealed() {
    return /** @type {any} */ (this.getRootNode()).host?.concealed ?? null;
  }

  update(/** @type {Map<string, unknown>} */ changed) {
    speaking(this.tongue?.value ?? null, () => hiding(this.concealed?.value ?? null, () => super.update(changed)));
  }

  /** Tells whoever uses the element, across the borders of shadow roots. */
  tell(/** @type {string} */ name, /** @type {any} */ detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** The first element inside that a selector finds. */
  find(/** @type {string} */ selector) {
    return /** @type {any} */ (this.renderRoot.querySelector(selector));
  }
}

export { html, nothing, svg } from 'lit';
export { classMap } from 'lit/directives/class-map.js';
export { ifDefined } from 'lit/directives/if-defined.js';
export { live } from 'lit/directives/live.js';
export { repeat } from 'lit/directives/repeat.js';
export { styleMap } from './style-map.js';
