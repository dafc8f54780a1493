// Where the page's own files are: pictures beside the scripts, networks beside the page. The bundle is flat, so these
// addresses hold for every chunk of it.

/** Pictures and stickers. */
export const ASSETS = new URL('./', import.meta.url);
/** The page itself. */
export const SITE = new URL('../', import.meta.url);
/** The networks that come with the page. */
export const MODELS = new URL('models/', SITE);
/** The page as others embed it. */
export const EMBED = new URL('embed.html', SITE);
