import assert from 'node:assert/strict';
import test from 'node:test';
import { NOTHING_ENTERED, readEntered } from '../../www/sources/entered.js';

const SIDES = { min: 32, max: 2048 };
const read = (typed) => readEntered({ ...NOTHING_ENTERED, ...typed }, SIDES);
const refused = (typed) => {
  try {
    read(typed);
  } catch (error) {
    return error.code;
  }
  return null;
};

test('an empty field says nothing', () => {
  assert.deepEqual(read({ mean: '  ' }), {
    ...{ size: null, mean: null, std: null, range: null, order: null },
    ...{ problem: null, state: null, variant: null },
  });
});

test('what is chosen from a list goes to the engine as it was chosen', () => {
  const chosen = { problem: 'value', state: 'state_dict_ema', variant: 'caffe-strides', range: '0-255', order: 'bgr' };
  assert.deepEqual(read(chosen), { ...read({}), ...chosen });
});

test('the input has one side, or rows and columns', () => {
  assert.deepEqual(read({ size: '224' }).size, [224, 224]);
  assert.deepEqual(read({ size: '256, 128' }).size, [256, 128]);
});

test('three numbers may be parted by commas, spaces or semicolons, Chinese ones too', () => {
  for (const typed of ['0.1, 0.2, 0.3', '0.1 0.2 0.3', '0.1;0.2;0.3', '0.1，0.2，0.3', '0.1、0.2、0.3']) {
    assert.deepEqual(read({ mean: typed }).mean, [0.1, 0.2, 0.3]);
  }
});

test('what cannot be meant is refused by the name of its field', () => {
  for (const [typed, code] of [
    [{ size: '12' }, 'entered-size'],
    [{ size: '224.5' }, 'entered-size'],
    [{ size: 'large' }, 'entered-size'],
    [{ size: '256, 12' }, 'entered-size'],
    [{ size: '64, 64, 64' }, 'entered-size'],
    [{ mean: '0.5' }, 'entered-mean'],
    [{ mean: '0.5, 0.5, x' }, 'entered-mean'],
    [{ std: '0.2, 0, 0.2' }, 'entered-std'],
    [{ std: '0.2, 0.2, 0.2, 0.2' }, 'entered-std'],
    [{ size: '32', mean: '0 0 0', std: '1 1 1' }, null],
  ]) {
    assert.equal(refused(typed), code, JSON.stringify(typed));
  }
});
