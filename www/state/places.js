// The places of each view that a lesson may light, and where they are in the view. Where `hide=` knows a place, it has the same name.

/** @typedef {import('./address.js').View} View */

/** @type {{ [V in View]: Record<string, string> }} selectors, by name */
export const PLACES = {
  board: {
    stage: '.table',
    figure: '.figures, .over .table',
    palette: '.palette',
    tools: '.bar',
    scenes: '.scenes',
    classes: '.classes',
    sureness: '.sureness',
    network: '.network',
  },
  bias: { figure: '.figures', picture: '.people', network: '.networks', classes: '.classes', questions: '.questions' },
  ask: {},
  caption: {},
  explain: {
    figure: '.figures',
    classes: '.classes',
    picture: '.picture',
    network: '.network',
    method: '.method',
    layers: '.layers',
    appearance: '.appearance',
  },
  compare: { figure: '.result', axes: '.axes', appearance: 'cl-grid-look' },
  steps: { figure: '.figure', channels: '.channels', network: 'cl-networks', picture: '.source > details' },
  erase: {
    stage: '.table',
    figure: '.figure',
    tools: '.tools',
    game: '.game',
    classes: '.scores',
    network: 'cl-networks',
    picture: '.source > details',
  },
  trust: { figure: '.figure', experiment: '.experiment', network: 'cl-networks', picture: '.source > details' },
  inside: { figure: '.figure', layers: '.layers', network: 'cl-networks', picture: '.source > details' },
  guess: { stage: '.table', game: '.asking, .ended', network: 'cl-networks', picture: '.own' },
  camera: { figure: '.figure', classes: '.scores', network: 'cl-networks' },
  lessons: {},
};
