import { t } from '../../i18n/index.js';
import { partsOf } from '../../scenes/shapes.js';

/** A class in the page's language; as the network's file says it where the page has no word for it. */
export function nameOf(/** @type {string} */ name) {
  const { classes } = t();
  const shape = partsOf(name);
  return shape ? t().shapes.named(classes[shape.colour] ?? shape.colour, classes[shape.kind] ?? shape.kind) : (classes[name] ?? name);
}
