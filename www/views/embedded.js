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
      area.hidden = !models.length;
    },
    /** Marks the one in use, if it is one of these. */
    show(model) {
      const used = entries.includes(model?.entry) ? model.entry.name : null;
      for (const radio of list.querySelectorAll('input')) radio.checked = radio.value === used;
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
