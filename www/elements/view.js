// What all views have in common; see www/views/index.js.
import { Element } from './element.js';

/**
 * An element of a view: it lays out what its controller computes. `S` is its state, `C` its controller, which the view makes
 * when it is connected.
 * @template S
 * @template {{ active: import('@preact/signals-core').Signal<boolean>, settled: boolean }} C
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
  }

  /** Whether what is on the screen is what is asked for. */
  get settled() {
    return this.controller?.settled ?? false;
  }

  willUpdate(/** @type {Map<string, unknown>} */ changed) {
    if (changed.has('active')) this.controller.active.value = this.active;
  }
}
