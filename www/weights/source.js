// Where the files of a network are.
import { EngineError } from '../engine/errors.js';
import hugging from '../../src/bin/cam-lucida/models/hub.json' with { type: 'json' };
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
/** Its addresses, and how those of its pages begin that are about no network; GitHub's; and how names of other files end. */
const { hosts: HOSTS, sections: SECTIONS, github: GITHUB } = hugging;
/** @type {[string, string[]][]} */
const FOREIGN = Object.entries(hugging.foreign);
/** Its pages about a revision of a repository, or a file of it. */
const PAGES_OF_REVISION = ['tree', 'blob', 'resolve', 'raw', 'commit', 'commits'];

const WEIGHTS = ['model.safetensors', 'pytorch_model.bin'];
const REPOSITORY = /^\w[\w.-]*\/\w[\w.-]*$/;
const REVISION = /^\w[\w./-]*$/;
/** An address of Hugging Face, with or without its scheme. */
const PAGE_OF_HUB = new RegExp(`^(https?:)?//(${HOSTS.join('|').replaceAll('.', '\\.')})(?=[/?#]|$)`, 'i');
/** Of files that say something about a network. */
const TEXT = /\.(json|md|txt)$/i;

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
  const path = wanted.split(/[?#]/, 1)[0].split('/');
  if (/^[a-z]+:/i.test(wanted) && path.some((part) => part.replaceAll(/%2e/gi, '.') === '..')) {
    throw refusal('address-foreign', { found: wanted, what: 'up' });
  }
  const page = PAGE_OF_HUB.test(wanted) ? wanted : `//${wanted}`;
  if (PAGE_OF_HUB.test(page)) return pageSource(new URL(page, HUB), { revision, hub });
  if (!/^(\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(wanted)) return repositorySource(wanted, { revision, hub });
  return placeSource(fileOfGitHub(readAddress(wanted)));
}

/** The address of the file that a page of GitHub is about; any other address as it is. */
function fileOfGitHub(/** @type {URL} */ url) {
  if (!GITHUB.hosts.includes(url.hostname)) return url;
  const [owner, name, kind, ...file] = url.pathname.split('/').filter(Boolean);
  // What a release has is a file itself.
  if (kind === 'releases' && file[0] === 'download' && file.length > 2) return url;
  if (!['blob', 'raw'].includes(kind) || file.length < 2) throw refusal('address-foreign', { found: url.href, what: 'github' });
  return new URL(`${GITHUB.files}/${owner}/${name}/${file.join('/')}`);
}

/** Refuses a file that by its name holds no weights which are read here. */
function checkEnding(/** @type {string} */ path, /** @type {string} */ found) {
  const named = path.toLowerCase();
  const what = FOREIGN.find(([, ends]) => ends.some((end) => named.endsWith(end)))?.[0];
  if (what) throw refusal('address-foreign', { found, what });
}

/**
 * What a page of Hugging Face is about: a repository, or one of its files.
 * @param {URL} url
 * @param {{ revision?: string | null, hub?: string | null }} asked
 */
function pageSource(url, { revision, hub }) {
  const [owner, model, page, ...rest] = url.pathname.split('/').filter(Boolean);
  if (!model || SECTIONS.includes(owner)) throw refusal('address-hub', { found: url.href, what: model ? owner : 'owner' });
  const name = `${owner}/${model}`;
  if (!PAGES_OF_REVISION.includes(page)) return repositorySource(name, { revision, hub });
  // The names of those that others propose have slashes.
  const [branch, ...path] = rest[0] === 'refs' ? [rest.slice(0, 3).join('/'), ...rest.slice(3)] : rest;
  const asked = { revision: branch?.replaceAll(/%2F/gi, '/') ?? revision, hub };
  if (page === 'tree' && path.length) throw refusal('address-hub', { found: url.href, what: 'folder' });
  return path.length && !TEXT.test(path.at(-1) ?? '') ? fileSource(name, path.join('/'), asked) : repositorySource(name, asked);
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
  const [owner] = name.split('/');
  if (SECTIONS.includes(owner)) throw refusal('address-hub', { found: name, what: owner });
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
  checkEnding(path, `${name}/${path}`);
  const repository = repositorySource(name, asked);
  const [folder, file] = [path.slice(0, path.lastIndexOf('/') + 1), path.slice(path.lastIndexOf('/') + 1)];
  const { config, preprocessor } = folderSource(new URL(`./${folder}`, repository.weights[0].url), `${name}/${folder}`.replace(/\/$/, ''));
  const weights = { url: new URL(`./${path}`, repository.weights[0].url).href, path: `${name}/${path}` };
  return { ...repository, key: weights.url, title: `${name}/${file}`, weights: [weights], config, preprocessor };
}

/** A folder, or a single weight file. */
function placeSource(/** @type {URL} */ url) {
  const title = (url.origin === MODELS.origin ? '' : url.host) + url.pathname;
  checkEnding(url.pathname, url.href);
  if (!isWeightFile(url.pathname)) {
    const folder = new URL(url);
    folder.pathname = url.pathname.replace(/\/*$/, '/'); // which may begin with two slashes, and is no host then
    folder.search = '';
    return folderSource(folder, title.replace(/\/+$/, ''));
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
  if (url.username || url.password) throw refusal('address-password'); // no browser sends them so, and links would carry them on
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
