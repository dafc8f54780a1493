// The page's views. The menu, the addresses and the loading follow from this list.
// A view is a `ViewElement`, with the properties `page` (what all views share, see main.js), `state` (the signal of its
// state), `status` (what it tells) and `active` (whether it is on the screen; one that is not computes nothing).

/** @typedef {import('../state/address.js').View} View */

/** @type {{ name: View, load: () => Promise<unknown> }[]} */
export const VIEWS = [
  { name: 'board', load: () => import('./board/board.js') },
  { name: 'bias', load: () => import('./bias/bias.js') },
  { name: 'explain', load: () => import('./explain/explain.js') },
  { name: 'compare', load: () => import('./compare/compare.js') },
];

/** The tag of a view's element. */
export const tagOf = (/** @type {View} */ name) => `cl-${name}`;
