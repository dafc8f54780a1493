// What a target says that contrasts with another class: `contrast:ID`, or `contrast` alone, whose other class is yet to be
// found.

/** The target whose other class is the most probable of the others. */
export const CONTRAST = 'contrast';

/** How the engine's table of targets writes it. */
export const CONTRAST_FORM = `${CONTRAST}:ID`;

const WRITTEN = /^contrast(?::(\d+))?$/;

export const contrastWith = (/** @type {number} */ id) => `${CONTRAST}:${id}`;

/** Whether a target contrasts with another class. */
export const contrasts = (/** @type {string | null} */ target) => target !== null && WRITTEN.test(target);

/** The class that a target contrasts with; null where it names none. */
export function contrastedWith(/** @type {string | null | undefined} */ target) {
  const id = target?.match(WRITTEN)?.[1];
  return id === undefined ? null : Number(id);
}
