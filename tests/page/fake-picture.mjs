// The least that a picture file and an ICC profile are made of.

/** A WebP file that holds a profile before its picture, as its container says. */
export function webp(profile) {
  const word = (text) => [...text].map((letter) => letter.charCodeAt(0));
  const size = (length) => [...new Uint8Array(Uint32Array.of(length).buffer)];
  const chunk = (name, data) => [...word(name), ...size(data.length), ...data, ...(data.length % 2 ? [0] : [])];
  const body = [...word('WEBP'), ...chunk('VP8X', Array(10).fill(0)), ...chunk('ICCP', profile), ...chunk('VP8L', [0])];
  return Uint8Array.from([...word('RIFF'), ...size(body.length), ...body]);
}

/** A profile of sRGB's primaries whose three curves are one power, or another curve. */
export function profile({ primaries = 0, curve = [...Buffer.from('curv\0\0\0\0\0\0\0\x01'), 2, 51], space = 'RGB ' } = {}) {
  const colours = [
    [0.4361 + primaries, 0.2225, 0.0139],
    [0.3851, 0.7169, 0.0971],
    [0.1431, 0.0606, 0.7141],
  ];
  const buffer = Buffer.alloc(132 + 6 * 12 + 3 * 20 + curve.length);
  buffer.write(space, 16, 'latin1');
  buffer.writeUInt32BE(6, 128);
  colours.forEach((colour, i) => {
    const [letter, at] = ['rgb'[i], 204 + 20 * i];
    buffer.write(`${letter}XYZ`, 132 + 24 * i, 'latin1');
    buffer.writeUInt32BE(at, 136 + 24 * i);
    buffer.write(`${letter}TRC`, 144 + 24 * i, 'latin1');
    buffer.writeUInt32BE(264, 148 + 24 * i);
    colour.forEach((value, axis) => buffer.writeInt32BE(Math.round(65536 * value), at + 8 + 4 * axis));
  });
  Buffer.from(curve).copy(buffer, 264);
  return buffer;
}
