// A heatmap that follows something: the drawing, what it is of, and a mark as soon as it is behind.
import { text } from '../text.js';
import { put } from './drawing.js';

const STEADY = 300; // milliseconds that the mark stays when the drawing has caught up: in a drag it would flicker
const LATE = 500; // milliseconds without a new drawing after which one that is behind is greyed out, too

/** A figure for `parent`, empty until something is shown. */
export function heatmapFigure(parent) {
  const figure = document.getElementById('heat-template').content.cloneNode(true).firstElementChild;
  const [caption, detailed, canvas, behind, note] = ['.title', '.detail', 'canvas', '.behind', '.note'].map((one) => figure.querySelector(one));
  let lateness = null;
  let steadying = null;
  parent.append(figure);

  const dim = () => figure.classList.add('late');

  return {
    element: figure,
    /** `title` and `detail` are what the caption says, `label` what the drawing is for those who cannot see it. */
    show(bitmap, { title, detail = null, label, flat = null }) {
      put(canvas, bitmap);
      canvas.ariaLabel = label;
      caption.textContent = title;
      detailed.hidden = !detail;
      detailed.textContent = detail ?? '';
      note.hidden = !flat;
      note.textContent = flat ?? '';
      clearTimeout(lateness);
      lateness = null;
      figure.classList.remove('late');
    },
    mark({ stale, stopped }) {
      figure.classList.toggle('stale', stale);
      clearTimeout(steadying);
      if (!stale) {
        steadying = setTimeout(() => (behind.hidden = true), STEADY);
        clearTimeout(lateness);
        lateness = null;
        return figure.classList.remove('late');
      }
      behind.hidden = false;
      behind.textContent = stopped ? text.heatmapOutdated : text.heatmapBehind;
      if (stopped) dim();
      else lateness ??= setTimeout(dim, LATE);
    },
    remove: () => figure.remove(),
  };
}
