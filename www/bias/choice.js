// One of several, as radio buttons that look like what is chosen.

/** In the element `id`. `onChoose()` is called when another one was chosen. */
export function choiceOf(id, { name, onChoose }) {
  const group = document.getElementById(id);
  let values = [];

  group.addEventListener('change', onChoose);

  const radios = () => [...group.querySelectorAll('input')];

  return {
    get value() {
      return values[radios().findIndex((radio) => radio.checked)] ?? '';
    },
    get empty() {
      return !values.length;
    },
    choose(value) {
      radios()[values.indexOf(value)].checked = true;
    },
    /** Of `{ value, title, image }`; the first is chosen. */
    offer(options) {
      values = options.map(({ value }) => value);
      group.querySelectorAll('label').forEach((label) => label.remove());
      group.append(...options.map(({ title, image }, i) => option(name, title, image, i === 0)));
    },
  };
}

function option(name, title, image, checked) {
  const [label, radio, face] = ['label', 'input', image ? 'img' : 'span'].map((tag) => document.createElement(tag));
  Object.assign(radio, { type: 'radio', name, checked });
  if (image) Object.assign(face, { src: image, alt: title, title });
  else face.textContent = title;
  label.append(radio, face);
  return label;
}
