// What a link could say in place of what it says.

const SHOWN = 8; // values of one name

/** The first of names, and how many more there are. */
export function firstOf(/** @type {readonly string[]} */ names) {
  const shown = names.length > SHOWN ? names.slice(0, SHOWN - 1) : [...names];
  return { shown, more: names.length - shown.length };
}

/**
 * Of each name whose values are few words, the first of them, and how many more there are.
 * @param {import('../state/status.js').Refused[]} refused
 */
export function allowedOf(refused) {
  const names = new Map(refused.flatMap(({ name, allowed }) => (allowed?.length ? [/** @type {const} */ ([name, allowed])] : [])));
  return [...names].map(([name, allowed]) => ({ name, ...firstOf(allowed) }));
}
