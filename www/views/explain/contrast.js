// The other class of a question that contrasts with one that is yet to be found.
import { methodOf } from '../../state/question.js';
import { contrastWith } from '../../state/target.js';
import { rivalOf } from './adapt.js';

/** @import { Explanation } from '../../engine/handles.js' */

/**
 * The target that contrasts with the class asked for, else with the runner-up, which may not be known yet.
 * @param {import('../../engine/client.js').Engine} engine
 * @param {Explanation} asked
 * @param {Explanation | null} before another explanation, which may know it
 * @param {AbortSignal} signal
 */
export async function contrastFor(engine, { model, picture, request }, before, signal) {
  const about = /** @type {import('../../engine/protocol.d.ts').About} */ (engine.about.peek());
  let known = before;
  if (known?.model !== model || known?.picture !== picture || known.request.preprocess !== request.preprocess) {
    const plain = { ...request, method: methodOf(about, null).name, settings: {}, preset: null, smooth: false, target: about.targets[0] };
    known = await engine.explain({ model, picture, request: plain }, { signal });
    engine.release(known); // what it says of the classes is all that is asked of it
  }
  const top = known.top ?? [];
  const explained = request.classes.length ? request.classes.flat() : top.slice(0, 1).map(({ id }) => id);
  const rival = rivalOf(request.target, explained, top);
  return rival === null ? about.targets[0] : contrastWith(rival);
}
