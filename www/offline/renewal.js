// The page's side of the service worker: has the site kept for offline use, and learns when a newer build is there.
import { signal } from '@preact/signals-core';
import { scriptAddress, SITE } from '../site.js';

const HOUR = 3_600_000;
/** Who develops here wants what was built just now, and other sites under the same address want their own. */
const DEVELOPERS = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a newer build of the site is there than the one that this page was started with. */
export const renewed = signal(false);

/** Learns of newer builds. Where the browser has no service workers, or forbids them, this and `keepSite` do nothing. */
export function watchSite() {
  const workers = container();
  if (!workers) return;
  const ask = () => workers.controller?.postMessage('old?');
  workers.addEventListener('message', ({ data }) => {
    if (data === 'old') renewed.value = true;
  });
  workers.addEventListener('controllerchange', ask);
  workers.startMessages();
  ask();
}

/** Has the site kept. */
export async function keepSite() {
  if (DEVELOPERS.includes(location.hostname)) return;
  try {
    const registration = await container()?.register(scriptAddress(new URL('sw.js', SITE)), { updateViaCache: 'none' });
    // Browsers look for a newer one when a page opens. A page may stay open for weeks.
    if (registration) setInterval(() => registration.update().catch(() => {}), HOUR);
  } catch {} // there is no room, or no service worker
}

/** Has the engine of the GPU kept, too: who has no GPU never needs it. */
export async function keepGpuEngine() {
  const registration = await container()?.ready;
  registration?.active?.postMessage('gpu');
}

/** @returns {ServiceWorkerContainer | null} */
function container() {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null; // a frame in a sandbox
  }
}
