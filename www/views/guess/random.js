// Numbers that look random and are the same for everybody, and the boards that are made of them.

/** @import { Sticker } from '../../state/board.js' */

/**
 * What `Math.random` is, from a seed (Mulberry32, by Tommy Ettinger).
 * @param {number} seed
 */
export function randomFrom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

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
