// What is saved: arrays, tables, results; and the value under the pointer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv } from '../../www/save/csv.js';
import { npy } from '../../www/save/npy.js';
import { wrapped } from '../../www/save/picture.js';
import { result } from '../../www/save/result.js';
import { shareAt } from '../../www/save/values.js';

// As `numpy.save` writes numpy.array([[[1, -0.5, 0.25], [0, 2, 3]]], dtype='<f4').
const SAVED = [
  '934e554d5059010076007b276465736372273a20273c6634272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028312c20322c2033292c207d',
  `${'20'.repeat(55)}0a`,
  '0000803f000000bf0000803e000000000000004000004040',
].join('');

const map = { channels: 1, height: 2, width: 3, data: Float32Array.of(1, -0.5, 0.25, 0, 2, 3) };

test('an array is saved as NumPy saves it', () => {
  assert.equal(Buffer.from(npy([1, 2, 3], map.data)).toString('hex'), SAVED);
});

test('the header of an array fills a multiple of 64 bytes, whatever the shape', () => {
  for (const shape of [[1], [3, 224, 224], [1, 1, 1], [1000000, 1000000, 1000000]]) {
    const bytes = npy(shape, Float32Array.of(7));
    const length = bytes[8] + 256 * bytes[9];
    assert.equal((10 + length) % 64, 0);
    assert.equal(bytes[10 + length - 1], 0x0a);
    assert.equal(new DataView(bytes.buffer).getFloat32(10 + length, true), 7);
    assert.match(
      Buffer.from(bytes.subarray(10, 10 + length)).toString(),
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \([\d, ]+\), \} *\n$/,
    );
  }
});

test('a table has a line for each row, and gives the same numbers again', () => {
  assert.equal(csv(map), '1,-0.5,0.25\n0,2,3\n');
  const data = Float32Array.of(0.1, 1 / 3, 1e-20, 16777216, 0.30000001192092896, -123.456);
  const read = csv({ channels: 2, height: 1, width: 3, data })
    .trim()
    .split(/\s+/)
    .flatMap((line) => line.split(',').map(Number));
  assert.deepEqual(Float32Array.from(read), data);
  assert.match(csv({ channels: 2, height: 1, width: 3, data }), /^0\.1,/);
});

test('a result names network, method, layers, class, sizes, extremes and the link', () => {
  const explanation = {
    method: 'grad-cam',
    layers: ['layer4'],
    target: 'logit',
    classes: [{ id: 3, name: 'tiger', probability: 0.5, logit: 0, flat: false }],
    top: [],
    times: [{ name: 'forward', milliseconds: 158.79999999999998 }],
    model: {
      network: 'resnet_small',
      title: 'Small ResNet',
      classes: 32,
      problem: 'multi-label',
      size: { width: 192, height: 192 },
      files: { weights: new File([], 'models/small/model.safetensors') },
      notes: [{ code: 'head-pooling', arguments: { channels: '512' }, message: 'a pooling is assumed' }],
    },
    picture: { width: 384, height: 300, window: [0, 9], notes: [{ code: 'picture-grey-window', message: 'grey', arguments: {} }] },
    request: { preset: null, settings: { seed: 5 }, smooth: false, merge: 'mean', preprocess: 'squash' },
  };
  const context = {
    picture: 'board.png',
    style: { colormap: 'turbo' },
    device: 'cpu',
    version: '1.2.3',
    link: 'https://example.org/#explain',
  };
  const said = JSON.parse(JSON.stringify(result(explanation, [map], context)));
  assert.equal(said.link, context.link);
  assert.deepEqual(said.network, {
    name: 'resnet_small',
    title: 'Small ResNet',
    classes: 32,
    problem: 'multi-label',
    input: { width: 192, height: 192 },
    variant: null,
    weights: 'model.safetensors',
    notes: [{ code: 'head-pooling', message: 'a pooling is assumed' }],
  });
  assert.deepEqual([said.method, said.layers, said.settings, said.merge], ['grad-cam', ['layer4'], { seed: 5 }, null]);
  assert.deepEqual(said.classes[0].map, { shape: [1, 2, 3], min: -0.5, max: 3 });
  const notes = [{ code: 'picture-grey-window', message: 'grey' }];
  assert.deepEqual(said.picture, { name: 'board.png', width: 384, height: 300, window: [0, 9], notes });
  assert.deepEqual(said.times, [{ name: 'forward', milliseconds: 158.8 }]);
  assert.deepEqual(said.notes, []);
  const [{ probability, value }] = said.classes;
  assert.deepEqual([probability, value], [0.5, undefined]);

  const note = { code: 'card-prepares-otherwise', message: 'the card cuts', arguments: { stated: 'crop', chosen: 'squash' } };
  const one = { id: 0, name: 'value', probability: -0.3, logit: -0.3 };
  const valued = { ...explanation, classes: [one], top: [one], notes: [note], model: { ...explanation.model, problem: 'value' } };
  const told = JSON.parse(JSON.stringify(result(valued, [map], context)));
  assert.deepEqual(told.notes, [{ code: note.code, message: note.message }]);
  assert.deepEqual(told.top, [{ id: 0, name: 'value', logit: -0.3, value: -0.3 }], 'a value is no probability');
  assert.equal('probability' in told.classes[0], false);
});

