import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { takerOf } from '../../www/sources/give.js';
import { OwnFiles } from '../../www/sources/own.js';
import { Held } from '../../www/sources/held.js';
import { Downloads } from '../../www/weights/downloads.js';
import { hubAddress, readAddress, sourceOf, zooSource } from '../../www/weights/source.js';

const ADDRESSES = JSON.parse(readFileSync(new URL('../fixtures/addresses.json', import.meta.url), 'utf8'));

const codeOf = (work) => {
  try {
    work();
  } catch (error) {
    return error.code;
  }
  return null;
};
const file = (name, text = name, lastModified = 0) => new File([text], name, { lastModified });

test('a repository is a folder of its server, at a revision', () => {
  const { key, config, title } = sourceOf(' lab/small ', { revision: 'v2', hub: 'https://mirror.example/hf/' });
  assert.equal(key, 'https://mirror.example/hf/lab/small/resolve/v2/model.safetensors');
  assert.equal(config.path, 'lab/small/config.json');
  assert.equal(title, 'lab/small');
});

test('a page of Hugging Face stands for its repository and revision', () => {
  const { key } = sourceOf('https://huggingface.co/lab/small/tree/dev', {});
  assert.equal(key, 'https://huggingface.co/lab/small/resolve/dev/model.safetensors');
});

test('a page of Hugging Face about a weight file stands for that file, with the card beside it', () => {
  for (const page of ['blob', 'resolve', 'raw']) {
    const source = sourceOf(`https://huggingface.co/lab/small/${page}/dev/runs/best.pth?download=true`, {});
    const folder = 'https://huggingface.co/lab/small/resolve/dev/runs';
    assert.equal(source.key, `${folder}/best.pth`);
    assert.deepEqual(source.weights, [{ url: `${folder}/best.pth`, path: 'lab/small/runs/best.pth' }]);
    assert.deepEqual([source.config?.url, source.preprocessor?.url], [`${folder}/config.json`, `${folder}/preprocessor_config.json`]);
    assert.equal(source.complete, false);
  }
  const { weights } = sourceOf('https://huggingface.co/lab/small/blob/main/README.md', {});
  assert.equal(weights.length, 2, 'what is no weight file stands for the repository');
});

test('an address is a weight file by its ending, else a folder', () => {
  // As scripts that train call theirs.
  for (const name of ['net.pth', 'model_best.pth.tar', 'last.ckpt', 'export.pkl', 'NET.SafeTensors']) {
    const address = `https://example.org/a/${name}`;
    assert.deepEqual(
      sourceOf(`${address}?download=true`, {}).weights.map(({ url }) => url),
      [`${address}?download=true`],
    );
  }
  assert.deepEqual(
    sourceOf('https://example.org/a', {}).weights.map(({ url }) => url),
    ['https://example.org/a/model.safetensors', 'https://example.org/a/pytorch_model.bin'],
  );
});

test('addresses of Hugging Face stand for what their pages are about, and those about no network are refused by what they are', () => {
  for (const { address, place, file: name, refused, foreign, url } of ADDRESSES) {
    const error = foreign ? ['address-foreign', foreign] : refused ? ['address-hub', refused] : null;
    if (error) {
      assert.throws(
        () => sourceOf(address, {}),
        ({ code, arguments: { what } }) => code === error[0] && what === error[1],
        address,
      );
      continue;
    }
    if (url) {
      assert.deepEqual(
        sourceOf(address, {}).weights.map((one) => one.url),
        [url],
        address,
      );
      continue;
    }
    const { weights, config } = sourceOf(address, {});
    const folder = `https://huggingface.co/${place}/`;
    assert.deepEqual([weights[0].url, config.url], [`${folder}${name ?? 'model.safetensors'}`, `${folder}config.json`], address);
    assert.equal(weights.length, name ? 1 : 2, address);
  }
});

