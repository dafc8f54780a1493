// What all views have in common; see www/views/index.js.
import { resolveModel } from '../sources/model.js';
import { resolvePicture } from '../sources/picture.js';
import { Element } from './element.js';

/**
 * @import { ModelSource, PictureSource } from '../state/question.js'
 *
 * An element of a view: it lays out what its controller computes. `S` is its state, `C` its controller, which the view makes
 * when it is connected.
 * @template S
 * @template {{ active: import('@preact/signals-core').Signal<boolean>, settled: boolean, connect: (...args: any[]) => void }} C
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

  /** Connects the controller, which is made the first time. */
  begin(/** @type {() => C} */ make) {
    this.controller ??= make();
    this.controller.active.value = this.active;
    this.controller.connect();
  }

  /** Whether what is on the screen is what is asked for. */
  get settled() {
    return this.controller?.settled ?? false;
  }

  willUpdate(/** @type {Map<string, unknown>} */ changed) {
    if (changed.has('active')) this.controller.active.value = this.active;
  }
}
