// The page: one engine, three views of it, and what they share.
import { biasView } from './bias/bias.js';
import { boardView } from './board/board.js';
import { stickerSheet } from './board/sheet.js';
import { embeddedModels } from './embedded.js';
import { Engine } from './engine.js';
import { explainView } from './explain/explain.js';
import { text } from './text.js';
import { statusView } from './views/status.js';
import { tabsView } from './views/tabs.js';

const asked = new URLSearchParams(location.search).get('device');
const engine = new Engine({ device: ['gpu', 'cpu'].includes(asked) ? asked : null });
const status = statusView({ onCancel: cancel });
const explain = explainView({ engine, status, attempt, titleOf, onModel: fetchModel, onPicked: () => tabs?.go('explain') });
let tabs = null;
let embedded = null;
globalThis.camLucida = { engine };

engine.addEventListener('busy', ({ detail: phase }) => status.busy(phase));
engine.addEventListener('progress', ({ detail: step }) => status.progress(step && { ...step, title: titleOf('methods', step.method) }));
engine.addEventListener('about', () => status.device(engine.about));
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

function fetchModel(entry) {
  return embedded.load(entry, (bytes) => {
    status.busy(bytes && 'download');
    if (bytes) status.downloaded(bytes);
  });
}

/** What the engine has told of weights stays true of them, whatever it holds at present. */
async function loadModel(entry) {
  const weights = await fetchModel(entry);
  return weights.layers ? weights : engine.load(weights);
}

function cancel() {
  engine.cancel();
  status.say(text.cancelled);
}

function boardOf(sheet) {
  const models = embedded.of('scenes');
  return boardView({
    engine,
    models,
    usual: models.includes(embedded.usual) ? embedded.usual : models[0],
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
[embedded, sheet] = await Promise.all([attempt(embeddedModels), attempt(stickerSheet)]);
const board = embedded?.of('scenes').length && sheet ? boardOf(sheet) : null;
document.getElementById('board-missing').hidden = board !== null;
const bias = biasView({ engine, embedded, status, onModel: loadModel, onFailure: fail });
if (embedded) explain.offerEmbedded(embedded.models);
Object.assign(globalThis.camLucida, { board, bias });
const show = {
  board: () => board?.open(),
  bias: () => bias.open(),
  explain: () => explain.open({ entry: embedded?.usual, sample: board?.picture }),
};
tabs = tabsView({ usual: board ? 'board' : 'explain', onShow: (name) => show[name]() });
await starting;
