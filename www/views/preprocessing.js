// How pictures are prepared for the visitor's own network, where that is said neither by a file nor as usual.
import { EngineError } from '../engine.js';
import { text } from '../text.js';

const SIDES = [32, 2048]; // pixels, as in the engine

/** `onChange()` is called when something else was entered. */
export function preprocessingView({ onChange }) {
  const [area, size, mean, std] = ['preprocessing', 'input-size', 'input-mean', 'input-std'].map((id) => document.getElementById(id));
  area.addEventListener('change', onChange);

  /** What is entered, or null; what cannot be meant is refused by name. */
  function entered(input, parse, refuse) {
    const value = input.value.trim() === '' && !input.validity.badInput ? null : parse(input);
    input.ariaInvalid = String(value === undefined);
    if (value === undefined) throw new EngineError({ kind: 'preprocessing', message: refuse(input.value) });
    return value;
  }

  return {
    /** `{ size, mean, std }`, each null where nothing is entered. */
    read: () => ({
      size: entered(size, side, () => text.wrongSide(...SIDES)),
      mean: entered(mean, channels(() => true), text.wrongMean),
      std: entered(std, channels((value) => value > 0), text.wrongStd),
    }),
  };
}

function side({ valueAsNumber: value }) {
  return Number.isInteger(value) && value >= SIDES[0] && value <= SIDES[1] ? value : undefined;
}

/** Three numbers, one for each colour, all of which are `fit`. */
const channels = (fit) => ({ value }) => {
  const numbers = value.split(/[\s,;]+/).filter(Boolean).map(Number);
  return numbers.length === 3 && numbers.every((number) => Number.isFinite(number) && fit(number)) ? numbers : undefined;
};
