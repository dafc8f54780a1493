// A thread of the engine's pool (threads.js): an instance of the engine on shared memory. It computes what the engine's own worker
// gives it, and sleeps in between.
import { do_piece, initSync } from '../web.js';
import { connectRelaxed } from './relaxed.js';
import { Pool } from './threads.js';

/** Bytes of its stack. */
const STACK = 2 ** 20;

addEventListener('message', ({ data: { module, memory, address, relaxed } }) => {
  const pool = new Pool(memory, address, do_piece);
  globalThis.camLucidaPool = pool;
  if (relaxed) connectRelaxed(relaxed, memory);
  initSync({ module, memory, thread_stack_size: STACK });
  postMessage('ready');
  pool.work();
});
postMessage('loaded');
