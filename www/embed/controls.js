// The choices below a heatmap: the elements of the view Explain.
import '../elements/appearance.js';
import '../elements/classes.js';
import { html } from '../elements/element.js';
import '../elements/layers.js';
import '../elements/method.js';
import { t } from '../i18n/index.js';
import { BUDGET, methodOf } from '../state/question.js';
import { contrastedWith } from '../state/target.js';

/** By the words of the attribute. */
const PANELS = /** @type {const} */ ({ class: 'classes', method: 'method', layer: 'layers', appearance: 'appearance' });

/** Those that a figure offers. */
export function controls(/** @type {import('./figure.js').Figure} */ figure) {
  const wanted = (figure.controls ?? '').split(/[\s,]+/).filter(Boolean);
  const { sections } = t().explain;
  return html`<div class="controls" part="controls" @ask=${(/** @type {CustomEvent} */ { detail }) => figure.choose(detail)}>
    ${Object.entries(PANELS)
      .filter(([word]) => !wanted.length || wanted.includes(word))
      .map(([, name]) => html`<details class="panel"><summary>${sections[name]}</summary>${CONTENT[name](figure)}</details>`)}
  </div>`;
}

/** @type {Record<typeof PANELS[keyof typeof PANELS], (figure: import('./figure.js').Figure) => unknown>} */
const CONTENT = {
  classes: ({ about, controller: { model, explanation, state } }) => html`
    <cl-classes .model=${model.value} .explanation=${explanation.value} .asked=${state.value.classes} .about=${about}></cl-classes>`,
  method: ({ about, controller: { model, explanation, state } }) => html`
    <cl-method .about=${about} .question=${state.value} .model=${model.value} .rival=${contrastedWith(explanation.value?.target)} .budget=${BUDGET}></cl-method>`,
  layers: ({ about, controller: { model, state } }) =>
    html`<cl-layers .about=${about} .question=${state.value} .model=${model.value}></cl-layers>`,
  appearance: ({ about, controller }) => html`
    <cl-appearance .about=${about} .drawing=${about && controller.styleFor(controller.explanation.value?.output ?? methodOf(about, controller.state.value.method).output)}></cl-appearance>`,
};
