// From the attributes of <cam-lucida> to a question as the page asks it. Pure.
import { MODELS, PICTURES, explain } from '../state/explain.js';
import { variant } from '../state/codec.js';
import { missing } from '../views/explain/adapt.js';

/**
 * @import { Explain } from '../state/explain.js'
 * @import { ModelSource, PictureSource } from '../state/question.js'
 *
 * @typedef {{ src: string | null, model: string | null, method: string | null, classes: string | null, layer: string | null,
 *   colormap: string | null, opacity: number | null, threshold: number | null }} Asked
 * @typedef {{ preset?: string | null, settings?: Record<string, number> | null, smooth?: boolean | null, merge?: string | null,
 *   target?: string | null, preprocess?: string | null, overlay?: string | null }} Options
 */

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;

/** Those of others cannot be named by an attribute. */
const named = (/** @type {Record<string, string[]>} */ { own: _, ...kinds }) => variant(kinds);

const words = (/** @type {string | null} */ list) => (list ?? '').split(',').flatMap((word) => word.trim() || []);

/**
 * A picture by its address, or as a link names it: `sample:meadow`, `board:…`.
 * @param {string | null} src
 * @param {string} base
 * @returns {PictureSource | null}
 */
export function pictureOf(src, base) {
  if (!src?.trim()) return null;
  return read(PICTURES, src) ?? { kind: 'address', url: absolute(src, base) };
}

/**
 * A network of the page's lists, by its name; a repository, `owner/name`; the address of a folder or a file; or as a link
 * names it.
 * @param {string | null} model
 * @param {string} base
 * @returns {ModelSource | null}
 */
export function modelOf(model, base) {
  const name = model?.trim();
  if (!name) return null;
  const linked = read(MODELS, name);
  if (linked) return linked;
  if (REPOSITORY.test(name)) return { kind: 'repository', name, revision: null, host: null };
  if (/[/:]/.test(name)) return { kind: 'repository', name: absolute(name, base), revision: null, host: null };
  return { kind: 'embedded', name };
}

/**
 * Which properties of the question an attribute sets, where not the one of its name. A method's preset and settings are its
 * own. Names of classes have become ids of the network before.
 * @type {Record<string, string[]>}
 */
const PROPERTIES = { src: ['picture'], layer: ['layers'], method: ['method', 'preset', 'settings'], model: ['model', 'classes'] };

/**
 * What of a question attributes change.
 * @param {Explain} question
 * @param {Iterable<string>} attributes
 * @returns {Partial<Explain>}
 */
export function changeOf(question, attributes) {
  const keys = [...attributes].flatMap((name) => PROPERTIES[name] ?? [name]);
  return Object.fromEntries(keys.map((key) => [key, question[/** @type {keyof Explain} */ (key)]]));
}

/** What scripts may ask that no attribute says. */
const OPTIONS = ['preset', 'settings', 'smooth', 'merge', 'target', 'preprocess', 'overlay'];

/**
 * What of a question the options of a script change; null stands for the default. One that is not known is an error, for it
 * would be left out without a word.
 * @param {Options} options
 * @returns {Partial<Explain>}
 */
export function changeFrom(options) {
  const [other] = Object.keys(options).filter((name) => !OPTIONS.includes(name));
  if (other) throw missing({ name: 'option', found: other });
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => {
      const key = /** @type {keyof Explain} */ (name === 'overlay' ? 'formula' : name);
      return [key, value ?? explain.initial[key]];
    }),
  );
}

/**
 * All that is asked: what no attribute says is the default. Classes may be ids or names.
 * @param {Asked} asked
 * @param {string} base the address that others are relative to
 * @returns {Explain}
 */
export function questionOf({ src, model, method, classes, layer, ...style }, base) {
  return {
    ...explain.initial,
    ...style,
    method: method?.trim() || null,
    picture: pictureOf(src, base),
    model: modelOf(model, base),
    classes: /** @type {number[]} names are told apart when the network is there */ (
      words(classes).map((word) => (/^\d{1,9}$/.test(word) ? Number(word) : word))
    ),
    layers: words(layer),
  };
}

/** What is no address stays as it is: whoever fetches it says so. */
function absolute(/** @type {string} */ words, /** @type {string} */ base) {
  try {
    return new URL(words, base).href;
  } catch {
    return words;
  }
}

/** @returns {any} */
function read(/** @type {Record<string, string[]>} */ kinds, /** @type {string} */ text) {
  try {
    return named(kinds).read(text);
  } catch {
    return null;
  }
}
