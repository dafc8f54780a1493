// The class to explain: the five most probable as buttons, and a search over all names and numbers.
import { text } from '../text.js';

const SHOWN = 50; // more options than this help nobody to find one

export function classesView({ onChoose }) {
  const [top, hint, search, list, matches] =
    ['top', 'top-hint', 'class-search', 'class-list', 'class-matches'].map((id) => document.getElementById(id));
  let classes = []; // { id, name, key }
  let active = -1;

  function find(words) {
    const index = classes.findIndex((entry) => String(entry.id) === words.trim());
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    const atWord = ({ key }) => Number(parts.every((part) => ` ${key}`.includes(` ${part}`)));
    const found = classes.filter(({ key }) => parts.every((part) => key.includes(part)))
      .sort((a, b) => atWord(b) - atWord(a)); // “cat” means the tiger cat before the oystercatcher
    return index < 0 ? found : [classes[index], ...found.filter((entry) => entry !== classes[index])];
  }

  function open() {
    const found = find(search.value);
    const options = found.slice(0, SHOWN).map(({ id, name }) => {
      const option = document.createElement('li');
      option.role = 'option';
      option.id = `class-${id}`;
      option.dataset.id = id;
      option.ariaSelected = 'false';
      option.textContent = name === null ? text.className(id, null) : `${id} ${name}`;
      return option;
    });
    list.replaceChildren(...options);
    matches.textContent = text.matches(options.length, found.length);
    list.hidden = !options.length;
    search.ariaExpanded = String(options.length > 0);
    activate(-1);
  }

  function close() {
    list.hidden = true;
    search.ariaExpanded = 'false';
    matches.textContent = '';
    activate(-1);
  }

  function activate(position) {
    list.children[active]?.setAttribute('aria-selected', 'false');
    active = position;
    const option = list.children[active];
    if (!option) return search.removeAttribute('aria-activedescendant');
    option.ariaSelected = 'true';
    option.scrollIntoView({ block: 'nearest' });
    search.setAttribute('aria-activedescendant', option.id);
  }

  function choose(option) {
    search.value = '';
    close();
    onChoose(Number(option.dataset.id));
  }

  search.addEventListener('input', open);
  search.addEventListener('blur', close);
  search.addEventListener('click', open);
  search.addEventListener('keydown', (event) => {
    const count = list.children.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) open();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (list.children.length) activate((Math.max(active, step > 0 ? -1 : 0) + step + list.children.length) % list.children.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (!list.hidden && count) choose(list.children[Math.max(active, 0)]);
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  list.addEventListener('pointerdown', (event) => event.preventDefault()); // keeps the focus in the search
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]');
    if (option) choose(option);
  });
  top.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button) onChoose(Number(button.dataset.id));
  });

  return {
    offer(model) {
      classes = Array.from({ length: model.classes }, (_, id) => {
        const name = model.labels?.[id] ?? null;
        return { id, name, key: `${id} ${name ?? 'class'}`.toLowerCase() };
      });
      search.disabled = false;
      hint.textContent = text.probabilities[model.problem];
    },
    showTop(explanation) {
      hint.hidden = false;
      const focused = document.activeElement?.parentElement === top ? document.activeElement.dataset.id : null;
      top.replaceChildren(...explanation.top.map((entry) => button(entry, entry.id === explanation.classes[0].id)));
      // The buttons are new ones: whoever chose by keyboard keeps the place.
      if (focused !== null) top.querySelector(`[data-id="${focused}"]`)?.focus();
    },
  };
}

function button({ id, name, probability }, pressed) {
  const element = document.createElement('button');
  element.type = 'button';
  element.dataset.id = id;
  element.ariaPressed = String(pressed);
  element.style.setProperty('--probability', probability);
  const title = document.createElement('span');
  title.textContent = text.className(id, name);
  const share = document.createElement('span');
  share.textContent = text.probability(probability);
  element.append(title, share);
  return element;
}
