// What the page and a worker tell each other: which messages there are. Pure.
//
// Each side reads what comes, whoever wrote it. A call that is none, or whose arguments are of another kind, is answered with an error
// before the engine sees it: what wasm is given unread ends it. An answer that is none ends the worker. What reaches nobody is ignored.
import { EngineError } from './errors.js';

/**
 * @typedef {{ id: number, name: string, args: any[] }} Asked
 * @typedef {{ cancel: number }} Cancel
 *
 * @typedef {{ missing: string }} Missing
 * @typedef {{ alive: true }} Alive
 * @typedef {{ id: number | null, error: { kind: string, code: string, arguments: Record<string, any>, message: string, fatal: boolean } }} Failed
 * @typedef {{ id: number, progress: import('./protocol.d.ts').Step }} Progressed
 * @typedef {{ id: number, value: any }} Answered
 */

/** As a number of Rust's: whatever else wasm would take for one, or fail. */
const isNumber = (/** @type {any} */ value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
const isText = (/** @type {any} */ value) => typeof value === 'string';
const isObject = (/** @type {any} */ value) => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Of a request, how many values it may hold, and how deep they may lie. */
const [VALUES, DEPTH] = [2 ** 16, 8];

/**
 * Whether it is an object of plain data. Of anything else wasm-bindgen writes all out, to say what it found, and a list may be said to
 * have four billion places.
 */
const isRequest = (/** @type {any} */ value) => isObject(value) && isPlain(value, { left: VALUES }, 0);

/** @param {any} value @param {{ left: number }} room @param {number} depth @returns {boolean} */
function isPlain(value, room, depth) {
  if (value === null || ['undefined', 'boolean', 'number', 'string'].includes(typeof value)) return true;
  const list = Array.isArray(value);
  if (depth > DEPTH || typeof value !== 'object' || !(list || Object.getPrototypeOf(value) === Object.prototype)) return false;
  if (list && value.length > room.left) return false;
  const inner = list ? value : Object.values(value);
  room.left -= inner.length;
  return room.left >= 0 && inner.every((/** @type {any} */ one) => isPlain(one, room, depth + 1));
}

const isBytes = (/** @type {any} */ value) => value instanceof Uint8Array || value instanceof Uint8ClampedArray;
const isBlob = (/** @type {any} */ value) => value instanceof Blob;
const areNumbers = (/** @type {any} */ value) => Array.isArray(value) && value.length <= VALUES && value.every(isNumber);
const isWindow = (/** @type {any} */ value) =>
  areNumbers(value) && value.length === 2 && value.every((/** @type {number} */ one) => one < 2 ** 16);
const maybe = (/** @type {(value: any) => boolean} */ fits) => (/** @type {any} */ value) =>
  value === undefined || value === null || fits(value);

/** What the arguments of each call are. The engine itself reads what is in an object. */
export const CALLS = {
  choose_device: [maybe(isText)],
  start: [isRequest, isText],
  load_model: [isRequest, isBlob, isNumber],
  load_language: [isRequest, isBlob, isNumber],
  load_fresh: [isNumber, isRequest, isBlob, isNumber],
  explain: [isNumber, isNumber, isRequest],
  decompose: [isNumber, isNumber, isRequest],
  explain_phrase: [isNumber, isNumber, isRequest],
  ask: [isNumber, isText],
  bind_word: [isNumber, areNumbers, isNumber],
  read_caption: [isNumber, isText],
  write_captions: [isNumber, isNumber, isRequest],
  score_caption: [isNumber, isNumber, isRequest],
  draw: [isNumber, isNumber, isRequest],
  open_picture: [isBytes, maybe(isWindow)],
  open_pixels: [isNumber, isNumber, isBytes],
  raw_map: [isNumber, isNumber],
  rank_pixels: [isNumber, isNumber, isNumber],
  frame: [isNumber, isNumber, isText, maybe(isText)],
  activations: [isNumber, isNumber, isRequest],
  measure_cover: [isNumber, isNumber, isNumber, isRequest],
  measure_curve: [isNumber, isNumber, isNumber, isRequest],
  profile: [isNumber, isNumber],
  compare: [isNumber, isNumber, isRequest],
  release: [isNumber],
};

/** What asks for nothing of an engine that has started. */
const BEFORE = ['choose_device', 'start'];

/** The number by which a call is answered; null where nobody could be. */
const idOf = (/** @type {any} */ data) => (Number.isSafeInteger(data?.id) && data.id > 0 ? data.id : null);

/**
 * What a message from the page is; null where nobody waits for an answer.
 * @param {any} data
 * @returns {Cancel | { id: number, name: any, args: any } | null}
 */
export function readCall(data) {
  if (!isObject(data)) return null;
  if (Number.isSafeInteger(data.cancel)) return { cancel: data.cancel };
  const id = idOf(data);
  return id === null ? null : { id, name: data.name, args: data.args };
}

/**
 * The arguments of a call, as many as it has. Throws where it is none, or has others.
 * @param {{ name: any, args: any }} call
 * @param {boolean} started whether there is an engine
 * @returns {any[]}
 */
export function readArguments({ name, args }, started) {
  const kinds = isText(name) && Object.hasOwn(CALLS, name) ? CALLS[/** @type {keyof typeof CALLS} */ (name)] : null;
  const fits = kinds && (started || BEFORE.includes(name)) && Array.isArray(args) && kinds.every((fits, i) => fits(args[i]));
  if (!fits)
    throw new EngineError({ kind: 'request', code: 'call-not-understood', arguments: { name: isText(name) ? name.slice(0, 32) : '' } });
  return kinds.map((_, i) => args[i]);
}

const isSaid = (/** @type {any} */ value) => isText(value) || Number.isFinite(value);
const isError = (/** @type {any} */ error) =>
  isObject(error) &&
  [error.kind, error.code, error.message].every(isText) &&
  isObject(error.arguments) &&
  Object.values(error.arguments).every(isSaid) &&
  typeof error.fatal === 'boolean';
const isStep = (/** @type {any} */ step) =>
  isObject(step) && maybe(isText)(step.method) && Number.isFinite(step.done) && Number.isFinite(step.total);

/**
 * What a message from a worker is; null where it is none.
 * @param {any} data
 * @returns {Missing | Alive | Failed | Progressed | Answered | null}
 */
export function readAnswer(data) {
  if (!isObject(data)) return null;
  const { missing, alive, error, progress, value } = data;
  if (isText(missing)) return { missing };
  if (alive === true) return { alive };
  const id = idOf(data);
  if (isError(error)) return id !== null || error.fatal ? { id, error } : null;
  if (id === null || error !== undefined) return null;
  if (progress !== undefined) return isStep(progress) ? { id, progress } : null;
  return 'value' in data ? { id, value } : null;
}

const isHandle = (/** @type {any} */ value) => isObject(value) && isNumber(value.id);

/**
 * What the answers to calls are that the client itself reads. The rest are numbers and pictures, which the engine writes by its types.
 * @type {Record<string, (value: any) => boolean>}
 */
const ANSWERS = {
  choose_device: (value) => isObject(value) && typeof value.gpu === 'boolean',
  start: (value) => isObject(value) && isObject(value.device) && isObject(value.limits) && isObject(value.style),
  load_model: isHandle,
  load_language: isHandle,
  load_fresh: (value) => isObject(value) && isHandle(value.model),
  explain: (value) => isHandle(value) && Array.isArray(value.classes),
  decompose: (value) => isObject(value) && isHandle(value.explained) && Array.isArray(value.explained.classes),
  explain_phrase: (value) => isHandle(value) && Array.isArray(value.words),
  ask: (value) => isObject(value) && isHandle(value.model) && isObject(value.question),
  bind_word: isHandle,
  open_picture: isHandle,
  open_pixels: isHandle,
};

/** Whether a value is an answer to the call of this name. */
export const isAnswer = (/** @type {string} */ name, /** @type {any} */ value) => !Object.hasOwn(ANSWERS, name) || ANSWERS[name](value);
