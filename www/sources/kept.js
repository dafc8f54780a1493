// The visitor's own files that survive a reload, in this browser's IndexedDB. Where it keeps nothing, all of this does
// nothing: the files are simply asked for again.
import { createStore, del, get, set } from 'idb-keyval';

/**
 * @typedef {{ name: string, weights: File, config: File | null, preprocessor: File | null, labels: File | null,
 *   network: string | null, entered: { size: string, mean: string, std: string } }} KeptNetwork
 */

const MIB = 2 ** 20;
/** Bytes of a network and its files. */
export const NETWORK_LIMIT = 64 * MIB;
const PICTURES_LIMIT = 64 * MIB;
const PICTURES = 8;

/** @type {import('idb-keyval').UseStore | null} */
let opened = null;
const store = () => (opened ??= createStore('cam-lucida', 'own-files'));

/** @returns {Promise<File[]>} the newest first */
export const keptPictures = () => attempt([], async () => (await get('pictures', store())) ?? []);

/** Keeps a picture, and drops the oldest where they become too many. */
export async function keepPicture(/** @type {File} */ file) {
  await attempt(null, async () => {
    const others = (await keptPictures()).filter(({ name }) => name !== file.name);
    let bytes = 0;
    const fitting = [file, ...others].slice(0, PICTURES).filter(({ size }) => (bytes += size) <= PICTURES_LIMIT);
    await set('pictures', fitting, store());
  });
}

/** @returns {Promise<KeptNetwork | null>} */
export const keptNetwork = () => attempt(null, async () => (await get('network', store())) ?? null);

/** Keeps a network in the place of the one before; tells whether it did. */
export async function keepNetwork(/** @type {KeptNetwork} */ network) {
  const files = [network.weights, network.config, network.preprocessor, network.labels];
  const bytes = files.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  return attempt(false, async () => {
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
