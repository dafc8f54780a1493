// The pictures of people that come with the page, and what was measured on many more of them.
import { EngineError } from '../engine/errors.js';
import { ASSETS, reachable } from '../site.js';

const addressOf = (/** @type {string} */ name) => new URL(`people/${name}`, ASSETS).href;

/**
 * @typedef {{ file: string, hair: string, label: string, tool: string }} About
 * @typedef {{ file: File, about: About }} PersonPicture as the engine takes pictures, with `about` what is in it
 *
 * @typedef {object} Person
 * @property {About} about
 * @property {string} url
 * @property {() => Promise<PersonPicture>} picture fetched when it is asked for; the same object each time
 *
 * @typedef {object} Figures shares from 0 to 1
 * @property {number} scenes how many were measured
 * @property {{ hair: number, tool: number }} [parts] what of a picture they cover
 * @property {Record<string, { accuracy: number, hair: number, tool: number }>} models what of a network's heatmap lies on them
 */

/** @returns {Promise<Person[] | null>} null where there are none */
export async function people() {
  const index = await json('index.json');
  return index && index.pictures.map(person);
}

/** @returns {Promise<Figures | null>} null where nothing was measured */
export function figures() {
  return json('figures.json');
}

/** @returns {Person} */
function person(/** @type {About} */ about) {
  const url = addressOf(about.file);
  /** @type {Promise<PersonPicture> | null} */
  let fetched = null;
  const picture = () => {
    if (!fetched) {
      fetched = fetchPicture(url, about);
      fetched.catch(() => (fetched = null)); // the next one tries again
    }
    return fetched;
  };
  return { about, url, picture };
}

/** @returns {Promise<PersonPicture>} */
async function fetchPicture(/** @type {string} */ url, /** @type {About} */ about) {
  const response = await fetch(await reachable(url)).catch(() => null);
  if (response?.ok) return { file: new File([await response.blob()], about.file), about };
  const code = response || navigator.onLine ? 'samples-unreachable' : 'samples-offline';
  throw new EngineError({ kind: 'image', code, message: `${response?.status ?? ''} ${url}` });
}

async function json(/** @type {string} */ name) {
  const response = await fetch(await reachable(addressOf(name)));
  return response.ok ? response.json() : null;
}
