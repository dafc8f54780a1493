// What this browser's WebGPU may be used for. Runs in the worker, because that is where the engine computes.
import { text } from './text.js';

/**
 * Decides before the engine starts whether it may try the GPU.
 * `device` is what the page's address asks for: 'gpu', 'cpu' or null.
 * Returns `{ gpu, why }`, where `why` says in words why not.
 */
export async function chooseDevice(device) {
  if (device === 'cpu') return no(text.why.cpuAsked);
  if (!navigator.gpu) return no(text.why.noWebGpu);
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return no(text.why.noAdapter);
  // Burn panics on such an adapter when it opens its first stream, too late to fall back.
  if (!adapter.features.has('timestamp-query')) return no(text.why.noTimestamps);
  const software = adapter.info?.isFallbackAdapter ?? adapter.isFallbackAdapter;
  if (software && device !== 'gpu') return no(text.why.software);
  return { gpu: true, why: null };
}

const no = (why) => ({ gpu: false, why });

const devices = [];
let watcher = null;
const prototype = globalThis.GPUAdapter?.prototype;
if (prototype) {
  const { requestDevice } = prototype;
  // The engine makes its device inside wasm; this is the one place where JavaScript can see it.
  prototype.requestDevice = async function (...options) {
    const device = await requestDevice.apply(this, options);
    devices.push(device);
    // First in line: the engine's own listener panics, with less to say.
    device.addEventListener('uncapturederror', ({ error }) => watcher?.onRefusal(text.deviceRefused(error.message)));
    device.lost.then(({ message }) => watcher?.onLoss(text.deviceLost(message)));
    return device;
  };
}

/** Tells, in a sentence, when a device of this worker refuses work that nobody else answers for, or is lost. */
export function watchDevices({ onRefusal, onLoss }) {
  watcher = { onRefusal, onLoss };
}

/** Waits until the work handed to the devices is done: what they have to complain about has been reported by then. */
export async function devicesSettled() {
  await Promise.allSettled(devices.map((device) => device.queue.onSubmittedWorkDone()));
}
