// What the menu Save gives: files, and what goes to the clipboard.
import { t } from '../../i18n/index.js';
import { legendOf } from '../../elements/legend.js';
import { csv } from '../../save/csv.js';
import { npy } from '../../save/npy.js';
import { captioned, png } from '../../save/picture.js';
import { result } from '../../save/result.js';
import { coloursOf } from '../../state/question.js';
import { headingOf, howOf } from './caption.js';

/**
 * @import { Controller } from './controller.js'
 * @import { Explanation } from '../../engine/handles.js'
 *
 * @typedef {{ name: string, blob: Blob }} Saved
 */

/** A part of a file's name. */
const plain = (/** @type {string} */ words) => words.replace(/\.[^.]+$/, '').replace(/[\\/:*?"<>|\s]+/g, '-');

/** The name of the picture's file. */
const pictureName = (/** @type {any} */ picture) => picture?.file?.name ?? picture?.source?.name ?? 'picture';

/**
 * The files of a kind, of what is on the screen now: one for each class, or one for all. What the page has already, it
 * does not ask the engine for: that may have to end something long before.
 * @param {import('../../elements/save.js').What} what
 * @param {Controller} controller
 * @param {{ link: string, look: { ink: string, paper: string, family: string, size: number }, drawings: HTMLCanvasElement[] }} context
 * @returns {Promise<Saved[]>}
 */
export async function filesOf(what, controller, { link, look, drawings }) {
  const { engine } = controller;
  const explanation = /** @type {Explanation} */ (controller.explanation.peek());
  const about = /** @type {import('../../engine/protocol.d.ts').About} */ (engine.about.peek());
  const style = /** @type {import('../../engine/protocol.d.ts').Draw} */ (controller.drawn.peek());
  const classes = explanation.classes ?? [];
  const stem = `${plain(pictureName(explanation.picture))}-${explanation.method}`;
  const each = (/** @type {string} */ ending, /** @type {(which: number) => Promise<Blob>} */ make) =>
    Promise.all(
      classes.map(async (one, which) => ({ name: `${stem}-${plain(one.name ?? String(one.id))}.${ending}`, blob: await make(which) })),
    );
  const map = (/** @type {number} */ which) => controller.rawMap(explanation, which);

  switch (what) {
    case 'overlay':
    case 'copyPicture':
      return each('png', (which) => png(drawings[which]));
    case 'heatmap': {
      if (explanation.output !== 'map') return each('heatmap.png', (which) => png(drawings[which]));
      const alone = { ...style, formula: 'heatmap', threshold: 0 };
      return each('heatmap.png', async (which) => png(await engine.draw(explanation, alone, which, { priority: 1 })));
    }
    case 'captioned': {
      const headed = classes.map((one, which) => ({ drawing: drawings[which], heading: headingOf(one, explanation) }));
      const { colormap, ends } = legendOf(about, style);
      const colours = coloursOf(about, colormap);
      const lines = [howOf(explanation, about), t().explain.save.made];
      const blob = await captioned(headed, { legend: { colours, ends: t().explain.legend[ends] }, lines }, look);
      return [{ name: `${stem}-caption.png`, blob }];
    }
    case 'npy':
      return each('npy', async (which) => {
        const { channels, height, width, data } = await map(which);
        return new Blob([npy([channels, height, width], data)], { type: 'application/octet-stream' });
      });
    case 'csv':
      return each('csv', async (which) => new Blob([csv(await map(which))], { type: 'text/csv' }));
    case 'json': {
      const maps = await Promise.all(classes.map((_, which) => map(which)));
      const context = {
        picture: pictureName(explanation.picture),
        style,
        device: explanation.device ?? about.device.kind,
        version: about.version,
        link,
      };
      return [
        {
          name: `${stem}.json`,
          blob: new Blob([`${JSON.stringify(result(explanation, maps, context), null, 2)}\n`], { type: 'application/json' }),
        },
      ];
    }
    default:
      return [];
  }
}
