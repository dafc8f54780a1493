// The layer that is explained, and further ones whose maps are merged with its map.
import { text } from '../text.js';
import { fill, titled } from './options.js';

/** `onChoice()` is called when a layer was added or removed; every other change is an input event of the form. */
export function layersView({ onChoice }) {
  const [area, none, layer, depth, merging, more, mergeField, merge, add] =
    ['layers', 'no-layer', 'layer', 'depth', 'merging', 'more-layers', 'merge-field', 'merge', 'add-layer']
      .map((id) => document.getElementById(id));
  let layers = [];

  const further = () => [...more.querySelectorAll('select')];
  const chosen = () => [layer, ...(merging.hidden ? [] : further())].map(({ value }) => value);
  const unchosen = () => layers.filter(({ name }) => !chosen().includes(name));
  const options = (select) => fill(select, layers.map((entry) => [text.layer(entry), entry.name]));

  function update() {
    depth.value = layer.selectedIndex;
    depth.ariaValueText = layer.value;
    mergeField.hidden = !more.childElementCount;
    add.disabled = !unchosen().length;
    for (const [i, { children: [select, remove] }] of [...more.children].entries()) {
      select.ariaLabel = text.furtherLayer(i + 2);
      remove.ariaLabel = text.removeLayer(i + 2);
    }
  }

  function append(name) {
    const [row, select, remove] = ['li', 'select', 'button'].map((tag) => document.createElement(tag));
    options(select);
    select.value = name;
    Object.assign(remove, { type: 'button', textContent: text.remove });
    remove.addEventListener('click', () => {
      row.remove();
      add.focus();
      update();
      onChoice();
    });
    row.append(select, remove);
    more.append(row);
    return select;
  }

  add.addEventListener('click', () => {
    // Merging is for layers that see differently: the last that sees finer than those chosen.
    const height = ({ shape: [, h] }) => h;
    const finest = Math.max(...layers.filter(({ name }) => chosen().includes(name)).map(height));
    const free = unchosen();
    append((free.filter((entry) => height(entry) > finest).at(-1) ?? free.at(-1)).name).focus();
    update();
    onChoice();
  });
  depth.addEventListener('input', () => {
    layer.selectedIndex = depth.valueAsNumber;
  });

  return {
    read: () => ({ layers: area.hidden || !layer.value ? [] : chosen(), merge: merge.value }),
    offerMerges(names) {
      fill(merge, titled(names));
    },
    /** Keeps the chosen layers where the new network has some of these names. */
    offer({ layers: offered, default_layer }) {
      const [first, ...rest] = [layer, ...further()].map(({ value }) => value);
      const has = (name) => offered.some((entry) => entry.name === name);
      layers = offered;
      options(layer);
      layer.value = has(first) ? first : default_layer;
      more.replaceChildren();
      rest.filter(has).forEach(append);
      depth.max = layers.length - 1;
    },
    /** Offers what `method` can be asked for: a layer if it looks at one, several if its maps can be merged. */
    suit(method) {
      area.hidden = method?.needs === 'nothing';
      none.hidden = !area.hidden;
      merging.hidden = method?.output !== 'map';
      update();
    },
  };
}
