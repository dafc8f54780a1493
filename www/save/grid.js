// A grid of drawings as one PNG, with the names of its rows and columns and what each cell says.
import { wrapped } from './picture.js';

const GAP = 12; // pixels
const LINE = 1.35; // times the size of the type
const HEAD = 150; // width of the rows' names
const STRIP = 240; // width of a legend's strip
const BAR = 12; // its height

/**
 * @typedef {{ draw: ((context: OffscreenCanvasRenderingContext2D, left: number, top: number, side: number) => void) | null,
 *   lines: string[] }} Drawn a cell; without a drawing its lines stand in its place
 *
 * @typedef {object} Sheet
 * @property {string} title
 * @property {string[]} columns names
 * @property {string[]} rows names; of a contact sheet none
 * @property {Drawn[][]} cells row by row
 * @property {{ colours: string[], ends: string[] }[]} legends
 * @property {string[]} lines how it was made
 */

/**
 * @param {Sheet} sheet
 * @param {{ ink: string, paper: string, family: string, size: number, side: number }} look `side` of a cell in pixels
 */
export async function captionedGrid({ title, columns, rows, cells, legends, lines }, { ink, paper, family, size, side }) {
  const measure = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext('2d'));
  const small = Math.round(0.85 * size);
  const fonts = { bold: `600 ${size}px ${family}`, plain: `${small}px ${family}`, title: `600 ${Math.round(1.3 * size)}px ${family}` };
  const wrap = (/** @type {string} */ words, /** @type {number} */ room, /** @type {string} */ font) => {
    measure.font = font;
    return wrapped(words, room, (part) => measure.measureText(part).width);
  };
  const headed = rows.some(Boolean) ? HEAD + GAP : 0;
  const [width, step, little] = [headed + cells[0].length * (side + GAP) - GAP, size * LINE, small * LINE];
  const heads = columns.map((name) => wrap(name, side, fonts.bold));
  const names = rows.map((name) => wrap(name, HEAD, fonts.bold));
  const captions = cells.map((row) =>
    row.map(({ draw, lines: said }) => said.flatMap((words) => wrap(words, draw ? side : side - GAP, fonts.plain))),
  );
  const titles = wrap(title, width, fonts.title);
  const foot = lines.flatMap((words) => wrap(words, width, fonts.plain));
  // Below a drawing stand its lines; a cell without one has its lines where the drawing would be.
  const below = captions.map((row, i) => Math.max(...row.map(({ length }, j) => (cells[i][j].draw ? length : 0))) * little);
  const top = GAP + titles.length * 1.3 * step + GAP;
  const high = Math.max(0, ...heads.map(({ length }) => length)) * step;
  const body = below.reduce((sum, room) => sum + side + room + GAP, 0);
  const canvas = new OffscreenCanvas(
    width + 2 * GAP,
    Math.ceil(top + high + GAP / 2 + body + legends.length * step + BAR + foot.length * little + GAP),
  );
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const write = (
    /** @type {string[]} */ all,
    /** @type {number} */ left,
    /** @type {number} */ from,
    /** @type {number} */ apart,
    /** @type {string} */ font,
  ) => {
    context.font = font;
    all.forEach((words, i) => context.fillText(words, left, from + i * apart));
  };
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  Object.assign(context, { fillStyle: ink, strokeStyle: ink, textBaseline: 'top' });

  write(titles, GAP, GAP, 1.3 * step, fonts.title);
  const leftOf = (/** @type {number} */ column) => GAP + headed + column * (side + GAP);
  heads.forEach((said, j) => write(said, leftOf(j), top + high - said.length * step, step, fonts.bold));
  let at = top + high + GAP / 2;
  cells.forEach((row, i) => {
    if (headed) write(names[i], GAP, at, step, fonts.bold);
    row.forEach(({ draw }, j) => {
      const left = leftOf(j);
      if (draw) draw(context, left, at, side);
      else context.strokeRect(left + 0.5, at + 0.5, side - 1, side - 1);
      context.fillStyle = ink;
      write(captions[i][j], left + (draw ? 0 : GAP / 2), draw ? at + side + 2 : at + GAP / 2, little, fonts.plain);
    });
    at += side + below[i] + GAP;
  });

  context.font = fonts.plain;
  for (const { colours, ends } of legends) {
    const [low, high] = ends;
    context.fillText(low, GAP, at);
    const from = GAP + context.measureText(low).width + GAP / 2;
    const to = Math.min(from + STRIP, GAP + width - context.measureText(high).width - GAP / 2);
    context.fillText(high, to + GAP / 2, at);
    const strip = context.createLinearGradient(from, 0, to, 0);
    for (const [i, colour] of colours.entries()) strip.addColorStop(i / (colours.length - 1), colour);
    context.fillStyle = strip;
    context.fillRect(from, at + (small - BAR) / 2, Math.max(to - from, 0), BAR);
    context.fillStyle = ink;
    at += step;
  }
  write(foot, GAP, at + BAR / 2, little, fonts.plain);
  return canvas.convertToBlob({ type: 'image/png' });
}

/**
 * Draws something in a square of a cell, in its own aspect.
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {ImageBitmap | OffscreenCanvas} drawing
 * @param {number} left
 * @param {number} top
 * @param {number} side
 */
export function fit(context, drawing, left, top, side) {
  const scale = side / Math.max(drawing.width, drawing.height);
  const [width, height] = [drawing.width * scale, drawing.height * scale];
  context.drawImage(drawing, left + (side - width) / 2, top + (side - height) / 2, width, height);
}
