// The words of the view Compare.

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => {
  const cells = (/** @type {number} */ count) => `${f.number(count)} ${f.plural(count, { one: 'cell', other: 'cells' })}`;

  return {
    heading: 'Compare side by side',
    lead: 'Each cell is a heatmap. Choose what its row and its column stand for.',
    examples: 'Examples',
    example: { single: 'One object', several: 'Several objects' },
    pictures: 'Your pictures',

    axes: { picture: 'Picture', network: 'Network', method: 'Method', class: 'Class', layer: 'Layer' },
    choices: 'What is compared',
    rows: 'Rows',
    columns: 'Columns',
    same: 'Same for all cells',
    role: (/** @type {string} */ axis) => `${axis}: where it stands`,
    values: (/** @type {string} */ axis) => `${axis}: what is compared`,
    value: (/** @type {string} */ axis) => `${axis} of all cells`,
    /** By axis, how many are compared. */
    counts: {
      picture: (/** @type {number} */ n) => `${f.number(n)} ${f.plural(n, { one: 'picture', other: 'pictures' })}`,
      network: (/** @type {number} */ n) => `${f.number(n)} ${f.plural(n, { one: 'network', other: 'networks' })}`,
      method: (/** @type {number} */ n) => `${f.number(n)} ${f.plural(n, { one: 'method', other: 'methods' })}`,
      class: (/** @type {number} */ n) => `${f.number(n)} ${f.plural(n, { one: 'class', other: 'classes' })}`,
      layer: (/** @type {number} */ n) => `${f.number(n)} ${f.plural(n, { one: 'layer', other: 'layers' })}`,
    },
    swap: 'Swap rows and columns',
    reset: 'Take what suits',
    all: 'All of them',
    more: (/** @type {number} */ count) => `Show ${f.number(count)} more`,
    choosePictures: 'Choose pictures',
    dropHint: 'You can also drop several pictures on this page. Each becomes a row.',
    classHint: 'A class is sought by its name in every network.',
    layerHint: 'These are the layers of the first network. A cell tells where another network has no such layer.',
    addClass: 'Add a class by name or number',
    predicted: 'Predicted',
    lastLayer: 'Last layer',
    knows: /** @type {Record<string, string | undefined>} */ ({ scenes: 'stickers', people: 'people' }),

    scale: 'Colours',
    scales: { own: 'Each map has its own scale', shared: 'One scale for all' },
    sharedHint: 'One scale shows which map has larger values. It means little between methods or networks: each has its own unit.',
    sort: 'Sort by',
    sorts: { none: 'As chosen', score: 'Confidence', time: 'Time', focus: 'Concentration' },
    sortWaits: 'It is sorted when all cells are there.',
    focusHint: `Concentration is the share of a map within the hottest ${f.percent(0.1)} of the picture.`,
    average: (/** @type {string} */ value) => `mean ${value}`,
    look: 'Order and colours',

    progress: (/** @type {number} */ done, /** @type {number} */ all) => `${f.number(done)} of ${f.number(all)}`,
    filling: 'Cells that are done',
    settled: (/** @type {number} */ done, /** @type {number} */ failed, /** @type {number} */ cancelled) =>
      [
        `${cells(done)} done`,
        ...(failed ? [`${f.number(failed)} impossible`] : []),
        ...(cancelled ? [`${f.number(cancelled)} cancelled`] : []),
      ].join(', '),
    cancelAll: 'Cancel all',
    cancelRow: (/** @type {string} */ name) => `Cancel the row ${name}`,
    cancelCell: (/** @type {string} */ name) => `Cancel ${name}`,
    cancelled: 'Cancelled',
    resume: 'Compute the rest',
    again: 'Compute',
    againCell: (/** @type {string} */ name) => `Compute ${name}`,
    retry: 'Try again',
    retryCell: (/** @type {string} */ name) => `Try again: ${name}`,
    waiting: 'Waiting',
    running: 'Computing…',

    grids: 'Heatmaps',
    fixed: (/** @type {string} */ axis, /** @type {string} */ value) => `${axis}: ${value}`,
    grid: (/** @type {string} */ rows, /** @type {string} */ columns) => `Heatmaps: ${rows} by ${columns}`,
    corner: (/** @type {string} */ rows, /** @type {string} */ columns) => `${rows} ↓\n${columns} →`,
    sheet: 'Heatmaps of the pictures',
    cell: (/** @type {string} */ row, /** @type {string} */ column) => `${row}, ${column}`,
    open: (/** @type {string} */ cell, /** @type {string} */ what) => `${cell}: ${what}. Open in Explain`,
    said: (/** @type {string} */ name, /** @type {string} */ share) => `${name} ${share}`,
    against: (/** @type {string} */ one, /** @type {string} */ other) => `${one} against ${other}`,
    rather: (/** @type {string} */ name, /** @type {string} */ rival) => `${name} rather than ${rival}`,
    signedEnds: ['more of the other class', 'more of the class'],
    contrast: {
      title: 'Two classes against each other, as a signed map',
      of: 'More of',
      than: 'than of',
      add: 'Add',
    },
    flat: 'Nothing speaks for this class.',
    missing: 'There is nothing to compare yet. Choose a picture and a network.',

    choose: 'Slide',
    chooseCell: (/** @type {string} */ cell) => `Slide ${cell} over another cell`,
    one: (/** @type {string} */ cell) => `${cell} is chosen. Choose “Slide” of another cell.`,
    leave: 'Leave it',
    pair: {
      title: 'Two cells, one over the other',
      slider: 'Where the left one ends',
      at: (/** @type {string} */ share) => `${share} of the left one`,
      keys: 'Drag over the picture, or use the arrow keys.',
      close: 'Close',
      open: 'Open in Explain',
      swap: 'Swap sides',
    },

    saveGrid: 'Save as PNG',
    saveAll: 'Save all (ZIP)',
    saving: 'Saving…',
    saved: (/** @type {string} */ name) => `Saved: ${name}.`,
    made: 'Made with CAM Lucida',
    ends: { own: ['lowest of each map', 'highest of each map'], shared: ['lowest of all', 'highest of all'] },
    ranged: (/** @type {string} */ words, /** @type {string} */ value) => `${words} (${value})`,

    many: (/** @type {number} */ given, /** @type {number} */ used) =>
      `You gave ${f.number(given)} pictures. The grid shows the first ${f.number(used)}.`,
    finished: (/** @type {number} */ done, /** @type {number} */ failed) =>
      failed ? `${cells(done)} done; ${f.number(failed)} cannot be computed.` : `${cells(done)} done.`,
  };
};
