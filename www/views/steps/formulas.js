// The formula of each method whose map is a weighted sum of channels. A formula is lines of marks; a mark that stands for a step is
// `[symbol, mark]`. `_` begins what is set below the line, `^` what is set above it.

/**
 * @import { Symbol } from '../../state/steps.js'
 *
 * @typedef {string | [Symbol, string]} Mark
 * @typedef {{ lines: Mark[][], paper: string }} Formula `paper`: where the weights are from
 */

/** @type {Record<'A' | 'g' | 'w', [Symbol, string]>} */
const { A, g, w } = { A: ['activations', 'A_k'], g: ['gradients', 'g_k'], w: ['weights', 'w_k'] };
const GRADIENT = [g, ' = ∂ y / ∂ ', A];
/** `U`: enlarged, and brought to 0 to 1. @type {Mark[]} */
const MASK = ['m_k = U ( ', A, ' )'];

/** @returns {Mark[]} `product`: of numbers, or pixel by pixel */
const map = (/** @type {string} */ product) => [
  'M = ',
  ['upsampling', '↑'],
  ' ',
  ['relu', 'ReLU'],
  ' ',
  ['sum', 'Σ_k'],
  ' ',
  w,
  ` ${product} `,
  A,
];

/** @returns {Formula} */
const ofChannels = (/** @type {Mark[][]} */ lines, /** @type {string} */ paper) => ({ lines: [map('·'), ...lines], paper });
/** @returns {Formula} */
const ofPixels = (/** @type {Mark[][]} */ lines, /** @type {string} */ paper) => ({ lines: [map('⊙'), ...lines], paper });

/** By the names of methods. @type {Record<string, Formula>} */
export const FORMULAS = {
  'grad-cam': ofChannels([[w, ' = 1 / Z Σ_ij ', g], GRADIENT], 'https://arxiv.org/abs/1610.02391'),
  'grad-cam++': ofChannels(
    [[w, ' = Σ_ij α_k · ReLU ', g], ['α_k = ', g, '^2 / ( 2 ', g, '^2 + ', g, '^3 Σ_ab ', A, ' )'], GRADIENT],
    'https://arxiv.org/abs/1710.11063',
  ),
  cam: ofChannels([[w, ' = W_ck']], 'https://arxiv.org/abs/1512.04150'),
  'layer-cam': ofPixels([[w, ' = ReLU ', g], GRADIENT], 'https://doi.org/10.1109/TIP.2021.3089943'),
  'hires-cam': ofPixels([[w, ' = ', g], GRADIENT], 'https://arxiv.org/abs/2011.08891'),
  'xgrad-cam': ofChannels([[w, ' = Σ_ij ', g, ' ', A, ' / Σ_ij ', A], GRADIENT], 'https://arxiv.org/abs/2008.02312'),
  'score-cam': ofChannels([[w, ' = softmax_k y ( x ⊙ m_k )'], MASK], 'https://arxiv.org/abs/1910.01279'),
  'ss-cam': ofChannels([[w, ' = softmax_k 1 / N Σ_n y ( x ⊙ ( m_k + ε_n ) )'], MASK], 'https://arxiv.org/abs/2006.14255'),
  'is-cam': ofChannels([[w, ' = softmax_k 1 / N Σ_n y ( x ⊙ m_k · n / N )'], MASK], 'https://arxiv.org/abs/2010.03023'),
  'ablation-cam': ofChannels(
    [
      [w, ' = ( y − y_k ) / y'],
      ['y_k : ', A, ' = 0'],
    ],
    'https://doi.org/10.1109/WACV45572.2020.9093360',
  ),
};

/** Where the other steps are from: author and year, and the paper. */
export const PAPERS = {
  activations: { source: 'Zeiler 2014', paper: 'https://arxiv.org/abs/1311.2901' },
  gradients: { source: 'Simonyan 2014', paper: 'https://arxiv.org/abs/1312.6034' },
  sum: { source: 'Zhou 2016', paper: 'https://arxiv.org/abs/1512.04150' },
  relu: { source: 'Selvaraju 2017', paper: 'https://arxiv.org/abs/1610.02391' },
  upsampling: { source: 'Long 2015', paper: 'https://arxiv.org/abs/1411.4038' },
};
