// What a browser keeps, as far as idb-keyval uses it; and the memory of one tab.

/** One for a process: the page opens its storage once. */
const values = new Map();

/** Puts an empty storage in the place of a browser's. */
export function withStorage(context) {
  values.clear();
  const request = (result) => {
    const made = { result };
    queueMicrotask(() => made.onsuccess?.());
    return made;
  };
  const transaction = () => {
    const made = {};
    setTimeout(() => made.oncomplete?.());
    const objectStore = () => ({
      transaction: made,
      get: (key) => request(values.get(key)),
      put: (value, key) => values.set(key, value),
      delete: (key) => values.delete(key),
    });
    return { objectStore };
  };
  globalThis.indexedDB = { open: () => request({ transaction }) };
  context.after(() => {
    delete globalThis.indexedDB;
    delete globalThis.sessionStorage;
  });
  return values;
}

/** A new tab; `enter()` makes it the one that runs. */
export function tab() {
  const remembered = new Map();
  const sessionStorage = { getItem: (key) => remembered.get(key) ?? null, setItem: (key, value) => remembered.set(key, value) };
  return { enter: () => (globalThis.sessionStorage = sessionStorage) };
}
