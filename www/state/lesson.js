// The lesson that runs beside the views, as the query of an address says it: `lesson=NAME&step=3`. What the step shows is in the
// hash, as always, so a link shows what the sender has made of it.

/**
 * `source` is the name of a lesson of the site, or an address. Steps count from 0 here, and from 1 in the address. `opened`: what
 * the step begins with need not be opened, since the address says what is on the screen.
 * @typedef {{ source: string, step: number, opened: boolean }} Learning
 */

/**
 * @param {URLSearchParams} params
 * @param {{ opened?: boolean }} options
 * @returns {Learning | null}
 */
export function readLearning(params, { opened = true } = {}) {
  const source = params.get('lesson');
  const step = params.get('step') ?? '';
  return source ? { source, step: /^[1-9]\d{0,2}$/.test(step) ? Number(step) - 1 : 0, opened } : null;
}

/** The words of the query; none where no lesson runs. @returns {Record<'lesson' | 'step', string>} */
export const writeLearning = (/** @type {Learning | null} */ learning) => ({
  lesson: learning?.source ?? '',
  step: learning?.step ? String(learning.step + 1) : '',
});

/** Whether two say the same. */
export const sameLearning = (/** @type {Learning | null} */ one, /** @type {Learning | null} */ other) =>
  one?.source === other?.source && one?.step === other?.step;
