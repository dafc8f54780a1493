// The variants and numbers that the chosen method can be told, as the engine's table lists them.
import { text } from '../text.js';
import { fill } from './options.js';

const BUDGET = 64; // for what has no limit of its own: enough for a good map, and seconds where all would take minutes

export function settingsView() {
  const area = document.getElementById('settings-own');
  const fields = new Map(); // by method, so that each keeps what was entered
  let shown = null;

  return {
    show(method) {
      if (!method || method === shown) return;
      shown = method;
      if (!fields.has(method)) fields.set(method, fieldsOf(method));
      area.replaceChildren(...fields.get(method));
    },
    get empty() {
      return !area.childElementCount;
    },
    /** What is left empty is the engine's to choose. */
    read() {
      const given = [...area.querySelectorAll('input')].filter(({ value, validity }) => value !== '' || validity.badInput);
      return {
        preset: area.querySelector('select')?.value || null,
        settings: Object.fromEntries(given.map((input) => [input.dataset.name, input.valueAsNumber])),
      };
    },
  };
}

function fieldsOf({ presets, settings }) {
  return [...(presets.length ? [presetField(presets)] : []), ...settings.map(numberField)];
}

function presetField(presets) {
  const select = document.createElement('select');
  fill(select, [[text.asPublished, ''], ...presets.map((name) => [name, name])]);
  return field('preset', text.preset, select);
}

function numberField(setting) {
  const { name, default: standard, min, max, whole } = setting;
  const input = document.createElement('input');
  Object.assign(input, {
    type: 'number',
    inputMode: whole ? 'numeric' : 'decimal',
    min,
    max: max ?? '',
    step: whole ? 1 : 0.01,
    placeholder: standard ?? text.noLimit,
    defaultValue: standard === null ? BUDGET : '',
  });
  input.dataset.name = name;
  return field(name, text.setting(setting), input);
}

function field(name, title, control) {
  const label = document.createElement('label');
  control.id = `setting-${name}`;
  label.htmlFor = control.id;
  label.textContent = title;
  const row = document.createElement('div');
  row.className = 'field';
  row.append(label, control);
  return row;
}
