// What is computed: the method with its settings, and what is asked for less often: the target, the fit, smoothing.
import { className, methodSummary, methodTitle, presetTitle, settingTitle, titleOf } from '../i18n/tables.js';
import { f, t } from '../i18n/index.js';
import { methodOf } from '../state/question.js';
import { CONTRAST_FORM, contrasts, contrastWith } from '../state/target.js';
import './class-search.js';
import { Element, html, live, nothing, repeat } from './element.js';
import sheet from './method.css';

/**
 * @import { About, MethodInfo, SettingInfo } from '../engine/protocol.d.ts'
 * @import { Question } from '../state/question.js'
 */

/** Tells `ask` with changes of the question. */
export class Method extends Element {
  static sheet = sheet;

  static properties = {
    about: { attribute: false },
    question: { attribute: false },
    model: { attribute: false },
    rival: { attribute: false },
    budget: { type: Number },
  };

  /** @type {Map<string, Pick<Question, 'preset' | 'settings'>>} what each method was told, until the page is left */
  #told = new Map();

  constructor() {
    super();
    /** @type {About | null} */
    this.about = null;
    /** @type {Question} */
    this.question = /** @type {any} */ (null);
    /** @type {import('../engine/handles.js').Model | null} */
    this.model = null;
    /** @type {number | null} the class that the target contrasts with; null: it does not, or nobody knows yet */
    this.rival = null;
    /** What the page puts where the engine has no limit of its own. */
    this.budget = 0;
  }

  get #method() {
    return methodOf(/** @type {About} */ (this.about), this.question.method);
  }

  render() {
    const { about, question } = this;
    if (!about || !question) return nothing;
    const words = t().explain.method;
    const method = this.#method;
    return html`
      <div class="field">
        <label for="method">${words.method}</label>
        <select id="method" aria-describedby="summary" @change=${this.#choose}>
          ${groups(about.methods).map(
            ([kind, methods]) => html`<optgroup label=${words.kinds[kind]}>
            ${methods.map(({ name }) => html`<option value=${name} .selected=${live(name === method.name)}>${methodTitle(about, name)}</option>`)}
          </optgroup>`,
          )}
        </select>
        <p id="summary" class="hint">${words.summary(f().capital(methodSummary(method)), method.source)}</p>
      </div>
      ${
        method.presets.length || method.settings.length
          ? html`<fieldset class="settings">
        <legend class="unseen">${words.settings}</legend>
        ${method.presets.length ? this.#presets(method) : nothing}
        ${repeat(
          method.settings,
          ({ name }) => `${method.name} ${name}`,
          (setting) => this.#number(method, setting),
        )}
      </fieldset>`
          : nothing
      }
      <details>
        <summary>${words.more}</summary>
        <div class="rare">
          ${this.#select('target', words.target, about.targets, contrasts(question.target) ? CONTRAST_FORM : question.target)}
          ${contrasts(question.target) ? this.#contrast() : nothing}
          ${this.#select('preprocess', words.preprocess, about.preprocess, question.preprocess)}
          ${
            method.output === 'map'
              ? html`<label class="check"><input id="smooth" type="checkbox" .checked=${live(question.smooth)}
            @change=${(/** @type {any} */ { target }) => this.#ask({ smooth: target.checked })}><span>${words.smooth(about.smooth_copies)}</span></label>`
              : nothing
          }
        </div>
      </details>`;
  }

  /** @param {'target' | 'preprocess'} name @param {string} label @param {string[]} names @param {string | null} chosen */
  #select(name, label, names, chosen) {
    const change = (/** @type {any} */ { target: { value } }) =>
      this.#ask({ [name]: value === names[0] ? null : value.replace(/:ID$/, '') });
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <select id=${name} @change=${change}>
        ${names.map((one) => html`<option value=${one} .selected=${live(one === (chosen ?? names[0]))}>${titleOf(one)}</option>`)}
      </select>
    </div>`;
  }

  #contrast() {
    const words = t().explain.method;
    const { rival, model } = this;
    return html`<div class="contrast">
      <p class="rival">${rival === null ? words.runnerUp : words.rival(className({ id: rival, name: model?.labels?.[rival] ?? null }))}</p>
      <cl-class-search .model=${model} .label=${words.otherClass}
        @class-found=${(/** @type {CustomEvent<{ id: number }>} */ { detail }) => this.#ask({ target: contrastWith(detail.id) })}></cl-class-search>
    </div>`;
  }

  #presets(/** @type {MethodInfo} */ { name, presets }) {
    const words = t().explain.method;
    return html`<div class="field">
      <label for="preset">${words.preset}</label>
      <select id="preset" @change=${(/** @type {any} */ { target: { value } }) => this.#ask({ preset: value || null })}>
        <option value="" .selected=${live(!this.question.preset)}>${words.asPublished}</option>
        ${presets.map((preset) => html`<option value=${preset} .selected=${live(preset === this.question.preset)}>${presetTitle(name, preset)}</option>`)}
      </select>
    </div>`;
  }

  // A number is a choice once it is complete: its first digit may ask for hours of work. Until then rendering leaves it alone.
  #number(/** @type {MethodInfo} */ method, /** @type {SettingInfo} */ setting) {
    const { name, default: standard, min, max, whole } = setting;
    return html`<div class="field">
      <label for="setting-${name}">${f().capital(settingTitle(method, setting))}</label>
      <input id="setting-${name}" type="number" inputmode=${whole ? 'numeric' : 'decimal'} min=${min} max=${max ?? nothing} step=${whole ? 1 : 0.01}
        placeholder=${standard ?? this.budget} .value=${String(this.question.settings[name] ?? '')} @change=${(/** @type {any} */ event) => this.#set(name, event.target)}>
    </div>`;
  }

  #set(/** @type {string} */ name, /** @type {HTMLInputElement} */ { value, valueAsNumber, validity }) {
    if (validity.badInput) return;
    const { [name]: _, ...rest } = this.question.settings;
    this.#ask({ settings: value === '' ? rest : { ...rest, [name]: valueAsNumber } });
  }

  #choose(/** @type {any} */ { target: { value } }) {
    const { preset, settings } = this.question;
    this.#told.set(this.#method.name, { preset, settings });
    const told = this.#told.get(value) ?? { preset: null, settings: {} };
    this.#ask({ method: value === methodOf(/** @type {About} */ (this.about), null).name ? null : value, ...told });
  }

  #ask(/** @type {Partial<Question>} */ change) {
    this.tell('ask', { change });
  }
}

/**
 * The methods in groups: by what they look at, and apart from these what gives a picture.
 * @param {MethodInfo[]} methods
 */
function groups(methods) {
  const kind = (/** @type {MethodInfo} */ { needs, output }) => (output === 'map' ? needs : output);
  const kinds = [...new Set(methods.map(kind))];
  return kinds.map((one) => /** @type {const} */ ([one, methods.filter((method) => kind(method) === one)]));
}

customElements.define('cl-method', Method);
