// What the site has to make rounds of.
import { EngineError } from '../../engine/errors.js';
import { stickerSheet } from '../../scenes/sheet.js';
import { dataOf } from '../../sources/model.js';
import { samplesOf } from '../../sources/samples.js';

/**
 * `people` is null where a network does not know them; without `stickers` the site has none.
 * @typedef {{ people: { name: string }[] | null, stickers: readonly string[] }} Site
 */

/** @returns {Promise<Site>} */
export async function siteOf(/** @type {import('../../sources/model.js').SourcedModel} */ model) {
  try {
    if (dataOf(model) === 'people') return { people: await samplesOf('people'), stickers: [] };
    return { people: null, stickers: (await stickerSheet())?.classes ?? [] };
  } catch {
    throw new EngineError({ kind: 'image', code: navigator.onLine ? 'samples-unreachable' : 'samples-offline' });
  }
}
