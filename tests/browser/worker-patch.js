// Runs in the engine's worker before anything else of it (page.mjs puts it there): what no test could bring about from
// outside. `orders` hold from the start; more come over the channel, and each is acknowledged.
const orders = globalThis.orders;
const channel = new BroadcastChannel('cam-lucida-test');
channel.onmessage = ({ data }) => {
  if (!data.orders) return;
  Object.assign(orders, data.orders);
  if (data.orders.destroy) for (const device of devices) device.destroy();
  if (data.orders.fillMemory) fillMemory();
  channel.postMessage({ obeyed: true, counts: { ...counts, products, memory: memory?.buffer.byteLength } });
};

addEventListener('message', ({ data }) => {
  if (orders.dieInStart && data?.name === 'start' && data.args?.[0]?.gpu) close();
  // What a visitor asks for is drawn as large as it is; the page computes small previews unasked, and quietly.
  const explains = data?.name === 'explain' && data.args?.[2]?.view === null;
  if (explains) for (const stage of Object.keys(counts)) counts[stage] = 0;
  if (orders.trap && explains) throw new WebAssembly.RuntimeError('unreachable');
  if (orders.block && explains) block(orders.block);
  if (orders.slow && data?.name === 'explain') block(orders.slow); // previews, too
});

/** As a long computation in wasm blocks the worker. */
function block(/** @type {number} */ milliseconds) {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

// The browser has not so much memory to share.
if (orders.ownMemory) {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = function ({ shared, ...rest }) {
    if (shared) throw new RangeError('the test shares no memory');
    return new Memory(rest);
  };
}

// Small networks, too, have threads.
if (orders.threads) globalThis.camLucidaLarge = 0;

// The browser has no relaxed SIMD.
if (orders.plain) WebAssembly.validate = () => false;

// The browser finds no script for threads.
if (orders.noThreads)
  globalThis.Worker = class extends Worker {
    constructor(_, options) {
      super(new URL('missing.js', import.meta.url), options);
    }
  };

/** How many products the module of relaxed SIMD has computed. */
let products = 0;
Object.defineProperty(globalThis, 'camLucidaRelaxed', {
  set({ multiply }) {
    const value = { multiply: (address) => (products++, multiply(address)) };
    Object.defineProperty(globalThis, 'camLucidaRelaxed', { value });
  },
  configurable: true,
});

let memory = null; // the engine's
for (const name of ['instantiate', 'instantiateStreaming']) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (...args) => {
    const made = await original.apply(WebAssembly, args);
    memory ??= (made.instance ?? made).exports?.memory;
    return made;
  };
}

/** Takes all that is left of the address space, so that only what the engine has freed can be had. */
function fillMemory() {
  for (let pages = 2 ** 15; pages >= 1;) {
    try {
      memory.grow(pages);
    } catch {
      pages /= 2;
    }
  }
}

const devices = [];
/** How often the GPU was asked for something since an explanation began. */
const counts = {};

/** Has `orders.lose`, `{ stage, after }`, end the device just before the GPU is asked for that, after so many times. */
function stage(name, { prototype }, method, concerns = () => true) {
  const original = prototype[method];
  counts[name] = 0;
  prototype[method] = function (...args) {
    if (concerns(...args) && ++counts[name] > (orders.lose?.after ?? 0) && orders.lose?.stage === name) {
      orders.lose = null;
      for (const device of devices) device.destroy();
    }
    return original.apply(this, args);
  };
}

const LARGE = 2 ** 16; // bytes: weights and pictures, and not what says where they are
if (globalThis.GPUAdapter) {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    if (orders.refuseDevice) throw new TypeError('the test refuses the device');
    const device = await requestDevice.apply(this, options);
    devices.push(device);
    return device;
  };
  const { createShaderModule } = GPUDevice.prototype;
  GPUDevice.prototype.createShaderModule = function ({ code, ...rest }) {
    if (orders.corrupt) code += '\nno WGSL';
    if (orders.miscompute) code = code.replaceAll(' * ', ' + ');
    return createShaderModule.call(this, { code, ...rest });
  };
  stage('upload', GPUQueue, 'writeBuffer', (buffer, offset, data, from, bytes) => (bytes ?? data.byteLength) >= LARGE);
  stage('dispatch', GPUComputePassEncoder, 'dispatchWorkgroups');
  stage('read back', GPUBuffer, 'mapAsync');
  stage('draw', GPUCommandEncoder, 'beginRenderPass');
}
