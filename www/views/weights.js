// The network: one that comes with the page, or the visitor's own weight file with its architecture and, where there is
// one, the file with the names of its classes.
import { text } from '../text.js';
import { embeddedView } from './embedded.js';

/** `onLoad(weights)`, of `{ model }`, and `onEmbedded(entry)` tell, by a promise, whether the engine took them. */
export function weightsView({ onLoad, onEmbedded, onSay }) {
  const [network, file, labels, open, own, help, snippet, copy] =
    ['network', 'weights-file', 'labels-file', 'weights-open', 'own', 'weights-help', 'snippet', 'copy-snippet']
      .map((id) => document.getElementById(id));
  let networks = [];
  let inUse = null; // the weights that the engine holds
  let refused = null; // a file that did not fit the chosen architecture: another choice tries it again
  let labelsFile = null;

  const embedded = embeddedView({
    async onChoose(entry) {
      if (!(await onEmbedded(entry))) embedded.show(inUse?.entry);
    },
  });

  async function load(weightsFile) {
    const taken = await onLoad({ model: { file: weightsFile, network: network.value, labelsFile } });
    refused = taken ? null : weightsFile;
  }

  function pickWeights(picked) {
    const named = networks.filter(({ name }) => picked.name.includes(name)).sort((a, b) => b.name.length - a.name.length);
    if (named.length) network.value = named[0].name;
    return load(picked);
  }

  function pickLabels(picked) {
    labelsFile = picked;
    if (inUse && !inUse.entry) onLoad({ model: { ...inUse.model, labelsFile } });
  }

  const onFile = (input, pick) => input.addEventListener('change', () => {
    const [picked] = input.files;
    input.value = ''; // so that the same file can be chosen again
    if (picked) pick(picked);
  });
  onFile(file, pickWeights);
  onFile(labels, pickLabels);
  network.addEventListener('change', () => refused && load(refused));
  copy.addEventListener('click', () => {
    const writing = navigator.clipboard?.writeText(snippet.textContent) ?? Promise.reject(new Error('no clipboard'));
    writing.then(() => onSay(text.copied), () => onSay(text.notCopied));
  });

  return {
    pickWeights,
    pickLabels,
    offer(about) {
      networks = about.networks;
      network.replaceChildren(...networks.map(({ name, title }) => new Option(title, name)));
      for (const control of [network, file, labels]) control.disabled = false;
    },
    offerEmbedded(models) {
      embedded.offer(models);
      own.open = false;
    },
    show(weights) {
      inUse = weights;
      embedded.show(weights.entry);
      open.textContent = text.weightsOpen(weights);
      open.hidden = false;
      help.open = false;
    },
  };
}
