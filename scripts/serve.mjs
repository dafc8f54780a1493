// Serves a folder of static files: node scripts/serve.mjs [folder] [port] [base path]
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HEADERS } from './policy.mjs';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
};

/**
 * Serves `folder` under `base` (which begins and ends with a slash), with `own` headers: those of the site, where nothing else is said.
 * Resolves to `{ url, close() }`; port 0 is any.
 */
export async function serve(folder, { port = 8080, base = '/', host = '127.0.0.1', own = HEADERS } = {}) {
  const root = path.resolve(folder);
  const server = createServer(async (request, response) => {
    const file = find(root, base, request.url);
    const found = file && (await stat(file).catch(() => null));
    if (!found?.isFile()) return response.writeHead(404, own).end('not found\n');
    // Browsers ask whether what they have is still right; a file may change twice in a second.
    const headers = { etag: `"${found.size}-${found.mtimeMs}"`, ...own };
    if (request.headers['if-none-match'] === headers.etag) return response.writeHead(304, headers).end();
    response.writeHead(200, {
      'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'content-length': found.size,
      ...headers,
    });
    if (request.method === 'HEAD') return response.end();
    const bytes = createReadStream(file).on('error', () => response.destroy()); // a build may replace it just now
    return bytes.pipe(response);
  });
  await new Promise((listening, failed) => server.once('error', failed).listen(port, host, listening));
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}

function find(root, base, url) {
  let pathname;
  try {
    ({ pathname } = new URL(url, 'http://localhost'));
    pathname = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (!pathname.startsWith(base)) return null;
  const file = path.join(root, pathname.slice(base.length), pathname.endsWith('/') ? 'index.html' : '');
  return file.startsWith(root + path.sep) ? file : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = 'dist', port = '8080', base = '/'] = process.argv.slice(2);
  const { url } = await serve(folder, { port: Number(port), base });
  console.log(`${folder} is served at ${url}`);
}
