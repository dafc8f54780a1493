// Handles by the sources that they are of: as long as anybody holds one, it is the same object, and the engine knows it.

/** @template {object} T */
export class Held {
  /** @type {Map<string, WeakRef<T>>} */
  #handles = new Map();

  /**
   * The handle of a source, made by `make` where nobody holds one.
   * @param {object} source plain data
   * @param {() => Promise<T>} make
   */
  async get(source, make) {
    const key = JSON.stringify(source);
    const held = this.#handles.get(key)?.deref();
    if (held) return held;
    const made = await make();
    const meanwhile = this.#handles.get(key)?.deref();
    if (meanwhile) return meanwhile;
    this.#handles.set(key, new WeakRef(made));
    return made;
  }
}
