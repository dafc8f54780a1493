// A map as a table: a line for each row, the channels one after another with an empty line between.

/** @param {import('../engine/protocol.d.ts').RawMap} map */
export function csv({ channels, height, width, data }) {
  const line = (/** @type {number} */ start) => Array.from(data.subarray(start, start + width), shortest).join(',');
  const table = (/** @type {number} */ channel) =>
    Array.from({ length: height }, (_, row) => line((channel * height + row) * width)).join('\n');
  return `${Array.from({ length: channels }, (_, channel) => table(channel)).join('\n\n')}\n`;
}

/** The fewest digits that give the same float32 again. */
function shortest(/** @type {number} */ value) {
  for (let digits = 1; digits < 9; digits++) {
    const said = Number(value.toPrecision(digits));
    if (Math.fround(said) === value) return String(said);
  }
  return String(value);
}
