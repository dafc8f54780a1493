// The words of the view Explain.

/** @typedef {{ method: string, preset: string | null, layers: string, merge: string | null, network: string, smooth: boolean, target: string | null }} How */

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  title: 'Explain a picture',

  heatmap: {
    empty: 'No heatmap yet',
    behind: 'catching up…',
    outdated: 'out of date',
  },
  /** By what is missing. */
  needs: {
    both: 'Choose a picture and a network. The heatmap appears here.',
    picture: 'Choose a picture. The heatmap appears here.',
    weights: 'Choose a network. The heatmap appears here.',
  },
  outputs: {
    map: (/** @type {string} */ name) => `Heatmap for ${name}`,
    picture: (/** @type {string} */ name) => `Signed picture for ${name}`,
  },
  drawn: (/** @type {string[]} */ labels, /** @type {string[]} */ notes) => [`${f.list(labels)}.`, ...notes].join(' '),
  again: 'Compute again',
  alone: 'Show the picture alone',
  erase: 'Erase',
  trust: 'Can you trust it?',
  steps: 'Step by step',
  legend: { map: ['low', 'high'], raw: ['lowest', 'highest'] },

  caption: {
    heading: (/** @type {string} */ name, /** @type {string} */ score) => `${f.capital(name)}: ${score}`,
    score: {
      'multi-label': (/** @type {string} */ share) => `${share} sure that it is in the picture`,
      'single-label': (/** @type {string} */ share) => `probability ${share}`,
      'yes-no': (/** @type {string} */ share) => `probability ${share}`,
      value: (/** @type {string} */ value) => value,
    },
    how: (/** @type {How} */ { method, preset, layers, merge, network, smooth, target }) =>
      [
        `${method}${preset ? ` (${lower(preset)})` : ''}${layers ? ` at ${layers}` : ''}${merge ? ` (${lower(merge)})` : ''} of ${network}`,
        ...(smooth ? ['smoothed'] : []),
        ...(target ? [lower(target)] : []),
      ].join(', '),
    rival: (/** @type {string} */ name) => `rather than ${name}`,
    /** By the number of layers, 2 for several. */
    flat: [
      'Nothing in the picture speaks for this class.',
      'Nothing in this layer speaks for this class.',
      'Nothing in these layers speaks for this class.',
    ],
    noPlace: 'The map of this layer is 1×1, so it shows no place. Choose an earlier layer.',
    budget: (/** @type {number} */ used, /** @type {number} */ of, /** @type {number} */ share) =>
      `The method tried ${f.number(used)} of ${f.number(of)} channels. They hold ${f.percent(share)} of the activation.`,
    total: (/** @type {number} */ milliseconds, /** @type {string} */ kind) => `${f.duration(milliseconds)} on the ${kind.toUpperCase()}`,
    time: (/** @type {string} */ name, /** @type {number} */ milliseconds) => `${name}: ${f.duration(milliseconds)}`,
  },
  profile: {
    title: 'Time of each layer',
    measure: 'Time each layer',
    gpu: 'Each layer can be timed on the CPU only. Here the GPU computes.',
    columns: {
      layer: 'Layer',
      output: 'Output',
      flops: 'MFLOP',
      bytes: 'MB',
      forward: 'Forward ms',
      forwardRate: 'GFLOP/s',
      backward: 'Backward ms',
      backwardRate: 'GFLOP/s',
    },
    whole: 'The whole pass',
    peak: (/** @type {string} */ rate) =>
      `At its best, this machine multiplies matrices at ${rate} GFLOP/s in the same engine. The bars are shares of the slowest layer.`,
  },
  /** Leads to the field of an assumption. */
  correct: (/** @type {string} */ field) => `Change “${field}”`,
  doubt: {
    stickers: 'Is this a photograph? The network must still answer with the name of a sticker.',
    people: 'Is this another kind of picture? The network must still answer “doctor” or “nurse”.',
    offer: (/** @type {string} */ title, /** @type {number} */ bytes) => `Use ${title} for photographs (${f.bytes(bytes)})`,
  },

  readout: {
    area: (/** @type {string} */ name) => `Values of the heatmap for ${name}`,
    keys: 'The arrow keys move a crosshair over the picture. Shift makes larger steps.',
    value: (/** @type {string} */ share, /** @type {string} */ name) => `${f.capital(name)}: ${share} of the maximum`,
    at: (/** @type {string} */ value, /** @type {string} */ left, /** @type {string} */ top) =>
      `${value}, ${left} from the left, ${top} from the top`,
    original: 'The picture without the heatmap',
  },

  sections: {
    result: 'Heatmap',
    classes: 'Classes',
    picture: 'Picture',
    network: 'Network',
    method: 'Method and settings',
    layers: 'Layers',
    appearance: 'Appearance',
  },

  classes: {
    numbered: (/** @type {number} */ id) => `class ${id}`,
    named: (/** @type {string} */ name, /** @type {number} */ id) => `${name} (class ${id})`,
    top: 'Most probable classes',
    none: (/** @type {number} */ count) => `The ${f.number(count)} most probable classes appear here.`,
    compare: (/** @type {string} */ name) => `Compare ${name}`,
    search: 'Search all classes by name or number',
    matching: 'Matching classes',
    matches: (/** @type {number} */ shown, /** @type {number} */ all) =>
      all === 0
        ? 'No class matches.'
        : shown < all
          ? `The list shows the first ${shown} of ${f.number(all)} matching classes.`
          : f.plural(all, { one: '1 class matches.', other: `${all} classes match.` }),
    probabilities: {
      'multi-label': 'How sure the network is that each class is in the picture. It judges each class by itself.',
      'single-label': `How probable each class is. The probabilities of all classes add up to ${f.percent(1)}.`,
      'yes-no': 'The network has one output, which says yes or no. Each of the two has a heatmap.',
      value: 'The network gives values, not probabilities. The heatmap shows what raises a value.',
    },
  },

  method: {
    method: 'Method',
    summary: (/** @type {string} */ summary, /** @type {string} */ source) => `${summary}. ${source}.`,
    settings: 'Settings of the method',
    preset: 'Preset',
    asPublished: 'As published',
    more: 'Target and preprocessing',
    target: 'What the heatmap explains',
    otherClass: 'Search for the other class by name or number',
    rival: (/** @type {string} */ name) => `The other class: ${name}`,
    runnerUp: 'The other class: the runner-up',
    preprocess: 'How the picture fits into the input',
    smooth: (/** @type {number} */ copies) =>
      `Smooth: average ${f.number(copies)} copies of the picture, mirrored, darker and brighter. This takes ${f.number(copies)} times as long.`,
    /** Kinds of methods, by what they look at, and those that give a picture. */
    kinds: /** @type {Record<string, string>} */ ({
      gradients: 'From a layer’s activations and gradients, in one pass',
      activations: 'From a layer’s activations, some with passes of their own',
      nothing: 'From the scores of covered pictures',
      picture: 'Gradients as a signed picture',
    }),
  },

  layers: {
    unused: 'This method looks at no layer. Only the picture and the scores count.',
    none: 'The layers of the network appear here.',
    previews: 'What each block of the network gives',
    preview: (/** @type {string} */ name) => `Layer ${name}`,
    showPreviews: 'Show what each block gives',
    depth: 'Depth in the network',
    first: 'first',
    last: 'last',
    layer: 'Layer',
    option: (/** @type {import('../../engine/protocol.d.ts').LayerInfo} */ { name, shape }) => `${name} (${shape.join(' × ')})`,
    further: 'Further layers',
    place: (/** @type {number} */ place) => `Layer ${place}`,
    remove: (/** @type {number} */ place) => `Remove layer ${place}`,
    merge: 'How to merge the layers’ maps',
    add: 'Merge with another layer',
  },

  appearance: {
    formula: 'Overlay',
    raw: 'This overlay shows the signed values themselves. The settings below do not apply.',
    colormap: 'Colour map',
    opacity: 'Opacity',
    threshold: 'Hide values below',
  },

  window: {
    heading: 'Shown values',
    black: 'Black',
    white: 'White',
    all: 'Show all values',
  },

  save: {
    open: 'Save',
    copy: 'Copy',
    entries: {
      overlay: 'Picture with heatmap',
      heatmap: 'Heatmap alone',
      captioned: 'With legend and caption',
      npy: 'Values for NumPy',
      csv: 'Values as a table',
      json: 'Result with all settings',
      copyPicture: 'Copy the picture',
      copyLink: 'Copy the link',
    },
    formats: { overlay: 'PNG', heatmap: 'PNG', captioned: 'PNG', npy: 'NPY', csv: 'CSV', json: 'JSON', copyPicture: 'PNG', copyLink: '' },
    sized: (/** @type {string} */ format, /** @type {number} */ width, /** @type {number} */ height) => `${format}, ${width} × ${height}`,
    made: 'Made with CAM Lucida',
    waiting: 'Saving after the running computation…',
    saved: (/** @type {string[]} */ names) => `Saved: ${f.list(names)}.`,
    copiedPicture: 'The picture is on the clipboard.',
    copiedLink: 'The link is on the clipboard.',
    copiedLinkOwn: 'The link is on the clipboard. It cannot carry your own files.',
    notCopied: 'The browser does not allow copying here.',
  },
});

/** A title within a sentence. */
const lower = (/** @type {string} */ title) => title[0].toLowerCase() + title.slice(1);
