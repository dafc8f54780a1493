// Reads the address, opens a view, and writes the address as the view's state changes. The only file that knows the
// document.
import { batch, computed, effect, signal, untracked } from '@preact/signals-core';
import './elements/shell.js';
import { Engine } from './engine/client.js';
import { EngineError } from './engine/errors.js';
import { LANGUAGES, language, locale, preferred, sentenceOf, speak, t } from './i18n/index.js';
import { keepGpuEngine, keepSite, renewed, watchSite } from './offline/renewal.js';
import { SITE } from './site.js';
import { listenForFiles } from './sources/drop.js';
import { giveFiles } from './sources/give.js';
import { CODECS, hashOf, readHash } from './state/address.js';
import { readLearning, sameLearning, writeLearning } from './state/lesson.js';
import { hidden, readPreferences, theme } from './state/preferences.js';
import { Status } from './state/status.js';
import { tagOf, VIEWS } from './views/index.js';
import { Downloads } from './weights/downloads.js';
import { openEmbedded } from './weights/embedded.js';
import { Store } from './weights/store.js';

/** @typedef {import('./state/address.js').View} View */
/** @typedef {typeof page} Page */
/** @typedef {Pick<Page, 'engine' | 'downloads' | 'store' | 'hub' | 'embedded'>} Site by what sources are had */

const DEFAULT = /** @type {View} */ ('board');
const OFTEN = 200; // milliseconds between two writings of the address: browsers limit how often

const framed = globalThis.parent !== globalThis.self;
const asked = new URLSearchParams(location.search);
const device = asked.get('device');
const memory = readMemory(asked.get('memory'));

/** The script of a view. */
const load = (/** @type {View} */ name) => VIEWS.find((one) => one.name === name)?.load();

const opened = readHash(location.hash);
load(opened?.view ?? DEFAULT)?.catch(() => {}); // comes beside the words; who shows the view has the error

const engine = new Engine({
  device: device === 'gpu' || device === 'cpu' ? device : null,
  memory: memory.bytes === null ? {} : { models: memory.bytes },
});
const downloads = new Downloads();
/** The networks that come with the page: null where there are none. A promise; a failure is told by who needs them. */
const embedded = openEmbedded(downloads);

engine
  .start()
  .catch(() => {}) // whoever computes has the error
  // Not from a frame in somebody else's page, and not before this page has what it needs itself.
  .then(() => (framed ? null : keepSite()))
  .then(() => (!framed && engine.about.peek()?.device.kind === 'gpu' ? keepGpuEngine() : null));
if (!framed) watchSite();
/** What the networks of language that come with the page do; null before it is known. */
const tasks = signal(/** @type {string[] | null} */ (null));
embedded.then(
  (found) => (tasks.value = found?.language.map(({ task }) => task) ?? []),
  () => {}, // whoever needs them has the error
);

await speak(preferred(asked.get('lang'), navigator.languages));
const preferences = readPreferences(asked);
theme.value = preferences.theme;
hidden.value = preferences.hidden;

/** The state of each view. */
const states = /** @type {any} */ (Object.fromEntries(Object.entries(CODECS).map(([name, { initial }]) => [name, signal(initial)])));
const statuses = /** @type {Record<View, Status>} */ (Object.fromEntries(VIEWS.map(({ name }) => [name, new Status()])));
const view = signal(DEFAULT);
/** Whether the page is seen: not in a tab behind others. */
const seen = signal(!document.hidden);
/** The element of the view on the screen, as soon as there is one. @type {import('@preact/signals-core').Signal<import('./elements/view.js').ViewElement<any, any> | null>} */
const shown = signal(null);

