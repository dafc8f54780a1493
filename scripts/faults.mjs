// Breaks the numerics in one place at a time and runs the tests: each fault must be noticed by one of them.
// `node scripts/faults.mjs [WORD]` tries those whose description holds the word.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

// Cheap ones first: a fault need not go further than the first that notices it.
const GOLDENS = ['squeezenet1_1', 'resnet18', 'mobilenet_v2_x0_25', 'every_method_on_mobilenet_v2_x0_25', 'inception_v3',
  'shufflenet_v2_x0_5', 'densenet121'];
const TESTS = [['by_hand'], ['picture'], ['golden', '--', '--exact', ...GOLDENS], ['tap'], ['properties']];

const cam = (file) => `src/cam/${file}.rs`;
const method = (file) => cam(`methods/${file}`);
const network = (file) => `src/network/${file}.rs`;
const family = (file) => network(`families/${file}`);
const op = (file) => network(`ops/${file}`);
const FAULTS = [
  ['Grad-CAM without its ReLU', cam('combine'), 'sum.reshape([rows, h, w]).clamp_min(0.0)', 'sum.reshape([rows, h, w])'],
  ['height and width swapped in a map', cam('combine'), 'sum.reshape([rows, h, w])', 'sum.reshape([rows, w, h])'],
  ['corners aligned in upsampling', cam('combine'), 'with_align_corners(false)', 'with_align_corners(true)'],
  ['a wrong mean colour', 'src/picture/preprocess.rs', '0.485', '0.5'],
  ['red and blue swapped in an input', 'src/picture/preprocess.rs', 'skip(c).step_by(3)', 'skip(2 - c).step_by(3)'],
  ['batch normalisation without its epsilon', op('batch_norm'), '(variance + epsilon)', '(variance + 0.0 * epsilon)'],
  ['batch normalisation without its mean', op('layers'), 'beta[k] - mean[k] * scale[k]', 'beta[k]'],
  ['Grad-CAM by sums in place of means', method('grad_cam'), ' / (h * w) as f32', ''],
  ['Grad-CAM++ with 1 in place of 2', method('grad_cam_pp'), 'sums * gradients.clone() + 2.0', 'sums * gradients.clone() + 1.0'],
  ['Grad-CAM++ with gradients of both signs', method('grad_cam_pp'), 'alpha * gradients.clamp_min(0.0)', 'alpha * gradients'],
  ['LayerCAM with gradients of both signs', method('layer_cam'), 'layer.gradients().clamp_min(0.0)', 'layer.gradients()'],
  ['XGrad-CAM without its denominator', method('xgrad_cam'), 'combine::divide(share, sums)', 'share * sums.ones_like()'],
  ['guided backpropagation without its guide', op('relu'), 'rule == ReluRule::Derivative', 'rule != ReluRule::Deconvolution'],
  ['deconvolution that minds the input', op('relu'), 'if rule != ReluRule::Deconvolution {', 'if true {'],
  ['gradients through a ReLU6 at its cap', op('relu'), 'gradient = B::float_mask_fill(gradient, capped, 0.0.into());', 'let _ = capped;'],
  ['functional ReLUs left unguided', network('tap'), 'if self.modules_only { ReluRule::Derivative } else { self.rule }', 'ReluRule::Derivative'],
  ['Score-CAM without its softmax', method('score_cam'), 'softmax(&means(scores, samples))', 'means(scores, samples)'],
  ['Ablation-CAM with the sign turned', method('ablation_cam'), '(whole - score) / unit', '(score - whole) / unit'],
  ['EigenCAM with few squarings', method('eigen_cam'), 'const SQUARINGS: usize = 12', 'const SQUARINGS: usize = 1'],
  ['integrated gradients from the ends of steps', cam('inputs'), 'i as f32 + 0.5', 'i as f32'],
  ['an augmentation mapped back the wrong way', method('augmented_grad_cam'), 'let back = view.inverse()', 'let back = view'],
  ['probability explained as a logit', cam('target'), 'Self::Probability => problem.activate(logits)', 'Self::Probability => logits'],
  ['rows of several pictures mixed up', network('tap'), 'rows_of_each.repeat_dim(1, rows)', 'rows_of_each.swap_dims(0, 1).repeat_dim(0, rows)'],
  ['what a resumed pass remembers, forgotten', network('tap'), 'outputs.insert(name.into(), output.clone().inner())', 'outputs.insert(name.into(), output.clone().inner() * 0.5)'],
  ['Inception without its change of input', family('inception_v3'), 'let mut x = x * scale.clone() + shift.clone();', 'let (mut x, _) = (x, (scale, shift));'],
  ['a depthwise window that is not turned on the way back', op('convolve'), 'B::float_flip(weight, &[2, 3])', 'weight'],
  ['ShuffleNet without its shuffle', family('shufflenet_v2'), 'shuffle(concatenate(vec![left, right]))', 'concatenate(vec![left, right])'],
  ['a pool that drops its last window', family('squeezenet'), 'max_pool_3x3(x, 0, true)', 'max_pool_3x3(x, 0, false)'],
];

const chosen = FAULTS.filter(([what]) => what.includes(process.argv[2] ?? ''));
const survived = [];
for (const [what, file, from, to] of chosen) {
  const source = readFileSync(file, 'utf8');
  if (source.split(from).length < 2) throw new Error(`${what}: ${file} does not hold \`${from}\``);
  let by = null;
  try {
    writeFileSync(file, source.replace(from, to));
    for (const test of TESTS) if ((by ??= failed(test))) break;
  } finally {
    writeFileSync(file, source);
  }
  console.log(`${by ? `caught by ${by}` : 'SURVIVED'}: ${what}`);
  if (!by) survived.push(what);
}
console.log(`${chosen.length - survived.length} of ${chosen.length} faults caught`);
process.exitCode = survived.length ? 1 : 0;

// The test that failed. A fault that does not compile is a mistake of this list, not one that a test has found.
function failed([file, ...rest]) {
  const { status, stdout, stderr } = spawnSync('cargo', ['test', '--test', file, ...rest], { encoding: 'utf8' });
  if (/could not compile/.test(stderr)) throw new Error(`does not compile:\n${stderr}`);
  return status === 0 ? null : `${file} ${stdout.match(/^test (\S+) \.\.\. FAILED/m)?.[1] ?? ''}`;
}
