// How pictures are prepared for the visitor's own network, where no file says it and the default does not suit.
import { EngineError } from '../engine.js';
import { text } from '../text.js';

/** `onChange()` is called when something else was entered. */
export function preprocessingView({ onChange }) {
  let sides = null; // `{ min, max }` of an input, in pixels
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
    offer({ limits }) {
      sides = limits.input_sides;
      Object.assign(size, sides);
    },
    /** `{ size, mean, std }`, each null where nothing is entered. */
    read: () => ({
      size: entered(size, sideWithin(sides), () => text.wrongSide(sides)),
      mean: entered(mean, channels(() => true), text.wrongMean),
      std: entered(std, channels((value) => value > 0), text.wrongStd),
    }),
  };
}

const sideWithin = ({ min, max }) => ({ valueAsNumber: value }) =>
  Number.isInteger(value) && value >= min && value <= max ? value : undefined;

/** Three numbers, one for each colour, all of which are `fit`. */
const channels = (fit) => ({ value }) => {
  const numbers = value.split(/[\s,;]+/).filter(Boolean).map(Number);
  return numbers.length === 3 && numbers.every((number) => Number.isFinite(number) && fit(number)) ? numbers : undefined;
};
