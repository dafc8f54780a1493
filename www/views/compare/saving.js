// What the grid is saved as: one picture with captions, or everything in an archive.
import { lookOf } from '../../elements/look.js';
import { f, sentenceOf, t } from '../../i18n/index.js';
import { captionedGrid, fit } from '../../save/grid.js';
import { npy } from '../../save/npy.js';
import { result } from '../../save/result.js';
import { Archive } from '../../save/zip.js';
import { AXES } from '../../state/compare.js';
import { drawOf, STYLE } from '../../state/question.js';
import { SIDE } from './answer.js';
import { axesOf } from './axes.js';
import { draw, saidOf } from './grid-cell.js';
import { isSheet } from './grid.js';
import { hrefOf } from './link.js';
import { titleOf } from './titles.js';

/**
 * @import { CompareView } from './compare.js'
 * @import { Axis, Compare } from '../../state/compare.js'
 * @import { Answer } from './answer.js'
 * @import { Cell } from './cell.js'
 * @import { Grid } from './controller.js'
 * @import { Look } from './grid-cell.js'
 * @import { Known } from './titles.js'
 *
 * @typedef {object} Shown the grid as it stands on the screen
 * @property {Axis} rows
 * @property {Axis} columns
 * @property {any[]} down values of the rows in order
 * @property {any[]} across
 * @property {Cell[][]} cells
 */

const SHEET = 6; // columns of a contact sheet

/**
 * The file of a kind, of the grid as it is on the screen.
 * @param {'grid' | 'all'} what
 * @param {CompareView} view
 */
export async function filesOf(what, view) {
  const { controller, known, page } = view;
  const state = view.state.peek();
  const grid = /** @type {Grid} */ (controller.grid.peek());
  const shown = arranged(grid, controller.order.peek());
  const look = /** @type {Look} */ (view.look);
  const picture = await pictureOf(shown, { view, grid, look });
  const stem = `${axesOf(state).join('-')}`;
  if (what === 'grid') return { name: `compare-${stem}.png`, blob: picture };
  const archive = new Archive();
  archive.add('grid.png', await bytesOf(picture));
  const entries = [];
  for (const [i, row] of shown.cells.entries()) {
    for (const [j, cell] of row.entries()) {
      const names = [titleOf(shown.rows, shown.down[i], known), titleOf(shown.columns, shown.across[j], known)];
      const stemOfCell = `cells/${String(i + 1).padStart(2, '0')}-${String(j + 1).padStart(2, '0')}-${names.map(plain).join('--')}`;
      entries.push(await addCell(archive, cell, { stem: stemOfCell, names, page, state, look, known }));
    }
  }
  const index = { cam_lucida: known.about?.version, link: page.address(), rows: shown.rows, columns: shown.columns, cells: entries };
  archive.add('grid.json', textOf(index));
  return { name: `compare-${stem}.zip`, blob: await archive.blob() };
}

/** @returns {Shown} */
function arranged(/** @type {Grid} */ { rows, columns, values, cells }, /** @type {{ rows: number[], columns: number[] }} */ order) {
  return {
    rows,
    columns,
    down: order.rows.map((i) => values[rows][i]),
    across: order.columns.map((j) => values[columns][j]),
    cells: order.rows.map((i) => order.columns.map((j) => cells[i][j])),
  };
}

/**
 * @param {Shown} shown
 * @param {{ view: CompareView, grid: Grid, look: Look }} context
 */
