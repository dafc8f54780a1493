// The stickers as things that can be taken hold of: a button lies over each of them, so that a pointer finds it and the
// Tab key gets to it.
import { text } from '../text.js';
import { gestures } from './gestures.js';

const STEP = 0.02; // of the board's side
const FINE = 0.005;
const SCALE = 1.1;
const TURN = 10; // degrees

/** What can be done to a sticker without a pointer; `step` is how far it is moved. */
const ACTS = {
  left: ({ x }, step) => ({ x: x - step }),
  right: ({ x }, step) => ({ x: x + step }),
  up: ({ y }, step) => ({ y: y - step }),
  down: ({ y }, step) => ({ y: y + step }),
  larger: ({ size }) => ({ size: size * SCALE }),
  smaller: ({ size }) => ({ size: size / SCALE }),
  back: ({ angle }) => ({ angle: angle - TURN }),
  forth: ({ angle }) => ({ angle: angle + TURN }),
};

const KEYS = {
  ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', '+': 'larger', '=': 'larger', '-': 'smaller',
  _: 'smaller', '[': 'back', ']': 'forth', Delete: 'remove', Backspace: 'remove',
};

export function stageView({ scene }) {
  const [stage, holds, frame, tools] =
    ['board-stage', 'board-stickers', 'board-frame', 'board-tools'].map((id) => document.getElementById(id));
  const buttons = new Map(); // by the sticker's id
  let chosen = null;

  function choose(sticker) {
    chosen = sticker;
    update();
  }

  function update() {
    if (chosen && !scene.stickers.includes(chosen)) chosen = null;
    for (const [id, button] of buttons) {
      if (scene.get(id)) continue;
      button.remove();
      buttons.delete(id);
    }
    for (const [depth, sticker] of scene.stickers.entries()) {
      if (!buttons.has(sticker.id)) buttons.set(sticker.id, hold(sticker));
      const button = buttons.get(sticker.id);
      place(button, sticker);
      button.style.zIndex = depth;
      button.ariaLabel = text.sticker(sticker);
      button.classList.toggle('chosen', sticker === chosen);
    }
    frame.hidden = !chosen;
    if (chosen) place(frame, chosen);
    for (const tool of tools.children) tool.disabled = !chosen;
  }

  function hold(sticker) {
    const button = document.createElement('button');
    Object.assign(button, { type: 'button', className: 'sticker' });
    button.dataset.sticker = sticker.id;
    button.dataset.class = sticker.class;
    button.addEventListener('focus', () => choose(sticker));
    holds.append(button);
    return button;
  }

  function act(name, step = STEP) {
    if (!chosen) return;
    if (name === 'remove') remove(chosen);
    else scene.alter(chosen, ACTS[name](chosen, step));
  }

  /** Whoever had the focus on it has it on its neighbour afterwards. */
  function remove(sticker) {
    const button = buttons.get(sticker.id);
    const focused = document.activeElement;
    const neighbour = button?.nextElementSibling ?? button?.previousElementSibling;
    const held = button === focused || tools.contains(focused);
    scene.remove(sticker);
    if (held) (neighbour ?? document.querySelector('#palette [tabindex="0"]')).focus();
  }

  stage.addEventListener('keydown', (event) => {
    const name = KEYS[event.key];
    if (!name || event.ctrlKey || event.metaKey || event.altKey || !event.target.dataset.sticker) return;
    event.preventDefault();
    act(name, event.shiftKey ? FINE : STEP);
  });
  tools.addEventListener('click', ({ target }) => target.dataset.act && act(target.dataset.act));
  scene.addEventListener('change', update);
  gestures({
    stage,
    frame,
    scene,
    stickerOf: (element) => scene.get(Number(element.closest('[data-sticker]')?.dataset.sticker)),
    chosen: () => chosen,
    onChoose(sticker) {
      choose(sticker);
      buttons.get(sticker?.id)?.focus({ preventScroll: true });
    },
  });
  update();

  return {
    choose: (sticker) => buttons.get(sticker.id)?.focus({ preventScroll: true }),
    remove,
    /** Moves a sticker that comes from outside; it lies on the board as long as the pointer is over it, else it is null. */
    drag(sticker, name, clientX, clientY) {
      const { left, top, width, height } = stage.getBoundingClientRect();
      const [x, y] = [(clientX - left) / width, (clientY - top) / height];
      const over = x >= 0 && x <= 1 && y >= 0 && y <= 1;
      if (!over && sticker) scene.remove(sticker);
      if (!over) return null;
      if (!sticker) return scene.add({ class: name, x, y });
      scene.alter(sticker, { x, y });
      return sticker;
    },
  };
}

function place(element, { x, y, size, angle }) {
  Object.assign(element.style, {
    left: `${100 * (x - size / 2)}%`,
    top: `${100 * (y - size / 2)}%`,
    width: `${100 * size}%`,
    rotate: `${angle}deg`,
  });
}
