import { html, live, repeat } from './element.js';

/**
 * A select with its label.
 * @param {string} id
 * @param {string} label
 * @param {object} select
 * @param {string} select.value
 * @param {[value: string, title: string][]} select.options
 * @param {(value: string) => void} select.onChange
 */
export const field = (id, label, { value, options, onChange }) => html`
  <div class="field"><label for=${id}>${label}</label>
    <select id=${id} .value=${live(value)} @change=${(/** @type {any} */ { target }) => onChange(target.value)}>
      ${repeat(
        options,
        ([one]) => one, // an option that goes must not leave its place, and so the choice, to the next one
        ([one, title]) => html`<option value=${one} ?selected=${one === value}>${title}</option>`,
      )}
    </select></div>`;
