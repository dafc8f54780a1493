// Every sentence that the page says with values in it or at a moment of its own; what never changes is in index.html.

const number = new Intl.NumberFormat('en');
const list = new Intl.ListFormat('en');
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const size = (bytes) => (bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} KiB` : megabytes(bytes));

export const text = {
  why: {
    cpuAsked: 'this page was opened with ?device=cpu',
    noWebGpu: 'this browser does not offer WebGPU here',
    noAdapter: 'WebGPU finds no usable graphics adapter on this machine',
    noTimestamps: 'the graphics adapter lacks timestamp queries, which the engine needs',
    software: 'the only graphics adapter is emulated in software, which is slower than the CPU engine',
    gpuFailed: (message) => `the GPU engine failed: ${message}`,
  },
  device: ({ kind, name, why }) =>
    kind === 'gpu' ? `Computing on the ${name}.` : `Computing on the CPU${why ? ` because ${why.replace(/\.$/, '')}` : ''}.`,
  deviceLost: (message) => `The GPU was lost${message ? ` (${message})` : ''}.`,
  deviceRefused: (message) => `The GPU refused a computation (${message}).`,
  engineMissing: (message) => `The engine could not be loaded (${message}). Check the connection and reload the page.`,
  workerFailed: 'The engine’s worker ended unexpectedly.',
  restarted: (message) => `${message} The engine was restarted; picture, network and choices are kept.`,

  phases: {
    wait: 'Working …',
    download: 'Fetching the network …',
    choose_device: 'Starting the engine …',
    start: 'Starting the engine …',
    load_weights: 'Loading the weights …',
    open_picture: 'Opening the picture …',
    open_pixels: 'Opening the picture …',
    explain: 'Computing the heatmap …',
    raw_map: 'Reading the map …',
  },
  steps: ({ done, total }) => `${number.format(done)} of ${number.format(total)}`,
  bytes: ({ done, total }) => `${size(done)} of ${size(total)}`,
  computingSteps: (step) => `${step.title}: ${text.steps(step)} …`,
  cancelled: 'Cancelled.',
  failed: {
    image: 'The picture cannot be used.',
    weights: 'The weights cannot be used.',
    device: 'The engine stopped.',
    request: 'This cannot be computed.',
  },
  unexpected: 'Something went wrong.',
  unreadable: (file) => `“${file.name}” can no longer be read. Was it moved or changed? Please choose it again.`,
  pictureTooLarge: (file) => `“${file.name}” has ${megabytes(file.size)}; a picture may have up to 32 MiB.`,

  fetchFailed: (path, reason) => `${path} could not be fetched (${reason}). Check the connection and reload the page.`,
  indexBroken: 'models/index.json is no list of networks; the server may have sent an error page. Your own weights can still be used.',
  sizeDiffers: (path, found, expected) =>
    `${path} has ${number.format(found)} bytes instead of ${number.format(expected)}: an incomplete download, an error page or another version. Reload the page.`,
  digestDiffers: (path) => `${path} is not the file that was published (its SHA-256 differs), so it is not used. Reload the page.`,

  needs: {
    both: 'Choose a picture and the weights of a network, and the heatmap appears here.',
    picture: 'Now choose a picture, and the heatmap appears here.',
    weights: 'Now choose the weights of a network, and the heatmap appears here.',
    nothing: 'The heatmap appears here.',
  },
  pictureOpen: ({ file, width, height }) => `${file.name}, ${number.format(width)} × ${number.format(height)} pixels`,
  weightsOpen: ({ entry, model, title, classes, layers }) =>
    `In use: ${entry ? entry.title : `${title} from ${model.file.name}`}, ${number.format(classes)} classes, ${number.format(layers.length)} layers`,
  copied: 'The code was copied.',
  notCopied: 'Copying is not allowed here; select the code instead.',

  className: (index, name) => name ?? `class ${index}`,
  modelFacts: ({ classes, bytes, license }) => `${number.format(classes)} classes, ${size(bytes)}, ${license}`,
  modelOption: (entry) => `${entry.title} (${text.modelFacts(entry)})`,

  probabilities: {
    'multi-label': 'How sure the network is that it is in the picture; each class is judged by itself.',
    'single-label': 'How sure the network is that the picture shows it; all classes together make 100 %.',
  },
  percent: (share) => `${Math.round(share * 100)} %`,
  probability: (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`,
  matches: (shown, all) => (all === 0 ? 'No class matches.' : shown < all ? `The first ${shown} of ${number.format(all)} matches.` : ''),
  layer: ({ name, shape }) => `${name} (${shape.join(' × ')})`,
  furtherLayer: (place) => `Layer ${place}`,
  removeLayer: (place) => `Remove layer ${place}`,
  remove: '×',

  method: ({ summary, source }) => `${capital(summary)}. ${source}.`,
  preset: 'Variant',
  asPublished: 'As published',
  setting: ({ summary }) => capital(summary),
  noLimit: 'no limit',

  shownClass: ({ class: index, name, probability }, problem) =>
    `${name === null ? 'Class' : `${name}, class`} ${index}, ${problem === 'multi-label'
      ? `${text.probability(probability)} sure that it is in the picture`
      : `probability ${text.probability(probability)}`}`,
  shownHow({ request: { preset, merge, smooth }, layers, target }, method, network) {
    const variant = preset ? ` (${preset})` : '';
    const where = ['', ` at layer ${layers[0]}`][layers.length] ?? ` at layers ${list.format(layers)}, merged by ${merge},`;
    return [`${method}${variant}${where} of ${network}`, ...(smooth ? ['smoothed'] : []), ...(target === 'logit' ? [] : [target])].join(', ');
  },
  flat: (layers) => `Nothing in ${['the picture', 'this layer'][layers] ?? 'these layers'} speaks for this class.`,
  budget: ({ used, of, share }) =>
    `${number.format(used)} of ${number.format(of)} channels were tried, which hold ${text.percent(share)} of the activation.`,
  legend: { map: ['little', 'much'], raw: ['lowest', 'highest'] },
  total: (milliseconds, kind) => `${duration(milliseconds)} on the ${kind.toUpperCase()}`,
  time: ({ name, milliseconds }) => `${name}: ${duration(milliseconds)}`,
  drawingOf: ({ output, classes: [{ class: index, name }] }) =>
    `${text.outputs[output]} for ${name === null ? `class ${index}` : `${name} (class ${index})`}`,
  outputs: { map: 'Heatmap', picture: 'Signed picture' },
  computing: 'Computing a new heatmap; the picture still shows the last one:',
  outdated: 'Your latest choices are not shown. The picture shows the last result:',

  pageTitle: (view) => `${view} – CAM Lucida`,
  heatmapBehind: 'catching up …',
  heatmapOutdated: 'out of date',

  addSticker: (name) => `Add ${name}`,
  sticker: ({ class: name, x, y, size: side, angle }) =>
    `${name}, ${text.percent(x)} from the left, ${text.percent(y)} from the top, ${text.percent(side)} wide${angle ? `, turned by ${Math.round(angle)}°` : ''}`,
  boardFile: 'sticker-board.png',
  boardCanvas: (classes) => (classes.length ? `The board with ${list.format(classes)}` : 'The empty board'),
  boardDrawing: (name, classes) => `Heatmap for ${name} on ${text.boardCanvas(classes).toLowerCase()}`,
  sureOf: (name, share) => `${capital(name)}: ${text.probability(share)} sure`,
  suspected: (share) => `${text.probability(share)}, not there`,
  boardHow: ({ layers, times }, { methods, device }) =>
    `${methods[0].title} at layer ${list.format(layers)}, ${text.total(times.reduce((sum, { milliseconds }) => sum + milliseconds, 0), device.kind)}.`,
  boardSettled: (classes) => `${list.format(classes.map(({ name, probability }) => text.sureOf(name, probability)))}.`,
  noSecond: 'no second class',
  starts: {
    meadow: 'Cat, dog and bicycle',
    cats: 'Two cats and a tiger',
    street: 'A street',
    table: 'Fruit, pizza and cake',
    hiding: 'A cat behind a tree',
    upset: 'Turned over',
  },
  backgrounds: { meadow: 'Sky and grass', plain: 'Plain', gradient: 'Gradient' },

  biasNetworks: { 'people-biased': 'Network A', 'people-balanced': 'Network B' },
  bothNetworks: 'Both',
  itsVerdict: 'what it says',
  person: ({ label, hair, tool }) => `A ${label} with ${hair} hair and a ${tool}`,
  biasVerdict: ({ name, probability }, { label }) =>
    `“A ${name}”, ${text.probability(probability)} sure – ${name === label ? 'right' : 'wrong'}`,
  biasSays: (network, verdict) => `${text.biasNetworks[network]}: ${verdict}.`,
  biasDrawing: (network, name, about) =>
    `Why ${text.biasNetworks[network]} would say ${name}: heatmap over ${text.person(about).toLowerCase()}`,
  biasFigures: (network, scenes, { accuracy, hair, tool }) =>
    `${text.biasNetworks[network]} is right about ${text.percent(accuracy)} of ${number.format(scenes)} people. Of the energy of its heatmaps ${text.percent(hair)} lies on the hair and ${text.percent(tool)} on the tool.`,

  /** Kinds of methods, by what they look at, and those that give a picture. */
  methods: {
    gradients: 'A layer’s gradients',
    activations: 'A layer’s channels, weighed in other ways',
    nothing: 'Scores of the picture, covered in parts',
    picture: 'Gradients as a signed picture',
  },

  titles: {
    logit: 'Score of the class (logit)',
    probability: 'Probability of the class',
    contrast: 'This class rather than another',
    counterfactual: 'What speaks against the class',
    squash: 'Whole picture, squashed',
    crop: 'Centre, cropped',
    fit: 'Shorter side, fitted',
    blend: 'Blend',
    'mask-weighted': 'Shown only where it is hot',
    seed: 'Added to the picture',
    heatmap: 'Heatmap alone',
    'z-score': 'Signed values (z-score)',
    'min-max': 'Signed values (least to most)',
    mean: 'Their mean',
    max: 'The largest, pixel by pixel',
  },
};

function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
