// Captions.

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: 'Why did it write this word?',
  lead: 'A network describes the picture. Choose a word to see what in the picture speaks for it.',
  english: 'The network writes and reads English only. It learned from drawn shapes like these.',
  missing: 'This site does not have the network that writes captions. You can still play with the shapes.',
  result: 'Caption and heatmap',
  /** Between two sentences. */
  gap: ' ',
  empty: 'The network ends the caption before the first word.',
  again: 'Compute again',
  total: (/** @type {string} */ share, /** @type {string} */ log, /** @type {boolean} */ own) =>
    `${own ? 'Your caption' : 'This caption'}: probability ${share}, logarithm ${log}.`,
  how: (/** @type {string} */ method, /** @type {string} */ first, /** @type {string} */ last) =>
    `${method} at ${first}${last === first ? '' : ` to ${last}`}`,
  /** What a screen reader says when the captions have changed. */
  settled: (/** @type {string} */ text, /** @type {boolean} */ own) =>
    text ? `${own ? 'Your caption' : 'The network writes'}: ${text}.` : 'The network writes nothing.',

  words: {
    heading: 'Words of the caption',
    label: (/** @type {string} */ word, /** @type {string} */ share, /** @type {string[]} */ notes) =>
      [`${word}, ${share}`, ...notes].join(', '),
    unknown: 'unknown to the network',
    readAs: (/** @type {string} */ word) => `read as “${word}”`,
    nothing: 'names nothing that can be seen',
    relation: 'told from where the network looks',
    end: 'end',
    endLabel: (/** @type {string} */ share) => `The caption ends here: ${share}`,
    whole: 'Whole caption',
    join: 'Choose a phrase',
    touch: 'Press the first word of a phrase, then the last one.',
    /** Keys, and what they do. */
    keys: /** @type {[string[], string][]} */ ([
      [['←', '→'], 'choose a word'],
      [['Shift ← →'], 'choose a phrase'],
      [['Esc'], 'goes back to the whole caption'],
    ]),
  },
  heat: {
    word: (/** @type {string} */ word, /** @type {string} */ share) => `“${word}”: probability ${share}`,
    phrase: (/** @type {string} */ phrase) => `“${phrase}”: the sum of the words’ maps`,
    whole: 'Whole caption: the sum of the words’ maps',
    label: (/** @type {string} */ text, /** @type {boolean} */ whole) =>
      whole ? `Heatmap for the whole caption, “${text}”` : `Heatmap for “${text}”`,
    flat: 'Nothing in the picture speaks for these words.',
    alone: 'This word names nothing that can be seen. Its map says little.',
    without: (/** @type {string[]} */ words) =>
      `The sum leaves out ${f.list(words.map((word) => `“${word}”`))}, which ${f.plural(words.length, { one: 'names', other: 'name' })} nothing that can be seen.`,
    relation:
      'The network tells left, right, above and below from where it looks. What it read does not hold that. So this map shows what was read, not what decided.',
    withoutRelations: (/** @type {string[]} */ words) =>
      `${f.list(words.map((word) => `“${word}”`))} ${f.plural(words.length, { one: 'is', other: 'are' })} not in the sum: the network tells ${f.plural(words.length, { one: 'it', other: 'them' })} from where it looks, which maps of what it read do not show.`,
  },
  alternatives: {
    heading: 'Captions that it found',
    label: (/** @type {string} */ text, /** @type {string} */ share, /** @type {string} */ log) =>
      `${text}: probability ${share}, logarithm ${log}`,
    nothing: 'no words',
    beam: 'Width of the search',
    one: 'The likeliest word each time',
    beams: (/** @type {number} */ count) => `${f.number(count)} captions at once`,
    hint: 'The numbers are logarithms of probabilities. The caption nearest to zero is the most probable.',
  },
  own: {
    heading: 'Score your own caption',
    label: 'Your caption, in English',
    score: 'Score',
    back: 'Back to its own caption',
    vocabulary: 'Words that it knows',
    none: 'The network knows none of these words. Use some of those below.',
    unknown: (/** @type {string[]} */ words) =>
      `The network does not know ${f.list(words.map((word) => `“${word}”`))}. It reads ${f.plural(words.length, { one: 'an unknown word in its place', other: 'unknown words in their places' })}.`,
  },
  method: {
    heading: 'Method',
    method: 'Method',
    target: 'What the heatmap explains',
    hint: 'For each word, the network looks at the picture anew. The heatmap explains what it read there.',
  },
});
