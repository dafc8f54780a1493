// The layers that stand for all of a network's.

/** @import { LayerInfo } from '../../engine/protocol.d.ts' */

/** At most so many. */
export const BLOCKS = 12;

/**
 * The layers that stand for all: the last one of each shape, or the default layer among those of its shape; at most
 * `most`, evenly taken.
 * @param {LayerInfo[]} layers
 * @param {string} [standard] the default layer
 */
export function blocksOf(layers, standard, most = BLOCKS) {
  /** @type {LayerInfo[]} */
  const blocks = [];
  for (const [i, layer] of layers.entries()) {
    const goes = i > 0 && String(layer.shape) === String(layers[i - 1].shape);
    if (!goes) blocks.push(layer);
    else if (blocks[blocks.length - 1].name !== standard) blocks[blocks.length - 1] = layer;
  }
  if (blocks.length <= most) return blocks;
  const places = Array.from({ length: most }, (_, i) => Math.round((i * (blocks.length - 1)) / (most - 1)));
  const wanted = blocks.findIndex(({ name }) => name === standard);
  if (wanted >= 0 && !places.includes(wanted)) places[places.findLastIndex((place) => place < wanted)] = wanted;
  return places.map((place) => blocks[place]);
}
