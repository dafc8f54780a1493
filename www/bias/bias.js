// Doctor or nurse? The same picture before two networks, one of which has learned the wrong thing.
import { quickRequest, quickStyle } from '../glance.js';
import { Live } from '../live.js';
import { text } from '../text.js';
import { heatmapFigure } from '../views/heatmap.js';
import { choiceOf } from './choice.js';
import { people } from './people.js';

const NETWORKS = ['people-biased', 'people-balanced'];
const BOTH = 'both';
const PREDICTED = ''; // explain what the network itself says
const VIEW = 512;
const WIDE = matchMedia('(min-width: 56rem)');

/** Its `open()` loads what it needs the first time. The rest is as the board's. */
export function biasView({ engine, embedded, status, onModel, onFailure }) {
  const [room, missing, area, found] =
    ['bias-room', 'bias-missing', 'bias-figures', 'bias-figures-found'].map((id) => document.getElementById(id));
  const entries = NETWORKS.map((name) => embedded?.named(name));
  const figures = new Map(); // by the network's name
  const live = new Live({ compute, onResult, onMark, onFailure });
  const touch = () => live.touch();
  const person = choiceOf('bias-pictures', { name: 'bias-picture', onChoose: touch });
  const network = choiceOf('bias-networks', { name: 'bias-network', onChoose: touch });
  const classes = choiceOf('bias-classes', { name: 'bias-class', onChoose: touch });
  let opened = false;
  let shown = null; // what is on the screen, by the network's name

  async function compute() {
    const picture = person.value;
    const shownEntries = entries.filter(({ name }) => [BOTH, name].includes(network.value));
    const label = classes.value;
    const results = [];
    for (const entry of shownEntries) {
      const model = await onModel(entry);
      if (classes.empty) offerClasses(model.labels);
      const request = quickRequest(engine.about, label === PREDICTED ? [] : [model.labels.indexOf(label)], VIEW);
      results.push({ entry, picture, ...(await engine.glance({ model, picture, request }, quickStyle(engine.about), `bias ${entry.name}`)) });
    }
    return results;
  }

  function onResult(results) {
    shown = new Map(results.map((result) => [result.entry.name, result.explanation]));
    for (const [name, figure] of figures) {
      if (shown.has(name)) continue;
      figure.remove();
      figures.delete(name);
    }
    for (const { entry, picture, explanation, bitmaps } of results) {
      if (!figures.has(entry.name)) figures.set(entry.name, heatmapFigure(area));
      const [{ name }] = explanation.classes;
      figures.get(entry.name).show(bitmaps[0], {
        title: text.biasPrediction(explanation.top[0], picture.about),
        detail: text.biasNetworks[entry.name],
        label: text.biasDrawing(entry.name, name, picture.about),
        flat: explanation.classes[0].flat ? text.flat(explanation.layers.length) : null,
      });
    }
    // One that came back is behind the other in the document, but not in order.
    for (const { name } of entries) if (figures.has(name)) area.append(figures.get(name).element);
    area.dataset.count = figures.size;
    status.say(results.map(({ entry, picture, explanation }) => text.biasSays(entry.name, text.biasPrediction(explanation.top[0], picture.about))).join(' '));
  }

  function onMark(mark) {
    for (const figure of figures.values()) figure.mark(mark);
    area.ariaBusy = String(mark.stale && !mark.stopped);
  }

  function offerClasses(labels) {
    classes.offer([{ value: PREDICTED, title: text.itsPrediction }, ...labels.map((label) => ({ value: label, title: label }))]);
  }

  async function open() {
    if (opened) return;
    opened = true;
    const { pictures, figures: measured } = entries.every(Boolean) ? await people().catch(onFailure) ?? {} : {};
    missing.hidden = Boolean(pictures);
    room.hidden = !pictures;
    if (!pictures) return;
    network.offer([...NETWORKS.map((name) => ({ value: name, title: text.biasNetworks[name] })), { value: BOTH, title: text.bothNetworks }]);
    network.choose(WIDE.matches ? BOTH : NETWORKS[0]);
    person.offer(pictures.map((picture) => ({ value: picture, title: text.person(picture.about), image: picture.url })));
    found.hidden = !measured;
    if (measured) {
      found.replaceChildren(...NETWORKS.filter((name) => measured.models[name]).map((name) => {
        const item = document.createElement('li');
        item.textContent = text.biasFigures(name, measured.scenes, measured.models[name]);
        return item;
      }));
    }
    touch();
  }

  return {
    open,
    live,
    get explanations() {
      return shown;
    },
  };
}
