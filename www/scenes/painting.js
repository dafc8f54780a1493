// The board as a picture. These pixels, and no others, are what the network is given.

/**
 * @typedef {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} Context
 * @typedef {{ background: string, stickers: readonly import('../state/board.js').Sticker[] }} Painted
 *
 * @typedef {object} Stickers
 * @property {string[]} classes
 * @property {(context: Context, name: string, side: number) => void} draw draws one around the origin, `side` pixels wide
 * @property {(name: string) => Record<string, string>} styleOf the styles that show one as the background of an element
 */

/**
 * Backgrounds by name; each fills a square.
 * @type {Record<string, (context: Context, side: number) => void>}
 */
export const BACKGROUNDS = {
  meadow(context, side) {
    const horizon = 0.52 * side;
    fill(context, side, 0, horizon, ['#599ef2', '#bfe0ff']);
    fill(context, side, horizon, side, ['#549a37', '#6cb845']);
    tufts(context, side, horizon);
  },
  plain(context, side) {
    context.fillStyle = '#d9d2c0';
    context.fillRect(0, 0, side, side);
  },
  gradient(context, side) {
    const gradient = context.createLinearGradient(0, 0, side, side);
    gradient.addColorStop(0, '#f2c9a1');
    gradient.addColorStop(1, '#7f8fc9');
    context.fillStyle = gradient;
    context.fillRect(0, 0, side, side);
  },
};

/**
 * @param {Context} context
 * @param {number} side
 * @param {number} top
 * @param {number} bottom
 * @param {string[]} colours from top to bottom
 */
function fill(context, side, top, bottom, colours) {
  const gradient = context.createLinearGradient(0, top, 0, bottom);
  colours.forEach((colour, i) => gradient.addColorStop(i, colour));
  context.fillStyle = gradient;
  context.fillRect(0, top, side, bottom - top);
}

/** Grass, always the same: the low bits of multiples of large primes look scattered enough. */
function tufts(/** @type {Context} */ context, /** @type {number} */ side, /** @type {number} */ horizon) {
  for (let i = 0; i < 260; i++) {
    const near = ((i * 7919) % 1000) / 1000;
    const x = (((i * 104729) % 1009) / 1009) * side;
    const y = horizon + near * (side - horizon);
    const height = side * (0.008 + 0.02 * near);
    context.fillStyle = i % 2 ? '#47882f' : '#7fc653';
    context.beginPath();
    context.moveTo(x - height / 4, y);
    context.lineTo(x + ((i % 5) - 2) * (height / 6), y - height);
    context.lineTo(x + height / 4, y);
    context.fill();
  }
}

/**
 * Paints scenes on a square canvas, and gives what it has painted.
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @param {Stickers} sheet
 */
export function painter(canvas, sheet) {
  const side = canvas.width;
  const context = /** @type {Context} */ (canvas.getContext('2d', { willReadFrequently: true, alpha: false }));
  context.imageSmoothingQuality = 'high';
  /** As pixels: a canvas that is drawn on another need not look the same each time. @type {Map<string, ImageData>} */
  const grounds = new Map();

  function ground(/** @type {string} */ name) {
    const known = grounds.get(name);
    if (known) return known;
    BACKGROUNDS[name](context, side);
    const drawn = context.getImageData(0, 0, side, side);
    grounds.set(name, drawn);
    return drawn;
  }

  return {
    paint(/** @type {Painted} */ { background, stickers }) {
      context.putImageData(ground(background), 0, 0);
      for (const { class: name, x, y, size, angle } of stickers) {
        context.save();
        context.translate(x * side, y * side);
        context.rotate((angle * Math.PI) / 180);
        sheet.draw(context, name, size * side);
        context.restore();
      }
    },
    pixels: () => context.getImageData(0, 0, side, side),
    /** As a PNG file, which holds exactly these pixels. */
    file: async (/** @type {string} */ name) => new File([await png(canvas)], name, { type: 'image/png' }),
  };
}

/** @returns {Promise<Blob>} */
function png(/** @type {HTMLCanvasElement | OffscreenCanvas} */ canvas) {
  if ('convertToBlob' in canvas) return canvas.convertToBlob();
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(/** @type {Blob} */ (blob)), 'image/png'));
}
