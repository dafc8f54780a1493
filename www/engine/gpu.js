// What this browser's WebGPU may be used for. Runs in the worker, because that is where the engine computes.

/**
 * @import { Why } from './protocol.d.ts'
 *
 * @typedef {{ code: string, message: string }} Fault what befell a device, with the browser's words about it
 * @typedef {{ onRefusal: (fault: Fault) => void, onLoss: (fault: Fault) => void }} Watcher
 */

/**
 * Decides before the engine starts whether it may try the GPU, and if not, why.
 * @param {string | null} device what the page's address asks for: 'gpu', 'cpu' or null
 * @returns {Promise<{ gpu: boolean, why: Why | null }>}
 */
export async function chooseDevice(device) {
  if (device === 'cpu') return no('cpu-asked');
  if (!navigator.gpu) return no('no-webgpu');
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return no('no-adapter');
  // Burn panics on such an adapter when it opens its first stream, too late to fall back.
  if (!adapter.features.has('timestamp-query')) return no('no-timestamps');
  const software = adapter.info?.isFallbackAdapter ?? /** @type {any} */ (adapter).isFallbackAdapter;
  if (software && device !== 'gpu') return no('software-adapter');
  return { gpu: true, why: null };
}

const no = (/** @type {string} */ code) => ({ gpu: false, why: { code, arguments: {} } });

/** @type {GPUDevice[]} */
const devices = [];
/** @type {Watcher | null} */
let watcher = null;
const prototype = globalThis.GPUAdapter?.prototype;
if (prototype) {
  const { requestDevice } = prototype;
  // The engine makes its device inside wasm; this is the one place where JavaScript can see it.
  prototype.requestDevice = async function (...options) {
    const device = await requestDevice.apply(this, options);
    devices.push(device);
    // First in line: the engine's own listener panics, with less to say.
    device.addEventListener('uncapturederror', ({ error: { message } }) => watcher?.onRefusal({ code: 'gpu-refused', message }));
    device.lost.then(({ message }) => watcher?.onLoss({ code: 'gpu-lost', message }));
    return device;
  };
}

/**
 * Tells when a device of this worker refuses work that nobody else answers for, or is lost.
 * @param {Watcher} told
 */
export function watchDevices(told) {
  watcher = told;
}

/** Waits until the work handed to the devices is done: what they have to complain about has been reported by then. */
export async function devicesSettled() {
  await Promise.allSettled(devices.map((device) => device.queue.onSubmittedWorkDone()));
}
