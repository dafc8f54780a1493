// A lesson's file: is it one? What is wrong is told with its place, what was found there and what is allowed. The schema says
// what a file may say; the rest follows from what the views have and tell. @cfworker/json-schema interprets the schema: other
// validators compile it, which the site's policy forbids.
import { Validator } from '@cfworker/json-schema';
import { CODECS, readHash } from '../state/address.js';
import { PLACES } from '../state/places.js';
import { conditionsOf, FACTS } from './facts.js';
import schema from './lesson.schema.json' with { type: 'json' };

/**
 * @import { View } from '../state/address.js'
 * @import { Condition } from './facts.js'
 *
 * One text, or one for each language.
 * @typedef {string | { en?: string, zh?: string }} Text
 * @typedef {{ text: Text, right?: boolean, reply?: Text }} Answer
 * @typedef {{ text: Text, answers?: Answer[], lines?: number }} Question
 *
 * @typedef {object} Step
 * @property {Text} title
 * @property {'predict' | 'try' | 'explain'} [phase]
 * @property {number} [minutes]
 * @property {Text} words
 * @property {Text} [task]
 * @property {string} [state]
 * @property {string} [light]
 * @property {Condition | Condition[]} [check]
 * @property {Text} [hint]
 * @property {Text} [after]
 * @property {Question} [question]
 * @property {Text} [teacher]
 *
 * @typedef {object} Lesson
 * @property {Text} title
 * @property {Text} [summary]
 * @property {{ goals?: Text[], before?: Text, sayings?: { said: Text, answer: Text }[], more?: Text }} [teacher]
 * @property {Step[]} steps
 *
 * `at` is a JSON pointer; `rule` says which sentence of the words tells it, and `allowed` what would be right.
 * @typedef {{ at: string, rule: string, found?: string, allowed?: (string | number)[] }} Problem
 */

/** Of a value that is found, no more is told than this many characters. */
const SHORT = 60;

/** Without short circuits: all that is wrong is told at once. */
const validator = new Validator(/** @type {any} */ (schema), '2020-12', false);

/**
 * @param {string} text of the file
 * @returns {{ lesson: Lesson, problems: [] } | { lesson: null, problems: Problem[] }}
 */
export function readLesson(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (/** @type {any} */ error) {
    return { lesson: null, problems: [{ at: '', rule: 'json', found: error.message }] };
  }
  const { errors } = validator.validate(value);
  const problems = errors.flatMap((error, i) => problemOf(error, errors[i - 1], value));
  const found = problems.length ? problems : meaningless(value);
  return found.length ? { lesson: null, problems: found } : { lesson: value, problems: [] };
}

// What the schema objects to

