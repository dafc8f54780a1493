// How far it is, told as transformers.js tells it: for each file `initiate`, `download`, `progress` and `done`; and at last
// `ready`. Between, what that library does not have: `compile` the engine and `compute` a heatmap.
import { effect } from '@preact/signals-core';
import { percent, toldOf } from '../embed/progress.js';
import { Downloads } from '../weights/downloads.js';

/**
 * @typedef {import('../embed/progress.js').Told & { file?: string }} ProgressEvent
 * @typedef {(event: ProgressEvent) => void} OnProgress
 */

/** Downloads, each file of which is told to who listens. */
export class ToldDownloads extends Downloads {
  /** @type {Set<(file: { path: string, done: number, total: number | null }) => void>} */
  listeners = new Set();

  /**
   * @template T
   * @param {(transfer: { signal: AbortSignal, onProgress: (bytes: import('../weights/downloads.js').Bytes) => void }) => Promise<T>} work
   * @param {AbortSignal} [outer]
   */
  run(work, outer) {
    return super.run(({ signal, onProgress }) => {
      const told = (/** @type {import('../weights/downloads.js').Bytes} */ bytes) => {
        onProgress(bytes);
        const { path, done, total } = bytes;
        if (path && !signal.aborted) for (const listener of this.listeners) listener({ path, done, total });
      };
      return work({ signal, onProgress: told });
    }, outer);
  }
}

/**
 * What `work` gives, while `tell` hears how far it is.
 * @template T
 * @param {{ name: string, engine: import('../engine/client.js').Engine, downloads: ToldDownloads, tell: OnProgress | undefined }} of
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function telling({ name, engine, downloads, tell }, work) {
  if (!tell) return work();
  /** @type {Map<string, number | null>} sizes of files under way */
  const open = new Map();
  const finish = (/** @type {string} */ file) => open.delete(file) && tell({ status: 'done', name, file });
  const listener = (/** @type {{ path: string, done: number, total: number | null }} */ { path, done, total }) => {
    const file = path.split('/').at(-1) ?? path;
    if (!open.has(file)) for (const status of /** @type {const} */ (['initiate', 'download'])) tell({ status, name, file });
    open.set(file, total);
    tell({ status: 'progress', name, file, loaded: done, total, progress: percent(done, total) });
  };
  let before = '';
  const stop = effect(() => {
    const event = toldOf(engine.work.value);
    const key = JSON.stringify(event);
    if (!event || key === before) return;
    before = key;
    for (const file of open.keys()) if (event.status === 'compute') finish(file);
    tell({ name, ...event });
  });
  downloads.listeners.add(listener);
  try {
    const given = await work();
    for (const file of open.keys()) finish(file);
    tell({ status: 'ready', name });
    return given;
  } finally {
    stop();
    downloads.listeners.delete(listener);
  }
}
