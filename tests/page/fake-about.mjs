/** What an engine says of itself, as far as controllers ask: one method, and the default style. */
export const about = {
  methods: [{ name: 'grad-cam', needs: 'gradients', output: 'map', settings: [], presets: [] }],
  merges: ['mean'],
  targets: ['logit'],
  preprocess: ['squash'],
  style: { colormap: 'turbo', formula: 'blend', opacity: 0.5, threshold: 0 },
};
