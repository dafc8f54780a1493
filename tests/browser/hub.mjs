// A server in the layout of Hugging Face, which misbehaves on request.
import { createServer } from 'node:http';

const LOGIN = '<!DOCTYPE html><title>Sign in</title>';
const DRIP = 2000; // bytes, ten times a second

/** How a file can be answered wrongly: `(response, bytes, headers)` end the answer. */
const FAULTS = {
  cut(response, bytes, headers) {
    response.writeHead(200, { ...headers, 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  },
  corrupt(response, bytes, headers) {
    const changed = Buffer.from(bytes);
    changed[changed.length - 1] ^= 1;
    response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(changed);
  },
  stall: (response, bytes, headers) =>
    response.writeHead(200, { ...headers, 'content-length': bytes.length }).write(bytes.subarray(0, bytes.length / 2)),
  short: (response, bytes, headers) => response.writeHead(200, headers).end(bytes.subarray(0, bytes.length / 2)),
  unmeasured: (response, bytes, headers) => response.writeHead(200, { ...headers, 'transfer-encoding': 'chunked' }).end(bytes),
  large: (response, bytes, headers) => response.writeHead(200, { ...headers, 'content-length': 2400 * 2 ** 20 }).write(bytes),
  page: (response, _, headers) => response.writeHead(200, { ...headers, 'content-type': 'text/html' }).end(LOGIN),
  disguised: (response, _, headers) => response.writeHead(200, headers).end(LOGIN),
  pointer: (response, _, headers) => response.writeHead(200, headers).end('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'),
  moved: (response, _, headers) => response.writeHead(302, { ...headers, location: '?moved' }).end(),
  login: (response, _, headers) => response.writeHead(302, { ...headers, location: '/login' }).end(),
  away: (response, _, headers) => response.writeHead(302, { ...headers, location: '/private' }).end(),
  private: (response, bytes) => response.writeHead(200).end(bytes),
  slow(response, bytes, headers) {
    response.writeHead(200, { ...headers, 'content-length': bytes.length });
    let sent = 0;
    const dripping = setInterval(() => response.write(bytes.subarray(sent, (sent += DRIP))), 100);
    response.on('close', () => clearInterval(dripping));
  },
};

/**
 * Serves `{ 'owner/name': { file: bytes } }` as `/owner/name/resolve/main/file`. `requests` lists the paths that were asked
 * for, `brokenOff` those that the page did not wait for.
 */
export async function serveHub(repositories) {
  const faults = new Map();
  const [requests, brokenOff] = [[], []];
  const server = createServer(({ method, url }, response) => {
    const { pathname, search } = new URL(url, 'http://localhost');
    const headers = { 'access-control-allow-origin': '*', 'content-type': 'application/octet-stream' };
    if (method === 'GET') requests.push(pathname);
    response.on('close', () => response.writableEnded || brokenOff.push(pathname));
    if (pathname === '/login') return FAULTS.page(response, null, headers);
    if (pathname === '/private') return FAULTS.private(response, LOGIN);
    const [, name, file] = /^\/([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(pathname) ?? [];
    const bytes = repositories[name]?.[file];
    const fault = search ? null : faults.get(file);
    if (Number.isInteger(fault)) return response.writeHead(fault, headers).end('no');
    if (!bytes) return response.writeHead(404, headers).end('not found');
    if (fault) return FAULTS[fault](response, bytes, headers);
    return response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    brokenOff,
    /** From now on a file is answered by a fault's name or a status; by neither, it is answered as it should be. */
    answer: (file, fault) => faults.set(file, fault),
    close: () =>
      new Promise((closed) => {
        server.close(closed);
        server.closeAllConnections();
      }),
  };
}
