import assert from 'node:assert/strict';
import test from 'node:test';
import { ACCEPTED, sortFiles } from '../../www/weights/sorting.js';

const file = (name, type = '') => new File(['x'], name, { type });
const sorted = (files, rest) =>
  Object.fromEntries(
    Object.entries(sortFiles(files, rest))
      .map(([kind, all]) => [kind, all.map(({ name }) => name)])
      .filter(([, all]) => all.length),
  );

test('files are sorted by their names, whatever their order', () => {
  const files = ['cat.png', 'config.json', 'names.txt', 'model.safetensors', 'preprocessor_config.json'].map((name) => file(name));
  for (const order of [files, files.toReversed()]) {
    assert.deepEqual(sorted(order), {
      weights: ['model.safetensors'],
      config: ['config.json'],
      preprocessor: ['preprocessor_config.json'],
      labels: ['names.txt'],
      pictures: ['cat.png'],
    });
  }
});

test('weights are whatever scripts that train call them, and the inputs offer them', () => {
  for (const name of ['model_best.pth.tar', 'last.ckpt', 'export.pkl', 'MODEL.PTH', 'checkpoint.pt.tar']) {
    assert.deepEqual(sorted([file(name)]), { weights: [name] });
    assert.ok(ACCEPTED.weights.split(',').some((ending) => name.toLowerCase().endsWith(ending)));
  }
  assert.deepEqual(sorted([file('data.tar'), file('names.csv')]), { pictures: ['data.tar'], labels: ['names.csv'] });
});

test('a file that a browser numbered is what it was', () => {
  assert.deepEqual(sorted([file('config (1).json'), file('preprocessor_config(2).json')]), {
    config: ['config (1).json'],
    preprocessor: ['preprocessor_config(2).json'],
  });
});

test('a JSON file of another name holds class names', () => {
  assert.deepEqual(sorted([file('imagenet_classes.json')]), { labels: ['imagenet_classes.json'] });
});

test('an unknown name is what the input asks for, but a picture is a picture', () => {
  assert.deepEqual(sorted([file('weights'), file('cat', 'image/jpeg')], 'weights'), { weights: ['weights'], pictures: ['cat'] });
});
