// Files of a few KB that mean no good: what a hostile sender would give somebody to open. Made byte by byte, zeros for numbers.
import { zipSync } from 'fflate';

/** A safetensors file of tensors by their shapes. */
export function safetensors(/** @type {Record<string, number[]>} */ shapes, dtype = 'F16') {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const data_offsets = [end, (end += 2 * shape.reduce((product, side) => product * side, 1))];
    return [name, { dtype, shape, data_offsets }];
  });
  return headed(JSON.stringify(Object.fromEntries(entries)), end);
}

/** A header of safetensors, whatever it says, and so many zeros. */
export function headed(/** @type {string} */ header, bytes = 0, length = Buffer.byteLength(header)) {
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([start, Buffer.from(header), Buffer.alloc(bytes)]);
}

const LONG = (/** @type {number} */ number) => {
  const bytes = Buffer.from([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeBigInt64LE(BigInt(number), 2);
  return bytes;
};
const text = (/** @type {string} */ words) => {
  const bytes = Buffer.from(words);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([Buffer.from('X'), length, bytes]);
};
const tuple = (/** @type {number[]} */ numbers) => Buffer.concat([Buffer.from('('), ...numbers.map(LONG), Buffer.from('t')]);

/** An archive of PyTorch around a pickle, with one storage of a single float. */
const archive = (/** @type {Buffer[]} */ pickle) =>
  Buffer.from(
    zipSync(
      { 'archive/data.pkl': Buffer.concat([Buffer.from([0x80, 2]), ...pickle, Buffer.from('.')]), 'archive/data/0': Buffer.alloc(4) },
      { level: 0 },
    ),
  );

/** As PyTorch writes a state dict whose tensors all repeat one number: `expand` gives them strides of 0. */
export function repeated(/** @type {Record<string, number[]>} */ shapes) {
  const state = Object.entries(shapes).flatMap(([name, shape]) => [
    text(name),
    Buffer.from('ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpu'),
    LONG(1),
    Buffer.from('tQ'),
    LONG(0),
    tuple(shape),
    tuple(shape.map(() => 0)),
    Buffer.from('\x89ccollections\nOrderedDict\n)RtRs', 'latin1'),
  ]);
  return archive([Buffer.from('}'), ...state]);
}

/** A pickle that would call a function with a text, were it executed. */
export const calling = (/** @type {string} */ name, /** @type {string} */ words) =>
  archive([Buffer.from('}'), text(words), Buffer.from(`c${name}\n`), text(words), Buffer.from('\x85Rs', 'latin1')]);

const conv = (name, outputs, inputs, kernel) => ({ [`${name}.weight`]: [outputs, inputs, kernel, kernel] });
const biased = (name, outputs, inputs, kernel) => ({ ...conv(name, outputs, inputs, kernel), [`${name}.bias`]: [outputs] });
const norm = (name, channels) =>
  Object.fromEntries(['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`${name}.${part}`, [channels]]));
const linear = (name, outputs, inputs) => ({ [`${name}.weight`]: [outputs, inputs], [`${name}.bias`]: [outputs] });
const merged = (parts) => Object.assign({}, ...parts);
const range = (count) => Array.from({ length: count }, (_, i) => i);

/** A VGG of four channels whose head takes `inputs` numbers. */
export const vgg = (inputs) =>
  merged([
    ...range(4).map((i) => biased(`features.${3 * i}`, 4, i ? 4 : 3, 3)),
    linear('classifier.0', 4, inputs),
    linear('classifier.3', 4, 4),
    linear('classifier.6', 4, 4),
  ]);

/** A MobileNetV2 of eight channels whose blocks expand them to `hidden`. */
export const mobilenet = (hidden) =>
  merged([
    conv('features.0.0', 8, 3, 3),
    norm('features.0.1', 8),
    ...range(7).map((i) => {
      const name = `features.${i + 1}.conv`;
      return merged([
        conv(`${name}.0.0`, hidden, 8, 1),
        norm(`${name}.0.1`, hidden),
        conv(`${name}.1.0`, hidden, 1, 3),
        norm(`${name}.1.1`, hidden),
        conv(`${name}.2`, 8, hidden, 1),
        norm(`${name}.3`, 8),
      ]);
    }),
    conv('features.8.0', 16, 8, 1),
    norm('features.8.1', 16),
    linear('classifier.1', 4, 16),
  ]);

/** A ResNet of bottlenecks whose convolutions have groups of so many channels. */
export const resnext = (width, group) => {
  let channels = width;
  const layers = range(4).map((i) => {
    const name = `layer${i + 1}.0`;
    const block = merged([
      conv(`${name}.conv1`, width, channels, 1),
      norm(`${name}.bn1`, width),
      conv(`${name}.conv2`, width, group, 3),
      norm(`${name}.bn2`, width),
      conv(`${name}.conv3`, 4 * width, width, 1),
      norm(`${name}.bn3`, 4 * width),
      conv(`${name}.downsample.0`, 4 * width, channels, 1),
      norm(`${name}.downsample.1`, 4 * width),
    ]);
    channels = 4 * width;
    return block;
  });
  return merged([conv('conv1', width, 3, 7), norm('bn1', width), ...layers, linear('fc', 4, channels)]);
};

/** A SqueezeNet whose first window has so many pixels. */
export const squeezenet = (kernel) =>
  merged([
    biased('features.0', 4, 3, kernel),
    biased('features.3.squeeze', 2, 4, 1),
    biased('features.3.expand1x1', 4, 2, 1),
    biased('features.3.expand3x3', 4, 2, 3),
    biased('classifier.1', 4, 8, 1),
  ]);

/** A DenseNet of so many blocks of one layer, which adds so many channels. */
export const densenet = (blocks, growth) => {
  let channels = 8;
  const parts = range(blocks).map((i) => {
    const name = `features.denseblock${i + 1}.denselayer1`;
    const block = merged([
      norm(`${name}.norm1`, channels),
      conv(`${name}.conv1`, 4 * growth, channels, 1),
      norm(`${name}.norm2`, 4 * growth),
      conv(`${name}.conv2`, growth, 4 * growth, 3),
    ]);
    channels += growth;
    if (i + 1 === blocks) return block;
    const transition = `features.transition${i + 1}`;
    const half = Math.floor(channels / 2);
    const step = merged([block, norm(`${transition}.norm`, channels), conv(`${transition}.conv`, half, channels, 1)]);
    channels = half;
    return step;
  });
  return merged([
    conv('features.conv0', 8, 3, 7),
    norm('features.norm0', 8),
    ...parts,
    norm('features.norm5', channels),
    linear('classifier', 4, channels),
  ]);
};

/** A ResNet of basic blocks of so many channels. */
export const wide = (width) =>
  merged([
    conv('conv1', width, 3, 7),
    ...range(4).flatMap((i) => [1, 2].map((place) => conv(`layer${i + 1}.0.conv${place}`, width, width, 3))),
    { 'fc.weight': [10, width] },
  ]);
