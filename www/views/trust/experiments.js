// The four experiments. Each is asked of the engine, and may be broken off; what takes many heatmaps tells what it has so far.
import { pixelsOf as readPixels } from '../../elements/paint.js';
import { FRESH, STEPS } from '../../state/trust.js';
import { methodOf } from '../../state/question.js';
import { requestFor } from '../../elements/game/asked.js';
import { drawingOf, SMALL } from './base.js';
import { countsOf } from './cascade.js';
import { doneBy, varied, VARIANTS } from './variants.js';

/**
 * @import { Engine } from '../../engine/client.js'
 * @import { Explanation, Fresh } from '../../engine/handles.js'
 * @import { About, Compare, CoverMeasured, CurveMeasured, ExplainedClass } from '../../engine/protocol.d.ts'
 * @import { Experiment, Trust } from '../../state/trust.js'
 * @import { Base } from './base.js'
 * @import { Pixels } from '../../elements/paint.js'
 * @import { Variant } from './variants.js'
 *
 * A heatmap that is compared with another; `rank` is null where one of the two is flat.
 * @typedef {{ image: Pixels, rank: number | null, probability: number, flat: boolean }} Likeness
 *
 * @typedef {CoverMeasured & { share: number, cover: Trust['cover'] }} Covers
 * @typedef {{ deletion: CurveMeasured, insertion: CurveMeasured }} Curves
 * @typedef {{ methods: string[], modules: string[], counts: number[], trained: Pixels[], steps: (Likeness[] | null)[] }} Weights
 *   `counts`: how many modules are fresh at each step; `trained`: each method's heatmap of the trained network; `steps`: the
 *   heatmaps of each step, null where they are not there yet
 * @typedef {{ changed: (Likeness & { variant: Variant })[] }} Changes
 * @typedef {{ cover: Covers, curves: Curves, weights: Weights, changes: Changes }} Findings
 *
 * @typedef {object} Work
 * @property {Engine} engine
 * @property {Base} base
 * @property {() => Trust} state as it is at that moment
 * @property {AbortSignal} signal
 * @property {(bitmap: ImageBitmap) => ImageData} [pixelsOf]
 */

/** How often a cover is put somewhere else. */
export const PLACES = 16;
const SEED = 0;
/** Those that are set beside each other while weights become random. */
const COMPARED = ['grad-cam', 'guided-backprop'];

/** How many passes of the network, or of the last two heatmaps, an experiment takes. */
export function costOf(/** @type {Experiment} */ experiment, /** @type {Base} */ base, /** @type {About} */ about) {
  return {
    cover: 1 + 2 * (PLACES + 1),
    curves: 2 * (STEPS + 1),
    weights: methodsOf(base, about).length * (FRESH + 2),
    changes: VARIANTS.length,
  }[experiment];
}

/** Whether an experiment waits to be asked for: it would take long. */
export function isCostly(/** @type {Experiment} */ experiment, /** @type {Base} */ base, /** @type {About} */ about) {
  if (base.model.source.kind !== 'embedded') return true;
  const manyPasses = methodOf(about, base.explanation.request.method).settings.length > 0;
  return manyPasses && (experiment === 'weights' || experiment === 'changes');
}

/**
 * What a measure of the heatmap is asked by.
 * @param {Base} base
 */
const subjectOf = ({ explanation: { request }, of }) => ({ preprocess: request.preprocess, which: 0, class: of.id });

/**
 * `keep` takes what is known so far, and whether that is all; `before` is what was kept of a run that was broken off.
 * @type {{ [E in Experiment]: (work: Work, keep: (found: Findings[E], done: boolean) => void, before: Findings[E] | null) => Promise<void> }}
 */
