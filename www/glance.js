// What a view that follows something asks the engine for: the quickest good heatmap, always drawn alike.

/** Of `classes`, or where there are none of the predicted; `view` is the longer side of the drawing in pixels. */
export const quickRequest = (classes, view) => ({
  method: 'grad-cam',
  layers: [],
  merge: 'mean',
  smooth: false,
  preset: null,
  settings: {},
  classes,
  target: 'logit',
  preprocess: 'squash',
  view,
});

export const QUICK_STYLE = { opacity: 0.55, colormap: 'turbo', formula: 'blend', threshold: 0 };
