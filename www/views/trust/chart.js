// Lines over two axes: how a number follows another.
import { Element, classMap, html, nothing, repeat, svg } from '../../elements/element.js';
import sheet from './chart.css';

/**
 * `points` are `[across, up]`; null where there is a gap.
 * @typedef {{ name: string, points: (readonly [number, number] | null)[] }} Line
 * @typedef {{ label: string, ticks: { at: number, words: string }[] }} Axis from the first tick to the last one
 */

const [WIDTH, HEIGHT] = [400, 230];
const INSIDE = { left: 64, top: 12, right: WIDTH - 14, bottom: HEIGHT - 46 };

export class Chart extends Element {
  static sheet = sheet;
  static properties = {
    lines: { attribute: false },
    across: { attribute: false },
    up: { attribute: false },
    at: { type: Number },
    label: {},
    stale: { type: Boolean },
  };

  constructor() {
    super();
    /** @type {Line[]} */
    this.lines = [];
    /** @type {Axis} */
    this.across = { label: '', ticks: [] };
    /** @type {Axis} */
    this.up = { label: '', ticks: [] };
    /** The place that is looked at. */
    this.at = 0;
    /** What it shows, for those who cannot see it. */
    this.label = '';
    this.stale = false;
  }

  render() {
    const { left, top, right, bottom } = INSIDE;
    const x = scaleOf(this.across, left, right);
    const y = scaleOf(this.up, bottom, top);
    return html`<figure class=${classMap({ stale: this.stale })}>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${this.label}>
        ${this.up.ticks.map(({ at, words }) => svg`<line class="grid" x1=${left} x2=${right} y1=${y(at)} y2=${y(at)}></line><text x=${left - 6} y=${y(at) + 4} text-anchor="end">${words}</text>`)}
        ${this.across.ticks.map(({ at, words }) => svg`<line class="axis" x1=${x(at)} x2=${x(at)} y1=${bottom} y2=${bottom + 4}></line><text x=${x(at)} y=${bottom + 18} text-anchor="middle">${words}</text>`)}
        <line class="axis" x1=${left} x2=${right} y1=${bottom} y2=${bottom}></line>
        <text x=${(left + right) / 2} y=${HEIGHT - 8} text-anchor="middle">${this.across.label}</text>
        <text transform="translate(12 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${this.up.label}</text>
        <line class="at" x1=${x(this.at)} x2=${x(this.at)} y1=${top} y2=${bottom}></line>
        ${this.lines.map((line, i) => this.#line(line, i, x, y))}
      </svg>
      <ul aria-hidden="true">${repeat(
        this.lines,
        ({ name }) => name,
        ({ name }, i) =>
          html`<li><svg viewBox="0 0 32 12"><line class="key line-${i}" x1="0" x2="32" y1="6" y2="6"></line></svg>${name}</li>`,
      )}</ul>
    </figure>`;
  }

  /** @param {Line} line @param {number} i @param {(value: number) => number} x @param {(value: number) => number} y */
  #line({ points }, i, x, y) {
    let gap = true;
    const path = points.map((point) => {
      const begun = gap ? 'M' : 'L';
      gap = point === null;
      return point ? `${begun}${x(point[0]).toFixed(1)} ${y(point[1]).toFixed(1)}` : '';
    });
    const looked = points.find((point) => point && point[0] === this.at);
    return svg`<path class="line line-${i}" d=${path.join('')}></path>
      ${looked ? svg`<circle class="dot line-${i}" cx=${x(looked[0])} cy=${y(looked[1])} r="5"></circle>` : nothing}`;
  }
}

/** Where a value lies between two places. */
function scaleOf(/** @type {Axis} */ { ticks }, /** @type {number} */ from, /** @type {number} */ to) {
  const [first, last] = [ticks[0]?.at ?? 0, ticks.at(-1)?.at ?? 1];
  return (/** @type {number} */ value) => from + ((value - first) / (last - first || 1)) * (to - from);
}

customElements.define('cl-trust-chart', Chart);
