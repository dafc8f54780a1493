// What a view that follows something asks the engine for: what the engine's tables begin with, always drawn alike.

/** @import { About, Draw, Explain } from './protocol.d.ts' */

/**
 * Of `classes`, or where there are none of the predicted; `view` is the longer side of the drawing in pixels.
 * @param {About} about
 * @param {number[]} classes
 * @param {number | null} view
 * @returns {Explain}
 */
export const quickRequest = ({ methods, merges, targets, preprocess }, classes, view) => ({
  method: methods[0].name,
  layers: [],
  merge: merges[0],
  smooth: false,
  preset: null,
  settings: {},
  classes,
  target: targets[0],
  preprocess: preprocess[0],
  view,
});

/**
 * @param {About} about
 * @returns {Draw}
 */
export const quickStyle = ({ style }) => ({ ...style, opacity: 0.55 });
