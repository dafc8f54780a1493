// The scenes of shapes to begin with; the words for their names are in i18n/.
import { COLOURS, fillOf, KINDS, shapeOf } from './shapes.js';

const at = (/** @type {string} */ name, /** @type {number} */ x, /** @type {number} */ y, size = 0.34, angle = 0) => ({
  class: name,
  x,
  y,
  size,
  angle,
});

/** The first is the paper's: one kind in several colours, each its own answer. */
export const SHAPE_STARTS = [
  {
    name: 'hydrants',
    background: 'plain',
    stickers: [
      at('red hydrant', 0.26, 0.27, 0.44),
      at('yellow hydrant', 0.72, 0.25, 0.38),
      at('green hydrant', 0.25, 0.74, 0.35),
      at('blue hydrant', 0.72, 0.73, 0.41),
    ],
  },
  {
    name: 'street',
    background: 'meadow',
    stickers: [
      at('red house', 0.25, 0.34, 0.42),
      at('yellow bus', 0.69, 0.4, 0.46),
      at('blue car', 0.3, 0.77, 0.38),
      at('red hydrant', 0.72, 0.79, 0.27),
    ],
  },
  {
    name: 'balls',
    background: 'gradient',
    stickers: [
      at('red ball', 0.22, 0.24, 0.29),
      at('blue ball', 0.74, 0.22, 0.26),
      at('yellow ball', 0.76, 0.74, 0.32),
      at('purple ball', 0.24, 0.75, 0.23),
      at('green bottle', 0.5, 0.48, 0.42),
    ],
  },
  {
    name: 'table',
    background: 'plain',
    stickers: [
      at('blue lamp', 0.26, 0.32, 0.5),
      at('orange cup', 0.7, 0.33, 0.33),
      at('white bottle', 0.5, 0.72, 0.44, -8),
      at('red hat', 0.82, 0.74, 0.3),
    ],
  },
  {
    name: 'lake',
    background: 'meadow',
    stickers: [
      at('white boat', 0.3, 0.62, 0.44),
      at('orange fish', 0.72, 0.82, 0.34, -6),
      at('purple kite', 0.74, 0.24, 0.4, 10),
      at('yellow umbrella', 0.2, 0.22, 0.32),
    ],
  },
  // None of these pairs of kind and colour is in any picture from which the networks learned.
  {
    name: 'unseen',
    background: 'plain',
    stickers: [
      at('purple car', 0.28, 0.27, 0.42),
      at('green ball', 0.74, 0.27, 0.26),
      at('blue house', 0.72, 0.72, 0.36),
      at('yellow hat', 0.27, 0.73, 0.38),
    ],
  },
];

const REPEATED = 0.4; // the share of scenes in which a kind repeats, as in the networks' training
const TRIES = 60;
const LARGEST = [0.42, 0.38, 0.35, 0.32, 0.29]; // of scenes of two to six shapes, the side of a square of the shape's area
const SMALLEST = 0.18;

/**
 * A scene as the networks saw many: two to six shapes apart from each other, in some scenes several of a kind.
 * @param {() => number} random as Math.random
 */
export function randomShapes(random = Math.random) {
  const upTo = (/** @type {number} */ n) => Math.floor(random() * n);
  const count = 2 + upTo(5);
  const repeats = random() < REPEATED ? Math.min(count, 2 + upTo(3)) : 1;
  const others = shuffled(KINDS, random);
  const kinds = shuffled([...Array(repeats).fill(others[0]), ...others.slice(1, count - repeats + 1)], random);
  /** @type {ReturnType<typeof at>[]} */
  const stickers = [];
  for (const kind of kinds) {
    const area = SMALLEST + random() * (LARGEST[count - 2] - SMALLEST);
    const size = area / Math.sqrt(fillOf(kind));
    const reach = 0.45 * size;
    for (let tries = 0; tries < TRIES; tries++) {
      const [x, y] = [0, 0].map(() => reach + random() * (1 - 2 * reach));
      const apart = stickers.every((other) => Math.hypot(x - other.x, y - other.y) > 0.42 * (size + other.size));
      if (!apart && tries < TRIES - 1) continue;
      if (apart || stickers.length < 2)
        stickers.push(at(shapeOf(COLOURS[upTo(COLOURS.length)], kind), x, y, size, Math.round(24 * random() - 12)));
      break;
    }
  }
  const backgrounds = [...new Set(SHAPE_STARTS.map(({ background }) => background))];
  return { background: backgrounds[upTo(backgrounds.length)], stickers };
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {() => number} random
 */
function shuffled(all, random) {
  const rest = [...all];
  return all.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0]);
}
