// From where a question says that its network is to the network as the engine takes it.
import { EngineError } from '../engine/errors.js';
import { t } from '../i18n/index.js';
import { fetchModel } from '../weights/model.js';
import { sourceOf, zooSource } from '../weights/source.js';
import { Held } from './held.js';
import { limitsOf } from './limits.js';
import { ownFiles } from './own.js';

/**
 * @import { Site } from '../main.js'
 * @import { ModelSource } from '../state/question.js'
 * @import { Transfer } from '../weights/download.js'
 * @import { Entry } from '../weights/embedded.js'
 * @import { Source, ZooEntry } from '../weights/source.js'
 *
 * `entry` is what the page's list says of it; `key` names what was fetched; `kept`: whether this browser has it for the
 * next visit, null where it need not keep it.
 * @typedef {import('../engine/handles.js').Model & { source: ModelSource, entry?: Entry | ZooEntry, key?: string, kept?: boolean | null }} SourcedModel
 */

/** @type {WeakMap<Site, Held<SourcedModel>>} */
const held = new WeakMap();

/**
 * The network of a source, the same object as long as it is held; `null` stands for the default. Gives null where that is
 * asked for and the site brings none. One of the visitor's own was taken by the engine already.
 * @param {Site} page
 * @param {ModelSource | null} source
 * @param {AbortSignal} signal
 * @returns {Promise<SourcedModel | null>}
 */
export async function resolveModel(page, source, signal) {
  if (source?.kind === 'own') return ownFiles(page).network.resolve(source.name, page.engine, signal);
  if (source?.kind === 'repository') {
    const { name, revision, host } = source;
    return fetched(page, source, signal, () => ({ from: sourceOf(name, { revision, hub: host ?? page.hub }) }));
  }
  const embedded = await page.embedded;
  signal.throwIfAborted();
  if (source?.kind === 'zoo') {
    const entry = embedded?.zoo.find(({ name }) => name === source.name);
    if (!entry) throw unknown(source.name, embedded?.zoo);
    return fetched(page, source, signal, () => ({ from: zooSource(entry, { hub: page.hub }), entry }));
  }
  const entry = source ? embedded?.named(source.name) : embedded?.default;
  if (!entry && source) throw unknown(source.name, embedded?.models);
  const loaded = entry && (await embedded?.load(entry));
  signal.throwIfAborted();
  return loaded ?? null;
}

/** There is no network of this name; `there` are. */
const unknown = (/** @type {string} */ name, /** @type {{ name: string }[]} */ there = []) =>
  new EngineError({ kind: 'weights', code: 'network-unknown', arguments: { name, known: there.map((one) => one.name) } });

/**
 * @param {Site} page
 * @param {ModelSource} source
 * @param {AbortSignal} signal
 * @param {() => { from: Source, entry?: ZooEntry }} describe
 */
async function fetched(page, source, signal, describe) {
  if (!held.has(page)) held.set(page, new Held());
  const handles = /** @type {Held<SourcedModel>} */ (held.get(page));
  return handles.get(source, async () => {
    const { from, entry } = describe();
    const { weight_bytes: limit, text_bytes: textLimit } = await limitsOf(page.engine, signal);
    const store = page.store;
    const obtain = (/** @type {Transfer} */ transfer) => fetchModel({ ...from, asked: source }, { ...transfer, limit, textLimit, store });
    const model = await page.downloads.run(obtain, signal);
    return { source, key: from.key, ...(entry ? { entry } : {}), ...model };
  });
}

/** What a network knows, in a sentence; null where nobody has told the page. */
export function knowledgeOf(/** @type {SourcedModel} */ { entry, source }) {
  const { knows } = t().sources;
  if (source.kind === 'embedded' && entry && 'data' in entry) return knows[entry.data]?.(entry.classes) ?? null;
  return source.kind === 'zoo' && entry?.classes ? knows.photographs(entry.classes) : null;
}

/** What a network was trained on: `scenes`, `people`, `photographs`; null where nobody has told the page. */
export function dataOf(/** @type {SourcedModel} */ { entry, source }) {
  if (source.kind === 'embedded' && entry && 'data' in entry) return entry.data;
  return source.kind === 'zoo' ? 'photographs' : null;
}
