// The boards of a round: they look random and are the same for everybody.

/** @import { Sticker } from '../../state/board.js' */

/**
 * In another order.
 * @template T
 * @param {readonly T[]} all
 * @param {() => number} random
 */
export function shuffled(all, random) {
  const rest = [...all];
  return all.map(() => rest.splice(Math.floor(random() * rest.length), 1)[0]);
}

const TRIES = 200;

/**
 * A board of two to four different stickers apart from each other.
 * @param {readonly string[]} classes
 * @param {readonly string[]} backgrounds
 * @param {() => number} random
 * @returns {{ background: string, stickers: Sticker[] }}
 */
export function randomBoard(classes, backgrounds, random) {
  const fine = (/** @type {number} */ value) => Math.round(value * 1000) / 1000;
  const wanted = 2 + Math.floor(random() * 3);
  /** @type {Sticker[]} */
  const stickers = [];
  for (const name of shuffled(classes, random).slice(0, wanted)) {
    const size = fine(0.3 + 0.12 * random());
    for (let tries = 0; tries < TRIES; tries++) {
      const [x, y] = [0, 0].map(() => fine(size / 2 + random() * (1 - size)));
      if (stickers.some((other) => Math.hypot(x - other.x, y - other.y) < 0.45 * (size + other.size))) continue;
      stickers.push({ class: name, x, y, size, angle: Math.round(24 * random() - 12) });
      break;
    }
  }
  return { background: backgrounds[Math.floor(random() * backgrounds.length)], stickers };
}
