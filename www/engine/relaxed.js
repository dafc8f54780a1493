// Products with relaxed SIMD, which multiplies and adds at once: a module of its own on the engine's memory (src/kernels/relaxed.rs). A
// browser without such instructions refuses it, and the engine does without.
import { setShared } from './shared.js';

/**
 * The module; null where this browser has no relaxed SIMD.
 * @param {boolean} shared whether threads share the engine's memory
 */
export function compileRelaxed(shared) {
  if (typeof RELAXED_MODULE === 'undefined') return null; // unbundled
  const binary = Uint8Array.from(atob(RELAXED_MODULE), (byte) => byte.charCodeAt(0));
  setShared(binary, shared);
  return WebAssembly.validate(binary) ? new WebAssembly.Module(binary) : null;
}

/**
 * Makes it ready for this thread's instance of the engine, which calls it by the name `camLucidaRelaxed` (src/bin/web/relaxed.rs).
 * @param {WebAssembly.Module} module
 * @param {WebAssembly.Memory} memory
 */
export function connectRelaxed(module, memory) {
  globalThis.camLucidaRelaxed = new WebAssembly.Instance(module, { env: { memory } }).exports;
}
