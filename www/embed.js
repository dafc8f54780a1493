// embed.html: the page in a frame of somebody else's page. It waits until it is seen, or clicked, then loads the page
// itself, without header and footer, and tells its height. Beside main.js the only file that knows the document.
import { Messages, readOrigin } from './embed/messages.js';
import { languageOf, posterIn } from './embed/posters.js';

const FRAMED = ['header', 'footer']; // what the page around has itself
const SCREEN = 480; // pixels of height at least by which a view lays itself out

const asked = new URLSearchParams(location.search);
const root = document.documentElement;
const theme = asked.get('theme');
if (asked.has('lang')) root.lang = /** @type {string} */ (asked.get('lang'));
else root.removeAttribute('lang'); // the visitor's
if (theme) root.dataset.theme = theme;
root.lang = languageOf(root);
const { poster: words } = posterIn(/** @type {any} */ (root.lang));

const host = globalThis.parent === globalThis.self ? null : globalThis.parent;
const messages = new Messages({ host, origin: readOrigin(asked.get('origin')), onLoad: () => load() });

const [poster, text, button] = ['div', 'p', 'button'].map((tag) => document.createElement(tag));
poster.className = 'poster';
poster.append(text, button);
text.setAttribute('role', 'status');
button.textContent = words.open;
button.addEventListener('click', () => load());
document.body.append(poster);

/** @type {Promise<void> | null} */
let loading = null;

/** Loads the page, once. */
function load() {
  loading ??= open();
  return loading;
}

async function open() {
  observer.disconnect();
  button.hidden = true;
  text.textContent = words.loading;
  const url = new URL(location.href);
  const hidden = (asked.get('hide') ?? '').split(',').filter(Boolean);
  url.searchParams.set('hide', [...new Set([...FRAMED, ...hidden])].join(','));
  history.replaceState(null, '', url.href.replace(/%2C/g, ','));
  // A frame that gets the height that it tells must not lay itself out by that height.
  root.style.setProperty('--screen', `${Math.max(innerHeight, SCREEN)}px`);
  try {
    await import('./main.js');
    poster.remove();
    messages.say({ type: 'ready' });
  } catch {
    loading = null;
    text.textContent = words.failed;
    Object.assign(button, { textContent: words.retry, hidden: false, onclick: () => location.reload() });
  }
}

let told = 0;
/** Tells the height, when it has changed. */
function tell() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height === told || poster.isConnected) return;
  told = height;
  messages.say({ type: 'height', height });
}

addEventListener('message', (event) => messages.hear(event));
new ResizeObserver(tell).observe(document.body);

const observer = new IntersectionObserver((entries) => {
  if (entries.some(({ isIntersecting }) => isIntersecting)) load();
});
if (asked.get('load') !== 'click') observer.observe(poster);
