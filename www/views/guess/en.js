// The words of the view Guess first.

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: 'Guess first',
  lead: 'Where does the network look? Put the circle there, then reveal its heatmap. Ten pictures make a round.',
  missing: 'This site brings no network to guess about.',

  place: (/** @type {number} */ at, /** @type {number} */ all) => `Picture ${f.number(at)} of ${f.number(all)}`,
  round: (/** @type {number} */ round) => `Round ${f.number(round)}`,
  ownRound: 'Your own pictures',
  question: (/** @type {string} */ name, /** @type {string} */ share) =>
    `The network is ${share} sure of “${name}”. Where does it see that?`,
  questionOfValue: (/** @type {string} */ name, /** @type {string} */ value) =>
    `The network gives “${name}” the value ${value}. Where does it see that?`,
  waiting: 'The network is looking at the picture…',
  awaited: 'The heatmap is coming…',
  empty: 'This site brings no pictures to guess about. Choose pictures of your own.',
  lost: 'This picture cannot be had.',
  skip: 'Skip this picture',

  pad: {
    label: 'Picture with your circle',
    keys: 'The arrow keys move the circle, with Shift in larger steps. Plus and minus change its size. Enter reveals the heatmap.',
    at: (/** @type {string} */ left, /** @type {string} */ top, /** @type {string} */ size) =>
      `${left} from the left, ${top} from the top, size ${size}`,
    shortcuts: ['Arrows: move', '+ −: size', 'Enter: reveal'],
  },
  picture: 'The picture without its heatmap',
  heatmap: (/** @type {string} */ name) => `What speaks for “${name}”`,
  size: 'Size of the circle',
  reveal: 'Reveal',
  next: 'Next picture',
  result: 'See the result',
  back: 'Back to the result',
  again: 'Try again',

  found: 'What the circles hold of the heatmap',
  you: 'You',
  bestShort: 'Best',
  yours: 'Your circle',
  best: 'The best circle of its size',
  chance: 'A circle of its size anywhere',
  flat: 'The heatmap is empty: nothing in the layer speaks for this class. The picture does not count.',
  points: (/** @type {string} */ points, /** @type {string} */ byChance) => `${points} of 100 points; a circle anywhere has ${byChance}.`,
  meaning: 'Points: what your circle holds of the heatmap, as a share of what the best circle of its size holds.',
  anywhere: '“Anywhere” is the mean of all circles of that size.',
  dashed: 'The dashed circle is the best one.',
  told: (/** @type {string} */ yours, /** @type {string} */ best, /** @type {string} */ chance, /** @type {string} */ points) =>
    `Your circle holds ${yours} of the heatmap, the best one ${best}, one anywhere ${chance}. ${points}`,

  results: 'The round so far',
  whole: 'The result of the round',
  columns: { picture: 'No.', of: 'Class', yours: 'Yours', best: 'Best', chance: 'Anywhere', points: 'Points' },
  mean: 'Mean',
  show: (/** @type {number} */ which) => `Show picture ${f.number(which)}`,
  unknown: '…',
  none: '–',
  beaten: (/** @type {string} */ points, /** @type {string} */ byChance) =>
    `You have ${points} of 100 points on average. Circles put anywhere would have ${byChance}.`,
  more: 'Next round',
  restart: 'Play this round again',

  network: 'Which network is asked',
  pictures: 'Other pictures',
  choose: 'Play with pictures of your own',
  chosen: (/** @type {number} */ most) => `Choose or drop up to ${f.number(most)} pictures. They stay on this device.`,
  leave: 'Play with stickers again',
  unsuited: 'This network knows photographs and has never seen stickers. Choose pictures of your own.',
});
