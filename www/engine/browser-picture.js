// What the browser does of a picture that the engine does not: it decodes more formats, and converts colours to sRGB.

/** The longer side of what the browser decodes, in pixels: more than any network sees. */
const MAX_SIDE = 4096;

/** What is done with a file that not everybody would do: the engine's notes of the same, by their codes. */
const NOTES = {
  'picture-first-frame': 'the file holds several pictures; the first is read',
  'picture-profile': "the colours are converted to sRGB by the picture's ICC profile",
};

/** @param {keyof typeof NOTES} code @returns {import('./protocol.d.ts').NoteInfo} */
export const noteOf = (code) => ({ code, arguments: {}, message: NOTES[code] });

/**
 * The pixels of a file as the browser decodes it, upright and in sRGB: the first picture of several. `null`: it cannot.
 * @param {File} file
 * @param {{ width: number, height: number } | null} size what it is scaled down to; null: its own. At most `MAX_SIDE`
 */
export async function decoded(file, size = null) {
  try {
    const bitmap = await createImageBitmap(file);
    const whole = size ?? bitmap;
    // A browser that does not turn it upright is of no use.
    if (whole.width > whole.height !== bitmap.width > bitmap.height) return null;
    const scale = Math.min(1, MAX_SIDE / Math.max(whole.width, whole.height));
    const [width, height] = [whole.width, whole.height].map((side) => Math.max(1, Math.round(scale * side)));
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context || !isHonest(context)) return null;
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    return context.getImageData(0, 0, width, height);
  } catch {
    return null;
  }
}

/** Whether a canvas gives back what was drawn. Browsers that resist fingerprinting give noise. */
function isHonest(/** @type {OffscreenCanvasRenderingContext2D} */ context) {
  const drawn = context.createImageData(1, 1);
  drawn.data.set([18, 52, 86, 255]);
  context.putImageData(drawn, 0, 0);
  const { data } = context.getImageData(0, 0, 1, 1);
  context.clearRect(0, 0, 1, 1);
  return data.every((value, i) => Math.abs(value - drawn.data[i]) <= 2);
}

/** Whether a GIF, AVIF or HEIF file is an animation. */
export function isAnimation(/** @type {Uint8Array} */ bytes) {
  const text = (/** @type {number} */ at, /** @type {number} */ length) => String.fromCharCode(...bytes.subarray(at, at + length));
  if (text(0, 3) === 'GIF') return framesOf(bytes) > 1;
  // Its brand is that of a sequence (ISO/IEC 23008-12, annex B; AVIF 1.1, 6.3).
  return text(4, 4) === 'ftyp' && ['avis', 'msf1', 'hevc', 'hevx'].includes(text(8, 4));
}

/** How many pictures a GIF file has, up to two (GIF89a, 17 to 27). */
function framesOf(/** @type {Uint8Array} */ bytes) {
  const [EXTENSION, PICTURE] = [0x21, 0x2c];
  /** Behind a table of colours, where the flags of what is before say that there is one. */
  const behindTable = (/** @type {number} */ at, /** @type {number} */ flags) => at + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let [at, frames] = [behindTable(13, bytes[10]), 0];
  while (frames < 2 && (bytes[at] === EXTENSION || bytes[at] === PICTURE)) {
    if (bytes[at] === PICTURE) frames++;
    at = bytes[at] === PICTURE ? behindTable(at + 10, bytes[at + 9]) + 1 : at + 2;
    while (bytes[at]) at += 1 + bytes[at]; // its parts, each with its length before it
    at++;
  }
  return frames;
}