async function pictureOf({ rows, columns, down, across, cells }, { view, grid, look }) {
  const { known } = view;
  const words = t().compare;
  const page = { ...lookOf(view), size: 15, side: 0.75 * SIDE };
  const sheet = isSheet(grid);
  const drawn = (/** @type {Cell} */ cell, /** @type {string[]} */ before = []) => ({
    draw: cell.answer ? placer(/** @type {Answer} */ (cell.answer), look) : null,
    lines: [...before, ...saysOf(cell)],
  });
  const pictures = sheet ? cells.flat().map((cell) => drawn(cell, [titleOf('picture', cell.asked.picture, known)])) : [];
  const others = AXES.filter((axis) => axis !== rows && axis !== columns);
  const one = sheet ? [rows === 'picture' ? columns : rows] : [];
  const same = [...one, ...others].map((axis) => words.fixed(words.axes[axis], titleOf(axis, grid.values[axis][0], known)));
  return captionedGrid(
    {
      title: words.grid(words.axes[rows], words.axes[columns]),
      columns: sheet ? [] : across.map((value) => titleOf(columns, value, known)),
      rows: sheet ? [] : down.map((value) => titleOf(rows, value, known)),
      cells: sheet ? chunks(pictures, SHEET) : cells.map((row) => row.map((cell) => drawn(cell))),
      legends: view.legends(page.paper),
      lines: [same.join(t().sources.zoo.between), words.made],
    },
    page,
  );
}

/** Draws an answer in a square, in its own aspect. */
function placer(/** @type {Answer} */ answer, /** @type {Look} */ look) {
  return (
    /** @type {OffscreenCanvasRenderingContext2D} */ context,
    /** @type {number} */ left,
    /** @type {number} */ top,
    /** @type {number} */ side,
  ) => {
    const canvas = new OffscreenCanvas(1, 1);
    draw(canvas, answer, look);
    fit(context, canvas, left, top, side);
  };
}

/** What a cell says below its drawing, or in its place. */
function saysOf(/** @type {Cell} */ cell) {
  const words = t().compare;
  const state = cell.state.peek();
  if (state.name === 'failed') return [sentenceOf(state.error)];
  if (state.name !== 'done') return [state.name === 'cancelled' ? words.cancelled : words.waiting];
  const { of, measures } = state.answer;
  return [
    [saidOf(state.answer, cell.asked.class === null), f().duration(measures.time)].join(t().sources.zoo.between),
    ...(of.flat ? [words.flat] : []),
  ];
}

/**
 * Adds the files of a cell, and gives what the list of all cells says of it.
 * @param {Archive} archive
 * @param {Cell} cell
 * @param {{ stem: string, names: string[], page: import('../../main.js').Page, state: Compare, look: Look, known: Known }} context
 */
async function addCell(archive, cell, { stem, names: [row, column], page, state, look, known }) {
  const now = cell.state.peek();
  if (now.name !== 'done') return { row, column, state: now.name, ...(now.name === 'failed' ? { error: sentenceOf(now.error) } : {}) };
  const { answer } = now;
  const { explanation, map, measures } = answer;
  const canvas = new OffscreenCanvas(1, 1);
  draw(canvas, answer, look);
  archive.add(`${stem}.png`, await bytesOf(await canvas.convertToBlob({ type: 'image/png' })));
  archive.add(`${stem}.npy`, npy([map.channels, map.height, map.width], map.data));
  const about = /** @type {import('../../engine/protocol.d.ts').About} */ (known.about);
  const url = new URL(page.address());
  url.hash = hrefOf(cell, state) ?? '';
  const style = drawOf({ ...STYLE, colormap: state.colormap, opacity: state.opacity }, about);
  const { file } = /** @type {import('../../sources/picture.js').SourcedPicture} */ (explanation.picture);
  const context = { picture: file.name, style, device: explanation.device ?? about.device.kind, version: about.version, link: url.href };
  archive.add(`${stem}.json`, textOf(result(explanation, [map], context)));
  return {
    row,
    column,
    state: now.name,
    signed: answer.signed,
    files: stem,
    scale: answer.signed ? look.signedScale : look.scale,
    measures,
  };
}

/** A part of a file's name. */
const plain = (/** @type {string} */ words) => words.replace(/\.[^.\s]+$/, '').replace(/[\\/:*?"<>|\s]+/g, '-');

const bytesOf = async (/** @type {Blob} */ blob) => new Uint8Array(await blob.arrayBuffer());

const textOf = (/** @type {unknown} */ value) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

/** @template T @param {T[]} all @param {number} size @returns {T[][]} */
const chunks = (all, size) => Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
