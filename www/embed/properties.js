// How the element and its attributes go together. It loads nothing.
import { ATTRIBUTES } from './attributes.js';

/** Width to height of a picture: as its author says, else as it is; undefined as long as nobody knows. */
export function ratioOf(/** @type {any} */ image) {
  if (!image) return undefined;
  const [width, height] = ['width', 'height'].map((name) => Number(image.getAttribute(name)));
  const natural = image.naturalWidth / image.naturalHeight;
  return width > 0 && height > 0 ? width / height : natural > 0 ? natural : undefined;
}

/** How many heatmaps, of so many, stand side by side. */
export const columnsOf = (/** @type {number} */ count) => Math.min(count, 4);

/** Writes an attribute; null removes it. The same once more changes nothing. */
export function write(/** @type {Element} */ element, /** @type {string} */ name, /** @type {string | null} */ text) {
  if (text === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/**
 * The property of an attribute, where the element does not define it itself.
 * @param {any} prototype
 * @param {string} name
 * @param {import('./attributes.js').Kind<any>} kind
 */
export function defineProperty(prototype, name, kind) {
  if (name in prototype) return;
  Object.defineProperty(prototype, name, {
    configurable: true,
    enumerable: true,
    /** @this {Element} */
    get() {
      return kind.read(this.getAttribute(name));
    },
    /** @this {Element} */
    set(value) {
      write(this, name, kind.write(value));
    },
  });
}

/** A property that was set before the element was defined lies on it and would hide the accessor: it is set again. */
export function adopt(/** @type {any} */ element) {
  for (const name of Object.keys(ATTRIBUTES)) {
    if (!Object.hasOwn(element, name)) continue;
    const value = element[name];
    delete element[name];
    element[name] = value;
  }
}
