// The heatmap with what it is of. The drawing and its caption change together or not at all.
import { text } from '../text.js';
import { put } from './drawing.js';

/** `onOriginal(explanation)` gives, by a promise, the bitmap of its picture alone; `onAgain()` computes the latest choices. */
export function resultView({ onOriginal, onAgain }) {
  const [empty, figure, stage, overlay, original, min, strip, max, outdated, captionClass, flat, how, budget, total, times,
    showOriginal, again] =
    ['result-empty', 'figure', 'stage', 'overlay', 'original', 'legend-min', 'legend-strip', 'legend-max', 'outdated',
      'caption-class', 'caption-flat', 'caption-how', 'caption-budget', 'caption-total', 'caption-times', 'show-original',
      'again'].map((id) => document.getElementById(id));
  let originalOf = null; // the explanation whose picture the second canvas holds
  let shown = null;

  async function toggle(wanted) {
    showOriginal.ariaPressed = String(wanted);
    const explanation = shown;
    if (wanted && originalOf !== explanation) {
      const bitmap = await onOriginal(explanation);
      if (!bitmap || explanation !== shown) return;
      put(original, bitmap);
      originalOf = explanation;
    }
    // It may have been let go meanwhile.
    original.hidden = showOriginal.ariaPressed !== 'true';
  }

  showOriginal.addEventListener('click', () => toggle(showOriginal.ariaPressed !== 'true'));
  stage.addEventListener('pointerdown', () => toggle(true));
  for (const end of ['pointerup', 'pointercancel', 'pointerleave']) stage.addEventListener(end, () => toggle(false));
  again.addEventListener('click', onAgain);

  return {
    needs(sentence) {
      empty.textContent = sentence;
    },
    show({ bitmap, explanation }, { network, method, device, legend }) {
      const [explained] = explanation.classes;
      shown = explanation;
      put(overlay, bitmap);
      overlay.ariaLabel = text.drawingOf(explanation);
      showOriginal.ariaPressed = 'false';
      original.hidden = true;
      captionClass.textContent = text.shownClass(explained, explanation.model.problem);
      flat.textContent = text.flat(explanation.layers.length);
      flat.hidden = !explained.flat;
      how.textContent = text.shownHow(explanation, method, network);
      budget.hidden = !explanation.budget;
      budget.textContent = explanation.budget ? text.budget(explanation.budget) : '';
      total.textContent = text.total(explanation.times.reduce((sum, { milliseconds }) => sum + milliseconds, 0), device.kind);
      times.replaceChildren(...explanation.times.map((time) => {
        const item = document.createElement('li');
        item.textContent = text.time(time);
        return item;
      }));
      strip.dataset.colormap = legend.colormap;
      [min.textContent, max.textContent] = legend.ends;
      empty.hidden = true;
      figure.hidden = false;
    },
    /** `stale`: whether the latest choices are others than those shown; `busy`: whether they are being computed. */
    mark({ stale, busy }) {
      figure.ariaBusy = String(stale && busy);
      figure.classList.toggle('stale', stale);
      outdated.hidden = !stale;
      outdated.textContent = busy ? text.computing : text.outdated;
      again.hidden = !stale || busy;
    },
  };
}
