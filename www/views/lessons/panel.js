// The panel of a lesson that runs: what the step says, what is to be done, and what the view tells of it. It stands beside the view
// on the screen, on narrow screens below it. The run decides; this lays out.
import { Element, classMap, html, nothing } from '../../elements/element.js';
import { t } from '../../i18n/index.js';
import { loadLesson } from '../../lessons/load.js';
import { predicts, Run } from '../../lessons/run.js';
import { goalOf, nowOf } from './conditions.js';
import { failureOf } from './failure.js';
import sheet from './panel.css';
import { line, paragraphs, plainly } from './text.js';
import { words } from './words.js';

/**
 * @import { Lesson, Question, Step } from '../../lessons/read.js'
 */

const CALM = '(prefers-reduced-motion: reduce)';

export class LessonPanel extends Element {
  static sheet = sheet;
  static properties = { page: { attribute: false }, folded: { type: Boolean, reflect: true } };

  /** @type {Run} */
  #run = /** @type {any} */ (null);
  #resized = new ResizeObserver(() => this.#measure());
  /** Which step was rendered last. */
  #shown = -1;
  /** Whether the focus goes to the next step that is rendered. */
  #enters = false;

  constructor() {
    super();
    /** @type {import('../../main.js').Page} */
    this.page = /** @type {any} */ (null);
    /** On narrow screens: whether only the task is shown, and not all the words. */
    this.folded = false;
  }

  get run() {
    return this.#run;
  }

