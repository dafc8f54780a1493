// How a question goes over to another network, whom a class is contrasted with, what a search finds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { find } from '../../www/elements/class-find.js';
import { formulaOf, methodOf, QUESTION } from '../../www/state/question.js';
import { adapted, contrasts, rivalOf } from '../../www/views/explain/adapt.js';
import { blocksOf } from '../../www/views/explain/blocks.js';
import { previewMethod } from '../../www/views/explain/previews.js';

const network = (name, layers, labels) => ({
  network: name,
  classes: labels.length,
  labels,
  layers: layers.map((layer) => ({ name: layer, shape: [1, 1, 1] })),
  default_layer: layers.at(-1),
});
const squeezenet = network('squeezenet1_1', ['features.2', 'features.12'], ['cat', 'dog', 'bus']);
const mobilenet = network('mobilenet_v2', ['features.2', 'features.12', 'features.18'], ['cat', 'dog', 'bus']);
const asked = (question) => ({ ...QUESTION, ...question });

test('another architecture takes its own default layer, even where it has one of that name', () => {
  const change = adapted(asked({ layers: ['features.12'], merge: null }), mobilenet, squeezenet);
  assert.deepEqual(change, { layers: [], merge: null });
});

test('the same architecture with other weights keeps the layers', () => {
  assert.deepEqual(adapted(asked({ layers: ['features.2'], classes: [1] }), { ...squeezenet }, squeezenet), {});
});

test('a link that names its network keeps its layers, but for those that are not there', () => {
  assert.deepEqual(adapted(asked({ layers: ['features.12'] }), mobilenet, null), {});
  assert.deepEqual(adapted(asked({ layers: ['layer4', 'features.2'], merge: 'max' }), mobilenet, null), {
    layers: ['features.2'],
    merge: null,
  });
});

test('ids of classes mean nothing to a network of other classes', () => {
  const stickers = network('mobilenet_v2', ['features.2', 'features.12', 'features.18'], ['tree', 'house', 'sun']);
  assert.deepEqual(adapted(asked({ classes: [1], target: 'contrast:2' }), stickers, mobilenet), { classes: [], target: 'contrast' });
  assert.deepEqual(adapted(asked({ classes: [1, 9] }), mobilenet, null), { classes: [1] });
});

test('names that come after the weights leave the chosen classes as they are', () => {
  assert.deepEqual(adapted(asked({ classes: [2] }), mobilenet, { ...mobilenet, labels: null }), {});
});

test('a class is contrasted with the runner-up, or with the one that was chosen, never with itself', () => {
  const top = [{ id: 7 }, { id: 3 }, { id: 0 }];
  assert.equal(rivalOf('contrast', [7], top), 3);
  assert.equal(rivalOf('contrast', [3], top), 7);
  assert.equal(rivalOf('contrast:5', [7], top), 5);
  assert.equal(rivalOf('contrast:7', [7], top), 3);
  assert.equal(rivalOf('contrast', [7, 3], top), 0);
  assert.equal(rivalOf('contrast', [7], [{ id: 7 }]), null);
  assert.deepEqual(['contrast', 'contrast:5', 'logit', null].map(contrasts), [true, true, false, false]);
});

test('the blocks of a network end where the shape changes, and are at most twelve, the default layer among them', () => {
  const shapes = [
    [8, 32, 32],
    [8, 32, 32],
    [16, 16, 16],
    [16, 16, 16],
    [16, 8, 8],
  ];
  const layers = shapes.map((shape, i) => ({ name: `layer${i}`, shape }));
  assert.deepEqual(
    blocksOf(layers).map(({ name }) => name),
    ['layer1', 'layer3', 'layer4'],
  );
  assert.deepEqual(
    blocksOf(layers, 'layer2').map(({ name }) => name),
    ['layer1', 'layer2', 'layer4'],
  );
  const many = Array.from({ length: 40 }, (_, i) => ({ name: `layer${i}`, shape: [i, 1, 1] }));
  const chosen = blocksOf(many).map(({ name }) => name);
  assert.equal(chosen.length, 12);
  assert.deepEqual([chosen[0], chosen.at(-1)], ['layer0', 'layer39']);
  assert.equal(new Set(chosen).size, 12);
  for (const { name } of many) {
    const all = blocksOf(many, name).map((layer) => layer.name);
    assert.ok(all.includes(name), name);
    assert.equal(new Set(all).size, 12);
  }
});

test('previews take the chosen method only where it costs one pass', () => {
  const method = (name, needs, settings = [], output = 'map') => ({ name, needs, settings, output });
  const about = {
    methods: [
      method('grad-cam', 'gradients'),
      method('layer-cam', 'gradients'),
      method('score-cam', 'activations'),
      method('smooth', 'gradients', [{}]),
    ],
  };
  assert.deepEqual(
    ['layer-cam', 'score-cam', 'smooth', null].map((name) => previewMethod(name, about)),
    ['layer-cam', 'grad-cam', 'grad-cam', 'grad-cam'],
  );
});

test('a search finds a number first, then words that begin with what was typed', () => {
  const entries = ['oystercatcher', 'tiger cat', '虎斑猫 tabby', 'bus 12'].map((said, id) => ({
    id: id + 10,
    said,
    key: `${id + 10} ${said}`,
  }));
  assert.deepEqual(
    find(entries, 'cat').map(({ id }) => id),
    [11, 10],
  );
  assert.deepEqual(
    find(entries, '12').map(({ id }) => id),
    [12, 13],
  );
  assert.deepEqual(
    find(entries, '猫').map(({ id }) => id),
    [12],
  );
  assert.deepEqual(
    find(entries, 'tiger  CAT').map(({ id }) => id),
    [11],
  );
  assert.deepEqual(find(entries, 'zebra'), []);
});

test('a method or an overlay that the engine does not have gives way to its default', () => {
  const about = { methods: [{ name: 'grad-cam' }, { name: 'rise' }], formulas: [{ name: 'blend' }, { name: 'seed' }] };
  assert.equal(methodOf(about, 'rise').name, 'rise');
  assert.equal(formulaOf(about, 'seed').name, 'seed');
  for (const name of [null, 'unheard-of']) {
    assert.equal(methodOf(about, name).name, 'grad-cam');
    assert.equal(formulaOf(about, name).name, 'blend');
  }
});
