// Two cells, one over the other, with a slider between: by pointer, touch and keys.
import { Element, html, live, nothing, styleMap } from '../../elements/element.js';
import { f, t } from '../../i18n/index.js';
import { draw, saidOf } from './grid-cell.js';
import sheet from './pair.css';

/**
 * @import { Cell } from './cell.js'
 * @import { Look } from './grid-cell.js'
 *
 * @typedef {{ cell: Cell, name: string, href: string }} Side
 */

/** Tells `pair-closed`. */
export class Pair extends Element {
  static sheet = sheet;
  static properties = {
    sides: { attribute: false },
    look: { attribute: false },
    predicted: { type: Boolean },
    share: { state: true },
    swapped: { state: true },
  };

  constructor() {
    super();
    /** @type {Side[]} both of them */
    this.sides = [];
    /** @type {Look | null} */
    this.look = null;
    this.predicted = false;
    /** How much of the left one is seen. */
    this.share = 0.5;
    this.swapped = false;
  }

  show() {
    Object.assign(this, { share: 0.5, swapped: false });
    this.find('dialog').showModal();
  }

  render() {
    const { pair } = t().compare;
    const sides = this.swapped ? [...this.sides].reverse() : this.sides;
    const side = (/** @type {Side} */ { cell, name, href }, /** @type {'left' | 'right'} */ where) => html`<p class=${where}>
      <strong>${name}</strong>
      <span>${cell.answer ? [saidOf(cell.answer, this.predicted), f().duration(cell.answer.measures.time)].join(t().sources.zoo.between) : nothing}</span>
      <a href=${href}>${pair.open}</a></p>`;
    return html`<dialog aria-labelledby="title" @close=${() => this.tell('pair-closed', null)}>
      <div class="top">
        <h2 id="title">${pair.title}</h2>
        <button type="button" class="quiet close" aria-label=${pair.close} @click=${() => this.find('dialog').close()}><span aria-hidden="true">×</span></button>
      </div>
      <div class="stage" style=${styleMap({ '--share': `${100 * this.share}%` })}>
        <canvas class="right" width="1" height="1" aria-hidden="true"></canvas>
        <canvas class="left" width="1" height="1" aria-hidden="true"></canvas>
        <span class="line" aria-hidden="true"></span>
        <input type="range" autofocus min="0" max="1" step="0.01" aria-label=${pair.slider} aria-valuetext=${pair.at(f().percent(this.share))}
          .value=${live(String(this.share))} @input=${(/** @type {any} */ { target }) => (this.share = target.valueAsNumber)}>
      </div>
      ${sides.length === 2 ? html`<div class="sides">${side(sides[0], 'left')}${side(sides[1], 'right')}</div>` : nothing}
      <div class="foot"><p class="hint">${pair.keys}</p>
        <button type="button" class="swap" @click=${() => (this.swapped = !this.swapped)}>${pair.swap}</button></div>
    </dialog>`;
  }

  updated() {
    const sides = this.swapped ? [...this.sides].reverse() : this.sides;
    for (const [i, where] of ['left', 'right'].entries()) {
      const answer = sides[i]?.cell.answer;
      if (answer && this.look) draw(this.find(`canvas.${where}`), answer, this.look);
    }
  }
}

customElements.define('cl-pair', Pair);
