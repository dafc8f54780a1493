import { EngineError } from './errors.js';

/**
 * The text in a file. One that is too large, dropped by mistake or sent by somebody who means no good, is not read into memory first.
 * @param {File} file
 * @param {'weights' | 'labels'} kind of the errors
 * @param {import('./protocol.d.ts').Limits} limits
 */
export async function textOf(file, kind, { text_bytes: limit }) {
  if (file.size > limit) {
    const named = { file: file.name, bytes: file.size, limit };
    throw new EngineError({ kind, code: 'text-too-large', arguments: named });
  }
  try {
    return await file.text();
  } catch (error) {
    throw new EngineError({ kind, code: 'file-unreadable', arguments: { file: file.name, cause: String(error) } });
  }
}
