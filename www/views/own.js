// The visitor's own network: a weight file, and what may come with it: its configuration, its preprocessing, class names.
import { EngineError } from '../engine.js';
import { text } from '../text.js';
import { sortFiles } from '../weights/sorting.js';
import { preprocessingView } from './preprocessing.js';

/** `onLoad(get)` tells, by a promise, whether the engine took the model that `get()` gives, likewise by a promise. */
export function ownView({ onLoad, onFiles, onSay, onFailure }) {
  const [area, network, file, labels, help, snippet, copy] =
    ['own', 'network', 'weights-file', 'labels-file', 'weights-help', 'snippet', 'copy-snippet'].map((id) => document.getElementById(id));
  let files = {}; // `{ weights, config, preprocessor, labels }`, as far as they were given
  let refused = false; // whether the engine did not take them: another choice tries them again
  const preprocessing = preprocessingView({ onChange: () => files.weights && load() });

  async function load() {
    refused = !(await onLoad(() => modelFrom(files)));
  }

  async function modelFrom({ weights, config, preprocessor, labels: names }) {
    const texts = await Promise.all([config, preprocessor].map((given) => given && textOf(given)));
    const [configText = null, preprocessorText = null] = texts;
    return {
      own: true,
      files: {
        weights,
        network: network.value || null,
        config: configText,
        preprocessor: preprocessorText,
        labelsFile: names ?? null,
        ...preprocessing.read(),
      },
    };
  }

  /** Takes files that were given together, as sorting.js sorts them. */
  function pick(sorted) {
    const given = {};
    for (const kind of ['weights', 'config', 'preprocessor', 'labels']) {
      const several = sorted[kind] ?? [];
      if (several.length > 1) return onFailure(new EngineError({ kind: 'weights', message: text.several(several) }));
      if (several.length) [given[kind]] = several;
    }
    // Class names may come before the weights, and may suit the next ones, too. What else came with other weights is theirs.
    const before = given.weights && files.weights ? { labels: given.config ? undefined : files.labels } : files;
    files = { ...before, ...given };
    if (given.config) network.value = ''; // it names its network; only who chooses another one afterwards knows better
    if (files.weights) return load();
    return onSay(text.waitingForWeights(Object.values(given)));
  }

  const onPick = (input, taken) => input.addEventListener('change', () => {
    const picked = [...input.files];
    input.value = ''; // so that the same file can be chosen again
    if (picked.length) taken(picked);
  });
  onPick(file, (picked) => onFiles(sortFiles(picked, 'weights')));
  onPick(labels, (picked) => onFiles({ labels: picked }));
  network.addEventListener('change', () => refused && files.weights && load());
  copy.addEventListener('click', () => {
    const writing = navigator.clipboard?.writeText(snippet.textContent) ?? Promise.reject(new Error('no clipboard'));
    writing.then(() => onSay(text.copied), () => onSay(text.notCopied));
  });

  return {
    pick,
    offer({ networks, limits }) {
      preprocessing.offer({ limits });
      network.replaceChildren(new Option(text.recognise, ''), ...networks.map(({ name, title }) => new Option(title, name)));
      for (const control of [network, file, labels]) control.disabled = false;
    },
    fold() {
      area.open = false;
    },
    /** The engine has this model now. */
    show({ own }) {
      help.open = false;
      if (!own && files.weights) files = { labels: files.labels };
    },
  };
}

async function textOf(file) {
  try {
    return await file.text();
  } catch {
    throw new EngineError({ kind: 'weights', message: text.unreadable(file) });
  }
}
