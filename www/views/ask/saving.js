// What the menu Save gives: the heatmaps as one picture, or the numbers.
import { methodTitle } from '../../i18n/tables.js';
import { f, t } from '../../i18n/index.js';
import { legendOf } from '../../elements/legend.js';
import { captionedGrid } from '../../save/grid.js';
import { coloursOf } from '../../state/question.js';
import { bitmapOf } from './card.js';
import { sumOf } from './words.js';

/**
 * @import { About, Draw } from '../../engine/protocol.d.ts'
 * @import { What } from '../../elements/save.js'
 * @import { Answer, Maps } from './asking.js'
 *
 * @typedef {object} Context
 * @property {import('./card.js').Look} look
 * @property {Draw} style
 * @property {About} about
 * @property {string} link
 * @property {{ ink: string, paper: string, family: string, size: number }} page
 */

/** @type {readonly What[]} */
export const OFFERED = ['captioned', 'json', 'copyPicture', 'copyLink'];

const SIDE = 256; // pixels of a heatmap in the grid

/** @returns {Promise<{ name: string, blob: Blob }>} */
export async function fileOf(/** @type {What} */ what, /** @type {Answer} */ answer, /** @type {Context} */ context) {
  const stem = answer.question.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  if (what === 'json') {
    const text = `${JSON.stringify(numbersOf(answer, context), null, 2)}\n`;
    return { name: `${stem}.json`, blob: new Blob([text], { type: 'application/json' }) };
  }
  return { name: `${stem}.png`, blob: await gridOf(answer, context) };
}

/** Answers as columns, layers as rows. */
async function gridOf(/** @type {Answer} */ answer, /** @type {Context} */ { look, style, about, page }) {
  const { card, saving } = t().ask;
  const several = answer.shown.length > 1;
  const { colormap, ends } = legendOf(about, style);
  const cell = (/** @type {Maps} */ maps, /** @type {number} */ which) => ({
    draw(
      /** @type {OffscreenCanvasRenderingContext2D} */ context,
      /** @type {number} */ left,
      /** @type {number} */ top,
      /** @type {number} */ side,
    ) {
      const bitmap = bitmapOf(answer.picture, maps, which, look);
      const scale = side / Math.max(bitmap.width, bitmap.height);
      context.drawImage(bitmap, left, top, bitmap.width * scale, bitmap.height * scale);
      bitmap.close();
    },
    lines: maps.of[which].flat ? [card.flat] : [],
  });
  return captionedGrid(
    {
      title: answer.question,
      columns: answer.sums.map((sum, i) => `${sumOf(sum)}: ${f().probability(answer.shown[0].of[i].probability)}`),
      rows: answer.shown.map(({ layer }) => (several ? layer : '')),
      cells: answer.shown.map((maps) => answer.sums.map((_, which) => cell(maps, which))),
      legends: [{ colours: coloursOf(about, colormap), ends: t().explain.legend[ends] }],
      lines: [
        saving.how(
          methodTitle(about, answer.method),
          answer.shown.map(({ layer }) => layer),
        ),
        t().explain.save.made,
      ],
    },
    { ...page, side: SIDE },
  );
}

function numbersOf(/** @type {Answer} */ answer, /** @type {Context} */ { about, style, link }) {
  return {
    cam_lucida: about.version,
    link,
    device: answer.device,
    question: answer.question,
    read: answer.read.map(({ word, known, read_as }) => ({ word, known, read_as })),
    answers: answer.top.map(({ name, probability, logit }) => ({ name, probability, logit })),
    method: answer.method,
    style: { colormap: style.colormap, opacity: style.opacity },
    maps: answer.shown.flatMap(({ layer, scale, maps, of }) =>
      maps.map(({ height, width, data }, which) => ({
        answer: answer.sums[which],
        layer,
        scale,
        probability: of[which].probability,
        logit: of[which].logit,
        flat: of[which].flat,
        shape: [height, width],
        values: [...data],
      })),
    ),
    milliseconds: Math.round(10 * answer.milliseconds) / 10,
  };
}
