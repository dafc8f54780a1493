// What is computed: the method with its settings, the layers, the target, the fit.
import { text } from '../text.js';
import { layersView } from './layers.js';
import { fill, titled } from './options.js';
import { settingsView } from './settings.js';

/** `onChoice()` is called when something else is to be explained. */
export function choicesView({ onChoice }) {
  const [form, contrastField, summary, smoothField] =
    ['choices', 'contrast-field', 'method-summary', 'smooth-field'].map((id) => document.getElementById(id));
  const { method, target, contrast, preprocess, smooth } = form.elements;
  const settings = settingsView();
  const layers = layersView({ onChoice });
  let methods = [];

  function update() {
    const chosen = methods.find(({ name }) => name === method.value);
    contrastField.hidden = !target.value.endsWith(':ID');
    summary.textContent = chosen ? text.method(chosen) : '';
    smoothField.hidden = chosen?.output !== 'map';
    settings.show(chosen);
    layers.suit(chosen);
    document.getElementById('settings').hidden = smoothField.hidden && settings.empty;
  }

  // A number is a choice once it is complete: its first digit may ask for hours of work.
  const typed = ({ target: input }) => input.type === 'number';
  form.addEventListener('input', (event) => {
    update();
    if (!typed(event)) onChoice();
  });
  form.addEventListener('change', (event) => {
    if (typed(event)) onChoice();
  });
  form.addEventListener('submit', (event) => event.preventDefault());

  return {
    read: () => ({
      method: method.value,
      ...layers.read(),
      ...settings.read(),
      smooth: smooth.checked && !smoothField.hidden,
      target: target.value.replace(/:ID$/, `:${contrast.value || 0}`),
      preprocess: preprocess.value,
    }),
    offer(about) {
      ({ methods } = about);
      method.replaceChildren(...grouped(methods));
      fill(target, titled(about.targets));
      fill(preprocess, titled(about.preprocess));
      layers.offerMerges(about.merges);
      update();
    },
    offerLayers(model) {
      layers.offer(model);
      contrast.max = model.classes - 1;
      form.querySelector('fieldset').disabled = false;
      update();
    },
  };
}

/** The methods in groups: by what they look at, and apart from these what gives a picture. */
function grouped(methods) {
  const kind = ({ needs, output }) => (output === 'map' ? needs : output);
  return [...new Set(methods.map(kind))].map((one) => {
    const group = document.createElement('optgroup');
    group.label = text.methods[one];
    fill(group, methods.filter((method) => kind(method) === one).map(({ title, name }) => [title, name]));
    return group;
  });
}
