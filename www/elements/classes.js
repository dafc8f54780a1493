// The classes that are explained: the most probable ones and those chosen, as buttons, and a search over all.
import { className } from '../i18n/tables.js';
import { f, t } from '../i18n/index.js';
import './class-search.js';
import { Element, classMap, html, nothing, repeat, styleMap } from './element.js';
import sheet from './classes.css';

/** Tells `ask` with `{ classes }`. */
export class Classes extends Element {
  static sheet = sheet;

  static properties = {
    model: { attribute: false },
    explanation: { attribute: false },
    asked: { attribute: false },
    about: { attribute: false },
    stopped: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {import('../engine/handles.js').Model | null} */
    this.model = null;
    /** @type {import('../engine/handles.js').Explanation | null} what is on the screen */
    this.explanation = null;
    /** @type {number[]} ids; empty: the class that the network predicts */
    this.asked = [];
    /** @type {import('../engine/protocol.d.ts').About | null} */
    this.about = null;
    /** Whether nothing newer comes: the explanation answers another question, and no bar is drawn of its numbers. */
    this.stopped = false;
  }

  /** The ids that are chosen, the predicted one included. */
  get #chosen() {
    if (this.asked.length) return this.asked;
    return (this.explanation?.top ?? []).slice(0, 1).map(({ id }) => id);
  }

  render() {
    const words = t().explain.classes;
    const { about, explanation, model } = this;
    const top = alike(explanation?.model ?? null, model) ? (explanation?.top ?? []) : [];
    const chosen = this.#chosen;
    const others = chosen
      .filter((id) => top.every((entry) => entry.id !== id))
      .map((id) => ({
        id,
        name: model?.labels?.[id] ?? null,
        probability: top.length ? (explanation?.probabilities?.[id] ?? null) : null,
      }));
    return html`
      <ul class=${classMap({ top: true, stopped: this.stopped })} aria-label=${words.top} ?hidden=${!top.length}>
        ${repeat(
          [...top, ...others],
          ({ id }) => id,
          (entry) => this.#row(entry, chosen),
        )}
      </ul>
      ${
        top.length && model
          ? html`<p class="hint">${words.probabilities[/** @type {keyof typeof words.probabilities} */ (model.problem)]}</p>`
          : html`<p class="hint">${about ? words.none(about.top) : ''}</p>`
      }
      <cl-class-search .model=${model} @class-found=${this.#found}></cl-class-search>`;
  }

  #row(/** @type {{ id: number, name: string | null, probability: number | null }} */ entry, /** @type {number[]} */ chosen) {
    const words = t().explain.classes;
    const { id, probability } = entry;
    const problem = this.explanation?.model.problem;
    const share = problem === 'value' ? 0 : (probability ?? 0);
    const name = className(entry);
    const pressed = chosen.includes(id);
    const alone = pressed && chosen.length === 1;
    const full = !pressed && chosen.length >= (this.about?.limits.classes ?? 1);
    return html`<li>
      <button type="button" class="class scored" data-id=${id} aria-pressed=${pressed} style=${styleMap({ '--share': share })}
        @click=${() => this.#ask([id])}><span>${name}</span><span class="share">${probability === null ? nothing : f().score(probability, problem)}</span></button>
      <button type="button" class="compare" data-id=${id} aria-pressed=${pressed} aria-label=${words.compare(name)} title=${words.compare(name)}
        ?disabled=${alone || full} @click=${() => this.#toggle(id, chosen)}><span aria-hidden="true">${pressed ? '✓' : '+'}</span></button>
    </li>`;
  }

  #toggle(/** @type {number} */ id, /** @type {number[]} */ chosen) {
    this.#ask(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  }

  #found(/** @type {CustomEvent<{ id: number }>} */ { detail }) {
    this.#ask([detail.id]);
  }

  #ask(/** @type {number[]} */ classes) {
    this.tell('ask', { change: { classes } });
  }
}

/**
 * Whether two networks answer with the same classes.
 * @param {import('../engine/handles.js').Model | null} a
 * @param {import('../engine/handles.js').Model | null} b
 */
const alike = (a, b) => a === b || (a !== null && b !== null && a.classes === b.classes && String(a.labels) === String(b.labels));

customElements.define('cl-classes', Classes);
