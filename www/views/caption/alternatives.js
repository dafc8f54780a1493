// The captions that were found for a picture, the most probable first.
import { Element, html } from '../../elements/element.js';
import { field } from '../../elements/field.js';
import { f, t } from '../../i18n/index.js';
import { BEAMS } from '../../state/caption.js';
import sheet from './alternatives.css';
import { textOf } from './selection.js';

/** @import { CaptionWritten } from '../../engine/protocol.d.ts' */

/** Tells `caption-chosen` with the number of one, and `beam-chosen` with how many are to be searched for at once. */
export class Alternatives extends Element {
  static sheet = sheet;
  static properties = { captions: { attribute: false }, which: { attribute: false }, beam: { attribute: false } };

  constructor() {
    super();
    /** @type {CaptionWritten[]} */
    this.captions = [];
    /** The one that is explained; null: none of them. @type {number | null} */
    this.which = null;
    this.beam = 1;
  }

  render() {
    const { heading, beam, beams, one, hint } = t().caption.alternatives;
    return html`
      <ol aria-label=${heading}>${this.captions.map((caption, i) => this.#caption(caption, i))}</ol>
      ${field('beam', beam, {
        value: String(this.beam),
        options: BEAMS.map((count) => [String(count), count === 1 ? one : beams(count)]),
        onChange: (count) => this.tell('beam-chosen', Number(count)),
      })}
      <p class="hint">${hint}</p>`;
  }

  #caption(/** @type {CaptionWritten} */ { words, log_probability: log }, /** @type {number} */ i) {
    const { label, nothing } = t().caption.alternatives;
    const text = textOf(words);
    const [share, said] = [f().probability(Math.exp(log)), f().decimal(log)];
    return html`<li><button type="button" aria-pressed=${i === this.which} aria-label=${label(text || nothing, share, said)}
      @click=${() => this.tell('caption-chosen', i)}>
      <span lang="en" class="text">${text || html`<i>${nothing}</i>`}</span> <span class="log" title=${share}>${said}</span></button></li>`;
  }
}

customElements.define('cl-caption-alternatives', Alternatives);
