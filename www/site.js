// Where the page's own files are: pictures beside the scripts, networks beside the page. The bundle is flat, so these
// addresses hold for every chunk of it. A bundle of others is elsewhere than the files (`moveTo`); and a notebook has none,
// but a kernel that brings them (`bringBy`).

/** The page itself. */
export let SITE = new URL('../', import.meta.url);
/** Scripts, pictures and stickers. */
export let ASSETS = new URL('www/', SITE);
/** The networks that come with the page. */
export let MODELS = new URL('models/', SITE);
/** The page as others embed it. */
export let EMBED = new URL('embed.html', SITE);

/** @typedef {{ worker: string, file: (path: string) => Promise<string> }} Bringer addresses; `path` is relative to the site */

/** @type {Bringer | null} */
let bringer = null;

/** The files are in the folder `site`, which ends with a slash. To be said before anything is asked. */
export function moveTo(/** @type {URL} */ site) {
  SITE = site;
  ASSETS = new URL('www/', SITE);
  MODELS = new URL('models/', SITE);
  EMBED = new URL('embed.html', SITE);
}

/** Somebody else gives the files. To be said before anything is asked. */
export function bringBy(/** @type {Bringer} */ other) {
  bringer = other;
}

/** Pages may demand that the address of a script to start is marked (Trusted Types); older browsers mark nothing. */
const marking = begun();

function begun() {
  try {
    return /** @type {any} */ (globalThis).trustedTypes?.createPolicy('cam-lucida', { createScriptURL: String });
  } catch {
    return null; // the page allows no policy of ours: then it has to allow the address as it is
  }
}

/** The address of a script of this project, as a worker takes it. @returns {string} */
export const scriptAddress = (/** @type {string | URL} */ address) => marking?.createScriptURL(address) ?? String(address);

/** Where the engine's worker is. */
export const workerAddress = () => new URL(bringer?.worker ?? new URL('worker.js', ASSETS));

/** Where the file of an address can be fetched: there, unless somebody else gives it. @returns {Promise<string>} */
export async function reachable(/** @type {string | URL} */ address) {
  const { href } = new URL(address);
  return bringer && href.startsWith(SITE.href) ? bringer.file(href.slice(SITE.href.length)) : href;
}
