// How many heatmaps come a second.

const SPAN = 2000; // milliseconds that are looked back

export class Rate {
  /** When the last ones came. @type {number[]} */
  #times = [];

  /** Notes one that comes now, in milliseconds; gives how many come a second, null before that is known. */
  next(/** @type {number} */ now) {
    this.#times = [...this.#times.filter((time) => now - time <= SPAN), now];
    const [first] = this.#times;
    return now > first ? (1000 * (this.#times.length - 1)) / (now - first) : null;
  }

  clear() {
    this.#times = [];
  }
}
