// The rules of the view Ask: which answers have a heatmap, and which questions suit a board.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { randomShapes, SHAPE_STARTS } from '../../www/scenes/shape-starts.js';
import { readHash, hashOf } from '../../www/state/address.js';
import { ASK } from '../../www/state/ask.js';
import { added, isShown, knownOf, MOST, probable, summed, toggled, without } from '../../www/views/ask/choice.js';
import { examplesOf, QUESTIONS } from '../../www/views/ask/examples.js';

const top = (shares) => Object.entries(shares).map(([name, probability]) => ({ name, probability }));

test('as long as nobody chooses, the probable answers are explained, and always one', () => {
  assert.deepEqual(probable(top({ red: 0.3, yellow: 0.25, blue: 0.2, green: 0.15, black: 0.1 })), [
    ['red'],
    ['yellow'],
    ['blue'],
    ['green'],
  ]);
  assert.deepEqual(probable(top({ yes: 0.92, no: 0.08 })), [['yes']]);
  assert.deepEqual(probable(top({ red: 0.05, blue: 0.04 })), [['red']]);
});

test('an answer that is pressed gets a heatmap or loses it; one stays, and four are the most', () => {
  assert.deepEqual(toggled([['red']], 'blue'), [['red'], ['blue']]);
  assert.deepEqual(toggled([['red'], ['blue']], 'red'), [['blue']]);
  assert.deepEqual(toggled([['red']], 'red'), [['red']]);
  const four = [['red'], ['blue'], ['green'], ['black', 'white']];
  assert.deepEqual(toggled(four, 'yellow'), [['red'], ['blue'], ['green'], ['yellow']]);
  assert.deepEqual(added(four, 'red'), four);
  assert.ok(!isShown(four, 'black'), 'it is only part of a sum');
  assert.deepEqual(without([['red'], ['blue']], 0), [['blue']]);
  assert.deepEqual(without([['red']], 0), [['red']]);
  assert.deepEqual(summed([['red'], ['blue']], 0, 'yellow'), [['red', 'yellow'], ['blue']]);
  assert.deepEqual(summed([['red', 'yellow']], 0, 'yellow'), [['red', 'yellow']]);
});

test('whatever is pressed, there are one to four heatmaps, no answer alone twice', () => {
  const name = fc.constantFrom('red', 'blue', 'green', 'yes', 'no', '2');
  const act = fc.oneof(
    fc.record({ act: fc.constantFrom('toggle', 'add'), name }),
    fc.record({ act: fc.constantFrom('sum', 'remove'), name, which: fc.nat(3) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
      let sums = [['red']];
      for (const { act: how, name: answer, which = 0 } of acts) {
        if (how === 'toggle') sums = toggled(sums, answer);
        else if (how === 'add') sums = added(sums, answer);
        else if (which < sums.length) sums = how === 'sum' ? summed(sums, which, answer) : without(sums, which);
        assert.ok(sums.length >= 1 && sums.length <= MOST);
        const alone = sums.filter((sum) => sum.length === 1).map(([one]) => one);
        assert.equal(new Set(alone).size, alone.length);
      }
    }),
  );
});

test('answers that the network does not give are left out and told', () => {
  const answers = ['red', 'blue', 'yes'];
  assert.deepEqual(knownOf([['red'], ['mauve'], ['blue', 'mauve'], ['blue']], answers), {
    known: [['red'], ['blue']],
    refused: ['mauve', 'blue@mauve'],
  });
  assert.deepEqual(
    knownOf(
      [
        ['red', 'blue'],
        ['blue', 'red'],
      ],
      answers,
    ),
    { known: [['red', 'blue']], refused: [] },
  );
});

test('a link says the question and its answers so that a person can read them', () => {
  const state = { ...ASK, question: 'what color is the hydrant?', answers: [['red'], ['red', 'yellow']], beside: 'layer4', before: true };
  const hash = hashOf('ask', state);
  assert.equal(hash, '#ask?question=what+color+is+the+hydrant%3F&answer=red,red@yellow&beside=layer4&before=1');
  assert.deepEqual(readHash(hash).state, state);
  assert.deepEqual(readHash('#ask?answer=red,@,blue').refused, [{ name: 'answer', found: '@' }]);
});

const at = (name, x, y, size = 0.3) => ({ class: name, x, y, size, angle: 0 });

test('examples suit what lies there', () => {
  const board = [at('red car', 0.2, 0.5), at('blue car', 0.8, 0.2), at('orange house', 0.8, 0.8, 0.5)];
  assert.deepEqual(examplesOf(board), [
    'what color is the car?',
    'is there a red car?',
    'how many red things are there?',
    'what is the red thing?',
    'what is left of the house?',
    'what is the largest thing?',
  ]);
  assert.deepEqual(examplesOf([at('red car', 0.2, 0.5), at('orange hat', 0.7, 0.5)]).slice(-2), [
    'what is right of the car?',
    'is the car left of the hat?',
  ]);
  // As in training, nothing else may lie nearly there: that is not plain.
  const around = (/** @type {number} */ degrees) => {
    const [x, y] = [0.7 - 0.5 * Math.cos((degrees * Math.PI) / 180), 0.2 + 0.5 * Math.sin((degrees * Math.PI) / 180)];
    const things = [at('red cup', 0.7, 0.2), at('blue hat', 0.2, 0.2), at('blue hat', x, y)];
    return examplesOf(things).includes('what is left of the cup?');
  };
  assert.deepEqual([38, 45, 49, 51, 60].map(around), [false, false, false, true, true]);
  const near = (/** @type {number} */ x) => examplesOf([at('red cup', 0.5, 0.5), at('blue hat', x, 0.5)]);
  assert.ok(!near(0.4).some((question) => /left of|right of/.test(question)), 'too near to be left of it');
  assert.ok(near(0.36).includes('what is left of the cup?'));
  assert.deepEqual(examplesOf([]), []);
  assert.ok(examplesOf([at('orange hat', 0.5, 0.5)]).includes('is there an orange hat?'));
});

test('every question that the page offers is in words that the network knows', () => {
  const rust = (file) => readFileSync(path.resolve(import.meta.dirname, '../../src/scenes', file), 'utf8');
  const known = new Set([rust('questions/lexicon.rs').split('const SYNONYMS')[0], rust('shapes/mod.rs')].join(' ').match(/\b[a-z]+\b/g));
  const scenes = [...SHAPE_STARTS, ...Array.from({ length: 200 }, () => randomShapes())];
  const questions = [...Object.values(QUESTIONS), ...scenes.flatMap(({ stickers }) => examplesOf(stickers))];
  for (const question of questions) for (const word of question.match(/[a-z]+/g)) assert.ok(known.has(word), `${word}: ${question}`);
});

test('each scene begins with a question, and has examples of several kinds', () => {
  for (const { name, stickers } of SHAPE_STARTS) {
    assert.ok(QUESTIONS[name], name);
    assert.ok(examplesOf(stickers).length >= 4, name);
  }
  assert.deepEqual(
    Object.keys(QUESTIONS),
    SHAPE_STARTS.map(({ name }) => name),
  );
});
