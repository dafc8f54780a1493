// What the view Camera shows, as an address writes it. What the camera sees is in no address.
import { codec, flag, variant, whole } from './codec.js';
import { MODELS } from './explain.js';

/**
 * @typedef {object} Camera
 * @property {import('./question.js').ModelSource | null} model null: the default network
 * @property {number | null} class null: the one that the network predicts of each picture
 * @property {boolean | null} mirrored null: unless the camera looks away from who holds the device
 * @property {boolean} sheet whether the sheet of stickers is shown in place of what the camera sees
 */

/** @type {Camera} */
export const CAMERA = Object.freeze({ model: null, class: null, mirrored: null, sheet: false });

export const camera = codec(CAMERA, {
  model: { as: 'model', kind: variant(MODELS) },
  class: { as: 'class', kind: whole },
  mirrored: { as: 'mirrored', kind: flag },
  sheet: { as: 'sheet', kind: flag },
});
