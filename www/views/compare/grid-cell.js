// One cell on the screen: the heatmap with its numbers, or in words why there is none. It draws only near the screen.
import { Element, classMap, html, nothing } from '../../elements/element.js';
import { f, sentenceOf, t } from '../../i18n/index.js';
import { className } from '../../i18n/tables.js';
import { distanceOf } from './order.js';
import { painted, paintedSigned } from '../../elements/paint.js';
import { stepWords } from '../../elements/telling.js';
import sheet from './grid-cell.css';

/**
 * @import { Answer } from './answer.js'
 * @import { Cell } from './cell.js'
 * @import { Scale } from '../../elements/paint.js'
 *
 * @typedef {{ scale: Scale | null, signedScale: Scale | null, table: Float32Array, sides: [number[], number[]], opacity: number }} Look
 */

const MARGIN = '300px'; // around the screen within which cells are drawn

/** Tells `cell-cancel`, `cell-again` and `cell-chosen` with `{ cell }`. */
export class GridCell extends Element {
  static sheet = sheet;
  static properties = {
    cell: { attribute: false },
    name: { attribute: false },
    href: { attribute: false },
    look: { attribute: false },
    step: { attribute: false },
    chosen: { type: Boolean },
    predicted: { type: Boolean },
    near: { state: true },
  };

  #observer = new IntersectionObserver((entries) => (this.near = entries[entries.length - 1].isIntersecting), { rootMargin: MARGIN });
  /** @type {[Answer | null, Look | null]} what is on the canvas */
  #drawn = [null, null];

  constructor() {
    super();
    /** @type {Cell} */
    this.cell = /** @type {any} */ (null);
    /** What it is called: its row and its column. */
    this.name = '';
    /** @type {string | null} the address that asks the same in Explain */
    this.href = null;
    /** @type {Look | null} */
    this.look = null;
    /** @type {import('../../engine/protocol.d.ts').Step | null} how far it is, where it is being computed */
    this.step = null;
    /** Whether it is one of the two to slide. */
    this.chosen = false;
    /** Whether each network says itself which class it is. */
    this.predicted = false;
    this.near = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#observer.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#observer.disconnect();
    this.near = false;
  }

  willUpdate(/** @type {Map<string, any>} */ changed) {
    if (!changed.has('cell')) return;
    const before = changed.get('cell');
    if (before) before.distance = () => Infinity;
    this.cell.distance = () => this.#distance();
  }

  render() {
    const words = t().compare;
    const state = this.cell.state.value;
    if (state.name === 'done') return this.#answer(state.answer);
    const tell = (/** @type {string} */ event) => () => this.tell(event, { cell: this.cell });
    const [text, act] = {
      waiting: () => [
        html`<p class="faint">${words.waiting}</p>`,
        html`<button type="button" class="quiet cancel" aria-label=${words.cancelCell(this.name)} @click=${tell('cell-cancel')}><span aria-hidden="true">×</span></button>`,
      ],
      running: () => [
        html`<p>${this.step ? stepWords(this.step) : words.running}</p>`,
        html`<button type="button" class="quiet cancel" aria-label=${words.cancelCell(this.name)} @click=${tell('cell-cancel')}><span aria-hidden="true">×</span></button>`,
      ],
      cancelled: () => [
        html`<p class="faint">${words.cancelled}</p>`,
        html`<button type="button" class="again" aria-label=${words.againCell(this.name)} @click=${tell('cell-again')}>${words.again}</button>`,
      ],
      failed: () => {
        const { error } = /** @type {{ error: any }} */ (/** @type {unknown} */ (state));
        const lasting = error.kind === 'request'; // asked again, it is refused again
        return [
          html`<p class="why">${t().page.sentences[error.code]?.(error.arguments) ?? sentenceOf(error)}</p>`,
          lasting
            ? nothing
            : html`<button type="button" class="again" aria-label=${words.retryCell(this.name)} @click=${tell('cell-again')}>${words.retry}</button>`,
        ];
      },
    }[state.name]();
    return html`<div class=${classMap({ pane: true, empty: true, [state.name]: true })} aria-busy=${state.name === 'running'}>${text}${act}</div>`;
  }

  #answer(/** @type {Answer} */ answer) {
    const { of, rival, measures } = answer;
    const words = t().compare;
    const said = saidOf(answer, this.predicted);
    return html`
      <a class="pane" href=${this.href ?? nothing} aria-label=${words.open(this.name, said)}>
        <canvas width="1" height="1" aria-hidden="true"></canvas>
        ${of.flat && (!rival || rival.flat) ? html`<span class="flat">${words.flat}</span>` : nothing}
      </a>
      <div class="below">
        <p><span class="score">${said}</span> <span class="time">${f().duration(measures.time)}</span></p>
        <button type="button" class="quiet slide" aria-pressed=${this.chosen} aria-label=${words.chooseCell(this.name)} title=${words.choose}
          @click=${() => this.tell('cell-chosen', { cell: this.cell })}><span aria-hidden="true">◧</span></button>
      </div>`;
  }

  updated() {
    const { answer } = this.cell;
    const canvas = /** @type {HTMLCanvasElement | null} */ (this.find('canvas'));
    if (!canvas || !answer || !this.look) {
      this.#drawn = [null, null];
      return;
    }
    if (!this.near) {
      // What is far from the screen needs no memory.
      if (this.#drawn[0]) Object.assign(canvas, { width: 1, height: 1 });
      this.#drawn = [null, null];
      return;
    }
    if (this.#drawn[0] === answer && this.#drawn[1] === this.look) return;
    this.#drawn = [answer, this.look];
    draw(canvas, answer, this.look);
  }

  /** How far the cell is from what can be seen. */
  #distance() {
    const { documentElement } = this.ownerDocument;
    const window = { left: 0, top: 0, right: documentElement.clientWidth, bottom: documentElement.clientHeight };
    return distanceOf(this.getBoundingClientRect(), window);
  }
}

/** The score, with the class where the network chose it; of two classes both. */
export function saidOf(
  /** @type {Pick<Answer, 'of' | 'rival' | 'explanation'>} */ { of, rival, explanation },
  /** @type {boolean} */ predicted,
) {
  const { problem } = explanation.model;
  const share = f().score(of.probability, problem);
  if (rival) return t().compare.against(share, f().score(rival.probability, problem));
  return predicted ? t().compare.said(className(of), share) : share;
}

/** Draws an answer on a canvas, which takes its size. */
export function draw(/** @type {HTMLCanvasElement | OffscreenCanvas} */ canvas, /** @type {Answer} */ answer, /** @type {Look} */ look) {
  const { map, picture, drawing } = answer;
  const { width, height } = drawing ?? picture;
  Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  if (drawing) context.drawImage(drawing, 0, 0);
  else
    context.putImageData(
      new ImageData(answer.signed ? paintedSigned(picture, map, look) : painted(picture, map, look), width, height),
      0,
      0,
    );
}

customElements.define('cl-grid-cell', GridCell);