  connectedCallback() {
    super.connectedCallback();
    const { page } = this;
    this.#run ??= new Run({
      learning: page.learning,
      view: page.view,
      facts: page.facts,
      go: (view, state, options) => page.go(view, state, options),
      load: (source, signal) => loadLesson(page.downloads, source, signal),
      mayGoOn: () => !globalThis.matchMedia(CALM).matches,
    });
    this.#run.connect();
    this.#resized.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#run.disconnect();
    this.#resized.disconnect();
    this.page.light.value = null;
    this.#measure();
  }

  /** Tells the page how much of its lower edge is covered. */
  #measure() {
    this.tell('lesson-sized', this.isConnected ? this.offsetHeight : 0);
  }

  render() {
    const run = this.#run;
    const said = words().panel;
    const lesson = run.lesson.value;
    const failure = run.failure.value;
    const title = lesson ? plainly(lesson.title) : said.unnamed;
    return html`<section class="lesson" aria-label=${said.label(title)}>
      <div class="head">
        <h2>${lesson ? line(lesson.title) : title}</h2>
        ${lesson ? html`<button type="button" class="quiet fold" aria-expanded=${!this.folded} aria-label=${this.folded ? said.unfold : said.fold} @click=${() => (this.folded = !this.folded)}><span aria-hidden="true">${this.folded ? '▴' : '▾'}</span></button>` : nothing}
        <button type="button" class="quiet close" aria-label=${said.close} title=${said.close} @click=${this.#close}><span aria-hidden="true">×</span></button>
      </div>
      ${
        failure
          ? html`${failureOf(failure)}<button type="button" class="again" @click=${() => run.again()}>${words().again}</button>`
          : lesson
            ? this.#lesson(lesson)
            : html`<p class="hint" role="status">${words().loading}</p>`
      }
    </section>`;
  }

  #lesson(/** @type {Lesson} */ { steps }) {
    const run = this.#run;
    const said = words().panel;
    const at = run.at.value;
    const step = /** @type {Step} */ (run.step.value);
    const place = said.place(at + 1, steps.length);
    const [first, last] = [at === 0, at === steps.length - 1];
    const done = run.done.value;
    return html`
      <p class="unseen" aria-live="polite">${said.reached(place, plainly(step.title))}</p>
      <details class="steps"><summary>${place}<span class="bar" aria-hidden="true">${steps.map((_, i) => html`<i class=${classMap({ done: done.has(i), here: i === at })}></i>`)}</span></summary>
        <ol aria-label=${said.steps}>${steps.map(
          (
            one,
            i,
          ) => html`<li><button type="button" class="quiet" aria-current=${i === at ? 'step' : nothing} @click=${() => this.#go(i)}>${line(one.title)}
          ${done.has(i) ? html`<span role="img" aria-label=${said.isDone}>✓</span>` : nothing}</button></li>`,
        )}</ol></details>
      <div class="body" tabindex="-1">
        <h3 tabindex="-1">${step.phase ? html`<span class="phase">${words().phases[step.phase]}</span> ` : nothing}${line(step.title)}</h3>
        <div class="words">${paragraphs(step.words)}</div>
        ${this.#task(step)}
        ${this.#notice(step)}
        ${step.question ? this.#question(step.question) : nothing}
      </div>
      <div class="acts">
        <button type="button" class="back" ?disabled=${first} @click=${() => this.#go(at - 1)}>${said.back}</button>
        ${
          last
            ? html`<button type="button" class=${classMap({ end: true, primary: done.has(at) })} @click=${this.#close}>${said.end}</button>`
            : html`<button type="button" class=${classMap({ next: true, primary: done.has(at) || (!step.check && !step.question?.answers) })} @click=${() => this.#go(at + 1)}>${said.next}</button>`
        }
      </div>`;
  }

  #task(/** @type {Step} */ step) {
    const run = this.#run;
    const said = words().panel;
    const place = run.place.value;
    const conditions = run.conditions.value;
    const about = this.page.engine.about.value;
    const told = !run.astray.value && this.page.facts.value !== null;
    const light = step.light;
    return html`
      ${step.task ? html`<div class="task"><h4>${said.toDo}</h4>${paragraphs(step.task)}</div>` : nothing}
      ${
        run.astray.value && place
          ? html`<p class="astray">${said.astray(t().page.views[place])} <button type="button" class="return" @click=${() => run.restart()}>${said.return}</button></p>`
          : nothing
      }
      ${
        conditions.length
          ? html`<ul class="checks">${conditions.map(({ condition, judged }) => {
              const met = run.met.value || judged.met;
              return html`<li class=${classMap({ met })}><span class="mark" role="img" aria-label=${met ? said.isDone : nothing} aria-hidden=${met ? nothing : 'true'}>${met ? '✓' : '○'}</span>
                <span>${goalOf(condition, about)}</span> <span class="now">${told ? nowOf(condition, judged.now, about) : nothing}</span></li>`;
            })}</ul>`
          : nothing
      }
      ${step.hint ? html`<details class="hint"><summary>${said.hint}</summary>${paragraphs(step.hint)}</details>` : nothing}
      ${
        place
          ? html`<div class="ways">
        ${light && !run.astray.value ? html`<button type="button" class="quiet show" @click=${() => this.#bring(light)}>${said.show(words().places[light])}</button>` : nothing}
        ${step.state !== undefined || step.check !== undefined ? html`<button type="button" class="quiet restart" @click=${() => run.restart()}>${said.restart}</button>` : nothing}</div>`
          : nothing
      }`;
  }

  /** What comes of a task that is done: those who listen hear it. */
  #notice(/** @type {Step} */ step) {
    const run = this.#run;
    const said = words().panel;
    const leaving = run.leaving.value;
    return html`<div class="notice" role="status">${
      run.met.value
        ? html`<p class="done"><span aria-hidden="true">✓</span> ${said.done}${leaving ? html` ${said.leaving}` : nothing}</p>
      ${step.after ? paragraphs(step.after) : nothing}`
        : nothing
    }</div>
    ${leaving ? html`<div class="leaving"><button type="button" class="stay" @click=${() => run.stay()}>${said.stay}</button></div>` : nothing}`;
  }

  #question(/** @type {Question} */ { text, answers }) {
    const run = this.#run;
    const said = words().panel;
    if (!answers) return html`<div class="question"><div class="asked">${paragraphs(text)}</div><p class="hint">${said.open}</p></div>`;
    const chosen = run.chosen.value.get(run.at.value);
    const answer = chosen === undefined ? null : answers[chosen];
    const verdict = predicts(answers) ? said.noted : answer?.right ? said.right : said.wrong;
    return html`<fieldset class="question" @change=${(/** @type {any} */ { target }) => run.answer(Number(target.value))}>
      <legend class="asked">${line(text)}</legend>
      ${answers.map((one, i) => html`<label class="check"><input type="radio" name="answer" value=${i} .checked=${i === chosen}><span>${line(one.text)}</span></label>`)}
      <div class="reply" role="status">${answer ? html`<p><strong>${verdict}</strong></p>${answer.reply ? paragraphs(answer.reply) : nothing}` : nothing}</div>
      <p class="hint private">${said.private}</p>
    </fieldset>`;
  }

  #go(/** @type {number} */ step) {
    this.#enters = true;
    this.#run.go(step);
  }

  #bring(/** @type {string} */ place) {
    this.page.shown.peek()?.bring(place, { focus: true });
  }

  #close() {
    this.page.learn(null);
  }

  updated() {
    const run = this.#run;
    const step = run.step.peek();
    const at = step ? run.at.peek() : -1;
    const here = !run.astray.peek();
    this.page.light.value = here ? (step?.light ?? null) : null;
    if (at === this.#shown) return;
    this.#shown = at;
    const body = this.find('.body');
    if (body) body.scrollTop = 0;
    for (const details of this.renderRoot.querySelectorAll('details')) details.open = false;
    for (const radio of this.renderRoot.querySelectorAll('input')) radio.checked = Number(radio.value) === run.chosen.peek().get(at);
    if (this.#enters) this.find('h3')?.focus();
    this.#enters = false;
  }
}

customElements.define('cl-lesson', LessonPanel);
