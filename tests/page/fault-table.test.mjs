// The table of faults that the browser tests write.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { deviceOf, FAULTS, tableOf } from '../browser/fault-table.mjs';

const folder = path.resolve(import.meta.dirname, '../browser');

test('each fault of the table is brought about by a test', () => {
  const specs = readdirSync(folder)
    .filter((file) => file.endsWith('.spec.mjs'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join();
  for (const name of Object.keys(FAULTS)) assert.ok(specs.includes(`'${name}'`), name);
});

test('a fault has a row, with what came of it on each device', () => {
  const ran = [
    { fault: 'download cut', device: 'CPU', outcome: 'passed' },
    { fault: 'download cut', device: 'CPU', outcome: 'passed' },
    { fault: 'download cut', device: 'Firefox', outcome: 'passed' },
    { fault: 'worker trapped', device: 'software WebGPU', outcome: 'passed' },
    { fault: 'worker trapped', device: 'software WebGPU', outcome: 'failed' },
  ];
  const [head, , ...rows] = tableOf(ran).trim().split('\n');
  const cells = (row) => row.split(' | ').slice(1, 5);
  assert.deepEqual(cells(head), ['CPU', 'software WebGPU', 'Firefox', 'WebKit']);
  assert.equal(rows.length, 2);
  assert.deepEqual(cells(rows[0]), ['–', '**FAILED**', '–', '–']);
  assert.deepEqual(cells(rows[1]), ['held ×2', '–', 'held', '–']);
});

test('a device is that of the project, or the browser that a title begins with', () => {
  assert.equal(deviceOf('cpu', 'a trap'), 'CPU');
  assert.equal(deviceOf('gpu', 'a trap'), 'software WebGPU');
  assert.equal(deviceOf('cpu', 'Chromium: first heatmap'), 'CPU');
  assert.equal(deviceOf('cpu', 'WebKit: first heatmap'), 'WebKit');
});
