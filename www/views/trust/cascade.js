// How many modules are fresh at each step from a trained network to an untrained one.

/**
 * First none, then the head, last all, the others evenly between: as the library's `Cascade::counts`.
 * @param {number} modules that have weights
 * @param {number} steps
 */
export function countsOf(modules, steps) {
  const gaps = Math.max(steps - 1, 1);
  const behindHead = Math.max(modules - 1, 0);
  const at = (/** @type {number} */ step) => (steps === 1 ? modules : 1 + Math.floor((step * behindHead + Math.floor(gaps / 2)) / gaps));
  return [...new Set([0, ...Array.from({ length: steps }, (_, step) => at(step))])];
}
