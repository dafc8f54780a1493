// What the menu Save gives of captions: files, and what goes to the clipboard.
import { f, t } from '../../i18n/index.js';
import { methodTitle } from '../../i18n/tables.js';
import { csv } from '../../save/csv.js';
import { captionedGrid, fit } from '../../save/grid.js';
import { npy } from '../../save/npy.js';
import { png } from '../../save/picture.js';
import { described } from '../../save/result.js';
import { coloursOf, drawOf, FOLLOWING } from '../../state/question.js';
import { probabilitiesOf, textOf } from './selection.js';
import { chanceOf, noteOf, titleOfHeat } from './titles.js';

/**
 * @import { Answer } from './answer.js'
 * @import { Controller } from './controller.js'
 * @import { Heat } from './drawing.js'
 * @import { About, RawMap } from '../../engine/protocol.d.ts'
 *
 * @typedef {{ link: string, look: { ink: string, paper: string, family: string, size: number } }} Context
 * @typedef {{ name: string, blob: Blob }} Saved
 */

const SIDE = 240; // pixels of a word's drawing among all
const ACROSS = 5;
const OPTIONS = { priority: 1 };

/**
 * The files of a kind, of what is on the screen now.
 * @param {import('../../elements/save.js').What} what
 * @param {Controller} controller
 * @param {Context} context
 * @returns {Promise<Saved[]>}
 */
export async function filesOf(what, controller, context) {
  const { engine } = controller;
  const heat = /** @type {Heat} */ (controller.heat.peek());
  const about = /** @type {About} */ (engine.about.peek());
  const style = drawOf(FOLLOWING, about);
  const { answer, phrase, which } = heat;
  const stem = `caption-${textOf(answer.words, heat.range).replace(/[^a-z0-9]+/gi, '-')}`;
  const draw = (/** @type {string} */ formula) => engine.draw(phrase, { ...style, formula }, which, OPTIONS);
  const map = () => engine.rawMap(phrase, which, OPTIONS);

  switch (what) {
    case 'overlay':
    case 'copyPicture':
      return [{ name: `${stem}.png`, blob: await png(await draw(style.formula)) }];
    case 'heatmap':
      return [{ name: `${stem}.heatmap.png`, blob: await png(await draw('heatmap')) }];
    case 'captioned':
      return [{ name: 'caption-words.png', blob: await allWords(answer, controller, context) }];
    case 'npy': {
      const { channels, height, width, data } = await map();
      return [{ name: `${stem}.npy`, blob: new Blob([npy([channels, height, width], data)], { type: 'application/octet-stream' }) }];
    }
    case 'csv':
      return [{ name: `${stem}.csv`, blob: new Blob([csv(await map())], { type: 'text/csv' }) }];
    case 'json': {
      const { phrase: whole } = await answer.explain(engine, null, OPTIONS);
      /** @type {RawMap[]} */
      const maps = [];
      for (let i = 0; i <= answer.words.length; i++) maps.push(await engine.rawMap(whole, i, OPTIONS));
      const text = `${JSON.stringify(resultOf(answer, maps, { about, link: context.link }), null, 2)}\n`;
      return [{ name: 'caption.json', blob: new Blob([text], { type: 'application/json' }) }];
    }
    default:
      return [];
  }
}

/** All words and their sum, each with its drawing. */
async function allWords(/** @type {Answer} */ answer, /** @type {Controller} */ { engine }, /** @type {Context} */ { look }) {
  const about = /** @type {About} */ (engine.about.peek());
  const style = drawOf(FOLLOWING, about);
  const { phrase: whole } = await answer.explain(engine, null, OPTIONS);
  const ranges = [...answer.words.map((_, place) => ({ first: place, last: place })), null];
  /** @type {import('../../save/grid.js').Drawn[]} */
  const cells = [];
  for (const [which, range] of ranges.entries()) {
    const bitmap = await engine.draw(whole, style, which, OPTIONS);
    // Which words name nothing is said of the sum, once.
    const note = range && !whole.words?.[which].class.flat ? '' : noteOf({ answer, range, phrase: whole, which });
    cells.push({
      draw(
        /** @type {OffscreenCanvasRenderingContext2D} */ context,
        /** @type {number} */ left,
        /** @type {number} */ top,
        /** @type {number} */ side,
      ) {
        fit(context, bitmap, left, top, side);
        bitmap.close();
      },
      lines: [titleOfHeat({ answer, range }), note].filter(Boolean),
    });
  }
  const layers = (whole.words ?? []).flatMap((word) => word.layers);
  const [first, last] = [layers[0], layers[layers.length - 1]];
  const rows = Array.from({ length: Math.ceil(cells.length / ACROSS) }, (_, row) => cells.slice(row * ACROSS, (row + 1) * ACROSS));
  return captionedGrid(
    {
      title: textOf(answer.words),
      columns: [],
      rows: rows.map(() => ''),
      cells: rows,
      legends: [{ colours: coloursOf(about, style.colormap), ends: t().explain.legend.map }],
      lines: [
        t().caption.total(chanceOf(answer), f().decimal(probabilitiesOf(answer.logs).total), answer.own),
        t().caption.how(methodTitle(about, answer.request.method), first, last),
        t().explain.save.made,
      ],
    },
    { ...look, side: SIDE },
  );
}

/** Everything as JSON: the captions that were found, the words with their probabilities, and what their maps hold. */
function resultOf(
  /** @type {Answer} */ answer,
  /** @type {RawMap[]} */ maps,
  /** @type {{ about: About, link: string }} */ { about, link },
) {
  const { request, language, words, logs, captions } = answer;
  return {
    cam_lucida: about.version,
    link,
    device: about.device.kind,
    network: { name: language.network, title: language.title, input: language.size, words: language.words?.length },
    method: request.method,
    target: request.target,
    preprocess: request.preprocess,
    caption: textOf(words),
    own: answer.own,
    log_probability: probabilitiesOf(logs).total,
    words: words.map(({ word, token, known, function_word, relation_word }, i) => ({
      word,
      token,
      known,
      function_word,
      relation_word,
      log_probability: logs[i],
      map: numbersOf(maps[i]),
    })),
    end: { log_probability: logs[words.length] },
    sum: numbersOf(maps[words.length]),
    beam: answer.beam,
    captions: captions.map((caption) => ({ caption: textOf(caption.words), log_probability: caption.log_probability })),
  };
}

/** A map with its values, row by row. */
const numbersOf = (/** @type {RawMap} */ map) => ({ ...described(map), values: Array.from(map.data) });
