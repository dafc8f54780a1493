// A heatmap in a notebook, by anywidget: <cam-lucida>, whose attributes are the traits of a model in the kernel, both ways.

/**
 * As anywidget gives it: https://anywidget.dev/en/afm/
 * @typedef {object} WidgetModel
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: (...args: any[]) => void) => void} on
 * @property {(event: string, callback: (...args: any[]) => void) => void} off
 * @property {(content: any, callbacks?: any, buffers?: any[]) => void} send
 *
 * @typedef {{ model: WidgetModel, el: HTMLElement, signal?: AbortSignal }} WidgetContext
 */

/** Traits that are attributes of the element. */
const ASKED = ['model', 'method', 'classes', 'layer', 'colormap', 'opacity', 'threshold', 'controls', 'lang'];
/** How the kernel has what an attribute says. @type {Record<string, (value: any) => any>} */
const TRAIT = { classes: (words) => (words ?? '').split(',').flatMap((/** @type {string} */ word) => asClass(word.trim())) };
const asClass = (/** @type {string} */ word) => (word === '' ? [] : /^\d+$/.test(word) ? Number(word) : word);

/** Pages of MyST have a model without a kernel: it refuses what would reach one. */
const ifAny = (/** @type {() => void} */ work) => {
  try {
    work();
  } catch {} // the heatmap needs nobody else
};

const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) => JSON.stringify(a) === JSON.stringify(b);
const traitOf = (/** @type {any} */ figure, /** @type {string} */ name) => {
  const value = name === 'lang' ? figure.getAttribute('lang') : figure[name];
  return TRAIT[name]?.(value) ?? value;
};

/** Shows the heatmap of a model in an element; gives what ends that. @param {WidgetContext} context @param {string} tag */
export function show({ model, el }, tag) {
  const figure = /** @type {any} */ (el.ownerDocument.createElement(tag));
  const adopt = (/** @type {string} */ name) => {
    const value = model.get(name) ?? null;
    if (same(traitOf(figure, name), value)) return;
    if (name !== 'lang') figure[name] = Array.isArray(value) && !value.length ? null : value;
    else if (value) figure.setAttribute('lang', value);
    else figure.removeAttribute('lang');
  };
  const adoptPicture = () => {
    const bytes = model.get('_picture');
    figure.src = bytes?.byteLength ? new Blob([bytes]) : (model.get('src') ?? null);
  };
  const tell = (/** @type {Record<string, any>} */ state) => {
    for (const [name, value] of Object.entries(state)) model.set(name, value);
    ifAny(() => model.save_changes());
  };

  const events = /** @type {Record<string, (event: CustomEvent) => void>} */ ({
    result({ detail: { map: _, maps, link: __, ...result } }) {
      const values = new Float32Array(maps.flatMap((/** @type {any} */ { data }) => Array.from(data)));
      tell({ result, _maps: new DataView(values.buffer), error: null });
    },
    error: ({ detail }) => tell({ error: detail }),
    progress: ({ detail }) => tell({ progress: detail }),
  });
  for (const [name, heard] of Object.entries(events)) figure.addEventListener(name, heard);
  // What a visitor chooses by the controls is written into the attributes.
  const chosen = new MutationObserver((records) => {
    const changed = [...new Set(records.map(({ attributeName }) => attributeName ?? ''))];
    const state = Object.fromEntries(
      changed.map((name) => [name, traitOf(figure, name)]).filter(([name, value]) => !same(model.get(name) ?? null, value)),
    );
    if (Object.keys(state).length) tell(state);
  });

  for (const name of ASKED) adopt(name);
  adoptPicture();
  chosen.observe(figure, { attributeFilter: ASKED });
  const follow = /** @type {[string, () => void][]} */ ([
    ...ASKED.map((name) => [`change:${name}`, () => adopt(name)]),
    ...['src', '_picture'].map((name) => [`change:${name}`, adoptPicture]),
  ]);
  for (const [event, heard] of follow) model.on(event, heard);
  el.append(figure);
  return () => {
    chosen.disconnect();
    for (const [event, heard] of follow) ifAny(() => model.off(event, heard));
    figure.remove();
  };
}
