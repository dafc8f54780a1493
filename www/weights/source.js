// Where the files of a network are. A source is `{ key, title, network, weights, config, preprocessor, labels, complete }`: files
// that may be there, those of weights in the order in which they are tried, each `{ url, path, expected }` as download.js
// takes it; `complete` means that all of them must be there. It is plain data, and its key is a URL.
import { EngineError } from '../engine.js';
import { text } from '../text.js';

/** The networks of this site, and what belongs to them. */
export const MODELS = new URL('../../models/', import.meta.url);
export const HUB = 'https://huggingface.co';

const WEIGHTS = ['model.safetensors', 'pytorch_model.bin'];
const WEIGHT_FILE = /\.(safetensors|pth|pt|bin)$/i;
const REPOSITORY = /^\w[\w.-]*\/\w[\w.-]*$/;
const REVISION = /^\w[\w./-]*$/;
const PAGE_OF_REPOSITORY = /^\/([^/]+\/[^/]+)(?:\/(?:tree|blob|resolve)\/([^/]+).*)?\/?$/;

const refusal = (message) => new EngineError({ kind: 'address', message });

/** What a visitor wrote: the name of a repository, or the address of a folder, of a weight file or of a page of the hub. */
export function sourceOf(words, { revision, hub }) {
  const wanted = words.trim();
  if (!wanted) throw refusal(text.noAddress);
  if (!/^(\.{0,2}\/|[a-z][a-z\d+.-]*:)/i.test(wanted)) return repositorySource(wanted, { revision, hub });
  const url = address(wanted);
  const [, name, branch] = (url.origin === HUB && PAGE_OF_REPOSITORY.exec(url.pathname)) || [];
  return name ? repositorySource(name, { revision: branch ?? revision, hub }) : placeSource(url);
}

/** Of an entry of the model zoo in models/index.json. */
export function zooSource(entry, { hub }) {
  const { network, labels, source: { repository, revision, url } } = entry;
  const expected = { bytes: entry.bytes, exact: entry.bytes_exact, sha256: entry.sha256 };
  const source = repository ? repositorySource(repository, { revision, hub }) : placeSource(address(url));
  return {
    ...source,
    title: entry.title,
    network,
    weights: source.weights.map((file) => ({ ...file, expected })),
    labels: labels ? { url: new URL(labels, MODELS).href, path: `models/${labels}` } : null,
  };
}

/** Of a folder in the Hugging Face layout; `path` names a file of it in messages. */
export function folderSource(folder, title, path = (name) => `${title}/${name}`) {
  const file = (name) => ({ url: new URL(name, folder).href, path: path(name) });
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

function repositorySource(name, { revision, hub }) {
  if (!REPOSITORY.test(name) || name.includes('..')) throw refusal(text.noRepository(name));
  const branch = revision?.trim() || 'main';
  if (!REVISION.test(branch) || branch.includes('..')) throw refusal(text.noRevision(branch));
  return folderSource(`${hubAddress(hub)}/${name}/resolve/${encodeURIComponent(branch)}/`, name);
}

/** A folder, or a single weight file. */
function placeSource(url) {
  const title = (url.origin === location.origin ? '' : url.host) + url.pathname;
  if (!WEIGHT_FILE.test(url.pathname)) {
    return folderSource(new URL(url.pathname.replace(/\/*$/, '/'), url), title.replace(/\/+$/, ''));
  }
  const file = { url: url.href, path: title };
  return { key: file.url, title, network: null, weights: [file], config: null, preprocessor: null, labels: null, complete: false };
}

/** The address of a server in the Hugging Face layout, without a slash at its end. */
export function hubAddress(hub) {
  const url = address(hub?.trim() || HUB);
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** Relative ones are those of this page's site. */
function address(words) {
  let url;
  try {
    url = new URL(words, document.baseURI);
  } catch {
    throw refusal(text.notAnAddress(words));
  }
  if (!['http:', 'https:'].includes(url.protocol)) throw refusal(text.notAnAddress(words));
  url.hash = '';
  return url;
}