test('a result has the mean and deviation that pictures were normalised by: what was entered, else the files’, else torchvision’s', () => {
  const weights = new Blob([]);
  const normalised = (files) =>
    result({ model: { files: { weights, ...files } }, picture: {}, request: {} }, [], /** @type {any} */ ({})).normalisation;
  const [mean, std] = [
    [0.5, 0.5, 0.5],
    [0.25, 0.25, 0.25],
  ];
  const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  const order = 'rgb';
  assert.deepEqual(normalised({}), { ...imagenet, order });
  assert.deepEqual(normalised({ config: '{"architecture":"resnet50"}', preprocessor: null }), { ...imagenet, order });
  assert.deepEqual(normalised({ config: JSON.stringify({ pretrained_cfg: { mean, std } }) }), { mean, std, order });
  const preprocessor = JSON.stringify({ image_mean: mean, image_std: std });
  assert.deepEqual(normalised({ config: '{"pretrained_cfg":{"mean":[0,0,0]}}', preprocessor }), { mean, std, order });
  assert.deepEqual(normalised({ preprocessor, mean: [0, 0, 0], std: null }), { mean: [0, 0, 0], std, order });
  // Of values 0 to 255, it is told of values 0 to 1; who enters nothing means 0 and 1.
  assert.deepEqual(normalised({ preprocessor, range: '0-255', mean: [51, 102, 255], order: 'bgr' }), {
    mean: [0.2, 0.4, 1],
    std: Array(3).fill(1 / 255),
    order: 'bgr',
  });
  const flipped = JSON.stringify({ image_mean: mean, image_std: std, do_flip_channel_order: true });
  assert.deepEqual(normalised({ preprocessor: flipped }), { mean, std, order: 'bgr' });
  // Processors of transformers that normalise by default otherwise than others.
  const by = (/** @type {string} */ kind, more = {}) =>
    normalised({ preprocessor: JSON.stringify({ image_processor_type: kind, image_mean: mean, image_std: std, ...more }) });
  assert.deepEqual(by('MobileViTImageProcessor'), { mean: [0, 0, 0], std: [1, 1, 1], order });
  assert.deepEqual(by('MobileViTImageProcessor', { do_normalize: true }), { mean, std, order });
  assert.deepEqual(by('ViTImageProcessor', { do_normalize: false }), { mean: [0, 0, 0], std: [1, 1, 1], order });
  assert.deepEqual(by('EfficientNetImageProcessor'), { mean, std: [0.0625, 0.0625, 0.0625], order });
  assert.deepEqual(by('EfficientNetImageProcessor', { include_top: false }), { mean, std, order });
});

test('the value at a place is a share of the maximum, interpolated between the centres of cells', () => {
  const cells = { channels: 1, height: 1, width: 2, data: Float32Array.of(1, 4) };
  assert.equal(shareAt(cells, 0, 0.5), 0.25); // beside the first centre there is nothing to mix with
  assert.equal(shareAt(cells, 0.25, 0.5), 0.25);
  assert.equal(shareAt(cells, 0.5, 0.5), 0.625);
  assert.equal(shareAt(cells, 0.75, 0), 1);
  assert.equal(shareAt(cells, 1, 1), 1);
});

test('of a signed picture the strongest channel is read, with its sign; an empty map is 0 everywhere', () => {
  const signed = { channels: 3, height: 1, width: 1, data: Float32Array.of(0.5, -2, 1) };
  assert.equal(shareAt(signed, 0.5, 0.5), -1);
  assert.equal(shareAt({ channels: 1, height: 1, width: 1, data: Float32Array.of(0) }, 0.5, 0.5), 0);
});

test('a caption is broken between words, and Chinese between any two characters', () => {
  const widthOf = (words) => words.length;
  assert.deepEqual(wrapped('Grad-CAM at layer4 of ResNet', 12, widthOf), ['Grad-CAM at', 'layer4 of', 'ResNet']);
  assert.deepEqual(wrapped('网络看到了什么', 4, widthOf), ['网络看到', '了什么']);
  assert.deepEqual(wrapped('incomprehensibilities', 4, widthOf), ['incomprehensibilities']);
});
