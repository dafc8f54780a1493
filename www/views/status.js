// What the page says about itself: one line for the state, one place for errors, and the way out of a long wait.
import { text } from '../text.js';

const ANNOUNCED = 5000; // milliseconds between two steps that are read aloud

export function statusView({ onCancel }) {
  const [status, working, bar, steps, cancel, alert, device] =
    ['status', 'working', 'bar', 'steps', 'cancel', 'alert', 'device'].map((id) => document.getElementById(id));
  let passing = null; // what the status says of the work under way, to be taken back after it
  let announced = 0;
  let computing = null; // what the engine does
  let downloading = null; // how far the downloads are
  cancel.addEventListener('click', onCancel);

  function pass(sentence) {
    passing = sentence;
    if (status.textContent !== sentence) status.textContent = sentence; // or it would be read aloud again
  }

  function update() {
    const phase = downloading ? 'download' : computing;
    working.hidden = phase === null;
    if (phase && text.phases[phase]) pass(text.phases[phase]);
    else if (status.textContent === passing) status.textContent = '';
  }

  /** `share` is `{ done, total }`, or null where nobody knows how much there is to do. */
  function showBar(words, share) {
    steps.textContent = words;
    bar.ariaValueText = words || null;
    if (share) Object.assign(bar, { max: share.total, value: share.done });
    else bar.removeAttribute('value');
  }

  return {
    say(sentence) {
      status.textContent = sentence;
    },
    /** `phase` is what the engine does at present, or null. A redraw is too quick and too frequent to be announced. */
    busy(phase) {
      computing = phase;
      update();
    },
    /** `step` is `{ title, done, total }`, or null where nobody knows how much there is to do. */
    progress(step) {
      if (downloading) return;
      showBar(step ? text.steps(step) : '', step);
      const now = performance.now();
      if (step && now - announced < ANNOUNCED) return;
      announced = now;
      if (step) pass(text.computingSteps(step));
    },
    /** How many bytes of downloads have come, `{ done, total }`, where `total` may be null; or null when none is under way. */
    downloaded(bytes) {
      const turned = !bytes !== !downloading;
      downloading = bytes;
      if (turned) update();
      showBar(bytes?.done ? text.bytes(bytes) : '', bytes?.total ? bytes : null);
    },
    fail({ kind, code, message }) {
      const heading = document.createElement('strong');
      heading.textContent = text.failed[code] ?? text.failed[kind] ?? text.unexpected;
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
