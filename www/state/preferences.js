// How the page looks to this visitor: theme and what is hidden, as the address asks for them or the header sets them. The
// language is beside them in the address, but lives in i18n.
import { signal } from '@preact/signals-core';

export const THEMES = /** @type {const} */ (['auto', 'light', 'dark', 'projector']);

/** @typedef {typeof THEMES[number]} Theme */

/** Parts of the page that an address may hide: those of the frame, and those of each view. */
export const PARTS_OF = /** @type {const} */ ({
  frame: ['header', 'nav', 'share', 'footer'],
  board: ['lead', 'palette', 'tools', 'classes', 'sureness', 'network', 'caption'],
  bias: ['lead', 'picture', 'network', 'classes', 'questions'],
  ask: ['lead', 'picture', 'palette', 'tools', 'question', 'classes', 'method', 'layers', 'caption', 'save'],
  caption: ['lead', 'picture', 'palette', 'tools', 'caption', 'alternatives', 'own', 'method', 'save'],
  explain: ['picture', 'network', 'classes', 'method', 'layers', 'appearance', 'caption', 'save'],
  compare: ['lead', 'axes', 'appearance', 'save'],
  steps: ['lead', 'classes', 'method', 'layers', 'channels', 'network', 'picture', 'caption'],
  erase: ['lead', 'tools', 'classes', 'network', 'picture', 'caption'],
  trust: ['lead', 'classes', 'method', 'layers', 'network', 'picture', 'caption', 'save'],
  inside: ['lead', 'layers', 'appearance', 'answers', 'network', 'picture', 'caption'],
  guess: ['lead', 'network', 'picture', 'caption'],
  camera: ['lead', 'classes', 'network', 'caption'],
  lessons: ['lead'],
});

export const PARTS = [...new Set(Object.values(PARTS_OF).flat())];

/** @typedef {typeof PARTS[number]} Part */

/** @type {import('@preact/signals-core').Signal<Theme>} */
export const theme = signal('auto');

/** @type {import('@preact/signals-core').Signal<ReadonlySet<string>>} */
export const hidden = signal(new Set());
/** @type {ReadonlySet<string> | null} what hides parts of what is rendered just now, where that is not the address */
let other = null;

/** Whether a part is hidden. */
export const hides = (/** @type {Part} */ name) => (other ?? hidden.value).has(name);

/**
 * The content of a part of the page, or nothing where it is hidden.
 * @template T
 * @param {Part} name
 * @param {() => T} content
 */
export const part = (name, content) => (hides(name) ? '' : content());

/**
 * What `work` gives, with parts of its own hidden; null: those of the address. `work` awaits nothing.
 * @template T
 * @param {ReadonlySet<string> | null} own
 * @param {() => T} work
 */
export function hiding(own, work) {
  const before = other;
  other = own ?? before;
  try {
    return work();
  } finally {
    other = before;
  }
}

/**
 * What the query of an address asks for, and which words of it were not understood.
 * @param {URLSearchParams} params
 */
export function readPreferences(params) {
  const [wanted, hide] = [params.get('theme'), params.get('hide')];
  const parts = hide
    ? hide
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean)
    : [];
  const themed = /** @type {readonly (string | null)[]} */ (THEMES).includes(wanted);
  const refused = [
    ...(wanted !== null && !themed ? [{ name: 'theme', found: wanted }] : []),
    ...parts.filter((one) => !(/** @type {readonly string[]} */ (PARTS).includes(one))).map((found) => ({ name: 'hide', found })),
  ];
  return { theme: /** @type {Theme} */ (themed ? wanted : 'auto'), hidden: new Set(parts), refused };
}
