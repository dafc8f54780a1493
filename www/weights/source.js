// Where the files of a network are.
import { EngineError } from '../engine/errors.js';
import { MODELS } from '../site.js';
import { isWeightFile } from './sorting.js';

/**
 * @import { RemoteFile } from './download.js'
 *
 * Plain data; the key is a URL. Files may be there, those of weights in the order in which they are tried; `complete` means
 * that all of them must be there.
 * @typedef {object} Source
 * @property {string} key
 * @property {string} title
 * @property {string | null} network
 * @property {RemoteFile[]} weights
 * @property {RemoteFile | null} config
 * @property {RemoteFile | null} preprocessor
 * @property {RemoteFile | null} labels
 * @property {boolean} complete
 * @property {import('../state/question.js').ModelSource} [asked] how a question names it
 *
 * An entry of the model zoo in models/index.json.
 * @typedef {{ name: string, title: string, network: string, classes: number, labels: string | null, bytes: number,
 *   bytes_exact: boolean, sha256: string | null, license: string | null, page: boolean,
 *   source: { repository?: string, revision?: string, url?: string } }} ZooEntry
 */

export const HUB = 'https://huggingface.co';

const WEIGHTS = ['model.safetensors', 'pytorch_model.bin'];
const REPOSITORY = /^\w[\w.-]*\/\w[\w.-]*$/;
const REVISION = /^\w[\w./-]*$/;
const PAGE_OF_REPOSITORY = /^\/([^/]+\/[^/]+)(?:\/(?:tree|blob|resolve|raw)\/([^/]+)(.*))?\/?$/;

const refusal = (/** @type {string} */ code, /** @type {Record<string, string>} */ named = {}) =>
  new EngineError({ kind: 'address', code, arguments: named });

/**
 * What a visitor wrote: the name of a repository, or the address of a folder, of a weight file or of a page of the hub.
 * @param {string} words
 * @param {{ revision?: string | null, hub?: string | null }} options
 */
export function sourceOf(words, { revision, hub }) {
  const wanted = words.trim();
  if (!wanted) throw refusal('address-empty');
  if (!/^(\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(wanted)) return repositorySource(wanted, { revision, hub });
  const url = readAddress(wanted);
  const [, name, branch, path = ''] = (url.origin === HUB && PAGE_OF_REPOSITORY.exec(url.pathname)) || [];
  if (!name) return placeSource(url);
  const asked = { revision: branch ?? revision, hub };
  return isWeightFile(path) ? fileSource(name, path.slice(1), asked) : repositorySource(name, asked);
}

/**
 * @param {ZooEntry} entry
 * @param {{ hub?: string | null }} options
 * @returns {Source}
 */
export function zooSource(entry, { hub }) {
  const {
    network,
    labels,
    source: { repository, revision, url },
  } = entry;
  const expected = { bytes: entry.bytes, exact: entry.bytes_exact, sha256: entry.sha256 };
  const source = repository ? repositorySource(repository, { revision, hub }) : placeSource(readAddress(url ?? ''));
  return {
    ...source,
    title: entry.title,
    network,
    weights: source.weights.map((file) => ({ ...file, expected })),
    labels: labels ? { url: new URL(labels, MODELS).href, path: `models/${labels}` } : null,
  };
}

/**
 * Of a folder in the Hugging Face layout; `path` names a file of it in messages.
 * @param {string | URL} folder
 * @param {string} title
 * @param {(file: string) => string} path
 */
export function folderSource(folder, title, path = (name) => `${title}/${name}`) {
  const file = (/** @type {string} */ name) => ({ url: new URL(name, folder).href, path: path(name) });
  const weights = WEIGHTS.map(file);
  return {
    key: weights[0].url,
    title,
    network: null,
    weights,
    config: file('config.json'),
    preprocessor: file('preprocessor_config.json'),
    labels: null,
    complete: false,
  };
}

function repositorySource(/** @type {string} */ name, /** @type {{ revision?: string | null, hub?: string | null }} */ { revision, hub }) {
  if (!REPOSITORY.test(name) || name.includes('..')) throw refusal('address-repository', { found: name });
  const branch = revision?.trim() || 'main';
  if (!REVISION.test(branch) || branch.includes('..')) throw refusal('address-revision', { found: branch });
  return folderSource(`${hubAddress(hub)}/${name}/resolve/${encodeURIComponent(branch)}/`, name);
}

/**
 * One weight file of a repository, with the card that may lie beside it.
 * @param {string} name
 * @param {string} path
 * @param {{ revision?: string | null, hub?: string | null }} asked
 * @returns {Source}
 */
function fileSource(name, path, asked) {
  const repository = repositorySource(name, asked);
  const [folder, file] = [path.slice(0, path.lastIndexOf('/') + 1), path.slice(path.lastIndexOf('/') + 1)];
  const { config, preprocessor } = folderSource(new URL(folder, repository.weights[0].url), `${name}/${folder}`.replace(/\/$/, ''));
  const weights = { url: new URL(path, repository.weights[0].url).href, path: `${name}/${path}` };
  return { ...repository, key: weights.url, title: `${name}/${file}`, weights: [weights], config, preprocessor };
}

/** A folder, or a single weight file. */
function placeSource(/** @type {URL} */ url) {
  const title = (url.origin === MODELS.origin ? '' : url.host) + url.pathname;
  if (!isWeightFile(url.pathname)) {
    return folderSource(new URL(url.pathname.replace(/\/*$/, '/'), url), title.replace(/\/+$/, ''));
  }
  const file = { url: url.href, path: title };
  return { key: file.url, title, network: null, weights: [file], config: null, preprocessor: null, labels: null, complete: false };
}

/** The address of a server in the Hugging Face layout, without a slash at its end. */
export function hubAddress(/** @type {string | null | undefined} */ hub) {
  const url = readAddress(hub?.trim() || HUB);
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** The URL that a visitor wrote; relative ones are those of this page's site. */
export function readAddress(/** @type {string} */ words) {
  const url = URL.parse ? URL.parse(words, new URL('..', MODELS)) : parsed(words);
  if (!words.trim() || !url || !['http:', 'https:'].includes(url.protocol)) throw refusal('address-unreadable', { found: words });
  url.hash = '';
  return url;
}

function parsed(/** @type {string} */ words) {
  try {
    return new URL(words, new URL('..', MODELS));
  } catch {
    return null;
  }
}
