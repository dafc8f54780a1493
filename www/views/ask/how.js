// How the heatmaps are made: the method, the layers and the look; and what came of it.
import { t } from '../../i18n/index.js';
import { colormapTitle, methodTitle } from '../../i18n/tables.js';
import { Element, html, nothing } from '../../elements/element.js';
import { field } from '../../elements/field.js';
import { part } from '../../state/preferences.js';
import { drawOf, methodOf, STYLE } from '../../state/question.js';
import { ENCODED, GATE, GLANCE, REGION, offeredMethods } from './asking.js';
import sheet from './how.css';

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Ask } from '../../state/ask.js'
 * @import { Answer } from './asking.js'
 */

const NONE = '';

/** Tells `ask-change` with changes of the state. */
export class How extends Element {
  static sheet = sheet;
  static properties = { about: { attribute: false }, state: { attribute: false }, answer: { attribute: false } };

  constructor() {
    super();
    /** @type {About | null} */
    this.about = null;
    /** @type {Ask} */
    this.state = /** @type {any} */ (null);
    /** @type {Answer | null} */
    this.answer = null;
  }

  #ask(/** @type {Partial<Ask>} */ change) {
    this.tell('ask-change', change);
  }

  render() {
    const { about, answer } = this;
    if (!about || !answer) return nothing;
    const { how, before } = t().ask;
    const shown = this.state.before;
    return html`
      ${part('layers', () => html`<button type="button" class="before" aria-pressed=${shown} @click=${() => this.#ask({ before: !shown })}>${before.heading}</button>`)}
      <div class="row">${part('method', () => this.#method(about))} ${part('layers', () => this.#layers(answer))} ${part('method', () => this.#colormap(about))}</div>
      <p class="hint">${how.took({
        method: methodTitle(about, methodOf(about, answer.method).name),
        layers: answer.shown.map(({ layer }) => layer),
        milliseconds: answer.milliseconds,
        device: answer.device ?? about.device.kind,
      })}</p>`;
  }

  #method(/** @type {About} */ about) {
    const [standard] = offeredMethods(about);
    return field('method', t().ask.how.method, {
      value: methodOf(about, this.state.method).name,
      options: offeredMethods(about).map(({ name }) => [name, methodTitle(about, name)]),
      onChange: (name) => this.#ask({ method: name === standard.name ? null : name }),
    });
  }

  #layers(/** @type {Answer} */ { layers, usual }) {
    const { how } = t().ask;
    const { layer, beside } = this.state;
    /** @type {Record<string, ((layer: string) => string) | undefined>} */
    const titles = { [ENCODED]: how.encoded, [GLANCE]: how.glance, [REGION]: how.region, [GATE]: how.gate, [usual]: how.usual };
    /** @returns {[string, string]} */
    const option = (/** @type {string} */ name) => [name, titles[name]?.(name) ?? name];
    return html`
      ${field('layer', how.layer, {
        value: layer ?? usual,
        options: layers.map(option),
        onChange: (name) => this.#ask({ layer: name === usual ? null : name, ...(name === beside ? { beside: null } : {}) }),
      })}
      ${field('beside', how.beside, {
        value: beside === (layer ?? usual) ? NONE : (beside ?? NONE),
        options: [/** @type {[string, string]} */ ([NONE, how.none]), ...layers.filter((name) => name !== (layer ?? usual)).map(option)],
        onChange: (name) => this.#ask({ beside: name || null }),
      })}`;
  }

  #colormap(/** @type {About} */ about) {
    const { appearance } = t().explain;
    const standard = about.style.colormap;
    return field('colormap', appearance.colormap, {
      value: drawOf({ ...STYLE, colormap: this.state.colormap }, about).colormap,
      options: about.colormaps.map(({ name }) => [name, colormapTitle(name)]),
      onChange: (name) => this.#ask({ colormap: name === standard ? null : name }),
    });
  }
}

customElements.define('cl-ask-how', How);
