// A server that accepts a request and then sends nothing would be waited for without end: browsers set no limit.

/** Milliseconds of a step, and steps in which nothing comes. In steps, because a device that sleeps or a tab that is frozen has not waited. */
const [STEP, STEPS] = [10_000, 6];

/**
 * What a promise gives; rejects by `error()` where that takes too long. What the promise waits for goes on: who began it ends it.
 * @template T
 * @param {Promise<T>} promise
 * @param {() => Error} error
 * @returns {Promise<T>}
 */
export function notSilent(promise, error) {
  return new Promise((resolve, reject) => {
    let left = STEPS;
    const steps = setInterval(() => {
      if (--left) return;
      clearInterval(steps);
      reject(error());
    }, STEP);
    promise.then(resolve, reject).finally(() => clearInterval(steps));
  });
}
