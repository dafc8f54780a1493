// The service worker: keeps the site, so that it opens without its server, and each page has the files of one build. The list
// of files comes before this script (scripts/offline.mjs), so each build has another worker.
import { Builds } from './builds.js';
import { isolated } from './isolation.js';

const worker = /** @type {any} */ (globalThis);
const builds = new Builds(SITE_BUILD, {
  scope: worker.registration.scope,
  caches,
  fetch: (url, options) => fetch(url, options),
  isThere: async (client) => Boolean(await worker.clients.get(client)),
});

worker.addEventListener('install', (/** @type {any} */ event) => {
  worker.skipWaiting(); // open pages keep their build, so nothing has to wait for them
  event.waitUntil(builds.fill());
});

worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(tidy()));

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  if (builds.concern(event.request)) event.respondWith(answer(event));
});

// A page asks whether it was started with an older build than this one, or has the engine of the GPU kept.
worker.addEventListener('message', (/** @type {any} */ event) => {
  const { data, source } = event;
  if (data === 'gpu') event.waitUntil(builds.keepLater().catch(() => {})); // the next page asks again
  if (data === 'old?') event.waitUntil(builds.isOld(source.id).then((old) => old && source.postMessage('old')));
});

async function answer(/** @type {any} */ event) {
  const { request, clientId, resultingClientId } = event;
  const starts = ['worker', 'sharedworker'].includes(request.destination) ? resultingClientId : '';
  try {
    const kept = request.mode === 'navigate' ? builds.start(request.url, resultingClientId) : builds.answer(request.url, clientId, starts);
    const found = await kept;
    if (request.mode === 'navigate') event.waitUntil(tidy());
    if (found) return isolated(request, found);
  } catch {} // the browser keeps nothing any more
  return isolated(request, await fetch(request));
}

/** Not while a newer build comes: what it takes over is still needed. */
async function tidy() {
  const { installing, waiting } = worker.registration;
  if (!installing && !waiting) await builds.tidy();
}
