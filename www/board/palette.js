// The stickers that can be had: pressed, one lies in the middle of the board; dragged, it lies where it is let go.
import { text } from '../text.js';

const DRAG = 6; // pixels that a pointer moves before it means to drag
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** `onAdd(name)` puts a sticker in the middle; `stage` takes over a sticker that is dragged onto the board. */
export function paletteView({ sheet, stage, onAdd }) {
  const palette = document.getElementById('palette');

  for (const name of sheet.classes) {
    const entry = document.createElement('button');
    Object.assign(entry, { type: 'button', title: name, ariaLabel: text.addSticker(name), tabIndex: palette.childElementCount ? -1 : 0 });
    const picture = document.createElement('span');
    sheet.showOn(picture, name);
    entry.append(picture);
    palette.append(entry);
    entry.addEventListener('pointerdown', (event) => event.button === 0 && follow(entry, picture, name, event));
    entry.addEventListener('click', () => {
      if (entry.dataset.dragged) delete entry.dataset.dragged;
      else onAdd(name);
    });
  }

  // One stop for the Tab key, or the board would be thirty stops away; within, arrows lead from one to the next.
  palette.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const entries = [...palette.children];
    entries[(entries.indexOf(event.target) + step + entries.length) % entries.length].focus();
  });
  palette.addEventListener('focusin', ({ target }) => {
    for (const entry of palette.children) entry.tabIndex = entry === target ? 0 : -1;
  });

  /** Until it is over the board a dragged sticker is a ghost under the pointer; from then on it is the stage's. */
  function follow(entry, picture, name, start) {
    let ghost = null;
    let laid = null;
    delete entry.dataset.dragged;
    entry.setPointerCapture(start.pointerId);
    const listeners = new AbortController();
    const on = (type, handle) => entry.addEventListener(type, handle, { signal: listeners.signal });

    function end() {
      ghost?.remove();
      listeners.abort();
    }

    on('pointermove', (event) => {
      if (event.pointerId !== start.pointerId) return;
      const { clientX: x, clientY: y } = event;
      if (!ghost && Math.hypot(x - start.clientX, y - start.clientY) < DRAG) return;
      entry.dataset.dragged = 'true';
      if (!ghost) {
        ghost = picture.cloneNode();
        ghost.className = 'ghost';
        document.body.append(ghost);
      }
      laid = stage.drag(laid, name, x, y);
      ghost.hidden = laid !== null;
      ghost.style.translate = `${x}px ${y}px`;
    });
    on('pointerup', (event) => {
      if (event.pointerId !== start.pointerId) return;
      end();
      if (laid) stage.choose(laid);
    });
    on('pointercancel', (event) => {
      if (event.pointerId !== start.pointerId) return;
      end();
      delete entry.dataset.dragged; // no click follows
      if (laid) stage.remove(laid);
    });
  }
}
