// The lessons that there are: to begin one, to read what a teacher needs, and to print what learners write on. The controller
// fetches them.
import { html, nothing } from '../../elements/element.js';
import { ViewElement } from '../../elements/view.js';
import { loadLesson, OWN } from '../../lessons/load.js';
import { hashOf } from '../../state/address.js';
import { writeLearning } from '../../state/lesson.js';
import { SHEETS } from '../../state/lessons.js';
import { part } from '../../state/preferences.js';
import { Controller } from './controller.js';
import { failureOf } from './failure.js';
import sheet from './lessons.css';
import './sheet.js';
import { line, paragraphs, plainly } from './text.js';
import { words } from './words.js';

/**
 * @import { Lesson } from '../../lessons/read.js'
 * @import { Lessons } from '../../state/lessons.js'
 */

/** The chapter of the book that tells authors all, from the book's first page on. */
const CHAPTER = 'teaching/authors.html';

/** Of a lesson, how long it takes; 0 where it does not say. */
export const minutesOf = (/** @type {Lesson} */ { steps }) => steps.reduce((sum, { minutes = 0 }) => sum + minutes, 0);

/** @extends {ViewElement<Lessons, Controller>} */
export class LessonsView extends ViewElement {
  static sheet = sheet;

  connectedCallback() {
    super.connectedCallback();
    const { page, state, status } = this;
    this.begin(() => new Controller({ state, status, load: (source, signal) => loadLesson(page.downloads, source, signal) }));
  }

  render() {
    return this.state.value.lesson === null ? this.#list() : this.#paper(this.state.value.lesson);
  }

  #list() {
    const said = words();
    const lessons = this.controller.lessons.value;
    return html`
      ${part('lead', () => html`<div class="lead"><h2>${said.heading}</h2><p>${said.lead}</p></div>`)}
      <ul class="cards" aria-label=${said.own}>${OWN.map((source) => html`<li class="panel">${this.#card(source, lessons.get(source))}</li>`)}</ul>
      <form class="panel other" @submit=${this.#other}>
        <h3>${said.others}</h3>
        <div class="row"><div class="field"><label for="address">${said.address}</label>
          <input id="address" name="address" type="text" inputmode="url" required autocomplete="off" spellcheck="false" aria-describedby="other-hint"></div>
          <button>${said.start}</button></div>
        <p id="other-hint" class="hint">${said.othersHint} ${this.#guide()}</p>
      </form>`;
  }

  #card(/** @type {string} */ source, /** @type {Lesson | undefined} */ lesson) {
    const said = words();
    if (!lesson) return html`<p class="hint" role="status">${said.loading}</p>`;
    const title = plainly(lesson.title);
    return html`<h3>${line(lesson.title)}</h3>
      <p class="hint">${said.extent(lesson.steps.length, minutesOf(lesson))}</p>
      ${lesson.summary ? paragraphs(lesson.summary) : nothing}
      <div class="acts">
        <button type="button" class="primary start" aria-label=${said.startLong(title)} @click=${() => this.page.learn(source)}>${said.start}</button>
        ${SHEETS.map((name) => html`<a class="button" href=${hashOf('lessons', { lesson: source, sheet: name })} aria-label=${said.sheetOf(said.sheets[name], title)}>${said.sheets[name]}</a>`)}
      </div>`;
  }

  #guide() {
    const { en: book } = this.page.books;
    return book ? html`<a href=${new URL(CHAPTER, book).href}>${words().write}</a>` : nothing;
  }

  #paper(/** @type {string} */ source) {
    const said = words();
    const { controller } = this;
    const which = this.state.value.sheet ?? SHEETS[0];
    const lesson = controller.paper.value;
    const failure = controller.failure.value;
    return html`<nav class="ways" aria-label=${said.heading}>
        <a class="button" href=${hashOf('lessons', { lesson: null, sheet: null })}>${said.sheet.back}</a>
        ${SHEETS.map((name) => html`<a class="button" href=${hashOf('lessons', { lesson: source, sheet: name })} aria-current=${name === which ? 'true' : nothing}>${said.sheets[name]}</a>`)}
        <button type="button" class="start" @click=${() => this.page.learn(source)}>${said.sheet.open}</button>
        <button type="button" class="primary print" ?disabled=${!lesson} @click=${() => globalThis.print()}>${said.sheet.print}</button>
      </nav>
      ${
        lesson
          ? html`<cl-lesson-sheet .lesson=${lesson} .which=${which} .address=${this.#address(source)} .about=${this.page.engine.about.value}></cl-lesson-sheet>`
          : failure
            ? html`${failureOf(failure)}<button type="button" class="again" @click=${() => controller.again()}>${said.again}</button>`
            : html`<p class="hint" role="status">${said.loading}</p>`
      }`;
  }

  /** Where the lesson is opened; each learner chooses a theme. */
  #address(/** @type {string} */ source) {
    const url = new URL(this.page.address({ query: { ...writeLearning({ source, step: 0, opened: false }), theme: '' } }));
    url.hash = '';
    return url.href;
  }

  #other(/** @type {SubmitEvent} */ event) {
    event.preventDefault();
    const source = this.find('#address').value.trim();
    if (source) this.page.learn(source);
  }
}

customElements.define('cl-lessons', LessonsView);
