// The networks that come with the page, to choose from.
import { text } from '../text.js';

/** `onChoose(entry)` is called with the one that was chosen. */
export function embeddedView({ onChoose }) {
  const [area, list] = ['embedded', 'embedded-list'].map((id) => document.getElementById(id));
  let entries = [];

  list.addEventListener('change', ({ target }) => onChoose(entries.find(({ name }) => name === target.value)));

  return {
    offer(models) {
      entries = models;
      list.replaceChildren(...models.map(row));
      area.hidden = false;
    },
    /** Marks the one in use; none where `entry` is undefined. */
    show(entry) {
      for (const radio of list.querySelectorAll('input')) radio.checked = radio.value === entry?.name;
    },
  };
}

function row(entry) {
  const [label, radio, words, title, facts] = ['label', 'input', 'span', 'strong', 'span'].map((tag) => document.createElement(tag));
  Object.assign(radio, { type: 'radio', name: 'embedded-model', value: entry.name });
  title.textContent = entry.title;
  facts.textContent = text.modelFacts(entry);
  facts.className = 'hint';
  words.append(title, facts);
  label.append(radio, words);
  return label;
}
