/* global document */
const main = document.querySelector('main');
const figures = [...main.children];
const key = document.getElementById('key');
const descending = document.getElementById('descending');
function sort() {
  const sign = descending.checked ? -1 : 1;
  const number = (figure) => (key.value in figure.dataset ? Number(figure.dataset[key.value]) : null);
  const order = (a, b) => {
    if (key.value === 'order') return sign * (figures.indexOf(a) - figures.indexOf(b));
    if (key.value === 'name') return sign * a.dataset.name.localeCompare(b.dataset.name);
    const [x, y] = [number(a), number(b)];
    // One without a number comes last.
    return x === null || y === null ? (x === null) - (y === null) : sign * (x - y);
  };
  main.append(...[...figures].sort(order));
}
key.addEventListener('change', sort);
descending.addEventListener('change', sort);
