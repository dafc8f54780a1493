// What the board is made of: the stickers, and the networks that were trained on scenes of them.
import { EngineError } from '../../engine/errors.js';
import { stickerSheet } from '../../scenes/sheet.js';

/**
 * @import { Entry, EmbeddedModels } from '../../weights/embedded.js'
 *
 * @typedef {object} Equipment
 * @property {import('../../scenes/sheet.js').Sheet} sheet
 * @property {EmbeddedModels} models
 * @property {Entry[]} entries those of the models that the board offers
 */

/**
 * @param {Promise<EmbeddedModels | null>} embedded
 * @returns {Promise<Equipment | null>} null: the site has none
 */
export async function loadEquipment(embedded) {
  const [sheet, models] = await Promise.all([stickerSheet().catch(unreachable), embedded]);
  const entries = models?.of('scenes') ?? [];
  return sheet && models && entries.length ? { sheet, models, entries } : null;
}

/** @returns {never} */
function unreachable() {
  throw new EngineError({ kind: 'request', code: navigator.onLine ? 'samples-unreachable' : 'samples-offline' });
}
