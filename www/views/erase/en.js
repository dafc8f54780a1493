// The words of the view Erase.

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: 'Erase',
  lead: 'Paint over the picture. The score and the heatmap follow the brush. What must go before the network changes its mind?',
  missing: 'This site brings no picture or no network to erase from.',

  pad: {
    label: 'Picture to erase from',
    keys: 'The arrow keys move the brush, with Shift in larger steps. Space presses it down. Plus and minus change its size.',
    at: (/** @type {string} */ left, /** @type {string} */ top, /** @type {string} */ size) =>
      `${left} from the left, ${top} from the top, size ${size}`,
    canvas: (/** @type {string} */ share) => `The picture, ${share} of it erased`,
    shortcuts: ['Arrows: move', 'Space: erase', '+ −: size', 'Ctrl Z: undo'],
  },
  brush: 'Brush',
  fills: { blur: 'Blur', grey: 'Grey', background: 'Background', picture: 'Bring back' },
  fillHints: {
    blur: 'Colours stay, details go.',
    grey: 'The same grey everywhere.',
    background: 'Each row takes the colours of the left and right edge.',
    picture: 'The brush brings back what was there.',
  },
  size: 'Brush size',
  undo: 'Undo',
  redo: 'Redo',
  clear: 'Start over',
  again: 'Compute again',

  heatmap: (/** @type {string} */ name, /** @type {string} */ share) => `What speaks for “${name}” with ${share} of the picture erased`,
  fainter: 'The less sure the network is, the fainter the heatmap.',
  flat: 'Nothing in what is left speaks for this class.',

  scores: 'How sure the network is',
  score: (/** @type {string} */ before, /** @type {string} */ now) => `${before} → ${now}`,
  scoreAloud: (/** @type {string} */ name, /** @type {string} */ before, /** @type {string} */ now) =>
    `${f.capital(name)}: ${before} before, now ${now}`,
  scoresHint: 'Before the erasure → now. Press a class to see its heatmap.',

  game: {
    heading: 'The smallest erasure',
    goal: {
      'multi-label': (/** @type {string} */ name, /** @type {string} */ share) =>
        `Erase as little as you can, until the network is less than ${share} sure of “${name}”.`,
      'single-label': (/** @type {string} */ name) => `Erase as little as you can, until “${name}” is no longer its first answer.`,
    },
    never: (/** @type {string} */ name) => `The network does not say “${name}” of the whole picture. Choose another class.`,
    erased: 'Pixels erased',
    stays: 'It has not changed its mind.',
    changed: (/** @type {string} */ share) => `It has changed its mind, with ${share} of the pixels erased.`,
    record: (/** @type {string} */ share) => `Your smallest erasure: ${share}`,
    show: 'Show it',
    counts: 'Every pixel under a stroke counts, whatever colour it had.',
    computing: 'Computing…',
  },
  told: (
    /** @type {string} */ share,
    /** @type {string} */ name,
    /** @type {string} */ before,
    /** @type {string} */ now,
    /** @type {string} */ verdict,
  ) => `${share} erased. ${f.capital(name)}: ${before} before, now ${now}. ${verdict}`,

  picture: 'Picture',
  network: 'Network',
  networkLabel: 'Which network is asked',
  reduced: (/** @type {number} */ side) => `Larger pictures are erased from at ${f.number(side)} pixels.`,
});
