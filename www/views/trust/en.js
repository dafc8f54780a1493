// The words of the view Can you trust it?

/** @param {import('../../i18n/format.js').Formatters} f */
export default (f) => {
  const modules = (/** @type {number} */ count) => `${f.number(count)} ${f.plural(count, { one: 'module', other: 'modules' })}`;
  return {
    heading: 'Can you trust it?',
    lead: 'Four experiments with one heatmap. Each says what it measured. None says whether the heatmap is right.',
    missing: 'This site brings no picture or no network to experiment with.',

    heatmap: (/** @type {string} */ name) => `What speaks for “${name}”`,
    flat: 'Nothing in this layer speaks for this class. A flat heatmap ranks no pixel before another, so there is nothing to measure.',
    score: 'Score',
    scored: (/** @type {string} */ value) => `Score ${value}`,
    scoreHint: 'The score is the probability that the network gives the class, from 0 to 1.',
    network: 'Network',
    picture: 'Picture',
    again: 'Compute again',

    experiment: 'Experiment',
    experiments: { cover: 'Cover', curves: 'Curves', weights: 'Random weights', changes: 'Small changes' },
    questions: {
      cover: 'What becomes of the score when the hottest pixels are covered, or when nothing else is shown?',
      curves: 'How does the score follow when pixels go, or come, in the order of the heatmap?',
      weights: 'Does the heatmap depend on what the network has learnt?',
      changes: 'Does the heatmap stay the same when the picture hardly changes?',
    },
    compute: 'Compute',
    resume: 'Go on',
    costs: {
      passes: (/** @type {number} */ count) => `This takes ${f.number(count)} passes of the network.`,
      heatmaps: (/** @type {number} */ count) => `This takes ${f.number(count)} heatmaps.`,
    },
    computing: 'Computing…',
    progress: 'How far the experiment is',

    cover: {
      share: 'Share of the pixels',
      baseline: 'Covered by',
      baselines: { mean: 'Mean colour', blur: 'Blur' },
      without: (/** @type {string} */ share) => `Without the hottest ${share}`,
      alone: (/** @type {string} */ share) => `The hottest ${share} alone`,
      whole: 'Whole picture',
      elsewhere: 'Cover elsewhere',
      range: (/** @type {string} */ mean, /** @type {string} */ low, /** @type {string} */ high) => `${mean} (${low} to ${high})`,
      hint: (/** @type {number} */ places) =>
        `Elsewhere: the same cover at ${f.number(places)} random places; the mean, and the lowest and highest score.`,
      said: (
        /** @type {{ name: string, share: string, whole: string, without: string, alone: string, lost: string, kept: string, places: number }} */ a,
      ) =>
        `Without its hottest ${a.share}, the score for ${a.name} goes from ${a.whole} to ${a.without}; a cover of this size elsewhere leaves ${a.lost} on average (${f.number(a.places)} places). The hottest ${a.share} alone score ${a.alone}; as much of the picture elsewhere scores ${a.kept}.`,
    },

    curves: {
      step: 'Share of the pixels exchanged',
      deletion: 'Deletion',
      insertion: 'Insertion',
      deleted: (/** @type {string} */ share) => `The hottest ${share} deleted`,
      inserted: (/** @type {string} */ share) => `The hottest ${share} inserted`,
      area: (/** @type {string} */ name, /** @type {string} */ area) => `${name}: area ${area}`,
      across: 'Share of the pixels',
      chart: (/** @type {string} */ deletion, /** @type {string} */ insertion) =>
        `Score over the share of the pixels. Area under the deletion curve ${deletion}, under the insertion curve ${insertion}.`,
      hint: 'Deletion puts the mean colour in the place of pixels, the hottest first. Insertion puts the pixels back into a blurred picture.',
      said: (
        /** @type {{ name: string, whole: string, deleted: string, deletion: string, blurred: string, inserted: string, insertion: string }} */ a,
      ) =>
        `Deletion takes the score for ${a.name} from ${a.whole} to ${a.deleted}; the area under its curve is ${a.deletion}. Insertion takes it from ${a.blurred} to ${a.inserted}; the area under its curve is ${a.insertion}.`,
    },

    weights: {
      fresh: 'Modules with random weights',
      none: 'None: the trained network.',
      some: (/** @type {number} */ count, /** @type {number} */ all, /** @type {string} */ last) =>
        `${f.number(count)} of ${modules(all)}: from the head to ${last}.`,
      value: (/** @type {number} */ count, /** @type {number} */ all) => `${f.number(count)} of ${f.number(all)}`,
      trained: 'Trained',
      random: (/** @type {number} */ count) => `${f.number(count)} random`,
      absent: 'Not computed yet',
      rank: (/** @type {string} */ rank) => `Rank correlation ${rank}`,
      unranked: 'One of the two is flat: nothing to compare.',
      across: 'Modules with random weights',
      up: 'Rank correlation',
      chart: 'Rank correlation with the heatmap of the trained network, over the number of modules with random weights',
      picture: (/** @type {string} */ method, /** @type {string} */ what) => `${method}: ${what}`,
      hint: 'From the head on, module after module gets the random weights of a network before training. Rank correlation compares magnitudes, as they are drawn: 1 is the same order of pixels, 0 is none.',
      likeness: (/** @type {string} */ method, /** @type {string} */ rank) => `${method} ${rank}`,
      said: (/** @type {number} */ count, /** @type {number} */ all, /** @type {string[]} */ ranks) =>
        `With random weights in ${f.number(count)} of ${modules(all)}, the heatmaps have these rank correlations with those of the trained network: ${f.list(ranks)}.`,
    },

    changes: {
      moved: (/** @type {number} */ by) => `Moved right and down by ${f.number(by)} ${f.plural(by, { one: 'pixel', other: 'pixels' })}`,
      mirrored: 'Mirrored',
      noisy: (/** @type {string} */ by) => `Noise of ${by}`,
      numbers: (/** @type {string} */ rank, /** @type {string} */ score) => `Rank correlation ${rank}, score ${score}`,
      flat: (/** @type {string} */ score) => `Flat heatmap: nothing to compare. Score ${score}`,
      list: 'Changes of the picture',
      hint: 'Pixels are those of the network’s input. A move and the mirror are undone before the heatmaps are compared. Noise is normal; its deviation is a share of the range of colours.',
      said: (
        /** @type {{ count: number, low: string, lowest: string, high: string, highest: string, name: string, min: string, max: string }} */ a,
      ) =>
        `Over ${f.number(a.count)} small changes, the rank correlation with the first heatmap lies between ${a.low} (${a.lowest}) and ${a.high} (${a.highest}). The score for ${a.name} ${a.min === a.max ? `stays ${a.min}` : `lies between ${a.min} and ${a.max}`}.`,
      saidFlat: (/** @type {number} */ count) => `Over ${f.number(count)} small changes, no heatmap could be compared: all are flat.`,
    },

    save: 'Save the numbers',
    saved: (/** @type {string} */ name) => `Saved as ${name}.`,
  };
};
