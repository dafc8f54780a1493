// The sticker board.

/**
 * @import { Formatters } from '../../i18n/format.js'
 * @typedef {{ class: string, x: number, y: number, size: number, angle: number }} Described `class` is in the page's language
 */

/** @param {Formatters} f */
export default (f) => {
  const sticker = (/** @type {Described} */ { class: name, x, y, size, angle }) =>
    `${name}, ${f.percent(x)} from the left, ${f.percent(y)} from the top, ${f.percent(size)} wide${angle ? `, turned by ${Math.round(angle)}°` : ''}`;
  const board = (/** @type {string[]} */ names) => (names.length ? `the board with ${f.list(names)}` : 'the empty board');
  const sureOf = (/** @type {string} */ name, /** @type {number} */ share) => `${f.capital(name)}: ${f.probability(share)} sure`;
  const now = (/** @type {string[]} */ names) => (names.length ? `The board now shows ${f.list(names)}.` : 'The board is now empty.');

  return {
    heading: 'Play with what the network sees',
    lead: 'Drag the stickers around. The heatmap follows. It shows which parts of the board make the network recognise the chosen class.',
    missing:
      'The sticker board needs the stickers and networks that come with the page. This site does not have them. “Explain” still works with a network of your own.',

    stage: {
      canvas: (/** @type {string[]} */ names) => f.capital(board(names)),
      stickers: 'Stickers on the board',
      sticker,
      keys: 'Arrow keys move a sticker, plus and minus scale it, square brackets turn it, and Delete removes it.',
    },
    hint: {
      pointer: 'To scale or turn a sticker, pull a corner, pinch it or use the mouse wheel.',
      /** Keys, and what they do. */
      keys: /** @type {[string[], string][]} */ ([
        [['Tab'], 'chooses a sticker'],
        [['← ↑ ↓ →'], 'move it'],
        [['+', '−'], 'scale it'],
        [['[', ']'], 'turn it'],
        [['Delete'], 'removes it'],
        [['Ctrl Z'], 'undoes'],
      ]),
    },
    palette: {
      heading: 'Stickers',
      hint: 'Drag a sticker onto the board, or press it.',
      add: (/** @type {string} */ name) => `Add ${name}`,
    },
    tools: {
      heading: 'The chosen sticker',
      acts: /** @type {Record<string, string>} */ ({
        left: 'Move left',
        up: 'Move up',
        down: 'Move down',
        right: 'Move right',
        smaller: 'Smaller',
        larger: 'Larger',
        back: 'Turn left',
        forth: 'Turn right',
        remove: 'Remove',
      }),
    },
    scene: 'Scene',
    background: 'Background',
    backgrounds: /** @type {Record<string, string>} */ ({ meadow: 'Sky and grass', plain: 'Plain', gradient: 'Gradient' }),
    empty: 'Empty',
    emptyBoard: 'Empty the board',
    undo: 'Undo',
    redo: 'Redo',

    arrangement: { heading: 'Position of the heatmap', over: 'Over the board', beside: 'Beside it' },
    peek: 'Board only',

    class: 'Heatmap for',
    second: 'Compared with',
    compare: 'Compare',
    compareLong: 'Compare with a second class',
    drawing: (/** @type {string} */ name, /** @type {string[]} */ names) => `Heatmap for ${name} on ${board(names)}`,
    sureOf,
    flat: 'Nothing on the board speaks for this class.',
    faint: 'The less sure the network is, the fainter the colours.',
    again: 'Compute again',

    sureness: {
      heading: 'How sure is the network?',
      hint: `The network judges each class by itself, so the numbers do not add up to ${f.percent(1)}. Press a class to see its heatmap.`,
      absent: (/** @type {string} */ share) => `${share}, not there`,
      none: 'The board is empty, and the network suspects nothing.',
    },
    network: {
      heading: 'Network',
      label: 'Trained on scenes of stickers',
      option: (
        /** @type {string} */ title,
        /** @type {{ classes: number, bytes: number, license: string }} */ { classes, bytes, license },
      ) => `${title} (${f.number(classes)} classes, ${f.bytes(bytes)}, ${license})`,
      how: (
        /** @type {{ method: string, layers: string[], milliseconds: number, device: string }} */ { method, layers, milliseconds, device },
      ) => `${method} at ${f.list(layers)} took ${f.duration(milliseconds)} on the ${device.toUpperCase()}.`,
    },
    examine: 'Examine this board with every method',
    erase: 'Erase parts of this board',

    /** What a screen reader says. */
    added: (/** @type {Described} */ one) => `Added: ${sticker(one)}.`,
    removed: (/** @type {string} */ name) => `Removed: ${name}.`,
    recoloured: (/** @type {string} */ name) => `Now: ${name}.`,
    emptied: 'The board is now empty.',
    undone: (/** @type {string[]} */ names) => `Undone. ${now(names)}`,
    redone: (/** @type {string[]} */ names) => `Redone. ${now(names)}`,
    begun: now,
    moved: (/** @type {Described} */ one) => `${f.capital(sticker(one))}.`,
    settled: (/** @type {{ name: string, probability: number, flat?: boolean }[]} */ classes) =>
      [
        `${f.list(classes.map(({ name, probability }) => sureOf(name, probability)))}.`,
        ...classes.filter(({ flat }) => flat).map(({ name }) => `Nothing on the board speaks for ${name}.`),
      ].join(' '),
  };
};
