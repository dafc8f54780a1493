// A lesson on paper: the worksheet for learners, or the page for the teacher. Both are made of the lesson's own file.
import { Element, html, nothing } from '../../elements/element.js';
import { conditionsOf } from '../../lessons/facts.js';
import { goalOf } from './conditions.js';
import sheet from './sheet.css';
import { line, paragraphs } from './text.js';
import { words } from './words.js';

/**
 * @import { Lesson, Question, Step } from '../../lessons/read.js'
 * @import { Sheet } from '../../state/lessons.js'
 */

/** Lines to write an open answer on, where the lesson does not say how many. */
const LINES = 2;

export class LessonSheet extends Element {
  static sheet = sheet;
  static properties = { lesson: { attribute: false }, which: {}, address: {}, about: { attribute: false } };

  constructor() {
    super();
    /** @type {Lesson} */
    this.lesson = /** @type {any} */ (null);
    /** @type {Sheet} */
    this.which = 'worksheet';
    /** Where the lesson is opened. */
    this.address = '';
    /** @type {import('../../engine/protocol.d.ts').About | null} */
    this.about = null;
  }

  render() {
    return html`<article>${this.which === 'worksheet' ? this.#worksheet() : this.#teacher()}</article>`;
  }

  // For learners

  #worksheet() {
    const { sheet: said, sheets } = words();
    const { title, steps } = this.lesson;
    return html`<header><p class="kind">${sheets.worksheet}</p><h2>${line(title)}</h2>
        <p class="who"><span>${said.name}</span><span>${said.date}</span></p>
        <p class="where">${words().goal(said.open, this.address)}</p></header>
      ${steps.map((step, i) => (step.task || step.question || step.check ? this.#exercise(step, i) : nothing))}`;
  }

  #exercise(/** @type {Step} */ step, /** @type {number} */ i) {
    const { question } = step;
    return html`<section>
      <h3>${this.#heading(step, i)}</h3>
      ${step.task ? paragraphs(step.task) : nothing}
      ${this.#goals(step)}
      ${question ? this.#written(question) : nothing}
      ${question ? this.#lines(question.lines ?? (question.answers ? 0 : LINES)) : nothing}
    </section>`;
  }

  /** The number of the step, so that paper and screen tell the same. */
  #heading(/** @type {Step} */ { title, phase }, /** @type {number} */ i) {
    return html`<span class="number">${i + 1}</span> ${phase ? html`<span class="phase">${words().phases[phase]}</span> ` : nothing}${line(title)}`;
  }

  #goals(/** @type {Step} */ step) {
    const conditions = conditionsOf(step);
    return conditions.length ? html`<ul class="boxes">${conditions.map((one) => html`<li>${goalOf(one, this.about)}</li>`)}</ul>` : nothing;
  }

  #written(/** @type {Question} */ { text, answers = [] }) {
    return html`<div class="asked">${paragraphs(text)}</div>
      ${answers.length ? html`<ul class="boxes">${answers.map((one) => html`<li>${line(one.text)}</li>`)}</ul>` : nothing}`;
  }

  #lines(/** @type {number} */ count) {
    return Array.from({ length: count }, () => html`<div class="line"></div>`);
  }

  // For the teacher

  #teacher() {
    const { sheet: said, sheets } = words();
    const { title, summary, teacher = {}, steps } = this.lesson;
    const total = steps.reduce((sum, { minutes = 0 }) => sum + minutes, 0);
    return html`<header><p class="kind">${sheets.teacher}</p><h2>${line(title)}</h2>
        <p class="where">${words().goal(said.open, this.address)}</p></header>
      ${summary ? html`<section><h3>${said.summary}</h3>${paragraphs(summary)}</section>` : nothing}
      ${teacher.goals ? html`<section><h3>${said.goals}</h3><ul>${teacher.goals.map((goal) => html`<li>${line(goal)}</li>`)}</ul></section>` : nothing}
      <section><h3>${said.before}</h3>${teacher.before ? paragraphs(teacher.before) : nothing}<p>${said.always} ${said.projector}</p></section>
      <section class="plan"><h3>${said.plan}</h3>${this.#plan(total)}</section>
      ${teacher.sayings ? html`<section><h3>${said.sayings}</h3>${this.#sayings(teacher.sayings)}</section>` : nothing}
      ${teacher.more ? html`<section><h3>${said.more}</h3>${paragraphs(teacher.more)}</section>` : nothing}`;
  }

  #plan(/** @type {number} */ total) {
    const { sheet: said } = words();
    let before = 0;
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${said.plan}><table>
      ${total ? html`<caption>${said.total(total)}</caption>` : nothing}
      <thead><tr>${total ? html`<th scope="col">${said.minutes}</th>` : nothing}<th scope="col">${said.step}</th><th scope="col">${said.do}</th><th scope="col">${said.expect}</th></tr></thead>
      <tbody>${this.lesson.steps.map((step, i) => {
        const from = before;
        before += step.minutes ?? 0;
        return html`<tr>${total ? html`<td class="when">${step.minutes ? said.span(from, before) : nothing}</td>` : nothing}
          <th scope="row">${this.#heading(step, i)}</th>
          <td>${paragraphs(step.task ?? step.words)}${this.#goals(step)}${step.question ? html`<div class="asked">${paragraphs(step.question.text)}</div>` : nothing}</td>
          <td>${this.#expected(step)}</td></tr>`;
      })}</tbody></table></div>`;
  }

  #expected(/** @type {Step} */ { question, phase, after, teacher }) {
    const { rightAnswer, collect } = words().sheet;
    const right = (question?.answers ?? []).filter((one) => one.right);
    if (phase === 'predict' && question && !right.length && !after && !teacher) return html`<p>${collect}</p>`;
    return html`${right.map(
      (one) => html`<p class="right"><strong>${rightAnswer}</strong> ${line(one.text)}</p>${one.reply ? paragraphs(one.reply) : nothing}`,
    )}${after ? paragraphs(after) : nothing}${teacher ? paragraphs(teacher) : nothing}`;
  }

  #sayings(/** @type {{ said: import('../../lessons/read.js').Text, answer: import('../../lessons/read.js').Text }[]} */ sayings) {
    const { sheet: said } = words();
    return html`<table><thead><tr><th scope="col">${said.said}</th><th scope="col">${said.answer}</th></tr></thead>
      <tbody>${sayings.map((one) => html`<tr><td>${line(one.said)}</td><td>${paragraphs(one.answer)}</td></tr>`)}</tbody></table>`;
  }
}

customElements.define('cl-lesson-sheet', LessonSheet);
