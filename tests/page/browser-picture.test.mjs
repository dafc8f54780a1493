// What the page finds in a picture's file before the browser reads it: the command line finds the same in the same files.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { isAnimation, noteOf } from '../../www/engine/browser-picture.js';
import { hasOtherColours } from '../../www/engine/icc-profile.js';
import { profile, webp } from './fake-picture.mjs';
import { engineSources, errorsIn } from './rust-sources.mjs';

const pictures = path.resolve(import.meta.dirname, '../fixtures/pictures');
const bytesOf = (name) => new Uint8Array(readFileSync(path.join(pictures, name)));
/** What Pillow made of each file, and the notes of the command line. */
const wild = JSON.parse(readFileSync(path.join(pictures, 'wild/expected.json'))).map(({ file, notes }) => ({
  file: `wild/${file}`,
  notes,
}));
const kind = (...endings) => wild.filter(({ file }) => endings.some((ending) => file.endsWith(`.${ending}`)));

const parametric = (kind, ...parameters) => {
  const curve = Buffer.alloc(12 + 4 * parameters.length);
  curve.write('para', 'latin1');
  curve.writeUInt16BE(kind, 8);
  parameters.forEach((value, i) => curve.writeInt32BE(Math.round(65536 * value), 12 + 4 * i));
  return [...curve];
};

test('colours are others than sRGB’s in the files whose colours the command line converts, and in no other', async () => {
  const files = kind('png', 'jpg', 'webp');
  for (const { file, notes } of files) assert.equal(await hasOtherColours(bytesOf(file)), notes.includes('picture-profile'), file);
  assert.ok(files.filter(({ notes }) => notes.includes('picture-profile')).length > 1);
  assert.ok(files.length > 10);
});

test('a WebP file’s profile is read, and sRGB’s own curves and primaries are no others, however they are written', async () => {
  const other = (...given) => hasOtherColours(webp(profile(...given)));
  const srgb = [1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045];
  assert.equal(await other({ curve: parametric(3, 2.4, ...srgb) }), false);
  assert.equal(await other({ curve: parametric(4, 2.4, ...srgb, 0, 0) }), false);
  assert.equal(await other({ curve: parametric(0, 2.2) }), true); // darker in the shadows
  assert.equal(await other(), true); // the same, in the older way
  assert.equal(await other({ curve: parametric(3, 2.4, ...srgb), primaries: 0.08 }), true);
  assert.equal(await other({ curve: parametric(3, 2.4, ...srgb), primaries: 0.08, space: 'CMYK' }), false);
  assert.equal(await other({ curve: parametric(3, 1.8, ...srgb) }), true);
});

test('a file that ends before its profile, or is none, has no other colours', async () => {
  const whole = bytesOf('wild/p3.jpg');
  for (const file of [whole.subarray(0, 40), new Uint8Array(), bytesOf('wild/p3.png').subarray(0, 60), Uint8Array.of(0xff, 0xd8)])
    assert.equal(await hasOtherColours(file), false);
});

test('an animated GIF is told from a still one, as on the command line', () => {
  for (const { file, notes } of kind('gif')) assert.equal(isAnimation(bytesOf(file)), notes.includes('picture-first-frame'), file);
  assert.equal(kind('gif').length, 2);
  assert.equal(isAnimation(Buffer.from('\0\0\0\x20ftypavis')), true);
  assert.equal(isAnimation(Buffer.from('\0\0\0\x20ftypavif')), false);
  assert.equal(isAnimation(bytesOf('wild/animated.gif').subarray(0, 100)), false);
});

test('the page’s notes are the engine’s, word for word', () => {
  const made = errorsIn(engineSources());
  for (const code of ['picture-profile', 'picture-first-frame'])
    assert.equal(noteOf(code).message, made.find((error) => error.code === code).sentence);
});
