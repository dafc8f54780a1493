// The words of the view Look inside.

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => ({
  heading: 'Look inside',
  lead: 'Each layer makes many channels of the picture: small maps, bright where the network finds something. Choose one to see what it answers to.',
  missing: 'This site brings no network or no picture to look into.',
  computing: 'Working…',
  again: 'Compute again',
  network: 'Network',
  picture: 'Another picture',
  layer: 'Layer',
  layerOf: (/** @type {string} */ name, /** @type {number} */ channels, /** @type {number} */ rows, /** @type {number} */ columns) =>
    `${name}: ${f.number(channels)} × ${rows} × ${columns}`,
  order: 'Order',
  orders: { number: 'By number', strength: 'Strongest first' },
  scale: 'Colours',
  scales: { shared: 'One scale', own: 'Each its own' },
  blocks: (/** @type {number} */ block) => `Shown are means of ${block} × ${block} places.`,

  sheet: (/** @type {number} */ channels, /** @type {number} */ rows, /** @type {number} */ columns) =>
    `${f.number(channels)} channels of ${rows} × ${columns} places`,
  option: (/** @type {number} */ channel, /** @type {number} */ max) => `Channel ${channel}, highest ${f.decimal(max)}`,
  figure: (/** @type {number} */ channel) => `The picture as the network sees it, under channel ${channel} in colour`,
  channel: (/** @type {number} */ channel, /** @type {number} */ channels) => `Channel ${channel} of ${f.number(channels)}`,
  numbers: (/** @type {string} */ max, /** @type {string} */ mean, /** @type {string} */ min) =>
    `Highest ${max}, mean ${mean}, lowest ${min}`,
  framePatch: (/** @type {number} */ side) => `The frame marks where it is strongest: ${side} × ${side} pixels, as the patches have.`,
  frameField: 'The frame marks all that its strongest place can see.',

  answers: 'What it answers to',
  backdrop: 'backdrop',
  answer: (/** @type {string} */ what, /** @type {string} */ share, /** @type {string} */ n) =>
    `${what}: ${share} of its top patches (n = ${n}).`,
  share: (/** @type {string} */ what, /** @type {string} */ share) => `${what} ${share}`,
  more: (/** @type {string[]} */ next, /** @type {string} */ chance) =>
    `${next.length ? `Next: ${f.list(next)}. ` : ''}At any place: ${chance}.`,
  patches: 'The patches that excite it most, and how much',
  never: (/** @type {string} */ scenes) => `It is zero in all ${scenes} held-out scenes.`,
  here: 'On this picture',
  compared: (/** @type {string} */ here, /** @type {string} */ best) => `On this picture it reaches ${here}; on its best patch, ${best}.`,
  silent: 'On this picture it is zero.',
  how: (/** @type {string} */ scenes, /** @type {string} */ active, /** @type {string} */ kept) =>
    `Of ${scenes} held-out scenes, ${active} excite it at all. One place of each scene counts; a patch counts as what has most pixels in it. Alone, such patches keep ${kept} of the strength.`,
  others: (/** @type {string[]} */ layers) => `It is known of the channels of ${f.list(layers)}.`,
  unknown: 'It is known only of the last layers of the default network.',
});
