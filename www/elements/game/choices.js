// What views about a single heatmap let a person choose: of the question, and from where its network and picture are.
import { className, methodTitle } from '../../i18n/tables.js';
import { f, t } from '../../i18n/index.js';
import { part } from '../../state/preferences.js';
import { methodOf } from '../../state/question.js';
import '../class-search.js';
import { html, live, nothing, repeat } from '../element.js';
import '../picture-source.js';
import './networks.js';

/**
 * @import { About, Class, ExplainedClass, MethodInfo } from '../../engine/protocol.d.ts'
 * @import { SourcedModel } from '../../sources/model.js'
 * @import { SourcedPicture } from '../../sources/picture.js'
 * @import { Sources } from '../../sources/subject.js'
 * @import { Asked } from './asked.js'
 */

const TOP = 5; // classes to choose from

/**
 * Class, method and layer. `ask` is told what is chosen; null stands for the default.
 * @param {object} choices
 * @param {Asked} choices.asked
 * @param {SourcedModel} choices.model
 * @param {ExplainedClass} choices.of the class on the screen
 * @param {Class[]} choices.top the most probable classes
 * @param {About} choices.about
 * @param {MethodInfo[]} choices.methods that are offered
 * @param {(change: Partial<Asked>) => void} choices.ask
 */
export function questionChoices({ asked, model, of, top, about, methods, ask }) {
  const said = t().page.question;
  const classes = [...new Map([...top.slice(0, TOP), of].map((one) => [one.id, one])).values()];
  const method = methodOf(about, asked.method);
  const { layers = [], default_layer: standard = '' } = model;
  const field = (
    /** @type {string} */ id,
    /** @type {string} */ label,
    /** @type {unknown} */ options,
    /** @type {(value: string) => void} */ choose,
  ) =>
    html`<div class="field"><label for=${id}>${label}</label>
      <select id=${id} autocomplete="off" @change=${(/** @type {any} */ { target }) => choose(target.value)}>${options}</select></div>`;
  const option = (/** @type {string | number} */ value, /** @type {boolean} */ chosen, /** @type {string} */ title) =>
    html`<option value=${value} .selected=${live(chosen)}>${title}</option>`;
  return html`<div class="choices">
    ${part('classes', () => {
      const options = repeat(
        classes,
        ({ id }) => id,
        (one) => option(one.id, one.id === of.id, f().capital(className(one))),
      );
      return html`${field('class', said.class, options, (value) => ask({ class: Number(value) }))}
        <cl-class-search .model=${model} @class-found=${(/** @type {CustomEvent<{ id: number }>} */ { detail: { id } }) => ask({ class: id })}></cl-class-search>`;
    })}
    ${part('method', () => {
      const options = methods.map(({ name }) => option(name, name === method.name, methodTitle(about, name)));
      return field('method', said.method, options, (value) => ask({ method: value === about.methods[0].name ? null : value }));
    })}
    ${part('layers', () => {
      if (method.needs === 'nothing') return nothing;
      const chosen = asked.layer ?? standard;
      const options = layers.map(({ name }) => option(name, name === chosen, name === standard ? said.standardLayer(name) : name));
      return field('layer', said.layer, options, (value) => ask({ layer: value === standard ? null : value }));
    })}
  </div>`;
}

/**
 * Network and picture. `choose` is told where what is chosen is from.
 * @param {object} choices
 * @param {import('../../main.js').Page} choices.page
 * @param {Sources} choices.asked
 * @param {{ model: SourcedModel, picture: SourcedPicture } | null} choices.seen what is on the screen
 * @param {{ network: string, picture: string, reduced?: string }} choices.said `network`: what the list is called; `reduced`: what
 * becomes of a picture
 * @param {(change: Partial<Sources>) => void} choices.choose
 */
export function sourceChoices({ page, asked, seen, said, choose }) {
  return html`<div class="source">
    ${part(
      'network',
      () =>
        html`<cl-networks .page=${page} .source=${asked.model} .model=${seen?.model ?? null} .label=${said.network}
        @model-chosen=${(/** @type {CustomEvent} */ { detail: { source } }) => choose({ model: source })}></cl-networks>`,
    )}
    ${part(
      'picture',
      () =>
        html`<details><summary>${said.picture}</summary>
        <cl-picture-source .page=${page} .picture=${seen?.picture ?? null} .source=${asked.picture} .network=${asked.model}
          @picture-chosen=${(/** @type {CustomEvent} */ { detail: { source } }) => choose({ picture: source })}></cl-picture-source>
        ${said.reduced ? html`<p class="hint">${said.reduced}</p>` : nothing}</details>`,
    )}
  </div>`;
}
