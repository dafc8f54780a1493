// What the site knows of the channels of its networks, fetched once for a page.
import { pixelsOf } from '../../elements/paint.js';
import { fetchChannels, fetchFile } from '../../weights/channels.js';

/**
 * @import { Site } from '../../main.js'
 * @import { Channels } from '../../weights/channels.js'
 * @import { Entry } from '../../weights/embedded.js'
 * @import { Pixels } from '../../elements/paint.js'
 * @import { Known } from './controller.js'
 */

/** @returns {Known} */
export function knownOf(/** @type {Pick<Site, 'downloads'>} */ { downloads }) {
  /** @type {WeakMap<Entry, Channels>} */
  const tables = new WeakMap();
  /** @type {Map<string, Pixels>} */
  const sheets = new Map();
  return {
    async table({ entry }, signal) {
      if (!entry || !('channels' in entry)) return null;
      const table = tables.get(entry) ?? (await fetchChannels(entry, downloads, signal));
      if (table) tables.set(entry, table);
      return table;
    },
    async patches({ entry }, file, signal) {
      const place = `${entry?.name}/${file}`;
      const blob = sheets.has(place) ? null : await fetchFile(/** @type {Entry} */ (entry), file, downloads, signal);
      if (blob) sheets.set(place, pixelsOf(await createImageBitmap(blob)));
      return /** @type {Pixels} */ (sheets.get(place));
    },
  };
}
