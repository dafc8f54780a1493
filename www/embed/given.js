// A picture that a script gives, as the engine takes it.
import { EngineError } from '../engine/errors.js';

/** @typedef {Blob | ImageData | ImageBitmap | OffscreenCanvas | HTMLCanvasElement | HTMLImageElement | HTMLVideoElement} Given */

const unusable = (/** @type {unknown} */ cause) => new EngineError({ kind: 'image', code: 'picture-unusable', message: String(cause) });

/** Whether an address holds the picture itself, or one that only this document knows. */
export const isInline = (/** @type {string | null} */ src) => /^(data|blob):/i.test(src ?? '');

/**
 * @param {Given | string} given a string is an address for which `isInline` holds
 * @returns {Promise<{ file: File } | { pixels: ImageData }>}
 */
export async function givenPicture(given) {
  try {
    if (typeof given === 'string') return givenPicture(await (await fetch(given)).blob());
    if (given instanceof File) return { file: given };
    if (given instanceof Blob) return { file: new File([given], 'picture', { type: given.type }) };
    if (given instanceof ImageData) return { pixels: given };
    if ('decode' in given) await given.decode();
    const [width, height] = sizeOf(given);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height).getContext('2d'));
    context.drawImage(given, 0, 0, width, height);
    return { pixels: context.getImageData(0, 0, width, height) };
  } catch (error) {
    throw error.code === 'picture-unusable' ? error : unusable(error);
  }
}

/** @returns {[number, number]} */
function sizeOf(/** @type {any} */ { naturalWidth, naturalHeight, videoWidth, videoHeight, width, height }) {
  return [naturalWidth ?? videoWidth ?? width, naturalHeight ?? videoHeight ?? height];
}
