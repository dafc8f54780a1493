// What the site lets itself do: one source for the pages (scripts/page.mjs), the server of this repository (scripts/serve.mjs) and
// the files for other servers (scripts/headers.mjs). docs/HOSTING.md says what each part is for.
import { ISOLATION } from '../www/offline/isolation.js';

const SELF = "'self'";

/** What each directive allows, and why anything but the site itself. */
const POLICY = {
  'default-src': [SELF],
  'script-src': [SELF, "'wasm-unsafe-eval'"], // the engine is WebAssembly
  'style-src': [SELF], // elements adopt their sheets, which no policy forbids
  'img-src': [SELF, 'blob:', 'data:'], // the visitor's pictures, the heatmaps; the icon in the header
  // Visitors load networks and pictures from any address, and Hugging Face sends them on to hosts whose names change. `http:` is for
  // a server beside the site, as in a school; a page that came by HTTPS may not use it anyway.
  'connect-src': [SELF, 'https:', 'http:'],
  'worker-src': [SELF, 'blob:'], // a frame in a sandbox starts its worker from a blob
  'frame-src': ["'none'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};

export const contentSecurityPolicy = Object.entries(POLICY)
  .map(([directive, sources]) => [directive, ...sources].join(' '))
  .join('; ');

/**
 * The policy of pages. Browsers that know Trusted Types let no text become markup or a script there. It is no header: the pages that
 * rustdoc writes do such things.
 */
export const pagePolicy = [
  contentSecurityPolicy,
  'trusted-types cam-lucida lit-html', // addresses of our own workers (www/site.js); templates of the library of elements
  "require-trusted-types-for 'script'",
].join('; ');

/** What the page never uses. */
const FORBIDDEN = ['display-capture', 'geolocation', 'microphone', 'midi', 'payment', 'usb'];
/** What it uses when a visitor asks; a page around a frame must allow it, too. */
const ALLOWED = ['camera', 'clipboard-write', 'fullscreen'];

/** What is sent with every file: workers have the policy of their own file, not that of the page. */
export const HEADERS = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Permissions-Policy': [...ALLOWED.map((name) => `${name}=(self)`), ...FORBIDDEN.map((name) => `${name}=()`)].join(', '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Access-Control-Allow-Origin': '*', // other sites embed what is served
  'Cross-Origin-Resource-Policy': 'cross-origin', // so do sites that are isolated themselves
  ...ISOLATION,
  'Cache-Control': 'no-cache', // most files keep their names from one build to the next
};

/** A page of the site with its policy, for servers that send no headers. */
export function withPolicy(page) {
  const metas = [
    `<meta http-equiv="Content-Security-Policy" content="${pagePolicy}">`,
    `<meta name="referrer" content="${HEADERS['Referrer-Policy']}">`,
  ];
  const plain = page.replace(/<meta (http-equiv="Content-Security-Policy"|name="referrer")[^>]*>\s*/g, '');
  return plain.replace(/<meta charset="utf-8">\s*/, `$&${metas.join('\n    ')}\n    `);
}
