// What all heatmaps of a document share: one engine, what it has loaded, and who uses which of it.
import { Engine } from '../engine/client.js';
import { siteOf } from '../sources/site.js';
import { Downloads } from '../weights/downloads.js';

/** Milliseconds without a heatmap after which the engine ends: a document may only be going over to the next. */
const REST = 2000;

export const engine = new Engine();
export const downloads = new Downloads();

/** By what sources are had; see www/sources/. */
export const site = siteOf(engine, downloads);

/** What each heatmap uses, of networks, pictures and explanations. @type {Map<object, Set<object>>} */
const uses = new Map();
let resting = 0;

/** Somebody uses the engine: it starts while the rest is on its way. */
export function join(/** @type {object} */ user) {
  clearTimeout(resting);
  if (!uses.size) engine.start({ quiet: true }).catch(() => {}); // whoever computes has the error
  if (!uses.has(user)) uses.set(user, new Set());
}

/** A user uses these handles, and no others any more. What nobody uses goes. */
export function use(/** @type {object} */ user, /** @type {(object | null | undefined)[]} */ handles) {
  const before = uses.get(user);
  if (!before) return;
  const wanted = new Set(handles.filter((one) => one !== null && one !== undefined));
  uses.set(user, wanted);
  for (const handle of before) if (![...uses.values()].some((all) => all.has(handle))) engine.release(/** @type {any} */ (handle));
}

/** A user is gone; after the last one the engine rests. */
export function leave(/** @type {object} */ user) {
  use(user, []);
  uses.delete(user);
  clearTimeout(resting);
  if (!uses.size) resting = window.setTimeout(() => engine.rest(), REST);
}
