// The channels of a layer, those first that add most, or least: each with its picture, its weight and whether it counts.
import { Element, classMap, html, live, nothing, repeat, styleMap } from '../../elements/element.js';
import { channelOf } from '../../elements/paint.js';
import { f } from '../../i18n/index.js';
import sheet from './channels.css';
import { inColours } from './drawing.js';
import './picture.js';
import { words } from './words.js';

/**
 * @import { Pixels } from '../../elements/paint.js'
 * @import { Base } from './base.js'
 * @import { Look } from './drawing.js'
 */

const PAGE = 16;

/** Tells `channel-pointed` with a channel or null; `channel-chosen`, `channel-toggled` and `channel-only` with a channel. */
export class Channels extends Element {
  static sheet = sheet;
  static properties = {
    base: { attribute: false },
    look: { attribute: false },
    counts: { attribute: false },
    channel: { type: Number },
    least: { type: Boolean },
    aspect: { type: Number },
    shown: { state: true },
  };

  /** @type {Map<number, Pixels>} */
  #images = new Map();

  constructor() {
    super();
    /** @type {Base | null} */
    this.base = null;
    /** @type {Look | null} */
    this.look = null;
    /** Whether a channel counts. @type {(channel: number) => boolean} */
    this.counts = () => true;
    /** The one that is lit. */
    this.channel = 0;
    /** Whether those that add least stand first. */
    this.least = false;
    this.aspect = 1;
    this.shown = PAGE;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('base')) this.shown = PAGE;
    if (changed.has('base') || changed.has('look')) this.#images.clear();
  }

  render() {
    const { base, look, least, shown } = this;
    if (!base || !look) return nothing;
    const order = least ? base.order.toReversed() : base.order;
    const most = base.weights.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0) || 1;
    const left = Math.min(order.length - shown, 4 * PAGE);
    return html`<div class="list"><ul aria-label=${words().list}>${repeat(
      order.slice(0, shown),
      (channel) => channel,
      (channel) => this.#channel(channel, base, look, most),
    )}</ul>
    ${left > 0 ? html`<button type="button" class="more" @click=${() => (this.shown += left)}>${words().more(left)}</button>` : nothing}</div>`;
  }

  #channel(/** @type {number} */ channel, /** @type {Base} */ base, /** @type {Look} */ look, /** @type {number} */ most) {
    const said = words();
    const counts = this.counts(channel);
    const tell = (/** @type {string} */ event, /** @type {number | null} */ of = channel) => this.tell(event, of);
    return html`<li class=${classMap({ lit: channel === this.channel, off: !counts })} data-channel=${channel}
      @pointerenter=${(/** @type {PointerEvent} */ { pointerType }) => pointerType !== 'touch' && tell('channel-pointed')}
      @pointerleave=${() => tell('channel-pointed', null)} @focusin=${() => tell('channel-pointed')} @focusout=${() => tell('channel-pointed', null)}>
      <button type="button" class="show" aria-label=${said.shows(channel)} @click=${() => tell('channel-chosen')}><cl-steps-picture
        .image=${this.#imageOf(channel, base, look)} .aspect=${this.aspect} .label=${said.activationsOf(channel)}></cl-steps-picture></button>
      ${bar(base.weights[channel] / most)}
      <p class="numbers"><span>${said.weighs(f().figures(base.weights[channel]))}</span> <span>${said.adds(f().figures(base.added[channel]))}</span></p>
      <label class="check"><input type="checkbox" aria-label=${said.counts(channel)} .checked=${live(counts)} @change=${() => tell('channel-toggled')}>${said.channel(channel)}</label>
      <button type="button" class="only" aria-label=${said.onlyThis(channel)} @click=${() => tell('channel-only')}>${said.only}</button>
    </li>`;
  }

  #imageOf(/** @type {number} */ channel, /** @type {Base} */ { parts }, /** @type {Look} */ look) {
    const known = this.#images.get(channel) ?? inColours(channelOf(parts, parts.activations, channel), look);
    this.#images.set(channel, known);
    return known;
  }
}

/** A share from -1 to 1, from the middle on. */
const bar = (/** @type {number} */ share) => {
  const [left, width] = share < 0 ? [50 + 50 * share, -50 * share] : [50, 50 * share];
  return html`<div class="bar" aria-hidden="true"><span class=${share < 0 ? 'below' : 'above'} style=${styleMap({ left: `${left}%`, width: `${width}%` })}></span></div>`;
};

customElements.define('cl-steps-channels', Channels);
