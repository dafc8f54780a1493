// By what sources are had where there is no page: for <cam-lucida> and for scripts.
import { openEmbedded } from '../weights/embedded.js';
import { Store } from '../weights/store.js';
import { resolveModel } from './model.js';

/**
 * @param {import('../engine/client.js').Engine} engine
 * @param {import('../weights/downloads.js').Downloads} downloads
 */
export function siteOf(engine, downloads) {
  /** @type {Promise<import('../weights/embedded.js').EmbeddedModels | null> | null} */
  let embedded = null;
  return {
    engine,
    downloads,
    store: new Store(),
    hub: null,
    /** The networks that come with the page; asked for again after a failure. */
    get embedded() {
      embedded ??= openEmbedded(downloads);
      embedded.catch(() => (embedded = null));
      return embedded;
    },
  };
}

/**
 * The network of a source, in which a bare name may be that of a published network, too.
 * @param {ReturnType<typeof siteOf>} site
 * @param {import('../state/question.js').ModelSource | null} source
 * @param {AbortSignal} signal
 */
export async function namedModel(site, source, signal) {
  const found = source?.kind === 'embedded' ? await site.embedded : null;
  const published = source && found && !found.named(source.name) && found.zoo.some(({ name }) => name === source.name);
  return resolveModel(site, published ? { kind: 'zoo', name: source.name } : source, signal);
}
