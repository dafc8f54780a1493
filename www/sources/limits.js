/**
 * What the engine refuses beyond, once it has started and told.
 * @param {import('../engine/client.js').Engine} engine
 * @param {AbortSignal} signal
 * @returns {Promise<import('../engine/protocol.d.ts').Limits>}
 */
export async function limitsOf(engine, signal) {
  if (!engine.about.value) await engine.start({ signal });
  return /** @type {import('../engine/protocol.d.ts').About} */ (engine.about.value).limits;
}
