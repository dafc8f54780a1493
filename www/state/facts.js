// What views have in common when they tell facts of themselves; see `Facts` in www/elements/view.js.

/**
 * Of a class, how sure a network is; null where it does not know the class.
 * @param {{ labels?: string[] | null }} model
 * @param {ArrayLike<number> | undefined} probabilities of all classes
 * @param {string | undefined} name
 */
export function sureOf({ labels }, probabilities, name) {
  const id = name === undefined ? -1 : (labels?.indexOf(name) ?? -1);
  return probabilities?.[id] ?? null;
}

/** The names of classes; one without a name is left out. @returns {string[]} */
export const namesOf = (/** @type {{ name: string | null }[] | undefined} */ classes = []) => classes.flatMap(({ name }) => name ?? []);

/** What a network is called in an address. @returns {string[]} */
export const networkOf = (/** @type {{ source?: { name: string } | null } | null | undefined} */ model) =>
  model?.source ? [model.source.name] : [];
