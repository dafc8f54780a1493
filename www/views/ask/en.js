// Questions about a board of shapes.

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: 'Ask about the picture',
  lead: 'A small network answers your question. Heatmaps show which parts of the picture speak for each answer. Change the board, and they follow.',
  missing: 'This site does not have the network that answers questions. The board works without it.',
  question: 'Your question, in English',
  ask: 'Ask',
  examples: 'Examples',
  english: (/** @type {number} how many words it knows; 0: not known yet */ words) =>
    `The network reads and answers English${words ? `, and knows ${f.number(words)} words` : ''}. It learned from drawn shapes alone.`,
  words: {
    none: 'The network knows none of these words. Ask about a shape or a colour.',
    unknown: (/** @type {string[]} */ words) =>
      `The network does not know ${f.list(words.map((word) => `“${word}”`))}. It reads ${f.plural(words.length, { one: 'it', other: 'them' })} as an unknown word.`,
    readAs: (/** @type {string} */ word, /** @type {string} */ as) => `It reads “${word}” as “${as}”.`,
    gap: ' ',
  },

  answers: 'Answers',
  press: 'Press an answer to see its heatmap.',
  another: '+ another answer',
  full: (/** @type {number} */ most) => `${f.number(most)} heatmaps at most`,
  card: {
    plus: '+',
    sum: 'Add the score of another answer',
    sumWith: (/** @type {string} */ name) => `Add the score of another answer to “${name}”`,
    remove: (/** @type {string} */ name) => `Remove the heatmap for “${name}”`,
    drawing: (/** @type {string} */ name, /** @type {string} */ question, /** @type {string} */ layer) =>
      `What speaks for “${name}” as the answer to “${question}”: heatmap at ${layer}`,
    at: (/** @type {string} */ layer) => `At ${layer}`,
    flat: 'Nothing in this layer speaks for this answer.',
    added: 'The scores of these answers add up, and so do their probabilities.',
  },
  scale: (/** @type {number} */ answers, /** @type {number} */ layers) =>
    [
      ...(answers > 1 ? ['All answers share one colour scale, so you can compare how strong they are.'] : []),
      ...(layers > 1 ? ['Each layer has a scale of its own.'] : []),
    ].join(' '),
  again: 'Compute again',

  before: {
    heading: 'Before and after the question',
    first: 'Before',
    firstDetail: (/** @type {string} */ layer) => `${layer}: no question has reached this layer.`,
    last: 'After',
    lastDetail: (/** @type {string} */ layer, /** @type {string} */ question) => `${layer}, once the network has read “${question}”`,
    drawing: (/** @type {string} */ heading, /** @type {string} */ detail) => `Response of the network. ${heading}: ${detail}`,
    seen: 'These two heatmaps show where a layer responds most (EigenCAM). They belong to no answer. The first stays the same whatever you ask; the second shows what the question has left. Each has a scale of its own.',
  },
  how: {
    method: 'Method',
    layer: 'Layer',
    beside: 'Beside it',
    none: 'no other layer',
    usual: (/** @type {string} */ layer) => `${layer} (after the question)`,
    encoded: (/** @type {string} */ layer) => `${layer} (before the question)`,
    glance: (/** @type {string} */ layer) => `${layer} (where the question looks first)`,
    region: (/** @type {string} */ layer) => `${layer} (where the question looks from there)`,
    gate: (/** @type {string} */ layer) => `${layer} (where the answer is read)`,
    took: (
      /** @type {{ method: string, layers: string[], milliseconds: number, device: string }} */ { method, layers, milliseconds, device },
    ) => `${method} at ${f.list(layers)} took ${f.duration(milliseconds)} on the ${device.toUpperCase()}.`,
  },
  saving: {
    how: (/** @type {string} */ method, /** @type {string[]} */ layers) =>
      `${method} at ${f.list(layers)}. One colour scale for each layer.`,
  },

  /** What a screen reader says. */
  settled: (/** @type {{ name: string | null, probability: number }[]} */ top) =>
    `Answers: ${f.list(top.map(({ name, probability }) => `${name}, ${f.probability(probability)}`))}.`,
  flat: (/** @type {string[]} */ names) => `Nothing speaks for ${f.list(names)}.`,
});
