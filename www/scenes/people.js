// The pictures of people that come with the page, and what was measured on many more of them.
import { EngineError } from '../engine/errors.js';
import { ASSETS } from '../site.js';

const FOLDER = new URL('people/', ASSETS);

/**
 * @typedef {{ file: string, hair: string, label: string, tool: string }} About
 * @typedef {{ file: File, url: string, about: About }} Person as the engine takes pictures, with `about` what is in it
 */

/** `{ pictures, figures }`, or null where there are no pictures; `figures` is null where nothing was measured. */
export async function people() {
  const [index, figures] = await Promise.all([json('index.json'), json('figures.json')]);
  return index && { pictures: await Promise.all(/** @type {About[]} */ (index.pictures).map(picture)), figures };
}

/** @returns {Promise<Person>} */
async function picture(/** @type {About} */ about) {
  const url = new URL(about.file, FOLDER).href;
  const response = await fetch(url);
  if (!response.ok) throw new EngineError({ kind: 'image', code: 'samples-unreachable', message: `${response.status} ${url}` });
  return { file: new File([await response.blob()], about.file), url, about };
}

async function json(/** @type {string} */ name) {
  const response = await fetch(new URL(name, FOLDER));
  return response.ok ? response.json() : null;
}
