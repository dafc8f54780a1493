// The board of shapes, where it says other things than the board of stickers.

export default () => ({
  /** A shape. */
  named: (/** @type {string} */ colour, /** @type {string} */ kind) => `${colour} ${kind}`,
  show: 'What the network looks at',
  board: 'The board',
  own: 'Your own picture',
  drawn: 'The network learned from drawn shapes alone. What it says about a photo is a guess.',
  picture: (/** @type {string} */ name) => `The picture “${name}”`,
  things: 'Shapes on the board',
  keys: 'Arrow keys move a shape, and C changes its colour. Plus and minus scale it, square brackets turn it, and Delete removes it.',
  change: 'Change the board',
  palette: 'Shapes to add',
  colours: 'Colour of the chosen shape, and of those to add',
  chosen: 'The chosen shape',
  pointer: 'Double-click a shape to change its colour. To scale or turn it, pull a corner, pinch it or use the mouse wheel.',
  /** Keys, and what they do. */
  hints: /** @type {Record<string, string>} */ ({
    Tab: 'chooses a shape',
    '← ↑ ↓ →': 'move it',
    C: 'recolours it',
    '+ −': 'scale it',
    '[ ]': 'turn it',
    Delete: 'removes it',
    'Ctrl Z': 'undoes',
  }),
  starts: /** @type {Record<string, string>} */ ({
    hydrants: 'Four hydrants',
    street: 'A street',
    balls: 'Four balls',
    table: 'A table',
    lake: 'A lake',
    unseen: 'Colours never seen',
  }),
  changed: 'A scene of your own',
  random: 'Random',
});
