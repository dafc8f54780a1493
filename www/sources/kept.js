// The visitor's own files that survive a reload, in this browser's IndexedDB. Where it keeps nothing, all of this does
// nothing: the files are simply asked for again.
import { createStore, del, get, set, update } from 'idb-keyval';

/**
 * `id` tells it from another of the same name, which another tab may have kept.
 * @typedef {{ id: string, file: File }} KeptPicture
 *
 * `id` tells it from another of the same name, which another tab may have put in its place.
 * @typedef {{ id: string, name: string, weights: File, config: File | null, preprocessor: File | null, labels: File | null,
 *   network: string | null, entered: Partial<import('./entered.js').Entered> }} KeptNetwork
 */

const MIB = 2 ** 20;
/** Bytes of a network and its files. */
export const NETWORK_LIMIT = 64 * MIB;
const PICTURES_LIMIT = 64 * MIB;
const PICTURES = 8;
/** Under these a tab remembers, over a reload, which network it has kept, and what it calls which picture. */
const OWN = 'cam-lucida-own-network';
const NAMES = 'cam-lucida-own-pictures';

/** @type {import('idb-keyval').UseStore | null} */
let opened = null;
const store = () => (opened ??= createStore('cam-lucida', 'own-files'));

export const newId = () => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** Pictures by the names that this tab gave them: its own first, then those of others, the newest first. @returns {Promise<KeptPicture[]>} */
export const keptPictures = () =>
  attempt([], async () => {
    /** @type {KeptPicture[]} */
    const kept = (await get('pictures-by-id', store())) ?? [];
    const names = namesHere();
    const [own, others] = [true, false].map((mine) => kept.filter(({ id }) => Object.hasOwn(names, id) === mine));
    return [...own.map(({ id, file }) => ({ id, file: named(file, names[id]) })), ...others];
  });

/** Keeps pictures as those that came last, the first before all, and drops the oldest where they become too many. */
export async function keepPictures(/** @type {KeptPicture[]} */ pictures) {
  await attempt(null, async () => {
    /** @type {KeptPicture[]} */
    let kept = [];
    // In one transaction: pictures may come at once.
    await update('pictures-by-id', (before) => (kept = withPictures(before ?? [], pictures)), store());
    const given = Object.fromEntries(pictures.map(({ id, file }) => [id, file.name]));
    const names = Object.entries({ ...namesHere(), ...given });
    const left = names.filter(([id]) => kept.some((one) => one.id === id));
    globalThis.sessionStorage?.setItem(NAMES, JSON.stringify(Object.fromEntries(left)));
  });
}

/** Drops one picture. */
export const dropPicture = (/** @type {string} */ dropped) =>
  attempt(null, async () => {
    const others = (/** @type {KeptPicture[]} */ before = []) => before.filter(({ id }) => id !== dropped);
    await update('pictures-by-id', others, store());
  });

/** A picture that is kept already stays as it is, also where another tab calls it otherwise. */
function withPictures(/** @type {KeptPicture[]} */ kept, /** @type {KeptPicture[]} */ pictures) {
  let bytes = 0;
  const given = pictures.map((picture) => kept.find(({ id }) => id === picture.id) ?? picture);
  return [...given, ...kept.filter((one) => !given.includes(one))]
    .slice(0, PICTURES)
    .filter(({ file: { size } }) => (bytes += size) <= PICTURES_LIMIT);
}

/** @returns {Record<string, string>} by the pictures' ids */
const namesHere = () => JSON.parse(globalThis.sessionStorage?.getItem(NAMES) ?? '{}');

/** A file under another name. */
export function named(/** @type {File} */ file, /** @type {string} */ name) {
  return file.name === name ? file : new File([file], name, { type: file.type, lastModified: file.lastModified });
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

export const forgetPictures = () => attempt(null, async () => del('pictures-by-id', store()));
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
