// Why a lesson cannot be used, in words: what was found where, and what is allowed.
import { html, nothing } from '../../elements/element.js';
import { sentenceOf, t } from '../../i18n/index.js';
import { words } from './words.js';

/** @import { Problem } from '../../lessons/read.js' */

/** More are not listed: one mistake often makes several. */
const MOST = 12;

/** One thing that is wrong. */
export function problemSaid(/** @type {Problem} */ { at, rule, found = '', allowed = [] }) {
  const { kinds, problems, whole, at: placed } = words();
  const named = allowed.map(String);
  const say = problems[rule];
  const said =
    rule === 'type'
      ? say(
          kinds[found],
          named.map((kind) => kinds[kind]),
          '',
        )
      : ['place', 'told'].includes(rule)
        ? say(found, named.slice(1), named[0])
        : say(found, named, '');
  return placed(at || whole, said);
}

/** All of it. */
export function failureOf(/** @type {any} */ error) {
  const { broken, more } = words();
  /** @type {Problem[]} */
  const problems = error.arguments?.problems ?? [];
  const heading = t().page.failed[error.kind] ?? t().page.unexpected;
  return html`<div class="failure" role="alert">
    <p><strong class="problem">${heading}</strong> ${sentenceOf(error)}</p>
    ${
      problems.length
        ? html`<p>${broken(problems.length)}</p><ul>${problems.slice(0, MOST).map((one) => html`<li>${problemSaid(one)}</li>`)}</ul>
      ${problems.length > MOST ? html`<p>${more(problems.length - MOST)}</p>` : nothing}`
        : nothing
    }
  </div>`;
}
