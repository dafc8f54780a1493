// What a link could say in place of what it says.

const SHOWN = 8; // values of one name

/**
 * Of each name whose values are few words, the first of them, and how many more there are.
 * @param {import('../state/status.js').Refused[]} refused
 */
export function allowedOf(refused) {
  const names = new Map(refused.flatMap(({ name, allowed }) => (allowed?.length ? [/** @type {const} */ ([name, allowed])] : [])));
  return [...names].map(([name, allowed]) => {
    const shown = allowed.length > SHOWN ? allowed.slice(0, SHOWN - 1) : [...allowed];
    return { name, shown, more: allowed.length - shown.length };
  });
}
