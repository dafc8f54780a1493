// What a page in Chromium holds, place by place, when no garbage is left: its scripts and their buffers, those of its worker, the
// engine's memory, and the whole process. A count of objects beside them: what the engine holds of the worker's, and what is in the
// document.
import { readFileSync } from 'node:fs';

const MIB = 2 ** 20;

/** The browser's own objects: nodes, which are counted too, and records of each painting that was never presented, as in a headless one. */
export const BROWSERS = 'objects of the browser for the page (MiB)';

/** Runs in the worker: `init` gives the engine's exports once more. */
const ENGINE = `import(new URL('../web.js', location.href).href)
  .then(({ default: init }) => init())
  .then((engine) => [engine.memory.buffer.byteLength, engine.__wbindgen_externrefs.length])`;

/**
 * Gives a function that looks at the page and its one worker: MiB, or a count, of each place by its name.
 * @param {import('@playwright/test').Page} page
 * @param {import('@playwright/test').Browser} browser
 */
export async function placesOf(page, browser) {
  const [ofPage, ofBrowser] = [await page.context().newCDPSession(page), await browser.newBrowserCDPSession()];
  const worker = await workerOf(ofPage);
  const heap = async (/** @type {(method: string, parameters?: object) => Promise<any>} */ send) => {
    await send('HeapProfiler.collectGarbage');
    const { usedSize, embedderHeapUsedSize, backingStorageSize } = await send('Runtime.getHeapUsage');
    return [usedSize / MIB, backingStorageSize / MIB, embedderHeapUsedSize / MIB];
  };
  return async () => {
    const [scripts, buffers, browsers] = await heap((...command) => ofPage.send(...command));
    const [workerScripts, workerBuffers] = await heap(worker);
    const { result } = await worker('Runtime.evaluate', { expression: ENGINE, awaitPromise: true, returnByValue: true });
    const [memory, objects] = result.value;
    const { nodes, jsEventListeners } = await ofPage.send('Memory.getDOMCounters');
    return {
      'scripts of the page (MiB)': scripts,
      'buffers of the page (MiB)': buffers,
      'scripts of the worker (MiB)': workerScripts,
      'buffers of the worker (MiB)': workerBuffers,
      'memory of the engine (MiB)': memory / MIB,
      [BROWSERS]: browsers,
      'the process (MiB)': await residentOf(ofBrowser),
      'objects that the engine holds': objects,
      'nodes of the document': nodes,
      'listeners in the page': jsEventListeners,
    };
  };
}

/** MiB of the processes of a browser's pages that are in memory. */
export async function residentOf(/** @type {import('@playwright/test').CDPSession} */ ofBrowser) {
  const { processInfo } = await ofBrowser.send('SystemInfo.getProcessInfo');
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { id }) => sum + resident(id), 0);
}

/** MiB of a process that are in memory. */
function resident(/** @type {number} */ id) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

/** Sends commands to the page's worker, for which Playwright has no session. */
async function workerOf(/** @type {import('@playwright/test').CDPSession} */ session) {
  const calls = new Map();
  let last = 0;
  let sessionId = '';
  session.on('Target.attachedToTarget', (attached) => (sessionId = attached.sessionId)); // one that takes another's place, too
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result, error } = JSON.parse(message);
    const call = calls.get(id);
    calls.delete(id);
    if (error) call?.reject(new Error(error.message));
    else call?.resolve(result);
  });
  await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  return (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      calls.set(id, { resolve, reject });
      session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method, params }) }).catch(reject);
    });
}
