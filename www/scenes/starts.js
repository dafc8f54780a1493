// The scenes that the board can start with; the words for their names are the board's. What the heatmap explains first
// is the first sticker.

const at = (/** @type {string} */ name, /** @type {number} */ x, /** @type {number} */ y, size = 0.36, angle = 0) => ({
  class: name,
  x,
  y,
  size,
  angle,
});

/** The first is what the page opens with. */
export const STARTS = [
  {
    name: 'meadow',
    background: 'meadow',
    stickers: [at('cat', 0.27, 0.52, 0.4, -4), at('bicycle', 0.7, 0.4, 0.4), at('dog', 0.66, 0.77, 0.38, 5)],
  },
  {
    name: 'cats',
    background: 'meadow',
    stickers: [at('cat', 0.25, 0.68, 0.4), at('tiger', 0.7, 0.62, 0.5), at('cat', 0.62, 0.2, 0.28, 12)],
  },
  {
    name: 'street',
    background: 'plain',
    stickers: [at('house', 0.24, 0.27, 0.42), at('bus', 0.68, 0.3, 0.4), at('car', 0.3, 0.76, 0.36), at('bicycle', 0.75, 0.76, 0.36)],
  },
  {
    name: 'table',
    background: 'gradient',
    stickers: [at('apple', 0.25, 0.28), at('banana', 0.72, 0.25, 0.36, -12), at('pizza', 0.3, 0.74, 0.4, 8), at('cake', 0.74, 0.7, 0.38)],
  },
  {
    name: 'hiding',
    background: 'meadow',
    stickers: [at('cat', 0.36, 0.5, 0.42), at('tree', 0.6, 0.46, 0.66), at('bird', 0.2, 0.18, 0.22)],
  },
  { name: 'upset', background: 'gradient', stickers: [at('elephant', 0.32, 0.38, 0.5, 180), at('boat', 0.74, 0.68, 0.4, 90)] },
];

/** A picture of a single thing, which the board does not begin with. */
export const SINGLE = { name: 'single', background: 'meadow', stickers: [at('cat', 0.48, 0.56, 0.56, -4)] };
