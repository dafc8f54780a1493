// The table of README.md: which parts of the page an address hides, and what it says after `#`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CODECS } from '../../www/state/address.js';
import { PARTS_OF } from '../../www/state/preferences.js';
import { VIEWS } from '../../www/views/index.js';
import { read, readJson } from './rust-sources.mjs';

/** The names that a view's codec looks for in an address. */
function namesOf(view) {
  const asked = [];
  CODECS[view].read({ get: (name) => (asked.push(name), null) });
  return asked;
}

test('each view that comes with its network has a row, with all of its parts and names', () => {
  const brought = (readJson('models/index.json').language ?? []).map(({ task }) => task);
  const views = VIEWS.filter(({ task }) => !task || brought.includes(task)).map(({ name }) => name);
  const rows = read('README.md').match(/^\| view \| parts to hide .*\n.*\n((?:\|.*\n)+)/m)[1];
  const found = rows
    .trim()
    .split('\n')
    .map((row) => row.split('|').map((cell) => cell.match(/(?<=`)[^`,]+(?=`)/g) ?? [cell.trim()]));
  const expected = [['all', PARTS_OF.frame, ['']], ...views.map((name) => [name, PARTS_OF[name], namesOf(name)])];
  assert.deepEqual(
    found.map(([, [view], parts, names]) => [view, parts, names]).toSorted(),
    expected.map(([view, parts, names]) => [view, [...parts], names]).toSorted(),
  );
});
