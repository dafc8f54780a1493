// The visitor's own files that survive a reload, in this browser's IndexedDB. Where it keeps nothing, all of this does
// nothing: the files are simply asked for again.
import { createStore, del, get, set, update } from 'idb-keyval';

/**
 * `id` tells it from another of the same name, which another tab may have put in its place.
 * @typedef {{ id: string, name: string, weights: File, config: File | null, preprocessor: File | null, labels: File | null,
 *   network: string | null, entered: { size: string, mean: string, std: string } }} KeptNetwork
 */

const MIB = 2 ** 20;
/** Bytes of a network and its files. */
export const NETWORK_LIMIT = 64 * MIB;
const PICTURES_LIMIT = 64 * MIB;
const PICTURES = 8;
/** Under this a tab remembers, over a reload, which network it has kept. */
const OWN = 'cam-lucida-own-network';

/** @type {import('idb-keyval').UseStore | null} */
let opened = null;
const store = () => (opened ??= createStore('cam-lucida', 'own-files'));

/** @returns {Promise<File[]>} the newest first */
export const keptPictures = () => attempt([], async () => (await get('pictures', store())) ?? []);

/** Keeps a picture, and drops the oldest where they become too many. */
export async function keepPicture(/** @type {File} */ file) {
  const withIt = (/** @type {File[]} */ kept = []) => {
    let bytes = 0;
    const pictures = [file, ...kept.filter(({ name }) => name !== file.name)];
    return pictures.slice(0, PICTURES).filter(({ size }) => (bytes += size) <= PICTURES_LIMIT);
  };
  await attempt(null, () => update('pictures', withIt, store())); // in one transaction: pictures may come at once
}

/** The network that was kept, unless it is known to be another tab's. @returns {Promise<KeptNetwork | null>} */
export const keptNetwork = () =>
  attempt(null, async () => {
    const kept = await get('network', store());
    const own = globalThis.sessionStorage?.getItem(OWN);
    return kept && (!own || own === kept.id) ? kept : null;
  });

/** Keeps a network in the place of the one before; tells whether it did. */
export async function keepNetwork(/** @type {KeptNetwork} */ network) {
  const files = [network.weights, network.config, network.preprocessor, network.labels];
  const bytes = files.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  return attempt(false, async () => {
    globalThis.sessionStorage?.setItem(OWN, network.id);
    await set('network', bytes <= NETWORK_LIMIT ? network : null, store());
    return bytes <= NETWORK_LIMIT;
  });
}

export const forgetPictures = () => attempt(null, async () => del('pictures', store()));
export const forgetNetwork = () => attempt(null, async () => del('network', store()));

/**
 * @template T
 * @param {T} otherwise
 * @param {() => Promise<any>} work
 * @returns {Promise<T>}
 */
async function attempt(otherwise, work) {
  try {
    return globalThis.indexedDB ? await work() : otherwise;
  } catch {
    return otherwise; // a private window, or no room
  }
}
