// From where a lesson is said to be to the lesson itself. A lesson of others is fetched only because somebody opens it.
import { EngineError } from '../engine/errors.js';
import { ASSETS, SITE } from '../site.js';
import { download } from '../weights/download.js';
import { readLesson } from './read.js';

/** @typedef {import('./read.js').Lesson} Lesson */

/** The lessons of the site, in the order in which the view offers them. */
export const OWN = ['follow-the-cat', 'what-does-it-miss', 'doctor-or-nurse', 'do-not-believe-your-eyes'];

const LIMIT = 512 * 1024; // bytes; ours have less than 40 KiB
const NAME = /^[\w-]+$/;

/**
 * Where a lesson is: a plain name is one of the site's; all else is an address, which may be relative to the page.
 * @returns {URL}
 */
export function addressOf(/** @type {string} */ source) {
  if (OWN.includes(source)) return new URL(`lessons/${source}.json`, ASSETS);
  const refusal = (/** @type {string} */ code) => new EngineError({ kind: 'lesson', code, arguments: { name: source, known: OWN } });
  if (NAME.test(source)) throw refusal('lesson-unknown');
  if (!URL.canParse(source, SITE.href)) throw refusal('lesson-address');
  const url = new URL(source, SITE);
  if (!['https:', 'http:'].includes(url.protocol)) throw refusal('lesson-address');
  if (url.username || url.password) throw new EngineError({ kind: 'lesson', code: 'address-password' });
  return url;
}

/**
 * Rejects with an error that a person is told: what could not be fetched and why, or all that is wrong with the file
 * (`problems`).
 * @param {import('../weights/downloads.js').Downloads} downloads
 * @param {string} source
 * @param {AbortSignal} signal
 * @returns {Promise<Lesson>}
 */
export async function loadLesson(downloads, source, signal) {
  const url = addressOf(source);
  const path = url.pathname.split('/').at(-1) || url.host;
  const { blob } = await downloads.run(
    (transfer) => download({ url: url.href, path }, { ...transfer, kind: 'lesson', limit: LIMIT }),
    signal,
  );
  const { lesson, problems } = readLesson(await blob.text());
  if (lesson) return lesson;
  throw new EngineError({ kind: 'lesson', code: 'lesson-broken', arguments: { path, problems: /** @type {any} */ (problems) } });
}