/** @param {string} pointer of JSON, with or without # @param {any} root */
function valueAt(pointer, root) {
  const names = pointer.replace(/^#?\/?/, '').split('/');
  return names.filter(Boolean).reduce((value, name) => value?.[plain(name)], root);
}

const plain = (/** @type {string} */ name) => name.replaceAll('~1', '/').replaceAll('~0', '~');

/** The part of the schema at which an error says that it stands; references are followed. */
function schemaAt(/** @type {string} */ location) {
  /** @type {any} */
  let at = schema;
  for (const name of location.split('/').slice(1)) at = name === '$ref' ? valueAt(at.$ref, schema) : at?.[plain(name)];
  return at;
}

const upTo = (/** @type {string} */ location) => location.slice(0, location.lastIndexOf('/'));
const shown = (/** @type {unknown} */ value) => {
  const written = JSON.stringify(value);
  return written.length > SHORT ? `${written.slice(0, SHORT)}…` : written;
};

/**
 * @param {import('@cfworker/json-schema').OutputUnit} error
 * @param {import('@cfworker/json-schema').OutputUnit | undefined} before the error that holds it, where it has one
 * @param {unknown} root
 * @returns {Problem[]}
 */
function problemOf({ keyword, keywordLocation, instanceLocation, error }, before, root) {
  const at = instanceLocation.replace(/^#/, '');
  const value = valueAt(instanceLocation, root);
  const wanted = () => schemaAt(keywordLocation);
  switch (keyword) {
    case 'type':
      return [{ at, rule: 'type', found: kindOf(value), allowed: [wanted()].flat() }];
    case 'enum':
      return [{ at, rule: 'choice', found: shown(value), allowed: wanted() }];
    case 'required':
      return [{ at, rule: 'missing', found: /"(.*)"/.exec(error)?.[1] }];
    case 'false': {
      const { properties } = schemaAt(upTo(/** @type {any} */ (before).keywordLocation));
      return [{ at: upTo(at), rule: 'unknown', found: plain(at.slice(at.lastIndexOf('/') + 1)), allowed: Object.keys(properties) }];
    }
    case 'minLength':
    case 'minProperties':
      return [{ at, rule: 'empty' }];
    case 'minItems':
      return [{ at, rule: 'few', found: String(value.length), allowed: [wanted()] }];
    case 'maxItems':
      return [{ at, rule: 'many', found: String(value.length), allowed: [wanted()] }];
    case 'minimum':
    case 'maximum': {
      const { minimum, maximum } = schemaAt(upTo(keywordLocation));
      return [{ at, rule: 'range', found: shown(value), allowed: [minimum, maximum] }];
    }
    case 'pattern':
      return [{ at, rule: 'hash', found: shown(value) }];
    default:
      return []; // it holds another error
  }
}

const kindOf = (/** @type {unknown} */ value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

// What the page would not understand

/** @returns {Problem[]} */
function meaningless(/** @type {Lesson} */ { steps }) {
  /** @type {View | null} */
  let view = null;
  return steps.flatMap((step, i) => {
    const at = `/steps/${i}`;
    const problems = stateProblems(step.state, `${at}/state`);
    view = (step.state === undefined ? null : readHash(step.state)?.view) ?? view;
    if (step.light !== undefined) problems.push(...lightProblems(step.light, view, `${at}/light`));
    const conditions = conditionsOf(step);
    conditions.forEach((condition, n) =>
      problems.push(...conditionProblems(condition, view, Array.isArray(step.check) ? `${at}/check/${n}` : `${at}/check`)),
    );
    return problems;
  });
}

/** @returns {Problem[]} */
function stateProblems(/** @type {string | undefined} */ state, /** @type {string} */ at) {
  if (state === undefined) return [];
  const read = readHash(state);
  if (!read) return [{ at, rule: 'view', found: state, allowed: Object.keys(CODECS) }];
  return read.refused.map(({ name, found }) => ({ at, rule: 'link', found: `${name}=${found}` }));
}

/** @returns {Problem[]} */
function lightProblems(/** @type {string} */ name, /** @type {View | null} */ view, /** @type {string} */ at) {
  if (!view) return [{ at, rule: 'early' }];
  return Object.hasOwn(PLACES[view], name) ? [] : [{ at, rule: 'place', found: name, allowed: [view, ...Object.keys(PLACES[view])] }];
}

/** @returns {Problem[]} */
function conditionProblems(/** @type {Condition} */ condition, /** @type {View | null} */ view, /** @type {string} */ at) {
  if (!view) return [{ at, rule: 'early' }];
  const { fact } = condition;
  const { kind, needs, told } = FACTS[fact];
  const here = Object.keys(FACTS).filter((name) => /** @type {readonly string[]} */ (FACTS[name].told).includes(view));
  if (!told.includes(view)) return [{ at: `${at}/fact`, rule: 'told', found: fact, allowed: [view, ...here] }];
  if (needs && condition[needs] === undefined) return [{ at, rule: 'missing', found: needs }];
  const [means, others] = kind === 'names' ? [NAMES, NUMBERS] : [NUMBERS, NAMES];
  const wrong = others.filter((name) => condition[name] !== undefined);
  if (wrong.length || !means.some((name) => condition[name] !== undefined))
    return [{ at, rule: kind === 'names' ? 'names' : 'number', found: fact, allowed: [...means] }];
  if (kind !== 'share') return [];
  return NUMBERS.filter((name) => condition[name] !== undefined && !(condition[name] >= 0 && condition[name] <= 1)).map((name) => ({
    at: `${at}/${name}`,
    rule: 'range',
    found: shown(condition[name]),
    allowed: [0, 1],
  }));
}

const NUMBERS = /** @type {const} */ (['below', 'atLeast']);
const NAMES = /** @type {const} */ (['has', 'lacks']);