test('what names nothing is refused by its code', () => {
  for (const [words, options, code] of [
    ['', {}, 'address-empty'],
    ['small', {}, 'address-repository'],
    ['a/b/c', {}, 'address-repository'],
    ['lab/..', {}, 'address-repository'],
    ['lab/small', { revision: '../main' }, 'address-revision'],
    ['ftp://lab/small', {}, 'address-unreadable'],
    ['lab/small', { hub: 'mailto:lab' }, 'address-unreadable'],
    ['lab/small', {}, null],
  ]) {
    assert.equal(
      codeOf(() => sourceOf(words, options)),
      code,
      `${words} ${JSON.stringify(options)}`,
    );
  }
  assert.equal(
    codeOf(() => readAddress('javascript:alert(1)')),
    'address-unreadable',
  );
  assert.equal(hubAddress(null), 'https://huggingface.co');
});

test('a network of the zoo is checked by what is known of it', () => {
  const entry = {
    title: 'Small',
    network: 'resnet18',
    labels: 'names.json',
    bytes: 7,
    bytes_exact: true,
    sha256: 'abc',
    source: { repository: 'lab/small' },
  };
  const { weights, labels, network } = zooSource(entry, { hub: null });
  assert.deepEqual(weights[0].expected, { bytes: 7, exact: true, sha256: 'abc' });
  assert.match(labels.url, /\/models\/names\.json$/);
  assert.equal(network, 'resnet18');
});

test('several pictures are all there, and bear different names', () => {
  const own = new OwnFiles();
  const first = own.take([file('image.png', 'a'), file('photo.jpg', 'b')]);
  assert.deepEqual(
    first.pictures.map(({ name }) => name),
    ['image.png', 'photo.jpg'],
  );
  assert.equal(own.together.value, 2);
  const second = own.take([file('image.png', 'another')]);
  assert.deepEqual(second.pictures, [{ kind: 'own', name: 'image-2.png' }]);
  assert.deepEqual(
    own.pictures.value.map(({ name }) => name),
    ['image-2.png', 'image.png', 'photo.jpg'],
  );
  assert.deepEqual(own.take([file('photo.jpg', 'b')]).pictures, [{ kind: 'own', name: 'photo.jpg' }]);
  assert.equal(own.pictures.value.length, 3);
});

test('a picture that is not here is told as missing', async () => {
  await assert.rejects(new OwnFiles().picture('cat.png'), { code: 'own-picture-missing' });
});

/** An engine that refuses weights named bad and files of names named wrong. */
const engine = () => {
  const loaded = [];
  return {
    loaded,
    about: { value: { limits: { input_sides: { min: 32, max: 2048 }, text_bytes: 1000 } } },
    async load(model) {
      const { weights, labelsFile } = model.files;
      if (weights.name.startsWith('bad')) throw Object.assign(new Error('bad'), { kind: 'weights', code: 'tensor-missing' });
      if (labelsFile?.name.startsWith('wrong')) throw Object.assign(new Error('wrong'), { kind: 'weights', code: 'label-count' });
      loaded.push(model);
      return model;
    },
  };
};
const never = new AbortController().signal;

test('weights and what came with them are one model, the same object each time', async () => {
  const [own, fake] = [new OwnFiles(), engine()];
  const { model } = own.take([file('names.txt'), file('net.pth'), file('config.json', '{"a":1}')]);
  assert.deepEqual(model, { kind: 'own', name: 'net.pth' });
  const loaded = await own.network.resolve('net.pth', fake, never);
  assert.equal(loaded.files.config, '{"a":1}');
  assert.equal(loaded.files.labelsFile.name, 'names.txt');
  assert.equal(await own.network.resolve('net.pth', fake, never), loaded);
  assert.equal(fake.loaded.length, 1);
});

test('files without weights wait for them', async () => {
  const [own, fake] = [new OwnFiles(), engine()];
  assert.deepEqual(own.take([file('config.json', '{}'), file('names.txt')]), {
    pictures: [],
    model: null,
    waiting: ['config.json', 'names.txt'],
  });
  own.take([file('net.pth')]);
  const { files } = await own.network.resolve('net.pth', fake, never);
  assert.equal(files.config, '{}');
  assert.equal(files.labelsFile.name, 'names.txt');
});

