// Somebody else's site, which embeds what the tests' site serves: another origin, with pages and headers of its own.
import { createServer } from 'node:http';

const listening = (server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

/** What the policy of a site must allow at least for heatmaps from `origin`, and nothing else. */
export const policyFor = (origin, more = '') =>
  [
    "default-src 'none'",
    `script-src ${origin} 'wasm-unsafe-eval'`,
    `connect-src ${origin} 'self'`,
    "img-src 'self'",
    'worker-src blob:',
    more,
  ].join('; ');

/**
 * Serves `files`, `{ path: body }` or `{ path: { body, headers } }`, from an origin of its own, and counts what is asked for.
 * `headers` go with each.
 */
export async function host(files, { headers = {} } = {}) {
  const asked = [];
  const server = createServer((request, response) => {
    const path = request.url.split('?')[0];
    asked.push(path);
    const found = files[path];
    if (!found) return response.writeHead(404).end();
    const { body = found, headers: own = {} } = found;
    const type = path.endsWith('.png') ? 'image/png' : path.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    return response.writeHead(200, { 'content-type': type, ...headers, ...own }).end(body);
  });
  await listening(server);
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    asked,
    close: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}

/** A page with `body`, and the element of `site`. */
export const pageWith = (site, body, head = '') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Guide</title>${head}<script type="module" src="${site}www/element.js"></script></head><body>${body}</body></html>`;
