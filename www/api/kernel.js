// The page's files from a notebook's kernel: each is asked for by a message, once, and comes compressed.
import { languageOf, posterIn } from '../embed/posters.js';
import { scriptSentenceOf } from '../embed/sentence.js';
import { learnOnce } from '../embed/tongue.js';
import { EngineError } from '../engine/errors.js';
import { speaking } from '../i18n/index.js';
import { preferred } from '../i18n/languages.js';
import { bringBy } from '../site.js';
import { show } from './widget.js';

/** @import { WidgetContext, WidgetModel } from './widget.js' */

const TAG = new URL(import.meta.url).searchParams.get('tag') ?? 'cam-lucida';
const PATIENCE = 600_000; // milliseconds for a file: a kernel answers only when the cells that were run have ended
/** By extension: what a browser must know of a file. @type {Record<string, string>} */
const TYPES = { js: 'text/javascript', json: 'application/json', png: 'image/png', wasm: 'application/wasm', webp: 'image/webp' };

/** The models whose kernels may be asked, the newest last. @type {WidgetModel[]} */
const models = [];
/** @type {Map<string, Promise<string>>} addresses of what has come */
const files = new Map();
/** @type {Promise<void> | null} */
let ready = null;

export async function render(/** @type {WidgetContext} */ context) {
  const { model, el } = context;
  const [asked, forget] = [model.get('lang'), () => models.splice(models.indexOf(model), 1)];
  const language = asked ? preferred(asked, []) : languageOf(el);
  models.push(model);
  ready ??= begin();
  el.textContent = posterIn(language).poster.loading;
  try {
    await ready;
  } catch (/** @type {any} */ error) {
    ready = null; // the next widget tries again
    forget();
    const spoken = await learnOnce(language);
    el.textContent = speaking(spoken, () => scriptSentenceOf(error)); // notebooks only log what a widget throws
    throw error;
  }
  el.textContent = '';
  const end = show(context, TAG);
  return () => {
    forget();
    end();
  };
}

/** A worker begins at once, so its script and the wasm come first. */
async function begin() {
  const [script, wasm] = await Promise.all([bytesOf('notebook-worker.js'), addressOf('web-gpu_bg.wasm')]);
  const worker = URL.createObjectURL(new Blob([`globalThis.camLucidaWasm=${JSON.stringify(wasm)};`, script], { type: TYPES.js }));
  bringBy({ worker, file: addressOf });
  await import('../element.js');
}

/** Where a file is, for this document. @param {string} path @returns {Promise<string>} */
function addressOf(path) {
  const known = files.get(path);
  if (known) return known;
  const coming = bytesOf(path).then((bytes) => URL.createObjectURL(new Blob([bytes], { type: TYPES[path.split('.').at(-1) ?? ''] ?? '' })));
  coming.catch(() => files.delete(path));
  files.set(path, coming);
  return coming;
}

let asked = 0;

/** @param {string} path @returns {Promise<ArrayBuffer>} */
function bytesOf(path) {
  const [model, id] = [models[models.length - 1], ++asked];
  const refusal = () => new EngineError({ kind: 'request', code: 'kernel-silent', arguments: { path } });
  return new Promise((resolve, reject) => {
    if (!model) return reject(refusal());
    const end = () => {
      clearTimeout(late);
      model.off('msg:custom', hear);
    };
    const late = setTimeout(() => {
      end();
      reject(refusal());
    }, PATIENCE);
    const hear = (/** @type {any} */ message, /** @type {any[]} */ buffers) => {
      if (message?.type !== 'file' || message.id !== id) return;
      end();
      if (!message.found) return reject(refusal());
      resolve(new Response(new Blob([buffers[0]]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
    };
    model.on('msg:custom', hear);
    model.send({ type: 'file', id, path });
  });
}
