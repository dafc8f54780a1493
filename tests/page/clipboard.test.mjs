// What is copied: a text, a picture in the making, and what a browser does not allow.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { copy } from '../../www/save/clipboard.js';

const clipboard = (value) => Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { clipboard: value } });

afterEach(() => {
  clipboard(undefined);
  delete globalThis.ClipboardItem;
});

test('a text and a picture reach the clipboard', async () => {
  const found = [];
  clipboard({ writeText: async (text) => found.push(text), write: async ([item]) => found.push(await item.parts['image/png']) });
  globalThis.ClipboardItem = class {
    constructor(parts) {
      this.parts = parts;
    }
  };
  assert.equal(await copy('https://example.org'), true);
  const picture = new Blob(['picture']);
  assert.equal(await copy(Promise.resolve(picture)), true);
  assert.deepEqual(found, ['https://example.org', picture]);
});

test('where the browser refuses or has no clipboard, that is told', async () => {
  assert.equal(await copy('text'), false);
  clipboard({ writeText: () => Promise.reject(new Error('forbidden')) });
  assert.equal(await copy('text'), false);
  assert.equal(await copy(Promise.resolve(new Blob())), false);
});
