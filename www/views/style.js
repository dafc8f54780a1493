// How the result is drawn: nothing here computes it anew.
import { text } from '../text.js';
import { fill, prefer, titled } from './options.js';

const WITHOUT_OPACITY = ['seed', 'heatmap'];

/** `onStyle()` is called when the result is to be drawn anew. */
export function styleView({ onStyle }) {
  const [form, strip, rawHint] = ['style', 'colormap-strip', 'formula-raw'].map((id) => document.getElementById(id));
  const { formula, colormap, opacity, threshold } = form.elements;
  let formulas = [];
  let output = 'map';
  let chosen = {}; // the formula for each kind of output

  const raw = () => formulas.some(({ name, raw: shows }) => shows && name === formula.value);

  function update() {
    strip.dataset.colormap = colormap.value;
    for (const input of [opacity, threshold]) {
      const value = text.percent(input.valueAsNumber);
      input.ariaValueText = value;
      input.labels[0].querySelector('.value').textContent = value;
    }
    rawHint.hidden = !raw();
    for (const input of [colormap, opacity, threshold]) input.disabled = raw();
    if (WITHOUT_OPACITY.includes(formula.value)) opacity.disabled = true;
  }

  form.addEventListener('input', () => {
    chosen[output] = formula.value;
    update();
    onStyle();
  });
  form.addEventListener('submit', (event) => event.preventDefault());

  return {
    read: () => ({
      opacity: opacity.valueAsNumber,
      colormap: colormap.value,
      formula: formula.value,
      threshold: threshold.valueAsNumber,
    }),
    /** The colours of the drawing and what their ends mean. */
    legend: () => (raw() ? { colormap: 'grey', ends: text.legend.raw } : { colormap: colormap.value, ends: text.legend.map }),
    /** Goes over to the formula last chosen for 'map' or 'picture': the raw values of a map say little, a picture's all. */
    suit(wanted) {
      if (wanted === output) return;
      output = wanted;
      formula.value = chosen[output];
      update();
    },
    offer(about) {
      ({ formulas } = about);
      fill(formula, titled(formulas.map(({ name }) => name)));
      fill(colormap, about.colormaps.map(({ name }) => [name, name]));
      prefer(colormap, about.style.colormap);
      prefer(formula, about.style.formula);
      [opacity.value, threshold.value] = [about.style.opacity, about.style.threshold];
      chosen = { map: formula.value, picture: formulas.find(({ raw: shows }) => shows).name };
      form.querySelector('fieldset').disabled = false;
      update();
    },
  };
}