export const EXPERIMENT = {
  async cover({ engine, base, state, signal }, keep) {
    const { share, cover } = state();
    const asked = { ...subjectOf(base), share, baseline: cover, places: PLACES, seed: SEED };
    keep({ share, cover, ...(await engine.measureCover(base.explanation, asked, { signal })) }, true);
  },

  async curves({ engine, base, signal }, keep) {
    const curve = (/** @type {boolean} */ insertion) =>
      engine.measureCurve(base.explanation, { ...subjectOf(base), insertion, steps: STEPS }, { signal });
    keep({ deletion: await curve(false), insertion: await curve(true) }, true);
  },

  async weights(work, keep, before) {
    const { engine, base, state, signal, pixelsOf = readPixels } = work;
    const about = /** @type {About} */ (engine.about.peek());
    const methods = methodsOf(base, about);
    const requests = methods.map((method) => requestFor({ method, layer: base.layer }, [base.of.id], about, viewOf(base)));
    /** @type {Explanation[]} */
    const trained = requests.map((request) => ({ model: base.model, picture: base.picture, request }));
    try {
      const drawn = [];
      for (const one of trained) {
        await engine.explain(one, { signal });
        drawn.push(pixelsOf(await engine.draw(one, drawingOf(one.request.method, about), 0, { signal, quiet: true })));
      }
      /** The heatmaps with so many modules fresh, and the names of all modules. */
      const step = async (/** @type {number} */ count) => {
        /** @type {Fresh} */
        const model = { trained: base.model, fresh: { count, seed: SEED } };
        try {
          const maps = [];
          for (const [i, request] of requests.entries())
            maps.push(await likened(work, trained[i], { model, picture: base.picture, request }, about));
          return { maps, modules: model.modules ?? [] };
        } finally {
          engine.release(model);
        }
      };
      /** @type {Weights | null} */
      let found = before;
      if (!found) {
        const { maps, modules } = await step(0);
        const counts = countsOf(modules.length, FRESH);
        found = { methods, modules, counts, trained: drawn, steps: counts.map((_, i) => (i === 0 ? maps : null)) };
        keep(found, counts.length === 1);
      }
      // The step that is looked at comes next, then the others in order.
      while (found.steps.includes(null)) {
        const looked = Math.min(state().fresh, found.counts.length - 1);
        /** @type {number} */
        const next = found.steps[looked] ? found.steps.indexOf(null) : looked;
        const { maps } = await step(found.counts[next]);
        found = { ...found, steps: found.steps.with(next, maps) };
        keep(found, !found.steps.includes(null));
      }
    } finally {
      for (const one of trained) engine.release(one);
    }
  },

  async changes(work, keep, before) {
    const { engine, base } = work;
    const about = /** @type {About} */ (engine.about.peek());
    const request = { ...base.explanation.request, classes: [base.of.id], view: viewOf(base) };
    let changed = before?.changed ?? [];
    for (const variant of VARIANTS.slice(changed.length)) {
      const { width, height, data } = varied(base.frame, variant);
      const pixels = /** @type {ImageData} */ ({ width, height, data });
      const explanation = { model: base.model, picture: { pixels }, request };
      try {
        const likeness = await likened(work, base.explanation, explanation, about, doneBy(variant));
        changed = [...changed, { variant, ...likeness }];
        keep({ changed }, changed.length === VARIANTS.length);
      } finally {
        engine.release(explanation.picture);
      }
    }
  },
};

/** The methods whose heatmaps are compared while weights become random: two, and the one that is doubted. */
function methodsOf(/** @type {Base} */ base, /** @type {About} */ { methods }) {
  const wanted = [base.explanation.request.method, ...COMPARED];
  return [...new Set(wanted)].filter((name) => methods.some((method) => method.name === name));
}

const viewOf = (/** @type {Base} */ { explanation: { view } }) => Math.min(Math.max(view?.width ?? SMALL, view?.height ?? SMALL), SMALL);

/**
 * A heatmap, and how alike it is to another one; the engine forgets it then.
 * @param {Work} work
 * @param {Explanation<any>} first
 * @param {Explanation<any>} explanation
 * @param {About} about
 * @param {Omit<Compare, 'which' | 'side'>} done what was done to the picture
 * @returns {Promise<Likeness>}
 */
async function likened(
  { engine, base, signal, pixelsOf = readPixels },
  first,
  explanation,
  about,
  done = { mirrored: false, right: 0, down: 0 },
) {
  try {
    await engine.explain(explanation, { signal });
    const image = pixelsOf(await engine.draw(explanation, drawingOf(explanation.request.method, about), 0, { signal, quiet: true }));
    const asked = { which: /** @type {[number, number]} */ ([0, 0]), side: base.frame.width, ...done };
    const { rank_of_magnitudes: rank } = await engine.compare(first, explanation, asked, { signal, quiet: true });
    const [{ probability, flat }] = /** @type {ExplainedClass[]} */ (explanation.classes);
    return { image, rank, probability, flat };
  } finally {
    engine.release(explanation);
  }
}
