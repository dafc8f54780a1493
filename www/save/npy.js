// NumPy's format of arrays, version 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

const ALIGNED = 64; // bytes that the header fills in whole

/**
 * A `.npy` file of float32 in C order.
 * @param {number[]} shape
 * @param {Float32Array} data
 */
export function npy(shape, data) {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const said = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const before = 10; // magic, version, length of the header
  const length = Math.ceil((before + said.length + 1) / ALIGNED) * ALIGNED - before;
  const file = new DataView(new ArrayBuffer(before + length + 4 * data.length));
  const bytes = new Uint8Array(file.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]); // \x93NUMPY
  file.setUint16(8, length, true);
  bytes.set(new TextEncoder().encode(`${said.padEnd(length - 1)}\n`), before);
  for (const [i, value] of data.entries()) file.setFloat32(before + length + 4 * i, value, true);
  return bytes;
}
