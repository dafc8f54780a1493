// The pictures that come with the page: the scenes that the sticker board starts with, one of a single thing, and the drawn
// people.
import { t } from '../i18n/index.js';
import { BACKGROUNDS, painter } from '../scenes/painting.js';
import { people } from '../scenes/people.js';
import { stickerSheet } from '../scenes/sheet.js';
import { SINGLE, STARTS } from '../scenes/starts.js';

/**
 * `data` is that of the networks that know such pictures. `thumbnail` is an address.
 * @typedef {object} Sample
 * @property {string} name
 * @property {'scenes' | 'people'} data
 * @property {() => string} label
 * @property {string} thumbnail
 * @property {any} about what is known of it; null of a scene
 * @property {() => Promise<File>} file
 */

const SIDE = 384; // pixels, as the board has
const SMALL = 96;
const BOARD_FILE = 'sticker-board.png';

/** @type {Promise<Sample[]> | null} */
let scenes = null;
/** @type {Promise<Sample[]> | null} */
let persons = null;

/** The sample pictures of one kind; none where the site has none. */
export function samplesOf(/** @type {'scenes' | 'people'} */ data) {
  if (data === 'scenes') {
    scenes ??= paintScenes();
    scenes.catch(() => (scenes = null)); // the next one tries again
    return scenes;
  }
  persons ??= drawnPeople();
  persons.catch(() => (persons = null));
  return persons;
}

/** All sample pictures, scenes first. */
export async function samples() {
  return (await Promise.all([samplesOf('scenes'), samplesOf('people')])).flat();
}

/**
 * Those first that a network was trained on.
 * @param {Sample[]} all
 * @param {string | undefined} data of the network, where it is one that comes with the page
 */
export const suitedFirst = (all, data) => all.toSorted((a, b) => Number(b.data === data) - Number(a.data === data));

/** A board as a picture, of the stickers that there are; null where the site has none. */
export async function boardFile(/** @type {{ background: string | null, stickers: import('../state/board.js').Sticker[] }} */ asked) {
  const sheet = await stickerSheet();
  if (!sheet) return null;
  const background = asked.background !== null && Object.hasOwn(BACKGROUNDS, asked.background) ? asked.background : STARTS[0].background;
  const stickers = asked.stickers.filter((sticker) => sheet.classes.includes(sticker.class));
  return painterOf(sheet, SIDE)({ background, stickers }, BOARD_FILE);
}

/** What paints scenes as files. */
function painterOf(/** @type {import('../scenes/sheet.js').Sheet} */ sheet, /** @type {number} */ side) {
  return async (/** @type {import('../scenes/painting.js').Painted} */ scene, /** @type {string} */ name) => {
    const { paint, file } = painter(new OffscreenCanvas(side, side), sheet);
    paint(scene);
    return file(name);
  };
}

async function paintScenes() {
  const sheet = await stickerSheet();
  if (!sheet) return [];
  const [paint, paintSmall] = [SIDE, SMALL].map((side) => painterOf(sheet, side));
  return Promise.all(
    [...STARTS, SINGLE].map(
      async (scene) =>
        /** @type {Sample} */ ({
          name: scene.name,
          data: 'scenes',
          label: () => t().sources.scenes[scene.name] ?? scene.name,
          thumbnail: URL.createObjectURL(await paintSmall(scene, scene.name)),
          about: null,
          file: () => paint(scene, `${scene.name}.png`),
        }),
    ),
  );
}

async function drawnPeople() {
  return ((await people()) ?? []).map(
    ({ url, about, picture }) =>
      /** @type {Sample} */ ({
        name: about.file.replace(/\.\w+$/, ''),
        data: 'people',
        label: () => t().sources.person(about),
        thumbnail: url,
        about,
        file: async () => (await picture()).file,
      }),
  );
}
