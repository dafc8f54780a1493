// Pages of the site may have threads, also where the server sends no headers for that.

/**
 * A page with these, and its workers, may share memory between threads. What it loads from other sites comes without cookies
 * (`credentialless`); a browser that does not know that isolates nothing.
 */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'credentialless',
};

/** What starts a page or a worker: the others have no headers to answer for. */
const STARTING = ['document', 'iframe', 'worker'];

/**
 * The answer to a request, so that what it starts is isolated from other sites.
 * @param {Pick<Request, 'destination'>} request
 * @param {Response} response
 */
export function isolated({ destination }, response) {
  const told = Object.entries(ISOLATION);
  if (!STARTING.includes(destination) || !response.ok || told.every(([name, value]) => response.headers.get(name) === value))
    return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of told) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}
