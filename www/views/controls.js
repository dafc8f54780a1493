// Everything else that can be chosen: what is computed (method, layer, target, fit) and how it is drawn.
import { text } from '../text.js';

const WITHOUT_OPACITY = ['seed', 'heatmap'];

/** `onChoice` gets what a new explanation needs, `onStyle` what a new drawing needs. */
export function controlsView({ onChoice, onStyle }) {
  const [choices, style, depth, contrastField, methodSummary, strip] =
    ['choices', 'style', 'depth', 'contrast-field', 'method-summary', 'colormap-strip'].map((id) => document.getElementById(id));
  const { method, layer, target, contrast, preprocess } = choices.elements;
  const { formula, colormap, opacity, threshold } = style.elements;
  let methods = [];

  const readChoice = () => ({
    method: method.value,
    layer: layer.value || null,
    target: target.value.replace(/:ID$/, `:${contrast.value || 0}`),
    preprocess: preprocess.value,
  });
  const readStyle = () => ({
    opacity: opacity.valueAsNumber,
    colormap: colormap.value,
    formula: formula.value,
    threshold: threshold.valueAsNumber,
  });

  function dress() {
    contrastField.hidden = !target.value.endsWith(':ID');
    methodSummary.textContent = methods.find(({ name }) => name === method.value)?.summary ?? '';
    depth.value = layer.selectedIndex;
    depth.ariaValueText = layer.value;
    strip.dataset.colormap = colormap.value;
    for (const input of [opacity, threshold]) {
      const value = text.percent(input.valueAsNumber);
      input.ariaValueText = value;
      input.labels[0].querySelector('.value').textContent = value;
    }
    opacity.disabled = WITHOUT_OPACITY.includes(formula.value);
  }

  depth.addEventListener('input', () => {
    layer.selectedIndex = depth.valueAsNumber;
  });
  choices.addEventListener('input', () => {
    dress();
    onChoice(readChoice());
  });
  style.addEventListener('input', () => {
    dress();
    onStyle(readStyle());
  });
  for (const form of [choices, style]) form.addEventListener('submit', (event) => event.preventDefault());

  const fill = (select, entries) => select.replaceChildren(...entries.map(([title, value]) => new Option(title, value)));
  const titled = (names) => names.map((name) => [text.titles[name.replace(/:ID$/, '')] ?? name, name]);
  const preferred = (select, value) => {
    if ([...select.options].some((option) => option.value === value)) select.value = value;
  };

  return {
    readChoice,
    readStyle,
    offer(about) {
      ({ methods } = about);
      fill(method, methods.map(({ title, name }) => [title, name]));
      fill(target, titled(about.targets));
      fill(preprocess, titled(about.preprocess));
      fill(formula, titled(about.formulas));
      fill(colormap, about.colormaps.map((name) => [name, name]));
      preferred(method, 'grad-cam');
      preferred(colormap, 'turbo');
      style.querySelector('fieldset').disabled = false;
      dress();
    },
    /** Keeps the chosen layer where the new network has one of that name. */
    offerLayers({ layers, default_layer, classes }) {
      const kept = layers.some(({ name }) => name === layer.value) ? layer.value : default_layer;
      fill(layer, layers.map((entry) => [text.layer(entry), entry.name]));
      layer.value = kept;
      depth.max = layers.length - 1;
      contrast.max = classes - 1;
      choices.querySelector('fieldset').disabled = false;
      dress();
    },
  };
}
