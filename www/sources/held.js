// Handles by the sources that they are of: as long as anybody holds one, it is the same object, and the engine knows it.

/** @template {object} T */
export class Held {
  /** @type {Map<string, WeakRef<T>>} */
  #handles = new Map();
  /** @type {Map<string, Promise<T>>} those that are being made */
  #making = new Map();

  /**
   * The handle of a source, made by `make` where nobody holds one. Who asks while it is being made gets the same one; where
   * that was broken off for another, it is made once more.
   * @param {object} source plain data
   * @param {() => Promise<T>} make
   * @returns {Promise<T>}
   */
  async get(source, make) {
    const key = JSON.stringify(source);
    const held = this.#handles.get(key)?.deref();
    if (held) return held;
    const others = this.#making.get(key);
    if (others) {
      return others.catch((error) => {
        if (error?.name !== 'AbortError') throw error;
        return this.get(source, make);
      });
    }
    const making = this.#make(key, make).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  async #make(/** @type {string} */ key, /** @type {() => Promise<T>} */ make) {
    const made = await make();
    this.#handles.set(key, new WeakRef(made));
    return made;
  }
}
