// Plain data to the words of an address and back. A codec is a table of fields; each writes a value as text and reads it
// again. What equals the initial value is not written.

/**
 * @template T
 * @typedef {{ write: (value: T) => string, read: (words: string, leaveOut?: (part: string) => void) => T, allowed?: readonly string[] }} Kind
 *   `read` throws at what it does not understand, and leaves out of several things each that it does not; `allowed`: what it
 *   understands, where that is a few words
 */

const refuse = () => {
  throw new RangeError('not understood');
};

/** @type {Kind<string>} */
export const words = { write: String, read: String };

/** @type {Kind<boolean>} */
export const flag = {
  write: (value) => (value ? '1' : '0'),
  read: (text) => (text === '1' ? true : text === '0' ? false : refuse()),
  allowed: ['0', '1'],
};

/** @type {Kind<number>} */
export const number = {
  write: String,
  read: (text) => (text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : refuse()),
};

/** A number from 0 to 1. @type {Kind<number>} */
export const share = {
  write: String,
  read(text) {
    const value = number.read(text);
    return value >= 0 && value <= 1 ? value : refuse();
  },
  allowed: ['0–1'],
};

/** A whole number from 0. */
export const whole = { write: String, read: (/** @type {string} */ text) => (/^\d{1,9}$/.test(text) ? Number(text) : refuse()) };

/** Two whole numbers of 16 bits, the first the smaller. @type {Kind<[number, number]>} */
export const window = {
  write: String,
  read(text) {
    const [low, high, ...rest] = text.split(',').map(whole.read);
    return !rest.length && low < high && high < 2 ** 16 ? [low, high] : refuse();
  },
};

/**
 * One of a few words.
 * @template {string} T
 * @param {readonly T[]} known
 * @returns {Kind<T>}
 */
export const oneOf = (known) => ({ write: String, read: (text) => known.find((word) => word === text) ?? refuse(), allowed: known });

/**
 * Several of a kind, with commas between; commas in them are escaped. Where none is understood, the whole is not.
 * @template T
 * @param {Kind<T>} kind
 * @returns {Kind<T[]>}
 */
export const list = (kind) => ({
  write: (values) => values.map((value) => escape(kind.write(value), ',')).join(','),
  read(text, leaveOut = () => {}) {
    /** @type {string[]} */
    const refused = [];
    const parts = split(text, ',');
    const read = parts.flatMap((part) => {
      try {
        return [kind.read(part)];
      } catch {
        refused.push(part);
        return [];
      }
    });
    if (parts.length && !read.length) refuse();
    refused.forEach(leaveOut);
    return read;
  },
});

/** Numbers by name: `seed:5,samples:8`. */
export const numbers = {
  write: (/** @type {Record<string, number>} */ values) =>
    Object.keys(values)
      .sort()
      .map((name) => escape(`${escape(name, ':')}:${number.write(values[name])}`, ','))
      .join(','),
  read: (/** @type {string} */ text) =>
    Object.fromEntries(
      split(text, ',').map((entry) => {
        const [name, value, ...rest] = split(entry, ':');
        return rest.length || value === undefined || !name ? refuse() : [name, number.read(value)];
      }),
    ),
};

/**
 * Fields of one thing, with a mark between them; marks in them are escaped.
 * @param {string} mark
 */
export const fields = (mark) => ({
  write: (/** @type {string[]} */ values) => values.map((value) => escape(value, mark)).join(mark),
  read: (/** @type {string} */ text) => split(text, mark),
});

/**
 * One of several kinds of things, `{ kind, … }`: `kind:first:second`, of fields that are text or null. In the last of them
 * colons stand as they are: an address is written as it is known.
 * @template T
 * @param {Record<string, string[]>} kinds the names of the fields of each kind, in order
 * @returns {Kind<T>}
 */
export const variant = (kinds) => ({
  write(/** @type {any} */ value) {
    const names = kinds[value.kind];
    const fields = names.map((name) => value[name]);
    while (fields.at(-1) === null) fields.pop();
    return [value.kind, ...fields.map((field, i) => escape(field ?? '', i < names.length - 1 ? ':' : ''))].join(':');
  },
  read(text) {
    const [kind, ...parts] = split(text, ':');
    const names = Object.hasOwn(kinds, kind) ? kinds[kind] : refuse();
    const last = names.length - 1;
    const given = [...parts.slice(0, last), parts.slice(last).join(':')];
    if (!given[0]) refuse();
    return /** @type {any} */ ({ kind, ...Object.fromEntries(names.map((name, i) => [name, given[i] || null])) });
  },
});

/**
 * A codec of plain objects. `table` names for each property the word in the address and the kind of its value.
 * @template {object} T
 * @param {T} initial
 * @param {{ [K in keyof T]?: { as: string, kind: Kind<any> } }} table
 */
export function codec(initial, table) {
  const entries = /** @type {[keyof T, { as: string, kind: Kind<any> }][]} */ (Object.entries(table));
  return {
    initial,
    /** @param {T} state @returns {[string, string][]} */
    write(state) {
      return entries
        .filter(([name]) => state[name] !== null && JSON.stringify(state[name]) !== JSON.stringify(initial[name]))
        .map(([name, { as, kind }]) => [as, kind.write(state[name])]);
    },
    /**
     * What `params` say, and the initial values for the rest; `refused` lists what was not understood.
     * @param {URLSearchParams} params
     * @returns {{ state: T, refused: import('./status.js').Refused[] }}
     */
    read(params) {
      /** @type {import('./status.js').Refused[]} */
      const refused = [];
      // A copy to the ground: a view knows by their identity which strokes are its own, and an address that says none says so anew.
      const state = structuredClone(initial);
      for (const [name, { as, kind }] of entries) {
        const found = params.get(as);
        if (found === null) continue;
        try {
          state[name] = kind.read(found, (part) => refused.push({ name: as, found: part }));
        } catch {
          refused.push({ name: as, found, ...(kind.allowed && { allowed: kind.allowed }) });
        }
      }
      return { state, refused };
    },
  };
}

/** Puts a backslash before each of `marks`, and before backslashes. */
function escape(/** @type {string} */ text, /** @type {string} */ marks) {
  return text.replace(/[\\:,;@]/g, (mark) => (mark === '\\' || marks.includes(mark) ? `\\${mark}` : mark));
}

/** The inverse of joining escaped parts with a mark. */
function split(/** @type {string} */ text, /** @type {string} */ mark) {
  if (text === '') return [];
  const parts = [''];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) {
      const next = text[++i];
      parts[parts.length - 1] += next === mark || next === '\\' ? next : `\\${next}`;
    } else if (text[i] === mark) parts.push('');
    else parts[parts.length - 1] += text[i];
  }
  return parts;
}
