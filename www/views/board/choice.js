// Which classes are explained.

/** @typedef {{ class: string | null, second: string | null }} Choice */

/** From here on a class that does not lie there is suspected: it is listed, and may stay chosen. */
export const SUSPECTED = 0.1;

/**
 * The classes whose heatmaps are shown: the chosen ones, else the first that lies there; none where nothing does, which
 * the engine takes for the most probable one.
 * @param {Choice} choice
 * @param {string[]} present
 */
export function shownOf({ class: first, second }, present) {
  const names = [first ?? present.find((name) => name !== second), second];
  return /** @type {string[]} */ ([...new Set(names)].filter(Boolean));
}

/**
 * Chooses a class; that of the other heatmap trades places with it.
 * @param {Choice} choice
 * @param {'class' | 'second'} which
 * @param {string | null} name
 * @returns {Choice}
 */
export function choose(choice, which, name) {
  const other = which === 'class' ? 'second' : 'class';
  return /** @type {any} */ ({ [which]: name, [other]: name !== null && choice[other] === name ? choice[which] : choice[other] });
}

/**
 * Classes that lie there, in place of chosen ones that `isGone`.
 * @param {Choice} choice
 * @param {string[]} present
 * @param {(name: string) => boolean} isGone
 * @returns {Choice}
 */
export function stillThere(choice, present, isGone) {
  const gone = (/** @type {string | null} */ name) => name !== null && !present.includes(name) && isGone(name);
  if (!present.length || (!gone(choice.class) && !gone(choice.second))) return choice;
  const second = gone(choice.second) ? null : choice.second;
  if (!gone(choice.class)) return { class: choice.class, second };
  const first = present.find((name) => name !== second) ?? second;
  return { class: first, second: first === second ? null : second };
}

/**
 * The class that is compared with the first to begin with: the next most probable.
 * @param {{ name: string | null }[]} top best first
 * @param {string | null} first
 */
export const runnerUp = (top, first) => top.find(({ name }) => name !== null && name !== first)?.name ?? null;
