// What the page says about itself: one line for the state, one place for errors, and the way out of a long wait.
import { text } from '../text.js';

export function statusView({ onCancel }) {
  const [status, working, cancel, alert, device] =
    ['status', 'working', 'cancel', 'alert', 'device'].map((id) => document.getElementById(id));
  cancel.addEventListener('click', onCancel);

  return {
    say(sentence) {
      status.textContent = sentence;
    },
    /** `phase` is what the engine does at present, or null. A redraw is too quick and too frequent to be announced. */
    busy(phase) {
      working.hidden = phase === null;
      if (phase && text.phases[phase]) status.textContent = text.phases[phase];
      else if (Object.values(text.phases).includes(status.textContent)) status.textContent = '';
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