/** What all views share. */
const page = {
  engine,
  downloads,
  store: new Store({ onRefused: () => statuses[view.peek()].say(() => t().page.notKept) }),
  hub: asked.get('hub'),
  embedded,
  tasks,
  /** Where the site has its book, by language; none where it has no book. */
  books: readBooks(),
  view,
  states,
  statuses,
  renewed,
  seen,
  shown,
  /** What it tells of itself. */
  facts: computed(() => shown.value?.facts ?? null),
  /** The lesson that runs beside the views. */
  learning: signal(readLearning(asked, { opened: opened !== null })),
  /** The place of the view that it lights. */
  light: signal(/** @type {string | null} */ (null)),
  /** Goes to a view, in a state where one is given; `replace`: in place of what is on the screen, to which no way leads back. */
  go(/** @type {View} */ name, /** @type {any} */ state = null, { replace = false } = {}) {
    if (state) states[name].value = state;
    clearTimeout(writing); // the address that is left would take the place of the new one
    const hash = hashOf(name, states[name].peek());
    if (replace) {
      history.replaceState(null, '', hash);
      follow(hash);
    } else {
      entered = location.hash !== hash;
      location.hash = hash;
    }
  },
  /** Begins a lesson beside the views, or ends the one that runs. */
  learn(/** @type {string | null} */ source) {
    page.learning.value = source === null ? null : { source, step: 0, opened: false };
    if (source === null) shell.enter();
  },
  /** The address of what is on the screen, as it is shared. */
  address(/** @type {{ query?: Record<string, string> }} */ { query = {} } = {}) {
    const url = new URL(SITE);
    const entries = {
      lang: language.value,
      ...(theme.value === 'auto' ? {} : { theme: theme.value }),
      ...writeLearning(page.learning.value),
      ...query,
    };
    for (const [name, value] of Object.entries(entries)) if (value) url.searchParams.set(name, value);
    url.hash = hashOf(view.value, states[view.value].value);
    return url.href.replace(/%2C/g, ',');
  },
  /** Changes how the page looks to this visitor, and has the address say so. */
  async prefer(/** @type {{ language?: import('./i18n/index.js').Language, theme?: import('./state/preferences.js').Theme }} */ wanted) {
    await statuses[view.peek()].attempt(async () => {
      if (wanted.language) {
        const named = { language: LANGUAGES[wanted.language], offline: !navigator.onLine };
        await speak(wanted.language).catch((error) => {
          throw new EngineError({ kind: 'language', code: 'language-unreachable', arguments: named, message: String(error) });
        });
      }
      if (wanted.theme) theme.value = wanted.theme;
      const url = new URL(location.href);
      if (wanted.language) url.searchParams.set('lang', wanted.language);
      if (wanted.theme === 'auto') url.searchParams.delete('theme');
      else if (wanted.theme) url.searchParams.set('theme', wanted.theme);
      history.replaceState(null, '', url.href.replace(/%2C/g, ','));
    });
  },
};

const shell = /** @type {import('./elements/shell.js').Shell} */ (document.createElement('cl-shell'));
Object.assign(shell, { page });
/** @type {Map<View, any>} */
const elements = new Map();

/** Shows a view; its element is made when it is looked at for the first time. */
async function show(/** @type {View} */ name) {
  const left = [...elements].some(([other, element]) => other !== name && element.matches(':focus-within'));
  for (const [other, element] of elements) Object.assign(element, { active: other === name, hidden: other !== name });
  if (left) shell.enter();
  shown.value = elements.get(name) ?? null;
  if (elements.has(name)) return;
  const status = statuses[name];
  try {
    await load(name);
  } catch (error) {
    const named = { view: () => t().page.views[name], offline: !navigator.onLine };
    const unreachable = new EngineError({ kind: 'view', code: 'view-unreachable', arguments: named, message: String(error) });
    status.fail(unreachable, { words: () => t().page.retry, run: () => retry(name) });
    return;
  }
  if (elements.has(name)) return;
  const element = document.createElement(tagOf(name));
  const active = view.peek() === name;
  Object.assign(element, { page, state: states[name], status, active, hidden: !active });
  elements.set(name, element);
  shell.append(element);
  if (active) shown.value = /** @type {any} */ (element);
}

/** Tries again to show a view. */
function retry(/** @type {View} */ name) {
  statuses[name].clear();
  show(name);
}

/** @type {HTMLElement | null} */
let lesson = null;

