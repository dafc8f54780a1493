// How sure the network is of each class that matters: those on the board, and others that it thinks it sees.
import { text } from '../text.js';

const SUSPECTED = 0.1; // from here on a class that is not on the board is listed, too

/** `onChoose(name)` is called with the class that is to be explained. */
export function surenessView({ onChoose }) {
  const list = document.getElementById('board-classes');
  const rows = new Map(); // by class

  function made(name) {
    const button = document.createElement('button');
    const [title, share] = [document.createElement('span'), document.createElement('span')];
    button.type = 'button';
    button.dataset.class = name;
    title.textContent = name;
    button.append(title, share);
    button.addEventListener('click', () => onChoose(name));
    return { button, share };
  }

  return {
    /** `present` are the classes on the board. Rows are kept from one update to the next, and with them the focus. */
    show({ model: { labels }, classes, top, probabilities }, present) {
      const suspected = top.filter(({ probability }) => probability > SUSPECTED).map(({ name }) => name);
      const names = [...new Set([...present, ...suspected])].filter((name) => labels.includes(name));
      for (const [name, { button }] of rows) {
        if (names.includes(name)) continue;
        button.remove();
        rows.delete(name);
      }
      for (const name of names) {
        if (!rows.has(name)) {
          rows.set(name, made(name));
          list.append(rows.get(name).button);
        }
        const { button, share } = rows.get(name);
        const probability = probabilities[labels.indexOf(name)];
        button.style.setProperty('--probability', probability);
        button.ariaPressed = String(classes.some((one) => one.name === name));
        button.classList.toggle('absent', !present.includes(name));
        share.textContent = present.includes(name) ? text.probability(probability) : text.suspected(probability);
      }
      list.dataset.empty = String(!names.length);
    },
    mark({ stale }) {
      list.classList.toggle('stale', stale);
    },
  };
}
