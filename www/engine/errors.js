/**
 * What the engine cannot do. `kind` is 'image', 'weights', 'device' or 'request', `code` names exactly this fault, and
 * `arguments` are what a sentence about it names; the sentences are in www/i18n. `message` is for logs. After a `fatal`
 * one the worker was replaced.
 */
export class EngineError extends Error {
  /** @param {{ kind: string, code: string, arguments?: Record<string, any>, message?: string, fatal?: boolean }} what */
  constructor({ kind, code, arguments: named = {}, message = code, fatal = false }) {
    super(message);
    this.kind = kind;
    this.code = code;
    this.arguments = named;
    this.fatal = fatal;
  }
}

/** Whether what failed may go well another time: nothing was refused, or it was on its way from a server. */
export const isPassing = (/** @type {any} */ { kind, code, fatal }) => !kind || fatal || /^(fetch|samples)-/.test(code);

/** What those get whose work was cancelled. */
export const cancelled = () => new DOMException('cancelled', 'AbortError');

/**
 * Why the CPU is used where the GPU has failed.
 * @returns {import('./protocol.d.ts').Why}
 */
export function gpuFailed(/** @type {EngineError} */ { code, arguments: named, message }) {
  return { code: 'gpu-failed', arguments: { message, ...named, cause: code } };
}
