// The weights of channels as bars, one beside the other.
import { Element, html, nothing, styleMap, svg } from '../../elements/element.js';
import sheet from './bars.css';

const HEIGHT = 100;

/** Tells `channel-pointed` with a channel or null, and `channel-chosen` with a channel. */
export class Bars extends Element {
  static sheet = sheet;
  static properties = {
    weights: { attribute: false },
    order: { attribute: false },
    counts: { attribute: false },
    channel: { attribute: false },
    label: {},
  };

  constructor() {
    super();
    /** @type {Float32Array} by channel */
    this.weights = new Float32Array();
    /** @type {number[]} the channels from left to right */
    this.order = [];
    /** Whether a channel counts. @type {(channel: number) => boolean} */
    this.counts = () => true;
    /** The one that is lit. @type {number | null} */
    this.channel = null;
    this.label = '';
  }

  render() {
    const { order, weights } = this;
    const most = order.reduce((max, channel) => Math.max(max, Math.abs(weights[channel])), 0) || 1;
    const signed = order.some((channel) => weights[channel] < 0);
    const zero = signed ? HEIGHT / 2 : HEIGHT;
    const paths = { above: '', below: '', 'above off': '', 'below off': '' };
    order.forEach((channel, i) => {
      const up = (weights[channel] / most) * zero;
      const side = up < 0 ? 'below' : 'above';
      paths[this.counts(channel) ? side : /** @type {'above off' | 'below off'} */ (`${side} off`)] +=
        `M${i + 0.1} ${zero}h0.8v${(-up).toFixed(2)}h-0.8z`;
    });
    const at = this.channel === null ? -1 : order.indexOf(this.channel);
    return html`<div class="bars" role="img" aria-label=${this.label} @pointermove=${this.#move} @pointerleave=${() => this.tell('channel-pointed', null)}
        @click=${(/** @type {PointerEvent} */ event) => this.tell('channel-chosen', this.#at(event))}>
      <svg viewBox="0 0 ${Math.max(order.length, 1)} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${Object.entries(paths).map(([look, path]) => svg`<path class=${look} d=${path}></path>`)}
        <line class="zero" x1="0" x2=${order.length} y1=${zero} y2=${zero}></line>
      </svg>
      ${at < 0 ? nothing : html`<span class="mark" style=${styleMap({ left: `${(100 * at) / order.length}%`, width: `${100 / order.length}%` })}></span>`}
    </div>`;
  }

  #at(/** @type {MouseEvent} */ { clientX }) {
    const { left, width } = this.find('.bars').getBoundingClientRect();
    const at = Math.floor(((clientX - left) / width) * this.order.length);
    return this.order[Math.min(Math.max(at, 0), this.order.length - 1)];
  }

  #move(/** @type {PointerEvent} */ event) {
    if (event.pointerType !== 'touch') this.tell('channel-pointed', this.#at(event));
  }
}

customElements.define('cl-steps-bars', Bars);
