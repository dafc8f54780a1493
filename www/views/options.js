// How a select gets its options from a table of the engine's.
import { text } from '../text.js';

export const fill = (select, entries) => select.replaceChildren(...entries.map(([title, value]) => new Option(title, value)));

/** `[title, name]` of names that text.js may have a title for. */
export const titled = (names) => names.map((name) => [text.titles[name.replace(/:ID$/, '')] ?? name, name]);

/** Chooses `value` where it is offered. */
export function prefer(select, value) {
  if ([...select.options].some((option) => option.value === value)) select.value = value;
}
