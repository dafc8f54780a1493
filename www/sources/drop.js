// Files that are dropped or pasted anywhere on the page.
import { signal } from '@preact/signals-core';

/** Whether files are being dragged over the page. */
export const dropping = signal(false);

/**
 * Calls `onFiles` with files that were dropped or pasted together.
 * @param {EventTarget} target the window
 * @param {(files: File[]) => void} onFiles
 */
export function listenForFiles(target, onFiles) {
  const listen = (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) => target.addEventListener(name, listener);
  const carriesFiles = (/** @type {DragEvent} */ { dataTransfer }) => dataTransfer?.types.includes('Files');

  listen('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    dropping.value = true;
  });
  listen('dragleave', (event) => {
    // Leaving the window has no related target; moving between elements has one.
    if (!event.relatedTarget) dropping.value = false;
  });
  listen('drop', (event) => {
    dropping.value = false;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    give(event.dataTransfer);
  });
  listen('paste', ({ clipboardData }) => give(clipboardData));

  function give(/** @type {DataTransfer | null} */ transfer) {
    const files = [...(transfer?.files ?? [])];
    if (files.length) onFiles(files);
  }
}
