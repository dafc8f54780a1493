// Messages that mean no good, to the worker of an open page: each call is answered, and the page's own work goes on.
// `node fuzz/messages.mjs` asks the same of the engine for as long as it is told.
import { hostileMessages } from '../page/hostile-messages.mjs';
import { expect, test } from './page.mjs';

const MESSAGES = 3000;
const SEED = 20;
/** By which the engine's memory may grow: for the largest pictures that may be asked for. It grew by 709 MiB in 9,000 messages, and by no more in 27,000. */
const ROOM = 2 ** 30; // bytes

/** In the page: what became of the messages, by the codes of the errors. */
async function post(hostileMessages, seed, count) {
  const { worker } = globalThis.camLucida.engine;
  let last = 2 ** 40; // numbers that the page's own calls never reach
  const waiting = new Map();
  worker.addEventListener('message', ({ data }) => {
    // What ends the worker answers whatever was asked.
    if (data?.error?.fatal) for (const tell of waiting.values()) tell(data);
    if (data?.progress || !waiting.has(data?.id)) return;
    waiting.get(data.id)(data);
    waiting.delete(data.id);
  });
  const ask = (name, args) => {
    const id = ++last;
    return new Promise((resolve) => {
      worker.postMessage({ id, name, args });
      const cancel = setTimeout(() => worker.postMessage({ cancel: id }), 200);
      waiting.set(id, (data) => {
        clearTimeout(cancel);
        resolve(data);
      });
    });
  };
  const value = async (name, ...args) => {
    const { value, error } = await ask(name, args);
    if (error) throw new Error(`${name}: ${error.message}`);
    return value;
  };
  const from = async (model) => {
    const [file, config, preprocessor] = await Promise.all(
      ['model.safetensors', 'config.json', 'preprocessor_config.json'].map((name) => fetch(`models/${model}/${name}`)),
    );
    return [{ config: await config.text(), preprocessor: await preprocessor.text() }, await file.blob()];
  };
  const [about, file] = await from('mobilenet-scenes');
  const languages = await Promise.all(['film-shapes', 'caption-shapes'].map(from));
  const request = { method: 'grad-cam', layers: [], merge: 'mean', smooth: false, preset: null, settings: {}, classes: [1] };
  const bring = async () => {
    const model = await value('load_model', { ...about, size: [32, 32] }, file, 1001);
    const language = [];
    for (const [i, [said, blob]] of languages.entries()) language.push((await value('load_language', said, blob, 1002 + i)).id);
    const picture = await value('open_pixels', 8, 8, new Uint8ClampedArray(256).fill(99));
    const { id } = await value('explain', model.id, picture.id, { ...request, target: 'logit', preprocess: 'squash', view: null });
    return { model: model.id, language, picture: picture.id, explanation: id, network: model.network, layer: model.default_layer, file };
  };
  const kept = await bring();
  const { message } = hostileMessages(seed, kept);
  const told = { fatal: [] };
  for (let i = 0; i < count; i++) {
    const posted = message();
    let answer = {};
    try {
      if (posted?.call) answer = await ask(posted.name, posted.args);
      else worker.postMessage(posted);
    } catch (error) {
      if (error.name !== 'DataCloneError') throw error; // no page can post it
      answer = { error };
    }
    const what = answer.error ? (answer.error.code ?? 'not-posted') : posted?.call ? 'answered' : 'ignored';
    told[what] = (told[what] ?? 0) + 1;
    if (answer.error?.fatal) {
      told.fatal.push(`message ${i}, ${JSON.stringify([posted.name, posted.args])}: ${answer.error.message}`);
      break;
    }
    const ids = [kept.model, ...kept.language, kept.picture, kept.explanation];
    if (what === 'released' && ids.includes(Number(answer.error.arguments.id))) Object.assign(kept, await bring());
  }
  return told;
}

test(
  'whatever is posted to the worker of a page, it lives, its memory is bounded, and the page goes on',
  { tag: '@cpu' },
  async ({ lucida, page }) => {
    await lucida.patchWorker();
    await lucida.showFirst();
    await page.evaluate(() => globalThis.camLucida.elements.get('explain').previews.disconnect());
    const right = {};
    for (const shown of [7, 4]) {
      await lucida.showClass(shown);
      right[shown] = (await lucida.shown()).pixels;
    }
    const worker = await page.evaluateHandle(() => globalThis.camLucida.engine.worker);
    const { memory } = await lucida.order();
    // The networks of the site, which the page itself is told to be without.
    const told = await page.evaluate(`(${post})(${hostileMessages}, ${SEED}, ${MESSAGES})`);
    expect(told.fatal).toEqual([]);
    for (const what of ['answered', 'ignored', 'call-not-understood', 'message-not-understood', 'released'])
      expect(told[what], what).toBeGreaterThan(0);
    expect(await worker.evaluate((one) => one === globalThis.camLucida.engine.worker)).toBe(true);
    expect((await lucida.order()).memory - memory).toBeLessThan(ROOM);
    for (const shown of [7, 4]) {
      await lucida.showClass(shown);
      await expect(lucida.alert).toBeEmpty();
      expect((await lucida.shown()).pixels).toBe(right[shown]);
    }
  },
);
