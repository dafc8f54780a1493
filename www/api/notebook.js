// What a kernel sends to a notebook, in one file: the widget, and <cam-lucida>. The engine, its wasm and the networks come
// from the kernel, too, so that nothing is needed from a network. A notebook evaluates this file for each widget; only the
// first one's element is made.

/** @typedef {import('./widget.js').WidgetContext} WidgetContext */

/** What is made once in a document. `import.meta.url` has the version. */
const KEY = Symbol.for(import.meta.url);

export default {
  async render(/** @type {WidgetContext} */ context) {
    const shared = /** @type {any} */ (globalThis);
    shared[KEY] ??= import('./kernel.js').catch((error) => {
      delete shared[KEY];
      throw error;
    });
    const { render } = await shared[KEY];
    return render(context);
  },
};