/** Shows the lesson that runs, beside the view. */
async function teach() {
  if (!page.learning.peek() || lesson) return;
  const status = statuses[view.peek()];
  try {
    await import('./views/lessons/panel.js');
  } catch (error) {
    const named = { view: () => t().page.views.lessons, offline: !navigator.onLine };
    const unreachable = new EngineError({ kind: 'view', code: 'view-unreachable', arguments: named, message: String(error) });
    status.fail(unreachable, { words: () => t().page.retry, run: () => (status.clear(), teach()) });
    return;
  }
  if (lesson || !page.learning.peek()) return;
  lesson = Object.assign(document.createElement('cl-lesson'), { page, slot: 'lesson' });
  shell.prepend(lesson);
}

let writing = 0;
/** Whether the way back has a new place that the next step of a lesson belongs to. */
let entered = false;
let written = -Infinity; // when the address was written the last time

/** Takes over what the address says. */
function follow(/** @type {string} */ hash) {
  clearTimeout(writing);
  entered = false;
  const read = readHash(hash);
  if (!read) return;
  const { refused, ...rest } = read;
  const status = statuses[rest.view];
  status.clear();
  status.sentence.value = null;
  status.refuse(refused);
  batch(() => {
    states[rest.view].value = rest.state; // the view may refuse more of it at once
    view.value = rest.view;
  });
  if (!elements.has(rest.view)) show(rest.view); // it may have failed to load before
}

/** How many bytes of networks the engine may hold, asked for in MiB; null where nothing is asked, or nothing sensible. */
function readMemory(/** @type {string | null} */ found) {
  const bytes = Math.round(Number(found) * 2 ** 20);
  const understood = found !== null && /^\d/.test(found) && bytes <= 2 ** 32;
  return { bytes: understood ? bytes : null, refused: found === null || understood ? [] : [{ name: 'memory', found }] };
}

/** `make docs` writes these links. */
function readBooks() {
  const links = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[rel=help]'));
  return /** @type {Partial<Record<import('./i18n/index.js').Language, string>>} */ (
    Object.fromEntries([...links].map(({ hreflang, href }) => [hreflang, href]))
  );
}

follow(location.hash);
// By now the address may have been written again: only the event knows where the visitor went.
addEventListener('hashchange', ({ newURL }) => follow(new URL(newURL).hash));
addEventListener('popstate', () => {
  const read = readLearning(new URLSearchParams(location.search));
  if (!sameLearning(read, page.learning.peek())) page.learning.value = read;
});
document.addEventListener('visibilitychange', () => (seen.value = !document.hidden));
listenForFiles(window, (files) => giveFiles(page, files));
document.body.prepend(shell);
globalThis.camLucida = { engine, page, elements };

effect(() => {
  const name = view.value;
  untracked(() => show(name));
});
effect(() => {
  const root = document.documentElement;
  root.lang = locale.value;
  if (theme.value === 'auto') delete root.dataset.theme;
  else root.dataset.theme = theme.value;
  document.title = t().page.title(t().page.views[view.value]);
});
effect(() => {
  const hash = hashOf(view.value, states[view.value].value);
  clearTimeout(writing);
  const write = () => {
    written = performance.now();
    history.replaceState(null, '', hash);
  };
  writing = window.setTimeout(write, written + OFTEN - performance.now());
});
effect(() => {
  const learning = page.learning.value;
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(writeLearning(learning))) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  if (url.href !== location.href) {
    // Each step is a place of its own on the way back, with what was on the screen when it was left.
    untracked(() => {
      url.hash = hashOf(view.value, states[view.value].value);
      if (!entered) history.replaceState(null, '', url.hash);
    });
    clearTimeout(writing);
    history[entered ? 'replaceState' : 'pushState'](null, '', url.href.replace(/%2C/g, ','));
  }
  if (learning) untracked(() => teach());
  else {
    lesson?.remove();
    lesson = null;
  }
});
effect(() => {
  const note = engine.note.value;
  if (note) statuses[view.peek()].say(() => t().page.restarted(sentenceOf(note)));
});
statuses[view.value].refuse([...preferences.refused, ...memory.refused]);
