// The ICC profile of a picture file (ICC.1:2022): where it is, and whether its colours are others than sRGB's. The browser
// converts them; here is only asked whether there is anything to convert.

/** What stands before the parts of a profile in JPEG files (ICC.1:2022, B.4). */
const IN_JPEG = 'ICC_PROFILE\0';
/** Red, green and blue of sRGB as a profile holds them: `[X, Y, Z]` under D50. */
const SRGB = { r: [0.4361, 0.2225, 0.0139], g: [0.3851, 0.7169, 0.0971], b: [0.1431, 0.0606, 0.7141] };
const NEAR = 0.005;
/** By how much of 255 the curves of sRGB profiles differ; the command line allows as much. */
const ROUNDING = 2;

const viewOf = (/** @type {Uint8Array} */ bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const textAt = (/** @type {Uint8Array} */ bytes, /** @type {number} */ at, length = 4) =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/**
 * Whether the colours of a PNG, JPEG or WebP file must be converted to sRGB: it has an ICC profile of red, green and blue that
 * is not sRGB's. A file that is damaged before its profile has none.
 * @param {Uint8Array} bytes
 */
export async function hasOtherColours(bytes) {
  try {
    const profile = await profileIn(bytes);
    return profile !== null && textAt(profile, 16) === 'RGB ' && !isSrgb(profile);
  } catch {
    return false;
  }
}

/** @param {Uint8Array} bytes @returns {Promise<Uint8Array | null>} */
async function profileIn(bytes) {
  if (textAt(bytes, 1, 3) === 'PNG') return inPng(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return inJpeg(bytes);
  return textAt(bytes, 8) === 'WEBP' ? inWebp(bytes) : null;
}

async function inPng(/** @type {Uint8Array} */ bytes) {
  for (let at = 8; textAt(bytes, at + 4) !== 'IDAT'; at += 12 + viewOf(bytes).getUint32(at)) {
    if (textAt(bytes, at + 4) !== 'iCCP') continue;
    const data = bytes.subarray(at + 8, at + 8 + viewOf(bytes).getUint32(at));
    const packed = data.slice(data.indexOf(0) + 2); // behind its name and the number of the method
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
  return null;
}

async function inJpeg(/** @type {Uint8Array} */ bytes) {
  const parts = [];
  const START_OF_SCAN = 0xda;
  for (let at = 2; bytes[at + 1] !== START_OF_SCAN; at += 2 + viewOf(bytes).getUint16(at + 2)) {
    const end = at + 2 + viewOf(bytes).getUint16(at + 2);
    const begin = at + 4 + IN_JPEG.length + 2; // behind its number and how many there are
    if (textAt(bytes, at + 4, IN_JPEG.length) === IN_JPEG) parts.push(bytes.slice(begin, end));
  }
  return parts.length ? new Uint8Array(await new Blob(parts).arrayBuffer()) : null;
}

function inWebp(/** @type {Uint8Array} */ bytes) {
  // It comes before the picture, and only where the header is the extended one.
  for (let at = 12; ['VP8X', 'ICCP'].includes(textAt(bytes, at));) {
    const length = viewOf(bytes).getUint32(at + 4, true);
    if (textAt(bytes, at) === 'ICCP') return bytes.subarray(at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
  return null;
}

function isSrgb(/** @type {Uint8Array} */ profile) {
  const view = viewOf(profile);
  /** @type {Map<string, number>} */
  const places = new Map();
  for (let tag = 0; tag < view.getUint32(128); tag++) {
    const at = 132 + 12 * tag;
    places.set(textAt(profile, at), view.getUint32(at + 4));
  }
  const fixed = (/** @type {number} */ at) => view.getInt32(at) / 65536;
  return Object.entries(SRGB).every(([name, wanted]) => {
    const [colour, curve] = ['XYZ', 'TRC'].map((tag) => places.get(name + tag));
    if (colour === undefined || curve === undefined) return false;
    const near = wanted.every((value, i) => Math.abs(fixed(colour + 8 + 4 * i) - value) < NEAR);
    const linear = curveAt(profile, curve);
    return near && [51, 102, 153, 204].every((value) => Math.abs(255 * encoded(linear(value / 255)) - value) <= ROUNDING);
  });
}

/** sRGB's value of a linear one, both 0 to 1 (IEC 61966-2-1). */
const encoded = (/** @type {number} */ linear) => (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055);

/** The curve of a profile at a place, from a value to the linear one. @returns {(value: number) => number} */
function curveAt(/** @type {Uint8Array} */ profile, /** @type {number} */ place) {
  const view = viewOf(profile);
  if (textAt(profile, place) === 'curv') {
    const count = view.getUint32(place + 8);
    const entry = (/** @type {number} */ i) => view.getUint16(place + 12 + 2 * i);
    if (count === 0) return (value) => value;
    if (count === 1) return (value) => value ** (entry(0) / 256);
    return (value) => {
      const [before, part] = [Math.min(Math.floor(value * (count - 1)), count - 2), value * (count - 1)];
      return (entry(before) + (entry(before + 1) - entry(before)) * (part - before)) / 65535;
    };
  }
  // A parametric one (10.18), whose parameters are g, a, b, c, d, e and f. All of them are powers above a threshold.
  const kind = view.getUint16(place + 8);
  const p = (/** @type {number} */ i) => view.getInt32(place + 12 + 4 * i) / 65536;
  if (kind === 0) return (value) => value ** p(0);
  const from = kind < 3 ? -p(2) / p(1) : p(4);
  const raised = kind === 2 ? p(3) : kind === 4 ? p(5) : 0;
  const below = (/** @type {number} */ value) => (kind < 3 ? raised : p(3) * value + (kind === 4 ? p(6) : 0));
  return (value) => (value >= from ? (p(1) * value + p(2)) ** p(0) + raised : below(value));
}
