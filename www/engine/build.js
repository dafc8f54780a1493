/**
 * What the client and the worker speak, told by the sources of both. A page that stays open while its site is renewed gets the
 * worker of another build where no service worker keeps its own. The bundler puts it in (scripts/element.mjs); unbundled, all
 * is of one build.
 */
export const BUILD = typeof ENGINE_BUILD === 'undefined' ? 'unbundled' : ENGINE_BUILD;
