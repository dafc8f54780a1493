// The page: holds the choices, asks the engine, and hands what comes back to the views.
import { Engine } from './engine.js';
import { text } from './text.js';
import { choicesView } from './views/choices.js';
import { classesView } from './views/classes.js';
import { dropView } from './views/drop.js';
import { pictureView } from './views/picture.js';
import { resultView } from './views/result.js';
import { statusView } from './views/status.js';
import { styleView } from './views/style.js';
import { weightsView } from './views/weights.js';

const SETTLED = 120; // milliseconds without a new choice before a slider's choice is computed

const asked = new URLSearchParams(location.search).get('device');
const engine = new Engine({ device: ['gpu', 'cpu'].includes(asked) ? asked : null });
globalThis.camLucida = { engine };

let chosenClass = null; // null: the one that the network predicts
let wanted = null; // the latest request
let shown = null; // the request whose heatmap is on the screen
let busy = false;
let settling = null;

const status = statusView({ onCancel: cancel });
const picture = pictureView({ onPick: openPicture });
const weights = weightsView({ onLoad: loadWeights, onSay: status.say });
const classes = classesView({ onChoose: chooseClass });
const choices = choicesView({ onChoice: explainSoon });
const style = styleView({ onStyle: draw });
const result = resultView({
  onOriginal: async () => (await attempt(() => engine.original()))?.bitmap,
  onAgain: explain,
});
dropView({ onPicture: openPicture, onWeights: weights.pickWeights, onLabels: weights.pickLabels });

engine.addEventListener('busy', ({ detail: phase }) => {
  busy = phase !== null;
  status.busy(phase);
  mark();
});
engine.addEventListener('progress', ({ detail: step }) => status.progress(step && { ...step, title: titleOf('methods', step.method) }));
engine.addEventListener('about', () => status.device(engine.about));
engine.addEventListener('about', () => {
  weights.offer(engine.about);
  choices.offer(engine.about);
  style.offer(engine.about);
}, { once: true });
engine.addEventListener('note', ({ detail: sentence }) => status.say(sentence));

const titleOf = (table, name) => engine.about[table].find((entry) => entry.name === name).title;

/** Runs what may fail: tells of an error, keeps silent about what was cancelled or overtaken, and gives undefined then. */
async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error.name !== 'AbortError') status.fail(error);
    return undefined;
  }
}

function mark() {
  const { needs } = text;
  if (engine.picture) result.needs(engine.weights ? needs.nothing : needs.weights);
  else result.needs(engine.weights ? needs.picture : needs.both);
  result.mark({ stale: wanted !== shown, busy });
}

async function openPicture(file) {
  status.clearFailure();
  const opened = await attempt(() => engine.openPicture(file));
  if (!opened) return;
  picture.show(opened);
  chosenClass = null;
  explain();
}

async function loadWeights(file, network, labelsFile) {
  status.clearFailure();
  const before = engine.weights;
  const loaded = await attempt(() => engine.loadWeights(file, network, labelsFile));
  if (!loaded) return false;
  if (before?.file !== file) chosenClass = null;
  weights.show(loaded);
  classes.offer(loaded);
  choices.offerLayers(loaded);
  explain();
  return true;
}

function chooseClass(index) {
  chosenClass = index;
  explain();
}

function explainSoon() {
  clearTimeout(settling);
  settling = setTimeout(explain, SETTLED);
}

async function explain() {
  clearTimeout(settling);
  if (!engine.picture || !engine.weights) return mark();
  const request = { ...choices.read(), class: chosenClass };
  wanted = request;
  status.clearFailure();
  mark();
  const explanation = await attempt(() => engine.explain(request));
  if (!explanation) return;
  classes.showTop(explanation);
  style.suit(explanation.output);
  await draw();
  if (shown === request) status.say(`${text.drawingOf(explanation)}.`);
}

async function draw() {
  if (!engine.explanation) return;
  const legend = style.legend();
  const drawn = await attempt(() => engine.draw(style.read()));
  if (!drawn) return;
  const { request, weights: used } = drawn.explanation;
  result.show(drawn, {
    network: titleOf('networks', used.network),
    method: titleOf('methods', request.method),
    device: engine.about.device,
    legend,
  });
  shown = request;
  mark();
}

function cancel() {
  engine.cancel();
  status.say(text.cancelled);
}

mark();
await attempt(() => engine.start());
