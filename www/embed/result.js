// A result as scripts get it: what was asked, what came of it, and the maps as numbers.
import { result } from '../save/result.js';
import { hashOf } from '../state/address.js';
import { SITE } from '../site.js';

/**
 * @import { Explanation } from '../engine/handles.js'
 * @import { About, RawMap } from '../engine/protocol.d.ts'
 *
 * `map` is that of the first class, `maps` are those of all.
 * @typedef {ReturnType<typeof result> & { map: RawMap, maps: RawMap[] }} Result
 */

/**
 * @param {Explanation} explanation
 * @param {RawMap[]} maps
 * @param {{ style: any, state: any, about: About | null }} context
 * @returns {Result}
 */
export function resultOf(explanation, maps, { style, state, about }) {
  const given = state.picture?.kind === 'given';
  const context = {
    picture: /** @type {any} */ (explanation.picture).file?.name ?? '',
    style,
    device: explanation.device ?? '',
    version: about?.version ?? '',
    link: new URL(hashOf('explain', given ? { ...state, picture: null } : state), SITE).href,
  };
  return { ...result(explanation, maps, context), map: maps[0], maps };
}
