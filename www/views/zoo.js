// The model zoo as a table: networks that are fetched on request, what is known of them, and which are kept in this browser.
import { text } from '../text.js';
import { zooSource } from '../weights/source.js';

/** `onSource(source, entry)` loads; `entry` is that of the zoo, or undefined. `hub()` is where repositories are. */
export function zooView({ store, hub, onSource, onSay }) {
  const [area, summary, body, template, kept, keptWords, clear] =
    ['zoo', 'zoo-summary', 'zoo-rows', 'zoo-row', 'kept', 'kept-words', 'clear-kept'].map((id) => document.getElementById(id));
  let entries = [];
  let records = []; // of what is kept
  let rows = []; // `{ key, listed, element }`
  let inUse = null; // the key of the source of the model that is explained

  /** Rows for the zoo's networks, then for others that are kept. */
  function build() {
    const before = rows;
    const same = (source, listed) => before.find((one) => one.key === source.key && one.listed === listed);
    rows = entries.map((entry) => {
      const source = zooSource(entry, { hub: hub() });
      return same(source, true) ?? row(entry, source, true);
    });
    const others = records.filter(({ key }) => !rows.some((one) => one.key === key));
    rows.push(...others.map(({ source, bytes }) =>
      same(source, false) ?? row({ title: source.title, bytes, bytes_exact: true }, source, false)));
    // Nobody's focus is lost to a list that stays the same.
    const changed = rows.length !== before.length || rows.some((one, i) => one !== before[i]);
    if (changed) body.replaceChildren(...rows.map(({ element }) => element));
    update();
  }

  function update() {
    for (const { key, element } of rows) {
      const here = records.some((record) => record.key === key);
      element.ariaCurrent = String(key === inUse);
      element.querySelector('.kept').textContent = text.kept({ here, used: key === inUse });
      element.querySelector('.remove').hidden = !here;
    }
    area.hidden = !rows.length;
    summary.textContent = text.zoo(rows.length);
    kept.hidden = !records.length;
    keptWords.textContent = text.keptInAll(records);
  }

  function row(entry, source, listed) {
    const element = template.content.cloneNode(true).firstElementChild;
    const [title, count, classes, size, license, load, remove] =
      ['.title', '.count', '.classes', '.size', '.license', '.load', '.remove'].map((one) => element.querySelector(one));
    title.textContent = entry.title;
    count.textContent = text.classCount(entry);
    size.textContent = text.zooSize(entry);
    license.textContent = text.zooLicense(entry);
    for (const [cell, known] of [[classes, entry.classes], [license, entry.license]]) cell.classList.toggle('unknown', !known);
    load.ariaLabel = text.loadModel(entry);
    remove.ariaLabel = text.removeModel(entry);
    load.addEventListener('click', () => onSource(source, listed ? entry : undefined));
    remove.addEventListener('click', async () => {
      await store.remove(records.find(({ key }) => key === source.key));
      await refresh();
      onSay(text.removed(entry));
      // The button is gone, and where only the store knew of the network, its row.
      (load.isConnected ? load : summary).focus();
    });
    return { key: source.key, listed, element };
  }

  async function refresh() {
    records = await store.records();
    build();
  }

  clear.addEventListener('click', async () => {
    await store.clear();
    await refresh();
    onSay(text.cleared);
    (area.hidden ? document.querySelector('#repository > summary') : summary).focus();
  });
  store.addEventListener('change', refresh);
  refresh();

  return {
    build,
    offer(zoo) {
      entries = zoo;
      build();
    },
    show({ source }) {
      inUse = source?.key ?? null;
      update();
    },
  };
}
