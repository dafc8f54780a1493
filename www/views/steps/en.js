// The words of the view Steps.

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => {
  const channels = (/** @type {number} */ count) => `${f.number(count)} ${f.plural(count, { one: 'channel', other: 'channels' })}`;
  return {
    heading: 'Steps: from picture to heatmap',
    lead: 'A heatmap is a weighted sum of what a layer sees. Point at a symbol of the formula, or at a channel.',
    missing: 'This site brings no picture or no network to take apart.',

    heatmap: (/** @type {string} */ name) => `What speaks for “${name}”`,
    scored: (/** @type {string} */ value) => `Score ${value}`,
    whole: (/** @type {number} */ count) => `Sum of all ${channels(count)}`,
    some: (/** @type {number} */ count, /** @type {number} */ all) => `Sum of ${f.number(count)} of ${channels(all)}`,
    flat: 'Nothing is above zero: these channels do not speak for this class.',
    network: 'Network',
    picture: 'Picture',
    again: 'Compute again',
    budget: (/** @type {number} */ used, /** @type {number} */ all) =>
      `Only the ${f.number(used)} most active of ${channels(all)} were tried; the others have weight 0.`,

    formula: 'The formula',
    symbol: (/** @type {string} */ mark, /** @type {string} */ name) => `${mark}: ${name}`,
    paper: (/** @type {string} */ source) => `Paper: ${source}`,
    steps: {
      activations: {
        name: 'Activations',
        said: 'Each channel A of the layer is a small picture of where the network has found a pattern. Bright places answer strongly.',
      },
      gradients: {
        name: 'Gradients',
        said: 'The gradient g tells how the score y would follow if the activation grew a little at a place. Red places raise the score, blue ones lower it.',
      },
      weights: { name: 'Weights', said: '' },
      sum: {
        name: 'Weighted sum',
        said: 'Each channel is multiplied by its weight, and all products are added, pixel by pixel. A channel that is switched off takes exactly its part away.',
      },
      relu: {
        name: 'ReLU',
        said: 'ReLU sets to zero what is below zero: it speaks against the class. The map keeps what speaks for it.',
      },
      upsampling: {
        name: 'Upsampling',
        said: 'A layer is coarser than the picture, so the map is enlarged and laid over it. In between, values blend; nothing is added that the layer does not know.',
      },
    },
    /** The step of the weights, by method. */
    weights: /** @type {Record<string, string>} */ ({
      'grad-cam':
        'The weight of a channel is the mean of its gradient over all Z pixels. A channel that raises the score has a weight above zero.',
      'grad-cam++':
        'Each pixel’s positive gradient counts by a share α of its own, and their sum is the weight. So small objects count beside large ones.',
      cam: 'The weight is W, which the last layer has learned for this channel and class c. CAM needs a network that ends in pooling and one linear layer.',
      'layer-cam': 'Each pixel of a channel has a weight of its own: its gradient, where that is above zero. The bars show the mean.',
      'hires-cam': 'Each pixel of a channel has a weight of its own: its gradient, which is not averaged. The bars show the mean.',
      'xgrad-cam':
        'The weight is the mean of the gradient, in which each pixel counts as much as it is active. A gradient where the channel is silent does not count.',
      'score-cam':
        'The channel, enlarged and brought to 0…1, is a mask m over the picture x; the network scores what is left. A softmax over the channels makes weights of the scores.',
      'ss-cam':
        'The channel, enlarged and brought to 0…1, is a mask m over the picture x, N times with noise ε. A softmax over the channels makes weights of the mean scores.',
      'is-cam':
        'The channel, enlarged and brought to 0…1, is a mask m over the picture x, which opens in N steps. A softmax over the channels makes weights of the mean scores.',
      'ablation-cam':
        'The channel is set to zero, and the network computes the score anew from this layer on. The weight is the share of the score that is lost.',
    }),

    channel: (/** @type {number} */ channel) => `Channel ${f.number(channel)}`,
    activationsOf: (/** @type {number} */ channel) => `Activations A of channel ${f.number(channel)}`,
    gradientsOf: (/** @type {number} */ channel) => `Gradients g of channel ${f.number(channel)}`,
    weightsOf: (/** @type {number} */ channel) => `Weights w of channel ${f.number(channel)}, pixel by pixel`,
    barsOf: (/** @type {number} */ count) => `Weights w of ${channels(count)} as bars`,
    weighs: (/** @type {string} */ weight) => `w = ${weight}`,
    weighsOnAverage: (/** @type {string} */ weight) => `mean w = ${weight}`,
    adds: (/** @type {string} */ part) => `adds ${part}`,
    range: (/** @type {string} */ low, /** @type {string} */ high) => `${low} to ${high}`,
    pictures: 'The pictures of the formula',
    sum: 'Sum, before ReLU',
    map: 'Map, after ReLU',
    enlarged: 'Map over the picture',

    list: 'Channels, by what they add',
    listHint: 'What a channel adds is the mean of w · A over the map.',
    counting: 'Channels that count',
    chosen: { all: 'All', positive: 'Without the negative ones', negative: 'Only the negative ones', none: 'None' },
    first: 'Order',
    orders: { most: 'Most first', least: 'Least first' },
    own: 'Always use all colours',
    counts: (/** @type {number} */ channel) => `Channel ${f.number(channel)} counts`,
    only: 'Only this',
    onlyThis: (/** @type {number} */ channel) => `Only channel ${f.number(channel)}`,
    shows: (/** @type {number} */ channel) => `Show channel ${f.number(channel)}`,
    more: (/** @type {number} */ count) => `Show ${channels(count)} more`,

    pixel: (/** @type {number} */ column, /** @type {number} */ row) => `Pixel in column ${f.number(column)}, row ${f.number(row)}`,
    pixelHint: 'Point at the sum to read another pixel. The arrow keys move it.',
    others: (/** @type {number} */ count) => `${channels(count)} more`,
    total: 'Sum',
    after: 'After ReLU',
    read: (/** @type {number} */ column, /** @type {number} */ row, /** @type {string} */ sum, /** @type {string} */ map) =>
      `Column ${f.number(column)}, row ${f.number(row)}: sum ${sum}, after ReLU ${map}`,
    product: 'w · A',
  };
};
