// A thread of the engine's pool (threads.js): an instance of the engine on the memory that all share. It computes what the engine's
// own worker gives it, and sleeps.
import { do_part, initSync } from '../web.js';
import { Pool } from './threads.js';

/** Bytes of its stack. */
const STACK = 2 ** 20;

addEventListener('message', ({ data: { module, memory, at } }) => {
  const pool = new Pool(memory, at, do_part);
  globalThis.camLucidaPool = pool;
  initSync({ module, memory, thread_stack_size: STACK });
  postMessage('ready');
  pool.work();
});
postMessage('loaded');
