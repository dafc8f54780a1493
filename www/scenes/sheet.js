// The sheet of stickers: one square cell for each class, row by row.
import { ASSETS, reachable } from '../site.js';
import index from '../stickers/index.json' with { type: 'json' };

/** @typedef {{ cell: number, columns: number, stickers: { class: string }[] }} Index */

/** The stickers that come with the page, or null where there are none. */
export async function stickerSheet() {
  const url = new URL(await reachable(new URL('stickers/sheet.webp', ASSETS)));
  try {
    return new Sheet(index, await decoded(url));
  } catch (error) {
    if ((await fetch(url)).status === 404) return null; // an image does not tell why it is not there
    throw error;
  }
}

async function decoded(/** @type {URL} */ url) {
  const image = new Image();
  // In somebody else's page it is painted and read, too. In ours, style sheets use the same file, which comes once.
  if (url.origin !== self.origin) image.crossOrigin = 'anonymous';
  image.src = url.href;
  await image.decode();
  return image;
}

export class Sheet {
  #image;
  #cell;
  #columns;

  constructor(/** @type {Index} */ { cell, columns, stickers }, /** @type {HTMLImageElement} */ image) {
    this.#image = image;
    this.#cell = cell;
    this.#columns = columns;
    this.classes = stickers.map((sticker) => sticker.class);
  }

  /**
   * Draws a class's sticker around the origin, `side` pixels wide.
   * @param {import('./painting.js').Context} context
   * @param {string} name
   * @param {number} side
   */
  draw(context, name, side) {
    const [column, row] = this.#place(name);
    const cell = this.#cell;
    context.drawImage(this.#image, column * cell, row * cell, cell, cell, -side / 2, -side / 2, side, side);
  }

  /** The styles that show a class's sticker as the background of an element. */
  styleOf(/** @type {string} */ name) {
    const [column, row] = this.#place(name);
    const rows = Math.ceil(this.classes.length / this.#columns);
    const share = (/** @type {number} */ place, /** @type {number} */ count) => `${count > 1 ? (100 * place) / (count - 1) : 0}%`;
    return {
      backgroundImage: `url("${this.#image.src}")`,
      backgroundSize: `${100 * this.#columns}% ${100 * rows}%`,
      backgroundPosition: `${share(column, this.#columns)} ${share(row, rows)}`,
    };
  }

  #place(/** @type {string} */ name) {
    const index = this.classes.indexOf(name);
    return [index % this.#columns, Math.floor(index / this.#columns)];
  }
}
