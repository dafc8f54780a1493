// What the page says about itself: one line for the state, one place for errors, and the way out of a long wait.
import { text } from '../text.js';

const ANNOUNCED = 5000; // milliseconds between two steps that are read aloud

export function statusView({ onCancel }) {
  const [status, working, bar, steps, cancel, alert, device] =
    ['status', 'working', 'bar', 'steps', 'cancel', 'alert', 'device'].map((id) => document.getElementById(id));
  let passing = null; // what the status says of the work under way, to be taken back after it
  let announced = 0;
  cancel.addEventListener('click', onCancel);

  function pass(sentence) {
    passing = sentence;
    if (status.textContent !== sentence) status.textContent = sentence; // or it would be read aloud again
  }

  return {
    say(sentence) {
      status.textContent = sentence;
    },
    /** `phase` is what the engine does at present, or null. A redraw is too quick and too frequent to be announced. */
    busy(phase) {
      working.hidden = phase === null;
      if (phase && text.phases[phase]) pass(text.phases[phase]);
      else if (status.textContent === passing) status.textContent = '';
    },
    /** `step` is `{ title, done, total }`, or null where nobody knows how much there is to do. */
    progress(step) {
      steps.textContent = step ? text.steps(step) : '';
      bar.ariaValueText = step && text.steps(step);
      if (step) Object.assign(bar, { max: step.total, value: step.done });
      else bar.removeAttribute('value');
      const now = performance.now();
      if (step && now - announced < ANNOUNCED) return;
      announced = now;
      if (step) pass(text.computingSteps(step));
    },
    /** A download of which so many bytes have come. */
    downloaded({ done, total }) {
      steps.textContent = text.bytes({ done, total });
      bar.ariaValueText = steps.textContent;
      Object.assign(bar, { max: total, value: done });
    },
    fail({ kind, message }) {
      const heading = document.createElement('strong');
      heading.textContent = text.failed[kind] ?? text.unexpected;
      alert.replaceChildren(heading, ` ${message}`);
    },
    clearFailure() {
      alert.replaceChildren();
    },
    device(about) {
      device.textContent = text.device(about.device);
      device.dataset.kind = about.device.kind;
    },
  };
}