test('names that do not fit are told as such, and are not tried again', async () => {
  const [own, fake] = [new OwnFiles(), engine()];
  own.take([file('net.pth'), file('wrong.txt')]);
  await assert.rejects(own.network.resolve('net.pth', fake, never), { kind: 'labels', code: 'label-count' });
  own.take([file('other.pth')]);
  assert.equal((await own.network.resolve('other.pth', fake, never)).files.labelsFile, undefined);
});

test('names do not try weights again that were refused, another architecture does', async () => {
  const [own, fake] = [new OwnFiles(), engine()];
  own.take([file('bad.pth')]);
  await assert.rejects(own.network.resolve('bad.pth', fake, never), { code: 'tensor-missing' });
  assert.ok(own.network.refused);
  assert.equal(own.takeLabels([file('names.txt')]).model, null);
  own.take([file('net.pth')]);
  assert.equal((await own.network.resolve('net.pth', fake, never)).files.labelsFile.name, 'names.txt');
  own.take([file('bad.pth')]);
  await assert.rejects(own.network.resolve('bad.pth', fake, never), { code: 'tensor-missing' });
  own.network.network.value = 'resnet18';
  assert.deepEqual(own.network.ask(), { kind: 'own', name: 'bad.pth' });
});

test('a refused file gives its place back to the network in use: what is given then is for that one', async () => {
  const [own, fake] = [new OwnFiles(), engine()];
  own.take([file('net.pth'), file('names.txt')]);
  await own.network.resolve('net.pth', fake, never);
  const chosen = () => Object.values(own.network.files.value).map(({ name }) => name);

  own.take([file('bad.pth')]);
  await assert.rejects(own.network.resolve('bad.pth', fake, never));
  assert.deepEqual(chosen(), ['net.pth', 'names.txt']);
  assert.deepEqual(own.takeLabels([file('better.txt')]), { pictures: [], model: { kind: 'own', name: 'net.pth' }, waiting: [] });
  assert.equal((await own.network.resolve('net.pth', fake, never)).files.labelsFile.name, 'better.txt');

  // Names that do not fit leave those that do; a configuration and another architecture are for what was refused.
  own.takeLabels([file('wrong.txt')]);
  await assert.rejects(own.network.resolve('net.pth', fake, never));
  assert.deepEqual(chosen(), ['net.pth', 'better.txt']);
  own.take([file('bad.pth')]);
  await assert.rejects(own.network.resolve('bad.pth', fake, never));
  own.network.network.value = 'resnet18';
  assert.deepEqual(own.network.ask(), { kind: 'own', name: 'bad.pth' });
  await assert.rejects(own.network.resolve('bad.pth', fake, never));
  assert.deepEqual(own.take([file('config.json', '{}')]).model, { kind: 'own', name: 'bad.pth' });
  await assert.rejects(own.network.resolve('bad.pth', fake, never));

  // Where another network is used since, names wait for weights of their own.
  own.network.leave();
  assert.deepEqual(own.takeLabels([file('names.txt')]).waiting, ['names.txt']);
});

test('a refused file leaves the one of the same name that was taken', async () => {
  const [own, fake] = [new OwnFiles(), engine()];
  own.take([file('net.pth')]);
  const taken = await own.network.resolve('net.pth', fake, never);
  own.take([file('net.pth'), file('wrong.txt')]);
  await assert.rejects(own.network.resolve('net.pth', fake, never));
  assert.equal(await own.network.resolve('net.pth', fake, never), taken);
});

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test('a network that is forgotten while it is loaded is not kept afterwards', async () => {
  for (const [forgets, kept] of [
    [false, false], // there is no storage here, which says so
    [true, null], // it was never asked
  ]) {
    const own = new OwnFiles();
    const fake = engine();
    const { load } = fake;
    fake.load = async (model) => {
      await turn();
      return load(model);
    };
    own.take([file('net.pth')]);
    const loading = own.network.resolve('net.pth', fake, never);
    if (forgets) await own.network.forget();
    const model = await loading;
    assert.equal(model.kept, null);
    await turn();
    assert.equal(model.kept, kept);
  }
});

