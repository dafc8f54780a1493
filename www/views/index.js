// The page's views. The menu, the addresses and the loading follow from this list.
// A view is a `ViewElement`, with the properties `page` (what all views share, see main.js), `state` (the signal of its
// state), `status` (what it tells) and `active` (whether it is on the screen; one that is not computes nothing).

/** @typedef {import('../state/address.js').View} View */

/** The tasks for which views need a network of language. */
export const TASKS = /** @type {const} */ ({ ask: 'visual_question_answering', caption: 'image_to_text' });

/** `task`: of the network that the view needs; the menu leaves the view out where the site brings none. */
/** @type {{ name: View, task?: string, load: () => Promise<unknown> }[]} */
export const VIEWS = [
  { name: 'board', load: () => import('./board/board.js') },
  { name: 'bias', load: () => import('./bias/bias.js') },
  { name: 'ask', task: TASKS.ask, load: () => import('./ask/ask.js') },
  { name: 'caption', task: TASKS.caption, load: () => import('./caption/caption.js') },
  { name: 'explain', load: () => import('./explain/explain.js') },
  { name: 'compare', load: () => import('./compare/compare.js') },
  { name: 'steps', load: () => import('./steps/steps.js') },
  { name: 'erase', load: () => import('./erase/erase.js') },
  { name: 'trust', load: () => import('./trust/trust.js') },
  { name: 'inside', load: () => import('./inside/inside.js') },
  { name: 'guess', load: () => import('./guess/guess.js') },
  { name: 'camera', load: () => import('./camera/camera.js') },
  { name: 'lessons', load: () => import('./lessons/lessons.js') },
];

/** The tag of a view's element. */
export const tagOf = (/** @type {View} */ name) => `cl-${name}`;
