// A heatmap over its picture. The engine draws the colours alone: how strong they are depends on the probability, which is
// known only then, and over the board itself they lie without the picture.

const LEAST = 0.15; // of the opacity, for a class that is surely not there

/** How opaque the heatmap of a class is: the fainter, the less probable the class. */
export const strength = (/** @type {number} */ opacity, /** @type {number} */ probability) => opacity * (LEAST + (1 - LEAST) * probability);

/**
 * @param {ImageBitmap} heat
 * @param {number} opacity
 * @param {ImageData | null} under the picture, or null for the colours alone
 */
export function blend(heat, opacity, under) {
  const canvas = new OffscreenCanvas(heat.width, heat.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  if (under) context.putImageData(under, 0, 0);
  context.globalAlpha = opacity;
  context.drawImage(heat, 0, 0, heat.width, heat.height);
  return canvas.transferToImageBitmap();
}
