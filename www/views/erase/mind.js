// What a network says of a picture, and the game about it: the smallest erasure that changes its mind.

/** From this probability on, a network that judges each class by itself says that it is there. */
export const SAYS = 0.5;

/**
 * Whether a network says that a class is there: of classes that exclude each other, the most probable one is what it says.
 * @param {string | undefined} problem
 * @param {ArrayLike<number>} probabilities of all classes
 * @param {number} id
 */
export function says(problem, probabilities, id) {
  if (problem === 'value') return false; // it says no class
  if (problem === 'multi-label') return probabilities[id] >= SAYS;
  return Array.from(probabilities).every((probability) => probability <= probabilities[id]);
}

/**
 * The smaller one of two erasures; the first of two that are alike.
 * @template {{ share: number }} T
 * @param {T | undefined} one
 * @param {T} other
 */
export const smaller = (one, other) => (one && one.share <= other.share ? one : other);
