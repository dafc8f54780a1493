// What was measured, as JSON: with what it was asked by, and the link that asks it again.

/**
 * @import { About } from '../../engine/protocol.d.ts'
 * @import { Base } from './base.js'
 * @import { Findings } from './experiments.js'
 */

/**
 * @param {Base} base
 * @param {Partial<Findings>} findings those that are complete
 * @param {{ about: About, link: string }} context
 */
export function numbersOf({ model, explanation, of, frame }, { cover, curves, weights, changes }, { about, link }) {
  const { method, layers = [], request, device } = explanation;
  return {
    cam_lucida: about.version,
    link,
    device,
    network: { name: model.network, title: model.title, input: [frame.width, frame.height] },
    class: { id: of.id, name: of.name },
    score: of.probability,
    method,
    layers,
    preprocess: request.preprocess,
    ...(cover && { cover: coverNumbers(cover) }),
    ...(curves && { curves }),
    ...(weights && {
      random_weights: {
        modules: weights.modules,
        steps: weights.counts.map((count, step) => ({
          random: count,
          maps: weights.methods.map((name, i) => ({ method: name, ...likenessOf(weights.steps[step]?.[i]) })),
        })),
      },
    }),
    ...(changes && { small_changes: changes.changed.map(({ variant, ...likeness }) => ({ ...variant, ...likenessOf(likeness) })) }),
  };
}

const coverNumbers = (/** @type {Findings['cover']} */ { cover, ...numbers }) => ({ baseline: cover, ...numbers });

const likenessOf = (/** @type {import('./experiments.js').Likeness | undefined} */ likeness) => ({
  rank_correlation: likeness?.rank ?? null,
  score: likeness?.probability ?? null,
});
