// The attributes of <cam-lucida>: each is a property, too, which reads and writes it. It loads nothing.

/**
 * @template T
 * @typedef {{ read: (text: string | null) => T, write: (value: any) => string | null }} Kind null: the attribute is absent
 */

/** @type {Kind<string | null>} */
const text = { read: (found) => found, write: (value) => (value === null || value === undefined ? null : String(value)) };

/** A list: words with commas between, or an array of them. @type {Kind<string | null>} */
const list = { ...text, write: (value) => text.write(Array.isArray(value) ? value.join(',') : value) };

/** A number from 0 to 1. @type {Kind<number | null>} */
const share = {
  read(found) {
    const value = Number(found);
    return found === null || found.trim() === '' || !(value >= 0 && value <= 1) ? null : value;
  },
  write: text.write,
};

/** The first is the default. @returns {Kind<string>} */
const oneOf = (/** @type {string[]} */ ...words) => ({
  read: (found) => words.find((word) => word === found) ?? words[0],
  write: text.write,
});

/** Absent, empty for all, or some words. @type {Kind<string | null>} */
const some = { read: text.read, write: (value) => (value === true ? '' : value === false ? null : text.write(value)) };

export const ATTRIBUTES = Object.freeze({
  src: text,
  model: text,
  method: text,
  classes: list,
  layer: list,
  colormap: text,
  opacity: share,
  threshold: share,
  theme: oneOf('auto', 'light', 'dark', 'projector'),
  poster: text,
  loading: oneOf('lazy', 'eager'),
  reveal: oneOf('view', 'click', 'manual'),
  controls: some,
  board: some,
});

/** Those that say what is asked and how it is drawn. */
export const ASKED = /** @type {const} */ (['src', 'model', 'method', 'classes', 'layer', 'colormap', 'opacity', 'threshold']);

/** @typedef {keyof typeof ATTRIBUTES} Attribute */
