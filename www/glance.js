// What a view that follows something asks the engine for: what the engine's tables begin with, always drawn alike.

/** Of `classes`, or where there are none of the predicted; `view` is the longer side of the drawing in pixels. */
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

export const quickStyle = ({ style }) => ({ ...style, opacity: 0.55 });
