// What the channels of an embedded network answer to: a table, and of each layer a sheet of patches. They come with the page, and
// are fetched when somebody looks.
import { MODELS } from '../site.js';
import { download } from './download.js';

/**
 * @import { Entry } from './embedded.js'
 *
 * A patch: the number of its scene, row and column of the layer, the channel's value there, and the class that has the most pixels
 * in it; null: the backdrop alone.
 * @typedef {[scene: number, row: number, column: number, activation: number, shown: number | null]} Patch
 *
 * `active`: the share of the scenes in which the channel is above zero; `n`: of how many of them `shown` counts what is where it is
 * strongest: classes, null for the backdrop alone, the most frequent first; `patches`: the strongest first.
 * @typedef {{ active: number, n: number, shown: [shown: number | null, count: number][], patches: Patch[] }} Unit
 *
 * `kept`: what patches alone keep of a channel's strength; `chance`: how often each class, and at last the backdrop alone, is at any
 * place at all.
 * @typedef {{ name: string, sheet: string, kept: number, chance: number[], units: Unit[] }} LayerUnits
 * @typedef {{ weights: string, seed: number, scenes: number, side: number, top: number, patch: number, layers: LayerUnits[] }} Channels
 */

const TABLE = 'channels.json';

/**
 * The table of a network that comes with the page; null where it has none.
 * @param {Entry} entry
 * @param {import('./downloads.js').Downloads} downloads
 * @param {AbortSignal} signal
 * @returns {Promise<Channels | null>}
 */
export async function fetchChannels(entry, downloads, signal) {
  if (!entry.channels) return null;
  return JSON.parse(await (await fetchFile(entry, TABLE, downloads, signal)).text());
}

/**
 * One of the files that belong to the table.
 * @param {Entry} entry
 * @param {string} file
 * @param {import('./downloads.js').Downloads} downloads
 * @param {AbortSignal} signal
 */
export async function fetchFile({ name, channels }, file, downloads, signal) {
  const place = `${name}/${file}`;
  const remote = { url: new URL(place, MODELS).href, path: `models/${place}`, expected: { ...channels?.[file], exact: true } };
  return (await downloads.run((transfer) => download(remote, transfer), signal)).blob;
}
