// The sticker board: a scene to play with, and the heatmaps of one or two classes that follow it.
import { quickRequest, quickStyle } from '../glance.js';
import { Live } from '../live.js';
import { text } from '../text.js';
import { heatmapFigure } from '../views/heatmap.js';
import { fill, prefer } from '../views/options.js';
import { BACKGROUNDS, painter } from './painting.js';
import { paletteView } from './palette.js';
import { Scene } from './scene.js';
import { stageView } from './stage.js';
import { STARTS } from './starts.js';
import { surenessView } from './sureness.js';

const RESTED = 1000; // milliseconds without a change before the result is read aloud

/**
 * `onModel(entry)` gives, by a promise, an embedded model, loaded; `onExamine(file, entry)` goes on with
 * the board as a picture. `status` and `onFailure(error)` are the page's.
 */
export function boardView({ engine, models, initial, sheet, status, onModel, onExamine, onFailure }) {
  const [room, canvas, start, background, empty, first, second, area, again, model, how, examine] =
    ['board-room', 'board-canvas', 'board-start', 'board-background', 'board-empty', 'board-class', 'board-second', 'board-figures',
      'board-again', 'board-model', 'board-how', 'board-explain'].map((id) => document.getElementById(id));
  const scene = new Scene();
  const paint = painter(canvas, sheet);
  const figures = [];
  let chosen = null; // a promise of the model
  let offered = null; // the one whose classes can be chosen
  let shown = null; // the explanation on the screen
  let told = null; // the failure that was told last: a drag meets the same one sixty times a second
  let resting = null;

  const stage = stageView({ scene });
  const sureness = surenessView({ onChoose: (name) => choose(first, name) });
  const live = new Live({ compute, onResult, onMark, onFailure: fail });
  const touch = () => chosen && live.touch(); // before that there is nothing to compute with
  paletteView({ sheet, stage, onAdd: (name) => stage.choose(scene.add({ class: name })) });

  function begin(name) {
    const { background: ground, stickers } = STARTS.find((one) => one.name === name);
    scene.set({ background: ground, stickers: stickers.filter((sticker) => sheet.classes.includes(sticker.class)) });
    background.value = ground;
  }

  function use(entry) {
    model.value = entry.name;
    chosen = onModel(entry);
    chosen.catch(() => {}); // whoever computes with it has the error
    live.touch();
  }

  function offer(loaded) {
    offered = loaded;
    const options = loaded.labels.map((name) => [name, name]);
    const [before, beside] = [first.value || scene.stickers.find(({ class: name }) => name === 'cat')?.class, second.value];
    fill(first, options);
    fill(second, [[text.noSecond, ''], ...options]);
    prefer(first, before);
    prefer(second, beside);
  }

  function choose(select, name) {
    select.value = name;
    touch();
  }

  async function compute() {
    const used = await chosen;
    if (used !== offered) offer(used);
    const picture = { pixels: paint.pixels() };
    const present = scene.stickers.map((sticker) => sticker.class);
    const names = [...new Set([first.value, second.value])].filter(Boolean);
    const request = quickRequest(engine.about, names.map((name) => used.labels.indexOf(name)), canvas.width); // drawn as large as it is, a scene need not be scaled
    try {
      return { present, ...(await engine.glance({ model: used, picture, request }, quickStyle(engine.about), 'board')) };
    } finally {
      engine.release(picture);
    }
  }

  function onResult({ present, explanation, bitmaps }) {
    shown = explanation;
    while (figures.length < bitmaps.length) figures.push(heatmapFigure(area));
    while (figures.length > bitmaps.length) figures.pop().remove();
    for (const [i, { name, probability, flat }] of explanation.classes.entries()) {
      figures[i].show(bitmaps[i], {
        title: text.sureOf(name, probability),
        label: text.boardDrawing(name, present),
        flat: flat ? text.flat(explanation.layers.length) : null,
      });
    }
    area.dataset.count = figures.length;
    sureness.show(explanation, present);
    how.textContent = text.boardHow(explanation, engine.about);
    if (told) status.clearFailure();
    told = null;
  }

  function onMark(mark) {
    for (const figure of figures) figure.mark(mark);
    sureness.mark(mark);
    area.ariaBusy = String(mark.stale && !mark.stopped);
    again.hidden = !mark.stopped;
    clearTimeout(resting);
    if (!mark.stale) resting = setTimeout(() => room.offsetParent && status.say(text.boardSettled(shown.classes)), RESTED);
  }

  function fail(error) {
    if (error.message !== told) onFailure(error);
    told = error.message;
  }

  scene.addEventListener('change', () => {
    paint.paint(scene);
    canvas.ariaLabel = text.boardCanvas(scene.stickers.map((sticker) => sticker.class));
    touch();
  });
  for (const select of [first, second]) select.addEventListener('change', touch);
  start.addEventListener('change', () => begin(start.value));
  background.addEventListener('change', () => scene.setBackground(background.value));
  empty.addEventListener('click', () => scene.clear());
  model.addEventListener('change', () => use(models.find(({ name }) => name === model.value)));
  again.addEventListener('click', () => use(models.find(({ name }) => name === model.value)));
  examine.addEventListener('click', async () => onExamine(await paint.file(text.boardFile), models.find(({ name }) => name === model.value)));

  fill(start, STARTS.map(({ name }) => [text.starts[name], name]));
  fill(background, Object.keys(BACKGROUNDS).map((name) => [text.backgrounds[name], name]));
  fill(model, models.map((entry) => [text.modelOption(entry), entry.name]));
  begin(STARTS[0].name);
  room.hidden = false;

  return {
    scene,
    live,
    get explanation() {
      return shown;
    },
    /** Begins to compute, once: nothing is loaded for a board that nobody looks at. */
    open() {
      if (!chosen) use(initial);
    },
    picture: () => paint.file(text.boardFile),
  };
}
