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
 * `attempt(work)` runs what may fail, and gives undefined then; `onModel(entry)` gives, by a promise, an embedded
 * model, `onSource(source, signal)` that of a source; `onPicked()` is called when a file was given, wherever on the
 * page. `store` and `hub` are for the view of the weights.
 */
export function explainView({ engine, status, attempt, titleOf, store, hub, onModel, onSource, onPicked, onFailure }) {
  let chosenClass = null; // null: the one that the network predicts
  let model = null; // the handles that were taken last
  let picture = null;
  let explanation = null;
  let wanted = null; // the latest request
  let shown = null; // the request whose heatmap is on the screen
  let busy = false;
  let settling = null;
  let modelAsked = null; // the newest wish, an AbortController: a download that it overtook is broken off
  let pictureAsked = null;

  const pictures = pictureView({ onPick: pickPicture });
  const weights = weightsView({
    store,
    hub,
    onEmbedded: useEmbedded,
    onSource: (source, entry) => useModel(async (signal) => ({ entry, source, ...(await onSource(source, signal)) })),
    onOwn: useModel,
    onFiles: takeFiles,
    onSay: status.say,
    onFailure,
  });
  const classes = classesView({ onChoose: chooseClass });
  const choices = choicesView({ onChoice: explainSoon });
  const style = styleView({ onStyle: draw });
  const result = resultView({
    onOriginal: (explained) => attempt(() => engine.original(explained)),
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
    if (picture) result.needs(model ? needs.nothing : needs.weights);
    else result.needs(model ? needs.picture : needs.both);
    result.mark({ stale: wanted !== shown, busy });
  }

  function pickPicture(file) {
    onPicked();
    return openPicture(file);
  }

  async function openPicture(file) {
    pictureAsked = file;
    status.clearFailure();
    const opened = await attempt(() => engine.open({ file }, 'picture'));
    if (!opened) return;
    picture = opened;
    pictures.show(opened);
    chosenClass = null;
    explain();
  }

  /** Of a network and a picture that were given together, the picture is explained by the network. */
  function takeFiles({ pictures: files = [], ...own }) {
    onPicked();
    if (Object.values(own).some((given) => given.length)) weights.pickOwn(own);
    files.forEach(openPicture);
  }

  /** An embedded model is small and not only for this view: its download goes on when another wish overtakes it. */
  function useEmbedded(entry) {
    return useModel(() => onModel(entry));
  }

  async function useModel(get) {
    modelAsked?.abort();
    const asked = new AbortController();
    modelAsked = asked;
    status.clearFailure();
    const loaded = await attempt(async () => {
      const got = await get(asked.signal);
      return modelAsked === asked ? engine.load(got, 'model') : null;
    });
    if (!loaded) return false;
    if (model?.files.weights !== loaded.files.weights) chosenClass = null;
    model = loaded;
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
    if (!picture || !model) return mark();
    const request = { ...choices.read(), classes: chosenClass === null ? [] : [chosenClass], view: null };
    wanted = request;
    status.clearFailure();
    mark();
    const explained = await attempt(() => engine.explain({ model, picture, request }, 'explain'));
    if (!explained) return;
    explanation = explained;
    classes.showTop(explanation);
    style.suit(explanation.output);
    await draw();
    if (shown === request) status.say(`${text.drawingOf(explanation)}.`);
  }

  async function draw() {
    if (!explanation) return;
    const drawn = explanation;
    const legend = style.legend();
    const bitmap = await attempt(() => engine.draw(drawn, style.read()));
    if (!bitmap) return;
    const { request, model: used } = drawn;
    result.show({ bitmap, explanation: drawn }, { network: used.title, method: titleOf('methods', request.method), device: engine.about.device, legend });
    shown = request;
    mark();
  }

  mark();

  return {
    offerEmbedded: weights.offerEmbedded,
    openPicture,
    useEmbedded,
    get model() {
      return model;
    },
    get picture() {
      return picture;
    },
    get explanation() {
      return explanation;
    },
    /** Explains a sample by an embedded model, as far as the visitor has not chosen otherwise. */
    async open({ entry, sample }) {
      if (!modelAsked && entry) useEmbedded(entry);
      if (pictureAsked) return;
      const file = await sample?.();
      if (file && !pictureAsked) openPicture(file);
    },
  };
}
