// How a long call gives the messages that came meanwhile their turn, and learns that it was cancelled.

/** @type {(() => void)[]} */
const waiting = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => waiting.shift()?.();

/** Waits for the next macrotask. A timer would wait for 4 ms and more. */
function turn() {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    })
  );
}

/** The calls that came and have not ended, and which of them were cancelled. */
export class Cancellations {
  /** @type {Map<number, boolean>} by call, whether it was cancelled */
  #calls = new Map();

  /** A call has come. */
  expect(/** @type {number} */ id) {
    this.#calls.set(id, false);
  }

  /** The answer may have crossed this: a call that has ended is not noted again. */
  cancel(/** @type {number} */ id) {
    if (this.#calls.has(id)) this.#calls.set(id, true);
  }

  /** The call has ended. */
  forget(/** @type {number} */ id) {
    this.#calls.delete(id);
  }

  /** Throws if the call was cancelled. */
  check(/** @type {number} */ id) {
    if (this.#calls.get(id)) throw Object.assign(new Error('cancelled'), { kind: 'cancelled', code: 'cancelled' });
  }

  /** Lets messages come in, and throws if one of them cancels the call. */
  async pass(/** @type {number} */ id) {
    await turn();
    this.check(id);
  }
}
