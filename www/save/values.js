// The value of a map at a place of the picture, interpolated as the drawing is.

/**
 * What is nearest to a place, `x` and `y` from 0 to 1, as a share of the map's largest magnitude. Of a signed picture it
 * is the channel of the largest magnitude.
 * @param {import('../engine/protocol.d.ts').RawMap} map
 * @param {number} x
 * @param {number} y
 */
export function shareAt({ channels, height, width, data }, x, y) {
  const max = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (max === 0) return 0;
  const [left, right, across] = neighbours(x, width);
  const [above, below, down] = neighbours(y, height);
  const values = Array.from({ length: channels }, (_, channel) => {
    const at = (/** @type {number} */ row, /** @type {number} */ column) => data[(channel * height + row) * width + column];
    const mix = (/** @type {number} */ row) => at(row, left) * (1 - across) + at(row, right) * across;
    return mix(above) * (1 - down) + mix(below) * down;
  });
  return values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most)) / max;
}

/** Of a place from 0 to 1 among `count` cells, whose centres have their own values: both cells and how far between. */
function neighbours(/** @type {number} */ place, /** @type {number} */ count) {
  const position = Math.min(Math.max(place * count - 0.5, 0), count - 1);
  const first = Math.floor(position);
  return [first, Math.min(first + 1, count - 1), position - first];
}
