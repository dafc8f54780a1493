// Every sentence that the page says with values in it or at a moment of its own; what never changes is in index.html.

const number = new Intl.NumberFormat('en');
const list = new Intl.ListFormat('en');
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const size = (bytes) => (bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} KiB` : megabytes(bytes));

const BY_HAND = 'Download the file yourself and choose it under “Use your own”.';

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
    load_model: 'Loading the weights …',
    open_picture: 'Opening the picture …',
    open_pixels: 'Opening the picture …',
    explain: 'Computing the heatmap …',
    raw_map: 'Reading the map …',
  },
  steps: ({ done, total }) => `${number.format(done)} of ${number.format(total)}`,
  bytes: ({ done, total }) => (total === null ? `${size(done)} so far` : `${size(done)} of ${size(total)}`),
  computingSteps: (step) => `${step.title}: ${text.steps(step)} …`,
  cancelled: 'Cancelled.',
  failed: {
    image: 'The picture cannot be used.',
    weights: 'The weights cannot be used.',
    address: 'Nothing can be fetched from there.',
    preprocessing: 'The picture cannot be prepared like that.',
    device: 'The engine stopped.',
    request: 'This cannot be computed.',
    'out-of-memory': 'The network does not fit into memory.',
  },
  unexpected: 'Something went wrong.',
  unreadable: (file) => `“${file.name}” can no longer be read. Was it moved or changed? Please choose it again.`,
  pictureTooLarge: (file, limit) => `“${file.name}” has ${megabytes(file.size)}; a picture may have up to ${limit / 2 ** 20} MiB.`,

  indexMissing: (reason) => `models/index.json could not be fetched (${reason}). Check the connection and reload the page.`,
  indexBroken: 'models/index.json is not a list of networks; the server may have sent an error page. Your own weights can still be used.',

  notServed: (path, status) => `${path} could not be fetched (${status}): ${notServedBecause(status)}`,
  unreachable: {
    offline: (path) =>
      `${path} could not be fetched: this device is offline. Networks that come with the page or are kept in this browser can still be used.`,
    redirected: (path, host) =>
      `${path} could not be fetched: ${host} sends on to another place, which does not let this page read it. ${BY_HAND}`,
    forbidden: (path, host) =>
      `${path} could not be fetched: ${host} answers, but does not let other sites read its files (it sends no CORS header). ${BY_HAND}`,
    unreachable: (path, host) =>
      `${path} could not be fetched: ${host} cannot be reached. Check the address and the connection, then try again.`,
  },
  cut: (path, done) => `${path} could not be fetched: the connection was cut after ${number.format(done)} bytes. Try again.`,
  fileTooLarge: (path, bytes) => `${path} has ${megabytes(bytes)} or more; files of up to 700 MiB are loaded.`,
  webPage: (path, host) =>
    `${path} is a web page and no such file${host ? `: the request was sent on to ${host}` : ''}. The server may ask to sign in, or the address may be that of a page about the file. ${BY_HAND}`,
  lfsPointer: (path) =>
    `${path} is a pointer of Git LFS in place of the file: the server keeps the text that stands for it in a repository. Take the address that its site gives for downloading.`,
  sizeDiffers: (path, found, expected) =>
    `${path} has ${number.format(found)} bytes instead of ${number.format(expected)}: an incomplete download or another version. Try again.`,
  digestDiffers: (path) => `${path} is not the file that was published (its SHA-256 differs), so it is not used. Try again later.`,
  noWeights: ({ title, weights }) =>
    `${title} has neither ${weights.map(({ url }) => url.split('/').at(-1)).join(' nor ')}. Check the name; or download its weight file yourself, under whatever name it has, and choose it under “Use your own”.`,

  noAddress: 'Write the name of a repository, as owner/name, or the address of a folder.',
  noRepository: (words) =>
    `“${words}” names no repository: that is owner/name, of letters, digits, “-”, “_” and “.”. An address begins with https://, and with ./ or / on this site.`,
  noRevision: (words) => `“${words}” is not a revision: write a branch, a tag or a commit, such as main.`,
  notAnAddress: (words) => `“${words}” is not an address that can be fetched: write one that begins with https://, and with ./ or / on this site.`,
  notKept: 'This browser could not keep the network for the next visit: it has no room or does not allow it.',

  needs: {
    both: 'Choose a picture and the weights of a network, and the heatmap appears here.',
    picture: 'Now choose a picture, and the heatmap appears here.',
    weights: 'Now choose the weights of a network, and the heatmap appears here.',
    nothing: 'The heatmap appears here.',
  },
  pictureOpen: ({ file, width, height }) => `${file.name}, ${number.format(width)} × ${number.format(height)} pixels`,
  weightsOpen: ({ entry, files, title, classes, layers, kept }) =>
    `In use: ${entry ? entry.title : `${title} from ${files.weights.name}`}, ${number.format(classes)} classes, ${number.format(layers.length)} layers${kept === false ? '. It is not kept in this browser.' : ''}`,
  copied: 'The code was copied.',
  notCopied: 'Copying is not allowed here; select the code instead.',

  zoo: (count) => `Model zoo (${number.format(count)})`,
  classCount: ({ classes }) => (classes ? number.format(classes) : '–'),
  zooSize: ({ bytes, bytes_exact: exact }) => (exact ? size(bytes) : `about ${number.format(Math.ceil(bytes / 2 ** 20))} MiB`),
  zooLicense: ({ license }) => license ?? '–',
  kept: ({ here, used }) => [...(used ? ['in use'] : []), here ? 'kept' : 'not kept'].join(', '),
  keptInAll: (records) =>
    `Kept in this browser: ${counted(records.length, 'network')}, ${size(records.reduce((sum, { bytes }) => sum + bytes, 0))}. Remove one to fetch it anew.`,
  loadModel: ({ title }) => `Load ${title}`,
  removeModel: ({ title }) => `Remove ${title} from this browser`,
  removed: ({ title }) => `${title} is no longer kept in this browser.`,
  cleared: 'No network is kept in this browser any more.',

  recognise: 'Recognise it from the file',
  several: (files) => `${list.format(files.map(({ name }) => name))} were given together, and only one of them can be used. Choose one.`,
  waitingForWeights: (files) => `${list.format(files.map(({ name }) => name))}: now choose the weight file that this belongs to.`,
  wrongSide: ({ min, max }) => `The side of the input is a whole number of pixels from ${number.format(min)} to ${number.format(max)}.`,
  wrongMean: (found) => `“${found}” is not a mean: write three numbers, one each for red, green and blue, such as 0.485, 0.456, 0.406.`,
  wrongStd: (found) =>
    `“${found}” is not a standard deviation: write three numbers above 0, one each for red, green and blue, such as 0.229, 0.224, 0.225.`,

  className: (id, name) => name ?? `class ${id}`,
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

  shownClass: ({ id, name, probability }, problem) =>
    `${name === null ? 'Class' : `${name}, class`} ${id}, ${problem === 'multi-label'
      ? `${text.probability(probability)} sure that it is in the picture`
      : `probability ${text.probability(probability)}`}`,
  shownHow({ request: { preset, merge, smooth }, layers, target }, method, network) {
    const variant = preset ? ` (${preset})` : '';
    const where = ['', ` at ${layers[0]}`][layers.length] ?? ` at ${list.format(layers)}, merged by ${merge},`;
    return [`${method}${variant}${where} of ${network}`, ...(smooth ? ['smoothed'] : []), ...(target === 'logit' ? [] : [target])].join(', ');
  },
  flat: (layers) => `Nothing in ${['the picture', 'this layer'][layers] ?? 'these layers'} speaks for this class.`,
  budget: ({ used, of, share }) =>
    `${number.format(used)} of ${number.format(of)} channels were tried, which hold ${text.percent(share)} of the activation.`,
  legend: { map: ['little', 'much'], raw: ['lowest', 'highest'] },
  total: (milliseconds, kind) => `${duration(milliseconds)} on the ${kind.toUpperCase()}`,
  time: ({ name, milliseconds }) => `${name}: ${duration(milliseconds)}`,
  drawingOf: ({ output, classes: [{ id, name }] }) =>
    `${text.outputs[output]} for ${name === null ? `class ${id}` : `${name} (class ${id})`}`,
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
    `${methods[0].title} at ${list.format(layers)}, ${text.total(times.reduce((sum, { milliseconds }) => sum + milliseconds, 0), device.kind)}.`,
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
  itsPrediction: 'what it says',
  person: ({ label, hair, tool }) => `A ${label} with ${hair} hair and a ${tool}`,
  biasPrediction: ({ name, probability }, { label }) =>
    `“A ${name}”, ${text.probability(probability)} sure – ${name === label ? 'right' : 'wrong'}`,
  biasSays: (network, prediction) => `${text.biasNetworks[network]}: ${prediction}.`,
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
    'min-max': 'Signed values (lowest to highest)',
    mean: 'Their mean',
    max: 'The largest, pixel by pixel',
  },
};

function counted(count, noun) {
  return `${number.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function notServedBecause(status) {
  if (status === 401) return `the server asks to sign in, or there is no such repository. Check the name. ${BY_HAND}`;
  if (status === 403) return `the server does not give it to everybody; its terms may have to be accepted first. ${BY_HAND}`;
  if (status === 404 || status === 410) return 'there is no such file. Check the name, the address and the revision.';
  if (status === 429) return 'the server has had too many requests. Wait some minutes, then try again.';
  if (status >= 500) return 'the server has a fault. Try again later.';
  return 'the server refuses the request. Check the address.';
}

function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
