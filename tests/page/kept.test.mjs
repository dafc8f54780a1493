// The visitor's own pictures over a reload: those of several tabs, of the same name.
import assert from 'node:assert/strict';
import test from 'node:test';
import { EngineError } from '../../www/engine/errors.js';
import { OwnFiles, ownFiles } from '../../www/sources/own.js';
import { resolvePicture } from '../../www/sources/picture.js';
import { tab, withStorage } from './fake-storage.mjs';

const file = (name, text, lastModified = 0) => new File([text], name, { lastModified });
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

/** A page that is opened in a tab. */
async function opened(tab) {
  tab.enter();
  const own = new OwnFiles();
  await turn();
  return own;
}

/** Gives a picture to a page and asks about it, as a person does. */
async function give(tab, own, given) {
  tab.enter();
  const [{ name }] = own.addPictures([given]);
  await own.picture(name);
  await turn();
  return name;
}

const textOf = async (own, name) => (await own.picture(name)).text();
const namesOf = (own) => own.pictures.value.map(({ name }) => name);

test('two pictures of one name from two tabs are kept apart, and each tab has its own again', async (context) => {
  const storage = withStorage(context);
  const [one, other, third] = [tab(), tab(), tab()];
  await give(one, await opened(one), file('cat.png', 'the first'));
  const there = await opened(other);
  there.pictures.value = []; // its visitor does not see the first: both were opened before anything was given
  await give(other, there, file('cat.png', 'another one'));
  assert.equal([...storage.values()].flat().length, 2);
  for (let reload = 0; reload < 2; reload++) {
    assert.equal(await textOf(await opened(one), 'cat.png'), 'the first');
    await turn();
    assert.equal(await textOf(await opened(other), 'cat.png'), 'another one');
    await turn();
  }
  const own = await opened(third);
  assert.deepEqual(namesOf(own), ['cat.png', 'cat-2.png']);
  // What a tab calls by another name, it calls so after a reload, too; the other tabs keep theirs.
  assert.equal(await textOf(own, 'cat-2.png'), 'the first');
  await turn();
  assert.equal(await textOf(await opened(third), 'cat-2.png'), 'the first');
  assert.equal(await textOf(await opened(one), 'cat.png'), 'the first');
  assert.equal([...storage.values()].flat().length, 2);
});

test('a picture that is asked about again, or given again, is kept once', async (context) => {
  const storage = withStorage(context);
  const here = tab();
  const own = await opened(here);
  await give(here, own, file('cat.png', 'meow'));
  await own.picture('cat.png');
  const later = await opened(here);
  assert.equal(await give(here, later, file('cat.png', 'meow')), 'cat.png');
  assert.equal([...storage.values()].flat().length, 1);
});

test('the oldest pictures give way, and so do the names by which a tab knew them', async (context) => {
  const storage = withStorage(context);
  const here = tab();
  const own = await opened(here);
  for (let i = 0; i < 20; i++) await give(here, own, file(`${i}.png`, `${i}`));
  assert.deepEqual(namesOf(await opened(here)), ['19.png', '18.png', '17.png', '16.png', '15.png', '14.png', '13.png', '12.png']);
  assert.equal([...storage.values()].flat().length, 8);
  assert.equal(Object.keys(JSON.parse(globalThis.sessionStorage.getItem('cam-lucida-own-pictures'))).length, 8);
});

test('pictures that are forgotten are not there after a reload', async (context) => {
  withStorage(context);
  const here = tab();
  const own = await opened(here);
  await give(here, own, file('cat.png', 'meow'));
  await own.forget();
  assert.deepEqual(namesOf(await opened(here)), []);
});

test('pictures that came together are all there after a reload, asked about or not, in their order', async (context) => {
  withStorage(context);
  const here = tab();
  const own = await opened(here);
  own.addPictures([file('a.png', 'a'), file('b.png', 'b'), file('c.png', 'c')]);
  await turn();
  await own.picture('a.png');
  await turn();
  assert.deepEqual(namesOf(await opened(here)), ['a.png', 'b.png', 'c.png']);
});

test('a picture that the engine refuses is neither listed nor kept, and says why when it is asked for again', async (context) => {
  const storage = withStorage(context);
  const here = tab();
  const own = await opened(here);
  own.addPictures([file('bad.jpg', 'words'), file('cat.png', 'meow'), file('dog.png', 'woof')]);
  await turn();
  const fault = new EngineError({ kind: 'image', code: 'no-picture' });
  const engine = {
    async open({ file }) {
      if (file.name === 'bad.jpg') throw fault;
    },
  };
  const { signal } = new AbortController();
  const page = { engine };
  const files = ownFiles(page);
  await turn();
  assert.deepEqual(namesOf(files), ['bad.jpg', 'cat.png', 'dog.png']);
  files.addPictures([...files.pictures.value]);
  await assert.rejects(resolvePicture(page, { kind: 'own', name: 'bad.jpg' }, signal), fault);
  await turn();
  assert.deepEqual([namesOf(files), files.together.value], [['cat.png', 'dog.png'], 2]);
  await assert.rejects(resolvePicture(page, { kind: 'own', name: 'bad.jpg' }, signal), fault);
  assert.equal((await resolvePicture(page, { kind: 'own', name: 'cat.png' }, signal)).file.name, 'cat.png');
  await turn();
  assert.deepEqual(namesOf(await opened(here)), ['cat.png', 'dog.png']);
  assert.equal([...storage.values()].flat().length, 2);
  // Another file of that name is another picture.
  const [{ name }] = files.addPictures([file('bad.jpg', 'a picture', 1)]);
  assert.equal((await files.picture(name)).size, 'a picture'.length);
});

test('what was chosen of a network goes to the engine and survives a reload; which network of a file it is ends with that file', async (context) => {
  withStorage(context);
  const here = tab();
  const { signal } = new AbortController();
  const asked = [];
  const engine = {
    about: { value: { limits: { input_sides: { min: 32, max: 2048 }, text_bytes: 1000 } } },
    async load({ files }) {
      asked.push([files.weights.name, files.state, files.problem]);
    },
  };
  const { network } = await opened(here);
  network.take({ weights: [file('two.pth', 'weights')] });
  const before = network.entered.value;
  network.entered.value = { ...before, state: 'ema', problem: 'value' };
  await network.resolve(network.ask().name, engine, signal);
  await turn();
  const { network: later } = await opened(here);
  await later.resolve('two.pth', engine, signal);
  assert.deepEqual(later.entered.value, { ...before, problem: 'value', state: 'ema' });
  const { name } = later.take({ weights: [file('one.pth', 'other weights')] });
  await later.resolve(name, engine, signal);
  assert.deepEqual(asked, [
    ['two.pth', 'ema', 'value'],
    ['two.pth', 'ema', 'value'],
    ['one.pth', null, 'value'],
  ]);
});
