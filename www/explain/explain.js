// Explaining one picture by every means that the engine has: holds the choices, asks, and hands what comes to the views.
import { text } from '../text.js';
import { choicesView } from '../views/choices.js';
import { classesView } from '../views/classes.js';
import { dropView } from '../views/drop.js';
import { pictureView } from '../views/picture.js';
import { resultView } from '../views/result.js';
import { styleView } from '../views/style.js';
import { weightsView } from '../views/weights.js';
import { sortFiles } from '../weights/sorting.js';

const SETTLED = 120; // milliseconds without a new choice before a slider's choice is computed

/**
 * `attempt(work)` runs what may fail, and gives undefined then; `onModel(entry)` gives, by a promise, an embedded model's
 * weights, `onSource(source, signal)` those of a source; `onPicked()` is called when a file was given, wherever on the
 * page. `store` and `hub` are for the view of the weights.
 */
export function explainView({ engine, status, attempt, titleOf, store, hub, onModel, onSource, onPicked, onFailure }) {
  let chosenClass = null; // null: the one that the network predicts
  let wanted = null; // the latest request
  let shown = null; // the request whose heatmap is on the screen
  let busy = false;
  let settling = null;
  let weightsAsked = null; // the newest wish, an AbortController: a download that it overtook is broken off
  let pictureAsked = null;

  const picture = pictureView({ onPick: pickPicture });
  const weights = weightsView({
    store,
    hub,
    onEmbedded: useEmbedded,
    onSource: (source, entry) => useWeights(async (signal) => ({ entry, source, ...(await onSource(source, signal)) })),
    onOwn: useWeights,
    onFiles: takeFiles,
    onSay: status.say,
    onFailure,
  });
  const classes = classesView({ onChoose: chooseClass });
  const choices = choicesView({ onChoice: explainSoon });
  const style = styleView({ onStyle: draw });
  const result = resultView({
    onOriginal: async () => (await attempt(() => engine.original()))?.bitmap,
    onAgain: explain,
  });
  dropView({ onFiles: (files) => takeFiles(sortFiles(files)) });

  engine.addEventListener('busy', ({ detail: phase }) => {
    busy = phase !== null;
    mark();
  });
  engine.addEventListener('about', () => {
    weights.offer(engine.about);
    choices.offer(engine.about);
    style.offer(engine.about);
  }, { once: true });

  function mark() {
    const { needs } = text;
    if (engine.picture) result.needs(engine.weights ? needs.nothing : needs.weights);
    else result.needs(engine.weights ? needs.picture : needs.both);
    result.mark({ stale: wanted !== shown, busy });
  }

  function pickPicture(file) {
    onPicked();
    return openPicture(file);
  }

  async function openPicture(file) {
    pictureAsked = file;
    status.clearFailure();
    const opened = await attempt(() => engine.openPicture(file));
    if (!opened) return;
    picture.show(opened);
    chosenClass = null;
    explain();
  }

  /** Of a network and a picture that were given together, the picture is explained by the network. */
  function takeFiles({ pictures = [], ...own }) {
    onPicked();
    if (Object.values(own).some((files) => files.length)) weights.pickOwn(own);
    pictures.forEach(openPicture);
  }

  /** An embedded model is small and not only for this view: its download goes on when another wish overtakes it. */
  function useEmbedded(entry) {
    return useWeights(() => onModel(entry));
  }

  async function useWeights(get) {
    weightsAsked?.abort();
    const asked = new AbortController();
    weightsAsked = asked;
    status.clearFailure();
    const before = engine.weights;
    const loaded = await attempt(async () => {
      const got = await get(asked.signal);
      return weightsAsked === asked ? engine.loadWeights(got) : null;
    });
    if (!loaded) return false;
    if (before?.model.file !== loaded.model.file) chosenClass = null;
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
    const request = { ...choices.read(), classes: chosenClass === null ? [] : [chosenClass], view: null };
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
    result.show(drawn, { network: used.title, method: titleOf('methods', request.method), device: engine.about.device, legend });
    shown = request;
    mark();
  }

  mark();

  return {
    offerEmbedded: weights.offerEmbedded,
    openPicture,
    useEmbedded,
    /** Explains a sample by an embedded model, as far as the visitor has not chosen otherwise. */
    async open({ entry, sample }) {
      if (!weightsAsked && entry) useEmbedded(entry);
      if (pictureAsked) return;
      const file = await sample?.();
      if (file && !pictureAsked) openPicture(file);
    },
  };
}
