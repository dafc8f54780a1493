import { EngineError } from './errors.js';

/** Bytes of a text beside weights: a card or class names. Those of the 21,841 classes of ImageNet take half of it. */
export const TEXT_BYTES = 4 * 2 ** 20;

/**
 * The text in a file. One that is too large, dropped by mistake or sent by somebody who means no good, is not read into memory first.
 * @param {File} file
 * @param {'weights' | 'labels'} kind of the errors
 */
export async function textOf(file, kind) {
  if (file.size > TEXT_BYTES) {
    const named = { file: file.name, bytes: file.size, limit: TEXT_BYTES };
    throw new EngineError({ kind, code: 'text-too-large', arguments: named });
  }
  try {
    return await file.text();
  } catch (error) {
    throw new EngineError({ kind, code: 'file-unreadable', arguments: { file: file.name, cause: String(error) } });
  }
}
