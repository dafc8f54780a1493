// The page: one engine, three views of it, and what they share.
import { biasView } from './bias/bias.js';
import { boardView } from './board/board.js';
import { stickerSheet } from './board/sheet.js';
import { embeddedModels } from './embedded.js';
import { Engine } from './engine.js';
import { explainView } from './explain/explain.js';
import { text } from './text.js';
import { offerColormaps } from './views/colormaps.js';
import { statusView } from './views/status.js';
import { tabsView } from './views/tabs.js';
import { Downloads } from './weights/downloads.js';
import { fetchModel } from './weights/model.js';
import { Store } from './weights/store.js';

const asked = new URLSearchParams(location.search);
const device = asked.get('device');
const memory = asked.get('memory'); // how many MiB of networks the engine may hold
const engine = new Engine({
  device: ['gpu', 'cpu'].includes(device) ? device : null,
  memory: memory ? { models: Number(memory) * 2 ** 20 } : {},
});
const status = statusView({ onCancel: cancel });
const downloads = new Downloads(status.downloaded);
const store = new Store({ onRefused: () => status.say(text.notKept) });
const explain = explainView({
  engine,
  status,
  attempt,
  titleOf,
  store,
  hub: asked.get('hub'),
  onModel: (entry) => embedded.load(entry),
  onSource: (source, signal) => downloads.run((transfer) => fetchModel(source, { store, ...transfer }), signal),
  onPicked: () => tabs?.go('explain'),
  onFailure: fail,
});
let tabs = null;
let embedded = null;
let computing = false;
globalThis.camLucida = { engine, explain };

engine.addEventListener('busy', ({ detail: phase }) => {
  computing = phase !== null;
  status.busy(phase);
});
engine.addEventListener('progress', ({ detail: step }) => status.progress(step && { ...step, title: titleOf('methods', step.method) }));
engine.addEventListener('about', () => {
  status.device(engine.about);
  offerColormaps(engine.about);
});
engine.addEventListener('note', ({ detail: sentence }) => status.say(sentence));

function titleOf(table, name) {
  return engine.about[table].find((entry) => entry.name === name).title;
}

function fail(error) {
  if (error.name !== 'AbortError') status.fail(error);
}

/** Runs what may fail: tells of an error, keeps silent about what was cancelled or overtaken, and gives undefined then. */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    fail(error);
    return undefined;
  }
}

/** What the engine has told of a model stays true of it, whatever it holds at present. */
async function loadModel(entry) {
  const model = await embedded.load(entry);
  return model.layers ? model : engine.load(model);
}

/** A worker that does nothing is left alone: it would only have to load its network again. */
function cancel() {
  downloads.cancel();
  if (computing) engine.cancel();
  status.say(text.cancelled);
}

function boardOf(sheet) {
  const models = embedded.of('scenes');
  return boardView({
    engine,
    models,
    initial: models.includes(embedded.default) ? embedded.default : models[0],
    sheet,
    status,
    onModel: loadModel,
    onFailure: fail,
    onExamine(file, entry) {
      explain.useEmbedded(entry);
      explain.openPicture(file);
      tabs.go('explain');
    },
  });
}

const starting = attempt(() => engine.start());
let sheet;
[embedded, sheet] = await Promise.all([attempt(() => embeddedModels(downloads)), attempt(stickerSheet)]);
const board = embedded?.of('scenes').length && sheet ? boardOf(sheet) : null;
document.getElementById('board-missing').hidden = board !== null;
const bias = biasView({ engine, embedded, status, onModel: loadModel, onFailure: fail });
if (embedded) explain.offerEmbedded(embedded);
Object.assign(globalThis.camLucida, { board, bias });
const show = {
  board: () => board?.open(),
  bias: () => bias.open(),
  explain: () => explain.open({ entry: embedded?.default, sample: board?.picture }),
};
tabs = tabsView({ initial: board ? 'board' : 'explain', onShow: (name) => show[name]() });
await starting;