test('a network is there before the browser’s storage has answered', async (context) => {
  globalThis.indexedDB = { open: () => ({}) };
  context.after(() => delete globalThis.indexedDB);
  const own = new OwnFiles();
  own.take([file('net.pth')]);
  const model = await own.network.resolve('net.pth', engine(), never);
  assert.equal(model.kept, null);
});

test('two weight files at once are refused by name', () => {
  assert.throws(() => new OwnFiles().take([file('a.pth'), file('b.pth')]), {
    code: 'several-files',
    arguments: { files: ['a.pth', 'b.pth'] },
  });
});

test('a handle is the same as long as it is held, also where two ask at once', async () => {
  const held = new Held();
  let made = 0;
  const make = async () => ({ number: ++made });
  const [a, b] = await Promise.all([held.get({ kind: 'zoo', name: 'x' }, make), held.get({ kind: 'zoo', name: 'x' }, make)]);
  assert.equal(a, b);
  assert.equal(made, 1);
  assert.equal(await held.get({ kind: 'zoo', name: 'x' }, make), a);
  assert.notEqual(await held.get({ kind: 'zoo', name: 'y' }, make), a);
});

test('a handle whose making was broken off for one is made for the other who waits, and a fault is told to both', async () => {
  const held = new Held();
  const aborted = () => Promise.reject(new DOMException('gone', 'AbortError'));
  const [a, b] = await Promise.allSettled([held.get({ name: 'x' }, aborted), held.get({ name: 'x' }, async () => ({ number: 1 }))]);
  assert.equal(a.reason.name, 'AbortError');
  assert.deepEqual(b.value, { number: 1 });
  const fault = new Error('no');
  const both = [() => Promise.reject(fault), () => Promise.reject(fault)].map((make) => held.get({ name: 'y' }, make));
  for (const { reason } of await Promise.allSettled(both)) assert.equal(reason, fault);
  assert.deepEqual(await held.get({ name: 'y' }, async () => ({ number: 2 })), { number: 2 });
});

test('a download that was broken off before it began never begins, and none leaves a listener', async () => {
  const downloads = new Downloads();
  const begun = [];
  const work = async () => begun.push('work');
  await assert.rejects(downloads.run(work, AbortSignal.abort()), { name: 'AbortError' });
  assert.deepEqual([begun.length, downloads.progress.value], [0, null]);
  const { signal } = new AbortController();
  await downloads.run(work, signal);
  assert.equal(begun.length, 1);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a picture that is dropped is looked at by the view that is open, if that takes pictures', () => {
  const taken = (view, ...names) =>
    takerOf(
      view,
      names.map((name) => file(name)),
    );
  for (const view of ['explain', 'compare', 'ask', 'caption', 'steps', 'erase', 'trust', 'inside', 'guess'])
    assert.equal(taken(view, 'cat.png'), view);
  for (const view of ['board', 'bias']) assert.equal(taken(view, 'cat.png'), 'explain');
  for (const view of ['ask', 'caption', 'steps', 'erase', 'trust', 'inside', 'guess']) {
    assert.equal(taken(view, 'model.safetensors'), 'explain', 'it takes no network');
    assert.equal(taken(view, 'cat.png', 'model.safetensors'), 'explain');
  }
  for (const view of ['board', 'ask', 'caption', 'compare', 'steps', 'erase', 'trust', 'inside'])
    assert.equal(taken(view, 'cat.png', 'dog.png'), 'compare');
  assert.equal(taken('explain', 'cat.png', 'dog.png'), 'explain');
  assert.equal(taken('guess', 'cat.png', 'dog.png'), 'guess', 'a round is of any pictures');
});
