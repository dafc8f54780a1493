// English titles of what the engine's tables name only by a code. Titles and summaries that the engine gives itself
// (methods, networks, settings) are not repeated here; what is missing is shown as the engine says it.
export default {
  /** Targets, ways of preprocessing, overlays and ways to merge layers, by their codes. */
  titles: {
    logit: 'Class score (logit)',
    probability: 'Class probability',
    contrast: 'This class rather than another',
    counterfactual: 'Evidence against this class',
    'log-probability': 'Logarithm of the class probability',

    squash: 'Squeeze the whole picture into a square',
    crop: 'Crop the centre',
    fit: 'Keep the whole picture and its aspect ratio',
    letterbox: 'Keep the whole picture, with bars to a square',

    blend: 'Blend evenly',
    'mask-weighted': 'Colour only the hot areas',
    seed: 'Add the colours to the picture',
    heatmap: 'Heatmap only',
    'z-score': 'Signed values (z-score)',
    'min-max': 'Signed values (lowest to highest)',

    mean: 'Mean of the layers',
    max: 'Maximum at each pixel',
  },

  colormaps: {
    turbo: 'Turbo',
    jet: 'Jet',
    viridis: 'Viridis',
    inferno: 'Inferno',
    magma: 'Magma',
    plasma: 'Plasma',
    cividis: 'Cividis',
    grey: 'Grey',
  },

  /** The phases of a computation that the engine times. */
  times: {
    forward: 'Forward pass',
    map: 'Heatmap',
  },

  methods: {
    'grad-cam++': { presets: { 'pytorch-grad-cam': 'As in the package pytorch-grad-cam' } },
    'smooth-grad-cam++': { presets: { 'averaged-gradients': 'Average the gradients first' } },
    'guided-backprop': { presets: { pytorch: 'As in common PyTorch code' } },
    'guided-grad-cam': { presets: { pytorch: 'As in common PyTorch code' } },
    'guided-grad-cam++': { presets: { pytorch: 'As in common PyTorch code' } },
  },

  networks: {},

  models: {},

  /** A network of the zoo, by its title: “ResNet-50 (torchvision, ImageNet)”. */
  published: (/** @type {string} */ title) => title,
};
